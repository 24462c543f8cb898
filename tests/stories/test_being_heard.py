"""What happens to people whose money is held wrongly, and to several victims of one account, on real ledgers."""

import pytest

from banking import Rs
from officers import approver, investigator, officer
from thaam.chase.models import Claim
from thaam.grievances.climbing import forward
from thaam.grievances.deciding import decide
from thaam.grievances.lodging import lodge
from thaam.grievances.models import Objection, Told
from thaam.grievances.opening import ask_to_open, look
from thaam.grievances.telling import hold_of_code, tell_holder
from thaam.holds.models import Book, Hold
from thaam.holds.verifying import findings
from thaam.journal.ids import new_id
from thaam.restoration.approving import approve
from thaam.restoration.proposing import propose
from thaam.restoration.reversing import approve_reversal, contest, propose_reversal
from thaam.restoration.sharing import claims_into, propose_shares, reckon
from thaam.world.toybank.refusals import Refused

REASONS = "Charu sold a phone that day; bill, delivery note and the buyer's messages agree."


@pytest.mark.req("S0.9", "S1.7")
def test_charu_sold_a_phone_and_gets_her_money_back(world):
    asha = world.victim()
    world.account("C/charu", opening=Rs(5_000))
    debit = world.stolen(asha, Rs(30_000), to="B/balu")
    world.pays(Rs(18_000), frm="B/balu", to="C/charu")  # Balu buys a phone with Asha's money
    complaint = world.files(asha, debit)
    world.run_until_quiet()
    assert world.available("C/charu") == Rs(5_000)

    hold = Hold.objects.get(bank="C")
    tell_holder(hold_id=hold.pk, at=world.at)
    assert hold_of_code(Told.objects.get(hold=hold).code) == hold
    lodge(
        objection_id=new_id(), hold_id=hold.pk, reason="goods", words="मैंने फ़ोन बेचा था", name="Charu",
        mobile="9123456780", lang="hi", at=world.at,
    )  # fmt: skip
    world.later(days=2)
    objection = Objection.objects.get()
    forward(objection_id=objection.pk, bank="C", words="known for 12 years", by="bank:C", at=world.at)
    decide(objection_id=objection.pk, officer=investigator(), outcome="upheld", reasons=REASONS, at=world.at)
    world.run_until_quiet()

    assert world.available("C/charu") == Rs(23_000)
    assert world.states(complaint) == {"held": Rs(12_000), "released": Rs(18_000)}
    world.check_books()


@pytest.mark.req("S1.7")
def test_charus_whole_account_is_opened_by_her_banks_own_node_and_only_the_disputed_sum_stays(world):
    asha = world.victim()
    world.account("C/charu", opening=Rs(50_000))
    debit = world.stolen(asha, Rs(30_000), to="B/balu")
    world.pays(Rs(6_400), frm="B/balu", to="C/charu")
    complaint = world.files(asha, debit)
    world.run_until_quiet()
    bank = world.host.bank("C")
    bank.freeze_account(id="branch-zeal", account="charu", on=True)  # the branch stopped everything
    with pytest.raises(Refused):
        world.spends(Rs(100), of="C/charu")

    hold = Hold.objects.get(bank="C")
    objection = lodge(
        objection_id=new_id(), hold_id=hold.pk, reason="whole_account", words="", name="Charu", mobile="9123456780",
        lang="hi", at=world.at,
    ).objection  # fmt: skip
    opening = ask_to_open(objection_id=objection.pk, at=world.at)
    world.run_until_quiet()

    assert not bank.account(account="charu")["frozen"]
    assert (world.available("C/charu"), world.lien("C/charu")) == (Rs(50_000), Rs(6_400))
    world.spends(Rs(100), of="C/charu")
    look({"opening_id": str(opening.pk)}, world.at)
    opening.refresh_from_db()
    assert opening.done_at is not None and opening.done_at <= opening.due_at
    assert world.states(complaint)["held"] == Rs(30_000)
    assert sum(each.held_paise for each in Hold.objects.filter(bank="C")) == Rs(6_400), "held once"
    world.check_books()


@pytest.mark.req("S0.10")
def test_a_restoration_that_was_wrong_is_reversed_and_every_book_still_adds_up(world):
    asha = world.victim()
    world.account("C/charu", opening=Rs(5_000))
    debit = world.stolen(asha, Rs(30_000), to="B/balu")
    world.pays(Rs(18_000), frm="B/balu", to="C/charu")
    complaint = world.files(asha, debit)
    world.run_until_quiet()
    claim = Claim.objects.get(chase_id=complaint.pk)
    one = propose(
        restoration_id=new_id(), claim_id=claim.pk, hold_id=Hold.objects.get(bank="C").pk, to_bank="A",
        to_account="asha", officer=investigator(), words="papers checked", at=world.at,
    )  # fmt: skip
    approve(restoration_id=one.pk, officer=approver(), at=world.at)
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(12_000), "restored": Rs(18_000)}

    made = contest(
        reversal_id=new_id(), restoration_id=one.pk, ground="holder_right", words="Charu sold a phone", by="holder",
        at=world.at,
    )  # fmt: skip
    propose_reversal(reversal_id=made.pk, officer=officer("second", "investigator"), reasons=REASONS, at=world.at)
    approve_reversal(reversal_id=made.pk, officer=officer("sp", "approver"), at=world.at)
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(12_000), "released": Rs(18_000)}
    world.check_books()
    assert list(findings()) == []


@pytest.mark.req("S0.10", "S1.17")
def test_three_victims_of_one_mule_share_what_is_left(world):
    complaints, victims = [], []
    for number, rupees in enumerate((60_000, 30_000, 10_000)):
        victim = world.victim(f"v{number}", opening=Rs(rupees))
        complaints.append((victim, world.stolen(victim, Rs(rupees), to="B/balu")))
        victims.append(victim)
    world.spends(Rs(80_000), of="B/balu")  # the newest money goes first: 20,000 of the oldest are left
    filed = [world.files(victim, debit) for victim, debit in complaints]
    world.run_until_quiet()
    assert [world.states(complaint).get("held", 0) for complaint in filed] == [Rs(20_000), 0, 0]

    world.later(days=31)
    made = reckon(
        share_out_id=new_id(), book_id=Book.objects.get(bank="B").pk, officer=investigator(), method="pro_rata",
        words="three victims, one account, nothing else found", at=world.at,
    )  # fmt: skip
    accounts = {claim.pk: ("A", victims[number].name) for number, claim in _numbered(filed, claims_into(made.book))}
    for one in propose_shares(
        share_out_id=made.pk, accounts=accounts, officer=investigator(), fir_number="31/2026", at=world.at
    ):
        approve(restoration_id=one.pk, officer=approver(), at=world.at)
    world.run_until_quiet()

    assert [world.available(victim.account) for victim in victims] == [Rs(12_000), Rs(6_000), Rs(2_000)]
    assert [world.states(complaint)["restored"] for complaint in filed] == [Rs(12_000), Rs(6_000), Rs(2_000)]
    assert world.lien("B/balu") == 0
    world.check_books()


def _numbered(filed, claims):
    """Each claim with the place of its complaint."""
    places = {complaint.pk: number for number, complaint in enumerate(filed)}
    return [(places[claim.chase_id], claim) for claim in claims]
