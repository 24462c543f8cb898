"""A running clock, its pauses, every time its end was moved, and holidays added after this version was made."""

from __future__ import annotations

from django.db import models

from thaam.parties.models import Bank


class Clock(models.Model):
    """One deadline of one thing. `name` is its rule in the rulebook; where it ends is reckoned, and kept to compare."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=40)
    about = models.CharField(max_length=20)
    subject = models.UUIDField(db_index=True)
    jurisdiction = models.CharField(max_length=21)
    # who has the ball: a bank, or (without one) an office of ours
    partner = models.ForeignKey(Bank, null=True, on_delete=models.PROTECT, related_name="clocks")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True, default="")
    ended_words = models.CharField(max_length=300, blank=True, default="")
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    # the highest rung of the ladder told so far, in percent of the clock; -1: none yet
    reached_percent = models.IntegerField(default=-1)
    nobody_named = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "about", "subject"], name="one_clock_a_thing")]
        indexes = [models.Index(fields=["due_at"], name="clock_running", condition=models.Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.name} of {self.about} {self.subject}"


class Pause(models.Model):
    """A stretch in which the clock stood still, and why: the ball was with somebody else."""

    id = models.BigAutoField(primary_key=True)
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60)
    by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock"], name="one_pause_at_a_time", condition=models.Q(until_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.reason} from {self.from_at}"


class Moved(models.Model):
    """The end of a running clock was reckoned anew: old, new and why. Append-only."""

    id = models.BigAutoField(primary_key=True)
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="moves")
    was_at = models.DateTimeField()
    is_at = models.DateTimeField()
    why = models.CharField(max_length=200)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.was_at} to {self.is_at}"


class Holiday(models.Model):
    """A day on which offices (and banks) are shut, notified after this version's list was made."""

    id = models.BigAutoField(primary_key=True)
    jurisdiction = models.CharField(max_length=21)
    day = models.DateField()
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=200)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "day"], name="one_holiday_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.title}"
