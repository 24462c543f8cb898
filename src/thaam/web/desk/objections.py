"""Objections at the desk: the list by clock, one objection with its facts, and a decision with reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.models import Payment
from thaam.chase.reading import claims_on_hold, masked
from thaam.complaints.models import Complaint
from thaam.grievances import deciding
from thaam.grievances.climbing import NotAtThisStage
from thaam.grievances.models import Objection
from thaam.grievances.stages import LADDER, OPEN, REASON_TEXT, Outcome, Stage
from thaam.holds.releasing import NothingHeld, RangeEarmarked
from thaam.journal.hints import stream_url_for
from thaam.language.rupees import NotAnAmount, read_rupees
from thaam.language.text import Text
from thaam.web.shared.audience import for_desk_and_approvers, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line
from thaam.web.shared.objections import STEPS

OUTCOMES = (
    (Outcome.UPHELD, Text("रोक हटाएँ", "Remove the hold")),
    (Outcome.PARTLY_UPHELD, Text("रोक घटाएँ, इतना छोड़ें", "Reduce it, let go of")),
    (Outcome.REJECTED, Text("रोक बनी रहे", "Keep the hold")),
)
SHOWN_MAX = 100
_REFUSED: dict[type[Exception], Text] = {
    deciding.ReasonsMissing: Text("कारण पूरे लिखें, कम से कम 20 अक्षर।", "Write the reasons, at least 20 letters."),
    deciding.NotTheirStage: Text("यह अभी आपकी भूमिका के पास नहीं है।", "This is not at your role's stage."),
    NotAtThisStage: Text("इस पर निर्णय हो चुका है।", "This was decided already."),
    deciding.NothingChosen: Text("कितनी रकम छोड़नी है, लिखें।", "Enter how much to let go."),
    RangeEarmarked: Text(
        "यह रकम वापसी के लिए तय है। पहले उस पर निर्णय लें।", "It is promised to a restoration. Decide that first."
    ),
    NothingHeld: Text("अब यहाँ कोई रकम रुकी नहीं है।", "Nothing is held here any more."),
}


@for_desk_and_approvers
def objections(request: HttpRequest) -> HttpResponse:
    """Open objections, soonest due first."""
    asked = Objection.objects.filter(stage__in=[*OPEN, Stage.SILENT], closed_at=None).select_related("hold__bank")
    rows = [
        {
            "objection": each,
            "held_paise": each.hold.held_paise,
            "stage": LADDER[Stage(each.stage)].title if Stage(each.stage) in LADDER else None,
            "reason": REASON_TEXT[each.reason],
        }
        for each in asked.order_by("due_at")[:SHOWN_MAX]
    ]
    context = {"rows": rows, "tab": "objections", "stream_url": stream_url_for(["objection:lodged"])}
    return render(request, "desk/objections.html", context)


@for_desk_and_approvers
def objection(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """One objection: what the holder says, the hold's facts, the trail's complaints, the decision."""
    found = Objection.objects.select_related("hold__bank", "hold__book").filter(pk=objection_id).first()
    if found is None:
        raise Http404
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            _decide(request, found, now)
            said = Text("निर्णय दर्ज हुआ।", "The decision is recorded.")
            messages.success(request, said.in_(lang_of(request)))
            return redirect("desk:objection", objection_id=objection_id)
        except Wrong as slip:
            wrong["reasons"] = slip.text
        except tuple(_REFUSED) as refused:
            wrong["reasons"] = _REFUSED[type(refused)]
    rung = LADDER.get(Stage(found.stage))
    claims = claims_on_hold(found.hold_id)
    complaints = Complaint.objects.in_bulk([claim.chase_id for claim in claims])
    context = {
        "objection": found,
        "hold": found.hold,
        "held_paise": sum(hi - lo for lo, hi in found.hold.held_at(now)),
        "account": masked(found.hold.book.account) if found.hold.book else "",
        "payment": Payment.objects.filter(pk=found.hold.payment_id).first(),
        "claims": [(claim, complaints.get(claim.chase_id)) for claim in claims],
        "reason": REASON_TEXT[found.reason],
        "stage": rung.title if rung else None,
        "may": rung is not None and officer_of(request).role in rung.roles and found.closed_at is None,
        "outcomes": OUTCOMES,
        "steps": [(step, STEPS.get(step.what)) for step in found.steps.order_by("-at")],
        "wrong": wrong,
        "typed": request.POST,
        "tab": "objections",
    }
    return render(request, "desk/objection.html", context, status=422 if wrong else 200)


def _decide(request: HttpRequest, found: Objection, now: datetime) -> None:
    """Record the decision. Of a part, the highest held paise go: they came last."""
    outcome = request.POST.get("outcome", "")
    if outcome not in {each for each, _ in OUTCOMES}:
        raise Wrong(Text("निर्णय चुनें।", "Choose the decision."))
    release: list[tuple[int, int]] | None = None
    if outcome == Outcome.PARTLY_UPHELD:
        try:
            left = read_rupees(request.POST.get("amount", ""))
        except NotAnAmount as slip:
            raise Wrong(slip.text) from slip
        release = []
        for lo, hi in reversed(list(found.hold.held_at(now))):
            if left <= 0:
                break
            start = max(lo, hi - left)
            release.append((start, hi))
            left -= hi - start
        if left > 0:
            raise Wrong(Text("इतनी रकम रुकी ही नहीं है।", "That much is not held."))
    deciding.decide(
        objection_id=found.pk,
        officer=officer_of(request),
        outcome=outcome,
        reasons=one_line(request.POST.get("reasons"), most=4000),
        at=now,
        release=release,
    )
