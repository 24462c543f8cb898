"""Two identifiers that are one and the same, on an officer's word: aliases of a person, the account behind a UPI id.

An alias carries no level: a name is not marked because another name of the same person is. It is shown to officers and
joins rings.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.suspects.agreeing import MAY_AGREE, MayNotAgree
from thaam.suspects.models import Alias, AliasEnd, Identifier
from thaam.suspects.naming import IdentifierKind, name_of
from thaam.suspects.sighting import identifier_named


class SameIdentifier(Exception):
    """One spelling of the same identifier is no alias of it."""

    text = Text("यह वही है, दूसरा नाम नहीं।", "It is the same one, not another name.")


class NoLongerJoined(Exception):
    """The alias ended before."""

    text = Text("यह जोड़ पहले ही हट चुका है।", "They were parted before.")


@transaction.atomic
def join_alias(
    *, identifier: Identifier, kind: IdentifierKind, typed: str, words: str, by: Officer, at: dt.datetime
) -> Alias:
    """Say that `typed` is another name of `identifier`; said twice it is one alias, and one that ended stays ended.

    Raises NotAnIdentifier, SameIdentifier, NoLongerJoined, MayNotAgree."""
    if by.role not in MAY_AGREE:
        raise MayNotAgree(by.pk)
    other = identifier_named(kind, name_of(kind, typed), at)
    if str(other.pk) == str(identifier.pk):  # a row made just now has its id as text
        raise SameIdentifier(identifier.pk)
    one, two = sorted((identifier, other), key=lambda each: str(each.pk))
    known = Alias.objects.filter(one=one, other=two).first()
    if known is not None:
        if AliasEnd.objects.filter(alias=known).exists():
            raise NoLongerJoined(known.pk)
        return known
    alias = Alias.objects.create(id=id_from("alias", one.pk, two.pk), one=one, other=two, words=words, by=by, at=at)
    for each in (one, two):
        record(Kind.IDENTIFIER_CORRECTED, about=f"identifier:{each.pk}", by=f"officer:{by.pk}", at=at, words=words)
    return alias


@transaction.atomic
def part_alias(*, alias: Alias, words: str, by: Officer, at: dt.datetime) -> AliasEnd:
    """They are not one after all. Raises NoLongerJoined, MayNotAgree."""
    if by.role not in MAY_AGREE:
        raise MayNotAgree(by.pk)
    if AliasEnd.objects.filter(alias=alias).exists():
        raise NoLongerJoined(alias.pk)
    end = AliasEnd.objects.create(alias=alias, words=words, by=by, at=at)
    for identifier_id in (alias.one_id, alias.other_id):
        record(
            Kind.IDENTIFIER_CORRECTED, about=f"identifier:{identifier_id}", by=f"officer:{by.pk}", at=at, words=words
        )
    return end


def aliases_of(identifier: Identifier) -> list[tuple[Alias, Identifier]]:
    """What else it is called, as it stands."""
    rows = Alias.objects.filter(Q(one=identifier) | Q(other=identifier), end=None).select_related("one", "other", "by")
    return [(row, row.other if str(row.one_id) == str(identifier.pk) else row.one) for row in rows.order_by("at")]
