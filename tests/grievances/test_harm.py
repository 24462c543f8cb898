"""What wrong holds cost is counted from the book and published by bank."""

import datetime as dt

import pytest

from banking import LAKH, Rs, debit, files, hold_answer, order, release_done, says
from cast import NOON, running_as
from thaam.grievances.climbing import forward
from thaam.grievances.harm import accuracy_by_channel, harm_by_bank, harm_by_unit, harm_of, harms, share_of_balance
from thaam.grievances.lodging import lodge
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import order_release
from thaam.journal.ids import new_id

pytestmark = pytest.mark.django_db


def released(hold, paise, reason, at):
    release = order_release(
        hold_id=hold.pk, ranges=[(0, paise)], reason=reason, mandate=mandate_of(hold), by="officer:1", at=at
    )
    says(
        hold.bank_id,
        release_done(str(hold.pk), (0, paise), order_id=str(release.pk), reason="ordered", at=at),
        at=at,
    )


@pytest.mark.req("S0.9")
def test_rupee_minutes_run_while_money_is_held_and_stop_with_the_holds_end():
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    hold = Hold.objects.get()
    released(hold, Rs(40_000), "holder_cleared", NOON + dt.timedelta(minutes=30))
    harm = harm_of(Hold.objects.get(), at=NOON + dt.timedelta(minutes=60))
    assert harm.rupee_minutes == 100_000 * 30 + 60_000 * 30
    assert (harm.cleared_paise, harm.minutes_to_clear) == (Rs(40_000), 30)
    assert harm.cleared_rupee_minutes == 40_000 * 30
    end = Hold.objects.get().expires_at
    assert harm_of(Hold.objects.get(), at=end + dt.timedelta(days=9)) == harm_of(Hold.objects.get(), at=end)


def test_a_release_that_does_not_clear_the_holder_is_no_wrong_hold():
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    released(Hold.objects.get(), LAKH, "victim_made_good", NOON + dt.timedelta(minutes=5))
    harm = harm_of(Hold.objects.get(), at=NOON + dt.timedelta(hours=1))
    assert (harm.cleared_paise, harm.minutes_to_clear, harm.rupee_minutes) == (0, None, 500_000)


def test_banks_are_listed_with_the_most_wrongly_held_first():
    files(debit(reference="A1"))
    says("DEMO2", hold_answer(order("DEMO2")))
    files(debit(Rs(10_000), reference="A2", payee_bank="DEMO3"))
    says("DEMO3", hold_answer(order("DEMO3"), account="ACC3"))
    later = NOON + dt.timedelta(minutes=10)
    released(Hold.objects.get(bank="DEMO3"), Rs(10_000), "objection_upheld", later)
    rows = harm_by_bank(from_at=NOON, to_at=later, at=later)
    assert [(row.bank, row.holds, row.cleared_holds, row.cleared_paise) for row in rows] == [
        ("DEMO3", 1, 1, Rs(10_000)),
        ("DEMO2", 1, 0, 0),
    ]
    assert rows[0].median_minutes_to_clear == 10
    assert harm_by_bank(from_at=later, to_at=later + dt.timedelta(days=1), at=later) == []


@pytest.mark.req("S0.9")
def test_each_hold_tells_minutes_share_of_balance_and_time_to_clear_and_units_and_channels_add_up():
    """Published at no desk: groups and shares, no balance and nobody's name."""
    files(debit(reference="A1"))
    says("DEMO2", hold_answer(order("DEMO2")))
    hold = Hold.objects.get()
    objection = lodge(
        objection_id=new_id(),
        hold_id=hold.pk,
        reason="goods",
        words="",
        name="C",
        mobile="9123456780",
        lang="hi",
        at=NOON,
    ).objection
    forward(objection_id=objection.pk, bank="DEMO2", words="x", by="b", at=NOON, usable_paise=Rs(3_00_000))
    later = NOON + dt.timedelta(minutes=10)
    release = order_release(
        hold_id=hold.pk,
        reason="objection_upheld",
        mandate=mandate_of(hold),
        decides_objection=True,
        by="officer:1",
        at=later,
    )
    says("DEMO2", release_done(str(hold.pk), (0, LAKH), order_id=str(release.pk), reason="ordered", at=later), at=later)
    files(debit(Rs(10_000), reference="A2"), channel="1930", mobile="9123456789", at=later)
    until = later + dt.timedelta(minutes=1)
    with running_as("thaam_app"):
        (harm,) = [each for each in harms(from_at=NOON, to_at=until, at=until) if each.held_paise_most]
        assert (harm.minutes_held, harm.minutes_to_clear, harm.unit) == (10, 10, hold.office)
        assert share_of_balance(harm) == pytest.approx(0.25)
        (unit,) = harm_by_unit(from_at=NOON, to_at=until, at=until)
        assert (unit.holds, unit.cleared_holds, unit.cleared_percent) == (1, 1, 100)
        rows = {row.channel: row for row in accuracy_by_channel(from_at=NOON, to_at=until)}
    assert (rows["web"].reports, rows["web"].holds, rows["web"].wrong, rows["web"].percent_right) == (1, 1, 1, 0)
    assert (rows["1930"].reports, rows["1930"].holds, rows["1930"].percent_right) == (1, 0, None)


@pytest.mark.req("S0.9")
def test_a_hold_found_wrong_that_the_bank_does_not_lift_goes_on_hurting_until_it_ends():
    """Cleared on paper is not cleared in life: the bank's silence counts, and an end by the clock hides nothing."""
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    hold = Hold.objects.get()
    order_release(
        hold_id=hold.pk, ranges=[(0, Rs(40_000))], reason="objection_upheld", mandate=mandate_of(hold),
        decides_objection=True, by="officer:1", at=NOON + dt.timedelta(minutes=10),
    )  # fmt: skip
    harm = harm_of(hold, at=NOON + dt.timedelta(minutes=60))
    assert (harm.cleared_paise, harm.minutes_to_clear) == (Rs(40_000), 60)
    end = hold.expires_at
    lasted = (end - NOON).total_seconds() / 60
    for at in (end, end + dt.timedelta(days=3)):
        harm = harm_of(hold, at=at)
        assert (harm.cleared_paise, harm.minutes_to_clear) == (Rs(40_000), lasted)
    (row,) = harm_by_bank(from_at=NOON, to_at=end, at=end)
    assert (row.cleared_holds, row.cleared_paise) == (1, Rs(40_000))
