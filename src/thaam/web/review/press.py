"""Press notes: locked figures of one snapshot, the officer's own paragraph, released by a second person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.oversight import press
from thaam.oversight.models import PressNote, Snapshot
from thaam.oversight.tables import DoesNotAddUp, district_table
from thaam.parties.districts import districts, states
from thaam.web.review.home import chosen
from thaam.web.shared.audience import for_review, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import id_or_new, number_of


@for_review
def listing(request: HttpRequest) -> HttpResponse:
    """Notes so far, and a new one from the newest snapshot."""
    snapshot = chosen(request)
    wrong: dict[str, Text] = {}
    if request.method == "POST" and snapshot is not None:
        asked = request.POST.get("district", "")
        code = number_of(asked) or None
        place = districts()[code] if code in districts() else states().get(snapshot.state_code or 0)
        try:
            note = press.write_note(
                note_id=id_or_new(request.POST.get("id")),
                snapshot=snapshot,
                place=Text(hi=place.name("hi"), en=place.name("en")) if place else Text(hi="राज्य", en="State"),
                district_code=code,
                prose=Text(
                    hi=request.POST.get("prose_hi", "").strip()[:4000],
                    en=request.POST.get("prose_en", "").strip()[:4000],
                ),
                by=f"officer:{officer_of(request).pk}",
                at=dt.datetime.now(tz=dt.UTC),
            )
            return redirect("review:press-note", note_id=note.pk)
        except press.NotPublishable as refused:
            wrong["prose_hi"] = refused.text
        except DoesNotAddUp as refused:
            wrong["prose_hi"] = Text(
                hi=f"आँकड़े नहीं जुड़ते ({refused.by} का अंतर), इसलिए नोट नहीं बन सकता।",
                en=f"The figures do not add up (by {refused.by}), so no note can be made.",
            )
    lang = lang_of(request)
    rows = district_table(snapshot).rows if snapshot else {}
    context = {
        "tab": "press",
        "snapshot": snapshot,
        "notes": PressNote.objects.select_related("snapshot").order_by("-written_at")[:40],
        "districts": sorted((districts()[code].name(lang), code) for code in rows if isinstance(code, int)),
        "new_id": new_id(),
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "review/press.html", context, status=422 if wrong else 200)


@for_review
def note(request: HttpRequest, note_id: Any) -> HttpResponse:
    """One note in both languages; POST releases it (never by its writer)."""
    found = get_object_or_404(PressNote.objects.select_related("snapshot"), pk=note_id)
    wrong: Text | None = None
    if request.method == "POST":
        try:
            press.release_note(note=found, by=f"officer:{officer_of(request).pk}", at=dt.datetime.now(tz=dt.UTC))
            return redirect("review:press-note", note_id=note_id)
        except press.NotPublishable as refused:
            wrong = refused.text
    context = {
        "tab": "press",
        "note": found,
        "both": [("hi", press.parts_of(found, "hi")), ("en", press.parts_of(found, "en"))],
        "chips": [(words.in_(lang_of(request)), value) for words, value in press.chips_of(found, lang_of(request))],
        "refused": wrong,
    }
    return render(request, "review/press_note.html", context, status=422 if wrong else 200)


@for_review
def publish(request: HttpRequest, name: str) -> HttpResponse:
    """Publish a snapshot's tables for everybody, small cells joined, by POST."""
    snapshot = get_object_or_404(Snapshot, name=name)
    if request.method == "POST":
        press.publish_open_data(
            snapshot=snapshot, by=f"officer:{officer_of(request).pk}", at=dt.datetime.now(tz=dt.UTC)
        )
    return redirect("public:open-data")
