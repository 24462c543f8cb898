"""Tell the account holder what is held and why, through their bank: five facts, and nothing about the victim.

When the chase is quiet or after the rulebook's delay, whichever comes first; then the holder can object.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from thaam.chase.models import Payment
from thaam.chase.reading import claims_on_hold
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
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
from thaam.work.scheduling import schedule

from .models import Told

TELL = "grievances:tell holder"
_FACTS = Text(
    hi=(
        "आपके खाते में {held} पर {since} से रोक है। सिर्फ़ इतनी रकम रुकी है; बाकी पैसा आपके काम आ सकता है। "
        "आदेश: {office}, {section}, नंबर {reference}। वजह: {on} का {amount} का एक जमा ({payment})। "
        "रोक {until} तक। आपत्ति के लिए कोड: {code}"
    ),
    en=(
        "{held} in your account is on hold since {since} (this amount only; the rest is yours to use). By order of "
        "{office} under {section}, number {reference}. Because of one credit of {amount} on {on} ({payment}). Until "
        "{until}. Code to object: {code}"
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
    for hold in Hold.objects.filter(payment_id__in=payments).exclude(held=()):
        tell_holder(hold_id=hold.pk, at=at)


def tell_due(payload: dict[str, Any], at: dt.datetime) -> None:
    """The delay is over."""
    tell_holder(hold_id=payload["hold_id"], at=at)


@transaction.atomic
def tell_holder(*, hold_id: Any, at: dt.datetime) -> Told | None:
    """Send the five facts to the bank for its customer, once a hold; None when nothing is held any more."""
    hold = Hold.objects.get(pk=hold_id)
    if earlier := Told.objects.filter(hold=hold).first():
        return earlier
    if not hold.held_at(at) or not claims_on_hold(hold.pk):
        return None
    told = Told.objects.create(hold=hold, code=code_of(hold.pk), told_at=at)
    mandate = mandate_of(hold)
    notice = Notice(
        id=id_from("tell", hold.pk),
        code="other",
        about_order_id=str(hold.pk),
        words=f"{facts_of(hold, told.code, 'hi')}\n{facts_of(hold, told.code, 'en')}",
        issued_by=mandate.issued_by,
        issued_at=at,
    )
    post(partner=hold.bank_id, message=notice, at=at, by="loop:work")
    record(Kind.HOLDER_TOLD, about=f"hold:{hold.pk}", by="loop:work", at=at, held_paise=sets.total(hold.held))
    return told


def facts_of(hold: Hold, code: str, lang: str) -> str:
    """The five facts in one sentence: how much, since when, by whom, which number, which credit."""
    payment = Payment.objects.get(pk=hold.payment_id)
    return _FACTS.in_(
        lang,
        held=rupees.full(sets.total(hold.held)),
        since=f"{(hold.answered_at or hold.asked_at).astimezone(IST):%d-%m-%Y %H:%M}",
        office=hold.office,
        section=hold.section,
        reference=hold.reference,
        amount=rupees.full(payment.amount_paise),
        on=f"{payment.on:%d-%m-%Y}",
        payment=f"{payment.rail} {payment.reference}",
        until=f"{hold.expires_at.astimezone(IST):%d-%m-%Y}",
        code=code,
    )


def code_of(hold_id: Any) -> str:
    """Ten letters and digits nobody can guess without our secret."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"hold/{hold_id}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac)[:10].decode().lower()


def hold_of_code(code: str) -> Hold | None:
    """The hold a holder's code stands for."""
    found = Told.objects.select_related("hold").filter(code=code.strip().lower()).first()
    return found.hold if found else None


def open_objection_on(hold_id: Any) -> Any | None:
    """The id of the open objection on a hold, whoever asks (row-level security hides the objection itself)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_objection_on(%s)", [str(hold_id)])
        return cursor.fetchone()[0]
