"""Messages owed to people, and each try to deliver them."""

from __future__ import annotations

from django.db import models


class Notice(models.Model):
    """One message to one person about one fact. Its id is made from fact, event and receiver: it exists once."""

    id = models.UUIDField(primary_key=True)
    event = models.CharField(max_length=24)
    about = models.CharField(max_length=120, db_index=True)
    lang = models.CharField(max_length=2)
    channel = models.CharField(max_length=10)
    to = models.CharField(max_length=160)
    text = models.TextField()
    template_id = models.CharField(max_length=40, blank=True, default="")
    made_at = models.DateTimeField()
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.event} about {self.about}"


class Try(models.Model):
    """One attempt over one route: it was taken, or why not."""

    id = models.BigAutoField(primary_key=True)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="tries")
    route = models.CharField(max_length=40)
    taken = models.BooleanField()
    error = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.route}: {'taken' if self.taken else self.error}"
