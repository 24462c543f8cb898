"""The hold book: one book per bank account token, one hold per order, immutable entries that say what is held now."""

from __future__ import annotations

import datetime as dt

from django.db import models

from thaam.money import ranges as sets
from thaam.money.ranges import NONE, Ranges
from thaam.parties.models import Bank

from .multirange import PaiseRangesField
from .states import HoldState


class Book(models.Model):
    """The hold ledger of one account, known by the bank's own token for it."""

    id = models.UUIDField(primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="books")
    account = models.CharField(max_length=64)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "account"], name="one_book_an_account")]

    def __str__(self) -> str:
        return f"{self.bank_id}/{self.account}"


class Hold(models.Model):
    """An order to hold paise of one payment, and how it stands. `id` is the id of the HoldOrder.

    `held` is what the entries add up to, kept beside them so that the database can check it; `contested` is under an
    objection, `earmarked` is promised to a restoration: neither can be given away by another order meanwhile.
    """

    id = models.UUIDField(primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="holds")
    book = models.ForeignKey(Book, null=True, on_delete=models.PROTECT, related_name="holds")
    # chase.Payment stands above this package: its id is derived from the payment's identity, no foreign key needed
    payment_id = models.UUIDField(db_index=True)
    state = models.CharField(max_length=12, choices=HoldState.choices, default=HoldState.ASKED)
    asked = PaiseRangesField()
    held = PaiseRangesField()
    contested = PaiseRangesField()
    earmarked = PaiseRangesField()
    floor_paise = models.BigIntegerField()
    provisional = models.BooleanField()
    # secured, not traced: new money on a held account, on an officer's own ground; no claim's paise, never its `held`
    secured = models.BooleanField(default=False)
    jurisdiction = models.CharField(max_length=21)
    section = models.CharField(max_length=120)
    authority = models.CharField(max_length=120)
    reference = models.CharField(max_length=120)
    office = models.CharField(max_length=120)
    officer = models.CharField(max_length=120)
    revision = models.IntegerField(default=1)
    answer_revision = models.IntegerField(null=True)
    exactness = models.CharField(max_length=8, blank=True, default="")
    ranges_kind = models.CharField(max_length=8, blank=True, default="")
    asked_at = models.DateTimeField()
    execute_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_hold_ends_after_it_begins", condition=models.Q(expires_at__gt=models.F("asked_at"))
            )
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="hold_by_expiry", condition=~models.Q(held=())),
            models.Index(fields=["reference"], name="hold_by_complaint"),
        ]

    def __str__(self) -> str:
        return f"hold {self.id} at {self.bank_id}"

    def held_at(self, at: dt.datetime) -> Ranges:
        """Paise held at that moment: none once the hold's time is over, whatever has been written down yet."""
        return NONE if at >= self.expires_at else self.held

    @property
    def held_paise(self) -> int:
        """What the entries add up to."""
        return sets.total(self.held)


class Entry(models.Model):
    """One immutable line of a book: paise that began or ceased to be held, by what cause."""

    class Type(models.TextChoices):
        HELD = "held"
        LOWERED = "lowered"
        RELEASED = "released"
        EXPIRED = "expired"
        RESTORED = "restored"
        BROKEN = "broken"

    id = models.UUIDField(primary_key=True)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="entries")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=Type.choices)
    ranges = PaiseRangesField()
    amount_paise = models.BigIntegerField()
    reason = models.CharField(max_length=40, blank=True, default="")
    # the answer or order that made it so; once per hold and kind
    cause = models.UUIDField()
    at = models.DateTimeField()
    stated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hold", "cause", "kind"], name="a_cause_is_entered_once"),
            models.CheckConstraint(name="an_entry_has_paise", condition=models.Q(amount_paise__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_paise}"


class Amendment(models.Model):
    """A later revision of a hold order. It counts from `accepted_at`, when the bank says it has it, before expiry."""

    id = models.UUIDField(primary_key=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="amendments")
    revision = models.IntegerField()
    floor_paise = models.BigIntegerField(null=True)
    provisional = models.BooleanField(null=True)
    expires_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=120, blank=True, default="")
    ordered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hold", "revision"], name="one_amendment_a_revision")]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.hold_id}"


class Release(models.Model):
    """Held paise ordered back to the account holder, by whom and why."""

    id = models.UUIDField(primary_key=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="releases")
    ranges = PaiseRangesField()
    reason = models.CharField(max_length=40)
    words = models.TextField(blank=True, default="")
    keeps_claim = models.BooleanField(default=False)
    by = models.CharField(max_length=120)
    ordered_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"release {self.id}"


class Repayment(models.Model):
    """Held paise ordered back to a victim (RestoreOrder), signed by two officers."""

    id = models.UUIDField(primary_key=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="repayments")
    ranges = PaiseRangesField()
    # whose money it becomes: chase.Claim stands above this package
    claim_id = models.UUIDField()
    proposed_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120)
    ordered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    paid_reference = models.CharField(max_length=64, blank=True, default="")
    # why the bank could not pay (the protocol's code); the promise is then taken back
    refused_at = models.DateTimeField(null=True)
    refused_why = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="two_officers_restore", condition=~models.Q(proposed_by=models.F("approved_by"))
            )
        ]

    def __str__(self) -> str:
        return f"repayment {self.id}"


class OwnHoldSeen(models.Model):
    """A hold the bank placed on its own ground (S1.14). Its author is the bank; ours it never is."""

    id = models.UUIDField(primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="own_holds")
    account = models.CharField(max_length=64)
    amount_paise = models.BigIntegerField()
    lien_reference = models.CharField(max_length=64)
    reason = models.CharField(max_length=40)
    payment_reference = models.CharField(max_length=64, blank=True, default="")
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"own hold of {self.bank_id}"
