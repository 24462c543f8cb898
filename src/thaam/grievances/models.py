"""What holders were told about a hold, their objections, who joined them, and every decision.

Row-level security: offices see all, a holder sees the own objection at its own desk (`complaint:<objection id>`, the
desk of a citizen's link), a bank sees those on its holds. A trade body sees a few columns, through one function of
the database, of objections whose holder agreed (consenting.py).
"""

from __future__ import annotations

import datetime as dt

from django.db import models

from thaam.holds.models import Hold, OwnHoldSeen
from thaam.money import ranges as sets
from thaam.parties.models import Bank, Office, Officer

from .stages import Advice, Outcome, Reason, Stage


class Told(models.Model):
    """The account holder was told five facts about a hold, through the bank. `code` opens the page of the hold."""

    hold = models.OneToOneField(Hold, primary_key=True, on_delete=models.PROTECT, related_name="told")
    code = models.CharField(max_length=10, unique=True)
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"told of {self.hold_id}"


class ToldOwn(models.Model):
    """The same for a hold the bank placed on its own ground (S1.14): the bank is its author, and can be objected to."""

    own_hold = models.OneToOneField(OwnHoldSeen, primary_key=True, on_delete=models.PROTECT, related_name="told")
    code = models.CharField(max_length=10, unique=True)
    told_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"told of own hold {self.own_hold_id}"


class Objection(models.Model):
    """Somebody says that a hold is wrong. One open objection a hold; who comes later joins it.

    It is about a hold of ours (`hold`) or about one the bank placed on its own (`own_hold`), never both.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=12, unique=True)
    link = models.CharField(max_length=10, unique=True)
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="objections")
    own_hold = models.ForeignKey(OwnHoldSeen, null=True, on_delete=models.PROTECT, related_name="objections")
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="objections")
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.BANK)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    words = models.TextField(blank=True)
    name = models.CharField(max_length=120)
    mobile = models.CharField(max_length=16)
    lang = models.CharField(max_length=2, default="hi")
    helper = models.CharField(max_length=120, blank=True, default="")
    jurisdiction = models.CharField(max_length=21)
    lodged_at = models.DateTimeField()
    stage_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hold"], condition=models.Q(closed_at=None), name="one_open_objection_a_hold"
            ),
            models.UniqueConstraint(
                fields=["own_hold"], condition=models.Q(closed_at=None), name="one_open_objection_an_own_hold"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(due_at=None), name="a_closed_objection_has_no_clock"
            ),
            models.CheckConstraint(
                condition=models.Q(hold=None, own_hold__isnull=False) | models.Q(own_hold=None, hold__isnull=False),
                name="an_objection_is_about_one_hold",
            ),
        ]
        indexes = [models.Index(fields=["stage", "due_at"], name="objection_by_clock")]

    def __str__(self) -> str:
        return f"objection {self.number}"

    @property
    def desk(self) -> str:
        """The desk setting under which its own holder sees it."""
        return f"complaint:{self.pk}"

    def held_paise_at(self, at: dt.datetime) -> int:
        """How much of the holder's money stands under the hold at that moment."""
        if self.hold is not None:
            return sets.total(self.hold.held_at(at))
        own = self.own_hold
        assert own is not None
        over = own.expires_at is not None and at >= own.expires_at
        lifted = ToldOwn.objects.filter(own_hold=own, lifted_at__lte=at).exists()
        return 0 if over or lifted else own.amount_paise


class Unproved(models.Model):
    """An objection as typed, until the code that went to the mobile comes back. It contests nothing yet."""

    id = models.UUIDField(primary_key=True)  # becomes the objection's
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="+")
    own_hold = models.ForeignKey(OwnHoldSeen, null=True, on_delete=models.PROTECT, related_name="+")
    told = models.JSONField()  # what lodge() takes besides ids and time
    opens_account = models.BooleanField(default=False)
    mobile = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    proved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"unproved {self.id}"


class Joined(models.Model):
    """Another report of the same wrong: joined to the open objection, so that nobody starts the clock anew."""

    id = models.UUIDField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="joined")
    name = models.CharField(max_length=120)
    mobile = models.CharField(max_length=16)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"joined {self.objection_id}"


class Step(models.Model):
    """One step up the ladder or one decision, never changed: where, who, why, by what clock."""

    id = models.BigAutoField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="steps")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    what = models.CharField(max_length=14)  # a key of web/shared/objections.py
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="")
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=120)
    words = models.TextField(blank=True, default="")
    released_paise = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    execute_by = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.what} at {self.stage}"


class Pause(models.Model):
    """The clock stands still while the holder is asked for something; it goes on by itself at `until_at`."""

    id = models.BigAutoField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="pauses")
    words = models.TextField()
    by = models.CharField(max_length=120)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["objection"], condition=models.Q(ended_at=None), name="one_open_pause_an_objection"
            ),
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")), name="a_pause_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"pause of {self.objection_id}"


class Finding(models.Model):
    """What the bank found when it looked at the bill and the account: a witness's word, never the decision."""

    id = models.BigAutoField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="findings")
    kyc_in_order = models.BooleanField(null=True)
    credit_matches = models.BooleanField(null=True)
    usual_use = models.BooleanField(null=True)
    account_opened_on = models.DateField(null=True)
    usable_paise = models.BigIntegerField(null=True)
    advice = models.CharField(max_length=8, choices=Advice.choices)
    words = models.TextField()
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"finding on {self.objection_id}"


class Hearing(models.Model):
    """A slot for a video call: offered by the officer, taken by the holder, and what was said."""

    id = models.UUIDField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="hearings")
    start_at = models.DateTimeField()
    minutes = models.IntegerField(default=20)
    address = models.CharField(max_length=200)  # where to call in; shown to the holder only
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["objection"],
                condition=models.Q(held_at=None) & models.Q(taken_at__isnull=False),
                name="one_slot_taken_an_objection",
            )
        ]

    def __str__(self) -> str:
        return f"hearing of {self.objection_id}"


class Opening(models.Model):
    """The express lane: a whole account stopped over one sum is turned into a hold of that sum. `id` is the order's."""

    id = models.UUIDField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="openings")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="openings")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    refused_why = models.CharField(max_length=40, blank=True, default="")

    def __str__(self) -> str:
        return f"opening of {self.objection_id}"


class Consent(models.Model):
    """The holder lets one trade body see stage and clock of the objection, until they take it back."""

    id = models.UUIDField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="consents")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["objection", "office"], condition=models.Q(ended_at=None), name="one_consent_an_association"
            )
        ]

    def __str__(self) -> str:
        return f"consent for {self.objection_id}"


class Nudge(models.Model):
    """A trade body asks whoever has the objection to move, or says that its clock has broken. Never changed."""

    class What(models.TextChoices):
        NUDGE = "nudge"
        LATE = "late"

    id = models.UUIDField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="nudges")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=5, choices=What.choices)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} on {self.objection_id}"


class Loss(models.Model):
    """What a wrong hold cost its holder, as they tell it, and what an officer notes of it for compensation."""

    id = models.UUIDField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="losses")
    told_paise = models.BigIntegerField(null=True)
    noted_paise = models.BigIntegerField(null=True)
    words = models.TextField()
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"loss through the hold of {self.objection_id}"
