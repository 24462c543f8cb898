"""What the console knows beside the call: the same money told before, the account seen elsewhere, how banks answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Q, Sum

from thaam.complaints.models import Complaint, Debit
from thaam.holds.models import Hold
from thaam.web.shared.banks import names_of

RECENT_HOLDS = 300
SILENT_AFTER = timedelta(minutes=15)
LATELY = timedelta(days=1)


def same_reference(reference: str, *, apart_from: Any = None) -> list[Complaint]:
    """Complaints that tell of the same payment: certain duplicates."""
    if not reference:
        return []
    told = Complaint.objects.filter(debits__reference=reference, withdrawn_at=None).exclude(pk=apart_from)
    return list(told.distinct().order_by("-filed_at")[:3])


def seen_elsewhere(vpa: str, account: str) -> dict[str, int] | None:
    """In how many complaints the receiving account was named, and the sum told of in them."""
    match = Q()
    if vpa:
        match |= Q(payee_vpa=vpa.lower())
    if account:
        match |= Q(payee_account=account)
    if not match:
        return None
    found = Debit.objects.filter(match).aggregate(count=Count("complaint", distinct=True), paise=Sum("amount_paise"))
    return {"count": found["count"], "paise": found["paise"] or 0} if found["count"] else None


@dataclass(frozen=True, slots=True)
class BankNow:
    """How a bank has answered lately: the median seconds, and since when its oldest open order waits."""

    code: str
    name: str
    seconds: int | None
    waiting_since: datetime | None

    def silent(self, now: datetime) -> bool:
        """It has left an order unanswered for a quarter of an hour."""
        return self.waiting_since is not None and now - self.waiting_since > SILENT_AFTER


def banks_now(lang: str, *, at: datetime) -> list[BankNow]:
    """The banks asked within the last day, those that wait longest first."""
    taken: dict[str, list[float]] = {}
    waiting: dict[str, datetime] = {}
    lately = Hold.objects.filter(asked_at__gt=at - LATELY).order_by("-asked_at")
    for bank, asked, answered, state in lately.values_list("bank_id", "asked_at", "answered_at", "state")[
        :RECENT_HOLDS
    ]:
        times = taken.setdefault(bank, [])
        if answered:
            times.append((answered - asked).total_seconds())
        elif state == "asked":
            waiting[bank] = asked
    names = names_of(set(taken), lang)
    rows = [
        BankNow(code, names[code], round(median(times)) if times else None, waiting.get(code))
        for code, times in taken.items()
    ]
    return sorted(rows, key=lambda row: (row.waiting_since is None, row.waiting_since, row.name))
