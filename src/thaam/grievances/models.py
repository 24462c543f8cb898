"""What holders were told about a hold, their objections, who joined them, and every decision.

Row-level security: offices see all, a holder sees the own objection at its own desk (`complaint:<objection id>`, the
desk of a citizen's link), a bank sees those on its holds.
"""

from __future__ import annotations

from django.db import models

from thaam.holds.models import Hold
from thaam.parties.models import Officer

from .stages import Outcome, Reason, Stage


class Told(models.Model):
    """The account holder was told five facts about a hold, through the bank. `code` opens the page of the hold."""

    hold = models.OneToOneField(Hold, primary_key=True, on_delete=models.PROTECT, related_name="told")
    code = models.CharField(max_length=10, unique=True)
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"told of {self.hold_id}"


class Objection(models.Model):
    """Somebody says that a hold is wrong. One open objection a hold; who comes later joins it."""

    id = models.UUIDField(primary_key=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="objections")
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.BANK)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    words = models.TextField(blank=True)
    name = models.CharField(max_length=120)
    mobile = models.CharField(max_length=16)
    lang = models.CharField(max_length=2, default="hi")
    helper = models.CharField(max_length=120, blank=True, default="")
    jurisdiction = models.CharField(max_length=21)
    lodged_at = models.DateTimeField()
    stage_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hold"], condition=models.Q(closed_at=None), name="one_open_objection_a_hold"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(due_at=None), name="a_closed_objection_has_no_clock"
            ),
        ]
        indexes = [models.Index(fields=["stage", "due_at"], name="objection_by_clock")]

    def __str__(self) -> str:
        return f"objection {self.id}"

    @property
    def desk(self) -> str:
        """The desk setting under which its own holder sees it."""
        return f"complaint:{self.pk}"


class Joined(models.Model):
    """Another report of the same wrong: joined to the open objection, so that nobody starts the clock anew."""

    id = models.UUIDField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="joined")
    name = models.CharField(max_length=120)
    mobile = models.CharField(max_length=16)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"joined {self.objection_id}"


class Step(models.Model):
    """One step up the ladder or one decision, never changed: where, who, why, by what clock."""

    id = models.BigAutoField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    what = models.CharField(max_length=14)  # lodged, forwarded, escalated, appealed, decided, ended
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="")
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=120)
    words = models.TextField(blank=True, default="")
    released_paise = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    execute_by = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.what} at {self.stage}"
