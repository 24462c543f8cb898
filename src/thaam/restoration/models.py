"""Applications of victims for their held money, and the restorations officers propose and approve."""

from __future__ import annotations

import datetime as dt

from django.db import models

from thaam.chase.models import Claim
from thaam.complaints.models import Complaint
from thaam.holds.models import Book, Hold, Repayment
from thaam.holds.multirange import PaiseRangesField
from thaam.money import ranges as sets
from thaam.parties.models import Officer


class Application(models.Model):
    """A victim asks for held money: where to pay it, on what papers. One open application a complaint."""

    id = models.UUIDField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="applications")
    to_bank = models.CharField(max_length=24)
    to_account = models.CharField(max_length=64)
    holder_name = models.CharField(max_length=120)
    fir_number = models.CharField(max_length=60, blank=True, default="")
    undertaking = models.BooleanField()
    applied_at = models.DateTimeField()
    verified_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refused_words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=models.Q(refused_at=None), name="one_open_application_a_complaint"
            ),
            models.CheckConstraint(condition=models.Q(undertaking=True), name="an_application_has_its_undertaking"),
        ]

    def __str__(self) -> str:
        return f"application of {self.complaint_id}"


class Restoration(models.Model):
    """Paise of one hold that shall go back to one claim. Proposed by one officer, approved by another."""

    class Source(models.TextChoices):
        HOLD = "hold"
        RECOVERY = "recovery"

    id = models.UUIDField(primary_key=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="restorations")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="restorations")
    ranges = PaiseRangesField()
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.HOLD)
    to_bank = models.CharField(max_length=24)
    to_account = models.CharField(max_length=64)
    fir_number = models.CharField(max_length=60, blank=True, default="")
    rule = models.TextField()  # the rule the proposal stands on, as shown to the officers
    words = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_words = models.CharField(max_length=500, blank=True, default="")
    repayment = models.OneToOneField(Repayment, null=True, on_delete=models.PROTECT, related_name="restoration")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("approved_by")), name="two_officers_approve"
            ),
        ]

    def __str__(self) -> str:
        return f"restoration {self.id}"

    @property
    def amount_paise(self) -> int:
        """How much goes back."""
        return sets.total(self.ranges)

    @property
    def state(self) -> str:
        """proposed, approved, paid, refused (by the second officer) or failed (by the bank)."""
        if self.refused_at is not None:
            return "refused"
        if self.repayment is None:
            return "proposed"
        if self.repayment.paid_at is not None:
            return "paid"
        return "failed" if self.repayment.refused_at is not None else "approved"

    @property
    def paid_at(self) -> dt.datetime | None:
        """When the bank said that it paid."""
        return self.repayment.paid_at if self.repayment else None


class ShareOut(models.Model):
    """What is held on one account, divided among the claims whose money entered it, as of a cut-off."""

    class Method(models.TextChoices):
        PRO_RATA = "pro_rata"
        FIRST_COME = "first_come"
        TRACED = "traced"

    id = models.UUIDField(primary_key=True)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="share_outs")
    cut_off_at = models.DateTimeField()
    pool_paise = models.BigIntegerField()
    claimed_paise = models.BigIntegerField()
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.PRO_RATA)
    words = models.CharField(max_length=500)
    rule = models.TextField()
    reckoned_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    reckoned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"share-out {self.id}"

    @property
    def over_claimed(self) -> bool:
        """More is claimed than is there."""
        return self.claimed_paise > self.pool_paise


class Share(models.Model):
    """One claim's part of a share-out, by each method; the chosen method's part is what is proposed."""

    id = models.BigAutoField(primary_key=True)
    share_out = models.ForeignKey(ShareOut, on_delete=models.PROTECT, related_name="shares")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="shares")
    entered_paise = models.BigIntegerField()
    open_loss_paise = models.BigIntegerField()
    pro_rata_paise = models.BigIntegerField()
    first_come_paise = models.BigIntegerField()
    traced_paise = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share_out", "claim"], name="one_share_a_claim")]

    def __str__(self) -> str:
        return f"share of {self.claim_id}"

    def paise(self, method: str) -> int:
        """The part by that method."""
        return int(getattr(self, f"{method}_paise"))
