"""The directory: banks, their keys, offices and officers."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class Bank(models.Model):
    """A partner with a mailbox: a bank, a wallet, an aggregator. `code` is its short name on the wire."""

    class Type(models.TextChoices):
        BANK = "bank"
        COOPERATIVE = "cooperative"
        RURAL = "rural"
        SMALL_FINANCE = "small_finance"
        PAYMENTS = "payments"
        FOREIGN = "foreign"
        WALLET = "wallet"
        AGGREGATOR = "aggregator"
        TELECOM = "telecom"

    code = models.CharField(max_length=16, primary_key=True)
    name_hi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Type.choices, default=Type.BANK)
    ifsc_prefix = models.CharField(max_length=4, blank=True, default="", db_index=True)
    # issuer identification number: the first six digits of the bank's cards
    iin = models.CharField(max_length=6, blank=True, default="", db_index=True)
    in_network = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code

    def name(self, lang: str) -> str:
        """Its name in the reader's language."""
        return self.name_en if lang == "en" else self.name_hi


class Handle(models.Model):
    """The part after @ of a UPI address, and the bank that answers for it."""

    handle = models.CharField(max_length=40, primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="handles")

    def __str__(self) -> str:
        return f"@{self.handle}"


class Sublet(models.Model):
    """IFSC codes of a sponsor that belong to a smaller bank: they begin like this, the longest beginning wins."""

    begins = models.CharField(max_length=11, primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="sublets")

    def __str__(self) -> str:
        return f"{self.begins}… is {self.bank_id}"


class PartnerKey(models.Model):
    """A public key (Ed25519, raw 32 bytes) and when it counts. `partner` is a bank's code, or the platform's name."""

    key_id = models.CharField(max_length=80, primary_key=True)
    partner = models.CharField(max_length=16, db_index=True)
    public_key = models.BinaryField()
    valid_from_at = models.DateTimeField()
    valid_to_at = models.DateTimeField(null=True, blank=True)
    announced_by = models.CharField(max_length=80, blank=True, default="")
    revoked_at = models.DateTimeField(null=True, blank=True)
    compromised_from_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key_id


class KeyOffer(models.Model):
    """A bank's public key whose fingerprint one officer has compared; over when a second has confirmed it, or none."""

    id = models.UUIDField(primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="key_offers")
    public_key = models.BinaryField()
    read_by = models.ForeignKey("parties.Officer", on_delete=models.PROTECT, related_name="keys_read")
    read_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"key offered for {self.bank_id}"


class Office(models.Model):
    """A police unit, a helpline desk, a trade body: where officers sit and what `office:<id>` names."""

    class Type(models.TextChoices):
        DESK = "desk"
        STATION = "station"
        CELL = "cell"
        REVIEW = "review"
        ASSOCIATION = "association"

    code = models.CharField(max_length=40, unique=True)
    name_hi = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    district = models.CharField(max_length=80, blank=True, default="")
    state = models.CharField(max_length=80, blank=True, default="")
    kind = models.CharField(max_length=12, choices=Type.choices, default=Type.DESK)
    # of the desk, never of a person
    phone = models.CharField(max_length=16, blank=True, default="")
    email = models.CharField(max_length=160, blank=True, default="")

    def __str__(self) -> str:
        return self.code

    def name(self, lang: str) -> str:
        """Its name in the reader's language."""
        return self.name_en if lang == "en" else self.name_hi


class Officer(AbstractUser):
    """Anybody who signs in. The role says what for; the office or the bank says whose rows."""

    class Role(models.TextChoices):
        OPERATOR = "operator"
        CONSTABLE = "constable"
        INVESTIGATOR = "investigator"
        SUPERVISOR = "supervisor"
        APPROVER = "approver"
        BANK_CLERK = "bank_clerk"
        REVIEWER = "reviewer"
        ASSOCIATION = "association"
        AUDITOR = "auditor"
        ADMINISTRATOR = "administrator"

    name_hi = models.CharField(max_length=120, blank=True, default="")
    name_en = models.CharField(max_length=120, blank=True, default="")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.OPERATOR)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="officers")
    bank = models.ForeignKey(Bank, null=True, blank=True, on_delete=models.PROTECT, related_name="officers")

    def __str__(self) -> str:
        return self.username

    def name(self, lang: str) -> str:
        """Their name in the reader's language."""
        return (self.name_en if lang == "en" else self.name_hi) or self.username

    @property
    def desk(self) -> str:
        """What the database lets this person see: `office:<id>`, `partner:<code>`, `association:<id>`, or nothing.

        Trade bodies sit at an office too, but see its register of traders' problems and no complaint.
        """
        if self.bank_id:
            return f"partner:{self.bank_id}"
        if self.role == Officer.Role.ASSOCIATION:
            return f"association:{self.office_id}" if self.office_id else ""
        return f"office:{self.office_id}" if self.office_id else ""


