"""What the 1930 room keeps beside complaints: calls as telephony tells them, who has which page open, work to do,
words handed to the next shift, and the second look at what operators attested.

Row-level security: people who sit at an office, and nobody else.
"""

from __future__ import annotations

from django.db import models

from thaam.complaints.models import Complaint
from thaam.parties.models import Office, Officer


class Ring(models.Model):
    """One call as the exchange tells it; its id is the exchange's own."""

    class State(models.TextChoices):
        RINGING = "ringing"
        ANSWERED = "answered"
        ENDED = "ended"

    id = models.CharField(max_length=80, primary_key=True)
    caller = models.CharField(max_length=20, blank=True, default="")
    agent = models.CharField(max_length=150, blank=True, default="", db_index=True)
    state = models.CharField(max_length=8, choices=State.choices)
    began_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    complaint = models.ForeignKey(Complaint, null=True, on_delete=models.PROTECT, related_name="calls")

    def __str__(self) -> str:
        return f"call {self.id}: {self.state}"


class Presence(models.Model):
    """An officer has a complaint's page open; `typing` names the field in hand. Seconds old, or it says nothing."""

    id = models.BigAutoField(primary_key=True)
    about = models.UUIDField(db_index=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+")
    typing = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "officer"], name="one_presence_an_officer")]

    def __str__(self) -> str:
        return f"{self.officer_id} at {self.about}"


class Task(models.Model):
    """Something the room owes somebody: a call back, a dropped call, a bank name or a reference to put right."""

    class Type(models.TextChoices):
        CALL_BACK = "call_back"
        CALL_DROPPED = "call_dropped"
        BANK_NAME = "bank_name"
        BANK_CALL = "bank_call"
        REFERENCE = "reference"

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Type.choices)
    complaint = models.ForeignKey(Complaint, null=True, on_delete=models.PROTECT, related_name="tasks")
    mobile = models.CharField(max_length=16, blank=True, default="")
    words = models.CharField(max_length=300, blank=True, default="")
    # first whose it is, and until when; afterwards it is anyone's
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    mine_until_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    done_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="open_tasks_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} due {self.due_at}"


class Handover(models.Model):
    """Words of one shift to the next."""

    id = models.UUIDField(primary_key=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="handovers")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    at = models.DateTimeField()
    read_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"handover of {self.office_id} at {self.at}"


class Review(models.Model):
    """A supervisor's second look at one report that an operator attested."""

    class Verdict(models.TextChoices):
        RIGHT = "right"
        COACH = "coach"
        WRONG = "wrong"

    complaint = models.OneToOneField(Complaint, primary_key=True, on_delete=models.PROTECT, related_name="review")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True, default="")
    words = models.CharField(max_length=500, blank=True, default="")
    reviewed_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"review of {self.complaint_id}"
