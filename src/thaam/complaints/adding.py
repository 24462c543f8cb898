"""What the reporter, or an officer listening to them, adds after the complaint went out: name, place, words.

The hold does not wait for any of this. Words are appended under the time and the hand that wrote them, never replaced.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from thaam.chase.starting import add_claim
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.language.dates import print_time
from thaam.language.text import Text

from .correcting import Withdrawn
from .filing import debit_id, row_of, told_of
from .models import Complaint, Debit
from .telling import DEBITS_MAX, STORY_MAX, CannotFile, DebitTold, clean_words, cleaned


@transaction.atomic
def add_details(
    *,
    complaint_id: Any,
    by: str,
    at: dt.datetime,
    name: str = "",
    district: str = "",
    words: str = "",
    station: str = "",
) -> Complaint:
    """Fill in name, district and wished station where given, append `words` to the story; fact "complaint:corrected".

    Nothing given changes nothing. Locks the complaint's row. Raises CannotFile when something is too long.
    """
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint_id)
    name, district = clean_words("name", name, 120), clean_words("district", district, 80)
    words = clean_words("story", words, STORY_MAX - len(complaint.story) - 80)
    station = clean_words("station", station, 120)
    told = (("name", name), ("district", district), ("story", words), ("station", station))
    changed = [field for field, value in told if value]
    if not changed:
        return complaint
    complaint.name = name or complaint.name
    complaint.district = district or complaint.district
    complaint.station = station or complaint.station
    if words:
        complaint.story = f"{complaint.story}\n\n[{print_time(at, 'en')}, {by}]\n{words}".strip()
    complaint.save(update_fields=changed)
    record(Kind.COMPLAINT_CORRECTED, about=f"complaint:{complaint.pk}", by=by, at=at, added=changed)
    return complaint


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A field that somebody else wrote while this page was open: their value, and by whom ("" unknown)."""

    field: str
    theirs: str
    by: str


@transaction.atomic
def changed_since(*, complaint_id: Any, seen: Mapping[str, str]) -> list[Overwritten]:
    """Fields whose value is no longer what the page showed, `seen` by name. Locks the complaint's row."""
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint_id)
    changed = [name for name, value in seen.items() if getattr(complaint, name) != value]
    if not changed:
        return []
    corrected = Fact.objects.filter(kind=Kind.COMPLAINT_CORRECTED, about=f"complaint:{complaint.pk}").order_by(
        "-at", "-id"
    )
    last: dict[str, str] = {}
    for fact in corrected[:50]:
        for name in fact.data.get("added", ()):
            last.setdefault(name, fact.by)
    return [Overwritten(name, getattr(complaint, name), last.get(name, "")) for name in changed]


@transaction.atomic
def note_camp(*, complaint_id: Any, camp: str, by: str, at: dt.datetime) -> None:
    """The camp at which the complaint was taken down; a repeat changes nothing. Fact "complaint:corrected"."""
    if Complaint.objects.filter(pk=complaint_id, camp="").update(camp=clean_words("camp", camp, 40)):
        record(Kind.COMPLAINT_CORRECTED, about=f"complaint:{complaint_id}", by=by, at=at, added=["camp"], camp=camp)


@transaction.atomic
def add_debit(*, complaint_id: Any, told: DebitTold, by: str, at: dt.datetime) -> Debit:
    """One more debit of a complaint that went out already; banks are asked for it in the next round.

    The same payment told again is the debit that is there. Locks the complaint's row, then takes the trail lock. Raises
    CannotFile, correcting.Withdrawn.
    """
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint_id)
    if complaint.withdrawn_at is not None:
        raise Withdrawn(complaint.number)
    new = cleaned(told, at=at)
    known = list(complaint.debits.all())
    for debit in known:
        same = (debit.reference, debit.rail, debit.amount_paise) == (new.reference, new.rail, new.amount_paise)
        if new.reference and same:
            return debit
    if len(known) >= DEBITS_MAX:
        raise CannotFile("debits", Text(f"एक शिकायत में {DEBITS_MAX} तक।", f"At most {DEBITS_MAX} a complaint."))
    number = max((debit.number for debit in known), default=0) + 1
    add_claim(chase_id=complaint.pk, told=told_of(complaint, number, new), payer_mobile=complaint.mobile, at=at)
    debit = Debit.objects.create(
        claim_id=debit_id(complaint.pk, number), complaint=complaint, number=number, **row_of(new)
    )
    record(
        Kind.COMPLAINT_CORRECTED, about=f"complaint:{complaint.pk}", by=by, at=at, added=["debit"], number=number,
        claimed_paise=new.claimed_paise,
    )  # fmt: skip
    return debit
