"""Upstream victims asked after and warned, tricks chosen for complaints, prints of stories, arrests. All append-only.

Row-level security: offices read; the loops write what facts bring.
"""

from __future__ import annotations

from django.db import models

from thaam.complaints.models import Complaint
from thaam.parties.models import Bank, Officer
from thaam.suspects.models import Identifier


class PayersAsked(models.Model):
    """The bank of a found mule was asked who else paid it in these days. `id` is the order's id."""

    id = models.UUIDField(primary_key=True)
    identifier = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="payers_asked")
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=64)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    because = models.CharField(max_length=200)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"payers of {self.account}"


class PayersTold(models.Model):
    """What that bank answered: how many payments, whether that is all."""

    asked = models.OneToOneField(PayersAsked, primary_key=True, on_delete=models.PROTECT, related_name="told")
    many = models.PositiveIntegerField()
    complained = models.PositiveIntegerField()
    complete = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.many} payers"


class Warning(models.Model):
    """One payment to a mule whose payer has not complained: the payer's bank is asked to warn, once for ever.

    `id` is the order's id. No name and no account of the payer is known here."""

    id = models.UUIDField(primary_key=True)
    asked = models.ForeignKey(PayersAsked, on_delete=models.PROTECT, related_name="warnings")
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="+")
    rail = models.CharField(max_length=10)
    reference = models.CharField(max_length=64)
    paid_on = models.DateField()
    amount_paise = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "rail", "reference", "paid_on", "amount_paise"], name="a_payment_is_warned_about_once"
            )
        ]

    def __str__(self) -> str:
        return f"warning about {self.reference}"


class WarningTold(models.Model):
    """Whether and how the customer was told."""

    warning = models.OneToOneField(Warning, primary_key=True, on_delete=models.PROTECT, related_name="told")
    reached = models.BooleanField()
    way = models.CharField(max_length=8, blank=True, default="")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"told {self.warning_id}"


class TrickChosen(models.Model):
    """The trick a person chose for a complaint; the newest counts. `offered` is what the program had suggested."""

    id = models.UUIDField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="tricks")
    code = models.CharField(max_length=40)
    offered = models.JSONField(default=list)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["complaint", "-at"], name="trick_newest")]

    def __str__(self) -> str:
        return f"{self.code} for {self.complaint_id}"


class StoryPrint(models.Model):
    """A story's print for finding near-duplicates: minima of hashed word groups; no word can be read from it."""

    complaint = models.OneToOneField(Complaint, primary_key=True, on_delete=models.PROTECT, related_name="print")
    minima = models.JSONField()
    bands = models.JSONField()
    words = models.PositiveIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"print of {self.complaint_id}"


class StoryBand(models.Model):
    """One band of a print, for the index: stories that share a band are compared."""

    id = models.BigAutoField(primary_key=True)
    band = models.CharField(max_length=24, db_index=True)
    print = models.ForeignKey(StoryPrint, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.band


class Arrest(models.Model):
    """Somebody arrested, in whatever state, with the police unit's own number of the case (S3.11)."""

    id = models.UUIDField(primary_key=True)
    person = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, db_index=True)
    state = models.CharField(max_length=80)
    district = models.CharField(max_length=80)
    unit = models.CharField(max_length=160)
    fir = models.CharField(max_length=80)
    arrested_on = models.DateField()
    words = models.CharField(max_length=2000, blank=True, default="")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"arrest {self.fir}"


class ArrestIdentifier(models.Model):
    """A phone, account, device ... found with the arrested person: what joins them to complaints elsewhere."""

    id = models.UUIDField(primary_key=True)
    arrest = models.ForeignKey(Arrest, on_delete=models.PROTECT, related_name="found")
    identifier = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="arrests")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["arrest", "identifier"], name="found_once")]

    def __str__(self) -> str:
        return f"{self.identifier_id} with {self.arrest_id}"
