"""Complaints, the debits they dispute, the codes sent to confirm them, and what is added afterwards.

Row-level security: staff see what their place lets them see (seeing.py), a citizen at `complaint:<id>` their own,
nobody else any.
"""

from __future__ import annotations

from django.db import models

from thaam.chase.models import Claim
from thaam.files.models import File
from thaam.parties.models import Office, Officer


class Complaint(models.Model):
    """One report. `number` is spoken and typed (11 digits), `link` is the citizen's short address."""

    class Channel(models.TextChoices):
        WEB = "web"
        PHONE = "phone"
        DESK = "desk"
        BANK = "bank"

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=11, unique=True)
    link = models.CharField(max_length=10, unique=True)
    acknowledgement_number = models.CharField(max_length=14, blank=True, default="")
    lang = models.CharField(max_length=2)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    mobile = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    district = models.CharField(max_length=80, blank=True)
    jurisdiction = models.CharField(max_length=21)
    story = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    filed_by = models.CharField(max_length=120)
    filed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=120, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_words = models.CharField(max_length=500, blank=True, default="")
    # The number of the report this one was merged into, when it told of the same matter.
    merged_into = models.CharField(max_length=11, blank=True, default="")
    # Whose it is: the office that answers for it, none as long as the helpline does. `station` is the citizen's wish.
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="complaints")
    station = models.CharField(max_length=120, blank=True, default="")
    # The camp at which it was taken down, when it was.
    camp = models.CharField(max_length=40, blank=True, default="", db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["-filed_at"], name="complaint_by_time"),
            models.Index(fields=["mobile"], name="complaint_by_mobile"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def desk(self) -> str:
        """The desk setting under which its own citizen sees it."""
        return f"complaint:{self.pk}"


class Debit(models.Model):
    """Money that left the victim's account and is disputed. The claim (same id) carries the account of its paise."""

    claim = models.OneToOneField(Claim, primary_key=True, on_delete=models.PROTECT, related_name="debit")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="debits")
    number = models.IntegerField()
    amount_paise = models.BigIntegerField()
    paid_at = models.DateTimeField()
    rail = models.CharField(max_length=10)
    reference = models.CharField(max_length=64, blank=True)
    payer_bank = models.CharField(max_length=24)
    payer_last4 = models.CharField(max_length=4, blank=True)
    payee_bank = models.CharField(max_length=24, blank=True)
    payee_account = models.CharField(max_length=64, blank=True)
    payee_vpa = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "number"], name="debits_are_numbered")]
        ordering = ["number"]
        indexes = [
            models.Index(fields=["reference"], name="debits_by_reference", condition=~models.Q(reference="")),
            models.Index(fields=["payee_vpa"], name="debits_by_payee_vpa", condition=~models.Q(payee_vpa="")),
            models.Index(
                fields=["payee_account"], name="debits_by_payee_account", condition=~models.Q(payee_account="")
            ),
        ]

    def __str__(self) -> str:
        return f"debit {self.number} of {self.complaint_id}"


class Code(models.Model):
    """A one-time code sent to the reporter's mobile. Only its keyed digest is kept."""

    id = models.UUIDField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="codes")
    about = models.CharField(max_length=120, blank=True, default="")  # "" confirms the complaint; "account:BANK/NUMBER"
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code for {self.complaint_id}"


class Paper(models.Model):
    """A file the reporter handed in (files keeps its bytes): evidence of the fraud, or a proof of who they are."""

    class Purpose(models.TextChoices):
        EVIDENCE = "evidence"
        IDENTITY = "identity"

    file = models.OneToOneField(File, primary_key=True, on_delete=models.PROTECT, related_name="paper")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="papers")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    words = models.CharField(max_length=300, blank=True, default="")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "file_id"]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.complaint_id}"


class Person(models.Model):
    """Somebody on the other side as the reporter knows them: a number, a handle, a link, a name, an account."""

    id = models.UUIDField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=300)
    words = models.CharField(max_length=500, blank=True, default="")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["value"], name="people_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.complaint_id}"


class Handing(models.Model):
    """One offer of a complaint to another office: any desk takes any victim down, the right office then owns it."""

    class State(models.TextChoices):
        OFFERED = "offered"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    id = models.UUIDField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="handings")
    from_office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500, blank=True, default="")
    offered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OFFERED)
    answered_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer_words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["offered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=models.Q(state="offered"), name="one_open_offer_a_complaint"
            )
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} to {self.to_office_id}: {self.state}"


class Doubt(models.Model):
    """A reason to look twice before believing a report (triage.py); an officer settles it, nobody is refused by it."""

    id = models.UUIDField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="doubts")
    kind = models.CharField(max_length=24)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    settled_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["at", "kind"]

    def __str__(self) -> str:
        return f"{self.kind} about {self.complaint_id}"


class Judgement(models.Model):
    """What an officer decided about two reports that look alike (alike.py); one row a pair, the smaller id first."""

    class Verdict(models.TextChoices):
        APART = "apart"
        RING = "ring"
        SAME = "same"

    id = models.UUIDField(primary_key=True)
    first = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    words = models.CharField(max_length=300, blank=True, default="")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="one_judgement_a_pair")]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {self.verdict}"


class Look(models.Model):
    """Somebody on the staff opened a complaint's page: reading somebody's story leaves a trace. Append-only."""

    id = models.BigAutoField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="looks")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["officer", "-at"], name="looks_of_officer")]

    def __str__(self) -> str:
        return f"{self.officer_id} at {self.complaint_id}"
