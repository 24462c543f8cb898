"""Read the journal and owe each person what a fact means to them: once a fact, whoever is killed in between."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings

from thaam.chase.models import Claim, Trail
from thaam.chase.reading import claims_on_hold
from thaam.complaints.models import Complaint
from thaam.complaints.numbering import grouped
from thaam.holds.models import Hold
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.language import rupees
from thaam.language.dates import IST
from thaam.mailbox.models import Order
from thaam.money import ranges as sets
from thaam.money.partition import State
from thaam.notices.models import Notice
from thaam.notices.sending import SEND
from thaam.notices.wording import BRAND, WORDINGS
from thaam.parties.models import Bank, Office, Officer
from thaam.rulebook.rules import rule
from thaam.work.scheduling import schedule

KINDS = (
    Kind.COMPLAINT_FILED,
    Kind.HOLD_ASKED,
    Kind.HOLD_HELD,
    Kind.CLAIM_DENIED,
    Kind.HOLD_RESTORED,
    Kind.CHASE_QUIET,
    Kind.COMPLAINT_HANDED,
    Kind.COMPLAINT_WITHDRAWN,
    Kind.CLOCK_PAUSED,
)
NOT_THERE = ("not_found", "amount_differs", "date_differs")
"""What a bank cannot match that the victim can put right. A wish for a signed order is not the victim's business."""


def tell(fact: Fact, at: dt.datetime) -> None:
    """Write the notices this fact owes and schedule their sending. Safe to run again: a notice has one id."""
    {
        Kind.COMPLAINT_FILED: _filed,
        Kind.HOLD_ASKED: _asked,
        Kind.HOLD_HELD: _held,
        Kind.CLAIM_DENIED: _denied,
        Kind.HOLD_RESTORED: _restored,
        Kind.CHASE_QUIET: _quiet,
        Kind.COMPLAINT_HANDED: _handed,
        Kind.COMPLAINT_WITHDRAWN: _merged,
        Kind.CLOCK_PAUSED: _bounced,
    }[Kind(fact.kind)](fact, at)


def notices_about(complaint: Complaint) -> list[Notice]:
    """Everything ever sent about a complaint, newest first: what the status page shows, to compare with a fake."""
    return list(Notice.objects.filter(about=f"complaint:{complaint.pk}").order_by("-made_at", "pk"))


def _filed(fact: Fact, at: dt.datetime) -> None:
    complaint = Complaint.objects.get(pk=_id(fact))
    if complaint.confirmed_at is None:
        owe("V1-pending", complaint, fact, at)


def _asked(fact: Fact, at: dt.datetime) -> None:
    """The first order of a complaint is told with bank and time; that money had moved on is told once."""
    hold = Hold.objects.select_related("bank").get(pk=_id(fact))
    complaint = Complaint.objects.filter(number=hold.reference).first()
    if complaint is None or hold.secured:
        return
    when = fact.at.astimezone(IST)
    values = {"bank": hold.bank, "time": f"{when:%H:%M}", "sum": int(fact.data["amount_paise"])}
    told = Notice.objects.filter(about=f"complaint:{complaint.pk}", event="V1").first()
    if told is None or str(told.pk) == _notice_id("V1", complaint, fact):
        owe("V1", complaint, fact, at, **values)
        return
    earlier = Hold.objects.filter(reference=complaint.number).select_related("bank").order_by("asked_at", "pk")
    banks = {each.bank_id for each in earlier} - {earlier[0].bank_id}
    if banks and not Notice.objects.filter(about=f"complaint:{complaint.pk}", event="V3").exists():
        owe("V3", complaint, fact, at, bank=earlier[0].bank, count=str(len(banks)))


def _held(fact: Fact, at: dt.datetime) -> None:
    """Everybody with a claim on these paise hears of the complaint's first hold; the sum of all comes when it is quiet.

    A chase over five banks holds ten times within seconds: ten messages would help nobody.
    """
    hold = Hold.objects.select_related("bank").get(pk=_id(fact))
    for claim in _first_claims(claims_on_hold(hold.pk)):
        complaint = Complaint.objects.get(pk=claim.chase_id)
        if _told(complaint, "V2", "V2-all"):
            continue
        mine = sum(paise for each, paise in _shares(hold) if each == claim.chase_id)
        rest = _totals(claim)[State.ASKED]
        if mine:
            owe("V2" if rest else "V2-all", complaint, fact, at, bank=hold.bank, held=mine, rest=rest)


def _quiet(fact: Fact, at: dt.datetime) -> None:
    """Every rupee is accounted for: what is held in all, once."""
    complaint = Complaint.objects.get(pk=_id(fact))
    claim = Claim.objects.filter(chase_id=complaint.pk).first()
    if claim is None or _told(complaint, "V2-sum"):
        return
    totals = _totals(claim)
    if totals[State.HELD]:
        owe("V2-sum", complaint, fact, at, held=totals[State.HELD], gone=totals[State.GONE])


def _handed(fact: Fact, at: dt.datetime) -> None:
    """An office took the complaint over: who will ask for a statement, so that nobody else is believed."""
    complaint = Complaint.objects.select_related("office").get(pk=_id(fact))
    officer = Officer.objects.filter(pk=fact.by.removeprefix("officer:")).first()
    if complaint.office and officer:
        owe("V5", complaint, fact, at, officer=officer, office=complaint.office)


