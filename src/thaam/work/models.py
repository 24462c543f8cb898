"""The only durable work table: what must be done, when, and who has it now."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One thing to do once. `lease_no` is the fence: a late worker's finish with an old number changes nothing."""

    class State(models.TextChoices):
        DUE = "due"
        LEASED = "leased"
        DONE = "done"
        DEAD = "dead"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    partner = models.CharField(max_length=16, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_no = models.BigIntegerField(default=0)
    attempt = models.IntegerField(default=0)
    attempts_max = models.IntegerField(default=12)
    last_error = models.TextField(blank=True, default="")
    scheduled_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["run_at"], name="job_due", condition=models.Q(state="due")),
            models.Index(fields=["lease_until"], name="job_leased", condition=models.Q(state="leased")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
