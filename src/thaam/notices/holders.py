"""What a fact means to a person whose money is held, and to a victim whose money is on its way back: one SMS a fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings

from thaam.chase.models import Claim
from thaam.chase.reading import claims_on_hold
from thaam.complaints.models import Complaint
from thaam.grievances.models import Hearing, Objection
from thaam.grievances.outlook import hold_ends_at
from thaam.grievances.stages import LADDER, Outcome, Stage
from thaam.holds.models import Hold
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.language import rupees
from thaam.language.dates import IST
from thaam.restoration.models import Restoration
from thaam.rulebook.clocks import due_at
from thaam.work.scheduling import schedule

from .models import Notice
from .sending import SEND
from .telling import next_waking, owe
from .wording import BRAND, WORDINGS

SIGNS_MAX = 30  # TRAI: a variable of an SMS
STAGE_OF = {Kind.RESTORATION_APPLIED: "2", Kind.RESTORATION_VERIFIED: "3", Kind.RESTORATION_APPROVED: "5"}


def tell_holder_of(fact: Fact, at: dt.datetime) -> None:
    """Write the notices this fact owes and schedule their sending. Safe to run again: a notice has one id."""
    _TELLS[Kind(fact.kind)](fact, at)


def owe_holder(event: str, objection: Objection, fact: Fact, at: dt.datetime, **values: Any) -> Notice:
    """One SMS to who objected, in their language, with the short link of the objection. Sums are paise."""
    wording, lang = WORDINGS[event], objection.lang
    filled = {
        "number": objection.number,
        "url": f"{settings.PUBLIC_URL}/g/{objection.link}",
        "brand": BRAND,
        "bank": objection.bank.name(lang)[:SIGNS_MAX],
        **{
            name: rupees.full(value).lstrip("₹") if isinstance(value, int) else str(value)[:SIGNS_MAX]
            for name, value in values.items()
        },
    }
    send_at = at if wording.urgent else next_waking(at, jurisdiction=objection.jurisdiction)
    notice_id = id_from("notice", event, fact.pk, objection.pk)
    notice, fresh = Notice.objects.get_or_create(
        pk=notice_id,
        defaults={
            "event": event,
            "about": f"objection:{objection.pk}",
            "lang": lang,
            "channel": "sms",
            "to": objection.mobile,
            "text": wording.text.in_(lang, **filled),
            "template_id": settings.SMS_TEMPLATES.get(f"{event}-{lang}", ""),
            "made_at": at,
            "send_at": send_at,
        },
    )
    if fresh:
        schedule(kind=SEND, key=f"notice:{notice_id}", run_at=send_at, notice_id=notice_id)
    return notice


def _lodged(fact: Fact, at: dt.datetime) -> None:
    objection = _of(fact)
    due = due_at("objection_bank", jurisdiction=objection.jurisdiction, start=objection.lodged_at)
    owe_holder("M2", objection, fact, at, day=_day(due))


def _asked(fact: Fact, at: dt.datetime) -> None:
    owe_holder("M3-asked", _of(fact), fact, at, day=_day(dt.datetime.fromisoformat(fact.data["until"])))


def _video(fact: Fact, at: dt.datetime) -> None:
    objection = _of(fact)
    slot = Hearing.objects.select_related("officer").get(pk=fact.data["hearing"])
    start = slot.start_at.astimezone(IST)
    owe_holder(
        "M3", objection, fact, at, officer=slot.officer.name(objection.lang), day=_day(start), time=f"{start:%H:%M}"
    )


def _opened(fact: Fact, at: dt.datetime) -> None:
    objection = _of(fact)
    owe_holder("M-open", objection, fact, at, held=objection.held_paise_at(at))


def _decided(fact: Fact, at: dt.datetime) -> None:
    objection = _of(fact)
    if fact.data["outcome"] == Outcome.REJECTED:
        owe_holder("M5", objection, fact, at, day=_day(hold_ends_at(objection)))
    else:
        when = fact.at.astimezone(IST)
        owe_holder("M4", objection, fact, at, held=int(fact.data["released_paise"]), time=f"{when:%H:%M}")


def _escalated(fact: Fact, at: dt.datetime) -> None:
    """Up one rung, with that rung's date; past the last one the holder hears when the hold ends anyway."""
    objection = _of(fact)
    rung = LADDER.get(Stage(fact.data["to"]))
    if rung is None:
        owe_holder("M6-silent", objection, fact, at, day=_day(hold_ends_at(objection)))
    else:
        due = due_at(rung.clock, jurisdiction=objection.jurisdiction, start=fact.at)
        owe_holder("M6", objection, fact, at, day=_day(due))


