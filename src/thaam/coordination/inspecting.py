"""Record a visit with its checklist, put faults right, and score a bank or a district.

The score is the share of items in order among those that apply, from each place's latest visit, so visiting often
neither helps nor hurts.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.db import transaction

from thaam.coordination.models import Finding, FindingClosing, Inspection
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Bank, Office, Officer


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist, with the requirement it comes from."""

    code: str
    text: Text
    source: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list of items as it stands since a day."""

    name: str
    version: str
    title: Text
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the visitor noted for one item. A fault needs the date by which it is put right."""

    result: Finding.Result
    note: str = ""
    photo_sha256: str = ""
    due_on: dt.date | None = None
    owner: str = ""


class Incomplete(Exception):
    """Every item is answered, and no other; a fault has a date."""

    text = Text(
        hi="हर बात का जवाब चुनिए; जो ठीक नहीं है उसकी तारीख़ लिखिए। बाकी: {items}",
        en="Answer every item, and give a date for what is not in order. Left: {items}",
    )

    def __init__(self, items: list[str]) -> None:
        super().__init__(items)
        self.items = items


class OtherContent(Exception):
    """The same visit id came with another content."""

    text = Text(hi="यह दौरा पहले से दर्ज है और उसमें कुछ और लिखा है।", en="This visit is recorded already, with other content.")


@cache
def checklists() -> dict[str, Checklist]:
    """The newest version of each list, by name."""
    found: dict[str, Checklist] = {}
    rows = tomllib.loads(files(__package__).joinpath("checklists.toml").read_text(encoding="utf-8"))["checklist"]
    for row in sorted(rows, key=lambda r: r["since"]):
        items = tuple(Item(i["code"], Text(hi=i["hi"], en=i["en"]), i["source"]) for i in row["items"])
        found[row["name"]] = Checklist(row["name"], row["since"], Text(hi=row["hi"], en=row["en"]), items)
    return found


@transaction.atomic
def record_visit(
    *,
    inspection_id: str,
    checklist: Checklist,
    seen: Mapping[str, Seen],
    place: str,
    district: str = "",
    bank: Bank | None,
    station: Office | None,
    visited_at: dt.datetime,
    by: Officer,
    at: dt.datetime,
) -> Inspection:
    """Write a visit and its findings. The same id and content again returns the first (a phone that sends twice).

    Raises Incomplete, OtherContent.
    """
    left = [item.code for item in checklist.items if item.code not in seen]
    left += [code for code, s in seen.items() if s.result == Finding.Result.NOT_OK and s.due_on is None]
    left += sorted(set(seen) - {item.code for item in checklist.items})
    if left:
        raise Incomplete(left)
    if known := Inspection.objects.filter(id=inspection_id).first():
        if {f.item: f.result for f in known.findings.all()} != {code: str(s.result) for code, s in seen.items()}:
            raise OtherContent(inspection_id)
        return known
    visit = Inspection.objects.create(
        id=inspection_id,
        checklist=checklist.name,
        checklist_version=checklist.version,
        bank=bank,
        station=station,
        place=place,
        district=district,
        by=by,
        visited_at=visited_at,
        received_at=at,
    )
    Finding.objects.bulk_create(
        Finding(
            inspection=visit,
            item=code,
            result=s.result,
            note=s.note,
            photo_sha256=s.photo_sha256,
            owner=s.owner,
            due_on=s.due_on,
        )
        for code, s in seen.items()
    )
    faults = sum(s.result == Finding.Result.NOT_OK for s in seen.values())
    record(Kind.INSPECTION_MADE, about=f"inspection:{inspection_id}", by=f"officer:{by.pk}", at=at, faults=faults)
    return visit


@transaction.atomic
def put_right(*, finding: Finding, note: str, by: str, at: dt.datetime) -> FindingClosing:
    """A fault is mended; the first note stays."""
    closing, fresh = FindingClosing.objects.get_or_create(finding=finding, defaults={"note": note, "by": by, "at": at})
    if fresh:
        record(Kind.FINDING_CLOSED, about=f"finding:{finding.pk}", by=by, at=at)
    return closing


def open_faults(*, bank: Bank | None = None, station: Office | None = None) -> list[Finding]:
    """Faults nobody has put right, oldest date first; of one bank, one station, or all."""
    found = Finding.objects.filter(result=Finding.Result.NOT_OK, findingclosing=None).select_related("inspection")
    if bank is not None:
        found = found.filter(inspection__bank=bank)
    if station is not None:
        found = found.filter(inspection__station=station)
    return list(found.order_by("due_on", "pk"))


def score_percent(visits: list[Inspection]) -> float | None:
    """Share of applying items in order over the latest visit of each place; None when nothing applied."""
    latest: dict[tuple[str, str], Inspection] = {}
    for visit in sorted(visits, key=lambda v: v.visited_at):
        latest[visit.checklist, visit.place] = visit
    results = list(
        Finding.objects.filter(inspection__in=latest.values())
        .exclude(result=Finding.Result.NOT_APPLICABLE)
        .values_list("result", flat=True)
    )
    if not results:
        return None
    return 100 * sum(result == Finding.Result.OK for result in results) / len(results)
