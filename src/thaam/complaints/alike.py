"""Reports that may be about the same money, and those that name the same other side: shown, judged, remembered.

A likeness refuses nobody and stops no order; banks never hold the same rupee twice, whoever tells of it. An officer
judges a pair once: apart, one ring, or the same matter, in which case one report is kept and the other merged into it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.rulebook.rules import rule

from .adding import add_debit
from .correcting import withdraw
from .models import Complaint, Debit, Judgement
from .telling import DebitTold, clean_words

SHOWN_MAX = 5
PAYMENT = Text("यही लेन-देन", "The same payment")
CALLER = Text("यही मोबाइल, लगभग यही रकम, {within} में", "The same mobile, about the same sum, within {within}")
RECEIVER = Text("पैसा इसी खाते में गया", "The money went to the same account")
PERSON = Text("सामने वाले का यही नंबर या लिंक", "The same number or link of the other side")


class CannotMerge(Exception):
    """These two reports cannot become one; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


TAKEN_BACK = Text("इनमें से एक शिकायत वापस ली जा चुकी है।", "One of the two was taken back already.")
NOT_ITSELF = Text("शिकायत खुद में नहीं मिलाई जा सकती।", "A report cannot be merged into itself.")


@dataclass(slots=True)
class Likeness:
    """Another report, and why it looks alike; `certain` when both tell of the same payment."""

    other: Complaint
    why: list[Text] = field(default_factory=list)

    @property
    def certain(self) -> bool:
        """Whether both tell of one payment: a duplicate, not only a link."""
        return PAYMENT in self.why


def alike(complaint: Complaint) -> list[Likeness]:
    """Reports like this one that nobody has judged yet, the certain first; of those the reader may see."""
    debits = list(complaint.debits.all())
    judged = {other for each in judgements_of(complaint) for other in (each.first_id, each.second_id)}
    others = Complaint.objects.filter(withdrawn_at=None).exclude(pk__in={complaint.pk, *judged})
    found: dict[Any, Likeness] = {}
    for why, match in _matches(complaint, debits):
        for other in others.filter(match).distinct().order_by("-filed_at")[:SHOWN_MAX]:
            found.setdefault(other.pk, Likeness(other)).why.append(why)
    return sorted(found.values(), key=lambda each: (not each.certain, -len(each.why)))[:SHOWN_MAX]


