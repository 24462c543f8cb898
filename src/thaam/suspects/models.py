"""The registry: identifiers, sightings, marks and their ends, values too common to mean anything, look-ups, lists.

Everything but the identifier's own row is append-only; what stands now is derived (standing.py).
"""

from __future__ import annotations

from django.db import models

from thaam.parties.models import Bank, Officer
from thaam.suspects.naming import IdentifierKind


class Identifier(models.Model):
    """An account, number, handle ... in its one spelling. `digest` is what buckets and lists hold of it."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in IdentifierKind])
    name = models.CharField(max_length=500)
    digest = models.BinaryField(max_length=32, unique=True)
    bucket = models.CharField(max_length=5, db_index=True)
    first_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_row_an_identifier")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Sighting(models.Model):
    """One time an identifier was seen in a fraud. `source` is "complaint:<number>", "bank:<code>", "citizen:<id>",
    "import:<list>"; two sightings of one source count once."""

    class Reason(models.TextChoices):
        RECEIVED_MONEY = "received_money"
        CALLED = "called"
        WROTE = "wrote"
        USED_SITE = "used_site"
        USED_APP = "used_app"
        LOOKS_MULE = "looks_mule"
        LISTED_ELSEWHERE = "listed_elsewhere"
        OTHER = "other"

    id = models.UUIDField(primary_key=True)
    identifier = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="sightings")
    source = models.CharField(max_length=120)
    confidence = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=20, choices=Reason.choices)
    words = models.CharField(max_length=1000, blank=True, default="")
    seen_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    by = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["identifier", "seen_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confidence__gte=1, confidence__lte=100), name="confidence_1_to_100"
            )
        ]

    def __str__(self) -> str:
        return f"{self.identifier_id} by {self.source}"


class Mark(models.Model):
    """An officer or a bank agreed that this identifier serves fraud, until `expires_at`."""

    id = models.UUIDField(primary_key=True)
    identifier = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="marks")
    reason = models.CharField(max_length=1000)
    agreed_officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_bank = models.ForeignKey(Bank, null=True, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agreed_officer__isnull=False) | models.Q(agreed_bank__isnull=False),
                name="somebody_agreed_to_the_mark",
            ),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("from_at")), name="a_mark_expires"),
        ]

    def __str__(self) -> str:
        return f"mark on {self.identifier_id}"


class MarkEnd(models.Model):
    """A mark taken away before its time, and why."""

    class Reason(models.TextChoices):
        HEARD = "heard"
        MISTAKE = "mistake"
        BANK_CLEARED = "bank_cleared"
        COURT = "court"

    mark = models.OneToOneField(Mark, primary_key=True, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=14, choices=Reason.choices)
    words = models.CharField(max_length=1000)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"end of {self.mark_id}"


class Withdrawal(models.Model):
    """A sighting that was wrong; it no longer counts, and stays readable."""

    sighting = models.OneToOneField(Sighting, primary_key=True, on_delete=models.PROTECT, related_name="withdrawn")
    words = models.CharField(max_length=1000)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"withdrawal of {self.sighting_id}"


class Alias(models.Model):
    """An officer says that two identifiers are one and the same: a person's two names, a UPI id and its account.

    It joins them on pages and in rings; neither takes over the other's level or marks."""

    id = models.UUIDField(primary_key=True)
    one = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=1000)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="one_alias_a_pair"),
            models.CheckConstraint(condition=~models.Q(one=models.F("other")), name="an_alias_is_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} also {self.other_id}"


class AliasEnd(models.Model):
    """They were not one after all."""

    alias = models.OneToOneField(Alias, primary_key=True, on_delete=models.PROTECT, related_name="end")
    words = models.CharField(max_length=1000)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"end of {self.alias_id}"


class Hearing(models.Model):
    """Somebody says that an identifier of theirs is wrongly listed. Lodging it never shows whether it is."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=500)
    words = models.CharField(max_length=2000)
    contact = models.CharField(max_length=200)
    lodged_at = models.DateTimeField()
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"hearing {self.id}"


class HearingDecided(models.Model):
    """What was decided on a hearing, by whom."""

    hearing = models.OneToOneField(Hearing, primary_key=True, on_delete=models.PROTECT, related_name="decided")
    delisted = models.BooleanField()
    words = models.CharField(max_length=2000)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"decision on {self.hearing_id}"


class CommonValue(models.Model):
    """A value too common to mean anything: a bank's own helpline, a wallet's pool account, "Ramesh Kumar"."""

    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=500)
    words = models.CharField(max_length=500)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_row_a_common_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class LookUp(models.Model):
    """Who asked, when, why. An exact question keeps its digest; a bucket only its five letters. `cost` counts
    against the asker's hour."""

    id = models.UUIDField(primary_key=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    purpose = models.CharField(max_length=120)
    asked = models.CharField(max_length=64)
    cost = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["by", "at"])]

    def __str__(self) -> str:
        return f"look-up by {self.by}"


