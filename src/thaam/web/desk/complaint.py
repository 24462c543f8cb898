"""One complaint at the desk: its money per debit and hop, the orders with their clocks, and what may be done."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from thaam.chase.models import Chase, Trail
from thaam.chase.reading import Row, is_denied
from thaam.complaints import confirming, correcting
from thaam.complaints.alike import alike, judgements_of
from thaam.complaints.looking import note_look
from thaam.complaints.models import Complaint
from thaam.complaints.progress import progress_of
from thaam.complaints.seeing import can_see
from thaam.complaints.triage import history_of, reason_of
from thaam.holds.models import Hold
from thaam.journal.hints import stream_url_for
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.language.text import Text
from thaam.money.partition import State
from thaam.parties.models import Office, Officer
from thaam.restoration.waiting import standing_turn
from thaam.web.desk import figures, lanes
from thaam.web.desk.drawing import draw
from thaam.web.shared.audience import for_desk, for_desk_and_approvers, officer_of
from thaam.web.shared.banks import names_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import one_line
from thaam.web.shared.money import STAFF_WORDS, STATES, parts_of
from thaam.web.shared.wording import STOPPED_AS

LOG_MAX = 40


def get_complaint(complaint_id: UUID, officer: Officer) -> Complaint:
    """The complaint, if the officer's place lets them read it. Raises Http404."""
    found = Complaint.objects.select_related("office").filter(pk=complaint_id).first()
    if found is None or not can_see(officer, found):
        raise Http404
    return found


def holds_of(complaint: Complaint) -> list[Hold]:
    """Every hold asked on a payment this complaint's money passed, oldest first."""
    payments = Trail.objects.filter(claim__chase_id=complaint.pk).values_list("payment_id", flat=True)
    return list(Hold.objects.filter(payment_id__in=set(payments)).select_related("bank", "book").order_by("asked_at"))


def _standing(holds: list[Hold], now: datetime) -> list[dict[str, Any]]:
    """Each hold with what it holds now, and whether its bank's books say otherwise (the last word on it counts)."""
    differ = Fact.objects.filter(kind=Kind.HOLDS_DIFFER, about__in=[f"hold:{hold.pk}" for hold in holds])
    theirs = {fact.about.removeprefix("hold:"): fact.data["theirs"] for fact in differ.order_by("at", "id")}
    return [
        {
            "hold": hold,
            "held_paise": sum(hi - lo for lo, hi in hold.held_at(now)),
            "differs": str(hold.pk) in theirs and theirs[str(hold.pk)] != [list(pair) for pair in hold.held_at(now)],
        }
        for hold in holds
    ]


def _ledger(rows: list[Row], names: dict[str, str]) -> list[dict[str, Any]]:
    """The trail claim by claim, each row with its sums by state and each claim with a sum row that must close."""
    claims: list[dict[str, Any]] = []
    for row in rows:
        if not claims or claims[-1]["id"] != row.claim_id:
            claims.append({"id": row.claim_id, "number": row.claim_number, "rows": [], "sums": {}, "whole": 0})
        claim = claims[-1]
        states = {state.value: row.paise(state) for state in State}
        for state, paise in states.items():
            claim["sums"][state] = claim["sums"].get(state, 0) + paise
        if row.hop == 1:
            claim["whole"] += row.carried_paise
        claim["rows"].append(
            {
                "row": row,
                "payment": row.payment,
                "from": names.get(row.payment.payer_bank, row.payment.payer_bank),
                "to": names.get(row.payment.payee_bank or "", row.payment.payee_bank or "?"),
                "by_state": states,
                "parts": parts_of(states, staff=True),
                "notes": [
                    (STOPPED_AS.get(stop.why, Text(stop.why, stop.why)), stop.particulars)
                    for stop in row.stops
                    if stop.why or stop.particulars
                ],
            }
        )
    for claim in claims:
        shown = [state for state, *_ in STATES if claim["sums"].get(state) or state in ("held", "gone", "unexplained")]
        claim["columns"] = [(STAFF_WORDS.get(state, word), glyph) for state, word, glyph, _ in STATES if state in shown]
        claim["states"] = [claim["sums"].get(state, 0) for state in shown]
        for row in claim["rows"]:
            row["states"] = [row["by_state"][state] for state in shown]
        claim["closes"] = sum(claim["sums"].values()) == claim["whole"]
    return claims


def _log(complaint: Complaint) -> list[Fact]:
    """The newest facts about the complaint; a run of the same kind is one line."""
    facts = Fact.objects.filter(about=f"complaint:{complaint.pk}").order_by("-at", "-id")[:LOG_MAX]
    return [next(run) for _, run in groupby(facts, key=lambda fact: fact.kind)]


