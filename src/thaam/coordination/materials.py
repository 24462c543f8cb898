"""What awareness work shows and hands out."""

from __future__ import annotations

from django.db import models

from thaam.parties.models import Officer


class Material(models.Model):
    """Something to show or hand out (S2.7, S3.2): a film's link, a leaflet, a text that becomes a share image."""

    class Type(models.TextChoices):
        FILM = "film"
        LEAFLET = "leaflet"
        IMAGE = "image"

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Type.choices)
    title_hi = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    text_hi = models.TextField(blank=True, default="")
    text_en = models.TextField(blank=True, default="")
    link = models.CharField(max_length=300, blank=True, default="")
    added_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title_en

    def title(self, lang: str) -> str:
        """Its title in the reader's language."""
        return self.title_en if lang == "en" else self.title_hi

    def text(self, lang: str) -> str:
        """Its words in the reader's language."""
        return self.text_en if lang == "en" else self.text_hi
