"""Orders of courts and other authorities, the accounts they speak of, and what the magistrate was told of holds."""

from __future__ import annotations

from django.db import models

from thaam.complaints.models import Complaint
from thaam.holds.models import Hold
from thaam.parties.models import Bank, Officer


class CourtOrder(models.Model):
    """One order as it came in: by whom, what, how much, until when. The paper itself lies in files."""

    class What(models.TextChoices):
        RESTORE = "restore"
        RELEASE = "release"
        KEEP = "keep"
        ATTACH = "attach"

    id = models.UUIDField(primary_key=True)
    what = models.CharField(max_length=8, choices=What.choices)
    court = models.CharField(max_length=160)
    number = models.CharField(max_length=80)
    dated_on = models.DateField()
    received_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)  # of `keep`: how long
    words = models.TextField(blank=True, default="")
    jurisdiction = models.CharField(max_length=21)
    entered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)  # recalled or set aside
    done_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["court", "number", "what"], name="one_row_an_order")]

    def __str__(self) -> str:
        return f"{self.court} {self.number}"


class CourtOrderAccount(models.Model):
    """One account of an order and the sum; `hold` is what it was matched to, empty where nothing fits."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(CourtOrder, on_delete=models.PROTECT, related_name="accounts")
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=64)
    complaint = models.ForeignKey(Complaint, null=True, on_delete=models.PROTECT, related_name="court_orders")
    amount_paise = models.BigIntegerField()
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="court_orders")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_paise__gt=0), name="an_order_has_an_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_paise} of {self.bank_id}/{self.account}"


class Intimation(models.Model):
    """What the magistrate has to be told of a complaint's holds, by when, and when they were (BNSS 106(3))."""

    id = models.UUIDField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="intimations")
    number = models.IntegerField()
    jurisdiction = models.CharField(max_length=21)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    court = models.CharField(max_length=160, blank=True, default="")
    reference = models.CharField(max_length=80, blank=True, default="")
    overdue_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="one_intimation_a_number"),
            models.UniqueConstraint(
                fields=["complaint"], condition=models.Q(told_at=None), name="one_open_intimation_a_complaint"
            ),
        ]

    def __str__(self) -> str:
        return f"intimation {self.number} of {self.complaint_id}"


class IntimationHold(models.Model):
    """A hold the magistrate is told of with this intimation, once."""

    intimation = models.ForeignKey(Intimation, on_delete=models.PROTECT, related_name="holds")
    hold = models.OneToOneField(Hold, primary_key=True, on_delete=models.PROTECT, related_name="intimation")

    def __str__(self) -> str:
        return f"{self.hold_id} in {self.intimation_id}"
