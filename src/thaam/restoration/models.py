"""Applications of victims for their held money, the restorations officers propose and approve, and their way back.

The courts' orders are in courts.py, money taken from criminals in recovered.py: both are joined here for Django.
"""

from __future__ import annotations

import datetime as dt

from django.db import models

from thaam.chase.models import Claim
from thaam.complaints.models import Complaint
from thaam.holds.models import Book, Hold, Repayment
from thaam.holds.multirange import PaiseRangesField
from thaam.money import ranges as sets
from thaam.parties.models import Officer

from .courts import CourtOrder, CourtOrderAccount, Intimation, IntimationHold
from .recovered import Recovery

__all__ = [
    "Application", "CourtOrder", "CourtOrderAccount", "Intimation", "IntimationHold", "Path", "Recovery", "Restoration",
    "Reversal", "Share", "ShareOut",
]  # fmt: skip


class Path(models.TextChoices):
    """The legal way money goes back; paths.py says what each needs."""

    POLICE = "police"  # up to the limit: police report and bond
    FIR = "fir"  # above it: FIR, an officer of the rank of DCP or SP
    MAGISTRATE = "magistrate"
    LOK_ADALAT = "lok_adalat"
    ATTACHMENT = "attachment"  # BNSS 107: the District Magistrate distributes


class Application(models.Model):
    """A victim asks for held money: where to pay it, on what papers. One open application a complaint."""

    id = models.UUIDField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="applications")
    to_bank = models.CharField(max_length=24)
    to_account = models.CharField(max_length=64)
    holder_name = models.CharField(max_length=120)
    fir_number = models.CharField(max_length=60, blank=True, default="")
    path = models.CharField(max_length=10, choices=Path.choices, default=Path.POLICE)
    undertaking = models.BooleanField()
    proved_at = models.DateTimeField(null=True)  # a code sent to the complaint's mobile for this very account came back
    checked = models.CharField(max_length=10, blank=True, default="")  # a value of pennies.Checked
    checked_words = models.CharField(max_length=200, blank=True, default="")
    checked_at = models.DateTimeField(null=True)
    check_order_id = models.UUIDField(null=True, unique=True)
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
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="restorations")
    recovery = models.ForeignKey(Recovery, null=True, on_delete=models.PROTECT, related_name="restorations")
    court_order = models.ForeignKey(CourtOrder, null=True, on_delete=models.PROTECT, related_name="restorations")
    share_out = models.ForeignKey("ShareOut", null=True, on_delete=models.PROTECT, related_name="restorations")
    # paise of the hold's payment, or of the recovered sum
    ranges = PaiseRangesField()
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.HOLD)
    path = models.CharField(max_length=10, choices=Path.choices, default=Path.POLICE)
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
    # a recovery is paid by whoever keeps it, not by a bank's hold: an officer enters the reference
    paid_from_recovery_at = models.DateTimeField(null=True)
    paid_reference = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("approved_by")), name="two_officers_approve"
            ),
            models.CheckConstraint(
                condition=models.Q(source="hold", hold__isnull=False, recovery=None)
                | models.Q(source="recovery", hold=None, recovery__isnull=False),
                name="a_restoration_has_one_source",
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
        """proposed, approved, paid, refused (by the second officer), failed (by the bank) or reversed."""
        if self.refused_at is not None:
            return "refused"
        if self.source == Restoration.Source.RECOVERY:
            if self.paid_from_recovery_at is not None:
                return "paid"
            return "approved" if self.approved_at is not None else "proposed"
        if self.repayment is None:
            return "proposed"
        if self.reversals.filter(approved_at__isnull=False).exists():
            return "reversed"
        if self.repayment.paid_at is not None:
            return "paid"
        return "failed" if self.repayment.refused_at is not None else "approved"

    @property
    def paid_at(self) -> dt.datetime | None:
        """When the bank said that it paid, or the officer that the recovered money was."""
        return self.repayment.paid_at if self.repayment else self.paid_from_recovery_at


class Reversal(models.Model):
    """Somebody says that a restoration went to the wrong person; two officers may reverse it, with reasons."""

    class Ground(models.TextChoices):
        NOT_THEIRS = "not_theirs"  # the money was never this victim's
        HOLDER_RIGHT = "holder_right"  # it was the account holder's own
        FALSE_REPORT = "false_report"
        COURT = "court"

    id = models.UUIDField(primary_key=True)
    restoration = models.ForeignKey(Restoration, on_delete=models.PROTECT, related_name="reversals")
    ground = models.CharField(max_length=12, choices=Ground.choices)
    words = models.TextField()
    contested_by = models.CharField(max_length=120)
    contested_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    reasons = models.TextField(blank=True, default="")
    approved_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_words = models.TextField(blank=True, default="")
    paid_back_at = models.DateTimeField(null=True)
    paid_reference = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("approved_by")), name="two_officers_reverse"
            ),
            models.UniqueConstraint(
                fields=["restoration"], condition=models.Q(refused_at=None), name="one_reversal_a_restoration"
            ),
        ]

    def __str__(self) -> str:
        return f"reversal of {self.restoration_id}"

    @property
    def state(self) -> str:
        """contested, proposed, refused, reversed (the victim owes it back) or paid back."""
        if self.refused_at is not None:
            return "refused"
        if self.paid_back_at is not None:
            return "paid back"
        if self.approved_at is not None:
            return "reversed"
        return "proposed" if self.proposed_at is not None else "contested"


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
