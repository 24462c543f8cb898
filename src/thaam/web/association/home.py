"""What a trade body sees: problems brought to its office, and its consenting members' objections: stage, clock, band.

Never a bill, a mobile number, the holder's words or the trail: the database shows this desk a few columns only.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.coordination.traders import nodal_of, problems, raise_problem
from thaam.grievances import consenting
from thaam.grievances.models import Nudge
from thaam.grievances.stages import NEXT_TEXT, STAGE_TEXT
from thaam.journal.ids import new_id
from thaam.language.dates import in_ist, staff_time
from thaam.language.text import Text
from thaam.parties.models import Bank, Officer
from thaam.web.shared.audience import for_associations, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, id_or_new, one_line, read_story

SHOWN_MAX = 200


_ALL = Text("मंडल का नाम, समस्या और संपर्क, तीनों लिखिए।", "Write the body's name, the problem and a contact.")
_NOBODY = Text(
    "इस कार्यालय में अभी कोई नोडल अधिकारी नहीं है। 1930 पर बताइए।", "This office has no nodal officer yet. Tell 1930."
)


@for_associations
def home(request: HttpRequest) -> HttpResponse:
    """The register of the office; the database shows this desk no other office's. POST brings a new problem to it."""
    officer = officer_of(request)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        refused = _bring(request, officer)
        if refused is None:
            return redirect("association:home")
        wrong["text"] = refused
    found = (
        problems()
        .filter(office_id=officer.office_id or 0)
        .select_related("nodal_officer", "traderproblemanswer")
        .order_by("-raised_at")[:SHOWN_MAX]
    )
    now = datetime.now(tz=UTC)
    rows = []
    for problem in found:
        answer = getattr(problem, "traderproblemanswer", None)
        rows.append({"problem": problem, "answer": answer, "late": answer is None and problem.ends_at < now})
    context = {"rows": rows, "tab": "problems", "new_id": new_id(), "wrong": wrong, "typed": request.POST}
    return render(request, "association/home.html", context, status=422 if wrong else 200)


def _bring(request: HttpRequest, officer: Officer) -> Text | None:
    """Write the problem down with its nodal officer and its clock; or why it cannot be."""
    try:
        story = read_story(request.POST.get("text"))
    except Wrong as slip:
        return slip.text
    told = {
        "association": one_line(request.POST.get("association"), most=160),
        "text": story,
        "contact": one_line(request.POST.get("contact"), most=160),
    }
    if not all(told.values()) or officer.office is None:
        return _ALL
    nodal = nodal_of(officer.office)
    if nodal is None:
        return _NOBODY
    raise_problem(
        problem_id=id_or_new(request.POST.get("id")), office=officer.office, nodal_officer=nodal,
        jurisdiction=settings.JURISDICTION, by=officer, at=datetime.now(tz=UTC), **told,
    )  # fmt: skip
    said = Text("समस्या दर्ज हुई। नीचे अधिकारी और तारीख देखें।", "Written down. Officer and date are below.")
    messages.success(request, said.in_(lang_of(request)))
    return None


@for_associations
def objections(request: HttpRequest) -> HttpResponse:
    """Objections of members who agreed: reference, stage, clock, bank, district, band. Nudge, or say it is late."""
    officer, now = officer_of(request), datetime.now(tz=UTC)
    seen = consenting.seen_by(officer.office_id, at=now)
    banks = Bank.objects.in_bulk({each.bank_id for each in seen})
    context = {
        "rows": [(each, banks.get(each.bank_id), STAGE_TEXT[each.stage], NEXT_TEXT[each.stage]) for each in seen],
        "months": _months(officer.office_id, seen),
        "tab": "objections",
    }
    return render(request, "association/objections.html", context)


@for_associations
def nudge(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Remind whoever has the objection (once in 72 hours), or tell the supervisors that its clock has broken."""
    if request.method != "POST":
        return redirect("association:objections")
    lang, now = lang_of(request), datetime.now(tz=UTC)
    late = request.POST.get("late") == "yes"
    try:
        number = consenting.nudge(
            nudge_id=new_id(), consent_id=consent_id, officer=officer_of(request), at=now, late=late
        )
        said = Text(f"{number}: याद दिलाया गया।", f"{number}: a reminder was sent.")
        if late:
            said = Text(f"{number}: पर्यवेक्षक को बताया गया।", f"{number}: the supervisors were told.")
        messages.success(request, said.in_(lang))
    except consenting.TooSoon as refused:
        again = staff_time(refused.until, now, lang)
        messages.error(request, Text(f"अगली बार {again} के बाद।", f"Again after {again}.").in_(lang))
    except consenting.NotLate:
        messages.error(request, Text("समय-सीमा अभी नहीं टूटी।", "No clock is broken.").in_(lang))
    except consenting.NoConsent as refused:
        messages.error(request, refused.text.in_(lang))
    return redirect("association:objections")


def _months(office_id: int | None, seen: list[consenting.Seen]) -> list[tuple[str, int, int, int]]:
    """For the meeting with the commissioner: by month members' open objections, how many late, reminders sent."""
    opened = Counter(f"{in_ist(each.since):%m.%Y}" for each in seen)
    late = Counter(f"{in_ist(each.since):%m.%Y}" for each in seen if each.late)
    sent = Counter(
        f"{in_ist(at):%m.%Y}" for at in Nudge.objects.filter(office_id=office_id or 0).values_list("at", flat=True)
    )
    months = sorted({*opened, *sent}, key=lambda month: (month[3:], month[:2]), reverse=True)
    return [(month, opened[month], late[month], sent[month]) for month in months]
