"""Find people by name across scripts and spellings; candidates for a person to judge, never a verdict."""

from __future__ import annotations

from django.db.models import Q

from thaam.suspects.folding import fold_name, names_agree
from thaam.suspects.models import Identifier
from thaam.suspects.naming import IdentifierKind

LOOKED_AT = 2000


def find_people(typed: str, *, most: int = 20) -> list[Identifier]:
    """Listed people whose name agrees with what was typed, in whatever script, names that fold alike first."""
    folded = fold_name(typed)
    if not folded:
        return []
    near = Q()
    for word in folded.split():
        near |= Q(name__contains=word[:3])
    rows = Identifier.objects.filter(near, kind=IdentifierKind.PERSON.value).order_by("name")[:LOOKED_AT]
    found = [row for row in rows if names_agree(row.name, folded)]
    return sorted(found, key=lambda row: (row.name != folded, row.name))[:most]
