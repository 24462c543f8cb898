"""Random lives through the verbs and the database: what thousands show in memory (tests/money/test_marks.py), a sample
shows of the real tables, orders and facts: no rupee paid twice, none lost, none held past its end, and the books agree.
"""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.db import transaction

from banking import Rs, debit, files, hold_answer, order, orders, release_done, run_timers, says
from cast import NOON
from officers import approver, investigator
from thaam.chase.models import Claim, Partition
from thaam.complaints.progress import progress_of
from thaam.grievances.climbing import NotAtThisStage, forward
from thaam.grievances.deciding import decide
from thaam.grievances.lodging import lodge
from thaam.grievances.models import Objection
from thaam.holds.asking import mandate_of
from thaam.holds.models import Entry, Hold, Repayment
from thaam.holds.releasing import NothingHeld, RangeContested, RangeEarmarked, order_release
from thaam.holds.restoring import NotEarmarked
from thaam.holds.standing import parts_of
from thaam.holds.verifying import findings
from thaam.journal.ids import new_id
from thaam.money import ranges as sets
from thaam.money.partition import State
from thaam.restoration.approving import Decided, approve, refuse
from thaam.restoration.models import Restoration
from thaam.restoration.proposing import CompetingClaims, MoreThanLoss, NotTheirs, OverClaimed, propose
from thaam.restoration.sharing import BeforeCutOff, NothingToShare, claims_into, propose_shares, reckon
from thaam.wire import messages

pytestmark = pytest.mark.django_db
REASONS = "The bill, the delivery note and the messages agree with each other."
REFUSED = (
    NothingHeld, RangeContested, RangeEarmarked, NotEarmarked, NotTheirs, CompetingClaims, OverClaimed, MoreThanLoss,
    Decided, NotAtThisStage, BeforeCutOff, NothingToShare,
)  # fmt: skip
LIVES = 8
ACTS = 14


