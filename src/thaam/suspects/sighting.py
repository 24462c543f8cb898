"""Note that an identifier was seen in a fraud; withdraw a sighting that was wrong; say what is too common."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Answer
from thaam.parties.models import Officer
from thaam.suspects.blocking import watch_if_repeated
from thaam.suspects.models import CommonValue, Identifier, Sighting, Withdrawal
from thaam.suspects.naming import IdentifierKind, digest_of, name_of
from thaam.suspects.weighing import Word, weight_of
from thaam.wire import codec
from thaam.wire.messages import SuspiciousAccount


class TooCommon(Exception):
    """The value is on the stop-list: so many people share it that seeing it says nothing."""


class OtherSighting(Exception):
    """This sighting id was used for something else."""


class AlreadyWithdrawn(Exception):
    """The sighting was withdrawn before."""


@transaction.atomic
def note_sighting(
    *,
    sighting_id: str,
    kind: IdentifierKind,
    typed: str,
    source: str,
    confidence: int,
    reason: str,
    seen_at: dt.datetime,
    by: str,
    at: dt.datetime,
    words: str = "",
    jurisdiction: str = "IN",
) -> Sighting:
    """Keep one sighting. The same id with the same content returns the first; with other content OtherSighting.

    Raises NotAnIdentifier for a wrong shape and TooCommon for the stop-list. Takes no lock.
    """
    name = name_of(kind, typed)
    if CommonValue.objects.filter(kind=kind.value, name=name).exists():
        raise TooCommon(kind)
    identifier = identifier_named(kind, name, at)
    told = (str(identifier.id), source, confidence, str(reason), seen_at)
    earlier = Sighting.objects.filter(id=sighting_id).first()
    if earlier is not None:
        if (str(earlier.identifier_id), earlier.source, earlier.confidence, earlier.reason, earlier.seen_at) != told:
            raise OtherSighting(sighting_id)
        return earlier
    sighting = Sighting.objects.create(
        id=sighting_id,
        identifier=identifier,
        source=source,
        confidence=confidence,
        reason=str(reason),
        words=words,
        seen_at=seen_at,
        noted_at=at,
        by=by,
    )
    record(Kind.IDENTIFIER_SEEN, about=f"identifier:{identifier.id}", by=by, at=at, what=kind.value, reason=str(reason))
    watch_if_repeated(identifier, at=at, jurisdiction=jurisdiction)
    return sighting


def identifier_named(kind: IdentifierKind, name: str, at: dt.datetime) -> Identifier:
    """The row of this identifier, made when new; two processes that make it at once get one row."""
    found = Identifier.objects.filter(kind=kind.value, name=name).first()
    if found is not None:
        return found
    digest = digest_of(kind, name)
    try:
        with transaction.atomic():
            return Identifier.objects.create(
                id=id_from("identifier", kind.value, name),
                kind=kind.value,
                name=name,
                digest=digest,
                bucket=digest.hex()[:5],
                first_at=at,
            )
    except IntegrityError:
        return Identifier.objects.get(kind=kind.value, name=name)


@transaction.atomic
def withdraw_sighting(*, sighting: Sighting, words: str, by: str, at: dt.datetime) -> Withdrawal:
    """The sighting was wrong: it no longer counts from now on. Raises AlreadyWithdrawn."""
    if Withdrawal.objects.filter(sighting=sighting).exists():
        raise AlreadyWithdrawn(sighting.id)
    gone = Withdrawal.objects.create(sighting=sighting, words=words, by=by, at=at)
    record(Kind.IDENTIFIER_CORRECTED, about=f"identifier:{sighting.identifier_id}", by=by, at=at, words=words)
    return gone


@transaction.atomic
def call_common(*, kind: IdentifierKind, typed: str, words: str, by: Officer, at: dt.datetime) -> CommonValue:
    """Put a value on the stop-list: no new sighting of it is kept. Calling it common twice changes nothing."""
    name = name_of(kind, typed)
    common, _ = CommonValue.objects.get_or_create(
        kind=kind.value, name=name, defaults={"words": words, "by": by, "at": at}
    )
    return common


def take_suspicious_account(answer: Answer, at: dt.datetime) -> None:
    """A bank's signed SuspiciousAccount is a sighting with that bank as its source; no mark follows from it alone."""
    message = codec.decode(bytes(answer.body))
    assert isinstance(message, SuspiciousAccount)
    note_sighting(
        sighting_id=message.id,
        kind=IdentifierKind.ACCOUNT,
        typed=f"{answer.partner_id}/{message.account}",
        source=f"bank:{answer.partner_id}",
        confidence=weight_of(Word.BANK_SCORED if message.reason == "scored" else Word.BANK_LOOKED, at=at),
        reason=Sighting.Reason.LOOKS_MULE,
        seen_at=message.seen_at,
        by=f"bank:{answer.partner_id}",
        at=at,
        words=message.reason,
    )
