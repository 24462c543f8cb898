"""Objections at the desk: the list by clock, one with its facts and hints, a hearing, a reasoned decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.models import Payment
from thaam.chase.reading import claims_on_hold, masked
from thaam.complaints.models import Complaint
from thaam.files.keeping import Quarantined, open_file
from thaam.files.models import File
from thaam.grievances import deciding, hearing, losing, pausing
from thaam.grievances.bundling import ask_for_bundle
from thaam.grievances.climbing import NotAtThisStage
from thaam.grievances.drafting import draft_of
from thaam.grievances.hints import hints_of
from thaam.grievances.models import Objection
from thaam.grievances.outlook import outlook_of
from thaam.grievances.stages import OPEN, REASON_TEXT, STAGE_TEXT, Outcome, Stage, rung_of
from thaam.holds.releasing import NothingHeld, RangeEarmarked
from thaam.journal.hints import stream_url_for
from thaam.journal.ids import new_id
from thaam.language.rupees import NotAnAmount, read_rupees
from thaam.language.text import Text
from thaam.letters.models import Letter
from thaam.letters.owing import letters_of
from thaam.money import ranges as sets
from thaam.web.shared.audience import for_desk_and_approvers, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line, read_story, read_when
from thaam.web.shared.objections import STEPS, why_objection_due

OUTCOMES = (
    (Outcome.UPHELD, Text("रोक हटाएँ", "Remove the hold")),
    (Outcome.PARTLY_UPHELD, Text("रोक घटाएँ, इतना छोड़ें", "Reduce it, let go of")),
    (Outcome.REJECTED, Text("रोक बनी रहे", "Keep the hold")),
)
CLEARED = (Outcome.UPHELD, Outcome.PARTLY_UPHELD)
SHOWN_MAX = 100
SHOWN_AS = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
FAR = timedelta(days=60)
"""A slot lies ahead; the reader of dates otherwise refuses what has not come yet."""
_REFUSED: dict[type[Exception], Text] = {
    deciding.ReasonsMissing: Text(
        "कारण पूरे लिखें, कम से कम 20 अक्षर; मसौदे में खाली छोड़ी जगह भी भरें।",
        "Write the reasons in full, at least 20 letters; fill the gap the draft left too.",
    ),
    deciding.DecidedBefore: Text(
        "पहला निर्णय आपका था; अपील पर दूसरे अधिकारी निर्णय देंगे।",
        "The first decision was yours; another officer decides the appeal.",
    ),
    deciding.NotTheirPlace: Text(
        "यह आपत्ति दूसरे ज़िले या राज्य की है। वहीं के अधिकारी निर्णय देंगे।",
        "This objection lies in another district or state. Its officers decide there.",
    ),
    deciding.NotTheirStage: Text("यह अभी आपकी भूमिका के पास नहीं है।", "This is not at your role's stage."),
    NotAtThisStage: Text("इस पर निर्णय हो चुका है।", "This was decided already."),
    deciding.NothingChosen: Text("कितनी रकम छोड़नी है, लिखें।", "Enter how much to let go."),
    RangeEarmarked: Text(
        "यह रकम वापसी के लिए तय है। पहले उस पर निर्णय लें।", "It is promised to a restoration. Decide that first."
    ),
    pausing.NothingAsked: Text("क्या चाहिए, लिखें।", "Write what is needed."),
    pausing.PausedBefore: Text("इस स्तर पर एक बार पूछा जा चुका है।", "The holder was asked at this stage already."),
    hearing.SlotTooLate: Text("समय आज और निर्णय की तारीख के बीच हो।", "The time lies between now and the due date."),
    hearing.SlotGone: Text("यह समय खाताधारक ने नहीं चुना।", "The holder did not take this slot."),
    losing.NotTheirs: Text("यह पर्यवेक्षक लिखते हैं।", "A supervisor notes this."),
    losing.NotCleared: Text("रोक गलत निकली हो तभी।", "Only for a hold found wrong."),
    NothingHeld: Text("अब यहाँ कोई रकम रुकी नहीं है।", "Nothing is held here any more."),
}


@for_desk_and_approvers
def objections(request: HttpRequest) -> HttpResponse:
    """Open objections, soonest due first."""
    asked = Objection.objects.filter(stage__in=[*OPEN, Stage.SILENT], closed_at=None)
    now = datetime.now(tz=UTC)
    rows = [
        {
            "objection": each,
            "held_paise": each.held_paise_at(now),
            "stage": STAGE_TEXT[each.stage],
            "reason": REASON_TEXT[each.reason],
            "nudges": each.nudges.count(),
        }
        for each in asked.select_related("hold", "own_hold", "bank").order_by("due_at")[:SHOWN_MAX]
    ]
    context = {"rows": rows, "tab": "objections", "stream_url": stream_url_for(["objection:lodged"])}
    return render(request, "desk/objections.html", context)


@for_desk_and_approvers
def objection(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """One objection: what the holder says, what the bank found, hints, the hearing, the decision with a draft."""
    found = Objection.objects.select_related("hold__book", "own_hold", "bank").filter(pk=objection_id).first()
    if found is None:
        raise Http404
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            said = ACTS.get(request.POST.get("act", "decide"), _decide)(request, found, now)
            messages.success(request, said.in_(lang_of(request)))
            return redirect("desk:objection", objection_id=objection_id)
        except Wrong as slip:
            wrong["reasons"] = slip.text
        except ValueError:
            wrong["reasons"] = Text("पूरी बात लिखें।", "Write it in full.")
        except tuple(_REFUSED) as refused:
            wrong["reasons"] = _REFUSED[type(refused)]
    return render(request, "desk/objection.html", _context(request, found, now, wrong), status=422 if wrong else 200)


def _context(request: HttpRequest, found: Objection, now: datetime, wrong: dict[str, Text]) -> dict[str, Any]:
    hold = found.hold
    claims = claims_on_hold(hold.pk) if hold else []
    complaints = Complaint.objects.in_bulk([claim.chase_id for claim in claims])
    rung = rung_of(found.stage)
    at_stage = rung is not None and officer_of(request).role in rung.roles and found.closed_at is None
    here = at_stage and deciding.decides_here(found, officer_of(request))
    draft = request.GET.get("draft", "")
    typed = {**request.POST.dict()}
    if draft in Outcome.values:
        typed = {"outcome": draft, "reasons": draft_of(found, draft, lang=lang_of(request), at=now)}
    return {
        "objection": found,
        "hold": hold,
        "own": found.own_hold,
        "held_paise": found.held_paise_at(now),
        "account": masked(hold.book.account) if hold and hold.book else "",
        "payment": Payment.objects.filter(pk=hold.payment_id).first() if hold else None,
        "claims": [(claim, complaints.get(claim.chase_id)) for claim in claims],
        "reason": REASON_TEXT[found.reason],
        "outlook": outlook_of(found, at=now),
        "may": here,
        "elsewhere": at_stage and not here,
        "may_note": officer_of(request).role in losing.MAY_NOTE and found.outcome in CLEARED,
        "outcomes": OUTCOMES,
        "hints": hints_of(found, at=now),
        "finding": found.findings.order_by("-at", "-id").first(),
        "papers": File.objects.filter(about=f"objection:{found.pk}").order_by("received_at"),
        "letters": letters_of(found.pk),
        "slots": found.hearings.order_by("start_at"),
        "nudges": found.nudges.select_related("office").order_by("-at"),
        "losses": found.losses.order_by("at"),
        "opening": found.openings.order_by("-asked_at").first(),
        "pause": found.pauses.filter(ended_at=None).first(),
        "why": why_objection_due(found, lang_of(request)),
        "steps": [(step, STEPS.get(step.what)) for step in found.steps.order_by("-at", "-id")],
        "wrong": wrong,
        "typed": typed,
        "tab": "objections",
    }


@for_desk_and_approvers
def paper(request: HttpRequest, objection_id: UUID, file_id: UUID) -> HttpResponse:
    """A paper the holder gave; who opened it is written down."""
    file = File.objects.filter(pk=file_id, about=f"objection:{objection_id}").first()
    if file is None:
        raise Http404
    try:
        content = open_file(file=file, folder=settings.FILES, by=f"officer:{request.user.pk}", at=datetime.now(tz=UTC))
    except Quarantined as refused:
        return HttpResponse(refused.text.in_(lang_of(request)), status=409, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(content, content_type=SHOWN_AS.get(file.kind, "application/octet-stream"))
    answer["Content-Disposition"] = f'inline; filename="{file.sha256[:12]}.{file.kind}"'
    answer["Content-Security-Policy"] = "sandbox"
    return answer


@for_desk_and_approvers
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """A letter by its number, as it was written."""
    found = Letter.objects.filter(number=number).first()
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found.paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer


def _decide(request: HttpRequest, found: Objection, now: datetime) -> Text:
    """Record the decision. Of a part, the highest held paise go: they came last."""
    outcome = request.POST.get("outcome", "")
    if outcome not in {each for each, _ in OUTCOMES}:
        raise Wrong(Text("निर्णय चुनें।", "Choose the decision."))
    release: list[tuple[int, int]] | None = None
    if outcome == Outcome.PARTLY_UPHELD and found.hold is not None:
        try:
            left = read_rupees(request.POST.get("amount", ""))
        except NotAnAmount as slip:
            raise Wrong(slip.text) from slip
        held = found.hold.held_at(now)
        release = list(sets.top(held, left))
        if sets.total(release) < left:
            raise Wrong(Text("इतनी रकम रुकी ही नहीं है।", "That much is not held."))
    deciding.decide(
        objection_id=found.pk,
        officer=officer_of(request),
        outcome=outcome,
        reasons=read_story(request.POST.get("reasons")),
        at=now,
        release=release,
    )
    return Text(
        "निर्णय दर्ज हुआ। कारण सहित आदेश बन रहा है।", "The decision is recorded. The reasoned order is being written."
    )


def _ask(request: HttpRequest, found: Objection, now: datetime) -> Text:
    words = read_story(request.POST.get("ask"))
    pausing.ask_holder(objection_id=found.pk, officer=officer_of(request), words=words, at=now)
    return Text("खाताधारक से पूछा गया। समय-सीमा रुकी है।", "The holder was asked. The clock stands still.")


def _offer(request: HttpRequest, found: Objection, now: datetime) -> Text:
    when = read_when("date", request.POST.get("on"), request.POST.get("clock"), now=now + FAR)
    if not when.exact:
        raise Wrong(Text("समय भी लिखें, जैसे 11:30।", "Enter the time too, like 11:30."))
    hearing.offer_slot(
        hearing_id=new_id(), objection_id=found.pk, officer=officer_of(request), start_at=when.at.astimezone(UTC),
        address=one_line(request.POST.get("address"), most=200), at=now,
    )  # fmt: skip
    return Text("समय दिया गया। खाताधारक चुनेंगे।", "The time is offered. The holder chooses.")


def _heard(request: HttpRequest, found: Objection, now: datetime) -> Text:
    slot = next((each for each in found.hearings.all() if str(each.pk) == request.POST.get("slot")), None)
    if slot is None:
        raise Wrong(Text("कौन-सी सुनवाई, चुनें।", "Choose which hearing."))
    words = read_story(request.POST.get("heard"))
    hearing.record_hearing(hearing_id=slot.pk, officer=officer_of(request), words=words, at=now)
    return Text("सुनवाई दर्ज हुई।", "The hearing is recorded.")


def _bundle(request: HttpRequest, found: Objection, now: datetime) -> Text:
    ask_for_bundle(objection_id=found.pk, by=f"officer:{request.user.pk}", at=now)
    return Text("प्रति बन रही है, कुछ पल में यहीं दिखेगी।", "The copy is being made and will show here in a moment.")


def _note(request: HttpRequest, found: Objection, now: datetime) -> Text:
    try:
        paise = read_rupees(request.POST.get("noted", ""))
    except NotAnAmount as slip:
        raise Wrong(slip.text) from slip
    losing.note_compensation(
        loss_id=new_id(), objection_id=found.pk, officer=officer_of(request),
        words=read_story(request.POST.get("note")), noted_paise=paise, at=now,
    )  # fmt: skip
    return Text("मुआवज़े की टिप्पणी दर्ज हुई।", "The note on compensation is recorded.")


ACTS: dict[str, Callable[[HttpRequest, Objection, datetime], Text]] = {
    "decide": _decide,
    "ask": _ask,
    "offer": _offer,
    "heard": _heard,
    "note": _note,
    "bundle": _bundle,
}
