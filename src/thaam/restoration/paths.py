"""The legal ways money goes back, and what each of them needs: police report, FIR, or an order of an authority.

Which way is open follows from the rulebook: up to the limit in every single account the police's own way; above it an
FIR; and where victims compete or a court has spoken, the order of a magistrate, a Lok Adalat or a District Magistrate.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from thaam.chase.models import Claim
from thaam.chase.reading import masked
from thaam.complaints.models import Complaint
from thaam.holds.models import Hold
from thaam.language.text import Text
from thaam.money import ranges as sets
from thaam.rulebook.rules import Law, Rule, law, rule

from .due import held_for
from .models import CourtOrder, Path

PATH_TEXT: dict[str, Text] = {
    Path.POLICE: Text(hi="बिना FIR: पुलिस की अपनी रिपोर्ट और बंधपत्र", en="No FIR: the police's own report and the bond"),
    Path.FIR: Text(hi="FIR और DCP/SP की मंज़ूरी", en="FIR, approved by a DCP or SP"),
    Path.MAGISTRATE: Text(hi="मजिस्ट्रेट का आदेश (BNSS 503)", en="Magistrate's order (BNSS 503)"),
    Path.LOK_ADALAT: Text(hi="लोक अदालत का फ़ैसला", en="Award of a Lok Adalat"),
    Path.ATTACHMENT: Text(hi="ज़िला मजिस्ट्रेट का बँटवारा (BNSS 107)", en="District Magistrate's distribution (BNSS 107)"),
}
NEEDS_ORDER = frozenset({Path.MAGISTRATE, Path.LOK_ADALAT, Path.ATTACHMENT})
_LAW = {
    Path.POLICE: "restore",
    Path.FIR: "restore_fir",
    Path.MAGISTRATE: "restore_magistrate",
    Path.LOK_ADALAT: "restore_lok_adalat",
    Path.ATTACHMENT: "restore_attachment",
}


class OrderNeeded(Exception):
    """This way stands on an order of an authority: enter it in the register and name it."""


class OrderDoesNotFit(Exception):
    """The order named does not speak of this account, of so much, or is recalled or in conflict."""


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """One account in which the victim's money lies: how much, and whether the rule asks for an FIR."""

    bank: Any
    account: str
    paise: int
    fir_needed: bool
    contested: bool = False  # the account holder objects: the decision on that comes first


@dataclass(frozen=True, slots=True)
class Ask:
    """What a complaint's restoration needs as things stand: the accounts, the rule, and the lightest open way."""

    accounts: tuple[HeldAccount, ...]
    rule: Rule
    path: Path

    @property
    def fir_needed(self) -> bool:
        """Whether any single account is above the limit."""
        return any(each.fir_needed for each in self.accounts)


def law_of(path: str, *, jurisdiction: str, on: dt.datetime) -> Law:
    """The section a restoration on this way stands on."""
    return law(_LAW[Path(path)], jurisdiction=jurisdiction, on=on)


def about_of(path: str) -> str:
    """The name of that section in laws.toml."""
    return _LAW[Path(path)]


def ask_of(complaint: Complaint, *, at: dt.datetime) -> Ask:
    """The accounts in which this victim's money is held, each against the rule. Read-only."""
    limit = rule("restore_without_fir", jurisdiction=complaint.jurisdiction, on=at)
    claims = list(Claim.objects.filter(chase_id=complaint.pk, withdrawn_at=None))
    payments = [row for claim in claims for row in claim.trail.values_list("payment_id", flat=True)]
    by_book: dict[Any, tuple[Hold, int]] = {}
    contested: set[Any] = set()
    for hold in Hold.objects.filter(payment_id__in=payments).exclude(book=None).select_related("book", "bank"):
        parts = [held_for(claim, hold, at=at) for claim in claims]
        mine = sum(map(sets.total, parts))
        if mine:
            if not all(sets.disjoint(part, hold.contested) for part in parts):
                contested.add(hold.book_id)
            first, paise = by_book.get(hold.book_id, (hold, 0))
            by_book[hold.book_id] = (first, paise + mine)
    accounts = tuple(
        HeldAccount(
            hold.bank,
            masked(hold.book.account) if hold.book else "",
            paise,
            paise > limit.value,
            hold.book_id in contested,
        )
        for hold, paise in sorted(by_book.values(), key=lambda each: -each[1])
    )
    return Ask(accounts, limit, Path.FIR if any(each.fir_needed for each in accounts) else Path.POLICE)


def check_path(path: str, *, order: CourtOrder | None, hold: Hold, paise: int) -> None:
    """Raise OrderNeeded or OrderDoesNotFit unless what the way needs is there."""
    if Path(path) not in NEEDS_ORDER:
        return
    if order is None:
        raise OrderNeeded(path)
    mine = [each for each in order.accounts.all() if each.hold_id == hold.pk]
    if (
        order.withdrawn_at is not None
        or order.what not in (CourtOrder.What.RESTORE, CourtOrder.What.ATTACH)
        or not mine
    ):
        raise OrderDoesNotFit(str(order))
    used = sum(one.amount_paise for one in order.restorations.filter(hold=hold, refused_at=None))
    if used + paise > sum(each.amount_paise for each in mine):
        raise OrderDoesNotFit(f"{order}: {used + paise} paise")
