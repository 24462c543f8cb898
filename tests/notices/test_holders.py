"""Who objected hears of every step in one SMS each, in their language; a victim hears of each stage and of day 75."""

from __future__ import annotations

import datetime as dt

import pytest

from banking import LAKH, files, hold_answer, order, release_done, says
from cast import NOON
from officers import investigator
from thaam.grievances.climbing import climb_by_silence
from thaam.grievances.deciding import decide
from thaam.grievances.hearing import offer_slot, take_slot
from thaam.grievances.lodging import lodge
from thaam.grievances.pausing import ask_holder
from thaam.holds.models import Hold
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.notices.holders import HOLDER_KINDS, tell_holder_of
from thaam.notices.models import Notice
from thaam.notices.wording import PARTS_MAX, parts_of

pytestmark = pytest.mark.django_db


@pytest.mark.req("S0.9")
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_every_step_of_an_objection_is_told_once_and_fits_an_sms(lang):
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    Hold.objects.update(expires_at=NOON + dt.timedelta(days=90), provisional=False)
    hold = Hold.objects.get()
    made = lodge(
        objection_id=new_id(),
        hold_id=hold.pk,
        reason="goods",
        words="",
        name="C",
        mobile="9123456780",
        lang=lang,
        at=NOON,
    ).objection
    climb_by_silence({"objection_id": str(made.pk), "stage": "bank"}, NOON + dt.timedelta(days=7))
    slot = offer_slot(
        hearing_id=new_id(), objection_id=made.pk, officer=investigator(), start_at=NOON + dt.timedelta(days=9),
        address="https://meet.example", at=NOON + dt.timedelta(days=7),
    )  # fmt: skip
    take_slot(hearing_id=slot.pk, objection_id=made.pk, at=NOON + dt.timedelta(days=8))
    ask_holder(objection_id=made.pk, officer=investigator(), words="the bill", at=NOON + dt.timedelta(days=8))
    reasons = "The bill and the delivery note are of the same day."
    decide(
        objection_id=made.pk, officer=investigator(), outcome="upheld", reasons=reasons, at=NOON + dt.timedelta(days=9)
    )
    release = order("DEMO2", "ReleaseOrder")
    at = NOON + dt.timedelta(days=9)
    says("DEMO2", release_done(str(hold.pk), (0, LAKH), order_id=release.id, reason="ordered", at=at), at=at)
    for _ in range(2):
        for fact in Fact.objects.filter(kind__in=[str(kind) for kind in HOLDER_KINDS]).order_by("at", "id"):
            tell_holder_of(fact, at)
    told = Notice.objects.filter(about=f"objection:{made.pk}")
    assert sorted(told.values_list("event", flat=True)) == ["M2", "M3", "M3-asked", "M4", "M4b", "M6"]
    assert {each.to for each in told} == {"9123456780"}
    assert all(parts_of(each.text) <= PARTS_MAX[lang] + 1 for each in told), "a long test address may take one more"
    assert all(complaint.name not in each.text for each in told)
