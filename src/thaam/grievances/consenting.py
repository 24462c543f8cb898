"""A trade body stands by its member, only with the member's consent: it sees stage and clock, and may nudge.

Never the bill, the words, the mobile number or the trail (ux.md 6.4): the database shows this desk a handful of columns
through one function. Consent is given behind the holder's own page and ends the moment it is taken back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Office, Officer
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import rule

from .models import Consent, Nudge, Objection

BANDS: tuple[tuple[int, Text], ...] = (
    (1_000_00, Text("₹1,000 तक", "up to ₹1,000")),
    (10_000_00, Text("₹1,000 से ₹10,000", "₹1,000 to ₹10,000")),
    (50_000_00, Text("₹10,000 से ₹50,000", "₹10,000 to ₹50,000")),
    (2_00_000_00, Text("₹50,000 से ₹2 लाख", "₹50,000 to ₹2 lakh")),
)
OVER = Text("₹2 लाख से ज़्यादा", "over ₹2 lakh")


class NoConsent(Exception):
    """The holder did not agree, or took the consent back."""

    text = Text("सदस्य ने सहमति नहीं दी या वापस ले ली है।", "The member has not consented, or took the consent back.")


class TooSoon(Exception):
    """One nudge in the rulebook's time. Carries when the next is possible."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class NotLate(Exception):
    """No clock of this objection is broken."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a trade body sees of a consenting member's objection."""

    consent_id: Any
    number: str
    bank_id: str
    district: str
    stage: str
    since: dt.datetime
    due_at: dt.datetime | None
    paused: bool
    outcome: str
    band: Text
    late: bool
    may_nudge_at: dt.datetime | None


def associations() -> list[Office]:
    """The offices at which trade bodies sit: those a holder can choose from."""
    offices = Office.objects.filter(officers__role=Officer.Role.ASSOCIATION, officers__is_active=True)
    return list(offices.distinct().order_by("name_en"))


@transaction.atomic
def consent(*, objection_id: Any, office: Office, at: dt.datetime) -> Consent:
    """The holder agrees that this trade body sees the objection. At the objection's own desk. A repeat is the first."""
    objection = Objection.objects.get(pk=objection_id)
    if known := objection.consents.filter(office=office, ended_at=None).first():
        return known
    given = Consent(
        id=id_from("consent", objection.pk, office.pk, at.isoformat()), objection=objection, office=office, given_at=at
    )
    given.save(force_insert=True)
    record(Kind.CONSENT_GIVEN, about=f"objection:{objection.pk}", by="holder", at=at, office=office.code)
    return given


@transaction.atomic
def take_back(*, objection_id: Any, at: dt.datetime) -> int:
    """The holder takes every consent back; how many there were."""
    ended = Consent.objects.filter(objection_id=objection_id, ended_at=None).update(ended_at=at)
    if ended:
        record(Kind.CONSENT_ENDED, about=f"objection:{objection_id}", by="holder", at=at)
    return ended


def seen_by(office_id: Any, *, at: dt.datetime) -> list[Seen]:
    """Objections of consenting members, the soonest due first. Works at `association:<office>` and at no other desk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT consent_id, number, bank_id, district, stage, stage_since, due_at, paused, outcome, held_paise,"
            " nudged_at, jurisdiction FROM objections_of_association(%s) ORDER BY due_at NULLS LAST, number",
            [str(office_id)],
        )
        rows = cursor.fetchall()
    found = []
    for row in rows:
        due, paused, nudged, place = row[6], row[7], row[10], row[11]
        again = due_at("nudge_every", jurisdiction=place, start=nudged) if nudged else None
        found.append(
            Seen(
                consent_id=row[0], number=row[1], bank_id=row[2], district=row[3], stage=row[4], since=row[5],
                due_at=due, paused=paused, outcome=row[8], band=band_of(row[9]),
                late=row[4] == "silent" or (due is not None and not paused and at > due),
                may_nudge_at=again if again and again > at else None,
            )
        )  # fmt: skip
    return found


@transaction.atomic
def nudge(*, nudge_id: Any, consent_id: Any, officer: Officer, at: dt.datetime, late: bool = False) -> str:
    """Ask whoever has the objection to move (once in the rulebook's 72 hours), or say that its clock has broken.

    Works at the trade body's desk. Raises NoConsent, TooSoon, NotLate.
    """
    seen = {str(each.consent_id): each for each in seen_by(officer.office_id, at=at)}
    found = seen.get(str(consent_id))
    if found is None or officer.office is None or officer.role != Officer.Role.ASSOCIATION or not officer.is_active:
        raise NoConsent(str(consent_id))
    if late and not found.late:
        raise NotLate(found.number)
    if not late and found.may_nudge_at is not None:
        raise TooSoon(found.may_nudge_at)
    objection_id = Consent.objects.values_list("objection_id", flat=True).get(pk=consent_id)
    what = Nudge.What.LATE if late else Nudge.What.NUDGE
    made = Nudge(
        id=nudge_id, objection_id=objection_id, office=officer.office, what=what, stage=found.stage,
        by=f"officer:{officer.pk}", at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    record(
        Kind.OBJECTION_NUDGED, about=f"objection:{objection_id}", by=f"officer:{officer.pk}", at=at, what=str(what),
        stage=found.stage,
    )  # fmt: skip
    return found.number


def band_of(paise: int) -> Text:
    """The sum as a band: a trade body needs to know whether it is large, not how large."""
    return next((text for most, text in BANDS if paise <= most), OVER)


def hours_between_nudges(*, jurisdiction: str, at: dt.datetime) -> int:
    """For the page that says so."""
    return rule("nudge_every", jurisdiction=jurisdiction, on=at).value
