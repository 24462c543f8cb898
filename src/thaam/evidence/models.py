"""What was asked of a bank besides money, until when, and what came."""

from __future__ import annotations

from django.db import models

from thaam.files.models import File
from thaam.parties.models import Bank


class Asked(models.Model):
    """One request for information (its id is the order's id). Its state is derived, never stored."""

    order_id = models.UUIDField(primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="information_asked")
    complaint = models.CharField(max_length=16, db_index=True)
    what = models.CharField(max_length=20)
    account = models.CharField(max_length=64, blank=True, default="")
    words = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # footage is recorded over: the day it is lost, counted from the event
    overwritten_on = models.DateField(null=True)
    by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.what} of {self.bank_id}"


class Got(models.Model):
    """One answer to a request: words, or digests of files the bank sends or keeps for us. Answers add up: a part now,
    the rest later."""

    id = models.UUIDField(primary_key=True)
    asked = models.ForeignKey(Asked, on_delete=models.PROTECT, related_name="got")
    found = models.BooleanField()
    words = models.TextField(blank=True, default="")
    digests = models.JSONField(default=list)
    complete = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answer to {self.asked_id}"


class GotFile(models.Model):
    """A file that came for a request, matched to its announced digest or sent by hand."""

    file = models.OneToOneField(File, primary_key=True, on_delete=models.PROTECT)
    asked = models.ForeignKey(Asked, on_delete=models.PROTECT, related_name="files")

    def __str__(self) -> str:
        return f"{self.file_id} for {self.asked_id}"


class TerminalCheck(models.Model):
    """A bank's word that money left the banks, drawn for proof; what was asked for, and how it ended."""

    class Result(models.TextChoices):
        ASKED = "asked"
        PROVED = "proved"
        NOT_PROVED = "not proved"
        FALSE = "false"

    id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField(db_index=True)  # the hold order the line answers
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="terminal_checks")
    complaint = models.CharField(max_length=120)
    kind = models.CharField(max_length=24)
    particulars = models.CharField(max_length=120)
    lacks = models.JSONField(default=list)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    drawn_at = models.DateTimeField()
    asked = models.ManyToManyField(Asked, related_name="checks")
    result = models.CharField(max_length=12, choices=Result.choices, default=Result.ASKED, db_index=True)
    result_at = models.DateTimeField(null=True)
    result_by = models.CharField(max_length=120, blank=True, default="")
    words = models.CharField(max_length=2000, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.kind} of {self.bank_id}"

    @property
    def amount_paise(self) -> int:
        """How many paise the claim speaks of."""
        return self.hi - self.lo


class SettlementReport(models.Model):
    """A bank's settlement file of one day: that it is here makes the absence of a payment in it say something."""

    id = models.UUIDField(primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="settlement_reports")
    on = models.DateField()
    sha256 = models.CharField(max_length=64)
    row_count = models.IntegerField()
    read_at = models.DateTimeField()
    by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "on", "sha256"], name="a_settlement_file_once")]

    def __str__(self) -> str:
        return f"{self.bank_id} {self.on}"


class Settled(models.Model):
    """One payment in a bank's settlement file."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(SettlementReport, on_delete=models.PROTECT, related_name="settled")
    rail = models.CharField(max_length=10)
    reference = models.CharField(max_length=64)
    amount_paise = models.BigIntegerField()
    payer_bank = models.CharField(max_length=24)
    payee_bank = models.CharField(max_length=24)
    returned = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["reference", "amount_paise"], name="settled_by_reference")]

    def __str__(self) -> str:
        return self.reference