def _matches(complaint: Complaint, debits: list[Debit]) -> list[tuple[Text, Q]]:
    """The reasons, each as a question to the table of complaints; reasons that cannot apply are left out."""
    found: list[tuple[Text, Q]] = []
    if payments := [Q(debits__reference=each.reference, debits__rail=each.rail) for each in debits if each.reference]:
        found.append((PAYMENT, _any(payments)))
    within = rule("same_caller_within", jurisdiction=complaint.jurisdiction, on=complaint.filed_at)
    since = complaint.filed_at - dt.timedelta(hours=within.value)
    until = complaint.filed_at + dt.timedelta(hours=within.value)
    sums = [
        Q(debits__amount_paise__range=(each.amount_paise * 99 // 100, each.amount_paise * 101 // 100))
        for each in debits
    ]
    if sums:
        why = Text(CALLER.in_("hi", within=within.amount_in("hi")), CALLER.in_("en", within=within.amount_in("en")))
        found.append((why, Q(mobile=complaint.mobile, filed_at__range=(since, until)) & _any(sums)))
    receivers = [Q(debits__payee_vpa=each.payee_vpa) for each in debits if each.payee_vpa]
    receivers += [
        Q(debits__payee_account=each.payee_account, debits__payee_bank=each.payee_bank)
        for each in debits
        if each.payee_account
    ]
    if receivers:
        found.append((RECEIVER, _any(receivers)))
    if values := list(complaint.people.exclude(kind="name").values_list("value", flat=True)):
        found.append((PERSON, Q(people__value__in=values)))
    return found


def _any(each: list[Q]) -> Q:
    whole = Q()
    for one in each:
        whole |= one
    return whole


def judgements_of(complaint: Complaint) -> QuerySet[Judgement]:
    """What was decided about this report and others, newest first."""
    pairs = Judgement.objects.filter(Q(first=complaint) | Q(second=complaint))
    return pairs.select_related("first", "second", "officer").order_by("-at")


@transaction.atomic
def judge(
    *, complaint_id: Any, other_id: Any, verdict: Judgement.Verdict, officer: Officer, at: dt.datetime, words: str = ""
) -> Judgement:
    """Remember what an officer decided about a pair; a later word replaces the earlier, both stay in the journal.

    Fact "complaint:compared" about each of the two. Raises CannotMerge for a complaint and itself.
    """
    first, second = sorted((str(complaint_id), str(other_id)))
    if first == second:
        raise CannotMerge(NOT_ITSELF)
    judgement, _ = Judgement.objects.update_or_create(
        id=id_from("judgement", first, second),
        defaults={
            "first_id": first,
            "second_id": second,
            "verdict": verdict,
            "words": clean_words("words", words, 300),
            "officer": officer,
            "at": at,
        },
    )
    by = f"officer:{officer.pk}"
    for mine, other in ((first, second), (second, first)):
        record(Kind.COMPLAINT_COMPARED, about=f"complaint:{mine}", by=by, at=at, other=other, verdict=str(verdict))
    return judgement


def kept_of(one: Complaint, other: Complaint) -> tuple[Complaint, Complaint]:
    """Which of two stays and which is merged: a confirmed one stays before an unconfirmed, then the earlier."""
    kept, gone = sorted((one, other), key=lambda each: (each.confirmed_at is None, each.filed_at, str(each.pk)))
    return kept, gone


@transaction.atomic
def merge(*, complaint_id: Any, other_id: Any, officer: Officer, at: dt.datetime) -> Complaint:
    """Make one report of two: debits that only the other tells of join the one that stays, then the other ends.

    What is held goes on for the one that stays: its claims stand on the same paise before the other lets go. Returns
    the report that stays. Locks both rows, takes the trail lock. Raises CannotMerge, CannotFile.
    """
    rows = list(
        Complaint.objects.select_for_update(of=("self",)).filter(pk__in=[complaint_id, other_id]).order_by("pk")
    )
    if len(rows) != 2:
        raise CannotMerge(NOT_ITSELF)
    if any(each.withdrawn_at for each in rows):
        raise CannotMerge(TAKEN_BACK)
    kept, gone = kept_of(*rows)
    by = f"officer:{officer.pk}"
    judge(complaint_id=kept.pk, other_id=gone.pk, verdict=Judgement.Verdict.SAME, officer=officer, at=at)
    known = list(kept.debits.all())
    within = dt.timedelta(hours=rule("same_payment_within", jurisdiction=kept.jurisdiction, on=at).value)
    for debit in gone.debits.all():
        if not any(_same(debit, each, within=within) for each in known):
            add_debit(complaint_id=kept.pk, told=_told(debit), by=by, at=at)
    Complaint.objects.filter(pk=gone.pk).update(merged_into=kept.number)
    withdraw(complaint_id=gone.pk, words=f"{kept.number}", by=by, at=at)
    return kept


def _same(one: Debit, other: Debit, *, within: dt.timedelta) -> bool:
    if one.reference and other.reference:
        return (one.reference, one.rail) == (other.reference, other.rail)
    near = abs(one.paid_at - other.paid_at) <= within
    return near and (one.amount_paise, one.payer_last4) == (other.amount_paise, other.payer_last4)


def _told(debit: Debit) -> DebitTold:
    claim = debit.claim
    return DebitTold(
        amount_paise=debit.amount_paise,
        paid_at=debit.paid_at,
        rail=debit.rail,
        reference=debit.reference,
        payer_bank=debit.payer_bank,
        payer_last4=debit.payer_last4,
        payee_bank=debit.payee_bank,
        payee_account=debit.payee_account,
        payee_vpa=debit.payee_vpa,
        claimed_paise=claim.hi - claim.lo,
    )
