"""The call after F9: the number to read back, the money as it is found, and what may be added while the bank works.

Two operators may have this page open. A field is written only when it was touched here; it comes with the value it was
touched from. The last hand counts, and whoever overwrote somebody's word is told and can put it back.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from thaam.complaints import adding, confirming, correcting
from thaam.complaints.alike import alike
from thaam.complaints.looking import note_look
from thaam.complaints.models import Complaint
from thaam.complaints.progress import banks_not_joined, progress_of
from thaam.complaints.telling import CannotFile
from thaam.complaints.triage import history_of, reason_of
from thaam.journal.hints import stream_url_for
from thaam.language import rupees
from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.web.desk.complaint import get_complaint, holds_of
from thaam.web.desk.console import read_debit, sum_of_ranges
from thaam.web.shared.audience import for_desk, officer_of
from thaam.web.shared.banks import bank_name
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import WHEN, one_line
from thaam.web.shared.money import parts_of

SAFETY: dict[str, Text] = {
    "upi": Text("UPI बंद", "UPI blocked"),
    "card": Text("कार्ड बंद", "Card blocked"),
    "netbanking": Text("नेट-बैंकिंग बंद", "Net-banking blocked"),
    "screen": Text("स्क्रीन शेयर ऐप हटाया", "Screen-share app removed"),
}
FIELDS = {"name": (120, Text("नाम", "name")), "district": (80, Text("ज़िला", "district"))}
OVERWROTE = "overwrote"


@for_desk
def call(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """GET shows the call; POST saves what was touched here, from a script (JSON) or by the form."""
    complaint, now = get_complaint(complaint_id, officer_of(request)), datetime.now(tz=UTC)
    if request.method == "POST":
        overwrote = _save(request, complaint, now)
        if request.headers.get("X-Live"):
            complaint.refresh_from_db()
            return JsonResponse({"now": {name: getattr(complaint, name) for name in FIELDS}, "overwrote": overwrote})
        if overwrote:
            request.session[OVERWROTE] = overwrote
        return redirect("desk:console") if "close" in request.POST else redirect("desk:call", complaint_id=complaint_id)
    note_look(complaint=complaint, officer=officer_of(request), page="call", at=now)
    context = _context(request, complaint, now) | {"overwrote": request.session.pop(OVERWROTE, [])}
    return render(request, "desk/call.html", context)


def _save(request: HttpRequest, complaint: Complaint, now: datetime) -> list[dict[str, str]]:
    """Write the fields touched on this page; returns what somebody else had written in them meanwhile."""
    touched, seen = {}, {}
    for name, (most, _) in FIELDS.items():
        typed, was = one_line(request.POST.get(name), most=most), one_line(request.POST.get(f"seen_{name}"), most=most)
        if typed and typed != was:
            touched[name], seen[name] = typed, was
    changed = [each for each in adding.changed_since(complaint_id=complaint.pk, seen=seen) if each.theirs]
    safety = ", ".join(word for word in request.POST.getlist("safety") if word in SAFETY)
    words = one_line(request.POST.get("words"), most=4000)
    adding.add_details(
        complaint_id=complaint.pk,
        by=f"officer:{officer_of(request).pk}",
        at=now,
        words="\n".join(line for line in (words, f"[safety: {safety}]" if safety else "") if line),
        **touched,
    )
    lang = lang_of(request)
    return [
        {
            "field": each.field,
            "label": FIELDS[each.field][1].in_(lang),
            "theirs": each.theirs,
            "mine": touched[each.field],
            "who": _name_of(each.by),
        }
        for each in changed
        if each.theirs != touched[each.field]
    ]


def _name_of(by: str) -> str:
    kind, _, key = by.partition(":")
    found = Officer.objects.filter(pk=int(key)).first() if kind == "officer" and key.isdecimal() else None
    return (found.get_full_name() or found.username) if found else ""


def _context(request: HttpRequest, complaint: Complaint, now: datetime) -> dict[str, Any]:
    """The page after F9, also when a further debit came back with slips."""
    progress = progress_of(complaint, now)
    holds = holds_of(complaint)
    debits = list(complaint.debits.all())
    return {
        "complaint": complaint,
        "debits": debits,
        "when_choices": WHEN,
        "doubts": [(doubt, reason_of(doubt)) for doubt in complaint.doubts.filter(settled_at=None)],
        "history": history_of(complaint.mobile),
        "progress": progress,
        "whole_paise": progress.claimed_paise,
        "whole_words": rupees.words(progress.claimed_paise, lang_of(request)),
        "parts": parts_of({state.value: paise for state, paise in progress.totals.items()}, staff=True),
        "holds": [
            {"hold": hold, "held_paise": hold.held_paise, "asked_paise": sum_of_ranges(hold.asked)} for hold in holds
        ],
        "first_paid_at": min((debit.paid_at for debit in debits), default=None),
        "alike": alike(complaint),
        "not_joined": [(code, bank_name(code, lang_of(request))) for code in banks_not_joined(complaint)],
        "safety": SAFETY,
        "tab": "console",
        "stream_url": stream_url_for([f"complaint:{complaint.pk}", *(f"hold:{hold.pk}" for hold in holds[:40])]),
    }


@for_desk
def add_debit(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """One more debit after F9; it is asked for in the next round, in the operator's name."""
    complaint, now, officer = (
        get_complaint(complaint_id, officer_of(request)),
        datetime.now(tz=UTC),
        officer_of(request),
    )
    if request.method != "POST":
        return redirect("desk:call", complaint_id=complaint_id)
    told, wrong = read_debit(request, 0, now)
    if told is not None:
        try:
            adding.add_debit(complaint_id=complaint.pk, told=told, by=f"officer:{officer.pk}", at=now)
            confirming.attest(complaint_id=complaint.pk, officer=officer, at=now)
            return redirect("desk:call", complaint_id=complaint_id)
        except CannotFile as refused:
            wrong["amount"] = refused.text
        except correcting.Withdrawn:
            wrong["amount"] = Text("यह शिकायत वापस ली जा चुकी है।", "This complaint was taken back.")
    context = {**_context(request, complaint, now), "wrong": wrong, "typed": request.POST, "adding": True}
    return render(request, "desk/call.html", context, status=422)
