"""How money on its way back stands, for the victim and for the holder: a name, the next step, and by when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from thaam.holds.standing import Outlook
from thaam.language.text import Text
from thaam.rulebook.clocks import due_at

from .models import Restoration, Reversal

_PROPOSED = (
    Text("वापसी का प्रस्ताव बना", "The return is proposed"),
    Text("दूसरे अधिकारी की मंज़ूरी बाकी है", "A second officer has to approve it"),
)
_APPROVED = (
    Text("मंज़ूर, बैंक को आदेश गया", "Approved, the bank is ordered to pay"),
    Text("बैंक आपके खाते में भेजेगा और UTR बताएगा", "The bank pays into your account and tells the UTR"),
)
_BANK_LATE = Text(
    "बैंक को देर हुई। अधिकारी पूछ रहे हैं; रकम आपके लिए रुकी है",
    "The bank is late and is being asked; the money stays held for you",
)
_TOO_LATE = (
    Text(
        "बैंक ने आदेश के समय में नहीं लौटाया, और रोक की तारीख निकल गई", "The bank did not pay in time, and the hold has ended"
    ),
    Text(
        "पर्यवेक्षक बैंक से जवाब लेंगे; आप अदालत भी जा सकते हैं",
        "A supervisor calls the bank to account; a court is open to you too",
    ),
)
_PAID = (
    Text("आपके खाते में लौटा", "Returned to your account"),
    Text("बैंक के SMS से मिला लें", "Match it with your bank's SMS"),
)
_REFUSED = Text("मंज़ूरी नहीं मिली", "Not approved")
_FAILED = Text("बैंक पैसा नहीं भेज सका", "The bank could not pay")
_ANEW = Text(
    "रकम अब भी रुकी है। जाँच अधिकारी कमी ठीक करके नया प्रस्ताव देंगे",
    "The money is still held. The officer puts it right and proposes anew",
)
_NEWER = Text("इसके बाद नया प्रस्ताव बना, वह नीचे है", "It was proposed anew since; see below")
_CONTESTED = (
    Text("वापसी पर आपत्ति दर्ज है", "The return is contested"),
    Text("दो अधिकारी कारण लिखकर निर्णय देंगे", "Two officers decide, with written reasons"),
)
_STANDS = (
    Text("वापसी पर आपत्ति नहीं मानी गई", "The contest was not upheld, the return stands"),
    Text("इसके ख़िलाफ़ सिविल अदालत जा सकते हैं", "Against this a civil court is the way"),
)
_REVERSED = (
    Text("वापसी पलट दी गई", "The return was reversed"),
    Text("जिसे पैसा मिला था, वह बंधपत्र के अनुसार लौटाएगा", "Whoever got the money pays it back under the bond"),
)
_BACK = (
    Text("पलटी गई रकम लौट आई", "The reversed sum was paid back"),
    Text("बैंक यह रकम खाताधारक को देगा", "The bank gives it to the account holder"),
)


def outlook_of(restoration: Restoration, *, at: dt.datetime) -> Outlook:
    """One payment to a victim. Read-only; works at the complaint's own desk."""
    place = restoration.claim.chase.jurisdiction

    def until(clock: str, start: dt.datetime) -> dt.datetime:
        return due_at(clock, jurisdiction=place, start=start)

    state = restoration.state
    ended_at = restoration.refused_at or (restoration.repayment.refused_at if restoration.repayment else None)
    if state in ("refused", "failed") and _followed(restoration):
        return Outlook(_REFUSED if state == "refused" else _FAILED, _NEWER, ended_at or at, over=True)
    if state == "refused":
        refused_at = restoration.refused_at or at
        why = Text(restoration.refused_words, restoration.refused_words)
        return Outlook(_REFUSED, _joined(why, _ANEW), until("restoration_verified", refused_at))
    if state == "failed" and restoration.repayment is not None:
        return Outlook(_FAILED, _ANEW, until("restoration_approved", restoration.repayment.refused_at or at))
    if state == "proposed":
        return Outlook(*_PROPOSED, until("restoration_approved", restoration.proposed_at))
    if state == "approved":
        due = until("order_execute_within", restoration.approved_at or at)
        if at < due or restoration.hold is None:
            return Outlook(*_APPROVED, due)
        ends = restoration.hold.expires_at
        return Outlook(_APPROVED[0], _BANK_LATE, ends) if at < ends else Outlook(*_TOO_LATE, ends, over=True)
    contest = restoration.reversals.order_by("-contested_at").first()
    if contest is not None and contest.refused_at is None:
        return outlook_of_contest(contest)
    return Outlook(*_PAID, restoration.paid_at or at, over=True)


def _followed(one: Restoration) -> bool:
    """Whether the same money was proposed again after this had come to nothing."""
    later = Restoration.objects.filter(claim=one.claim, hold=one.hold, proposed_at__gt=one.proposed_at)
    return later.exists()


def outlook_of_contest(made: Reversal) -> Outlook:
    """A contest about money that was paid. Read-only."""
    return _contest(
        made.contested_at,
        made.approved_at,
        made.refused_at,
        made.paid_back_at,
        made.restoration.claim.chase.jurisdiction,
    )


def contest_on(hold_id: Any) -> Outlook | None:
    """How the latest contest about money paid from this hold stands; at any desk, nothing of the victim."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM restoration_contest_on(%s)", [str(hold_id)])
        found = cursor.fetchone()
    return _contest(*found) if found else None


def _contest(
    contested_at: dt.datetime, approved_at: dt.datetime | None, refused_at: dt.datetime | None,
    paid_back_at: dt.datetime | None, place: str,
) -> Outlook:  # fmt: skip
    if refused_at is not None:
        return Outlook(*_STANDS, refused_at, over=True)
    if paid_back_at is not None:
        return Outlook(*_BACK, paid_back_at, over=True)
    if approved_at is not None:
        return Outlook(*_REVERSED, due_at("reversal_paid", jurisdiction=place, start=approved_at))
    return Outlook(*_CONTESTED, due_at("reversal_decided", jurisdiction=place, start=contested_at))


def _joined(first: Text, second: Text) -> Text:
    return Text(f"{first.hi.rstrip('।.')}। {second.hi}", f"{first.en.rstrip('।.')}. {second.en}")
