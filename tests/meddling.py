"""What people and banks do while money is chased: officers restore, renew, release, watch, secure and attest; victims
correct; banks send back, break liens and change their keys. Each at a moment of the seed's choosing, answers on their
way or not.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from banking import DebitTold
from thaam.chase.locating import attest_claim
from thaam.chase.models import Claim, Trail
from thaam.chase.securing import secure
from thaam.chase.watching import NothingToWatch, order_watch
from thaam.complaints.correcting import Withdrawn, correct_debit, withdraw
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld, RangeContested, RangeEarmarked, order_release
from thaam.holds.renewing import NotLater, renew
from thaam.holds.restoring import drop_earmark, earmark, order_restoration
from thaam.holds.states import WrongState
from thaam.mailbox.models import Answer
from thaam.money import ranges as sets
from thaam.money.ranges import Ranges
from thaam.wire.parts import IssuedBy
from thaam.world.toybank.refusals import Refused

OFFICER = "officer:1"
NOTHING_TO_DO = (
    NothingHeld, NothingToWatch, NotLater, RangeContested, RangeEarmarked, Refused, Withdrawn, WrongState,
)  # fmt: skip
YOUNG = 40  # holds among which an officer chooses


class Meddler:
    """Somebody acts: `act` draws who and what. Refusals of the verbs are part of life."""

    def __init__(self, world: Any, draw: random.Random, told: dict[Any, Any]) -> None:
        self.world, self.draw, self.told = world, draw, told
        self.acts: dict[str, int] = {}

    def act(self, filed: list[Any]) -> None:
        """One act of one person."""
        kinds: list[Callable[[list[Any]], None]] = [
            self.withdraws, self.releases, self.releases, self.restores, self.restores, self.renews, self.attests,
            self.watches, self.secures, self.sends_back, self.breaks, self.corrects,
        ]  # fmt: skip
        kind = self.draw.choice(kinds)
        try:
            kind(filed)
        except NOTHING_TO_DO:
            return
        self.acts[kind.__name__] = self.acts.get(kind.__name__, 0) + 1

    def withdraws(self, filed: list[Any]) -> None:
        """A victim takes the complaint back."""
        complaint = self.draw.choice(filed)
        withdraw(complaint_id=complaint.pk, words="", by="citizen", at=self.world.at)

    def releases(self, filed: list[Any]) -> None:
        """An officer lets a holder have money back; for a fault of form the paise are asked for again."""
        hold = self._hold()
        form = self.draw.random() < 0.3
        order_release(
            hold_id=hold.pk, reason="form_fault" if form else "holder_cleared", keeps_claim=form,
            ranges=self._part(hold), mandate=mandate_of(hold), by=OFFICER, at=self.world.at,
        )  # fmt: skip

    def restores(self, filed: list[Any]) -> None:
        """Two officers have held money paid to the victim; now and then to an account that is none."""
        hold = self._hold()
        steps = list(Trail.objects.filter(payment_id=hold.payment_id).order_by("claim_id", "lo"))
        claims = {step.claim_id: step for step in steps}
        if not claims:
            raise NothingHeld
        claim = Claim.objects.get(pk=self.draw.choice(sorted(claims)))
        own = sets.normalise((step.lo, step.hi) for step in steps if step.claim_id == claim.pk)
        paise = sets.intersect(self._part(hold), own)
        if not paise or claim.withdrawn_at is not None:
            raise NothingHeld
        earmark(hold_id=hold.pk, ranges=paise, by=OFFICER, at=self.world.at)
        luck = self.draw.random()
        if luck < 0.1:
            drop_earmark(hold_id=hold.pk, ranges=paise, by=OFFICER, at=self.world.at)
            return
        bank, account = self.told[claim.chase_id][0].split("/")
        order_restoration(
            order_id=str(uuid.UUID(int=self.draw.getrandbits(128), version=4)), hold_id=hold.pk, ranges=paise,
            claim_id=claim.pk, to_bank=bank, to_account=account if luck < 0.8 else "nobody", mandate=mandate_of(hold),
            proposed_by=IssuedBy("DRILL", "devi"), approved_by=IssuedBy("DRILL", "kabir"), by=OFFICER, at=self.world.at,
        )  # fmt: skip

    def renews(self, filed: list[Any]) -> None:
        """A court's order prolongs a hold."""
        hold = self._hold()
        renew(
            hold_id=hold.pk, until_at=hold.expires_at + dt.timedelta(days=self.draw.randrange(1, 40)),
            authority="JMFC Durg", number="17", mandate=mandate_of(hold), by=OFFICER, at=self.world.at,
        )  # fmt: skip

    def attests(self, filed: list[Any]) -> None:
        """An officer answers for a report, whatever the payer's bank said or will say."""
        claims = Claim.objects.filter(chase_id=self.draw.choice(filed).pk, withdrawn_at=None)
        for claim in claims:
            attest_claim(claim_id=claim.pk, officer=OFFICER, at=self.world.at)

    def watches(self, filed: list[Any]) -> None:
        """A bank is to tell when money moves that it did not hold."""
        hold = self._hold()
        order_watch(hold_id=hold.pk, mandate=mandate_of(hold), by=OFFICER, at=self.world.at)

    def secures(self, filed: list[Any]) -> None:
        """An officer has new money held that came to an account with a hold."""
        newest = Answer.objects.filter(kind="LateCredit").order_by("id")[:YOUNG]
        told = [each for each in newest if each.message.hold_order_id]
        if not told:
            raise NothingHeld
        answer = self.draw.choice(told)
        hold = Hold.objects.get(pk=answer.message.hold_order_id)
        secure(
            hold_id=hold.pk, answer_id=answer.pk, words="same ring", mandate=mandate_of(hold), by=OFFICER,
            at=self.world.at,
        )  # fmt: skip

    def sends_back(self, filed: list[Any]) -> None:
        """A payee's bank sends part of a payment back."""
        world = self.world
        reference = self.draw.choice(sorted(world.sent_to))
        bank, account = world.sent_to[reference].split("/")
        left = world.host.bank(bank).account(account=account)["available_paise"]
        if left < 100:
            raise NothingHeld
        world.serial += 1
        world.host.refund(
            bank=bank,
            id=f"back-{world.serial}",
            tx_ref=reference,
            amount_paise=self.draw.randrange(1, left),
            at=world.at,
        )

    def breaks(self, filed: list[Any]) -> None:
        """A core forgets its liens for a moment, and money leaves from under one."""
        world, hold = self.world, self._hold()
        if hold.book is None:
            raise NothingHeld
        bank = world.host.bank(hold.bank_id)
        told = bank.account(account=hold.book.account)
        paise = max(told["available_paise"], 0) + told["lien_paise"] // 2
        if told["lien_paise"] < 2 or paise > told["balance_paise"]:
            raise NothingHeld
        bank.set_switch(name="liens_hold", on=False)
        world.spends(paise, of=f"{hold.bank_id}/{hold.book.account}")
        bank.set_switch(name="liens_hold", on=True)

    def corrects(self, filed: list[Any]) -> None:
        """A victim had told a wrong reference, or tells a wrong one now."""
        complaint = self.draw.choice(filed)
        debit = complaint.debits.get()
        right: DebitTold = self.told[complaint.pk][1]
        wrong = self.draw.random() < 0.4
        told = replace(right, reference=right.reference + "9") if wrong else right
        correct_debit(debit_id=debit.pk, told=told, by="citizen", at=self.world.at)

    def _hold(self) -> Hold:
        """One of the youngest holds under which money is kept."""
        holds = list(Hold.objects.exclude(held=()).order_by("-asked_at", "id").select_related("book")[:YOUNG])
        if not holds:
            raise NothingHeld
        return self.draw.choice(holds)

    def _part(self, hold: Hold) -> Ranges:
        """All that is held, or the lower paise of it."""
        if self.draw.random() < 0.5:
            return tuple(hold.held)
        whole = sets.total(hold.held)
        return sets.bottom(hold.held, self.draw.randrange(1, whole + 1)) if whole else ()
