"""Make sure that an objection comes from the person at the mobile number: what was typed waits until the code is back.

Until then it contests nothing and starts no clock, so that nobody can block a hold with somebody else's number.
"""

from __future__ import annotations

import datetime as dt
import hmac
from typing import Any

from django.db import transaction
from django.db.models import F

from thaam.complaints.confirming import SEND_SMS, NoCode, WrongCode
from thaam.complaints.telling import clean_mobile, clean_words
from thaam.holds.models import Hold, OwnHoldSeen
from thaam.holds.releasing import NothingHeld
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.desks import seated
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import rule
from thaam.work.scheduling import schedule

from .codes import digest_of_code
from .lodging import OWN_HOLD_PLACE, Lodged, check_told, lodge
from .models import Objection, Unproved
from .opening import ask_to_open

FORGET = "grievances:forget unproved"
KEPT = dt.timedelta(days=1)
_SMS = Text(
    hi="थाम: आपकी आपत्ति की पुष्टि का OTP {code} है। 10 मिनट तक चलेगा। यह OTP किसी को न बताइए।",
    en="Thaam: {code} is the OTP to confirm your objection. It works for 10 minutes. Tell it to nobody.",
)


def begin_objection(
    *,
    objection_id: Any,
    hold_id: Any,
    own_hold_id: Any,
    reason: str,
    words: str,
    name: str,
    mobile: str,
    lang: str,
    helper: str,
    opens_account: bool,
    code: str,
    at: dt.datetime,
) -> Unproved:
    """Keep what was typed and send a six-digit code (drawn by the caller) to the mobile; the same id again, a new code.

    Raises UnknownReason, complaints.CannotFile, holds.NothingHeld, NoCode (too many codes were asked for this one).
    """
    told = {
        "reason": reason,
        "words": check_told(reason=reason, words=words),
        "name": clean_words("name", name, 120),
        "mobile": clean_mobile(mobile),
        "lang": "en" if lang == "en" else "hi",
        "helper": clean_words("helper", helper, 120),
    }
    place = _place(hold_id, own_hold_id, at)
    with seated(f"complaint:{objection_id}"):
        row, _ = Unproved.objects.get_or_create(
            pk=objection_id,
            defaults={
                "hold_id": hold_id,
                "own_hold_id": own_hold_id,
                "told": told,
                "mobile": told["mobile"],
                "digest": "",
                "sent_at": at,
                "expires_at": at,
            },
        )
        row.told, row.mobile, row.opens_account = told, str(told["mobile"]), opens_account
        _send(row, code, place, at)
    return row


def send_again(*, objection_id: Any, code: str, at: dt.datetime) -> None:
    """A fresh code for the same words; the earlier one stops working. Raises NoCode when there is nothing to prove."""
    with seated(f"complaint:{objection_id}"):
        row = Unproved.objects.filter(pk=objection_id, proved_at=None).first()
        if row is None:
            raise NoCode(str(objection_id))
        _send(row, code, _place(row.hold_id, row.own_hold_id, at), at)


def prove(*, objection_id: Any, code: str, at: dt.datetime) -> Lodged:
    """The code came back: the objection is lodged and, where the holder asked for it, the account's opening ordered.

    Locks the row, then the hold. Raises NoCode, WrongCode (a wrong try counts also when it raises), holds.NothingHeld.
    """
    with seated(f"complaint:{objection_id}"):
        if mine := Objection.objects.filter(pk=objection_id).first():
            return Lodged(mine, joined=False)
        row = Unproved.objects.select_for_update(of=("self",)).filter(pk=objection_id).first()
        if row is None:
            raise NoCode(str(objection_id))
        most = rule("code_tries", jurisdiction=_place_of(row), on=at).value
        if row.proved_at is None:
            if at >= row.expires_at or row.tries >= most:
                raise NoCode(str(objection_id))
            right = hmac.compare_digest(row.digest, digest_of_code(row.pk, code.strip()))
            Unproved.objects.filter(pk=row.pk).update(tries=F("tries") + 1, proved_at=at if right else None)
        else:
            right = True
        told, left = row.told, most - row.tries - 1
    if not right:
        raise WrongCode(left)
    with transaction.atomic():
        lodged = lodge(objection_id=objection_id, hold_id=row.hold_id, own_hold_id=row.own_hold_id, at=at, **told)
        if row.opens_account and row.hold_id is not None:
            with seated(lodged.objection.desk):
                ask_to_open(objection_id=lodged.objection.pk, at=at)
    return lodged


def forget_unproved(payload: dict[str, Any], at: dt.datetime) -> None:
    """What nobody proved within a day is forgotten: it is somebody's number and words, and no objection."""
    Unproved.objects.filter(proved_at=None, sent_at__lt=at - KEPT).delete()


def _send(row: Unproved, code: str, place: str, at: dt.datetime) -> None:
    row.digest, row.sent_at, row.tries = digest_of_code(row.pk, code), at, 0
    row.expires_at = due_at("code_lives", jurisdiction=place, start=at)
    row.save()
    text = _SMS.in_(row.told["lang"], code=code)
    schedule(kind=SEND_SMS, key=f"code:{row.pk}:{at.isoformat()}", run_at=at, to=row.mobile, text=text)
    record(Kind.CODE_SENT, about=f"objection:{row.pk}", by="platform", at=at)


def _place(hold_id: Any, own_hold_id: Any, at: dt.datetime) -> str:
    """The jurisdiction; raises NothingHeld where there is nothing to object to."""
    if hold_id is not None:
        hold = Hold.objects.get(pk=hold_id)
        if not hold.held_at(at):
            raise NothingHeld(str(hold.pk))
        return hold.jurisdiction
    own = OwnHoldSeen.objects.get(pk=own_hold_id)
    if not Objection(own_hold=own).held_paise_at(at):
        raise NothingHeld(str(own.pk))
    return OWN_HOLD_PLACE


def _place_of(row: Unproved) -> str:
    return row.hold.jurisdiction if row.hold is not None else OWN_HOLD_PLACE
