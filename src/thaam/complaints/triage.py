"""Look twice before a report is believed: reasons for doubt, found after filing and settled by an officer.

A doubt refuses nobody and stops no order: what it guards against (false holds) is bounded by proportional holds, by
ceilings on what is unconfirmed and by the bank of the payer locating the payment first. It says where to look.
Source: domain/world 0 finding 2 and 6 no. 8 (account blackmail with a tiny deposit; a record of each reporter).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q

from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.rulebook.rules import rule

from .models import Complaint, Debit, Doubt
from .telling import clean_words

LOOKS_BACK = dt.timedelta(days=90)
REPEAT, WITHDRAWN, BAIT, SAME_PAYMENT = "repeat_reporter", "withdrew_before", "tiny_deposit", "same_payment"
REASONS = {
    REPEAT: Text("इसी मोबाइल से 90 दिन में {count} शिकायतें आई हैं।", "{count} reports came from this mobile within 90 days."),
    WITHDRAWN: Text("इस मोबाइल ने पहले {count} शिकायतें वापस ली हैं।", "This mobile has taken {count} earlier reports back."),
    BAIT: Text(
        "छोटी रकम और एक ही पाने वाले पर {count} शिकायतें: खाता रुकवाने की चाल हो सकती है।",
        "A tiny sum, and {count} such reports about one receiver: perhaps bait to have an account held.",
    ),
    SAME_PAYMENT: Text(
        "यही लेन-देन {count} और शिकायतों में किसी दूसरे मोबाइल से है।",
        "The same payment is in {count} other reports, from another mobile.",
    ),
}


@transaction.atomic
def look_twice(fact: Fact, at: dt.datetime) -> None:
    """A reader of the journal: write the doubts about the complaint just filed. Safe to run again."""
    complaint = Complaint.objects.get(pk=fact.about.removeprefix("complaint:"))
    for kind, count in doubts_about(complaint).items():
        _doubt(complaint, kind, count, at)


def doubts_about(complaint: Complaint) -> dict[str, int]:
    """Reasons to look twice at this report and how often each was seen; empty for nearly everybody."""
    place, on = complaint.jurisdiction, complaint.filed_at
    found: dict[str, int] = {}
    before = Complaint.objects.filter(
        mobile=complaint.mobile, filed_at__lte=complaint.filed_at, filed_at__gt=complaint.filed_at - LOOKS_BACK
    )
    if (count := before.count()) >= rule("repeat_reports", jurisdiction=place, on=on).value:
        found[REPEAT] = count
    if count := before.exclude(withdrawn_at=None).exclude(pk=complaint.pk).count():
        found[WITHDRAWN] = count
    tiny = rule("tiny_deposit", jurisdiction=place, on=on).value
    for debit in complaint.debits.all():
        if (count := _bait(debit, tiny)) > 1:
            found[BAIT] = max(count, found.get(BAIT, 0))
        if count := _same_payment(debit):
            found[SAME_PAYMENT] = max(count, found.get(SAME_PAYMENT, 0))
    return found


def history_of(mobile: str) -> dict[str, int]:
    """What one mobile has reported so far: filed, confirmed, withdrawn, doubted."""
    mine = Complaint.objects.filter(mobile=mobile)
    return {
        "filed": mine.count(),
        "confirmed": mine.exclude(confirmed_at=None).count(),
        "withdrawn": mine.exclude(withdrawn_at=None).count(),
        "doubted": mine.filter(doubts__isnull=False).distinct().count(),
    }


@transaction.atomic
def settle_doubt(*, doubt_id: Any, words: str, officer: Officer, at: dt.datetime) -> Doubt:
    """An officer has looked; what they found stays with their name. Fact "complaint:doubt_settled". A repeat changes
    nothing."""
    doubt = Doubt.objects.select_for_update(of=("self",)).get(pk=doubt_id)
    if doubt.settled_at is not None:
        return doubt
    doubt.settled_by, doubt.settled_at, doubt.settled_words = officer, at, clean_words("words", words, 300)
    doubt.save(update_fields=["settled_by", "settled_at", "settled_words"])
    about = f"complaint:{doubt.complaint_id}"
    by = f"officer:{officer.pk}"
    record(Kind.COMPLAINT_DOUBT_SETTLED, about=about, by=by, at=at, doubt=doubt.kind, words=doubt.settled_words)
    return doubt


def reason_of(doubt: Doubt) -> Text:
    """The doubt as a sentence."""
    text = REASONS[doubt.kind]
    return Text(text.in_("hi", **doubt.data), text.in_("en", **doubt.data))


def _bait(debit: Debit, tiny: int) -> int:
    """Tiny debits to the same receiver in 90 days, this one included; 0 when this one is not tiny or names nobody."""
    if debit.amount_paise > tiny or not (debit.payee_vpa or debit.payee_account):
        return 0
    same = Q(payee_vpa=debit.payee_vpa) if debit.payee_vpa else Q(payee_account=debit.payee_account)
    since = debit.complaint.filed_at - LOOKS_BACK
    return (
        Debit.objects.filter(same, amount_paise__lte=tiny, complaint__filed_at__gt=since)
        .values("complaint_id")
        .distinct()
        .count()
    )


def _same_payment(debit: Debit) -> int:
    if not debit.reference:
        return 0
    return (
        Debit.objects.filter(reference=debit.reference, rail=debit.rail)
        .exclude(complaint__mobile=debit.complaint.mobile)
        .values("complaint_id")
        .distinct()
        .count()
    )


def _doubt(complaint: Complaint, kind: str, count: int, at: dt.datetime) -> None:
    doubt_id = id_from("doubt", complaint.pk, kind)
    if Doubt.objects.filter(pk=doubt_id).exists():
        return
    Doubt(id=doubt_id, complaint=complaint, kind=kind, data={"count": count}, at=at).save(force_insert=True)
    record(Kind.COMPLAINT_DOUBTED, about=f"complaint:{complaint.pk}", by="loop:triage", at=at, doubt=kind, count=count)
