"""Lists of others: the national risk levels of mobile numbers, numbers revoked by operators.

A list is one independent source whatever its length. A number that a newer list no longer has is withdrawn, so that a
correction elsewhere is a correction here. Profiles name the columns; headings differ from file to file.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from thaam.journal.ids import id_from
from thaam.language.text import Text
from thaam.suspects.models import Sighting, Withdrawal
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier, name_of
from thaam.suspects.sighting import TooCommon, note_sighting
from thaam.suspects.weighing import Word, weight_of


class UnknownColumns(ValueError):
    """The file has none of the headings of this profile."""

    def __init__(self, found: Iterable[str]) -> None:
        super().__init__(", ".join(found))
        self.text = Text(
            f"इस सूची के शीर्षक नहीं पहचाने गए: {', '.join(found)}", f"The headings were not recognised: {', '.join(found)}"
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """How a list is read: its source name, headings that may hold number, level and reason, confidence of a level."""

    source: str
    number: tuple[str, ...]
    level: tuple[str, ...]
    words: tuple[str, ...]
    weights: Mapping[str, Word]
    otherwise: Word | None


PROFILES: dict[str, Profile] = {
    "risk-levels": Profile(
        "import:FRI",
        ("mobile", "mobile_number", "msisdn", "number"),
        ("risk", "risk_level", "fri", "level"),
        ("reason", "remarks"),
        {
            "medium": Word.RISK_MEDIUM,
            "high": Word.RISK_HIGH,
            "very high": Word.RISK_VERY_HIGH,
            "veryhigh": Word.RISK_VERY_HIGH,
        },
        None,
    ),
    "revoked-numbers": Profile(
        "import:MNRL",
        ("mobile", "mobile_number", "msisdn", "number"),
        (),
        ("reason", "revocation_reason", "remarks"),
        {},
        Word.REVOKED,
    ),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `refused` are line numbers with the reason in a word."""

    kept: int
    same: int
    withdrawn: int
    refused: tuple[tuple[int, str], ...]


@transaction.atomic
def import_list(*, profile: Profile, lines: Iterable[str], list_name: str, by: str, at: dt.datetime) -> Imported:
    """Read a CSV list. `list_name` names this edition ("2026-11-25"); the same edition again changes nothing.

    Raises UnknownColumns."""
    reader = csv.DictReader(lines)
    headings = {heading.strip().casefold().replace(" ", "_"): heading for heading in reader.fieldnames or ()}
    number, level, words = (
        next((headings[each] for each in names if each in headings), None)
        for names in (profile.number, profile.level, profile.words)
    )
    if number is None or (profile.level and level is None):
        raise UnknownColumns(headings)
    standing = {
        sighting.identifier.name: sighting
        for sighting in Sighting.objects.filter(source=profile.source, withdrawn=None).select_related("identifier")
    }
    kept = same = 0
    refused: list[tuple[int, str]] = []
    listed: set[str] = set()
    for line, row in enumerate(reader, 2):
        grade = (row.get(level) or "").strip().casefold() if level else ""
        weight = profile.weights.get(grade, profile.otherwise)
        if weight is None:
            refused.append((line, "level"))
            continue
        try:
            before, told = len(listed), row.get(words or "") or grade
            fresh = _keep(profile, list_name, row[number] or "", weight_of(weight, at=at), told, by, at, standing,
                          listed)  # fmt: skip
        except (NotAnIdentifier, TooCommon):
            refused.append((line, "number"))
            continue
        same += not fresh and len(listed) > before
        kept += fresh
    gone = [sighting for name, sighting in standing.items() if name not in listed]
    Withdrawal.objects.bulk_create(
        Withdrawal(sighting=sighting, words=f"not in {list_name}", by=by, at=at) for sighting in gone
    )
    return Imported(kept, same, len(gone), tuple(refused))


def _keep(
    profile: Profile,
    list_name: str,
    typed: str,
    weight: int,
    words: str,
    by: str,
    at: dt.datetime,
    standing: dict[str, Sighting],
    listed: set[str],
) -> bool:
    name = name_of(IdentifierKind.PHONE, typed)
    listed.add(name)
    known = standing.get(name)
    if known is not None and known.confidence == weight:
        return False
    if known is not None:
        Withdrawal.objects.create(sighting=known, words=f"other level in {list_name}", by=by, at=at)
    standing[name] = note_sighting(
        sighting_id=id_from("import", profile.source, list_name, name, weight),
        kind=IdentifierKind.PHONE,
        typed=name,
        source=profile.source,
        confidence=weight,
        reason=Sighting.Reason.LISTED_ELSEWHERE,
        seen_at=at,
        by=by,
        at=at,
        words=words[:1000],
    )
    return True
