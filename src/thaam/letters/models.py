"""Letters as they were written: the data is kept, the paper is set from it again, byte for byte."""

from __future__ import annotations

from django.db import models


class Letter(models.Model):
    """One numbered paper. `digest` is SHA-256 of `data` (printed at its foot), `paper_digest` that of the PDF."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    template = models.CharField(max_length=24)
    about = models.CharField(max_length=120, db_index=True)
    lang = models.CharField(max_length=2)
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    paper = models.BinaryField()
    paper_digest = models.CharField(max_length=64)
    by = models.CharField(max_length=120)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "about", "lang"], name="one_letter_of_a_kind_about_a_thing")
        ]

    def __str__(self) -> str:
        return self.number
