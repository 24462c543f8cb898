"""Facts, the unnumbered ones waiting, and the numbered line each becomes.

A fact is written in the transaction of the change it tells of. Its position is given later, by the sequencer alone
(sequencing.py): commit order is not id order, so nothing reads facts by a serial number.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from thaam.wire import checkpoints


class Fact(models.Model):
    """What happened, to what, by whom, when. Append-only by privilege and by trigger."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=120, db_index=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    data = models.JSONField()
    topic = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["kind", "at"], name="fact_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Pending(models.Model):
    """A committed fact that has no position yet; the row is gone when it has one."""

    id = models.BigAutoField(primary_key=True)
    fact = models.OneToOneField(Fact, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return f"pending {self.fact_id}"


class Line(models.Model):
    """A fact's place in the journal: gap-free position, the line before it, its Merkle leaf (RFC 6962)."""

    position = models.BigIntegerField(primary_key=True)
    fact = models.OneToOneField(Fact, on_delete=models.PROTECT)
    topic = models.CharField(max_length=80, blank=True, default="")
    prev = models.BinaryField()
    leaf = models.BinaryField()
    numbered_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["topic", "position"], name="line_by_topic", condition=~models.Q(topic="")),
        ]

    def __str__(self) -> str:
        return f"line {self.position}"


class Tile(models.Model):
    """The hash of a complete, aligned subtree of 256^level leaves, so that a proof need not read all leaves."""

    id = models.BigAutoField(primary_key=True)
    level = models.IntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="one_tile_a_place")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.number}"


class Checkpoint(models.Model):
    """A signed head of the journal: this many lines had this root at this time."""

    position = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at = models.DateTimeField()
    key_id = models.CharField(max_length=80)
    # base64url, as it travels
    signature = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"checkpoint {self.position}"

    def document(self) -> dict[str, Any]:
        """As partners see and keep it."""
        root = bytes(self.root).hex()
        return checkpoints.Checkpoint(self.position, root, self.at, self.key_id, self.signature).document()


class Cursor(models.Model):
    """How far a reader of the journal (a loop) has read. The reader updates it in the transaction of its effect."""

    reader = models.CharField(max_length=60, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.reader} at {self.position}"
