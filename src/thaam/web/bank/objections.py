"""Objections at the bank: the branch looks at the bill and the account, writes what it found, and passes it on."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.models import Payment
from thaam.grievances.climbing import NotAtThisStage, forward
from thaam.grievances.models import Objection
from thaam.grievances.stages import REASON_TEXT, Stage
from thaam.language.text import Text
from thaam.web.bank.queue import tabs_of
from thaam.web.shared.audience import for_banks, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import one_line
from thaam.web.shared.objections import STEPS

FOUND = (
    ("remove", Text("रोक हटाने की सलाह", "Advise to remove")),
    ("reduce", Text("रोक घटाने की सलाह", "Advise to reduce")),
    ("keep", Text("रोक रखने की सलाह", "Advise to keep")),
)


@for_banks
def objections(request: HttpRequest) -> HttpResponse:
    """Objections on this bank's holds that wait for its word."""
    partner = officer_of(request).bank_id or ""
    rows = Objection.objects.filter(hold__bank_id=partner, stage=Stage.BANK, closed_at=None).select_related("hold")
    context = {
        "rows": [(each, each.hold.held_paise, REASON_TEXT[each.reason]) for each in rows.order_by("due_at")[:100]],
        "tabs": tabs_of(partner, ""),
        "chosen": "objections",
    }
    return render(request, "bank/objections.html", context)


@for_banks
def objection(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """One objection: facts, the holder's words, and the bank's finding."""
    partner = officer_of(request).bank_id or ""
    found = Objection.objects.select_related("hold").filter(pk=objection_id, hold__bank_id=partner).first()
    if found is None:
        raise Http404
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        advice = request.POST.get("advice", "")
        words = one_line(request.POST.get("words"), most=2000)
        if advice not in {each[0] for each in FOUND} or not words:
            wrong["words"] = Text("सलाह चुनें और जो देखा वह लिखें।", "Choose the advice and write what you found.")
        else:
            try:
                forward(
                    objection_id=found.pk,
                    bank=partner,
                    words=f"[{advice}] {words}",
                    by=f"bank:{partner}",
                    at=datetime.now(tz=UTC),
                )
                messages.success(request, Text("अधिकारी को भेजा गया।", "Passed to the officer.").in_(lang_of(request)))
                return redirect("bank:objections")
            except NotAtThisStage:
                wrong["words"] = Text("यह अब बैंक के पास नहीं है।", "It is no longer with the bank.")
    context = {
        "objection": found,
        "held_paise": found.hold.held_paise,
        "payment": Payment.objects.filter(pk=found.hold.payment_id).first(),
        "reason": REASON_TEXT[found.reason],
        "advice": FOUND,
        "steps": [(step, STEPS.get(step.what)) for step in found.steps.order_by("-at")],
        "tabs": tabs_of(partner, ""),
        "chosen": "objections",
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "bank/objection.html", context, status=422 if wrong else 200)
