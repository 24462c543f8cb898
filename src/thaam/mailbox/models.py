"""One mailbox per partner: what we ordered, as it stands now, and what was answered, kept once."""

from __future__ import annotations

from typing import Any

from django.db import models

from thaam.journal.models import Fact
from thaam.parties.models import Bank
from thaam.wire import codec


class Order(models.Model):
    """One signed message to a partner. `body` and `jws` never change; `revision` and `state` are as of now."""

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        DONE = "done"
        CANCELLED = "cancelled"
        LAPSED = "lapsed"
        TOMBSTONE = "tombstone"

    id = models.UUIDField(primary_key=True)
    partner = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=40)
    # the hold order a release, restoration, amendment or cancellation concerns; its own id for a hold order
    about = models.UUIDField(db_index=True)
    revision = models.IntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    body = models.BinaryField()
    jws = models.TextField()
    execute_before = models.DateTimeField(null=True)
    posted_at = models.DateTimeField()
    fact = models.OneToOneField(Fact, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["partner", "state"], name="order_by_partner")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def message(self) -> Any:
        """The order as wire's dataclass."""
        return codec.decode(bytes(self.body))


class Answer(models.Model):
    """One signed message from a partner, exactly as it came. `settled_at` is set when its verb has run."""

    id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField(null=True, db_index=True)
    partner = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=40)
    body = models.BinaryField()
    jws = models.TextField()
    digest = models.CharField(max_length=64)
    stated_at = models.DateTimeField()
    received_at = models.DateTimeField()
    skew_seconds = models.IntegerField(default=0)
    fact = models.OneToOneField(Fact, on_delete=models.PROTECT)
    settled_at = models.DateTimeField(null=True)
    # why its verb refused it (a bank's answer that does not balance is evidence, not a crash)
    refused = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="answer_waiting", condition=models.Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def message(self) -> Any:
        """The answer as wire's dataclass."""
        return codec.decode(bytes(self.body))


class Nonce(models.Model):
    """A nonce seen with a request, and the receipt it got, in one transaction: an exact copy gets the same receipt."""

    id = models.BigAutoField(primary_key=True)
    key_id = models.CharField(max_length=80)
    nonce = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    receipt = models.JSONField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_id", "nonce"], name="a_nonce_once_a_key")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.nonce}"


class Bucket(models.Model):
    """How many requests a key may still send; see rates.py. Lost at a crash of the database: then it is full again."""

    key_id = models.CharField(primary_key=True, max_length=80)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key_id


class HintAddress(models.Model):
    """Where a bank wants to hear that something waits; most have none and ask."""

    bank = models.OneToOneField(Bank, primary_key=True, on_delete=models.PROTECT, related_name="hint_address")
    url = models.CharField(max_length=300)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url