def _ended(fact: Fact, at: dt.datetime) -> None:
    owe_holder("M-ended", _of(fact), fact, at)


def _released(fact: Fact, at: dt.datetime) -> None:
    """The bank has let go: whoever had objected to this hold hears it."""
    hold_id = fact.about.removeprefix("hold:")
    objection = Objection.objects.filter(hold_id=hold_id).select_related("bank").order_by("-lodged_at").first()
    if objection is not None:
        owe_holder("M4b", objection, fact, at, held=int(fact.data["amount_paise"]))


def _ends_soon(fact: Fact, at: dt.datetime) -> None:
    """Day 75: the holder hears when the hold ends by itself, each victim that it is time to apply."""
    hold = Hold.objects.get(pk=fact.about.removeprefix("hold:"))
    held, day = int(fact.data["held_paise"]), _day(hold.expires_at)
    objection = Objection.objects.filter(hold=hold).select_related("bank").order_by("-lodged_at").first()
    if objection is not None:
        owe_holder("M7", objection, fact, at, held=held, day=day)
    for chase_id in {claim.chase_id for claim in claims_on_hold(hold.pk)}:
        owe("V9", Complaint.objects.get(pk=chase_id), fact, at, held=held, day=day)


def _stage(fact: Fact, at: dt.datetime) -> None:
    owe("V7", _complaint(fact), fact, at, step=STAGE_OF[Kind(fact.kind)])


def _sent_back(fact: Fact, at: dt.datetime) -> None:
    owe("V-back", _complaint(fact), fact, at)


def _not_paid(fact: Fact, at: dt.datetime) -> None:
    """The second officer or the bank said no: the victim hears that the money is still held for them."""
    if fact.kind == Kind.RESTORATION_DECLINED:
        one = Restoration.objects.get(pk=fact.data["restoration"])
        if one.claim.withdrawn_at is None and one.claim.denied_at is None:
            owe("V-anew", _complaint(fact), fact, at, sum=one.amount_paise)
        return
    claim = Claim.objects.get(pk=fact.data["claim"])
    owe("V-anew", Complaint.objects.get(pk=claim.chase_id), fact, at, sum=int(fact.data["amount_paise"]))


def _contested(fact: Fact, at: dt.datetime) -> None:
    owe("V-contest", _complaint(fact), fact, at)


def _contest_decided(fact: Fact, at: dt.datetime) -> None:
    owe("V-contest-end", _complaint(fact), fact, at)


def _complaint(fact: Fact) -> Complaint:
    return Complaint.objects.get(pk=fact.about.removeprefix("complaint:"))


def _of(fact: Fact) -> Objection:
    rows = Objection.objects.select_related("hold", "own_hold", "bank")
    return rows.get(pk=fact.about.removeprefix("objection:"))


def _day(at: dt.datetime) -> str:
    return f"{at.astimezone(IST):%d.%m.%Y}"


_TELLS: dict[Kind, Callable[[Fact, dt.datetime], None]] = {
    Kind.OBJECTION_LODGED: _lodged,
    Kind.OBJECTION_PAUSED: _asked,
    Kind.VIDEO_TAKEN: _video,
    Kind.OPENING_DONE: _opened,
    Kind.OBJECTION_DECIDED: _decided,
    Kind.OBJECTION_ESCALATED: _escalated,
    Kind.OBJECTION_ENDED: _ended,
    Kind.HOLD_RELEASED: _released,
    Kind.HOLD_ENDS_SOON: _ends_soon,
    Kind.RESTORATION_APPLIED: _stage,
    Kind.RESTORATION_VERIFIED: _stage,
    Kind.RESTORATION_APPROVED: _stage,
    Kind.APPLICATION_REFUSED: _sent_back,
    Kind.RESTORATION_DECLINED: _not_paid,
    Kind.RESTORATION_REFUSED: _not_paid,
    Kind.RESTORATION_CONTESTED: _contested,
    Kind.REVERSAL_DECIDED: _contest_decided,
}
HOLDER_KINDS = tuple(_TELLS)
