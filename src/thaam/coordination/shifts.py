"""Turns at the helpline and who sits on them."""

from __future__ import annotations

from django.db import models

from thaam.parties.models import Officer


class Shift(models.Model):
    """Who sits at the helpline on a day's turn (S4.4): the service runs 24 hours, so every turn has somebody."""

    class Turn(models.TextChoices):
        MORNING = "morning"
        EVENING = "evening"
        NIGHT = "night"

    id = models.UUIDField(primary_key=True)
    on = models.DateField()
    turn = models.CharField(max_length=8, choices=Turn.choices)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="shifts")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["on", "turn", "officer"], name="an_officer_once_a_turn")]

    def __str__(self) -> str:
        return f"{self.on} {self.turn}"
