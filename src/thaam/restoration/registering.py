"""The register of orders of courts and other authorities: entered once, matched to holds, checked against each other.

What cannot be carried out, or says the opposite of another order, is a fact in the second it is entered, and no
restoration leaves a hold whose orders disagree (india.md C5: courts order refunds from the same empty account).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from thaam.chase.models import Trail
from thaam.complaints.models import Complaint
from thaam.holds.asking import mandate_of
from thaam.holds.models import Book, Hold
from thaam.holds.releasing import order_release
from thaam.holds.renewing import renew
from thaam.holds.restoring import SameOfficer
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.money import ranges as sets
from thaam.parties.models import Bank, Officer
from thaam.rulebook.clocks import due_at
from thaam.work.scheduling import schedule

from .models import CourtOrder, CourtOrderAccount
from .roles import MAY_ENTER, check_role

DUE = "restoration:court order due"


class NothingOrdered(ValueError):
    """An order names at least one account and a sum above zero."""


class OrdersInConflict(Exception):
    """Live orders about this hold disagree or cannot be carried out. Carries what was found."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(each.text.en for each in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Told:
    """One account as the order names it: the bank's token or its last four signs, and the sum."""

    bank: str
    account: str
    amount_paise: int
    complaint_number: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Why an order cannot simply be carried out, in words; `hard` ones stop restorations."""

    name: str
    text: Text
    hard: bool = True


@transaction.atomic
def enter(
    *,
    order_id: Any,
    what: str,
    court: str,
    number: str,
    dated_on: dt.date,
    deadline_at: dt.datetime | None,
    accounts: Iterable[Told],
    jurisdiction: str,
    officer: Officer,
    at: dt.datetime,
    words: str = "",
    until_at: dt.datetime | None = None,
) -> CourtOrder:
    """Write an order into the register, match its accounts to holds, and say at once what is wrong with it.

    Without a date of the court the rulebook's `court_order_done` counts. The same id again returns the first. Raises
    NotAllowed, NothingOrdered.
    """
    if earlier := CourtOrder.objects.filter(pk=order_id).first():
        return earlier
    check_role(officer, MAY_ENTER)
    told = [each for each in accounts if each.amount_paise > 0]
    if not told or not court.strip() or not number.strip():
        raise NothingOrdered(number)
    order = CourtOrder(
        id=order_id, what=what, court=court.strip(), number=number.strip(), dated_on=dated_on, received_at=at,
        deadline_at=deadline_at or due_at("court_order_done", jurisdiction=jurisdiction, start=at),
        until_at=until_at, words=words.strip(), jurisdiction=jurisdiction, entered_by=officer,
    )  # fmt: skip
    order.save(force_insert=True)
    for each in told:
        complaint = Complaint.objects.filter(number=each.complaint_number).first() if each.complaint_number else None
        CourtOrderAccount.objects.create(
            order=order, bank=Bank.objects.get(pk=each.bank), account=each.account, amount_paise=each.amount_paise,
            complaint=complaint, hold=_match(each, complaint, at),
        )  # fmt: skip
    by = f"officer:{officer.pk}"
    record(
        Kind.COURT_ORDER_ENTERED, about=f"court order:{order.pk}", by=by, at=at, what=what, court=order.court,
        number=order.number, amount_paise=sum(each.amount_paise for each in told),
    )  # fmt: skip
    if found := findings_of(order, at=at):
        record(
            Kind.COURT_ORDER_IN_CONFLICT, about=f"court order:{order.pk}", by=by, at=at,
            why=[each.name for each in found],
        )  # fmt: skip
    schedule(kind=DUE, key=f"{DUE}:{order.pk}", run_at=order.deadline_at, order_id=str(order.pk))
    return order


def findings_of(order: CourtOrder, *, at: dt.datetime) -> list[Finding]:
    """What is wrong with an order as things stand: unmatched, impossible, contradictory, too much. Read-only."""
    if order.withdrawn_at is not None or order.done_at is not None:
        return []
    found: list[Finding] = []
    for row in order.accounts.select_related("hold__book"):
        found += _of_account(order, row, at)
    return list({each.name: each for each in found}.values())


def check_orders_agree(hold: Hold, *, at: dt.datetime) -> None:
    """Raise OrdersInConflict when live orders about this hold disagree. Read-only."""
    found: list[Finding] = []
    for row in CourtOrderAccount.objects.filter(hold=hold, order__withdrawn_at=None, order__done_at=None):
        found += [each for each in findings_of(row.order, at=at) if each.hard]
    if found:
        raise OrdersInConflict(found)


@transaction.atomic
def withdraw(*, order_id: Any, officer: Officer, words: str, at: dt.datetime) -> CourtOrder:
    """The order was recalled or set aside: it binds nobody any more. Locks the row. Raises NotAllowed, ValueError."""
    check_role(officer, MAY_ENTER)
    if not words.strip():
        raise ValueError("say which order recalled it")
    order = CourtOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    if order.withdrawn_at is None:
        order.withdrawn_at, order.words = at, f"{order.words}\n{words.strip()}".strip()
        order.save(update_fields=["withdrawn_at", "words"])
        record(
            Kind.COURT_ORDER_CARRIED_OUT, about=f"court order:{order.pk}", by=f"officer:{officer.pk}", at=at,
            how="withdrawn", words=words,
        )  # fmt: skip
    return order


@transaction.atomic
def carry_out(*, order_id: Any, officer: Officer, at: dt.datetime) -> CourtOrder:
    """Carry out an order to release or to keep: the bank is ordered, in the court's name. A restoration is proposed.

    Whoever typed the order in does not carry it out: another officer reads the paper first. Locks the row, then the
    holds. Raises NotAllowed, SameOfficer, OrdersInConflict, and of holds what the act raises.
    """
    check_role(officer, MAY_ENTER)
    order = CourtOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    if order.done_at is not None or order.what not in (CourtOrder.What.RELEASE, CourtOrder.What.KEEP):
        return order
    if order.entered_by_id == officer.pk:
        raise SameOfficer(officer.username)
    if hard := [each for each in findings_of(order, at=at) if each.hard]:
        raise OrdersInConflict(hard)
    by = f"officer:{officer.pk}"
    for row in order.accounts.select_related("hold"):
        hold = row.hold
        assert hold is not None
        mandate = mandate_of(hold, officer=officer.username)
        if order.what == CourtOrder.What.RELEASE:
            order_release(
                hold_id=hold.pk, ranges=sets.top(hold.held_at(at), row.amount_paise), reason="court_order",
                words=f"{order.court}, {order.number}, {order.dated_on}"[:500], mandate=mandate,
                decides_objection=True, by=by, at=at,
            )  # fmt: skip
        else:
            assert order.until_at is not None
            renew(
                hold_id=hold.pk, until_at=order.until_at, authority=order.court, number=order.number, mandate=mandate,
                by=by, at=at,
            )  # fmt: skip
    done(order, by=by, at=at)
    return order


def done(order: CourtOrder, *, by: str, at: dt.datetime) -> None:
    """The order is carried out. In the caller's transaction."""
    order.done_at = at
    order.save(update_fields=["done_at"])
    record(Kind.COURT_ORDER_CARRIED_OUT, about=f"court order:{order.pk}", by=by, at=at, how=order.what)


