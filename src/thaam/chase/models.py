"""What is known of the money: payments and their lines, claims on them, and the account of every claim.

What a bank tells us is knowledge about the paise of a *payment*, whoever's claim asked. So lines hang on payments, two
victims' claims on the same paise share them, and the account of a claim is reckoned by following lines down.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

from thaam.holds.asking import Mandate
from thaam.holds.multirange import PaiseRangesField
from thaam.money import ranges as sets
from thaam.money.partition import Partition as Account
from thaam.money.partition import State
from thaam.money.ranges import Ranges


class Chase(models.Model):
    """The work of following one complaint's money."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for the reporter's code or an officer's word
        RUNNING = "running"
        QUIET = "quiet"
        STOPPED = "stopped"  # withdrawn

    id = models.UUIDField(primary_key=True)  # of the complaint
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reference = models.CharField(max_length=120)
    jurisdiction = models.CharField(max_length=21)
    office = models.CharField(max_length=120)
    officer = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    first_held_at = models.DateTimeField(null=True)
    quiet_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"chase of {self.reference}"

    @property
    def mandate(self) -> Mandate:
        """On whose behalf this chase's orders go out."""
        return Mandate(
            reference=self.reference, jurisdiction=self.jurisdiction, office=self.office, officer=self.officer
        )


class Payment(models.Model):
    """One movement of money between banks. `id` is derived from its identity, so a payment exists once.

    The range columns say what is known of its paise; what is in none of them was never asked about. They repeat the
    lines so that the database itself refuses a paisa of which two things are said.
    """

    class Located(models.TextChoices):
        FOUND = "found"
        DENIED = "denied"

    KINDS: ClassVar[tuple[str, ...]] = (
        "asked", "held", "onward", "seen", "gone", "returned", "restored", "released", "unexplained",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True)
    rail = models.CharField(max_length=10)
    reference = models.CharField(max_length=64, blank=True)  # blank: the victim did not know it
    on = models.DateField()
    amount_paise = models.BigIntegerField()
    payer_bank = models.CharField(max_length=24)
    payee_bank = models.CharField(max_length=24, null=True)
    payee_hint = models.CharField(max_length=64, blank=True, default="")
    located = models.CharField(max_length=6, choices=Located.choices, blank=True, default="")
    rounds = models.IntegerField(default=0)
    asked = PaiseRangesField()
    held = PaiseRangesField()
    onward = PaiseRangesField()
    seen = PaiseRangesField()
    gone = PaiseRangesField()
    returned = PaiseRangesField()
    restored = PaiseRangesField()
    released = PaiseRangesField()
    unexplained = PaiseRangesField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_payment_has_paise", condition=models.Q(amount_paise__gt=0)),
        ]
        indexes = [
            models.Index(fields=["reference"], name="payment_by_reference"),
            models.Index(fields=["payee_hint"], name="payment_by_payee", condition=~models.Q(payee_hint="")),
        ]

    def __str__(self) -> str:
        return f"{self.rail} {self.reference}"

    def known(self) -> Ranges:
        """The paise something is said of; the others were never asked about."""
        return sets.union(*(getattr(self, kind) for kind in self.KINDS))


class Line(models.Model):
    """The latest word on paise `[lo, hi)` of a payment; a later word replaces it. The answers are the evidence."""

    id = models.BigAutoField(primary_key=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="lines")
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    kind = models.CharField(max_length=11)
    # the hold order that led to this line; None for what we found out ourselves (outside the network)
    order_id = models.UUIDField(null=True, db_index=True)
    # floor, ATM, not found, expired, ...: the word of the protocol's list that says why
    why = models.CharField(max_length=40, blank=True, default="")
    particulars = models.CharField(max_length=120, blank=True, default="")
    child = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="parents")
    child_lo = models.BigIntegerField(null=True)
    # a held line is worth nothing after this moment
    until_at = models.DateTimeField(null=True)
    # whose money a restored line became
    claim_id = models.UUIDField(null=True)
    since_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "lo"], name="lines_do_not_start_together"),
            models.CheckConstraint(name="a_line_has_paise", condition=models.Q(hi__gt=models.F("lo"))),
            models.CheckConstraint(
                name="an_onward_line_has_a_child",
                condition=models.Q(kind="onward", child__isnull=False, child_lo__isnull=False)
                | (~models.Q(kind="onward") & models.Q(child=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} [{self.lo}, {self.hi})"


class Claim(models.Model):
    """A victim's right to paise `[lo, hi)` of a payment: one disputed debit. `id` is the debit's."""

    id = models.UUIDField(primary_key=True)
    chase = models.ForeignKey(Chase, on_delete=models.PROTECT, related_name="claims")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="claims")
    number = models.IntegerField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    payer_last4 = models.CharField(max_length=4, blank=True, default="")
    payer_mobile = models.CharField(max_length=16, blank=True, default="")
    # the latest LocatePayment about it, and how often the payer's bank was asked
    locate_id = models.UUIDField(null=True, unique=True)
    locate_rounds = models.IntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=120, blank=True, default="")
    denied_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # paise of the claim `[0, amount_paise)` that came back out of other money: a share of a common pool, a recovery
    recovered = PaiseRangesField()
    asked_count = models.IntegerField(default=0)
    asked_limit = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_claim_has_paise", condition=models.Q(hi__gt=models.F("lo"), lo__gte=0))
        ]
        indexes = [
            models.Index(
                fields=["payer_mobile"],
                name="claim_undecided_by_number",
                condition=models.Q(confirmed_at=None, denied_at=None, withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"claim {self.number} of {self.chase_id}"

    @property
    def amount_paise(self) -> int:
        """How much is claimed."""
        return self.hi - self.lo


class Trail(models.Model):
    """Where a claim's paise go: paise `[lo, hi)` of `payment` are `[root_lo, root_lo + hi - lo)` of the claim."""

    id = models.BigAutoField(primary_key=True)
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="trail")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="trails")
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    root_lo = models.BigIntegerField()
    hop = models.IntegerField()
    parent = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"hop {self.hop} [{self.lo}, {self.hi})"


class Partition(models.Model):
    """The account of one claim: its paise `[0, amount_paise)`, each in exactly one of the eight states.

    The CHECK (union is the whole, parts disjoint) is in the first migration. `until_at` is when the account changes by
    itself because a hold ends; a reader after that reckons anew (counting.account_of).
    """

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="partition")
    amount_paise = models.BigIntegerField()
    asked = PaiseRangesField()
    held = PaiseRangesField()
    seen = PaiseRangesField()
    gone = PaiseRangesField()
    returned = PaiseRangesField()
    restored = PaiseRangesField()
    released = PaiseRangesField()
    unexplained = PaiseRangesField()
    until_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"account of {self.claim_id}"

    def account(self) -> Account:
        """As the money core's value, which cannot be built unless it adds up."""
        return Account(self.amount_paise, {state: getattr(self, state.value) for state in State})

    def holds_good_at(self, at: dt.datetime) -> bool:
        """False when a hold in it has ended since."""
        return self.until_at is None or at < self.until_at


class Watch(models.Model):
    """Paise of a payment that a bank watches without holding them: it tells when they move. Its id is the order's."""

    id = models.UUIDField(primary_key=True)
    hold = models.ForeignKey("holds.Hold", on_delete=models.PROTECT, related_name="watches")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="watches")
    ranges = PaiseRangesField()
    until_at = models.DateTimeField()
    by = models.CharField(max_length=120)
    ordered_at = models.DateTimeField()
    answer_revision = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"watch {self.id}"
