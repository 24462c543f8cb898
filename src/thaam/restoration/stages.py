"""The seven dated stages of a victim's money on its way back, as police already count them (ux.md 6.2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from thaam.chase.counting import account_of
from thaam.chase.models import Claim, Trail
from thaam.complaints.models import Complaint
from thaam.holds.models import Entry
from thaam.language.text import Text
from thaam.money.partition import State
from thaam.rulebook.clocks import due_at

from .models import Application, Restoration


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its name, whose step it is, when it was done (None: not yet) or is due, and how much if known."""

    number: int
    title: Text
    owner: Text
    done_at: dt.datetime | None
    paise: int | None = None
    due_at: dt.datetime | None = None


_BANK = Text(hi="बैंक", en="Bank")
_YOU = Text(hi="आप", en="You")
_OFFICER = Text(hi="जाँच अधिकारी", en="Investigating officer")
_APPROVER = Text(hi="मंज़ूरी देने वाले अधिकारी", en="Approving officer")
_SYSTEM = Text(hi="थाम", en="Thaam")
# Stage number: the clock that runs from the stage before it.
CLOCKS = {3: "restoration_verified", 4: "restoration_approved", 6: "order_execute_within", 7: "restoration_closed"}


def stages_of(complaint: Complaint, *, at: dt.datetime) -> list[Stage]:
    """The seven stages as they stand. Read-only.

    The stage whose turn it is has a day by when it is due; the application has the day on which the hold ends.
    """
    claims = list(Claim.objects.filter(chase_id=complaint.pk).select_related("partition", "payment"))
    totals = [account_of(claim, at=at).totals() for claim in claims]
    held = sum(each[State.HELD] for each in totals)
    restored = sum(each[State.RESTORED] for each in totals)
    application = Application.objects.filter(complaint=complaint, refused_at=None).first()
    restorations = list(
        Restoration.objects.filter(claim__in=claims, refused_at=None)
        .select_related("repayment")
        .order_by("proposed_at")
    )
    # what the bank could not pay is not ordered any more: an officer has to propose it anew
    ordered = [one for one in restorations if one.approved_at is not None and one.state != "failed"]
    paid = [one.paid_at for one in ordered if one.paid_at is not None]
    whole = bool(ordered) and len(paid) == len(ordered)
    approved_at = _last(one.approved_at for one in ordered)
    approved = sum(one.amount_paise for one in ordered) or None
    returned_words = Text(hi="पैसा वापस आया", en="Money returned")
    if paid and (held or not whole):
        returned_words = Text(hi="कुछ पैसा वापस आया, कुछ अभी रुका है", en="Part of the money returned")
    steps: list[tuple[Text, Text, dt.datetime | None, int | None]] = [
        (Text(hi="बैंक ने पैसा रोका", en="Money held by the bank"), _BANK, _first_held(claims), held + restored),
        (Text(hi="आपका आवेदन", en="Your application"), _YOU, application.applied_at if application else None, None),
        (Text(hi="जाँच", en="Verification"), _OFFICER, application.verified_at if application else None, None),
        (Text(hi="मंज़ूरी (दो अधिकारी)", en="Approval (two officers)"), _APPROVER, approved_at, approved),
        (Text(hi="बैंक को वापसी का आदेश", en="Bank ordered to pay"), _SYSTEM, approved_at, approved),
        (returned_words, _BANK, _last(paid), restored or None),
        (Text(hi="काम पूरा", en="Closed"), _OFFICER, _last(paid) if whole and not held else None, None),
    ]
    until = min((claim.partition.until_at for claim in claims if claim.partition.until_at), default=None)
    return _dated(steps, until, complaint.jurisdiction)


def _dated(
    steps: list[tuple[Text, Text, dt.datetime | None, int | None]], until: dt.datetime | None, jurisdiction: str
) -> list[Stage]:
    """The first stage that is not done gets its date, counted from the one before it."""
    stages: list[Stage] = []
    before: dt.datetime | None = None
    turn = True
    for number, (title, owner, done_at, paise) in enumerate(steps, start=1):
        due = None
        if done_at is None and turn:
            turn = False
            if number == 2:
                due = until
            elif number in CLOCKS and before is not None:
                due = due_at(CLOCKS[number], jurisdiction=jurisdiction, start=before)
        stages.append(Stage(number, title, owner, done_at, paise, due))
        before = done_at or before
    return stages


def _first_held(claims: list[Claim]) -> dt.datetime | None:
    payments: list[Any] = list(Trail.objects.filter(claim__in=claims).values_list("payment_id", flat=True))
    entries = Entry.objects.filter(kind=Entry.Type.HELD, hold__payment_id__in=payments)
    return entries.order_by("at").values_list("at", flat=True).first()


def _last(moments: Any) -> dt.datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
