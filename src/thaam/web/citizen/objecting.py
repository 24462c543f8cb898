"""An objection's own page: where it lies, by when, what was decided and why, and everything its holder may do there.

The link is the key: whoever has it is at the objection's own desk (row-level security) and at no other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.files.kinds import EmptyFile, NotAllowed, TooBig
from thaam.files.models import File
from thaam.grievances import consenting, losing, pausing
from thaam.grievances.bundling import ask_for_bundle
from thaam.grievances.climbing import NotAtThisStage, appeal, may_appeal
from thaam.grievances.hearing import SlotGone, take_slot
from thaam.grievances.models import Hearing, Objection
from thaam.grievances.opening import NotOurs, ask_to_open
from thaam.grievances.outlook import hold_ends_at, outlook_of
from thaam.grievances.stages import Outcome
from thaam.grievances.telling import objection_of_link
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld
from thaam.journal.ids import new_id
from thaam.language.rupees import NotAnAmount, read_rupees
from thaam.language.text import Text
from thaam.letters.owing import letters_of
from thaam.parties.desks import sit_at
from thaam.web.citizen.held import FILE_TOO_BIG, NO_FILE_KIND, facts_about, keep_proof
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.context import lang_of
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.fields import one_line, read_story
from thaam.web.shared.objections import STEPS, why_objection_due
from thaam.web.shared.tries import too_many

TOO_LATE = Text("अब यह नहीं हो सकता। पन्ने पर नया हाल देखें।", "This is no longer possible. See the state on the page.")


class Slip(Exception):
    """What was typed cannot be taken: which field, and why."""

    def __init__(self, field: str, text: Text) -> None:
        super().__init__(text.en)
        self.field, self.text = field, text


@for_citizens
def by_link(request: HttpRequest, link: str) -> HttpResponse:
    """The short address of an SMS."""
    objection_id = objection_of_link(link)
    if objection_id is None:
        return say_error(request, 429 if too_many(request, "objection") else 404)
    return redirect("citizen:objection", objection_id=objection_id)


@for_citizens
def objection(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """Where the objection lies, by when it is decided, what was decided and why; and what the holder may do now."""
    sit_at(f"complaint:{objection_id}")
    found = (
        Objection.objects.select_related("hold__bank", "hold__book", "own_hold__bank").filter(pk=objection_id).first()
    )
    if found is None:
        return say_error(request, 429 if too_many(request, "objection") else 404)
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            act = ACTS.get(request.POST.get("act", "appeal"))
            if act is not None:
                act(request, found, now)
            return redirect("citizen:objection", objection_id=objection_id)
        except Slip as slip:
            wrong[slip.field] = slip.text
        except (NotAtThisStage, NothingHeld, SlotGone, NotOurs, losing.NotCleared):
            wrong["words"] = TOO_LATE
    return render(request, "citizen/objection.html", _context(request, found, now, wrong), status=422 if wrong else 200)


def _context(request: HttpRequest, found: Objection, now: datetime, wrong: dict[str, Text]) -> dict[str, Any]:
    about = found.hold or found.own_hold
    assert about is not None
    opening = found.openings.order_by("-asked_at").first()
    made = Hold.objects.filter(pk=opening.pk).first() if opening else None
    return {
        "objection": found,
        "outlook": outlook_of(found, at=now),
        "ends_at": hold_ends_at(found),
        "may_appeal": may_appeal(found, at=now),
        "cleared": found.outcome in (Outcome.UPHELD, Outcome.PARTLY_UPHELD),
        "steps": [(step, STEPS.get(step.what)) for step in found.steps.order_by("-at", "-id")],
        "papers": File.objects.filter(about=f"objection:{found.pk}").order_by("received_at"),
        "letters": letters_of(found.pk),
        "why": why_objection_due(found, lang_of(request)),
        "pause": found.pauses.filter(ended_at=None).first(),
        "slots": [] if found.closed_at else _slots(found, now),
        "opening": opening,
        "opened_at": made.answered_at if made and made.answer_revision is not None else None,
        "consents": found.consents.filter(ended_at=None).select_related("office"),
        "associations": consenting.associations(),
        "losses": found.losses.order_by("at"),
        "new_id": new_id(),
        "wrong": wrong,
        "typed": request.POST,
        **facts_about(about, now),
    }


def _slots(found: Objection, now: datetime) -> list[Hearing]:
    """Times the officer whose turn it is has offered."""
    ahead = found.hearings.filter(held_at=None, start_at__gt=now, offered_at__gte=found.stage_since)
    return list(ahead.order_by("start_at"))


def _appeal(request: HttpRequest, found: Objection, now: datetime) -> None:
    words = one_line(request.POST.get("words"), most=2000)
    if not words:
        raise Slip("words", Text("अपील का कारण लिखें।", "Write why you appeal."))
    appeal(objection_id=found.pk, words=words, at=now)


def _answer(request: HttpRequest, found: Objection, now: datetime) -> None:
    words = read_story(request.POST.get("words"))
    if not words and not request.FILES.get("proof"):
        raise Slip("words", Text("जवाब लिखें या काग़ज़ लगाएँ।", "Write an answer or attach a paper."))
    if request.FILES.get("proof"):
        _proof(request, found, now)
    pausing.answer(objection_id=found.pk, words=words, at=now)


def _proof(request: HttpRequest, found: Objection, now: datetime) -> None:
    proof = request.FILES.get("proof")
    if proof is None:
        raise Slip("proof", Text("पहले फ़ाइल चुनें।", "Choose a file first."))
    try:
        keep_proof(proof, found.pk, now)
    except (NotAllowed, EmptyFile) as refused:
        raise Slip("proof", NO_FILE_KIND) from refused
    except TooBig as refused:
        raise Slip("proof", FILE_TOO_BIG) from refused


def _bundle(request: HttpRequest, found: Objection, now: datetime) -> None:
    ask_for_bundle(objection_id=found.pk, by="holder", at=now)


def _slot(request: HttpRequest, found: Objection, now: datetime) -> None:
    try:
        hearing_id = UUID(request.POST.get("slot", ""))
    except ValueError:
        raise Slip("slot", Text("एक समय चुनें।", "Choose a time.")) from None
    take_slot(hearing_id=hearing_id, objection_id=found.pk, at=now)


def _open(request: HttpRequest, found: Objection, now: datetime) -> None:
    ask_to_open(objection_id=found.pk, at=now)


def _consent(request: HttpRequest, found: Objection, now: datetime) -> None:
    if request.POST.get("take_back"):
        consenting.take_back(objection_id=found.pk, at=now)
        return
    office = {str(each.pk): each for each in consenting.associations()}.get(request.POST.get("office", ""))
    if office is None:
        raise Slip("office", Text("व्यापार मंडल चुनें।", "Choose the trade body."))
    consenting.consent(objection_id=found.pk, office=office, at=now)


def _loss(request: HttpRequest, found: Objection, now: datetime) -> None:
    words = read_story(request.POST.get("words"))
    if not words:
        raise Slip("words", Text("क्या नुकसान हुआ, लिखें।", "Write what it cost you."))
    paise: int | None = None
    if request.POST.get("amount", "").strip():
        try:
            paise = read_rupees(request.POST.get("amount", ""))
        except NotAnAmount as slip:
            raise Slip("amount", slip.text) from slip
    losing.tell_loss(loss_id=new_id(), objection_id=found.pk, words=words, told_paise=paise, at=now)


ACTS: dict[str, Callable[[HttpRequest, Objection, datetime], None]] = {
    "appeal": _appeal,
    "answer": _answer,
    "proof": _proof,
    "slot": _slot,
    "bundle": _bundle,
    "open": _open,
    "consent": _consent,
    "loss": _loss,
}


@for_citizens
def letter(request: HttpRequest, objection_id: UUID, number: str) -> HttpResponse:
    """A paper of this objection: the reasoned order, the court bundle."""
    sit_at(f"complaint:{objection_id}")
    found = letters_of(objection_id).filter(number=number).first()
    if found is None:
        return say_error(request, 429 if too_many(request, "objection") else 404)
    answer = HttpResponse(bytes(found.paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer
