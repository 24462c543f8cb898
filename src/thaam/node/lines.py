"""Put what the ledger says of a payment's paise into the lines of an answer: each asked paisa in exactly one line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

from thaam.money import ranges as sets
from thaam.money.ranges import Range, Ranges
from thaam.node.parts import Parts
from thaam.node.times import day_in_india
from thaam.postings.answers import HeldPart, PaymentOut
from thaam.postings.posting import Posting
from thaam.wire.messages import Line, PaymentId
from thaam.wire.words import NOT_RECORDED

_BANK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,23}")
_TOKEN = re.compile(r"[!-~]{1,64}")
PARTICULARS_MAX = 120
LINES_MAX = 2000


def lines_of(
    parts: Parts,
    *,
    order_id: str,
    credits: tuple[Posting, ...],
    asked: Ranges,
    left_alone: Callable[[str], str],
) -> tuple[Line, ...]:
    """Lines for the asked paise of one payment, as the ledger stands now.

    `left_alone(account)` is the reason (`floor`, `other_lien`, `watched`) for paise here that are not held; those an
    order of ours released before are `seen: released`, no lien stands in their way. Paise that no credit of this bank
    carries are `unexplained: not_found`.
    """
    found: list[Line] = []
    untold = asked
    for credit in credits:
        here = (credit.payment_lo, credit.payment_lo + credit.amount_paise)
        ranges = sets.intersect(untold, (here,))
        if not ranges:
            continue
        untold = sets.subtract(untold, ranges)
        hop = parts.ledger.hop(credit_position=credit.position, ranges=ranges)
        if hop.pool:
            found += [Line("unexplained", lo, hi, reason="pool") for lo, hi in hop.here]
            continue
        why, released = left_alone(credit.account), parts.records.released(order_id)
        if why == "other_lien":  # not where an order of ours gave them back since
            released = sets.union(released, parts.records.released_on(credit.position, but_wanted_by=order_id))
        found += [Line("seen", lo, hi, reason=why) for lo, hi in sets.subtract(hop.here, released)]
        found += [Line("seen", lo, hi, reason="released") for lo, hi in sets.intersect(hop.here, released)]
        given_back = parts.ledger.given_back(credit_position=credit.position)
        for out in hop.outs:
            # Paise whose refund was paid with other money are returned all the same: nobody claims them downstream.
            ended = sets.NONE if out.given_back else sets.intersect(given_back, ((out.lo, out.hi),))
            found += [Line("returned", lo, hi) for lo, hi in ended]
            for lo, hi in sets.subtract(((out.lo, out.hi),), ended):
                found.append(_onward(parts, out._replace(lo=lo, hi=hi, child_lo=out.child_lo + lo - out.lo)))
        found += [_held(parts, part, order_id) for part in hop.held]
        found += [_terminal("OVERDRAFT_REPAID", lo, hi) for lo, hi in hop.overdraft]
    found += [Line("unexplained", lo, hi, reason="not_found") for lo, hi in untold]
    return _joined(_narrowed(sorted(found, key=lambda line: line.lo)))


def payment_of(parts: Parts, debit: Posting) -> PaymentId:
    """The identity, on the wire, of a payment this bank's ledger shows going out."""
    return PaymentId(
        rail=debit.channel,
        reference=debit.tx_ref,
        date=day_in_india(debit.posted_at),
        amount_paise=debit.whole_paise,
        payer_bank=parts.bank,
        payee_bank=bank_code(debit.counterparty_bank),
    )


def payment_in(parts: Parts, credit: Posting) -> PaymentId:
    """The identity of a payment this bank's ledger shows coming in; cash paid in has no other bank."""
    return PaymentId(
        rail=credit.channel,
        reference=credit.tx_ref,
        date=day_in_india(credit.posted_at),
        amount_paise=credit.whole_paise,
        payer_bank=bank_code(credit.counterparty_bank) or parts.bank,
        payee_bank=parts.bank,
    )


def account_token(account: str) -> str:
    """The core's name of an account where the wire can carry it, else a digest of it: the same name each time."""
    return account if _TOKEN.fullmatch(account) else "sha256-" + hashlib.sha256(account.encode()).hexdigest()[:40]


def bank_code(text: str | None) -> str | None:
    """The short code of a bank where the core knows one, else None."""
    return text if text is not None and _BANK.fullmatch(text) else None


def _onward(parts: Parts, out: PaymentOut) -> Line:
    debit = out.posting
    if not _TOKEN.fullmatch(debit.tx_ref):
        # Without a reference the next bank cannot be asked.
        return Line("unexplained", out.lo, out.hi, reason="not_found")
    payment = payment_of(parts, debit)
    if out.given_back:
        return Line("returned", out.lo, out.hi, payment=payment, child_lo=out.child_lo)
    if debit.reverses_tx_ref is not None:
        # A refund of some other payment was fed with these paise: the claim on them stops here.
        kind: str | None = "REPAID_TO_OTHER_VICTIM"
    else:
        kind = out.terminal
    if kind is not None:
        line = _terminal(kind, out.lo, out.hi, debit.detail)
        return replace(line, payment=payment, child_lo=out.child_lo)
    return Line("onward", out.lo, out.hi, payment=payment, child_lo=out.child_lo)


def _held(parts: Parts, part: HeldPart, order_id: str) -> Line:
    if part.state == "restored":
        return _terminal("REPAID_TO_OTHER_VICTIM", part.lo, part.hi, "paid back under a restore order")
    if part.state == "broken":
        return _terminal("LIEN_BREACHED", part.lo, part.hi)
    leg = parts.records.leg(part.hold_id)
    other = None if leg.order_id == order_id else leg.order_id
    return Line("held", part.lo, part.hi, lien_reference=leg.lien_reference, hold_order_id=other)


def _terminal(kind: str, lo: int, hi: int, detail: str | None = None) -> Line:
    words = "".join(c for c in " ".join((detail or "").split()) if c.isprintable())[:PARTICULARS_MAX].strip()
    return Line("terminal", lo, hi, terminal_kind=str(kind), particulars=words or NOT_RECORDED)


def _narrowed(lines: list[Line]) -> list[Line]:
    """At most LINES_MAX lines: the smallest beyond that are left unfollowed, and said to be."""
    if len(lines) <= LINES_MAX:
        return lines
    followed = sorted(range(len(lines)), key=lambda i: (lines[i].kind != "held", lines[i].lo - lines[i].hi, i))
    keep = set(followed[:LINES_MAX])
    return [line if i in keep else Line("seen", line.lo, line.hi, reason="too_wide") for i, line in enumerate(lines)]


def _joined(lines: list[Line]) -> tuple[Line, ...]:
    """Neighbours that say the same become one line."""
    joined: list[Line] = []
    for line in lines:
        if joined and _continues(joined[-1], line):
            joined[-1] = replace(joined[-1], hi=line.hi)
        else:
            joined.append(line)
    return tuple(joined)


def _continues(before: Line, line: Line) -> bool:
    child_lo = None if before.child_lo is None else before.child_lo + before.hi - before.lo
    return before.hi == line.lo and line.child_lo == child_lo and _told(before) == _told(line)


def _told(line: Line) -> tuple[object, ...]:
    """Everything a line says but which paise it is about."""
    words = (line.kind, line.terminal_kind, line.particulars, line.reason)
    return (*words, line.payment, line.lien_reference, line.hold_order_id)


def whole(lines: tuple[Line, ...]) -> Ranges:
    """The paise the lines speak of."""
    parts: list[Range] = [(line.lo, line.hi) for line in lines]
    return sets.normalise(parts)
