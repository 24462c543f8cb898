"""Links for one order, answers heard on the telephone or given on the screen, and pings with their read receipts."""

from __future__ import annotations

from django.db import models

from thaam.mailbox.models import Order
from thaam.parties.models import Bank, Nodal


class Link(models.Model):
    """A door to one order for 24 hours, opened by a code on the telephone of the role. Only digests are kept."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="links")
    token_digest = models.CharField(max_length=64, unique=True)
    nodal = models.ForeignKey(Nodal, on_delete=models.PROTECT, related_name="links")
    mobile = models.CharField(max_length=16)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    code_digest = models.CharField(max_length=64, blank=True, default="")
    code_until = models.DateTimeField(null=True)
    code_tries = models.IntegerField(default=0)
    codes_sent = models.IntegerField(default=0)
    entered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link to {self.order_id}"


class Heard(models.Model):
    """An answer that a clerk gave on the telephone and an operator wrote down: both names, and the answer's id."""

    answer_id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="heard")
    operator = models.CharField(max_length=120)
    operator_name = models.CharField(max_length=120)
    clerk_name = models.CharField(max_length=120)
    clerk_post = models.CharField(max_length=120)
    called = models.CharField(max_length=16)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answer to {self.order_id} by telephone"


class OnScreen(models.Model):
    """An answer that a clerk gave at the desk: when its page was first opened and when the answer was sent."""

    answer_id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="on_screen")
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="on_screen")
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["bank", "sent_at"], name="on_screen_by_bank")]

    def __str__(self) -> str:
        return f"answer to {self.order_id} on the screen"


class Ping(models.Model):
    """One round of messages to officers: how many orders wait at their bank, and a link. Nothing of any account."""

    id = models.UUIDField(primary_key=True)
    why = models.CharField(max_length=40)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"ping {self.why} {self.at}"


class Receipt(models.Model):
    """One officer of one ping: the count told, and when the link in it was opened."""

    id = models.UUIDField(primary_key=True)
    ping = models.ForeignKey(Ping, on_delete=models.PROTECT, related_name="receipts")
    nodal = models.ForeignKey(Nodal, on_delete=models.PROTECT, related_name="receipts")
    token = models.CharField(max_length=32, unique=True)
    count = models.IntegerField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ping", "nodal"], name="one_receipt_a_ping")]

    def __str__(self) -> str:
        return f"{self.nodal_id} of {self.ping_id}"
