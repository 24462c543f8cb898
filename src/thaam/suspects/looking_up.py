"""Look-ups that cannot be harvested, each one audited.

Officers and banks ask about one identifier and get a level with reasons; a miss costs the asker's hour more than a
hit, because somebody who tries out numbers misses. Citizens' pages ask for a bucket: five letters of the digest,
answered by a list of fixed sizes whose fillers nobody can tell from entries.
"""

from __future__ import annotations

import datetime as dt
import hmac

from django.db import transaction
from django.db.models import Sum

from thaam.language.text import Text
from thaam.rulebook.rules import rule
from thaam.suspects.models import Identifier, LookUp, Mark, Watch
from thaam.suspects.naming import IdentifierKind, digest_of, name_of
from thaam.suspects.standing import NOTHING, Level, Standing, active_marks, standing_of

HIT_COST, MISS_COST, BUCKET_COST = 1, 3, 2
PADDED_TO = 16
REST = 27
"""Letters of the digest after the bucket's five that a bucket shows: 128 bits in all."""


class TooMany(Exception):
    """This asker's hour is used up."""

    text = Text("बहुत बार पूछा गया। एक घंटे बाद फिर पूछें।", "Asked too often. Ask again in an hour.")


@transaction.atomic
def look_up(
    *,
    look_up_id: str,
    kind: IdentifierKind,
    typed: str,
    by: str,
    purpose: str,
    at: dt.datetime,
    jurisdiction: str = "IN",
) -> Standing:
    """The standing of one identifier. Written down with its digest before it is answered.

    Raises NotAnIdentifier and TooMany. An identifier that was searched and is not listed leaves no trace in answers."""
    name = name_of(kind, typed)
    check_hour(by, at, jurisdiction)
    identifier = Identifier.objects.filter(kind=kind.value, name=name).first()
    standing = standing_of(identifier, at=at, jurisdiction=jurisdiction) if identifier else NOTHING
    cost = MISS_COST if standing.level is Level.NOTHING else HIT_COST
    LookUp.objects.create(id=look_up_id, by=by, at=at, purpose=purpose, asked=digest_of(kind, name).hex(), cost=cost)
    return standing


@transaction.atomic
def bucket_of(
    *, look_up_id: str, prefix: str, by: str, at: dt.datetime, secret: bytes, jurisdiction: str = "IN"
) -> list[tuple[str, int]]:
    """(rest of the digest, level) of every marked or watched identifier in a bucket, padded with fillers to
    a multiple of 16.

    `prefix` is the first five hexadecimal letters of the digest. Fillers come from `secret` and the prefix, so that
    asking twice shows the same and they cannot be told from entries; a filler never matches a real question.
    Raises ValueError for another prefix, and TooMany."""
    if len(prefix) != 5 or any(letter not in "0123456789abcdef" for letter in prefix):
        raise ValueError("a bucket has five letters of 0-9 and a-f")
    check_hour(by, at, jurisdiction)
    LookUp.objects.create(id=look_up_id, by=by, at=at, purpose="bucket", asked=prefix, cost=BUCKET_COST)
    found = _listed(prefix, at)
    return _padded(found, prefix, secret)


@transaction.atomic
def advise(
    *,
    look_up_id: str,
    kind: IdentifierKind,
    typed: str,
    by: str,
    at: dt.datetime,
    secret: bytes,
    jurisdiction: str = "IN",
) -> Level:
    """What a citizen's page says of one identifier: its level, taken from its bucket; never counts, never a list.

    What was asked is not kept: the audit row has the bucket's five letters and the cost, a miss costing more.
    Raises NotAnIdentifier, TooMany."""
    digest = digest_of(kind, name_of(kind, typed))
    prefix = digest.hex()[:5]
    check_hour(by, at, jurisdiction)
    level = level_in_bucket(_padded(_listed(prefix, at), prefix, secret), digest)
    cost = MISS_COST if level is Level.NOTHING else HIT_COST
    LookUp.objects.create(id=look_up_id, by=by, at=at, purpose="citizen", asked=prefix, cost=cost)
    return level


def _listed(prefix: str, at: dt.datetime) -> list[tuple[str, int]]:
    """Marked and watched identifiers of a bucket with their level."""
    watched = Watch.objects.filter(
        identifier__bucket=prefix, from_at__lte=at, until_at__gt=at, identifier__sightings__withdrawn=None
    )
    marked = active_marks(at).filter(identifier__bucket=prefix)
    levels = dict.fromkeys(watched.values_list("identifier__digest", flat=True), Level.REPEATED)
    levels |= dict.fromkeys(marked.values_list("identifier__digest", flat=True), Level.MARKED)
    return [(bytes(digest).hex()[5 : 5 + REST], int(level)) for digest, level in levels.items()]


def _padded(found: list[tuple[str, int]], prefix: str, secret: bytes) -> list[tuple[str, int]]:
    wanted = -(-max(len(found), 1) // PADDED_TO) * PADDED_TO
    number = 0
    while len(found) < wanted:
        mac = hmac.digest(secret, f"{prefix}|{number}".encode(), "sha256").hex()
        # fillers carry both levels, as entries do
        found.append((mac[:REST], int(Level.MARKED if int(mac[-1], 16) % 2 else Level.REPEATED)))
        number += 1
    return sorted(found)


def level_in_bucket(bucket: list[tuple[str, int]], digest: bytes) -> Level:
    """What the asker works out alone from a bucket: the level of the identifier with this digest."""
    rest = digest.hex()[5 : 5 + REST]
    return next((Level(level) for entry, level in bucket if entry == rest), Level.NOTHING)


def check_hour(by: str, at: dt.datetime, jurisdiction: str, *, bank: bool = False) -> None:
    """Raises TooMany when this asker's points of the last hour are used up; a bank has more of them."""
    spent = LookUp.objects.filter(by=by, at__gt=at - dt.timedelta(hours=1), at__lte=at).aggregate(sum=Sum("cost"))[
        "sum"
    ]
    limit = "suspect_bank_look_ups_an_hour" if bank else "suspect_look_ups_an_hour"
    if (spent or 0) >= rule(limit, jurisdiction=jurisdiction, on=at).value:
        raise TooMany(by)


def marks_of(identifier: Identifier, at: dt.datetime) -> list[Mark]:
    """Marks that count now, the longest first; for the officer's page."""
    return list(active_marks(at).filter(identifier=identifier).order_by("-expires_at"))
