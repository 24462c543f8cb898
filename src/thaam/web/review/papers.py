"""Papers of the review as PDF: the six-page pack of a snapshot, a press note, the minutes of a meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from thaam.coordination.meetings import open_decisions
from thaam.coordination.models import Decision, Meeting
from thaam.language.dates import IST
from thaam.language.numbers import grouped
from thaam.language.text import Text
from thaam.oversight import alerts, press, tables
from thaam.oversight.charts.money import Outcome, outcome_bar
from thaam.oversight.definitions import DEFINITIONS, meaning_of
from thaam.oversight.figures import sheet_of
from thaam.oversight.models import PressNote, Snapshot
from thaam.oversight.pack import as_printed, head_of, held_words, identity_words
from thaam.oversight.places import Scope, scope_of
from thaam.oversight.series import months_up_to
from thaam.oversight.sheets import Sheet
from thaam.oversight.typesetting import chart_of, paper_of
from thaam.web.review import drawing
from thaam.web.review.home import five_numbers, period_of
from thaam.web.shared.audience import for_review, officer_of
from thaam.web.shared.context import lang_of

# Columns that the paper's width does not hold; the page and the XLSX have them.
NARROW = ("phone", "web", "desk", "bank", "told_after", "held_after", "per_lakh", "held_before")


@for_review
def pack(request: HttpRequest, name: str) -> HttpResponse:
    """The review pack of a snapshot in the page's language."""
    snapshot = Snapshot.objects.filter(name=name).first()
    if snapshot is None:
        raise Http404(name)
    lang, office = lang_of(request), officer_of(request).office
    scope = scope_of(office)
    data = pack_data(snapshot, scope, lang, office=office.name(lang) if office else "", at=dt.datetime.now(tz=dt.UTC))
    return as_pdf(paper_of("pack", data), f"{snapshot.name}-{lang}")


def pack_data(snapshot: Snapshot, scope: Scope, lang: str, *, office: str, at: dt.datetime) -> dict[str, Any]:
    """All of the pack as plain values. Raises DoesNotAddUp before a page is set."""
    table = tables.district_table(snapshot, scope.codes)
    if scope.whole:
        tables.all_tables(snapshot)
    total = table.total
    districts = sheet_of("districts", snapshot, scope)
    calls = snapshot.beside.get("helpline") or {}
    title = Text("समीक्षा", "Review").in_(lang)
    lines = [*alerts.silent_banks(at)[:4], *alerts.ageing_holds(at)[:4], *alerts.overdue_objections(at)[:4]]
    outcome = Outcome(total.held_ever, total.asked, total.gone, total.rest)
    return head_of(
        number=snapshot.name,
        title=f"{title} · {period_of(snapshot, lang)} · {scope.name.in_(lang)}",
        office=office,
        lang=lang,
        url=f"{settings.PUBLIC_URL}/{lang}/review/?snapshot={snapshot.name}",
        at=snapshot.taken_at,
    ) | {
        "taken": f"{snapshot.taken_at.astimezone(IST):%d.%m.%Y, %H:%M}",
        "state": Text(f"{grouped(total.complaints)} शिकायतें", f"{grouped(total.complaints)} complaints").in_(lang),
        "numbers": [n | {"spark": chart_of(n["spark"])} for n in five_numbers(months_up_to(snapshot, scope), lang)],
        "identity": identity_words(total, lang),
        "outcome": chart_of(outcome_bar(outcome, scale_paise=outcome.whole, width=480, height=16, title="")),
        "outcome_words": held_words(total, lang),
        "steps": _printed(sheet_of("steps", snapshot, scope), lang),
        "channels": _printed(sheet_of("channels", snapshot, scope), lang),
        "reconciled": Text(
            f"{grouped(len(table.rows))} ज़िला-पंक्तियों का जोड़ = माध्यमों का जोड़ = {grouped(total.complaints)} शिकायतें",
            f"{grouped(len(table.rows))} district rows = channels = {grouped(total.complaints)} complaints",
        ).in_(lang)
        if scope.whole
        else Text("माध्यम और पड़ाव पूरे राज्य के हैं।", "Channels and steps are those of the whole state.").in_(lang),
        "districts": _printed(districts, lang),
        "districts_note": Text(
            f"{len(table.rows)} पंक्तियों का जोड़ = {scope.name.hi}। — = रिपोर्ट नहीं मिली, शून्य नहीं। "
            f"{held_words(total, 'hi')}",
            f"{len(table.rows)} rows add up to {scope.name.en}. — = not reported, not zero. {held_words(total, 'en')}",
        ).in_(lang),
        "map": _drawn(drawing.tiles(snapshot, scope, lang), lang),
        "curve": _drawn(drawing.curve(snapshot, scope, lang), lang),
        "banks": _drawn(drawing.banks(snapshot, scope, lang), lang),
        "league": as_printed(sheet_of("banks", snapshot, scope), lang),
        "banks_note": meaning_of("Money and people").in_(lang) + " " + meaning_of("A bank's time").in_(lang),
        "heat": _drawn(drawing.heat(snapshot, scope, lang, calls=bool(calls)), lang),
        "calls": _calls(calls, lang),
        "modus": _drawn(drawing.modus(snapshot, scope, lang), lang),
        "tricks": as_printed(
            sheet_of("modus", snapshot, scope), lang, without=("same_day", "held_later", "asked", "rest")
        ),
        "lines": [line.text.in_(lang) for line in lines],
        "decisions": [
            {"text": d.text, "owner": _owner(d, lang), "due": f"{d.due_on:%d.%m.%Y}"}
            for d in open_decisions().select_related("owner_office", "owner_bank").order_by("due_on")[:12]
        ],
        "definitions": [[one.name.in_(lang), one.meaning.in_(lang)] for one in DEFINITIONS if one.packed],
    }


