"""Money taken from criminals (S2.5): what was recovered, where it lies, and how much of it has gone back."""

from __future__ import annotations

from django.db import models

from thaam.parties.models import Office, Officer


class Recovery(models.Model):
    """One recovered sum under a seizure memo. Restorations from it take paise `[lo, hi)` of it, none twice."""

    id = models.UUIDField(primary_key=True)
    amount_paise = models.BigIntegerField()
    recovered_on = models.DateField()
    memo = models.CharField(max_length=80)
    kept_at = models.CharField(max_length=200)  # treasury, court's account, malkhana
    words = models.CharField(max_length=500, blank=True, default="")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="recoveries")
    entered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_paise__gt=0), name="a_recovery_has_paise"),
            models.UniqueConstraint(fields=["office", "memo"], name="one_recovery_a_memo"),
        ]

    def __str__(self) -> str:
        return f"recovery {self.memo}"
