"""Make sure that a report comes from the person at the mobile number, or that an officer answers for it.

Filing always works; only the hold orders wait for this.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from thaam.chase.locating import attest_claim
from thaam.chase.models import Claim
from thaam.chase.starting import sign_for, start_chase
from thaam.journal.gathering import gathered, gathering
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.journal.rows import read, read_by
from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import rule
from thaam.work.scheduling import schedule

from .filing import HELPLINE
from .models import Code, Complaint
from .numbering import grouped

SEND_SMS = "sms:send"  # the job of notices/sending.py, which stands above this package
OTP_SMS = Text(
    hi="थाम: शिकायत {number} की पुष्टि का OTP {code} है। 10 मिनट तक चलेगा। यह OTP किसी को न बताइए।",
    en="Thaam: {code} is the OTP to confirm complaint {number}. It works for 10 minutes. Tell it to nobody.",
)


ACCOUNT_SMS = Text(
    hi="थाम: शिकायत {number} का पैसा खाते ••{tail} में लौटाने का OTP {code} है। आपने नहीं माँगा तो 1930 पर बताइए। "
    "यह OTP किसी को न बताइए।",
    en="Thaam: {code} is the OTP to have the money of complaint {number} paid to account ••{tail}. Not you? Tell 1930. "
    "Give it to nobody.",
)


TAKE_BACK = "take-back"  # what a code is about that withdraws the complaint
TAKE_BACK_SMS = Text(
    hi="थाम: शिकायत {number} वापस लेने का OTP {code} है। इससे रोक हट जाएगी। आपने नहीं माँगा तो 1930 पर बताइए। "
    "यह OTP किसी को न बताइए।",
    en="Thaam: {code} is the OTP to take complaint {number} back; its holds end. Not you? Tell 1930. "
    "Give it to nobody.",
)


def sms_of(sent: Code, *, code: str) -> str:
    """The message of a code, in the reporter's language: with the digits as it goes out, with dots as it is shown."""
    complaint = sent.complaint
    text = {"": OTP_SMS, TAKE_BACK: TAKE_BACK_SMS}.get(sent.about, ACCOUNT_SMS)
    return text.in_(complaint.lang, number=grouped(complaint.number), code=code, tail=sent.about[-4:])


class TooManyCodes(Exception):
    """As many codes as the rulebook allows went to this mobile within the hour; nothing was sent."""


class WrongCode(Exception):
    """The code is not the one sent. `tries_left` says how often it may still be tried."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"{tries_left} tries left")
        self.tries_left = tries_left


class NoCode(Exception):
    """No code is open: none was sent, it is too old, or it was tried too often. Send a new one."""


class NeedsVoice(Exception):
    """More reports of one mobile than codes may release in a day: an operator calls and confirms this one by voice."""


class NotAllowed(Exception):
    """This officer's role does not answer for reports."""


_MAY_ATTEST = (
    Officer.Role.OPERATOR, Officer.Role.CONSTABLE, Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR,
)  # fmt: skip


@gathering()
def send_code(*, complaint_id: Any, code_id: str, code: str, at: dt.datetime, about: str = "") -> Code:
    """Send a fresh six-digit code (drawn by the caller) to the complaint's mobile; earlier codes stop working.

    `about` is what the code confirms: the complaint, its TAKE_BACK, or "account:BANK/NUMBER"; nothing else. The text
    goes out by the work table; only a keyed digest of the code is kept. A repeat of `code_id` sends nothing.
    Raises TooManyCodes (rule `codes_an_hour`).
    """
    rows = gathered()
    complaint = _complaint(complaint_id)
    before = read_by(Code, "complaint_id", [complaint.pk])
    for earlier in before:
        if str(earlier.pk) == str(code_id):
            return earlier
    most = rule("codes_an_hour", jurisdiction=complaint.jurisdiction, on=at).value
    if sum(at - dt.timedelta(hours=1) < earlier.sent_at <= at for earlier in before) >= most:
        raise TooManyCodes(complaint.number)
    for earlier in before:
        if earlier.used_at is None and earlier.expires_at > at:
            earlier.expires_at = at
            rows.change(earlier, "expires_at")
    sent = rows.add(
        Code(
            id=code_id,
            complaint=complaint,
            about=about,
            digest=_digest(complaint_id, code, about),
            sent_at=at,
            expires_at=due_at("code_lives", jurisdiction=complaint.jurisdiction, start=at),
        )
    )
    schedule(kind=SEND_SMS, key=f"code:{code_id}", run_at=at, to=complaint.mobile, text=sms_of(sent, code=code))
    record(Kind.CODE_SENT, about=f"complaint:{complaint.pk}", by="platform", at=at)
    return sent