class Life:
    """Some victims of one account; dice decide who does what next. A refusal is an answer, an inconsistency is not."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.at = NOON
        self.complaints: list = []
        self.answered: set[str] = set()
        self.refused = 0

    def live(self) -> None:
        acts = (
            self.a_victim, self.a_victim, self.time_goes, self.an_objection, self.a_decision, self.a_release,
            self.a_proposal, self.a_share_out, self.a_second_officer, self.the_bank, self.the_bank,
        )  # fmt: skip
        self.a_victim()
        for _ in range(ACTS):
            try:
                with transaction.atomic():
                    self.dice.choice(acts)()
            except REFUSED:
                self.refused += 1
            self.check()

    def a_victim(self) -> None:
        if len(self.complaints) >= 4:
            return
        number = len(self.complaints)
        paise = Rs(self.dice.randint(1_000, 9_000))
        self.at += dt.timedelta(minutes=1)
        filed = files(
            debit(paise, reference=f"UTR{number}"), name=f"V{number}", mobile=f"98765{number:05d}", at=self.at
        )
        kept = self.dice.choice([0, paise // 2, paise])
        lines = [messages.Line("held", 0, kept, lien_reference="L")] if kept else []
        if kept < paise:
            lines.append(messages.Line("terminal", kept, paise, terminal_kind="CASH_ATM", particulars="ATM 4"))
        says("DEMO2", hold_answer(order("DEMO2"), *lines), at=self.at)
        Hold.objects.filter(reference=filed.number).update(
            provisional=False, expires_at=self.at + dt.timedelta(days=60)
        )
        self.complaints.append(filed)

    def time_goes(self) -> None:
        self.at += dt.timedelta(days=self.dice.choice([1, 10, 31]))
        if self.dice.random() < 0.5:
            run_timers(self.at)

    def a_hold(self) -> Hold:
        return self.dice.choice(list(Hold.objects.order_by("asked_at")))

    def an_objection(self) -> None:
        lodge(
            objection_id=new_id(), hold_id=self.a_hold().pk, reason="goods", words="", name="C", mobile="9123456780",
            lang="hi", at=self.at,
        )  # fmt: skip

    def a_decision(self) -> None:
        waiting = Objection.objects.filter(closed_at=None).first()
        if waiting is None:
            return
        if waiting.stage == "bank":
            forward(objection_id=waiting.pk, bank="DEMO2", words="seen", by="bank:DEMO2", at=self.at)
        outcome = self.dice.choice(["upheld", "rejected", "partly_upheld"])
        held = waiting.hold.held_at(self.at)
        release = sets.top(held, sets.total(held) // 2) if outcome == "partly_upheld" else None
        decide(
            objection_id=waiting.pk,
            officer=investigator(),
            outcome=outcome,
            reasons=REASONS,
            at=self.at,
            release=release,
        )

    def a_release(self) -> None:
        hold = self.a_hold()
        some = sets.bottom(hold.held_at(self.at), Rs(self.dice.randint(1, 3_000)))
        order_release(
            hold_id=hold.pk, ranges=some, reason="holder_cleared", mandate=mandate_of(hold), by="officer:1", at=self.at
        )

    def a_proposal(self) -> None:
        claim = self.dice.choice(list(Claim.objects.all()))
        propose(
            restoration_id=new_id(), claim_id=claim.pk, hold_id=self.a_hold().pk, to_bank="DEMO1", to_account="A",
            officer=investigator(), words="w", at=self.at,
        )  # fmt: skip

    def a_share_out(self) -> None:
        book = self.a_hold().book
        made = reckon(
            share_out_id=new_id(), book_id=book.pk, officer=investigator(), words="w", at=self.at,
            method=self.dice.choice(["pro_rata", "first_come", "traced"]),
        )  # fmt: skip
        accounts = {claim.pk: ("DEMO1", "A") for claim in claims_into(book)}
        propose_shares(share_out_id=made.pk, accounts=accounts, officer=investigator(), fir_number="1", at=self.at)

    def a_second_officer(self) -> None:
        waiting = Restoration.objects.filter(repayment=None, refused_at=None).order_by("proposed_at").first()
        if waiting is None:
            return
        if self.dice.random() < 0.25:
            refuse(restoration_id=waiting.pk, officer=approver(), words="papers missing", at=self.at)
        else:
            approve(restoration_id=waiting.pk, officer=approver(), at=self.at)

    def the_bank(self) -> None:
        """The bank takes one order it has not answered: amendments first, as a mailbox is in order."""
        for kind in ("AmendOrder", "ReleaseOrder", "RestoreOrder"):
            for asked in orders("DEMO2", kind):
                if asked.id in self.answered:
                    continue
                self.answered.add(asked.id)
                self.answer(kind, asked)
                return

    def answer(self, kind: str, asked: object) -> None:
        if kind == "AmendOrder":
            says("DEMO2", messages.Acknowledged(new_id(), asked.id, self.at), at=self.at)
            return
        hold = Hold.objects.get(pk=asked.hold_order_id)
        here = sets.intersect([(each.lo, each.hi) for each in asked.ranges], hold.held_at(self.at))
        if here != tuple((each.lo, each.hi) for each in asked.ranges) or self.dice.random() < 0.15:
            says("DEMO2", messages.CannotMatch(new_id(), asked.id, self.at, "not_found", "x"), at=self.at)
        elif kind == "ReleaseOrder":
            done = release_done(asked.hold_order_id, *here, order_id=asked.id, reason="ordered", at=self.at)
            says("DEMO2", done, at=self.at)
        else:
            paid = messages.PaymentId("IMPS", f"B{asked.id[:8]}", self.at.date(), asked.amount_paise, "DEMO2", "DEMO1")
            says(
                "DEMO2",
                messages.RestoreDone(
                    id=new_id(), order_id=asked.id, answered_at=self.at, hold_order_id=asked.hold_order_id,
                    ranges=asked.ranges, amount_paise=asked.amount_paise, payment=paid,
                ),
                at=self.at,
            )  # fmt: skip

    def check(self) -> None:
        paid_paise = 0
        for hold in Hold.objects.all():
            parts = parts_of(hold, at=self.at)
            assert all(each.name.hi and each.next.en and each.by_at for each in parts)
            ever = sum(entry.amount_paise for entry in hold.entries.filter(kind=Entry.Type.HELD))
            assert sum(each.paise for each in parts) == ever, "a paisa is lost, or in two places"
            taken = [entry.ranges for entry in hold.entries.exclude(kind=Entry.Type.HELD)]
            assert sum(map(sets.total, taken)) == sets.total(sets.union(*taken)), "a paisa ended twice"
            if self.at >= hold.expires_at:
                assert hold.held_at(self.at) == ()
            paid_paise += sum(entry.amount_paise for entry in hold.entries.filter(kind=Entry.Type.RESTORED))
        back = 0
        for partition in Partition.objects.select_related("claim"):
            totals = partition.account().totals()
            assert sum(totals.values()) == partition.claim.amount_paise
            assert totals[State.RETURNED] + totals[State.RESTORED] <= partition.claim.amount_paise
            back += totals[State.RESTORED]
        assert back == paid_paise == sum(sets.total(each.ranges) for each in Repayment.objects.exclude(paid_at=None)), (
            "what victims have is what the books let go, and what the banks paid"
        )
        for complaint in self.complaints:
            assert sum(progress_of(complaint, self.at).totals.values()) == complaint.debits.get().amount_paise


@pytest.mark.req("S0.9", "S0.10", "S1.7", "S1.17")
@pytest.mark.parametrize("seed", range(LIVES))
def test_random_lives_through_the_verbs_keep_every_paisa_once(seed):
    life = Life(seed)
    life.live()
    assert list(findings()) == []
