"""Checks every rupee of a drill: accounts of debits, hold books, the nodes' stores and the banks' own liens.

Own arithmetic on purpose: what the platform reckoned with the money core is compared here by other means.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

STATES = ("asked", "held", "seen", "gone", "returned", "restored", "released", "unexplained")
Pairs = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Findings:
    """What is wrong, in sentences; empty means that every paisa is in exactly one state and held once."""

    problems: list[str] = field(default_factory=list)
    state_paise: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    claimed_paise: int = 0
    double_held_paise: int = 0
    held_by_place: dict[tuple[str, str], int] = field(default_factory=dict)

    def say(self, problem: str) -> None:
        if len(self.problems) < 200:
            self.problems.append(problem)


def check_accounts(found: Findings, *, at: dt.datetime) -> None:
    """Every claim's account: the eight states are apart and together the whole debit, to the paisa."""
    from thaam.chase.counting import account_of
    from thaam.chase.models import Claim
    from thaam.money.partition import State

    for claim in Claim.objects.select_related("partition", "chase"):
        account = account_of(claim, at=at)
        ranges = {state.value: account.ranges(state) for state in State}
        found.claimed_paise += claim.amount_paise
        for name, paise in _check_states(found, str(claim), claim.amount_paise, ranges).items():
            found.state_paise[name] += paise


def _check_states(found: Findings, name: str, amount: int, ranges: Mapping[str, Pairs]) -> dict[str, int]:
    if set(ranges) != set(STATES):
        found.say(f"{name}: states {sorted(ranges)}")
    parts = sorted((lo, hi, state) for state, pairs in ranges.items() for lo, hi in pairs)
    end = 0
    for lo, hi, state in parts:
        if lo != end or hi <= lo:
            found.say(f"{name}: paise {min(lo, end)} to {max(lo, end)} are in no state or in two ({state})")
        end = hi
    if end != amount:
        found.say(f"{name}: its states end at {end} of {amount} paise")
    return {state: sum(hi - lo for lo, hi in pairs) for state, pairs in ranges.items()}


def check_books(found: Findings, *, at: dt.datetime) -> None:
    """Entries add up to what each hold says; no paisa of a payment is held twice."""
    from thaam.holds.models import Hold

    by_payment: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for hold in Hold.objects.prefetch_related("entries").select_related("book"):
        entered = sum(entry.amount_paise * (1 if entry.kind == "held" else -1) for entry in hold.entries.all())
        written = sum(hi - lo for lo, hi in hold.held)
        if entered != written:
            found.say(f"{hold}: entries add up to {entered} paise, the hold says {written}")
        held = hold.held_at(at)
        by_payment[hold.payment_id].extend(held)
        if held and hold.book is None:
            found.say(f"{hold}: holds money in no book")
        elif held and hold.book is not None:
            place = (hold.bank_id, hold.book.account)
            found.held_by_place[place] = found.held_by_place.get(place, 0) + sum(hi - lo for lo, hi in held)
    for payment, pairs in by_payment.items():
        pairs.sort()
        for (_, hi), (lo, next_hi) in pairwise(pairs):
            if lo < hi:
                found.double_held_paise += min(hi, next_hi) - lo
                found.say(f"payment {payment}: paise {lo} to {min(hi, next_hi)} are held twice")


def check_lines(found: Findings, *, at: dt.datetime) -> None:
    """What the accounts of claims count as held under an order is what the book of that order holds, paisa by paisa."""
    from thaam.chase.models import Line
    from thaam.holds.models import Hold

    counted: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for line in Line.objects.filter(kind="held"):
        if line.until_at is None or line.until_at > at:
            counted[line.order_id].append((line.lo, line.hi))
    for hold in Hold.objects.all():
        lines, book = _joined(counted.pop(hold.pk, [])), _joined(hold.held_at(at))
        if lines != book:
            found.say(
                f"{hold}: {book} are held by its book, {lines} by the lines of its payment; {_history(str(hold.pk))}"
            )
    for order_id, pairs in counted.items():
        found.say(f"order {order_id}: {pairs} count as held, and there is no such hold")


