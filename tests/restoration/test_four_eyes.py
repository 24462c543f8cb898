"""Money moves on the word of two: every pair of roles, the same person in two roles, at each step, by every way."""

from __future__ import annotations

import itertools

import pytest

from banking import Rs, debit, files, hold_answer, order, orders, says
from cast import NOON
from officers import investigator, office
from thaam.chase.models import Claim
from thaam.holds.models import Hold
from thaam.holds.restoring import SameOfficer
from thaam.journal.ids import new_id
from thaam.parties.models import Officer
from thaam.restoration.approving import approve
from thaam.restoration.models import Restoration, Reversal
from thaam.restoration.proposing import propose
from thaam.restoration.recovering import approve_recovery, enter_recovery, share_recovery
from thaam.restoration.reversing import approve_reversal, propose_reversal
from thaam.restoration.roles import NotAllowed

pytestmark = pytest.mark.django_db
ROLES = list(Officer.Role.values)
PROPOSE, SECOND, HIGH = {"investigator", "supervisor"}, {"approver", "supervisor"}, {"approver"}
LIMIT = Rs(50_000)


def person(role, number):
    made, _ = Officer.objects.get_or_create(username=f"{role}{number}", defaults={"role": role, "office": office()})
    return made


def held(paise):
    complaint = files(debit(paise))
    says("DEMO2", hold_answer(order("DEMO2")))
    return complaint, Hold.objects.get()


def proposed(complaint, hold, who):
    return propose(
        restoration_id=new_id(), claim_id=complaint.debits.get().pk, hold_id=hold.pk, to_bank="DEMO1", to_account="A",
        officer=who, words="w", at=NOON, fir_number="1/26",
    )  # fmt: skip


@pytest.mark.req("S1.17")
@pytest.mark.parametrize("paise", [LIMIT, LIMIT + 1])
def test_no_pair_of_roles_restores_but_those_of_the_rule(paise):
    complaint, hold = held(paise)
    ordered = 0
    for first, second in itertools.product(ROLES, ROLES):
        one = person(first, 1)
        if first not in PROPOSE:
            with pytest.raises(NotAllowed):
                proposed(complaint, hold, one)
            continue
        made = proposed(complaint, hold, one)
        may = second in (SECOND if paise <= LIMIT else HIGH)
        if may:
            approve(restoration_id=made.pk, officer=person(second, 2), at=NOON)
            ordered += 1
        else:
            with pytest.raises(NotAllowed):
                approve(restoration_id=made.pk, officer=person(second, 2), at=NOON)
        assert len(orders("DEMO2", "RestoreOrder")) == ordered
        # as it was: the next pair begins anew
        made.refresh_from_db()
        Restoration.objects.filter(pk=made.pk).update(refused_at=NOON)
        Hold.objects.update(earmarked=())
        hold.repayments.update(refused_at=NOON)
    assert ordered == len(PROPOSE) * len(SECOND if paise <= LIMIT else HIGH)


@pytest.mark.parametrize("role", ROLES)
def test_one_person_is_never_two_whatever_roles_they_are_given_in_between(role):
    """Promoted or moved between the two steps, the proposer stays the proposer."""
    complaint, hold = held(Rs(40_000))
    who = investigator()
    made = proposed(complaint, hold, who)
    Officer.objects.filter(pk=who.pk).update(role=role)
    who.refresh_from_db()
    with pytest.raises((SameOfficer, NotAllowed)):
        approve(restoration_id=made.pk, officer=who, at=NOON)
    assert not orders("DEMO2", "RestoreOrder")


@pytest.mark.parametrize("role", ROLES)
def test_who_has_left_approves_nothing(role):
    complaint, hold = held(Rs(40_000))
    made = proposed(complaint, hold, investigator())
    gone = person(role, 3)
    gone.is_active = False
    gone.save()
    with pytest.raises(NotAllowed):
        approve(restoration_id=made.pk, officer=gone, at=NOON)


def test_no_pair_of_roles_reverses_or_pays_out_a_recovery_but_those_of_the_rule():
    complaint, hold = held(Rs(40_000))
    made = approve(restoration_id=proposed(complaint, hold, investigator()).pk, officer=person("approver", 9), at=NOON)
    hold.repayments.update(paid_at=NOON)
    made.refresh_from_db()
    for first, second in itertools.product(ROLES, ROLES):
        reversal = Reversal.objects.create(
            id=new_id(), restoration=made, ground="court", words="w", contested_by="holder", contested_at=NOON
        )
        why = "The reasons are long enough to be reasons."
        if first in PROPOSE:
            propose_reversal(reversal_id=reversal.pk, officer=person(first, 1), reasons=why, at=NOON)
            if second in SECOND:
                approve_reversal(reversal_id=reversal.pk, officer=person(second, 2), at=NOON)
            else:
                with pytest.raises(NotAllowed):
                    approve_reversal(reversal_id=reversal.pk, officer=person(second, 2), at=NOON)
        else:
            with pytest.raises(NotAllowed):
                propose_reversal(reversal_id=reversal.pk, officer=person(first, 1), reasons=why, at=NOON)
        reversal.delete()


def test_a_recovery_is_approved_by_no_role_but_those_of_the_rule_and_never_by_its_proposer():
    complaint = files(debit(Rs(40_000)))
    from thaam.wire.parts import Line as Said

    gone = Said("terminal", 0, Rs(40_000), terminal_kind="CASH_ATM", particulars="ATM 4")
    says("DEMO2", hold_answer(order("DEMO2"), gone))
    seized = enter_recovery(
        recovery_id=new_id(), amount_paise=Rs(40_000), recovered_on=NOON.date(), memo="1", kept_at="treasury", words="",
        officer=investigator(), at=NOON,
    )  # fmt: skip
    claim = Claim.objects.get(chase_id=complaint.pk)
    boss = person("supervisor", 1)
    (made,) = share_recovery(
        recovery_id=seized.pk, claims=[claim], accounts={claim.pk: ("DEMO1", "A")}, officer=boss, words="w", at=NOON
    )
    with pytest.raises(SameOfficer):
        approve_recovery(restoration_id=made.pk, officer=boss, at=NOON)
    for role in ROLES:
        if role not in SECOND:
            with pytest.raises(NotAllowed):
                approve_recovery(restoration_id=made.pk, officer=person(role, 2), at=NOON)
    assert approve_recovery(restoration_id=made.pk, officer=person("supervisor", 2), at=NOON).state == "approved"
