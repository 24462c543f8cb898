"""What is agreed between police, banks and the public besides a single complaint: meetings and what they decide,
suggestions, bulletins, campaigns, inspections, traders' problems."""

from __future__ import annotations

from django.db import models

from thaam.coordination.materials import Material
from thaam.coordination.shifts import Shift
from thaam.parties.models import Bank, Office, Officer

__all__ = ["Material", "Shift"]


class Meeting(models.Model):
    """One meeting of a rhythm (S0.12, S1.25, S2.1, S3.1). Its agenda and minutes hang from it."""

    class Type(models.TextChoices):
        MONTHLY = "monthly"
        VIDEO_REVIEW = "video_review"
        SEMINAR = "seminar"
        TRADERS = "traders"

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=16, choices=Type.choices)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="meetings")
    title_hi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True, default="")
    # where a video review is joined
    link = models.CharField(max_length=300, blank=True, default="")
    starts_at = models.DateTimeField()
    attend_code = models.CharField(max_length=24, unique=True)
    held_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at:%Y-%m-%d}"

    def title(self, lang: str) -> str:
        """Its name in the reader's language."""
        return self.title_en if lang == "en" else self.title_hi


class Invitation(models.Model):
    """A role asked to come, never a person: a bank, an office, or a body named in words."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitations")
    bank = models.ForeignKey(Bank, null=True, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT)
    body = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "bank"], name="a_bank_invited_once"),
            models.UniqueConstraint(fields=["meeting", "office"], name="an_office_invited_once"),
        ]

    def __str__(self) -> str:
        return str(self.bank_id or self.office_id or self.body)


class Attendance(models.Model):
    """Somebody came: who, for whom, when. Written by the QR page or at the desk; the same person counts once."""

    id = models.UUIDField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    name = models.CharField(max_length=120)
    designation = models.CharField(max_length=120, blank=True, default="")
    bank = models.ForeignKey(Bank, null=True, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT)
    mobile = models.CharField(max_length=15)
    came_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "mobile"], name="a_person_came_once")]

    def __str__(self) -> str:
        return self.name


class AgendaItem(models.Model):
    """One point of an agenda, filled by the system from what is open, or added by hand. It stays once the meeting
    closes."""

    class Type(models.TextChoices):
        DECISION = "decision"
        SILENT_BANK = "silent_bank"
        REQUEST = "request"
        MODUS = "modus"
        FIGURES = "figures"
        SUGGESTION = "suggestion"
        OWN = "own"

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agenda")
    order = models.IntegerField()
    kind = models.CharField(max_length=16, choices=Type.choices)
    text_hi = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    about = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="an_agenda_place_once")]

    def __str__(self) -> str:
        return self.text_en

    def text(self, lang: str) -> str:
        """The point in the reader's language."""
        return self.text_en if lang == "en" else self.text_hi


class Decision(models.Model):
    """What a meeting decided: one owner (an office or a bank), one date, and the words it comes from.

    It returns on the owner's home and on every next agenda until it is closed.
    """

    id = models.UUIDField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    text = models.TextField()
    source_line = models.CharField(max_length=200, blank=True, default="")
    owner_office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="decisions")
    owner_bank = models.ForeignKey(Bank, null=True, on_delete=models.PROTECT, related_name="decisions")
    due_on = models.DateField()
    taken_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner_office=None) ^ models.Q(owner_bank=None), name="a_decision_has_one_owner"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def closing(self) -> DecisionClosing | None:
        """How it ended, or None while it is open."""
        return DecisionClosing.objects.filter(decision=self).first()


class DecisionClosing(models.Model):
    """A decision ended: done, or dropped with a reason."""

    decision = models.OneToOneField(Decision, primary_key=True, on_delete=models.PROTECT)
    done = models.BooleanField()
    note = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.decision_id} {'done' if self.done else 'dropped'}"


class Suggestion(models.Model):
    """What a district proposes for better control (S3.8); everybody who suggested gets an answer."""

    id = models.UUIDField(primary_key=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="suggestions")
    text = models.TextField()
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]


class SuggestionAnswer(models.Model):
    """The answer to a suggestion: taken up or not, and why."""

    suggestion = models.OneToOneField(Suggestion, primary_key=True, on_delete=models.PROTECT)
    taken_up = models.BooleanField()
    text = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answer to {self.suggestion_id}"


