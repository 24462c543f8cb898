"""A holder who was told of a hold is told when it ends, by the bank, once, with the sum and what stays."""

import datetime as dt

import pytest

from banking import LAKH, files, hold_answer, order, orders, release_done, says
from cast import NOON
from thaam.grievances.letting_know import tell_it_ended
from thaam.grievances.telling import tell_holder
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import order_release
from thaam.journal.models import Fact

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=2)


@pytest.mark.req("S1.7")
@pytest.mark.parametrize(
    ("ranges", "words"), [([(0, LAKH)], "You can use this money again"), ([(0, 40_000_00)], "₹60,000 stays")]
)
def test_the_holder_is_told_when_money_is_free_again(ranges, words):
    files()
    asked = order("DEMO2")
    says("DEMO2", hold_answer(asked))
    tell_holder(hold_id=asked.id, at=NOON)
    hold = Hold.objects.get(pk=asked.id)
    release = order_release(
        hold_id=hold.pk, reason="ordered", mandate=mandate_of(hold), by="officer:1", at=LATER, ranges=ranges
    )
    done = release_done(asked.id, *ranges, order_id=str(release.pk), reason="ordered", at=LATER)
    assert says("DEMO2", done, at=LATER) == ""
    fact = Fact.objects.get(kind="hold:released")
    before = len(orders("DEMO2", "Notice"))
    tell_it_ended(fact, LATER)
    tell_it_ended(fact, LATER)
    notices = orders("DEMO2", "Notice")
    assert len(notices) == before + 1
    assert words in notices[-1].words
    assert "रोक" in notices[-1].words
    assert "Asha" not in notices[-1].words


def test_a_holder_who_never_heard_of_a_hold_does_not_hear_of_its_end():
    files()
    asked = order("DEMO2")
    says("DEMO2", hold_answer(asked))
    hold = Hold.objects.get(pk=asked.id)
    release = order_release(hold_id=hold.pk, reason="ordered", mandate=mandate_of(hold), by="officer:1", at=LATER)
    says("DEMO2", release_done(asked.id, (0, LAKH), order_id=str(release.pk), reason="ordered", at=LATER), at=LATER)
    tell_it_ended(Fact.objects.get(kind="hold:released"), LATER)
    assert orders("DEMO2", "Notice") == []
