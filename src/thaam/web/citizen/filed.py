"""The bridge between the citizen's pages and the complaints package: one call down a verb, errors as sentences."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest

from thaam.complaints import confirming, filing
from thaam.complaints.models import Complaint
from thaam.complaints.telling import CannotFile, DebitTold, cleaned
from thaam.journal.ids import id_from, new_id
from thaam.language.numbers import only_digits
from thaam.language.text import Text
from thaam.parties.banks import bank_of_ifsc
from thaam.parties.desks import sit_at
from thaam.web.citizen.draft import DebitDraft, Draft
from thaam.web.shared.banks import code_for
from thaam.web.shared.fields import Wrong


def file(draft: Draft, *, story: str, lang: str, at: datetime) -> Complaint:
    """File the complaint of this draft and send the first code; sits at the complaint's desk afterwards.

    A repeat with the same id and content is the same complaint and sends nothing again. Raises Wrong.
    """
    try:
        complaint = filing.file_complaint(
            complaint_id=draft.id,
            lang=lang,
            channel="web",
            mobile=draft.mobile,
            name=draft.name,
            district=draft.district,
            story=_with_names(draft, story),
            debits=[told_of(debit) for debit in draft.told],
            by="citizen",
            at=at,
        )
    except CannotFile as refused:
        raise Wrong(refused.text) from refused
    except filing.SameIdOtherContent as refused:
        raise Wrong(
            Text(
                "यह शिकायत पहले ही भेजी जा चुकी है। बदलना हो तो शिकायत के पन्ने से बदलें।",
                "This complaint was sent already. Change it on the complaint's own page.",
            )
        ) from refused
    sit_at(complaint.desk)
    _send(complaint, code_id=id_from("first code", complaint.pk), at=at)
    return complaint


def fault_of(debit: DebitDraft, *, at: datetime) -> tuple[str, Text] | None:
    """What would be refused of this debit when it is sent: the row of the page it stands in and the sentence.

    Asked on the page that shows the debit, so that nobody hears of a wrong date five pages later.
    """
    try:
        cleaned(told_of(debit), at=at)
    except CannotFile as refused:
        return _ROWS.get(refused.field, "bank"), refused.text
    return None


_ROWS = {
    "amount_paise": "amount", "claimed_paise": "amount", "paid_at": "choice", "reference": "reference",
    "payee_account": "payee", "payee_vpa": "payee",
}  # fmt: skip


def told_of(debit: DebitDraft) -> DebitTold:
    """One debit as the complaints package wants it; what is not known is empty."""
    payee = bank_of_ifsc(debit.payee_ifsc) if debit.payee_ifsc else None
    assert debit.amount_paise is not None
    assert debit.paid is not None
    return DebitTold(
        amount_paise=debit.amount_paise,
        paid_at=debit.paid,
        rail=debit.rail or "UPI",
        reference=debit.reference,
        payer_bank=debit.payer_bank or code_for(debit.payer_bank_name),
        payer_last4=debit.payer_last4 if len(debit.payer_last4) == 4 else "",
        payee_bank=debit.payee_bank or (payee.code if payee else ""),
        payee_account=debit.payee_account,
        payee_vpa=debit.payee_vpa,
    )


def _with_names(draft: Draft, story: str) -> str:
    """What has no field of its own goes along in words: the receiver's name, an unknown bank, the pasted message."""
    lines = [story] if story else []
    for debit in draft.told:
        if debit.payee_name:
            lines.append(f"[receiver: {debit.payee_name}]")
        if debit.payer_bank_name and not debit.payer_bank:
            lines.append(f"[bank: {debit.payer_bank_name}]")
        if debit.sms:
            lines.append(f"[SMS: {debit.sms}]")
    return "\n".join(lines)


def send_code(complaint: Complaint, *, at: datetime, code_id: str | None = None, about: str = "") -> None:
    """Send a fresh code; earlier ones stop working. A `code_id` given twice sends one. Raises Wrong."""
    try:
        _send(complaint, code_id=code_id or new_id(), at=at, about=about)
    except confirming.TooManyCodes as refused:
        raise Wrong(
            Text(
                "एक घंटे में इतने ही OTP भेजे जाते हैं। सबसे नया SMS देखें, या 1930 पर कॉल करें।",
                "No more OTPs are sent within this hour. Look at the newest SMS, or call 1930.",
            )
        ) from refused


def _send(complaint: Complaint, *, code_id: str, at: datetime, about: str = "") -> None:
    code = f"{secrets.randbelow(10**6):06d}"
    confirming.send_code(complaint_id=complaint.pk, code_id=code_id, code=code, at=at, about=about)


def confirm(complaint: Complaint, typed: str, *, at: datetime, about: str = "") -> None:
    """Check the code; the hold request leaves in the same moment.

    With `about` it confirms that instead: whoever holds the complaint's mobile means exactly this. Raises Wrong.
    """
    code = only_digits(typed)
    if len(code) != 6:
        raise Wrong(Text(f"OTP 6 अंक का होता है। आपने {len(code)} लिखे।", f"An OTP has 6 digits. You entered {len(code)}."))
    try:
        if about:
            confirming.check_code(complaint_id=complaint.pk, code=code, about=about, at=at)
        else:
            confirming.confirm(complaint_id=complaint.pk, code=code, at=at)
    except confirming.WrongCode as refused:
        raise Wrong(
            Text(
                f"यह OTP सही नहीं है। SMS फिर देखें। {refused.tries_left} बार और कोशिश कर सकते हैं।",
                f"This OTP is not right. Look at the SMS again. You can try {refused.tries_left} more times.",
            )
        ) from refused
    except confirming.NeedsVoice as refused:
        raise Wrong(
            Text(
                "इस नंबर से आज कई शिकायतें आ चुकी हैं। शिकायत दर्ज है; 1930 आपको कॉल करके अनुरोध भेजेगा।",
                "Several reports came from this number today. Yours is registered; 1930 calls you and sends it on.",
            )
        ) from refused
    except confirming.NoCode as refused:
        raise Wrong(
            Text("यह OTP अब नहीं चलेगा। “OTP फिर भेजें” दबाएँ।", "This OTP no longer works. Press “Send the OTP again”.")
        ) from refused


def find_sent(request: HttpRequest, cookie: str, seconds: int) -> Complaint | None:
    """The complaint this phone sent today, or None; sits at its desk."""
    try:
        complaint_id: Any = signing.loads(request.COOKIES.get(cookie, ""), salt=cookie, max_age=seconds)
    except signing.BadSignature:
        return None
    sit_at(f"complaint:{complaint_id}")
    return Complaint.objects.filter(pk=complaint_id).first()