class Bulletin(models.Model):
    """A new trick or a trend, told to banks, stations and trade bodies (S0.11, S1.2, S2.5): drafted, approved, sent.

    `figures` names the snapshot the numbers come from; a bulletin carries no personal data.
    """

    id = models.UUIDField(primary_key=True)
    title_hi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    body_hi = models.TextField()
    body_en = models.TextField()
    figures = models.JSONField(default=dict)
    # may stand on the public page too, once approved
    for_public = models.BooleanField(default=False)
    drafted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("drafted_by")),
                name="a_bulletin_is_approved_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.title_en


class BulletinCopy(models.Model):
    """A bulletin sent to one bank or office, and when it was first read there."""

    id = models.BigAutoField(primary_key=True)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="copies")
    bank = models.ForeignKey(Bank, null=True, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "bank"], name="one_copy_a_bank"),
            models.UniqueConstraint(fields=["bulletin", "office"], name="one_copy_an_office"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} to {self.bank_id or self.office_id}"


class CampaignEvent(models.Model):
    """Awareness work: planned for an audience, then held with its reach (S0.5, S0.13, S2.6, S2.7, S3.2, S3.10)."""

    class Audience(models.TextChoices):
        SCHOOLS = "schools"
        COLLEGES = "colleges"
        TRADE_BODIES = "trade_bodies"
        DOCTORS = "doctors"
        PUBLIC_MEETINGS = "public_meetings"
        SOCIAL_FORUMS = "social_forums"
        CAMP = "camp"
        ACCOUNT_OPENING = "account_opening"
        HELPLINE_PUBLICITY = "helpline_publicity"

    id = models.UUIDField(primary_key=True)
    audience = models.CharField(max_length=20, choices=Audience.choices)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="campaign_events")
    bank = models.ForeignKey(Bank, null=True, on_delete=models.PROTECT, related_name="campaign_events")
    place = models.CharField(max_length=200)
    planned_on = models.DateField()
    held_on = models.DateField(null=True)
    reach = models.IntegerField(null=True)
    note = models.TextField(blank=True, default="")
    # digests of photos kept in files
    photos = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(held_on=None, reach=None) | models.Q(held_on__isnull=False, reach__gte=0),
                name="a_held_event_says_its_reach",
            )
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.planned_on}"


class Inspection(models.Model):
    """One visit with a checklist: a branch, an ATM, a police station (S1.4, S1.9-S1.11, S1.19-S1.22, S3.9).

    `id` is made on the phone that captured it, so that a visit recorded without network arrives once.
    """

    id = models.UUIDField(primary_key=True)
    checklist = models.CharField(max_length=20)
    checklist_version = models.CharField(max_length=20)
    bank = models.ForeignKey(Bank, null=True, on_delete=models.PROTECT, related_name="inspections")
    station = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="inspections")
    place = models.CharField(max_length=200)
    district = models.CharField(max_length=80, blank=True, default="")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="inspections")
    visited_at = models.DateTimeField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.checklist} {self.place}"


class Finding(models.Model):
    """One checklist item of one visit: in order, not in order (with owner and date), or not applicable."""

    class Result(models.TextChoices):
        OK = "ok"
        NOT_OK = "not_ok"
        NOT_APPLICABLE = "not_applicable"

    id = models.BigAutoField(primary_key=True)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    item = models.CharField(max_length=60)
    result = models.CharField(max_length=16, choices=Result.choices)
    note = models.TextField(blank=True, default="")
    photo_sha256 = models.CharField(max_length=64, blank=True, default="")
    # who puts it right, by post
    owner = models.CharField(max_length=120, blank=True, default="")
    due_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "item"], name="an_item_once_a_visit"),
            models.CheckConstraint(
                condition=~models.Q(result="not_ok") | models.Q(due_on__isnull=False), name="a_fault_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.result}"


class FindingClosing(models.Model):
    """A fault was put right."""

    finding = models.OneToOneField(Finding, primary_key=True, on_delete=models.PROTECT)
    note = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"closing of {self.finding_id}"


class TraderProblem(models.Model):
    """A problem a trade body brings, with a named nodal officer and a clock (S2.1, S2.9)."""

    id = models.UUIDField(primary_key=True)
    association = models.CharField(max_length=160)
    text = models.TextField()
    contact = models.CharField(max_length=160)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="trader_problems")
    nodal_officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="trader_problems")
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:60]


class TraderProblemAnswer(models.Model):
    """How a trader's problem was solved, or why it cannot be."""

    problem = models.OneToOneField(TraderProblem, primary_key=True, on_delete=models.PROTECT)
    solved = models.BooleanField()
    text = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answer to {self.problem_id}"
