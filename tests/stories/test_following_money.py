"""What happens to stolen money, from the report to the last rupee: real ledgers, real nodes, signed messages."""

from dataclasses import replace

import pytest

from banking import Rs
from officers import approver, investigator
from thaam.complaints.correcting import withdraw
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import order_release
from thaam.journal.ids import new_id
from thaam.restoration.approving import approve
from thaam.restoration.proposing import propose


@pytest.mark.req("S0.8", "S1.3")
def test_money_that_hopped_once_is_held_at_both_banks(world):
    asha = world.victim()
    debit = world.stolen(asha, Rs(1_00_000), to="B/balu")
    world.pays(Rs(70_000), frm="B/balu", to="C/m7")

    complaint = world.files(asha, debit)
    assert world.states(complaint) == {"asked": Rs(1_00_000)}
    world.run_until_quiet()

    assert world.states(complaint) == {"held": Rs(1_00_000)}
    assert (world.lien("B/balu"), world.lien("C/m7")) == (Rs(30_000), Rs(70_000))
    world.check_books()


@pytest.mark.req("S0.8")
def test_cash_is_gone_with_its_machine_and_the_rest_is_held_three_hops_on(world):
    asha = world.victim()
    debit = world.stolen(asha, Rs(90_000), to="B/m1")
    world.pays(Rs(60_000), frm="B/m1", to="C/m2", channel="IMPS")
    world.pays(Rs(45_000), frm="C/m2", to="C/m3")
    world.spends(Rs(20_000), of="C/m3")

    complaint = world.files(asha, debit)
    world.run_until_quiet()

    assert world.states(complaint) == {"held": Rs(70_000), "gone": Rs(20_000)}
    assert [world.lien(name) for name in ("B/m1", "C/m2", "C/m3")] == [Rs(30_000), Rs(15_000), Rs(25_000)]
    world.check_books()


@pytest.mark.req("S1.7")
def test_an_innocent_holder_keeps_what_was_never_stolen(world):
    asha = world.victim()
    world.account("B/charu", opening=Rs(80_000))
    debit = world.stolen(asha, Rs(10_000), to="B/charu")

    world.files(asha, debit)
    world.run_until_quiet()

    assert world.lien("B/charu") == Rs(10_000)
    assert world.available("B/charu") == Rs(80_000)


@pytest.mark.req("S1.7")
def test_a_hold_nobody_confirms_ends_by_the_banks_own_clock(world):
    asha = world.victim()
    debit = world.stolen(asha, Rs(50_000), to="B/balu")
    stranger = world.victim("ravi", bank="D")
    complaint = world.files(stranger, debit)  # whose mobile is not the account's
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(50_000)}

    world.later(hours=24)
    assert world.states(complaint) == {"released": Rs(50_000)}, "before anybody has acted"
    world.nodes["B"].client.transport, platform = None, world.nodes["B"].client.transport
    world.nodes["B"]._inside()  # the platform cannot be reached
    assert world.lien("B/balu") == 0
    world.nodes["B"].client.transport = platform
    world.run_until_quiet()
    assert world.states(complaint) == {"released": Rs(50_000)}
    world.check_books()


@pytest.mark.req("S1.7")
def test_a_confirmed_hold_lives_ninety_days_and_then_ends(world):
    asha = world.victim()
    complaint = world.files(asha, world.stolen(asha, Rs(50_000), to="B/balu"))
    world.run_until_quiet()
    world.later(days=89)
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(50_000)} and world.lien("B/balu") == Rs(50_000)
    world.later(days=1)
    world.run_until_quiet()
    assert world.states(complaint) == {"released": Rs(50_000)} and world.lien("B/balu") == 0


@pytest.mark.req("S1.7")
def test_an_officer_lets_an_innocent_holder_have_the_money(world):
    asha = world.victim()
    complaint = world.files(asha, world.stolen(asha, Rs(20_000), to="B/charu"))
    world.run_until_quiet()
    hold = Hold.objects.get()

    order_release(
        hold_id=hold.pk, reason="holder_cleared", words="sold a phone, showed the bill", mandate=mandate_of(hold),
        by=f"officer:{investigator().pk}", at=world.at,
    )  # fmt: skip
    assert world.states(complaint) == {"held": Rs(20_000)}, "until the bank has let go"
    world.run_until_quiet()

    assert world.states(complaint) == {"released": Rs(20_000)}
    assert world.available("B/charu") == Rs(20_000)
    world.check_books()