def _joined(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for lo, hi in sorted(pairs):
        if found and found[-1][1] >= lo:
            found[-1] = (found[-1][0], max(hi, found[-1][1]))
        else:
            found.append((lo, hi))
    return found


def check_banks(found: Findings, *, at: dt.datetime, stores: Mapping[str, Path], liens_of: Any) -> None:
    """The platform's holds, each node's files and the bank's own liens say the same of every hold.

    `stores`: the folder of a node's files by bank. `liens_of(bank, account)`: the live liens, as the toy bank tells.
    """
    from thaam.holds.models import Hold

    for bank, folder in stores.items():
        legs = _legs(folder / "records.sqlite")
        kept: dict[str, int] = defaultdict(int)
        for id, paise in _kept(folder / "ledger.sqlite", legs).items():
            kept[legs[id][0]] += paise
        accounts = {account for _, account in legs.values()}
        under: dict[str, int] = defaultdict(int)
        for account in sorted(accounts):
            for lien in liens_of(bank, account):
                order_id, _ = legs.get(lien["id"], (f"(no order) {lien['id']}", ""))
                under[order_id] += lien["amount_paise"]
        books = {str(hold.pk): sum(hi - lo for lo, hi in hold.held_at(at)) for hold in Hold.objects.filter(bank=bank)}
        for order_id in sorted(books.keys() | kept.keys() | under.keys()):
            three = (books.get(order_id, 0), kept.get(order_id, 0), under.get(order_id, 0))
            if len(set(three)) > 1:
                found.say(
                    f"{bank}, hold {order_id}: {three[0]} paise in the book, {three[1]} in the node's ledger, "
                    f"{three[2]} under the bank's liens; {_history(order_id)}"
                )


def _history(order_id: str) -> str:
    """What the platform has on a hold order that the two sides see differently."""
    from thaam.holds.models import Hold
    from thaam.mailbox.models import Answer, Order

    hold = Hold.objects.filter(pk=order_id).first() if not order_id.startswith("(") else None
    if hold is None:
        return "the platform knows no such hold"
    orders = Order.objects.filter(about=hold.pk).order_by("posted_at")
    answers = Answer.objects.filter(order_id__in=orders.values("pk")).order_by("received_at")
    told = [f"{one.kind} {one.state} {one.posted_at:%H:%M:%S}" for one in orders]
    told += [f"{one.kind} {one.refused or 'taken'} {one.received_at:%H:%M:%S}" for one in answers]
    return (
        f"{hold.state}, until {hold.expires_at:%H:%M:%S}, entries "
        f"{[(one.kind, one.amount_paise) for one in hold.entries.all()]}: {', '.join(told)}"
    )


def _legs(path: Path) -> dict[str, tuple[str, str]]:
    """Order and account of each lien a node ever planned, by the lien's id."""
    if not path.exists():
        return {}
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as db:
        return {
            id: (order_id, account) for id, order_id, account in db.execute("SELECT id, order_id, account FROM leg")
        }


def _kept(path: Path, hold_ids: Iterable[str]) -> dict[str, int]:
    from thaam.postings.store import NodeStore

    if not path.exists():
        return {}
    store = NodeStore.open(str(path))
    try:
        return {id: sum(hi - lo for pairs in store.kept(hold_id=id).values() for lo, hi in pairs) for id in hold_ids}
    finally:
        store.close()


def check_balances(found: Findings, *, account_of: Any, breached: frozenset[str] = frozenset()) -> None:
    """No account has more under liens than it has money; banks that let liens be broken are left out."""
    for bank, account in found.held_by_place:
        if bank in breached:
            continue
        told = account_of(bank, account)
        if told["available_paise"] < 0:
            found.say(
                f"{bank}/{account}: {told['lien_paise']} paise under liens, {told['balance_paise']} in the account"
            )
