"""Tell the account holder what is held and why, through their bank: five facts, and nothing about the victim.

When the chase is quiet or after the rulebook's delay, whichever comes first; then the holder can object.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from thaam.chase.models import Payment
from thaam.chase.reading import holds_claimed
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold, OwnHoldSeen
from thaam.journal.gathering import gathering
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.language import rupees
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.mailbox.posting import post
from thaam.money import ranges as sets
from thaam.rulebook.clocks import due_at
from thaam.wire.messages import Notice
from thaam.wire.parts import IssuedBy
from thaam.work.scheduling import schedule

from .codes import code_of
from .models import Told, ToldOwn

TELL = "grievances:tell holder"
_FACTS = Text(
    hi=(
        "आपके खाते में {held} पर {since} से रोक है। सिर्फ़ इतनी रकम रुकी है; बाकी पैसा आपके काम आ सकता है। "
        "आदेश: {office}, {section}, नंबर {reference}। वजह: {on} का {amount} का एक जमा ({payment})। "
        "रोक {until} तक। पूरी जानकारी और आपत्ति: {url} (कोड {code})। OTP या PIN किसी को न बताएँ।"
    ),
    en=(
        "{held} in your account is on hold since {since} (this amount only; the rest is yours to use). By order of "
        "{office} under {section}, number {reference}. Because of one credit of {amount} on {on} ({payment}). Until "
        "{until}. All about it, and how to object: {url} (code {code}). Tell nobody an OTP or PIN."
    ),
)


_OWN_FACTS = Text(
    hi=(
        "आपके खाते में {held} पर {since} से रोक है। यह रोक {bank} ने खुद लगाई है, पुलिस के आदेश से नहीं। "
        "बैंक का नंबर: {reference}। पूरी जानकारी और आपत्ति: {url} (कोड {code})"
    ),
    en=(
        "{held} in your account is on hold since {since}. {bank} placed this hold on its own, not by an order of the "
        "police. The bank's number: {reference}. All about it, and how to object: {url} (code {code})"
    ),
)


def see_hold(fact: Fact, at: dt.datetime) -> None:
    """A hold began: its holder is to be told after the rulebook's delay."""
    hold = Hold.objects.get(pk=fact.about.removeprefix("hold:"))
    when = due_at("holder_told_after", jurisdiction=hold.jurisdiction, start=fact.at)
    schedule(kind=TELL, key=f"{TELL}:{hold.pk}", run_at=when, hold_id=str(hold.pk))


def see_quiet(fact: Fact, at: dt.datetime) -> None:
    """A chase is quiet: the holders on its trail can be told now, nobody is warned any more."""
    chase_id = fact.about.removeprefix("complaint:")
    payments = Payment.objects.filter(trails__claim__chase_id=chase_id).values("pk")
    _tell(Hold.objects.filter(payment_id__in=payments, told=None).exclude(held=()), at)


def tell_due(payload: dict[str, Any], at: dt.datetime) -> None:
    """The delay is over."""
    tell_holder(hold_id=payload["hold_id"], at=at)


def tell_holder(*, hold_id: Any, at: dt.datetime) -> Told | None:
    """Send the five facts to the bank for its customer, once a hold; None when nothing is held any more."""
    _tell(Hold.objects.filter(pk=hold_id, told=None), at)
    return Told.objects.filter(hold_id=hold_id).first()


def _tell(holds: Iterable[Hold], at: dt.datetime) -> None:
    """Tell the holders of these, where paise are held for somebody; all in one transaction and few statements."""
    with gathering() as rows:
        waiting = holds_claimed(hold for hold in holds if hold.held_at(at))
        payments = rows.many(Payment, {hold.payment_id for hold in waiting})
        for hold in waiting:
            told = rows.add(Told(hold=hold, code=code_of(hold.pk), told_at=at))
            words = (facts_of(hold, payments[hold.payment_id], told.code, lang, at=at) for lang in ("hi", "en"))
            notice = Notice(
                id=id_from("tell", hold.pk),
                code="to_holder",
                about_order_id=str(hold.pk),
                words="\n".join(words),
                issued_by=mandate_of(hold).issued_by,
                issued_at=at,
            )
            post(partner=hold.bank_id, message=notice, at=at, by="loop:work", fresh=True)
            record(
                Kind.HOLDER_TOLD, about=f"hold:{hold.pk}", by="loop:work", at=at,
                held_paise=sets.total(hold.held_at(at)), order=notice.id,
            )  # fmt: skip