def _beside(complaint: Complaint) -> dict[str, Any]:
    """What stands beside the money: doubts, papers, people, whose it is and to whom it is on offer."""
    return {
        "doubts": [(doubt, reason_of(doubt)) for doubt in complaint.doubts.select_related("settled_by")],
        "history": history_of(complaint.mobile),
        "alike": alike(complaint) if complaint.withdrawn_at is None else [],
        "judgements": [
            (each, each.second if each.first_id == complaint.pk else each.first) for each in judgements_of(complaint)
        ],
        "papers": complaint.papers.select_related("file"),
        "people": complaint.people.all(),
        "handings": complaint.handings.select_related("to_office", "offered_by", "answered_by"),
        "offices": Office.objects.exclude(complaints=complaint).order_by("code")[:200],
    }


@for_desk_and_approvers
def overview(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """The ledger of the trail: per debit and hop, parts that add up, holds, orders, log."""
    complaint, now, lang = get_complaint(complaint_id, officer_of(request)), datetime.now(tz=UTC), lang_of(request)
    note_look(complaint=complaint, officer=officer_of(request), page="overview", at=now)
    progress = progress_of(complaint, now)
    rows = figures.rows_of(complaint, at=now)
    codes = {code for row in rows for code in (row.payment.payer_bank, row.payment.payee_bank) if code}
    totals = {state.value: paise for state, paise in progress.totals.items()}
    holds = holds_of(complaint)
    context = {
        "complaint": complaint,
        "chase": Chase.objects.get(pk=complaint.pk),
        "progress": progress,
        "turn": standing_turn(progress, at=now),
        "whole_paise": progress.claimed_paise,
        "parts": parts_of(totals, staff=True),
        "claims": _ledger(rows, names_of(codes, lang)),
        "holds": _standing(holds, now),
        "denied": is_denied(complaint.pk),
        "first_paid_at": min((debit.paid_at for debit in complaint.debits.all()), default=None),
        "facts": _log(complaint),
        **_beside(complaint),
        "tab": "overview",
        "stream_url": stream_url_for([f"complaint:{complaint.pk}", *(f"hold:{hold.pk}" for hold in holds[:40])]),
    }
    return render(request, "desk/complaint.html", context)


@for_desk_and_approvers
def trail(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """The lanes: drawn here, readable without scripts; `?pick=` opens one account's side panel."""
    complaint, now, lang = get_complaint(complaint_id, officer_of(request)), datetime.now(tz=UTC), lang_of(request)
    note_look(complaint=complaint, officer=officer_of(request), page="trail", at=now)
    rows = figures.rows_of(complaint, at=now)
    placed = lanes.place(*figures.lanes_parts(complaint, rows, lang=lang))
    progress = progress_of(complaint, now)
    picked = placed.by_key.get(request.GET.get("pick", ""))
    joined = [*placed.flows, *placed.loops] if picked else []
    coming = [(placed.by_key[flow.source], flow.paise) for flow in joined if picked and flow.target == picked.key]
    going = [(placed.by_key[flow.target], flow.paise) for flow in joined if picked and flow.source == picked.key]
    context = {
        "complaint": complaint,
        "whole_paise": progress.claimed_paise,
        "parts": parts_of({state.value: paise for state, paise in progress.totals.items()}, staff=True),
        "picture": mark_safe(
            draw(
                placed,
                lang=lang,
                whole_paise=progress.claimed_paise,
                picked=picked.key if picked else "",
                here=request.path,
            )
        ),
        "picked": picked,
        "picked_parts": parts_of({k: v for k, v in picked.parts.items() if k != "onward"}, staff=True)
        if picked
        else [],
        "coming": coming,
        "going": going,
        "rows_count": len(rows),
        "tab": "trail",
        "stream_url": stream_url_for([f"complaint:{complaint.pk}"]),
    }
    return render(request, "desk/trail.html", context)


@for_desk
def attest(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """The officer spoke to the reporter and answers for the report: the chase starts in their name."""
    complaint = get_complaint(complaint_id, officer_of(request))
    if request.method == "POST":
        confirming.attest(complaint_id=complaint.pk, officer=officer_of(request), at=datetime.now(tz=UTC))
        said = Text("पुष्टि हुई। रोकने का अनुरोध जा रहा है।", "Confirmed. The hold request is on its way.")
        messages.success(request, said.in_(lang_of(request)))
    return redirect("desk:complaint", complaint_id=complaint.pk)


@for_desk
def withdraw(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """The reporter takes the complaint back: what is held for it alone is released."""
    complaint = get_complaint(complaint_id, officer_of(request))
    if request.method == "POST":
        words = one_line(request.POST.get("words"), most=500)
        if not words:
            said = Text("कारण लिखें।", "Write the reason.")
            messages.error(request, said.in_(lang_of(request)))
        else:
            by = f"officer:{request.user.pk}"
            correcting.withdraw(complaint_id=complaint.pk, words=words, by=by, at=datetime.now(tz=UTC))
    return redirect("desk:complaint", complaint_id=complaint.pk)