def _printed(sheet: Sheet, lang: str) -> dict[str, Any]:
    return as_printed(sheet, lang, without=NARROW)


def _drawn(made: drawing.Drawing, lang: str) -> dict[str, Any]:
    return {"finding": made.finding.in_(lang), "measure": made.measure.in_(lang), "chart": chart_of(made.svg)}


def _calls(calls: dict[str, Any], lang: str) -> list[dict[str, str]]:
    if not calls:
        return []
    return [
        {"label": Text("आई कॉल", "Offered").in_(lang), "value": grouped(calls["offered"])},
        {"label": Text("उठी", "Answered").in_(lang), "value": grouped(calls["answered"])},
        {
            "label": Text("छूटी", "Abandoned").in_(lang),
            "value": f"{grouped(calls['abandoned'])} ({calls['abandonment_pct']} %)",
        },
        {"label": Text("20 सेकंड में उठी", "Within 20 s").in_(lang), "value": f"{calls['within_20s_pct']} %"},
        {"label": Text("औसत इंतज़ार", "Mean wait").in_(lang), "value": f"{calls['mean_wait_s']} s"},
    ]


@for_review
def press_note(request: HttpRequest, note_id: Any) -> HttpResponse:
    """A note on paper; a draft says so."""
    note = get_object_or_404(PressNote.objects.select_related("snapshot"), pk=note_id)
    lang = lang_of(request)
    return as_pdf(paper_of("press", note_data(note, lang)), f"press-{note.snapshot.name}-{lang}")


def note_data(note: PressNote, lang: str) -> dict[str, Any]:
    """A note as its paper prints it: the same parts as the page."""
    parts = press.parts_of(note, lang)
    return head_of(
        number=note.snapshot.name,
        title=parts.headline,
        office=note.place_en if lang == "en" else note.place_hi,
        lang=lang,
        url=f"{settings.PUBLIC_URL}/{lang}/public/press/{note.pk}",
        at=note.released_at or note.written_at,
    ) | {
        "dateline": parts.dateline,
        "headline": parts.headline,
        "paragraphs": list(parts.paragraphs),
        "slogan": parts.slogan,
        "source": parts.source,
        "released": note.released_at is not None,
    }


@for_review
def minutes(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """The minutes of a meeting: agenda, decisions, who came, who was asked."""
    meeting = get_object_or_404(Meeting.objects.select_related("office"), pk=meeting_id)
    lang = lang_of(request)
    return as_pdf(paper_of("minutes", minutes_data(meeting, lang)), f"minutes-{meeting.starts_at:%Y%m%d}-{lang}")


def minutes_data(meeting: Meeting, lang: str) -> dict[str, Any]:
    """The minutes as plain values."""
    came = list(meeting.attendances.select_related("bank", "office").order_by("came_at"))
    banks_there, offices_there = {a.bank_id for a in came}, {a.office_id for a in came}
    asked = [
        i.bank.name(lang) if i.bank else i.office.name(lang) if i.office else i.body
        for i in meeting.invitations.select_related("bank", "office")
        if not (i.bank_id and i.bank_id in banks_there) and not (i.office_id and i.office_id in offices_there)
    ]
    here = meeting.starts_at.astimezone(IST)
    return head_of(
        number=f"M {here:%y%m} {str(meeting.pk)[:6].upper()}",
        title=f"{meeting.title(lang)}: {'minutes' if lang == 'en' else 'कार्यवाही'}",
        office=meeting.office.name(lang),
        lang=lang,
        url=f"{settings.PUBLIC_URL}/{lang}/review/meetings/{meeting.pk}",
        at=meeting.closed_at or meeting.starts_at,
    ) | {
        "when": f"{here:%d.%m.%Y, %H:%M}",
        "place": meeting.place,
        "draft": meeting.closed_at is None,
        "agenda": [item.text(lang) for item in meeting.agenda.order_by("order")],
        "decisions": [
            {"text": d.text, "source": d.source_line, "owner": _owner(d, lang), "due": f"{d.due_on:%d.%m.%Y}"}
            for d in meeting.decisions.select_related("owner_office", "owner_bank").order_by("taken_at")
        ],
        "came_title": Text(f"उपस्थित ({len(came)})", f"Present ({len(came)})").in_(lang),
        "came": [
            {
                "name": a.name,
                "post": a.designation,
                "body": a.bank.name(lang) if a.bank else a.office.name(lang) if a.office else "",
                "time": f"{a.came_at.astimezone(IST):%H:%M}",
            }
            for a in came
        ],
        "invited": asked,
        "signed": meeting.office.name(lang),
    }


def _owner(decision: Decision, lang: str) -> str:
    owner = decision.owner_office or decision.owner_bank
    assert owner is not None
    return owner.name(lang)


def as_pdf(paper: bytes, name: str) -> HttpResponse:
    """A paper to read in the browser."""
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
