"""Banks ask about many identifiers at once: a new account, a payment. Levels with reasons, one audit row each.

Three queries for the whole batch, whatever its size. A miss costs the bank's hour more than a hit (looking_up.py).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from thaam.journal.ids import id_from
from thaam.language.text import Text
from thaam.rulebook.rules import rule
from thaam.suspects.looking_up import HIT_COST, MISS_COST, check_hour
from thaam.suspects.models import Identifier, LookUp, Mark, Sighting
from thaam.suspects.naming import IdentifierKind, digest_of, name_of
from thaam.suspects.standing import NOTHING, Level, Standing, active_marks, standing_from

MOST = 200
PURPOSES = ("account_opening", "payment", "review")
CHECKS: dict[Level, Text] = {
    Level.NOTHING: Text("सामान्य जाँच काफ़ी है।", "The usual checks are enough."),
    Level.SEEN: Text(
        "खाता खोल सकते हैं; मोबाइल और पते की दोबारा पुष्टि करें।",
        "You may go on; confirm the mobile and the address once more.",
    ),
    Level.REPEATED: Text(
        "अतिरिक्त जाँच करें: मूल काग़ज़, आमने-सामने पहचान, पहले 90 दिन कम सीमा।",
        "Extra checks: original papers, the person present, a low limit for the first 90 days.",
    ),
    Level.MARKED: Text(
        "अतिरिक्त जाँच के बाद शाखा प्रबंधक तय करें; मना करें तो कारण लिखकर दें और सुनवाई का रास्ता बताएँ।",
        "After extra checks the branch manager decides; a refusal is in writing and names the way to be heard.",
    ),
}


class TooManyAtOnce(Exception):
    """More identifiers in one question than are answered at once."""

    text = Text(f"एक बार में {MOST} से ज़्यादा नहीं पूछ सकते।", f"No more than {MOST} at once.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One identifier of a question, in its one spelling, and how it stands."""

    kind: IdentifierKind
    name: str
    standing: Standing

    @property
    def checks(self) -> Text:
        """What a bank should do beyond the usual."""
        return CHECKS[self.standing.level]


@transaction.atomic
def ask_many(
    *,
    question_id: str,
    typed: Sequence[tuple[IdentifierKind, str]],
    by: str,
    purpose: str,
    at: dt.datetime,
    jurisdiction: str = "IN",
) -> list[Asked]:
    """The standing of each, in order; `question_id` names the audit rows.

    Raises NotAnIdentifier (nothing is answered then), TooManyAtOnce, TooMany."""
    if len(typed) > MOST:
        raise TooManyAtOnce(len(typed))
    wanted = [(kind, name_of(kind, words)) for kind, words in typed]
    check_hour(by, at, jurisdiction, bank=True)
    digests = [digest_of(kind, name) for kind, name in wanted]
    known = {bytes(each.digest): each for each in Identifier.objects.filter(digest__in=set(digests))}
    standings = _standings(list(known.values()), at, jurisdiction)
    found = [
        Asked(kind, name, standings.get(known[digest].pk, NOTHING) if digest in known else NOTHING)
        for (kind, name), digest in zip(wanted, digests, strict=True)
    ]
    LookUp.objects.bulk_create(
        LookUp(
            id=id_from(question_id, number), by=by, at=at, purpose=purpose, asked=digest.hex(),
            cost=MISS_COST if each.standing.level is Level.NOTHING else HIT_COST,
        )
        for number, (each, digest) in enumerate(zip(found, digests, strict=True))
    )  # fmt: skip
    return found


def _standings(identifiers: Sequence[Identifier], at: dt.datetime, jurisdiction: str) -> dict[object, Standing]:
    if not identifiers:
        return {}
    oldest = at - dt.timedelta(days=rule("suspect_sighting_days", jurisdiction=jurisdiction, on=at).value)
    mine = Q(identifier__in=[each.pk for each in identifiers])
    sightings: dict[object, list[Sighting]] = defaultdict(list)
    for sighting in Sighting.objects.filter(mine, seen_at__gt=oldest, seen_at__lte=at, withdrawn__isnull=True):
        sightings[sighting.identifier_id].append(sighting)
    marks: dict[object, Mark] = {}
    for mark in active_marks(at).filter(mine).order_by("expires_at"):
        marks[mark.identifier_id] = mark
    return {
        each.pk: standing_from(sightings[each.pk], marks.get(each.pk), at=at, jurisdiction=jurisdiction)
        for each in identifiers
    }