class SecondFactor(models.Model):
    """What an officer's authenticator app shares with us, sealed; the last step a code was accepted for."""

    officer = models.OneToOneField(Officer, primary_key=True, on_delete=models.CASCADE, related_name="second_factor")
    sealed = models.BinaryField()
    last_step = models.BigIntegerField()
    set_up_at = models.DateTimeField()
    wrong = models.IntegerField(default=0)
    wrong_from_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"second factor of {self.officer_id}"


class Passkey(models.Model):
    """The public half of an officer's passkey; `id` is the credential's own in hex. The private half is in a device."""

    id = models.CharField(primary_key=True, max_length=2048)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60, blank=True, default="")
    credential = models.BinaryField()
    signatures = models.BigIntegerField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"passkey of {self.officer_id}"


class RecoveryCode(models.Model):
    """The digest of a code on paper that stands in for the phone, once."""

    id = models.BigAutoField(primary_key=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recovery code of {self.officer_id}"


class Branch(models.Model):
    """A branch of a bank, by IFSC; its district by LGD code (parties/districts.py)."""

    ifsc = models.CharField(max_length=11, primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="branches")
    name = models.CharField(max_length=160)
    district_code = models.IntegerField(null=True, db_index=True)
    pincode = models.CharField(max_length=6, blank=True, default="")
    # the police station in whose area it stands: the roster of a meeting is bank x station (S1.24)
    station = models.ForeignKey(Office, null=True, blank=True, on_delete=models.SET_NULL, related_name="branches")
    open = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.ifsc


class Nodal(models.Model):
    """Who answers for a branch, a bank's zone or a bank, in which duty and for how long (S0.6).

    Requests go to the role; the person behind it may change any day without a request getting lost.
    """

    class Duty(models.TextChoices):
        PRIMARY = "primary"
        DEPUTY = "deputy"
        NIGHT = "night"
        ZONAL = "zonal"
        STATE = "state"

    id = models.BigAutoField(primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="nodals")
    branch = models.ForeignKey(Branch, null=True, on_delete=models.PROTECT, related_name="nodals")
    duty = models.CharField(max_length=8, choices=Duty.choices)
    state_code = models.IntegerField(null=True)
    name = models.CharField(max_length=120)
    designation = models.CharField(max_length=120, blank=True, default="")
    mobile = models.CharField(max_length=16)
    email = models.CharField(max_length=160, blank=True, default="")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "branch", "duty", "state_code", "from_on"],
                name="one_nodal_a_duty",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")),
                name="a_nodal_ends_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} of {self.branch_id or self.bank_id}"


class Leave(models.Model):
    """Days on which a nodal officer does not answer; the ladder skips them."""

    id = models.BigAutoField(primary_key=True)
    nodal = models.ForeignKey(Nodal, on_delete=models.CASCADE, related_name="leaves")
    from_on = models.DateField()
    until_on = models.DateField()

    def __str__(self) -> str:
        return f"leave of {self.nodal_id}"


class Guess(models.Model):
    """How often one address has tried one thing since `from_at`: counted for all processes together."""

    key = models.CharField(max_length=160, primary_key=True)
    count = models.IntegerField()
    from_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class Import(models.Model):
    """One directory sheet on its way in: what was read, what was wrong, and how many rows are written so far.

    Its id is made from the sheet's content: the same file sent again is the same import, and goes on where it stopped.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    rows = models.JSONField()
    faults = models.JSONField()
    taken = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    by = models.CharField(max_length=120)
    checked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"


class PoolAccount(models.Model):
    """An account at a bank that holds many people's money for an aggregator, a wallet or a sponsored bank: its owner.

    The bank cannot trace inside it; the owner, a party with a mailbox of its own, keeps the sub-ledger.
    """

    id = models.BigAutoField(primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="pool_accounts")
    account = models.CharField(max_length=64)  # as the bank names it on the wire
    owner = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="pools_owned")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "account"], name="a_pool_account_has_one_owner")]

    def __str__(self) -> str:
        return f"{self.bank_id} {self.account}"
