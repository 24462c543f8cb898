"""Mark an identifier after an officer or a bank agreed; hear the person; take the mark away."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.models import Bank, Officer
from thaam.rulebook.rules import rule
from thaam.suspects.agreeing import MAY_AGREE, MayNotAgree
from thaam.suspects.blocking import block_of, unblock
from thaam.suspects.models import Hearing, HearingDecided, Identifier, Mark, MarkEnd, Sighting, Withdrawal
from thaam.suspects.naming import IdentifierKind, name_of
from thaam.suspects.standing import active_marks


class NothingSeen(Exception):
    """No sighting stands: there is nothing to agree to."""


class AlreadyEnded(Exception):
    """The mark was taken away before."""


class AlreadyDecided(Exception):
    """The hearing was decided before."""


@transaction.atomic
def mark_identifier(
    *,
    mark_id: str,
    identifier: Identifier,
    reason: str,
    by: Officer | Bank,
    at: dt.datetime,
    jurisdiction: str = "IN",
    days: int | None = None,
) -> Mark:
    """Mark with the agreement of an officer (investigator, supervisor, approver) or a bank. It expires after the
    rulebook's days, or sooner. The same id returns the first mark. Takes no lock: two marks at once both count.

    Raises MayNotAgree, NothingSeen."""
    earlier = Mark.objects.filter(id=mark_id).first()
    if earlier is not None:
        return earlier
    if isinstance(by, Officer) and by.role not in MAY_AGREE:
        raise MayNotAgree(by.role)
    if not Sighting.objects.filter(identifier=identifier, withdrawn__isnull=True).exists():
        raise NothingSeen(identifier.id)
    most = rule("suspect_mark_days", jurisdiction=jurisdiction, on=at).value
    mark = Mark.objects.create(
        id=mark_id,
        identifier=identifier,
        reason=reason,
        agreed_officer=by if isinstance(by, Officer) else None,
        agreed_bank=by if isinstance(by, Bank) else None,
        from_at=at,
        expires_at=at + dt.timedelta(days=min(days or most, most)),
    )
    record(Kind.IDENTIFIER_MARKED, about=f"identifier:{identifier.id}", by=_who(by), at=at, mark=str(mark_id))
    return mark


@transaction.atomic
def delist(*, mark: Mark, reason: str, words: str, by: Officer, at: dt.datetime) -> MarkEnd:
    """Take a mark away: the next look-up, in this same minute, no longer shows it. Raises AlreadyEnded."""
    if MarkEnd.objects.filter(mark=mark).exists():
        raise AlreadyEnded(mark.id)
    end = MarkEnd.objects.create(mark=mark, reason=str(reason), words=words, by=by, at=at)
    record(Kind.IDENTIFIER_DELISTED, about=f"identifier:{mark.identifier_id}", by=_who(by), at=at, reason=str(reason))
    return end


@transaction.atomic
def lodge_hearing(
    *,
    hearing_id: str,
    kind: IdentifierKind,
    typed: str,
    words: str,
    contact: str,
    at: dt.datetime,
    jurisdiction: str = "IN",
) -> Hearing:
    """Somebody asks to be heard about their own identifier, listed or not: the answer is the same either way, with a
    date. The same id returns the first hearing. Raises NotAnIdentifier."""
    due_at = at + dt.timedelta(days=rule("suspect_hearing_days", jurisdiction=jurisdiction, on=at).value)
    hearing, fresh = Hearing.objects.get_or_create(
        id=hearing_id,
        defaults={
            "kind": kind.value,
            "name": name_of(kind, typed),
            "words": words,
            "contact": contact,
            "lodged_at": at,
            "due_at": due_at,
        },
    )
    if fresh:
        record(Kind.HEARING_LODGED, about=f"hearing:{hearing_id}", by="citizen", at=at)
    return hearing


@transaction.atomic
def decide_hearing(*, hearing: Hearing, delisted: bool, words: str, by: Officer, at: dt.datetime) -> HearingDecided:
    """Decide. When the person is right, every mark that counts ends and every sighting is withdrawn, at once.

    The officer who agreed to a mark may not decide on it (MayNotAgree). Raises AlreadyDecided."""
    if HearingDecided.objects.filter(hearing=hearing).exists():
        raise AlreadyDecided(hearing.id)
    marks = list(active_marks(at).filter(identifier__kind=hearing.kind, identifier__name=hearing.name))
    if by.role not in MAY_AGREE or any(mark.agreed_officer_id == by.pk for mark in marks):
        raise MayNotAgree(by.username)
    decided = HearingDecided.objects.create(hearing=hearing, delisted=delisted, words=words, by=by, at=at)
    record(Kind.HEARING_DECIDED, about=f"hearing:{hearing.id}", by=_who(by), at=at, delisted=delisted)
    if delisted:
        for mark in marks:
            delist(mark=mark, reason=MarkEnd.Reason.HEARD, words=words, by=by, at=at)
        wrong = Sighting.objects.filter(
            identifier__kind=hearing.kind, identifier__name=hearing.name, withdrawn__isnull=True
        )
        Withdrawal.objects.bulk_create(
            Withdrawal(sighting=sighting, words=words, by=_who(by), at=at) for sighting in wrong
        )
        identifier = Identifier.objects.filter(kind=hearing.kind, name=hearing.name).first()
        block = block_of(identifier, at=at) if identifier else None
        if block is not None:
            unblock(request=block, words=words, by=_who(by), officer=by, at=at)
    return decided


def _who(by: Officer | Bank) -> str:
    return f"officer:{by.pk}" if isinstance(by, Officer) else f"bank:{by.pk}"
