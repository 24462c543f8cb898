"""A decision has its reasons in full, and what one officer offered is gone when the next one has the objection."""

import datetime as dt

import pytest

from banking import files, hold_answer, order, says
from cast import NOON
from officers import investigator
from thaam.grievances.climbing import appeal, forward
from thaam.grievances.deciding import ReasonsMissing, decide
from thaam.grievances.drafting import draft_of
from thaam.grievances.hearing import SlotGone, offer_slot, take_slot
from thaam.grievances.lodging import lodge
from thaam.journal.ids import new_id

pytestmark = pytest.mark.django_db
REASONS = "The bill names another buyer and another day."


def test_a_draft_with_its_gap_unfilled_is_no_decision_and_a_slot_of_the_rung_below_is_gone():
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    objection = lodge(
        objection_id=new_id(), hold_id=order("DEMO2").id, reason="goods", words="", name="C", mobile="9123456780",
        lang="hi", at=NOON,
    ).objection  # fmt: skip
    forward(objection_id=objection.pk, bank="DEMO2", words="x", by="bank:DEMO2", at=NOON)
    for lang in ("hi", "en"):
        objection.refresh_from_db()
        with pytest.raises(ReasonsMissing):
            decide(
                objection_id=objection.pk, officer=investigator(), outcome="rejected", at=NOON,
                reasons=draft_of(objection, "rejected", lang=lang, at=NOON),
            )  # fmt: skip
    slot = offer_slot(
        hearing_id=new_id(),
        objection_id=objection.pk,
        officer=investigator(),
        start_at=NOON + dt.timedelta(days=1),
        address="x",
        at=NOON,
    )
    decide(objection_id=objection.pk, officer=investigator(), outcome="rejected", reasons=REASONS, at=NOON)
    appeal(objection_id=objection.pk, words="again", at=NOON + dt.timedelta(hours=1))
    with pytest.raises(SlotGone):
        take_slot(hearing_id=slot.pk, objection_id=objection.pk, at=NOON + dt.timedelta(hours=2))
