"""Complaints, the debits they dispute, and the codes sent to confirm them.

Row-level security: staff at an office see all, a citizen at `complaint:<id>` sees their own, nobody else sees any.
"""

from __future__ import annotations

from django.db import models

from thaam.chase.models import Claim


class Complaint(models.Model):
    """One report. `number` is spoken and typed (11 digits), `link` is the citizen's short address."""

    class Channel(models.TextChoices):
        WEB = "web"
        PHONE = "phone"
        DESK = "desk"
        BANK = "bank"

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=11, unique=True)
    link = models.CharField(max_length=10, unique=True)
    acknowledgement_number = models.CharField(max_length=14, blank=True, default="")
    lang = models.CharField(max_length=2)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    mobile = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    district = models.CharField(max_length=80, blank=True)
    jurisdiction = models.CharField(max_length=21)
    story = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    filed_by = models.CharField(max_length=120)
    filed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=120, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["-filed_at"], name="complaint_by_time"),
            models.Index(fields=["mobile"], name="complaint_by_mobile"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def desk(self) -> str:
        """The desk setting under which its own citizen sees it."""
        return f"complaint:{self.pk}"


class Debit(models.Model):
    """Money that left the victim's account and is disputed. The claim (same id) carries the account of its paise."""

    claim = models.OneToOneField(Claim, primary_key=True, on_delete=models.PROTECT, related_name="debit")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="debits")
    number = models.IntegerField()
    amount_paise = models.BigIntegerField()
    paid_at = models.DateTimeField()
    rail = models.CharField(max_length=10)
    reference = models.CharField(max_length=64, blank=True)
    payer_bank = models.CharField(max_length=24)
    payer_last4 = models.CharField(max_length=4, blank=True)
    payee_bank = models.CharField(max_length=24, blank=True)
    payee_account = models.CharField(max_length=64, blank=True)
    payee_vpa = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "number"], name="debits_are_numbered")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"debit {self.number} of {self.complaint_id}"


class Code(models.Model):
    """A one-time code sent to the reporter's mobile. Only its keyed digest is kept."""

    id = models.UUIDField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code for {self.complaint_id}"
