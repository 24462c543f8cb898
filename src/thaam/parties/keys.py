"""Keys of partners and of the platform: which count, how they are enrolled, announced and revoked.

Enrolment is by fingerprint read over a second channel by two officers. A key announced by its forerunner needs no
officers: the announcement is signed. A revocation may say from when the key was in other hands; what it signed after
that is not evidence, what it signed before stays so.
"""

from __future__ import annotations

import datetime
import functools
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.journal.rows import read_by
from thaam.parties.models import Officer, PartnerKey
from thaam.wire import keys


class OneOfficerOnly(Exception):
    """Two different officers must have read the fingerprint."""


class KeyKnown(Exception):
    """This key id is enrolled already, for another key or partner."""


class NoSuchKey(Exception):
    """No such key, or not of this partner, or not valid now."""


@dataclass(frozen=True, slots=True)
class Found:
    """A key that counts, and whose it is."""

    partner: str
    public: keys.PublicKey


def find_key(key_id: str, *, at: datetime.datetime) -> Found | None:
    """The key of this id and its partner, if it counts at `at`, else None."""
    found = read_by(PartnerKey, "key_id", [key_id])
    if not found or at < found[0].valid_from_at:
        return None
    row = found[0]
    ends = (row.valid_to_at, row.revoked_at, row.compromised_from_at)
    if any(end is not None and end <= at for end in ends):
        return None
    return Found(row.partner, keys.PublicKey.from_public_bytes(bytes(row.public_key)))


def key_of(key_id: str, *, at: datetime.datetime) -> keys.PublicKey | None:
    """The public key of this id if it counts at `at`, else None."""
    found = find_key(key_id, at=at)
    return found.public if found else None


def partner_of(key_id: str, *, at: datetime.datetime) -> str | None:
    """Whose key this is, if it counts at `at`."""
    found = find_key(key_id, at=at)
    return found.partner if found else None


def keys_of(partner: str) -> list[PartnerKey]:
    """The whole key history of a partner (or of the platform), oldest first."""
    return list(PartnerKey.objects.filter(partner=partner).order_by("valid_from_at", "key_id"))


@transaction.atomic
def enrol_key(
    *,
    partner: str,
    public_key: keys.PublicKey,
    read_by: Officer,
    confirmed_by: Officer,
    at: datetime.datetime,
    valid_to_at: datetime.datetime | None = None,
    key_id: str | None = None,
) -> PartnerKey:
    """The first key of a partner, its fingerprint read by two officers. Raises OneOfficerOnly, KeyKnown."""
    if read_by.pk == confirmed_by.pk:
        raise OneOfficerOnly(read_by.username)
    row = _add(partner, public_key, key_id, at, valid_to_at, announced_by="")
    record(
        Kind.KEY_ENROLLED,
        about=f"partner:{partner}",
        by=f"officer:{read_by.pk}",
        at=at,
        key_id=row.key_id,
        fingerprint=keys.fingerprint(public_key),
        confirmed_by=f"officer:{confirmed_by.pk}",
        **({"valid_to_at": valid_to_at.isoformat()} if valid_to_at else {}),
    )
    return row


@transaction.atomic
def announce_key(
    *,
    partner: str,
    public_key: keys.PublicKey,
    signed_by: str,
    valid_from_at: datetime.datetime,
    at: datetime.datetime,
) -> PartnerKey:
    """The next key of a partner, told under its current one (`signed_by`, whose signature the caller has checked).

    The current one stops counting a day after the next begins, so that both sides can change over. Raises NoSuchKey
    when the current key is not the partner's or does not count, KeyKnown.
    """
    if partner_of(signed_by, at=at) != partner:
        raise NoSuchKey(signed_by)
    row = _add(partner, public_key, None, valid_from_at, None, announced_by=signed_by)
    ends = valid_from_at + datetime.timedelta(days=1)
    PartnerKey.objects.filter(key_id=signed_by).filter(Q(valid_to_at=None) | Q(valid_to_at__gt=ends)).update(
        valid_to_at=ends
    )
    record(
        Kind.KEY_ANNOUNCED,
        about=f"partner:{partner}",
        by=f"key:{signed_by}",
        at=at,
        key_id=row.key_id,
        fingerprint=keys.fingerprint(public_key),
        valid_from_at=valid_from_at.isoformat(),
    )
    return row


@transaction.atomic
def revoke_key(
    *, key_id: str, by: str, at: datetime.datetime, compromised_from_at: datetime.datetime | None = None, reason: str
) -> None:
    """From now on the key counts for nothing; from `compromised_from_at` on its signatures are no evidence.

    Raises NoSuchKey. Locks the key's row.
    """
    row = PartnerKey.objects.select_for_update(of=("self",)).filter(key_id=key_id, revoked_at=None).first()
    if not row:
        raise NoSuchKey(key_id)
    row.revoked_at = at
    row.compromised_from_at = compromised_from_at
    row.save(update_fields=["revoked_at", "compromised_from_at"])
    record(
        Kind.KEY_REVOKED,
        about=f"partner:{row.partner}",
        by=by,
        at=at,
        key_id=key_id,
        compromised_from_at=compromised_from_at.isoformat() if compromised_from_at else None,
        reason=reason,
    )


def _add(
    partner: str,
    public_key: keys.PublicKey,
    key_id: str | None,
    valid_from_at: datetime.datetime,
    valid_to_at: datetime.datetime | None,
    *,
    announced_by: str,
) -> PartnerKey:
    row = PartnerKey(
        key_id=key_id or keys.key_id_of(public_key),
        partner=partner,
        public_key=public_key.public_bytes_raw(),
        valid_from_at=valid_from_at,
        valid_to_at=valid_to_at,
        announced_by=announced_by,
    )
    if PartnerKey.objects.filter(key_id=row.key_id).exists():
        raise KeyKnown(row.key_id)
    row.save(force_insert=True)
    return row


@functools.cache
def _load(path: Path) -> keys.SigningKey:
    return keys.load(path)


def platform_key() -> keys.SigningKey:
    """The platform's signing key, from the file settings name. Read once a process."""
    return _load(Path(settings.PLATFORM_KEY_FILE))


@transaction.atomic
def introduce_platform_key(*, at: datetime.datetime) -> PartnerKey:
    """Write the platform's own public key into the key history, once, so that exports can carry it. Idempotent."""
    key = platform_key()
    known = PartnerKey.objects.filter(key_id=key.key_id).first()
    if known:
        return known
    row = _add(settings.PLATFORM, key.public, key.key_id, at, None, announced_by="")
    record(
        Kind.KEY_ENROLLED,
        about=f"partner:{settings.PLATFORM}",
        by="platform",
        at=at,
        key_id=key.key_id,
        fingerprint=keys.fingerprint(key.public),
    )
    return row
