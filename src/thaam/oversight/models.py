"""Snapshots: what was true at one moment, frozen. Every published figure is a sum over the rows of one snapshot."""

from __future__ import annotations

from django.db import models

# The eight states, in the order tables show them.
STATES = ("held", "restored", "released", "gone", "asked", "unexplained", "seen", "returned")


class Snapshot(models.Model):
    """Complaints filed in `[from_on, to_on)` (days in India), as they stood at `taken_at`. `name` is SN-YYMM-nn."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=16, unique=True)
    state_code = models.IntegerField(null=True)
    from_on = models.DateField()
    to_on = models.DateField()
    taken_at = models.DateTimeField()
    definitions = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class Counted(models.Model):
    """One complaint as counted: place and channel apart, its paise in the eight states. They add up by CHECK."""

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="counted")
    complaint = models.CharField(max_length=11)
    district_code = models.IntegerField(null=True)
    channel = models.CharField(max_length=8)
    payer_bank = models.CharField(max_length=24)
    filed_at = models.DateTimeField()
    withdrawn = models.BooleanField()
    reported_paise = models.BigIntegerField()
    held_paise = models.BigIntegerField()
    restored_paise = models.BigIntegerField()
    released_paise = models.BigIntegerField()
    gone_paise = models.BigIntegerField()
    asked_paise = models.BigIntegerField()
    unexplained_paise = models.BigIntegerField()
    seen_paise = models.BigIntegerField()
    returned_paise = models.BigIntegerField()
    # of the held, restored and released: first held within a day of the report
    same_day_paise = models.BigIntegerField()
    # seconds from the first fraud to the report, and from the report to the first hold (None: nothing held)
    reported_after_s = models.IntegerField()
    held_after_s = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_counted_complaint_adds_up",
                condition=models.Q(
                    reported_paise=models.F("held_paise")
                    + models.F("restored_paise")
                    + models.F("released_paise")
                    + models.F("gone_paise")
                    + models.F("asked_paise")
                    + models.F("unexplained_paise")
                    + models.F("seen_paise")
                    + models.F("returned_paise")
                ),
            ),
            models.UniqueConstraint(fields=["snapshot", "complaint"], name="a_complaint_is_counted_once"),
        ]
        indexes = [models.Index(fields=["snapshot", "district_code"], name="counted_by_place")]

    def __str__(self) -> str:
        return self.complaint


class CountedOrder(models.Model):
    """One hold order as counted for the banks' table: when asked, when answered, by when it was due."""

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="orders")
    order_id = models.UUIDField()
    bank = models.CharField(max_length=24)
    bank_kind = models.CharField(max_length=16)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "order_id"], name="an_order_is_counted_once")]
        indexes = [models.Index(fields=["snapshot", "bank"], name="counted_by_bank")]

    def __str__(self) -> str:
        return str(self.order_id)


class PressNote(models.Model):
    """A press note from the locked facts of one snapshot: one writes, another releases."""

    id = models.UUIDField(primary_key=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT)
    place_hi = models.CharField(max_length=120)
    place_en = models.CharField(max_length=120)
    facts = models.JSONField()
    prose_hi = models.TextField()
    prose_en = models.TextField()
    written_by = models.CharField(max_length=120)
    written_at = models.DateTimeField()
    released_by = models.CharField(max_length=120, blank=True, default="")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="another_releases_a_press_note", condition=~models.Q(written_by=models.F("released_by"))
            )
        ]

    def __str__(self) -> str:
        return f"press note of {self.snapshot_id}"