def confirm(*, complaint_id: Any, code: str, at: dt.datetime) -> Complaint:
    """The reporter typed the code: the chase starts. A complaint confirmed before stays so.

    Locks the code's row. Raises NoCode, WrongCode; a wrong try is counted also when it raises. Raises NeedsVoice when
    this mobile's codes have released the day's number of reports; no such limit binds an officer (attest).
    """
    complaint = _complaint(complaint_id)
    if complaint.confirmed_at is not None:
        return complaint
    if (
        _released_today(complaint, at)
        >= rule("reports_by_code_a_day", jurisdiction=complaint.jurisdiction, on=at).value
    ):
        raise NeedsVoice(complaint.number)
    with gathering():
        left = _take(complaint, code, about="", at=at)
        if left is None:
            _confirmed(complaint, by="citizen", kind=Kind.COMPLAINT_CONFIRMED, at=at)
    if left is not None:
        raise WrongCode(left)
    return complaint


def check_code(*, complaint_id: Any, code: str, about: str, at: dt.datetime) -> None:
    """Whoever holds the complaint's mobile typed the code sent for exactly this (`about`, as given to send_code).

    Locks the code's row; it works once. Raises NoCode, WrongCode; a wrong try is counted also when it raises.
    """
    with gathering():
        left = _take(_complaint(complaint_id), code, about=about, at=at)
    if left is not None:
        raise WrongCode(left)


def _take(complaint: Complaint, code: str, *, about: str, at: dt.datetime) -> int | None:
    """Try a code: None when it is right (and used now), else how many tries are left. Raises NoCode."""
    most = rule("code_tries", jurisdiction=complaint.jurisdiction, on=at).value
    stands = "complaint_id = %s AND about = %s AND used_at IS NULL AND expires_at > %s AND tries < %s"
    codes = read(Code, stands, [complaint.pk, about, at, most], lock=True)
    if not codes:
        raise NoCode(complaint.number)
    sent = max(codes, key=lambda each: each.sent_at)
    right = hmac.compare_digest(sent.digest, _digest(complaint.pk, code.strip(), about))
    sent.tries, sent.used_at = sent.tries + 1, at if right else None
    gathered().change(sent, "tries", "used_at")
    return None if right else most - sent.tries


@transaction.atomic
def attest(*, complaint_id: Any, officer: Officer, at: dt.datetime) -> Complaint:
    """An officer answers for the report: it starts if it had not, and its claims count as confirmed.

    The orders go out in the officer's name from here on. Takes the trail lock. Raises NotAllowed.
    """
    if officer.role not in _MAY_ATTEST:
        raise NotAllowed(officer.role)
    complaint = Complaint.objects.get(pk=complaint_id)
    by = f"officer:{officer.pk}"
    sign_for(
        chase_id=complaint_id, office=officer.office.code if officer.office else HELPLINE, officer=officer.username
    )
    if complaint.confirmed_at is None:
        _confirmed(complaint, by=by, kind=Kind.COMPLAINT_ATTESTED, at=at)
    else:
        record(Kind.COMPLAINT_ATTESTED, about=f"complaint:{complaint.pk}", by=by, at=at)
    for claim_id in Claim.objects.filter(chase_id=complaint_id, confirmed_at=None).values_list("pk", flat=True):
        attest_claim(claim_id=claim_id, officer=by, at=at)
    return complaint


def _complaint(complaint_id: Any) -> Complaint:
    for complaint in read_by(Complaint, "id", [complaint_id]):
        return complaint
    raise Complaint.DoesNotExist(str(complaint_id))


def _confirmed(complaint: Complaint, *, by: str, kind: Kind, at: dt.datetime) -> None:
    with gathering() as rows:
        complaint.confirmed_at, complaint.confirmed_by = at, by
        rows.change(complaint, "confirmed_at", "confirmed_by")
        record(kind, about=f"complaint:{complaint.pk}", by=by, at=at)
        start_chase(chase_id=complaint.pk, by=by, at=at)


def _released_today(complaint: Complaint, at: dt.datetime) -> int:
    """Asked of the database's own function: the citizen's desk sees its one complaint and no other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT released_by_code(%s, %s)", [complaint.mobile, at - dt.timedelta(days=1)])
        return int(cursor.fetchone()[0])


def _digest(complaint_id: Any, code: str, about: str = "") -> str:
    told = f"code/{complaint_id}/{about}/{code}" if about else f"code/{complaint_id}/{code}"
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), hashlib.sha256).hexdigest()
