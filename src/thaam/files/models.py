"""Files that came in: what they are by their bytes, not by their name, and who touched them (custody)."""

from __future__ import annotations

from django.db import models


class File(models.Model):
    """One file as it arrived. The bytes lie under their SHA-256; of the row only `scan` ever changes."""

    class Scan(models.TextChoices):
        WAITING = "waiting"
        CLEAN = "clean"
        INFECTED = "infected"
        NOT_SCANNED = "not_scanned"

    id = models.UUIDField(primary_key=True)
    about = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    by = models.CharField(max_length=120)
    received_at = models.DateTimeField()
    scan = models.CharField(max_length=12, choices=Scan.choices, default=Scan.WAITING)

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:12]}"

    @property
    def touches(self) -> list[Touch]:
        """Its custody, in the order it happened."""
        return sorted(self.custody.all(), key=lambda touch: touch.pk)


class Touch(models.Model):
    """One line of a file's custody: who did what with it, when. Append-only."""

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="custody")
    what = models.CharField(max_length=40)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} by {self.by}"
