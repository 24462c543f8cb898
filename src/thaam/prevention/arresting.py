"""Arrests, wherever they were made, joined to complaints here by what was found with the person (S3.11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from thaam.complaints.models import Complaint
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.models import Officer
from thaam.prevention.models import Arrest, ArrestIdentifier
from thaam.suspects.folding import fold_name
from thaam.suspects.models import Sighting
from thaam.suspects.naming import IdentifierKind, name_of
from thaam.suspects.sighting import identifier_named


@transaction.atomic
def note_arrest(
    *,
    arrest_id: str,
    person: str,
    state: str,
    district: str,
    unit: str,
    fir: str,
    arrested_on: dt.date,
    found: Iterable[tuple[IdentifierKind, str]],
    words: str,
    by: Officer,
    at: dt.datetime,
) -> Arrest:
    """Keep an arrest with what was found on the person; the same id returns the first. Raises NotAnIdentifier.

    An arrest is no conviction: nothing found with the person is marked by it."""
    if known := Arrest.objects.filter(id=arrest_id).first():
        return known
    arrest = Arrest.objects.create(
        id=arrest_id, person=person, folded=fold_name(person)[:200], state=state, district=district, unit=unit, fir=fir,
        arrested_on=arrested_on, words=words, by=by, at=at,
    )  # fmt: skip
    for kind, name in {(kind, name_of(kind, typed)) for kind, typed in found}:
        identifier = identifier_named(kind, name, at)
        ArrestIdentifier.objects.create(
            id=id_from("arrest", arrest_id, kind.value, name), arrest=arrest, identifier=identifier
        )
    record(Kind.ARREST_NOTED, about=f"arrest:{arrest_id}", by=f"officer:{by.pk}", at=at, state=state)
    return arrest


def complaints_of(arrest: Arrest) -> list[Complaint]:
    """Complaints that name something found with the arrested person, oldest first."""
    sources = Sighting.objects.filter(
        identifier__in=arrest.found.values("identifier_id"), source__startswith="complaint:", withdrawn=None
    ).values_list("source", flat=True)
    numbers = {source.removeprefix("complaint:") for source in sources}
    return list(Complaint.objects.filter(number__in=numbers, withdrawn_at=None).order_by("filed_at"))


def arrests_near(complaint: Complaint) -> list[Arrest]:
    """Arrests of people who had something this complaint names: what its officer should ask for."""
    seen = Sighting.objects.filter(source=f"complaint:{complaint.number}", withdrawn=None).values("identifier_id")
    return list(Arrest.objects.filter(found__identifier_id__in=seen).distinct().order_by("-arrested_on", "id"))