@pytest.mark.req("S0.10", "S1.17")
def test_two_officers_give_asha_her_money_back(world):
    asha = world.victim(opening=Rs(40_000))
    complaint = world.files(asha, world.stolen(asha, Rs(40_000), to="B/balu"))
    world.run_until_quiet()
    assert world.available("A/asha") == 0

    restoration = propose(
        restoration_id=new_id(), claim_id=world.claims(complaint)[0].pk, hold_id=Hold.objects.get().pk, to_bank="A",
        to_account="asha", officer=investigator(), words="papers checked", at=world.at,
    )  # fmt: skip
    approve(restoration_id=restoration.pk, officer=approver(), at=world.at)
    world.run_until_quiet()

    assert world.states(complaint) == {"restored": Rs(40_000)}
    assert world.available("A/asha") == Rs(40_000) and world.lien("B/balu") == 0
    world.check_books()


def test_two_victims_over_the_same_rupees_are_one_hold(world):
    asha, ravi = world.victim(), world.victim("ravi", bank="B", opening=0)
    first = world.stolen(asha, Rs(60_000), to="B/ravi")  # Asha's money went into Ravi's account
    second = world.stolen(ravi, Rs(60_000), to="C/m7")  # and was stolen again from there

    hers, his = world.files(asha, first), world.files(ravi, second)
    world.run_until_quiet()
    assert world.states(hers) == world.states(his) == {"held": Rs(60_000)}
    assert world.lien("C/m7") == Rs(60_000)

    withdraw(complaint_id=his.pk, words="", by="citizen", at=world.at)
    world.run_until_quiet()
    assert world.states(his) == {"released": Rs(60_000)} and world.states(hers) == {"held": Rs(60_000)}
    assert world.lien("C/m7") == Rs(60_000)
    world.check_books()

    withdraw(complaint_id=hers.pk, words="", by="citizen", at=world.at)
    world.run_until_quiet()
    assert world.lien("C/m7") == 0


def test_a_payment_on_its_way_is_held_when_it_arrives(world):
    asha = world.victim()
    world.account("B/balu")
    debit = world.stolen(asha, Rs(30_000), to="B/balu", channel="NEFT", delay=3600)
    complaint = world.files(asha, debit)
    world.run_until_quiet()
    assert world.states(complaint) == {"asked": Rs(30_000)}
    world.later(hours=1)
    world.host.carry()
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(30_000)}


def test_a_debit_that_never_was_holds_nothing_of_anybody(world):
    ravi = world.victim("ravi")
    true = world.stolen(ravi, Rs(30_000), to="B/balu")
    false = type(true)(**{name: getattr(true, name) for name in true.__slots__} | {"reference": "NOSUCHPAYMENT"})
    complaint = world.files(ravi, false)
    world.run_until_quiet()
    world.later(days=5)
    world.run_until_quiet()
    assert world.states(complaint) == {"unexplained": Rs(30_000)}
    assert world.lien("B/balu") == 0


def test_a_victim_who_does_not_know_the_payees_bank_is_helped_all_the_same(world):
    asha = world.victim()
    told = world.stolen(asha, Rs(30_000), to="B/balu")
    told = type(told)(**{name: getattr(told, name) for name in told.__slots__} | {"payee_bank": ""})
    complaint = world.files(asha, told)
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(30_000)}


def test_a_bank_that_slept_is_asked_again(world):
    asha = world.victim()
    complaint = world.files(asha, world.stolen(asha, Rs(30_000), to="B/balu"))
    world.run_until_quiet(only=("A", "C", "D"))
    world.later(hours=30)
    world.run_until_quiet(only=("A", "C", "D"))
    assert world.states(complaint) == {"asked": Rs(30_000)}
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(30_000)}
    world.check_books()


@pytest.mark.req("S1.7")
def test_a_victim_who_takes_imps_for_upi_is_understood(world):
    asha = world.victim()
    told = replace(world.stolen(asha, Rs(1_20_000), to="B/balu", channel="IMPS"), rail="UPI")
    complaint = world.files(asha, told)
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(1_20_000)}
    assert world.lien("B/balu") == Rs(1_20_000)
    world.check_books()
