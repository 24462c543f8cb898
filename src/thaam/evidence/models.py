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