class ListVersion(models.Model):
    """A published list of marked identifiers (screening.py): the entries as bytes, their root, our signature."""

    version = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    many = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    entries = models.BinaryField()

    def __str__(self) -> str:
        return f"list {self.version}"


class Watch(models.Model):
    """An identifier that was seen so often that somebody looks at it until `until_at`; `by` is a rule or an officer."""

    id = models.UUIDField(primary_key=True)
    identifier = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="watches")
    jurisdiction = models.CharField(max_length=21)
    sources = models.PositiveIntegerField()
    words = models.CharField(max_length=1000)
    by = models.CharField(max_length=120)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until_at__gt=models.F("from_at")), name="a_watch_ends")
        ]

    def __str__(self) -> str:
        return f"watch on {self.identifier_id}"


class BlockRequest(models.Model):
    """What an operator or host was asked to do about an identifier, on what evidence, by whom, until when.

    `order_id` is the signed order in its mailbox. A block has a day on which it ends unless it is renewed."""

    class Action(models.TextChoices):
        VERIFY_AGAIN = "verify_again"
        BLOCK = "block"
        UNBLOCK = "unblock"
        TAKE_DOWN = "take_down"

    id = models.UUIDField(primary_key=True)
    identifier = models.ForeignKey(Identifier, on_delete=models.PROTECT, related_name="requests")
    partner = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=12, choices=Action.choices)
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    jurisdiction = models.CharField(max_length=21)
    reports = models.PositiveIntegerField()
    evidence = models.JSONField()
    evidence_digest = models.CharField(max_length=64)
    words = models.CharField(max_length=2000)
    section = models.CharField(max_length=200)
    authority = models.CharField(max_length=200)
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=120)
    order_id = models.UUIDField(unique=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    review_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(action__in=["block", "take_down"]) | models.Q(review_at__isnull=False),
                name="a_block_has_a_review_day",
            ),
            models.CheckConstraint(
                condition=models.Q(action="unblock") | models.Q(officer__isnull=False), name="a_block_has_an_officer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.identifier_id}"


class BlockTold(models.Model):
    """What the operator answered to a request, once."""

    request = models.OneToOneField(BlockRequest, primary_key=True, on_delete=models.PROTECT, related_name="told")
    result = models.CharField(max_length=14)
    words = models.CharField(max_length=2000, blank=True, default="")
    done_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.result} to {self.request_id}"


class BlockKept(models.Model):
    """An officer looked at a block on its day and keeps it until another day, with a reason."""

    id = models.UUIDField(primary_key=True)
    request = models.ForeignKey(BlockRequest, on_delete=models.PROTECT, related_name="kept")
    until_at = models.DateTimeField()
    words = models.CharField(max_length=1000)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.request_id} kept"


class Report(models.Model):
    """Somebody saw something suspicious, without a loss: a number, a page, a person (S1.18, S1.23).

    `id` is the secret of the link under which the answer is read. `sighting` is what it added to the registry."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=500)
    place = models.CharField(max_length=200, blank=True, default="")
    words = models.CharField(max_length=2000)
    contact = models.CharField(max_length=200, blank=True, default="")
    by = models.CharField(max_length=120)
    urgent = models.BooleanField(default=False)
    sighting = models.ForeignKey(Sighting, null=True, on_delete=models.PROTECT, related_name="+")
    lodged_at = models.DateTimeField()
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"report {self.id}"


class ReportAnswer(models.Model):
    """What became of a report; the words are for the person who reported."""

    class Outcome(models.TextChoices):
        WATCHED = "watched"
        BLOCK_ASKED = "block_asked"
        STATION = "station"
        COMPLAIN = "complain"
        NOTHING = "nothing"

    report = models.OneToOneField(Report, primary_key=True, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    words = models.CharField(max_length=2000)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answer to {self.report_id}"
