"""Many answers of one transaction: the chase goes on once, when all of them are in; one by one it comes to the same."""

import pytest

from banking import LAKH, Rs, files, hold_answer, located, onward, order, orders, paid, says, states
from cast import NOON
from thaam.holds.models import Hold
from thaam.journal.models import Fact
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Answer
from thaam.project.loops import joined, take_some
from thaam.wire import codec
from thaam.wire.parts import Line as Said
from thaam.wire.parts import Range

pytestmark = pytest.mark.django_db


def kept(bank_code, *messages):
    for message in messages:
        keep(partner=bank_code, message=message, raw=codec.encode(message), jws="test", at=NOON)


def a_trail_that_parts_and_meets():
    """Two payments to DEMO3, whose paise went on to DEMO4 in a single one; both answers wait to be taken."""
    complaint = files()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    small, large = paid(Rs(40_000), reference="IMPS1"), paid(Rs(60_000), reference="IMPS2")
    says("DEMO2", hold_answer(order("DEMO2"), onward(0, Rs(40_000), small), onward(Rs(40_000), LAKH, large)))
    first, second = sorted(orders("DEMO3"), key=lambda each: each.amount_paise)
    on = paid(Rs(80_000), reference="IMPS3", payer="DEMO3", payee="DEMO4")
    kept(
        "DEMO3",
        hold_answer(first, Said("held", 0, Rs(10_000)), onward(Rs(10_000), Rs(40_000), on)),
        hold_answer(second, Said("held", 0, Rs(10_000)), onward(Rs(10_000), Rs(60_000), on, Rs(30_000))),
    )
    return complaint


def advanced():
    return Fact.objects.filter(kind="chase:advanced").count()


@pytest.mark.req("S0.8")
def test_paise_that_two_answers_name_are_one_question_to_their_bank():
    complaint = a_trail_that_parts_and_meets()
    before = advanced()
    assert take_some(joined(), at=NOON) == 2
    assert [each.ranges for each in orders("DEMO4")] == [(Range(0, Rs(80_000)),)]
    assert states(complaint) == {"held": Rs(20_000), "asked": Rs(80_000)}
    assert advanced() == before + 1, "the account was written once"
    assert not Answer.objects.filter(settled_at=None).exists()


def test_one_by_one_the_same_paise_are_held_and_asked_for():
    complaint = a_trail_that_parts_and_meets()
    while take_some(joined(), at=NOON, limit=1):
        pass
    assert {each.ranges for each in orders("DEMO4")} == {(Range(0, Rs(30_000)),), (Range(Rs(30_000), Rs(80_000)),)}
    assert states(complaint) == {"held": Rs(20_000), "asked": Rs(80_000)}


def test_a_refused_answer_among_them_takes_nothing_from_its_neighbours():
    complaint = a_trail_that_parts_and_meets()
    Hold.objects.filter(pk=orders("DEMO3")[0].id).update(bank_id="DEMO1")  # as if it had gone to another bank
    assert take_some(joined(), at=NOON) == 2
    assert set(Answer.objects.filter(partner="DEMO3").values_list("refused", flat=True)) == {"", "not_your_order"}
    assert states(complaint)["held"] == Rs(10_000)
