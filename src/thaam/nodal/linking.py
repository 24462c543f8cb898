"""A link to one order for a bank that has no system: made for a role, opened by a code on the role's own telephone.

The link alone opens nothing, the code alone opens nothing; 24 hours and it is over, answered and it is over too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.nodal.models import Link
from thaam.parties.models import Nodal
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import rule
from thaam.work.scheduling import schedule

SEND_SMS, SEND_EMAIL = "sms:send", "email:send"  # jobs of notices/sending.py, which stands above this package
CODES_MAX = 5
_LINK = Text(
    hi="थाम: आपके बैंक से एक अनुरोध का जवाब चाहिए, {until} तक। {url} कोड इसी फ़ोन पर आएगा।",
    en="Thaam: one order waits for your bank's answer, until {until}. {url} The code comes to this phone.",
)
_LETTER = Text(
    hi=(
        "थाम: आपके बैंक से एक अनुरोध का जवाब चाहिए, {until} तक। पन्ना: {url} खोलने का कोड इस पद के फ़ोन ••••••{tail} पर "
        "SMS से आएगा, ई-मेल में कभी नहीं। यह पता हमारा है या नहीं, 1930 पर पूछ सकते हैं।"
    ),
    en=(
        "Thaam: one order waits for your bank's answer, until {until}. The page: {url} The code that opens it comes by "
        "SMS to this post's telephone ••••••{tail}, never by e-mail. Ask 1930 if you doubt this address."
    ),
)
_CODE = Text(
    hi="थाम: बैंक के अनुरोध का पन्ना खोलने का कोड {code}। 10 मिनट तक चलेगा। किसी को न बताइए।",
    en="Thaam: {code} opens the page of your bank's order. It works for 10 minutes. Tell it to nobody.",
)


class LinkOver(Exception):
    """The link is unknown, too old, or its order needs no answer any more."""

    text = Text(
        hi="यह लिंक अब नहीं चलता: समय पूरा हो गया या जवाब मिल चुका। ज़रूरत हो तो 1930 से नया लिंक माँगिए।",
        en="This link works no more: its time is over or the answer has come. Ask 1930 for a new one if needed.",
    )


class WrongCode(Exception):
    """Not the code that was sent, or an old one; after five tries a new one must be sent."""

    text = Text(hi="यह कोड सही नहीं है। SMS में आया कोड लिखें।", en="This is not the code. Enter the one from the SMS.")


class NotAnsweredThere(Exception):
    """The officer belongs to another bank than the order."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a token opens: the link's id and the bank whose desk it may sit at."""

    link_id: str
    partner: str


@transaction.atomic
def make_link(
    *,
    link_id: str,
    order_id: uuid.UUID,
    nodal: Nodal,
    token: str,
    by: str,
    at: dt.datetime,
    answer_due_at: dt.datetime | None = None,
    lang: str = "hi",
) -> Link:
    """Make the link and send it by SMS to the role's telephone and, where one is on file, to its e-mail address.

    The code that opens it goes to the telephone alone. The same id again sends nothing.

    `token` is drawn by the caller (at least 128 bits). How long it lives is the rule `order_link_lives`. The message
    names the time the answer is due (`answer_due_at`) while that is ahead: the last day the order may be carried out
    is much later, and not what a bank should wait for.
    Raises LinkOver when the order is not open, NotAnsweredThere.
    """
    if known := Link.objects.filter(pk=link_id).first():
        return known
    order = Order.objects.get(pk=order_id)
    if order.state != Order.State.OPEN:
        raise LinkOver(str(order_id))
    if order.partner_id != nodal.bank_id:
        raise NotAnsweredThere(nodal.bank_id)
    link = Link.objects.create(
        id=link_id,
        order=order,
        token_digest=_digest(token),
        nodal=nodal,
        mobile=nodal.mobile,
        made_by=by,
        made_at=at,
        expires_at=due_at("order_link_lives", jurisdiction="IN", start=at),
    )
    url = f"{settings.PUBLIC_URL}/{lang}/bank/m/{token}"
    ahead = answer_due_at if answer_due_at and answer_due_at > at else None
    until = ahead or order.execute_before or link.expires_at
    text = _LINK.in_(lang, url=url, until=f"{until.astimezone(IST):%d.%m. %H:%M}")
    schedule(kind=SEND_SMS, key=f"order-link:{link_id}", run_at=at, to=nodal.mobile, text=text)
    if nodal.email:
        letter = _LETTER.in_(lang, url=url, until=f"{until.astimezone(IST):%d.%m. %H:%M}", tail=nodal.mobile[-4:])
        schedule(kind=SEND_EMAIL, key=f"order-link-mail:{link_id}", run_at=at, to=nodal.email, text=letter)
    record(
        Kind.ORDER_LINK_SENT, about=f"order:{order.pk}", by=by, at=at, duty=nodal.duty, bank=nodal.bank_id,
        ways=["sms", "email"] if nodal.email else ["sms"],
    )  # fmt: skip
    return link


def door_of(token: str) -> Door:
    """What this token opens. Works at no desk: one database function tells no more than this. Raises LinkOver."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, partner FROM order_link_door(%s)", [_digest(token)])
        row = cursor.fetchone()
    if row is None:
        raise LinkOver(token[:6])
    return Door(str(row[0]), row[1])


def open_link(*, door: Door, at: dt.datetime) -> Link:
    """The link, at its bank's desk. Raises LinkOver when its time is over or the order needs no answer."""
    link = Link.objects.select_related("order", "nodal").filter(pk=door.link_id).first()
    if link is None or at >= link.expires_at or link.order.state != Order.State.OPEN:
        raise LinkOver(door.link_id)
    return link


@transaction.atomic
def send_link_code(*, link: Link, code: str, at: dt.datetime, lang: str = "hi") -> None:
    """Send a fresh six-digit code (drawn by the caller) to the role's telephone; at most CODES_MAX a link."""
    if link.codes_sent >= CODES_MAX:
        raise LinkOver(str(link.pk))
    minutes = rule("code_lives", jurisdiction="IN", on=at).value
    Link.objects.filter(pk=link.pk).update(
        code_digest=_digest(f"{link.pk}:{code}"),
        code_until=at + dt.timedelta(minutes=minutes),
        code_tries=0,
        codes_sent=F("codes_sent") + 1,
    )
    key = f"order-link-code:{link.pk}:{link.codes_sent}"
    schedule(kind=SEND_SMS, key=key, run_at=at, to=link.mobile, text=_CODE.in_(lang, code=code))


def enter(*, link: Link, code: str, at: dt.datetime) -> None:
    """The code from the SMS. A wrong try counts, also when it raises WrongCode."""
    most = rule("code_tries", jurisdiction="IN", on=at).value
    Link.objects.filter(pk=link.pk).update(code_tries=F("code_tries") + 1)
    link.refresh_from_db()
    open_now = link.code_until is not None and at < link.code_until and link.code_tries <= most
    if not open_now or not hmac.compare_digest(link.code_digest, _digest(f"{link.pk}:{code}")):
        raise WrongCode(link.pk)
    Link.objects.filter(pk=link.pk).update(code_digest="", code_until=None, entered_at=at)
    record(Kind.ORDER_LINK_OPENED, about=f"order:{link.order_id}", by=f"bank:{link.order.partner_id}", at=at)


def _digest(words: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"order link:" + words.encode(), hashlib.sha256).hexdigest()
