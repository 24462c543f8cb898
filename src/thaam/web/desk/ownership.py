"""Whose complaint it is, what was handed in with it, and the doubts about it: small acts beside a complaint's page."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.complaints import handing
from thaam.complaints.models import Complaint, Doubt, Handing, Paper
from thaam.complaints.telling import CannotFile
from thaam.complaints.triage import settle_doubt
from thaam.files.keeping import Missing, Quarantined, open_file
from thaam.journal.hints import stream_url_for
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.parties.models import Office
from thaam.web.desk.complaint import get_complaint
from thaam.web.shared.audience import for_desk, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.fields import one_line

CONTENT_TYPES = {
    "jpg": "image/jpeg", "png": "image/png", "heic": "image/heic", "pdf": "application/pdf", "mp4": "video/mp4",
    "txt": "text/plain; charset=utf-8", "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
_MISSING = (
    Text("फ़ाइल नहीं मिली", "The file is not there"),
    Text("भंडार में यह फ़ाइल नहीं है। प्रशासक को बताएँ।", "The store does not have it. Tell an administrator."),
)


@for_desk
def offer(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Offer the complaint to the office of the right place; until it answers, it stays where it is."""
    complaint = get_complaint(complaint_id, officer_of(request))
    if request.method == "POST":
        to = Office.objects.filter(code=request.POST.get("office", "")).first()
        try:
            if to is None:
                raise handing.CannotHand(Text("कार्यालय चुनें।", "Choose an office."))
            handing.offer(
                handing_id=new_id(),
                complaint_id=complaint.pk,
                to_office=to,
                words=one_line(request.POST.get("words"), most=500),
                officer=officer_of(request),
                at=datetime.now(tz=UTC),
            )
            said = Text(
                f"{to.name_hi} को भेजी गई। जवाब आने तक आपके पास है।", f"Offered to {to.name_en}. Yours until it answers."
            )
            messages.success(request, said.in_(lang_of(request)))
        except handing.CannotHand as refused:
            messages.error(request, refused.text.in_(lang_of(request)))
    return redirect("desk:complaint", complaint_id=complaint.pk)


@for_desk
def offers(request: HttpRequest) -> HttpResponse:
    """Complaints offered to this office, and those it owns."""
    officer = officer_of(request)
    waiting = Handing.objects.filter(to_office=officer.office_id, state=Handing.State.OFFERED)
    owned = Complaint.objects.filter(office=officer.office_id, office__isnull=False)
    context = {
        "offers": waiting.select_related("complaint", "from_office", "offered_by"),
        "mine": owned.order_by("-filed_at")[:60],
        "tab": "offers",
        "stream_url": stream_url_for(["complaint:offered", "complaint:handed"]),
    }
    return render(request, "desk/offers.html", context)


@for_desk
def answer(request: HttpRequest, handing_id: UUID) -> HttpResponse:
    """Take the complaint over, or send it back with the reason."""
    if request.method == "POST":
        try:
            handing.answer_offer(
                handing_id=handing_id,
                accept=request.POST.get("answer") == "accept",
                words=one_line(request.POST.get("words"), most=500),
                officer=officer_of(request),
                at=datetime.now(tz=UTC),
            )
        except Handing.DoesNotExist as unknown:
            raise Http404 from unknown
        except handing.CannotHand as refused:
            messages.error(request, refused.text.in_(lang_of(request)))
    return redirect("desk:offers")


@for_desk
def settle(request: HttpRequest, doubt_id: UUID) -> HttpResponse:
    """The officer looked twice; the doubt is settled in their name."""
    doubt = Doubt.objects.filter(pk=doubt_id).first()
    if doubt is None:
        raise Http404
    if request.method == "POST":
        words = one_line(request.POST.get("words"), most=300)
        try:
            settle_doubt(doubt_id=doubt_id, words=words, officer=officer_of(request), at=datetime.now(tz=UTC))
        except CannotFile as refused:
            messages.error(request, refused.text.in_(lang_of(request)))
    return redirect("desk:complaint", complaint_id=doubt.complaint_id)


@for_desk
def paper(request: HttpRequest, complaint_id: UUID, file_id: UUID) -> HttpResponse:
    """A file the reporter handed in; who opens it is written into its custody. Never run by the browser."""
    complaint = get_complaint(complaint_id, officer_of(request))
    found = Paper.objects.select_related("file").filter(pk=file_id, complaint=complaint).first()
    if found is None:
        raise Http404
    by = f"officer:{officer_of(request).pk}"
    try:
        content = open_file(file=found.file, folder=settings.FILES, by=by, at=datetime.now(tz=UTC))
    except Quarantined as refused:
        return say_error(request, 403, (Text("फ़ाइल अभी नहीं खुलेगी", "The file does not open yet"), refused.text))
    except Missing:
        return say_error(request, 404, _MISSING)
    response = HttpResponse(content, content_type=CONTENT_TYPES.get(found.file.kind, "application/octet-stream"))
    response.headers["Content-Disposition"] = f'attachment; filename="{found.file.sha256[:12]}.{found.file.kind}"'
    return response
