"""What waits for whom once a victim has applied: the officer's list of money to propose, and whose turn it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from thaam.chase.models import Claim
from thaam.complaints.models import Complaint
from thaam.complaints.progress import APPLY, Progress, Turn
from thaam.holds.models import Hold
from thaam.language.text import Text
from thaam.money import ranges as sets

from .applying import came_to_nothing
from .due import held_for
from .models import Application, Restoration
from .pooling import over_claim_of
from .stages import CLOCKS, stages_of

_OFFICER = Text("जाँच अधिकारी", "The investigating officer")
_SECOND = Text("मंज़ूरी देने वाले अधिकारी", "The approving officer")
_WHAT = {
    3: Text("आवेदन, काग़ज़ और खाते की जाँच", "Check the application, the papers and the account"),
    4: Text("वापसी का प्रस्ताव रखना, फिर दूसरे अधिकारी की मंज़ूरी", "Propose the return; then a second officer approves it"),
    6: Text("पैसा वापस भेजना और UTR बताना", "Pay the money back and tell the UTR"),
    7: Text("बाकी रुकी रकम पर काम पूरा करना", "Finish the work on what is still held"),
}
_PROPOSED = Text("वापसी के प्रस्ताव को मंज़ूरी देना", "Approve the proposed return")
_SENT_BACK = Text(
    "वापसी का आवेदन कमी के साथ लौटा है। ठीक करके फिर भेजिए।",
    "The application for return came back: something is missing. Put it right and send it again.",
)


@dataclass(frozen=True, slots=True)
class Unproposed:
    """Held paise of one victim whose papers are in order, promised to nobody yet; `last` is what came to nothing."""

    application: Application
    claim: Claim
    hold: Hold
    paise: int
    contested: bool
    over_claimed: bool  # others claim more from this account than is held: shares come first
    last: Restoration | None

    @property
    def may_go_back(self) -> bool:
        """Whether the application itself may be sent back to the victim, to name another account."""
        return self.last is not None and came_to_nothing(self.application)


def unproposed(*, at: dt.datetime, limit: int = 50) -> list[Unproposed]:
    """The money an officer has to propose next, oldest checked application first. Read-only, at the reader's desk."""
    checked = Application.objects.filter(refused_at=None).exclude(verified_at=None).select_related("complaint")
    # an account of a claim changes by itself only while something is held (until_at): what is paid out falls away
    alive = Claim.objects.filter(withdrawn_at=None, partition__until_at__gt=at).values("chase_id")
    found: list[Unproposed] = []
    for application in checked.filter(complaint_id__in=alive).order_by("verified_at", "id")[:limit]:
        found += _of(application, at)
    return found


def _of(application: Application, at: dt.datetime) -> Iterable[Unproposed]:
    for claim in Claim.objects.filter(chase_id=application.complaint_id, withdrawn_at=None).order_by("number"):
        payments = claim.trail.values_list("payment_id", flat=True)
        holds = Hold.objects.filter(payment_id__in=list(payments)).select_related("bank", "book")
        for hold in holds.order_by("asked_at", "id"):
            free = sets.subtract(held_for(claim, hold, at=at), hold.earmarked)
            if free:
                ended = [one for one in _earlier(claim, hold) if one.state in ("failed", "refused")]
                contested = not sets.disjoint(free, hold.contested)
                last = ended[-1] if ended else None
                over_claimed = over_claim_of(hold, at=at) is not None
                yield Unproposed(application, claim, hold, sets.total(free), contested, over_claimed, last)


def _earlier(claim: Claim, hold: Hold) -> list[Restoration]:
    rows = Restoration.objects.filter(claim=claim, hold=hold).select_related("repayment")
    return list(rows.order_by("proposed_at", "id"))


def standing_turn(progress: Progress, *, at: dt.datetime) -> Turn:
    """Whose turn it is: the complaint's own answer, until its reporter has asked for the held money back.

    From then on the seven stages say it. Read-only; works at the complaint's own desk.
    """
    turn, complaint = progress.turn, progress.complaint
    if turn.what != APPLY:
        return turn
    latest = Application.objects.filter(complaint=complaint).order_by("-applied_at").first()
    if latest is None:
        return turn
    if latest.refused_at is not None:
        return Turn("you", "", turn.name, _SENT_BACK, latest.refused_at, None)
    return _by_stage(complaint, latest, at) or turn


def _by_stage(complaint: Complaint, application: Application, at: dt.datetime) -> Turn | None:
    stages = stages_of(complaint, at=at)
    stage = next((each for each in stages if each.done_at is None), None)
    if stage is None or stage.number not in _WHAT:
        return None
    # the clock of a stage runs from the one before it
    since = max((each.done_at for each in stages if each.done_at is not None), default=application.applied_at)
    what, name, who, bank = _WHAT[stage.number], _OFFICER, "office", ""
    rows = Restoration.objects.filter(claim__chase_id=complaint.pk, refused_at=None).exclude(hold=None)
    open_ = [
        one
        for one in rows.select_related("hold__bank", "repayment").order_by("proposed_at")
        if one.state in ("proposed", "approved")
    ]
    if any(one.state == "proposed" for one in open_):
        what, name = _PROPOSED, _SECOND
    elif open_ and open_[0].hold is not None:
        holder = open_[0].hold.bank
        who, bank, what, name = "bank", holder.code, _WHAT[6], Text(holder.name_hi, holder.name_en)
    return Turn(who, bank, name, what, since, stage.due_at, CLOCKS.get(stage.number, ""))


__all__ = ["Unproposed", "standing_turn", "unproposed"]