def note_due(payload: dict[str, Any], at: dt.datetime) -> None:
    """The court's date is over and the order is neither carried out nor recalled: a fact for the supervisors."""
    order = CourtOrder.objects.get(pk=payload["order_id"])
    if order.done_at is None and order.withdrawn_at is None and order.overdue_at is None:
        order.overdue_at = at
        order.save(update_fields=["overdue_at"])
        record(Kind.COURT_ORDER_OVERDUE, about=f"court order:{order.pk}", by="clock", at=at, court=order.court)


def _match(told: Told, complaint: Complaint | None, at: dt.datetime) -> Hold | None:
    """The hold on that account: of the complaint where one is named, with most held; by token or last four signs."""
    books = Book.objects.filter(bank_id=told.bank)
    books = (
        books.filter(account=told.account) if len(told.account) > 4 else books.filter(account__endswith=told.account)
    )
    holds = list(Hold.objects.filter(book__in=books))
    if complaint is not None:
        mine = set(Trail.objects.filter(claim__chase_id=complaint.pk).values_list("payment_id", flat=True))
        holds = [hold for hold in holds if hold.payment_id in mine]
    if len({hold.book_id for hold in holds}) > 1:
        return None  # four signs fit two accounts: a person has to say which
    return max(holds, key=lambda hold: (sets.total(hold.held_at(at)), hold.asked_at, str(hold.pk)), default=None)


def _of_account(order: CourtOrder, row: CourtOrderAccount, at: dt.datetime) -> list[Finding]:
    if row.hold is None:
        return [Finding("unmatched", Text("इस खाते पर हमारी कोई रोक नहीं मिली", "No hold of ours fits this account"))]
    held = sets.total(row.hold.held_at(at))
    found: list[Finding] = []
    what = CourtOrder.What
    if not held:
        found.append(Finding("nothing held", Text("इस खाते में अब कुछ रुका नहीं है", "Nothing is held there any more")))
    elif row.amount_paise > held:
        found.append(
            Finding("too much", Text("आदेश की रकम रुकी रकम से ज़्यादा है", "The order is for more than is held there"))
        )
    rows = CourtOrderAccount.objects.filter(hold=row.hold, order__withdrawn_at=None, order__done_at=None)
    others = list(rows.exclude(order=order).select_related("order"))
    away = {what.RESTORE, what.ATTACH}
    for other in others:
        pair = {order.what, other.order.what}
        if what.RELEASE in pair and pair & (away | {what.KEEP}):
            words = Text(
                f"{other.order.court} का आदेश {other.order.number} इसके उलट है",
                f"Order {other.order.number} of {other.order.court} says the opposite",
            )
            found.append(Finding(f"contradicts {other.order_id}", words))
    if order.what in away:
        claimed = row.amount_paise + sum(each.amount_paise for each in others if each.order.what in away)
        if others and claimed > held:
            found.append(
                Finding(
                    "competing",
                    Text(
                        "इसी रकम पर कई आदेश हैं; जोड़ रुकी रकम से ज़्यादा है",
                        "Several orders want this sum; together more than is held",
                    ),
                )
            )
    if order.what == what.KEEP and order.until_at is None:
        found.append(Finding("no date", Text("आदेश में अंतिम तारीख नहीं है", "The order names no last day")))
    if at > order.deadline_at:
        found.append(Finding("overdue", Text("आदेश की तारीख निकल गई", "The order's date is over"), hard=False))
    return found
