"""Ask for proof of a seeded share of what banks say has left the banks, and record how each check ended.

Which claims are drawn follows from the claim and a secret of this installation: a bank cannot know beforehand, and
whoever has the secret can draw again and find the same. The shares and the facts needed are rows of the rulebook.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from typing import Any

from django.conf import settings
from django.db import transaction

from thaam.chase.deciding import disbelieve
from thaam.evidence.asking import ask_for_information
from thaam.evidence.models import Asked, Got, TerminalCheck
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.mailbox.models import Answer, Order
from thaam.mailbox.posting import post
from thaam.rulebook.rules import rule
from thaam.rulebook.terminals import lacks, terminal
from thaam.wire import codec
from thaam.wire.messages import FreezeToHoldOrder, HoldAnswer, HoldOrder, Line, Notice
from thaam.wire.parts import IssuedBy

BY = "loop:readers"
_ASKED_FOR = Text(
    hi="आपने बताया कि यह रकम बैंकों से बाहर गई ({kind}; {particulars})। इसका ब्योरा और सबूत भेजिए। ",
    en="You told us that this money left the banks ({kind}; {particulars}). Please send its particulars and proof.",
)
_FALSE = "Your answer to {order} says that {paise} paise ended as {kind}. Your own record says otherwise: {words}"
# How a bank's own record names the channel of a debit, and the ends it can have.
_CHANNELS = {
    "ATM": "CASH_ATM", "CASH": "CASH_BRANCH", "AEPS": "AEPS", "CHEQUE": "CHEQUE", "POS": "PURCHASE", "FEE": "FEE_TAX",
    "CRYPTO": "CRYPTO", "FOREIGN": "FOREIGN", "INTERNAL": "INTERNAL_GL", "CARD": "CARD_OR_LOAN", "UPI": "", "IMPS": "",
    "NEFT": "", "RTGS": "",
}  # fmt: skip


class AlreadyJudged(Exception):
    """The check has ended; a result is never written twice."""

    text = Text(hi="इस जाँच का नतीजा पहले ही लिखा जा चुका है।", en="The result of this check is written already.")


def draw_terminals(fact: Fact, at: dt.datetime) -> None:
    """A reader of "answer:kept": draw claims of a hold answer for a check, ask the bank for proof. Safe to repeat."""
    if fact.data.get("kind_of_answer") != "HoldAnswer":
        return
    answer = Answer.objects.get(id=fact.data["answer"])
    order = Order.objects.get(id=answer.order_id) if answer.order_id else None
    said = codec.decode(bytes(answer.body))
    if order is None or not isinstance(said, HoldAnswer):
        return
    asked = order.message
    if not isinstance(asked, HoldOrder | FreezeToHoldOrder):
        return
    for line in said.lines:
        if line.kind == "terminal" and is_drawn(
            order_id=str(order.id), line=line, place=asked.basis.jurisdiction, at=at
        ):
            _ask(answer, asked, line, at)


def is_drawn(*, order_id: str, line: Line, place: str, at: dt.datetime) -> bool:
    """Whether this claim is checked. Rules: terminal_checked; terminal_thin_checked where particulars are missing."""
    kind = line.terminal_kind or ""
    if terminal(kind, on=at) is None:
        return False
    name = "terminal_thin_checked" if lacks(kind, line.particulars or "", on=at) else "terminal_checked"
    share = rule(name, jurisdiction=place, on=at)
    words = f"terminal check|{share.from_on}|{order_id}|{line.lo}|{line.hi}|{kind}"
    drawn = hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).digest()
    return int.from_bytes(drawn[:4], "big") % 10_000 < share.value * 100


@transaction.atomic
def _ask(answer: Answer, order: HoldOrder | FreezeToHoldOrder, line: Line, at: dt.datetime) -> None:
    check_id = id_from("terminal check", order.id, line.lo, line.hi, line.terminal_kind)
    if TerminalCheck.objects.filter(pk=check_id).exists():
        return
    kind = line.terminal_kind or ""
    row = terminal(kind, on=at)
    assert row is not None
    missing = lacks(kind, line.particulars or "", on=at)
    check = TerminalCheck.objects.create(
        id=check_id, order_id=order.id, bank_id=answer.partner_id, complaint=order.basis.reference, kind=kind,
        particulars=line.particulars or "", lacks=list(missing), lo=line.lo, hi=line.hi, drawn_at=at,
    )  # fmt: skip
    words = {"kind": kind, "particulars": line.particulars or ""}
    for what in row.proof:
        asked = ask_for_information(
            order_id=id_from("terminal proof", check_id, what),
            bank=answer.partner_id,
            what=what,
            payment=line.payment or order.payment,
            account=None,
            words=_ASKED_FOR.in_("hi", **words) + _ASKED_FOR.in_("en", **words),
            happened_at=answer.received_at,
            complaint=order.basis.reference,
            jurisdiction=order.basis.jurisdiction,
            issued_by=order.issued_by,
            by=BY,
            at=at,
        )
        check.asked.add(asked)
    record(
        Kind.TERMINAL_DRAWN, about=f"order:{order.id}", by=BY, at=at, check=check_id, bank=answer.partner_id,
        claim=kind, amount_paise=check.amount_paise, lacks=list(missing),
    )  # fmt: skip


def judge_proof(fact: Fact, at: dt.datetime) -> None:
    """A reader of "information:got" and "information:overdue": end the checks that wait for it, where that is plain.

    The bank's own record contradicts its claim: false. It has nothing, or says nothing in time: not proved. Its record
    agrees and names what was missing: proved. Footage and slips are for an officer to look at (judge).
    """
    asked = Asked.objects.filter(order_id=fact.about.removeprefix("order:")).first()
    if asked is None:
        return
    for check in asked.checks.filter(result=TerminalCheck.Result.ASKED):
        verdict = _verdict(check, asked, late=fact.kind == Kind.INFORMATION_OVERDUE)
        if verdict:
            result, words = verdict
            judge(check_id=check.pk, result=result, words=words, by=f"bank:{check.bank_id}", at=at)


def _verdict(check: TerminalCheck, asked: Asked, *, late: bool) -> tuple[str, str] | None:
    got = Got.objects.filter(asked=asked).order_by("-at").first()
    if got is None:
        return (TerminalCheck.Result.NOT_PROVED, f"no {asked.what} came in time") if late else None
    if not got.found:
        return TerminalCheck.Result.NOT_PROVED, f"the bank has no {asked.what} of it"
    if asked.what != "particulars":
        return None
    channel = re.split(r"[^A-Z]", got.words, maxsplit=1)[0]
    if channel in _CHANNELS and _CHANNELS[channel] != check.kind:
        return TerminalCheck.Result.FALSE, got.words
    if channel in _CHANNELS and not lacks(check.kind, got.words, on=check.drawn_at):
        return TerminalCheck.Result.PROVED, got.words
    return None


@transaction.atomic
def judge(*, check_id: Any, result: str, words: str, by: str, at: dt.datetime) -> TerminalCheck:
    """Write how a check ended. A false claim is not believed any more (its paise are unexplained) and the bank is told.

    `by` is an officer who has looked at what came, or the bank whose own record decides. Raises AlreadyJudged. Locks
    the check's row.
    """
    check = TerminalCheck.objects.select_for_update(of=("self",)).get(pk=check_id)
    if check.result != TerminalCheck.Result.ASKED:
        raise AlreadyJudged(str(check_id))
    TerminalCheck.objects.filter(pk=check.pk).update(result=result, words=words[:2000], result_by=by, result_at=at)
    kinds = {"proved": Kind.TERMINAL_PROVED, "not proved": Kind.TERMINAL_NOT_PROVED, "false": Kind.TERMINAL_FALSE}
    record(
        kinds[result], about=f"order:{check.order_id}", by=by, at=at, check=str(check.pk), bank=check.bank_id,
        claim=check.kind, amount_paise=check.amount_paise, words=words[:300],
    )  # fmt: skip
    if result == TerminalCheck.Result.FALSE:
        disbelieve(order_id=check.order_id, lo=check.lo, hi=check.hi, at=at)
        told = _FALSE.format(order=check.order_id, paise=check.amount_paise, kind=check.kind, words=words)
        notice = Notice(
            id=id_from("terminal false", check.pk), code="terminal_check", about_order_id=str(check.order_id),
            words=told[:2000], issued_by=IssuedBy("PLATFORM", "terminal check"), issued_at=at,
        )  # fmt: skip
        post(partner=check.bank_id, message=notice, at=at, by=by)
    check.refresh_from_db()
    return check


def by_bank() -> list[dict[str, Any]]:
    """How each bank's checked claims ended, worst first: bank, asked, proved, not_proved, false, false_paise."""
    found: dict[str, dict[str, Any]] = {}
    for check in TerminalCheck.objects.all():
        empty = {"bank": check.bank_id, "asked": 0, "proved": 0, "not_proved": 0, "false": 0, "false_paise": 0}
        row = found.setdefault(check.bank_id, empty)
        row[check.result.replace(" ", "_")] += 1
        row["false_paise"] += check.amount_paise if check.result == TerminalCheck.Result.FALSE else 0
    return sorted(found.values(), key=lambda row: (-row["false"], -row["not_proved"], row["bank"]))
