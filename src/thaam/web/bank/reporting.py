"""A bank reports a suspicious person, number, link or device without a loss, and reads what became of it (S1.23).

Its own accounts go the other way (unasked.py: signed). What is sent here waits for an officer with a clock: a person
within hours, everything else within days.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.suspects.models import Report, ReportAnswer, Sighting
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier
from thaam.suspects.reporting import lodge_report
from thaam.suspects.sighting import TooCommon
from thaam.web.bank.queue import tabs_of
from thaam.web.shared.audience import for_banks, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import one_line
from thaam.web.suspects.words import CHOOSE, KINDS, OUTCOMES, TYPED

SHOWN = 50
REASONS = {
    IdentifierKind.PHONE: Sighting.Reason.CALLED,
    IdentifierKind.URL: Sighting.Reason.USED_SITE,
    IdentifierKind.APP: Sighting.Reason.USED_APP,
    IdentifierKind.EMAIL: Sighting.Reason.WROTE,
    IdentifierKind.SOCIAL: Sighting.Reason.WROTE,
    IdentifierKind.HEADER: Sighting.Reason.WROTE,
}
_COMMON = Text("यह बहुत लोगों का है, इससे कुछ पता नहीं चलता।", "Too many people share this; it tells nothing.")
_SAY = Text("लिखिए कि क्या देखा।", "Write what was seen.")
_SENT = Text("सूचना पुलिस को पहुँची। जवाब इसी पन्ने पर आएगा।", "The police have it. The answer will appear on this page.")


@for_banks
def report(request: HttpRequest) -> HttpResponse:
    """The form, and this bank's own reports with their answers; sent twice it is one report."""
    partner = officer_of(request).bank_id or ""
    refused: Text | None = None
    if request.method == "POST":
        refused = _lodge(request, partner)
        if refused is None:
            messages.success(request, _SENT.in_(lang_of(request)))
            return redirect("bank:report")
    own = Report.objects.filter(by=f"bank:{partner}").order_by("-lodged_at")[:SHOWN]
    answers = {each.report_id: each for each in ReportAnswer.objects.filter(report__in=own)}
    context = {
        "tabs": tabs_of(partner, ""),
        "chosen": "tell",
        "kinds": [(str(kind), word) for kind, word in TYPED.items()],
        "own": [(each, KINDS[each.kind], answers.get(each.pk), _outcome(answers.get(each.pk))) for each in own],
        "refused": refused,
        "typed": request.POST,
        "report_id": request.POST.get("report_id") or new_id(),
    }
    return render(request, "bank/report.html", context, status=422 if refused else 200)


def _lodge(request: HttpRequest, partner: str) -> Text | None:
    words = one_line(request.POST.get("words"), most=2000)
    try:
        kind = IdentifierKind(request.POST.get("kind", ""))
    except ValueError:
        return CHOOSE
    if not words:
        return _SAY
    try:
        lodge_report(
            report_id=_id(request), kind=kind, typed=request.POST.get("asked", "").replace("\x00", ""), words=words,
            place=one_line(request.POST.get("place"), most=200),
            contact=one_line(request.POST.get("contact"), most=200),
            urgent=request.POST.get("urgent") == "yes", reason=REASONS.get(kind, Sighting.Reason.OTHER),
            by=f"bank:{partner}", at=datetime.now(tz=UTC),
        )  # fmt: skip
    except NotAnIdentifier as slip:
        return slip.text
    except TooCommon:
        return _COMMON
    return None


def _id(request: HttpRequest) -> str:
    try:
        return str(UUID(request.POST.get("report_id", "")))
    except ValueError:
        return new_id()


def _outcome(answer: ReportAnswer | None) -> Text | None:
    return OUTCOMES[answer.outcome] if answer else None
