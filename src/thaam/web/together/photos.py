"""Photos of visits and events: who opens one is written into its custody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from thaam.files.keeping import Missing, Quarantined, keep_file, open_file
from thaam.files.kinds import NotAllowed, kind_of
from thaam.files.models import File
from thaam.language.text import Text
from thaam.web.shared.audience import officer_of
from thaam.web.shared.errors import say as say_error

KINDS = {"jpg": "image/jpeg", "png": "image/png", "heic": "image/heic"}
_LATER = Text("फ़ोटो अभी नहीं खुलेगी", "The photo does not open yet")


def keep_photo(photo: Any, *, file_id: str, about: str, by: str, at: dt.datetime) -> str:
    """Keep an uploaded picture; its digest. Raises EmptyFile, TooBig, NotAllowed (also for what is no picture)."""
    content = photo.read()
    if kind_of(content, name=photo.name or "") not in KINDS:
        raise NotAllowed(photo.name)
    kept = keep_file(
        file_id=file_id,
        folder=settings.FILES,
        content=content,
        name=photo.name or "photo.jpg",
        about=about,
        by=by,
        at=at,
    )
    return str(kept.sha256)


def photo_of(request: HttpRequest, *, about: str, digest: str) -> HttpResponse:
    """The picture kept under this digest about a visit or an event; 404 for another, 403 until it may be opened."""
    found = File.objects.filter(about=about, sha256=digest).order_by("received_at").first()
    if found is None:
        raise Http404(digest)
    by = f"officer:{officer_of(request).pk}"
    try:
        content = open_file(file=found, folder=settings.FILES, by=by, at=dt.datetime.now(tz=dt.UTC))
    except Quarantined as refused:
        return say_error(request, 403, (_LATER, refused.text))
    except Missing:
        raise Http404(digest) from None
    answer = HttpResponse(content, content_type=KINDS.get(found.kind, "application/octet-stream"))
    how = "inline" if found.kind in KINDS else "attachment"
    answer["Content-Disposition"] = f'{how}; filename="{found.sha256[:12]}.{found.kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
