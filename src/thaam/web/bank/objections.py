"""Objections at the bank: the branch looks at the bill and the account and passes on what it found.

On a hold the bank placed on its own it decides itself, with reasons; kept, the holder may appeal to an officer.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.models import Payment
from thaam.files.models import File
from thaam.grievances.climbing import NotAtThisStage, forward
from thaam.grievances.deciding import ReasonsMissing, decide_own_hold, record_lifted
from thaam.grievances.models import Objection
from thaam.grievances.stages import REASON_TEXT, Outcome
from thaam.language.rupees import NotAnAmount, read_rupees
from thaam.language.text import Text
from thaam.web.bank.queue import tabs_of, waiting_objections
from thaam.web.shared.audience import for_banks, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line, read_story
from thaam.web.shared.objections import STEPS, why_objection_due

FOUND = (
    ("remove", Text("रोक हटाने की सलाह", "Advise to remove")),
    ("reduce", Text("रोक घटाने की सलाह", "Advise to reduce")),
    ("keep", Text("रोक रखने की सलाह", "Advise to keep")),
)


ASKED = (
    ("kyc_in_order", Text("KYC ठीक है?", "Is the KYC in order?")),
    ("credit_matches", Text("जमा बिल से मिलती है?", "Does the credit match the bill?")),
    ("usual_use", Text("खाते का चलन रोज़ जैसा है?", "Is the account used as usual?")),
)
LIFT = (
    (Outcome.UPHELD, Text("अपनी रोक हटाई", "Our hold is lifted")),
    (Outcome.REJECTED, Text("रोक रखी", "We keep it")),
)
_YES = {"yes": True, "no": False}


@for_banks
def objections(request: HttpRequest) -> HttpResponse:
    """Objections on this bank's holds, ours and its own, that wait for its word."""
    partner, now = officer_of(request).bank_id or "", datetime.now(tz=UTC)
    rows = waiting_objections(partner).select_related("hold", "own_hold")
    context = {
        "rows": [(each, each.held_paise_at(now), REASON_TEXT[each.reason]) for each in rows.order_by("due_at")[:100]],
        "tabs": tabs_of(partner, "objections"),
        "chosen": "objections",
    }
    return render(request, "bank/objections.html", context)


@for_banks
def objection(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """One objection: facts, the holder's words, and the bank's finding or, on its own hold, its decision."""
    partner, now = officer_of(request).bank_id or "", datetime.now(tz=UTC)
    found = Objection.objects.select_related("hold", "own_hold").filter(pk=objection_id, bank_id=partner).first()
    if found is None:
        raise Http404
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            said = (_own if found.own_hold_id else _forward)(request, found, partner, now)
            messages.success(request, said.in_(lang_of(request)))
            return redirect("bank:objections")
        except Wrong as slip:
            wrong["words"] = slip.text
        except ReasonsMissing:
            wrong["words"] = Text("कारण पूरे लिखें, कम से कम 20 अक्षर।", "Write the reasons, at least 20 letters.")
        except NotAtThisStage:
            wrong["words"] = Text("यह अब बैंक के पास नहीं है।", "It is no longer with the bank.")
    hold = found.hold
    lift_by = found.steps.filter(what="decided").exclude(execute_by=None).order_by("-at", "-id").first()
    context = {
        "objection": found,
        "own": found.own_hold,
        "held_paise": found.held_paise_at(now),
        "payment": Payment.objects.filter(pk=hold.payment_id).first() if hold else None,
        "reason": REASON_TEXT[found.reason],
        "advice": LIFT if found.own_hold_id else FOUND,
        "asked": () if found.own_hold_id else ASKED,
        "papers": File.objects.filter(about=f"objection:{found.pk}"),
        "lift_by": lift_by.execute_by if lift_by else None,
        "to_lift": found.own_hold is not None and found.outcome == Outcome.UPHELD and found.held_paise_at(now) > 0,
        "steps": [(step, STEPS.get(step.what)) for step in found.steps.order_by("-at", "-id")],
        "why": why_objection_due(found, lang_of(request)),
        "tabs": tabs_of(partner, "objections"),
        "chosen": "objections",
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "bank/objection.html", context, status=422 if wrong else 200)


def _forward(request: HttpRequest, found: Objection, partner: str, now: datetime) -> Text:
    advice, words = request.POST.get("advice", ""), one_line(request.POST.get("words"), most=2000)
    if advice not in {each[0] for each in FOUND} or not words:
        raise Wrong(Text("सलाह चुनें और जो देखा वह लिखें।", "Choose the advice and write what you found."))
    told: dict[str, Any] = {name: _YES.get(request.POST.get(name, "")) for name, _ in ASKED}
    if opened := request.POST.get("account_opened_on", ""):
        try:
            told["account_opened_on"] = date.fromisoformat(opened)
        except ValueError:
            raise Wrong(Text("खाता खुलने की तारीख ठीक लिखें।", "Correct the day the account was opened.")) from None
    if usable := request.POST.get("usable", "").strip():
        try:
            told["usable_paise"] = read_rupees(usable)
        except NotAnAmount as slip:
            raise Wrong(slip.text) from slip
    forward(objection_id=found.pk, bank=partner, words=words, advice=advice, by=f"bank:{partner}", at=now, **told)
    return Text("अधिकारी को भेजा गया।", "Passed to the officer.")


def _own(request: HttpRequest, found: Objection, partner: str, now: datetime) -> Text:
    by = f"bank:{partner}"
    if request.POST.get("lifted"):
        record_lifted(objection_id=found.pk, bank=partner, by=by, at=now)
        return Text("दर्ज हुआ: रोक हटाई गई।", "Recorded: the hold is lifted.")
    outcome = request.POST.get("advice", "")
    if outcome not in {each[0] for each in LIFT}:
        raise Wrong(Text("चुनें: रोक हटाई या रखी।", "Choose: lifted or kept."))
    reasons = read_story(request.POST.get("words"))
    decide_own_hold(objection_id=found.pk, bank=partner, outcome=outcome, reasons=reasons, by=by, at=now)
    return Text("निर्णय दर्ज हुआ, खाताधारक को बताया जाएगा।", "The decision is recorded; the holder will be told.")