def _merged(fact: Fact, at: dt.datetime) -> None:
    """An officer made two reports one: whoever made the one that ended hears once which number counts now."""
    complaint = Complaint.objects.get(pk=_id(fact))
    if complaint.merged_into:
        owe("V-merged", complaint, fact, at, kept=grouped(complaint.merged_into))


def _denied(fact: Fact, at: dt.datetime) -> None:
    owe("V4", Complaint.objects.get(pk=_id(fact)), fact, at)


def _bounced(fact: Fact, at: dt.datetime) -> None:
    """A bank found no such payment: whoever told of it is led to the page where the number is put right.

    Only for a debit the victim told themselves, never for a later hop.
    """
    order = Order.objects.filter(pk=_id(fact)).first() if fact.data.get("why") in NOT_THERE else None
    if order is None:
        return
    complaint = Complaint.objects.filter(number=order.message.basis.reference, withdrawn_at=None).first()
    debit = complaint.debits.filter(reference=order.message.payment.reference).first() if complaint else None
    if complaint and debit:
        url = f"{settings.PUBLIC_URL}/{complaint.lang}/s/{complaint.link}/fix/{debit.number}"
        owe("V4", complaint, fact, at, url=url)


def _restored(fact: Fact, at: dt.datetime) -> None:
    hold = Hold.objects.get(pk=_id(fact))
    paid = hold.repayments.exclude(paid_at=None).order_by("-paid_at").first()
    claim = Claim.objects.filter(pk=paid.claim_id).first() if paid else None
    if claim:
        owe("V8", Complaint.objects.get(pk=claim.chase_id), fact, at, sum=int(fact.data["amount_paise"]))


def owe(event: str, complaint: Complaint, fact: Fact, at: dt.datetime, **values: Any) -> Notice:
    """One SMS to the reporter about a fact. Money values are paise, banks Bank rows; the rest is text."""
    wording = WORDINGS[event]
    filled = {
        "number": grouped(complaint.number),
        "url": f"{settings.PUBLIC_URL}/s/{complaint.link}",
        "brand": BRAND,
        **{name: _said(value, complaint.lang) for name, value in values.items()},
    }
    send_at = at if wording.urgent else next_waking(at, jurisdiction=complaint.jurisdiction)
    notice_id = _notice_id(event, complaint, fact)
    notice, fresh = Notice.objects.get_or_create(
        pk=notice_id,
        defaults={
            "event": event,
            "about": f"complaint:{complaint.pk}",
            "lang": complaint.lang,
            "channel": "sms",
            "to": complaint.mobile,
            "text": wording.text.in_(complaint.lang, **filled),
            "template_id": settings.SMS_TEMPLATES.get(f"{event}-{complaint.lang}", ""),
            "made_at": at,
            "send_at": send_at,
        },
    )
    if fresh:
        schedule(kind=SEND, key=f"notice:{notice_id}", run_at=send_at, notice_id=notice_id)
    return notice


def next_waking(at: dt.datetime, *, jurisdiction: str) -> dt.datetime:
    """`at` itself by day; in the quiet hours of the rulebook their end (aware UTC)."""
    here = at.astimezone(IST)
    begins = rule("quiet_from", jurisdiction=jurisdiction, on=at).value
    ends = rule("quiet_until", jurisdiction=jurisdiction, on=at).value
    if here.hour >= begins:
        here = (here + dt.timedelta(days=1)).replace(hour=ends, minute=0, second=0, microsecond=0)
    elif here.hour < ends:
        here = here.replace(hour=ends, minute=0, second=0, microsecond=0)
    return here.astimezone(dt.UTC)


def _notice_id(event: str, complaint: Complaint, fact: Fact) -> str:
    return id_from("notice", event, fact.pk, complaint.pk)


def _id(fact: Fact) -> str:
    return fact.about.partition(":")[2]


def _told(complaint: Complaint, *events: str) -> bool:
    return Notice.objects.filter(about=f"complaint:{complaint.pk}", event__in=events).exists()


def _shares(hold: Hold) -> list[tuple[Any, int]]:
    """Of what this hold keeps, how much lies on the trail of each complaint."""
    trails = Trail.objects.filter(payment_id=hold.payment_id).values_list("claim__chase_id", "lo", "hi")
    return [(chase_id, sets.total(sets.intersect(hold.held, [(lo, hi)]))) for chase_id, lo, hi in trails]


def _first_claims(claims: list[Claim]) -> list[Claim]:
    """One claim a complaint: one person is told once."""
    seen: dict[Any, Claim] = {}
    for claim in claims:
        seen.setdefault(claim.chase_id, claim)
    return list(seen.values())


def _totals(claim: Claim) -> dict[State, int]:
    totals = dict.fromkeys(State, 0)
    for each in Claim.objects.filter(chase_id=claim.chase_id, withdrawn_at=None).select_related("partition"):
        for state, paise in each.partition.account().totals().items():
            totals[state] += paise
    return totals


def _said(value: object, lang: str) -> str:
    if isinstance(value, Bank | Office | Officer):
        return value.name(lang)[:30]
    return rupees.full(value).lstrip("₹") if isinstance(value, int) else str(value)