def facts_of(hold: Hold, payment: Payment, code: str, lang: str, *, at: dt.datetime) -> str:
    """The five facts in one sentence: how much, since when, by whom, which number, which credit."""
    return _FACTS.in_(
        lang,
        held=rupees.full(sets.total(hold.held_at(at))),
        since=f"{(hold.answered_at or hold.asked_at).astimezone(IST):%d-%m-%Y %H:%M}",
        office=office_of(hold).in_(lang),
        section=hold.section,
        reference=hold.reference,
        amount=rupees.full(payment.amount_paise),
        on=f"{payment.on:%d-%m-%Y}",
        payment=f"{payment.rail} {payment.reference}",
        until=f"{hold.expires_at.astimezone(IST):%d-%m-%Y}",
        code=code,
        url=url_of(code),
    )


def tell_own_hold(fact: Fact, at: dt.datetime) -> None:
    """A bank reported a hold of its own (S1.14): its customer gets the facts and the right to object as well."""
    for own in OwnHoldSeen.objects.filter(reported_at__lte=at, told=None).select_related("bank"):
        with transaction.atomic():
            told = ToldOwn.objects.create(own_hold=own, code=code_of(f"own/{own.pk}"), told_at=at)
            notice = Notice(
                id=id_from("tell own", own.pk),
                code="to_holder",
                about_order_id=None,
                words="\n".join(_OWN_FACTS.in_(lang, **_own(own, told, lang)) for lang in ("hi", "en")),
                issued_by=IssuedBy(office="1930", officer="platform"),
                issued_at=at,
            )
            post(partner=own.bank_id, message=notice, at=at, by="loop:work")
            record(
                Kind.HOLDER_TOLD, about=f"own hold:{own.pk}", by="loop:work", at=at, held_paise=own.amount_paise,
                order=notice.id,
            )  # fmt: skip


def _own(own: OwnHoldSeen, told: ToldOwn, lang: str) -> dict[str, str]:
    return {
        "held": rupees.full(own.amount_paise),
        "since": f"{own.placed_at.astimezone(IST):%d-%m-%Y %H:%M}",
        "bank": own.bank.name(lang),
        "reference": own.lien_reference,
        "code": told.code,
        "url": url_of(told.code),
    }


def office_of(hold: Hold) -> Text:
    """Whose order it is, as people say it: the helpline by its name, a station by its code where no page knows more."""
    if hold.office == "1930":
        return Text("राज्य साइबर हेल्पलाइन 1930", "State cyber helpline 1930")
    return Text(hold.office, hold.office)


def url_of(code: str) -> str:
    """The address of the page with the facts; it opens in the language the phone last read."""
    return f"{settings.PUBLIC_URL}/held/notice/{code}"


def hold_of_code(code: str) -> Hold | None:
    """The hold of ours a holder's code stands for."""
    found = Told.objects.select_related("hold").filter(code=code.strip().lower()).first()
    return found.hold if found else None


def own_hold_of_code(code: str) -> OwnHoldSeen | None:
    """The bank's own hold a holder's code stands for."""
    found = ToldOwn.objects.select_related("own_hold__bank").filter(code=code.strip().lower()).first()
    return found.own_hold if found else None


def open_objection_on(hold_id: Any) -> Any | None:
    """The id of the open objection on a hold, whoever asks (row-level security hides the objection itself)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_objection_on(%s)", [str(hold_id)])
        return cursor.fetchone()[0]


def objection_of_link(link: str) -> Any | None:
    """The id of the objection a link by SMS stands for, whoever asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT objection_of_link(%s)", [link.strip().lower()])
        return cursor.fetchone()[0]
