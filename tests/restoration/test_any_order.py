"""Random lives through the production verbs and the database, against single paise kept by plain sets and ifs.

The verbs act; the model looks only at what leaves the house (orders in the bank's mailbox, promises, payments) and at
the clock, and says of every one of them whether it was allowed. After every act the books have to say paisa for paisa
what the model says: none is paid twice, none lost, none held past its end (in half of the lives no loop ever runs),
and every state that was reached has a name, a next step and a date. Some lives always, two thousand with --long.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import transaction

from banking import debit, files, hold_answer, order, orders, release_done, says
from cast import NOON
from officers import approver, investigator, officer
from thaam.chase.counting import account_of
from thaam.chase.loop import timers as chase_timers
from thaam.chase.models import Claim
from thaam.complaints.progress import progress_of
from thaam.grievances.climbing import NotAtThisStage, appeal, forward
from thaam.grievances.deciding import DecidedBefore, NotTheirStage, decide
from thaam.grievances.lodging import lodge
from thaam.grievances.loop import timers as objection_timers
from thaam.grievances.models import Objection
from thaam.grievances.outlook import outlook_of as outlook_of_objection
from thaam.grievances.pausing import PausedBefore, answer, ask_holder
from thaam.holds.asking import mandate_of
from thaam.holds.models import Entry, Hold
from thaam.holds.releasing import NothingHeld, RangeContested, RangeEarmarked, order_release
from thaam.holds.renewing import NotLater, renew
from thaam.holds.restoring import NotEarmarked
from thaam.holds.standing import parts_of
from thaam.holds.states import WrongState
from thaam.holds.verifying import findings
from thaam.journal import ids
from thaam.journal.ids import new_id
from thaam.money import ranges as sets
from thaam.money.partition import State
from thaam.restoration.approving import Decided, approve, refuse
from thaam.restoration.models import Restoration
from thaam.restoration.outlook import outlook_of
from thaam.restoration.proposing import CompetingClaims, MoreThanLoss, NotTheirs, OverClaimed, propose
from thaam.restoration.reversing import (
    ContestedAlready,
    NotAtThisStep,
    NotPaid,
    TooLateToContest,
    approve_reversal,
    contest,
    propose_reversal,
)
from thaam.restoration.sharing import (
    BeforeCutOff,
    LateClaimants,
    NothingToShare,
    claims_into,
    propose_shares,
    reckon,
)
from thaam.wire import messages
from thaam.work.models import Job

pytestmark = pytest.mark.django_db
REASONS = "The bill, the delivery note and the messages agree with each other."
REFUSED = (
    NothingHeld, RangeContested, RangeEarmarked, NotEarmarked, NotTheirs, CompetingClaims, OverClaimed, MoreThanLoss,
    Decided, NotAtThisStage, BeforeCutOff, NothingToShare, LateClaimants, PausedBefore, NotTheirStage, DecidedBefore,
    NotPaid, ContestedAlready, TooLateToContest, NotAtThisStep, NotLater, WrongState,
)  # fmt: skip
LIVES, LONG = 20, 2_020
ACTS = 20
TIMERS = {**chase_timers, **objection_timers}


class Idle(Exception):
    """There is nothing to do this to just now."""


class PutBack(Exception):
    """Ends a life and takes everything back that it wrote."""


def paise_of(ranges):
    return {each for lo, hi in ranges for each in range(lo, hi)}


class Paise:
    """What a child would keep of every paisa of every hold: one word, and to whom it was paid."""

    def __init__(self):
        self.word = {}
        self.ends = {}
        self.going = {}
        self.paying = {}
        self.paid_to = {}

    def begins(self, hold, kept, ends):
        self.ends[hold] = ends
        self.word.update({(hold, each): "held" for each in range(kept)})

    def time_is(self, now):
        for key, word in self.word.items():
            if word == "held" and now >= self.ends[key[0]]:
                self.word[key] = "expired"

    def held(self, hold):
        return {each for (of, each), word in self.word.items() if of == hold and word == "held"}

    def on_the_way(self, hold):
        orders_ = [*self.going.values(), *self.paying.values()]
        return set().union(*(paise for of, paise, *_ in orders_ if of == hold))

    def released_ordered(self, key, hold, paise, promised):
        assert paise <= self.held(hold), "ordered released: paise that are not held"
        assert not paise & promised, "ordered released: paise promised to a victim"
        assert not paise & self.on_the_way(hold), "ordered twice"
        self.going[key] = (hold, paise)

    def payment_ordered(self, key, hold, paise, claim, contested):
        assert paise <= self.held(hold), "ordered paid: paise that are not held"
        assert not contested, "ordered paid: paise under objection"
        assert not paise & self.on_the_way(hold), "ordered twice"
        self.paying[key] = (hold, paise, claim)

    def bank_let_go(self, key):
        hold, paise = self.going.pop(key)
        for each in paise & self.held(hold):
            self.word[hold, each] = "released"

    def bank_paid(self, key):
        hold, paise, claim = self.paying.pop(key)
        for each in paise & self.held(hold):
            assert (hold, each) not in self.paid_to, "paid twice"
            self.word[hold, each] = "restored"
            self.paid_to[hold, each] = claim

    def bank_could_not(self, key):
        self.going.pop(key, None)
        self.paying.pop(key, None)


class Life:
    """Some victims of one account; dice decide who does what next. A refusal is an answer, an inconsistency is not."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.loops_run = seed % 2 == 0
        self.at = NOON
        self.complaints = []
        self.answered = set()
        self.reversed_paise = Counter()
        self.said = Counter()
        self.naive = Paise()

    def live(self):
        acts = (
            self.a_victim, self.a_victim, self.time_goes, self.an_objection, self.a_bank_looks, self.a_decision,
            self.a_question, self.an_appeal, self.a_release, self.a_renewal, self.a_proposal, self.a_proposal,
            self.a_share_out, self.a_second_officer, self.a_second_officer, self.the_bank, self.the_bank, self.the_bank,
            self.a_reversal,
        )  # fmt: skip
        self.a_victim()
        done = 0
        while done < ACTS:
            done += self.does(self.dice.choice(acts))

    def does(self, act):
        """One act, and everything looked at after it; False when there was nothing to do it to."""
        try:
            with transaction.atomic():
                act()
            self.said[f"{act.__name__} done"] += 1
        except Idle:
            return False
        except REFUSED:
            self.said[f"{act.__name__} refused"] += 1
        self.look_at_orders()
        self.check()
        return True

    # ── acts ──

    def a_victim(self):
        """A debit enters the account; of some nothing is left there, and some come after others were paid."""
        if len(self.complaints) >= 4:
            raise Idle
        number = len(self.complaints)
        paise = self.dice.randint(20, 90)
        self.at += dt.timedelta(minutes=1)
        filed = files(
            debit(paise, reference=f"UTR{number}"), name=f"V{number}", mobile=f"98765{number:05d}", at=self.at
        )
        asked = order("DEMO2")
        kept = self.dice.choice([0, paise // 2, paise, paise])
        lines = [messages.Line("held", 0, kept, lien_reference="L")] if kept else []
        if kept < paise:
            lines.append(messages.Line("terminal", kept, paise, terminal_kind="CASH_ATM", particulars="ATM 4"))
        says("DEMO2", hold_answer(asked, *lines), at=self.at)
        # until the payer's bank confirms a hold is short: so some end in the middle of the life
        self.naive.begins(asked.id, kept, Hold.objects.get(pk=asked.id).expires_at)
        if self.dice.random() < 0.8:
            self.confirmed(asked.id)
        self.complaints.append(filed)

    def confirmed(self, hold_id):
        """The payer's bank confirms: the order is amended, and counts from the bank's acknowledgement on."""
        where = order("DEMO1", "LocatePayment")
        found = messages.Located(new_id(), where.id, self.at, True, where.payment, "ACC-V", True)
        says("DEMO1", found, at=self.at)
        for amended in orders("DEMO2", "AmendOrder"):
            if amended.hold_order_id == hold_id and amended.id not in self.answered:
                self.answered.add(amended.id)
                says("DEMO2", messages.Acknowledged(new_id(), amended.id, self.at), at=self.at)
        self.naive.ends[hold_id] = Hold.objects.get(pk=hold_id).expires_at

    def time_goes(self):
        self.at += dt.timedelta(hours=self.dice.choice([1, 20, 24 * 9, 24 * 31]))
        self.naive.time_is(self.at)
        while self.loops_run:
            due = Job.objects.filter(state="due", run_at__lte=self.at, kind__in=TIMERS).order_by("run_at", "id").first()
            if due is None:
                return
            Job.objects.filter(pk=due.pk).update(state="done")
            TIMERS[due.kind](due.payload, max(due.run_at, NOON))

    def a_hold(self):
        return self.dice.choice(list(Hold.objects.order_by("asked_at", "id")))

    def an_objection(self):
        lodge(
            objection_id=new_id(), hold_id=self.a_hold().pk, reason="goods", words="", name="C", mobile="9123456780",
            lang="hi", at=self.at,
        )  # fmt: skip

    def an_open_objection(self):
        return self.dice.choice(list(Objection.objects.filter(closed_at=None).order_by("lodged_at")) or [None])

    def a_bank_looks(self):
        if (found := self.an_open_objection()) is None:
            raise Idle
        advice = self.dice.choice(["keep", "remove"])
        forward(objection_id=found.pk, bank="DEMO2", words="seen", by="bank:DEMO2", at=self.at, advice=advice)

    def a_decision(self):
        if (found := self.an_open_objection()) is None:
            raise Idle
        if found.stage == "bank":
            forward(objection_id=found.pk, bank="DEMO2", words="seen", by="bank:DEMO2", at=self.at)
            found.refresh_from_db()
        outcome = self.dice.choice(["upheld", "rejected", "rejected", "partly_upheld"])
        held = found.hold.held_at(self.at)
        release = sets.top(held, sets.total(held) // 2) if outcome == "partly_upheld" else None
        boss = officer("boss", "supervisor")
        whose = {"officer": investigator(), "district": boss}.get(found.stage, approver())
        who = whose if self.dice.random() < 0.8 else self.dice.choice([investigator(), boss, approver()])
        decide(objection_id=found.pk, officer=who, outcome=outcome, reasons=REASONS, at=self.at, release=release)

    def a_question(self):
        if (found := self.an_open_objection()) is None:
            raise Idle
        if found.paused_at is not None:
            answer(objection_id=found.pk, words="here it is", at=self.at)
        else:
            ask_holder(objection_id=found.pk, officer=investigator(), words="the bill, please", at=self.at)

    def an_appeal(self):
        closed = list(Objection.objects.exclude(closed_at=None).order_by("lodged_at"))
        if not closed:
            raise Idle
        found = self.dice.choice(closed)
        if Objection.objects.filter(hold=found.hold, closed_at=None).exists():
            raise Idle  # another objection is open on this hold: the page leads there
        appeal(objection_id=found.pk, words="look again", at=self.at)

    def a_release(self):
        hold = self.a_hold()
        some = sets.bottom(hold.held_at(self.at), self.dice.randint(1, 30))
        order_release(
            hold_id=hold.pk, ranges=some, reason="holder_cleared", mandate=mandate_of(hold), by="officer:1", at=self.at
        )

    def a_renewal(self):
        hold = self.a_hold()
        until = hold.expires_at + dt.timedelta(days=self.dice.randint(-1, 20))
        renew(
            hold_id=hold.pk, until_at=until, authority="CJM Durg", number="1", mandate=mandate_of(hold), by="officer:1",
            at=self.at,
        )  # fmt: skip

    def a_proposal(self):
        claim = self.dice.choice(list(Claim.objects.order_by("chase__opened_at")))
        own = Hold.objects.filter(payment_id=claim.payment_id).first()
        hold = own if own is not None and self.dice.random() < 0.8 else self.a_hold()
        propose(
            restoration_id=new_id(), claim_id=claim.pk, hold_id=hold.pk, to_bank="DEMO1", to_account="A",
            officer=investigator(), words="w", at=self.at,
        )  # fmt: skip

    def a_share_out(self):
        book = self.a_hold().book
        made = reckon(
            share_out_id=new_id(), book_id=book.pk, officer=investigator(), words="w", at=self.at,
            method=self.dice.choice(["pro_rata", "first_come", "traced"]),
        )  # fmt: skip
        accounts = {claim.pk: ("DEMO1", "A") for claim in claims_into(book)}
        propose_shares(share_out_id=made.pk, accounts=accounts, officer=investigator(), fir_number="1", at=self.at)

    def a_second_officer(self):
        waiting = Restoration.objects.filter(repayment=None, refused_at=None).order_by("proposed_at", "id").first()
        if waiting is None:
            raise Idle
        if self.dice.random() < 0.25:
            refuse(restoration_id=waiting.pk, officer=approver(), words="papers missing", at=self.at)
        else:
            approve(restoration_id=waiting.pk, officer=approver(), at=self.at)

    def a_reversal(self):
        paid = list(Restoration.objects.exclude(repayment__paid_at=None).order_by("proposed_at", "id"))
        if not paid:
            raise Idle
        one, made = self.dice.choice(paid), new_id()
        contest(reversal_id=made, restoration_id=one.pk, ground="court", words="x", by="holder", at=self.at)
        if self.dice.random() < 0.5:
            propose_reversal(reversal_id=made, officer=investigator(), reasons=REASONS, at=self.at)
            approve_reversal(reversal_id=made, officer=officer("chief", "approver"), at=self.at)
            moved = [key for key, claim in self.naive.paid_to.items() if key in self.paid_under(one)]
            self.reversed_paise[one.claim_id] += len(moved)

    def paid_under(self, one):
        return {(str(one.hold_id), each) for each in paise_of(one.ranges)}

    def the_bank(self):
        """The bank takes one order it has not answered: amendments first, as a mailbox is in order."""
        for kind in ("AmendOrder", "ReleaseOrder", "RestoreOrder"):
            for asked in orders("DEMO2", kind):
                if asked.id not in self.answered:
                    self.answered.add(asked.id)
                    self.bank_answers(kind, asked)
                    return
        raise Idle

    def bank_answers(self, kind, asked):
        if kind == "AmendOrder":
            in_time = self.at < self.naive.ends[asked.hold_order_id]
            says("DEMO2", messages.Acknowledged(new_id(), asked.id, self.at), at=self.at)
            if in_time and asked.expires_at is not None:
                self.naive.ends[asked.hold_order_id] = asked.expires_at
            return
        wanted = tuple((each.lo, each.hi) for each in asked.ranges)
        if not paise_of(wanted) <= self.naive.held(asked.hold_order_id) or self.dice.random() < 0.15:
            says("DEMO2", messages.CannotMatch(new_id(), asked.id, self.at, "not_found", "x"), at=self.at)
            self.naive.bank_could_not(asked.id)
        elif kind == "ReleaseOrder":
            done = release_done(asked.hold_order_id, *wanted, order_id=asked.id, reason="ordered", at=self.at)
            says("DEMO2", done, at=self.at)
            self.naive.bank_let_go(asked.id)
        else:
            paid = messages.PaymentId("IMPS", f"B{asked.id[:8]}", self.at.date(), asked.amount_paise, "DEMO2", "DEMO1")
            done = messages.RestoreDone(
                id=new_id(), order_id=asked.id, answered_at=self.at, hold_order_id=asked.hold_order_id,
                ranges=asked.ranges, amount_paise=asked.amount_paise, payment=paid,
            )  # fmt: skip
            says("DEMO2", done, at=self.at)
            self.naive.bank_paid(asked.id)

    # ── what must always hold ──

    def look_at_orders(self):
        """Every order that left the house since: was it allowed?"""
        known = {*self.naive.going, *self.naive.paying, *self.answered}
        for asked in orders("DEMO2", "ReleaseOrder"):
            if asked.id not in known:
                promised = self.promised(asked.hold_order_id)
                self.naive.released_ordered(asked.id, asked.hold_order_id, self.of(asked), promised)
                self.said["released"] += 1
        for asked in orders("DEMO2", "RestoreOrder"):
            if asked.id not in known:
                claim = Restoration.objects.get(repayment_id=asked.id).claim_id
                contested = Objection.objects.filter(hold_id=asked.hold_order_id, closed_at=None).exists()
                self.naive.payment_ordered(asked.id, asked.hold_order_id, self.of(asked), claim, contested)
                self.said["ordered paid"] += 1

    @staticmethod
    def of(asked):
        return paise_of((each.lo, each.hi) for each in asked.ranges)

    @staticmethod
    def promised(hold_id):
        """Paise that two officers, or one so far, have promised to victims and no bank has paid or refused."""
        rows = Restoration.objects.filter(hold_id=hold_id, refused_at=None, repayment__paid_at=None)
        found = set()
        for one in rows.filter(repayment__refused_at=None):
            assert not found & paise_of(one.ranges), "the same paise promised twice"
            found |= paise_of(one.ranges)
        return found

    def check(self):
        for hold in Hold.objects.all():
            held = self.naive.held(str(hold.pk))
            assert hold.expires_at == self.naive.ends[str(hold.pk)]
            assert paise_of(hold.held_at(self.at)) == held, "held past its end, lost, or let go in silence"
            assert paise_of(hold.earmarked) & held == self.promised(hold.pk) & held
            contested = Objection.objects.filter(hold=hold, closed_at=None).exists()
            assert paise_of(hold.contested) & held == (held if contested else set())
            parts = parts_of(hold, at=self.at)
            assert all(each.name.hi and each.next.en and each.by_at for each in parts)
            ever = sum(entry.amount_paise for entry in hold.entries.filter(kind=Entry.Type.HELD))
            assert sum(each.paise for each in parts) == ever, "a paisa is lost, or in two places"
            back = [entry.ranges for entry in hold.entries.filter(kind=Entry.Type.RESTORED)]
            paid = {each for (of, each) in self.naive.paid_to if of == str(hold.pk)}
            assert paise_of(sets.union(*back)) == paid, "paid is what the bank was seen to pay"
        self.check_people()

    def check_people(self):
        for claim in Claim.objects.select_related("partition", "payment"):
            totals = account_of(claim, at=self.at).totals()
            assert sum(totals.values()) == claim.amount_paise
            assert totals[State.RETURNED] + totals[State.RESTORED] <= claim.amount_paise
            mine = sum(1 for who in self.naive.paid_to.values() if who == claim.pk) - self.reversed_paise[claim.pk]
            assert totals[State.RESTORED] == mine, "every victim has what was paid to them, and no more"
        for complaint in self.complaints:
            assert sum(progress_of(complaint, self.at).totals.values()) == complaint.debits.get().amount_paise
        for objection in Objection.objects.select_related("hold", "own_hold"):
            self.named(outlook_of_objection(objection, at=self.at))
        for one in Restoration.objects.select_related("claim__chase", "repayment", "hold"):
            self.named(outlook_of(one, at=self.at))

    def named(self, found):
        assert found.name.hi and found.name.en and found.next.hi and found.next.en
        assert found.by_at is not None and (found.over or found.by_at.tzinfo is not None)


@contextmanager
def fate(seed):
    """The ids come from the seed too, bits and time: a life that fails can be lived again."""
    before, chance, ticks = (ids.random_bits, ids.time), random.Random(seed), itertools.count(1_800_000_000_000)
    ids.random_bits = chance.getrandbits
    ids.time = SimpleNamespace(time_ns=lambda: next(ticks) * 1_000_000)
    try:
        yield
    finally:
        ids.random_bits, ids.time = before


def lives(seeds):
    """Live them one after the other, each as if it were the first; what was said and done in all of them."""
    said = Counter()
    for seed in seeds:
        try:
            with fate(seed), transaction.atomic():
                life = Life(seed)
                life.live()
                assert list(findings()) == [], f"seed {seed}"
                said += life.said
                raise PutBack
        except PutBack:
            continue
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {wrong}") from wrong
    return said


@pytest.mark.req("S0.9", "S0.10", "S1.7", "S1.17")
def test_random_lives_through_the_verbs_keep_every_paisa_once():
    said = lives(range(LIVES))
    for act in ("an_objection", "a_decision", "a_release", "a_proposal", "a_second_officer", "a_renewal", "a_question"):
        assert said[f"{act} done"], f"lives in which nothing happens prove nothing: no {act}: {said}"
    for act in ("an_appeal", "a_share_out", "a_reversal"):
        assert said[f"{act} done"] + said[f"{act} refused"], f"no {act}: {said}"
    assert said["ordered paid"] and said["released"], said
    assert sum(count for word, count in said.items() if word.endswith("refused")) > 2 * LIVES, said


@pytest.mark.long
@pytest.mark.req("S0.9", "S0.10", "S1.7", "S1.17")
@pytest.mark.parametrize("first", range(LIVES, LONG, 100))
def test_thousands_of_random_lives_through_the_verbs_keep_every_paisa_once(first):
    lives(range(first, first + 100))
