"""Snapshots: what was true at one moment, frozen. Every published figure is a sum over the rows of one snapshot."""

from __future__ import annotations

import datetime as dt

from django.db import models

from thaam.parties.models import Office

# The eight states, in the order tables show them.
STATES = ("held", "restored", "released", "gone", "asked", "unexplained", "seen", "returned")


class Paise(models.Model):
    """What was reported, in the eight states; `same_day` is the part of held, restored and released that was first held
    within a day of the report."""

    reported_paise = models.BigIntegerField()
    held_paise = models.BigIntegerField()
    restored_paise = models.BigIntegerField()
    released_paise = models.BigIntegerField()
    gone_paise = models.BigIntegerField()
    asked_paise = models.BigIntegerField()
    unexplained_paise = models.BigIntegerField()
    seen_paise = models.BigIntegerField()
    returned_paise = models.BigIntegerField()
    same_day_paise = models.BigIntegerField()

    class Meta:
        abstract = True


def adds_up(name: str) -> models.CheckConstraint:
    """The database's own sum: reported is the eight states together."""
    parts = [models.F(f"{state}_paise") for state in STATES]
    return models.CheckConstraint(name=name, condition=models.Q(reported_paise=sum(parts[1:], parts[0])))


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
    # figures besides the complaints, as of the same moment: the helpline's calls, the hold books, objections
    beside = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["-taken_at"], name="snapshot_by_time")]

    def __str__(self) -> str:
        return self.name

    @property
    def last_on(self) -> dt.date:
        """The last day counted."""
        return self.to_on - dt.timedelta(days=1)


class Counted(Paise):
    """One complaint as counted: place and channel apart, its paise in the eight states. They add up by CHECK."""

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="counted")
    complaint = models.CharField(max_length=11)
    district_code = models.IntegerField(null=True)
    channel = models.CharField(max_length=8)
    payer_bank = models.CharField(max_length=24)
    # the trick, read from the story (modus.toml); blank: not told
    modus = models.CharField(max_length=24, blank=True, default="")
    filed_at = models.DateTimeField()
    withdrawn = models.BooleanField()
    # seconds from the first fraud to the report, and from the report to the first hold (None: nothing held)
    reported_after_s = models.IntegerField()
    held_after_s = models.IntegerField(null=True)

    class Meta:
        constraints = [
            adds_up("a_counted_complaint_adds_up"),
            models.UniqueConstraint(fields=["snapshot", "complaint"], name="a_complaint_is_counted_once"),
        ]
        indexes = [
            models.Index(fields=["snapshot", "district_code", "-reported_paise"], name="counted_by_district"),
            models.Index(fields=["snapshot", "payer_bank", "-reported_paise"], name="counted_by_payer_bank"),
            models.Index(fields=["snapshot", "-reported_paise"], name="counted_by_sum"),
        ]

    def __str__(self) -> str:
        return self.complaint

    @property
    def rest_paise(self) -> int:
        """Neither held at some time, nor gone, nor awaited: seen, returned by the rail, not explained."""
        return self.seen_paise + self.returned_paise + self.unexplained_paise


class CountedOrder(models.Model):
    """One hold order as counted for the banks' table: when asked, answered and due. `paused_s`: seconds
    between asking and answer in which the ball was with us; `due_at` has moved by them."""

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="orders")
    order_id = models.UUIDField()
    bank = models.CharField(max_length=24)
    bank_kind = models.CharField(max_length=16)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    paused_s = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "order_id"], name="an_order_is_counted_once")]
        indexes = [models.Index(fields=["snapshot", "bank"], name="counted_by_bank")]

    def __str__(self) -> str:
        return str(self.order_id)


class Summed(Paise):
    """The sums of one snapshot by one axis and key, reckoned in the transaction that took it (reckoning.py).

    Every page, file and note reads these rows, so that all of them carry the same figures and none counts a million
    complaints. `key` is text: a district's code, a channel, a bank, "4|13" for Thursday one o'clock; "" is not told.
    """

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="sums")
    axis = models.CharField(max_length=16)
    key = models.CharField(max_length=60, blank=True)
    complaints = models.IntegerField()
    half_reported_after_s = models.IntegerField(null=True)
    half_held_after_s = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "axis", "key"], name="a_sum_once"),
            adds_up("a_sum_adds_up"),
        ]

    def __str__(self) -> str:
        return f"{self.axis} {self.key}"


class BankTime(models.Model):
    """How one bank answered in the period of a snapshot, and what its hold books held at that moment."""

    id = models.BigAutoField(primary_key=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="banks")
    bank = models.CharField(max_length=24)
    bank_kind = models.CharField(max_length=16)
    # how its answers come: api, screen
    way = models.CharField(max_length=8)
    n = models.IntegerField()
    in_time = models.IntegerField()
    silent = models.IntegerField()
    # orders whose clock stood still for some time, because the ball was with us
    paused = models.IntegerField(default=0)
    half_s = models.IntegerField(null=True)
    p90_s = models.IntegerField(null=True)
    book_held_paise = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "bank"], name="a_bank_once_a_snapshot")]

    def __str__(self) -> str:
        return self.bank


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


class OpenData(models.Model):
    """What of a snapshot everybody may read: tables with small cells joined, as they were published."""

    snapshot = models.OneToOneField(Snapshot, primary_key=True, on_delete=models.PROTECT, related_name="open_data")
    tables = models.JSONField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"open data of {self.snapshot_id}"


class OfficeLine(models.Model):
    """One line an office is told: in the three of a morning, or at once when something is down."""

    class Type(models.TextChoices):
        MORNING = "morning"
        DOWN = "down"

    id = models.UUIDField(primary_key=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=8, choices=Type.choices)
    about = models.CharField(max_length=60)
    text_hi = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["office", "-at"], name="alert_by_office")]

    def __str__(self) -> str:
        return self.text_en


class OfficeNumber(models.Model):
    """A mobile that gets an office's lines by SMS."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="alert_numbers")
    mobile = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "mobile"], name="a_number_once_an_office")]

    def __str__(self) -> str:
        return f"lines of {self.office_id}"
