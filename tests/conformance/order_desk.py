"""How the small bank carries out orders, each in the few lines the guide gives it; `bank.wrong` spoils one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.small_bank import GONE, Hold, Piece, SmallBank, m
from thaam.wire.client import Item, Unreachable


def carry_out(bank: SmallBank, item: Item) -> None:
    """One item of the mailbox, once."""
    order = item.message
    wrong = bank.wrong
    if order is None:
        if item.problem in ("not_evidence", "unknown_key", "unknown_kind"):
            if wrong == "order-of-later-kind":
                raise Unreachable("cannot read the mailbox any further")
            if wrong == "order-false":
                from thaam.wire import codec

                carry_out(bank, replace(item, message=codec.decode(item.raw)))
            return
        words = "the order is not complete" if wrong == "order-empty-refused" else item.fault
        bank._answer(m.CannotMatch, item.order_id, "needs_order", words)
        return
    if order.id in bank.done and wrong != "order-repeated-adds-nothing":
        return
    bank.done[order.id] = []
    if item.state == "tombstone" and wrong != "order-tombstone":
        bank.buried.add(order.id)
        return
    if isinstance(order, m.HoldOrder | m.FreezeToHoldOrder):
        _hold(bank, order)
    elif isinstance(order, m.LocatePayment):
        _locate(bank, order)
    elif isinstance(order, m.AmendOrder):
        _amend(bank, order)
    elif isinstance(order, m.CancelOrder):
        bank.buried.add(order.hold_order_id)
        _let_go(bank, order, bank.holds.get(order.hold_order_id), None, "cancelled")
    elif isinstance(order, m.ReleaseOrder):
        ranges = None if wrong == "hold-released-in-part" else order.ranges
        _let_go(bank, order, bank.holds.get(order.hold_order_id), ranges, "ordered")
    elif isinstance(order, m.RestoreOrder):
        _restore(bank, order)
    elif isinstance(order, m.InformationRequest):
        if wrong != "information-answered":
            bank._answer(m.Acknowledged, order.id)
    elif isinstance(order, m.BalanceWatch):
        bank._answer(m.Acknowledged, order.id)
        bank.watches[order.id] = (order, len(bank.postings))
    elif wrong != "notice-acknowledged":
        bank._answer(m.Acknowledged, order.id)


def _find(bank: SmallBank, payment: Any, side: str) -> tuple[list[int], str]:
    same = [n for n, p in enumerate(bank.postings) if p["side"] == side and p["tx_ref"] == payment.reference]
    if bank.wrong == "hold-old-payment":
        same = [n for n in same if (payment.date - bank.postings[n]["day"]).days == 0 and _recent(bank, n)]
    if not same:
        return [], "not_found"
    amount = [
        n for n in same if bank.postings[n].get("whole", bank.postings[n]["amount_paise"]) == payment.amount_paise
    ]
    if not amount and bank.wrong != "payment-amount-differs":
        return [], "amount_differs"
    day = [n for n in (amount or same) if abs((bank.postings[n]["day"] - payment.date).days) <= 1]
    if not day and bank.wrong != "payment-date-differs":
        return [], "date_differs"
    found = day or amount or same
    if len({bank.postings[n]["account"] for n in found}) > 1 and bank.wrong != "payment-ambiguous":
        return [], "ambiguous"
    return found[:1], ""


def _recent(bank: SmallBank, number: int) -> bool:
    return (bank.client.now().date() - bank.postings[number]["day"]).days < 30


def _hold(bank: SmallBank, order: Any, *, again: bool = False) -> None:
    now, wrong = bank.client.now(), bank.wrong
    if not again:
        if order.id in bank.buried:
            return None
        if now >= order.execute_before and wrong != "order-lapsed":
            return bank._answer(m.CannotMatch, order.id, "lapsed_unexecuted", "its time is over")
        if order.payment.payee_bank != "SMALL" and wrong != "payment-not-ours":
            return bank._answer(m.CannotMatch, order.id, "not_ours", "it went to another bank")
    found, problem = _find(bank, order.payment, "C")
    if problem == "not_found" and (now.date() - order.payment.date).days <= 2 and wrong != "payment-in-flight":
        bank.holds[order.id] = Hold(order, waiting=True)
        return bank._answer(m.Expected, order.id, order.payment)
    if problem:
        code = "not_ours" if wrong == "payment-not-found" else problem
        return bank._answer(m.CannotMatch, order.id, code, "all postings")
    hold = bank.holds[order.id] = Hold(order)
    number = found[0]
    account = bank.postings[number]["account"]
    if wrong == "hold-nothing-left" and not any(p.credit == number and p.debit is None for p in bank.pieces(account)):
        return bank._answer(m.CannotMatch, order.id, "closed", "nothing is left")
    _place(bank, hold, account, number)
    _tell(bank, hold, account, number)
    return None


def _place(bank: SmallBank, hold: Hold, account: str, number: int) -> None:
    order, wrong = hold.order, bank.wrong
    here = [
        cut
        for piece in bank.pieces(account)
        if piece.credit == number and piece.debit is None and not piece.hold
        for each in order.ranges
        for cut in piece.cut(each.lo, each.hi)
    ]
    if wrong == "hold-held-earlier":
        here = [Piece(number, each.lo, each.hi) for each in order.ranges]
    if wrong == "hold-not-later-salary" and not here:
        here = [Piece(number, each.lo, each.hi) for each in order.ranges]
    floor = getattr(order, "floor_paise", 0)
    if sum(piece.hi - piece.lo for piece in here) < floor and wrong != "hold-floor":
        return
    free = bank._balance(account) - bank._liens(account)
    if wrong in ("hold-traced-or-balance", "hold-held-earlier"):
        free = 10**15
    for piece in here:
        take = min(free, piece.hi - piece.lo)
        if wrong == "hold-payee-side":
            take //= 2
        free -= take
        if take:
            hold.kept.append(Piece(number, piece.lo, piece.lo + take, hold=order.id))
    kept = sum(piece.hi - piece.lo for piece in hold.kept)
    if wrong == "hold-not-older-money":
        kept = bank._balance(account)
    bank.accounts[account].liens[order.id] = kept


def _lines(bank: SmallBank, order: Any, account: str, number: int, here: str) -> tuple[m.Line, ...]:
    lines: list[m.Line] = []
    credited = bank.postings[number]["amount_paise"]
    for each in order.ranges:
        for piece in bank.pieces(account):
            if piece.credit == number:
                lines += [_line(bank, order, cut, here) for cut in piece.cut(each.lo, each.hi)]
        if each.hi > credited and bank.wrong not in ("hold-falls-short", "answer-balances"):
            lines.append(m.Line("unexplained", max(each.lo, credited), each.hi, reason="not_found"))
    if bank.wrong == "hold-part-of-payment":
        lines = [m.Line("held", 0, credited)]
    return tuple(sorted(lines, key=lambda line: line.lo))


def _line(bank: SmallBank, order: Any, piece: Piece, here: str) -> m.Line:
    wrong = bank.wrong
    if piece.hold:
        earlier = None if piece.hold == order.id or wrong == "hold-held-earlier" else piece.hold
        return m.Line("held", piece.lo, piece.hi, lien_reference="L", hold_order_id=earlier)
    if piece.debit is None:
        return m.Line("seen", piece.lo, piece.hi, reason=here)
    debit = bank.postings[piece.debit]
    if debit["reverses_tx_ref"] and wrong != "hold-given-back":
        return m.Line("returned", piece.lo, piece.hi)
    if debit["channel"] in GONE and wrong != "hold-atm":
        words = debit["detail"] or ("a shop" if wrong == "hold-shop-without-record" else "not recorded")
        return m.Line("terminal", piece.lo, piece.hi, terminal_kind=GONE[debit["channel"]], particulars=words)
    payment = m.PaymentId(
        debit["channel"], debit["tx_ref"], debit["day"], debit["amount_paise"], "SMALL", debit["counterparty_bank"]
    )
    child = 0 if wrong in ("hold-two-onward", "child") else piece.child
    if wrong == "hold-part-then-onward":
        child = max(0, min(debit["amount_paise"] - (piece.hi - piece.lo), piece.lo - 1))
        child = child or 0
        return m.Line("unexplained", piece.lo, piece.hi, reason="outside_network")
    if wrong == "hold-two-onward":
        return m.Line("onward", piece.lo, piece.hi, payment=replace(payment, reference="mixed"), child_lo=child)
    return m.Line("onward", piece.lo, piece.hi, payment=payment, child_lo=child)


def _tell(bank: SmallBank, hold: Hold, account: str, number: int, *, order_revision: int = 1) -> None:
    here = "floor" if getattr(hold.order, "floor_paise", 0) and not hold.kept else "other_lien"
    lines = _lines(bank, hold.order, account, number, here)
    if bank.wrong == "answer-balances":
        lines = lines[:-1] or (replace(lines[0], hi=lines[0].hi - 1),) if len(lines) > 1 else (
            replace(lines[0], hi=lines[0].hi - 1),
        )  # fmt: skip
    hold.revision += 1
    replaces = hold.revision - 1 or None
    bank._answer(
        m.HoldAnswer, hold.order.id, hold.revision, replaces, account, len(bank.postings), lines, "exact", "lifo",
        "exact", order_revision,
    )  # fmt: skip


def _locate(bank: SmallBank, order: m.LocatePayment) -> None:
    found, problem = _find(bank, order.payment, "D")
    if problem or bank.wrong == "hold-payer-side":
        return bank._answer(m.Located, order.id, False, order.payment)
    account = bank.postings[found[0]]["account"]
    matches = bank.wrong == "locate-mobile" or bank.accounts[account].mobile == order.payer_mobile
    return bank._answer(m.Located, order.id, True, order.payment, account, matches)


def _amend(bank: SmallBank, order: m.AmendOrder) -> None:
    hold = bank.holds[order.hold_order_id]
    wrong = bank.wrong
    if order.expires_at is not None and wrong != "order-prolonged":
        hold.order = replace(hold.order, expires_at=order.expires_at)
    if order.ranges is not None and wrong != "order-amended-down":
        total = m.total_paise(order.ranges)
        hold.order = replace(hold.order, ranges=order.ranges, amount_paise=total)
        _drop(bank, hold, keep=order.ranges)
        number = hold.kept[0].credit
        _tell(bank, hold, bank.postings[number]["account"], number, order_revision=order.revision)
    if wrong != "order-confirmed" or order.provisional is None:
        bank._answer(m.Acknowledged, order.id)


def _drop(bank: SmallBank, hold: Hold, *, keep: tuple[m.Range, ...]) -> list[Piece]:
    """Keep only these ranges of a hold; what was let go."""
    account = _account(bank, hold)
    before = hold.kept
    hold.kept = [cut for piece in before for each in keep for cut in piece.cut(each.lo, each.hi)]
    bank.accounts[account].liens[hold.order.id] = sum(piece.hi - piece.lo for piece in hold.kept)
    gone: list[Piece] = []
    for piece in before:
        at = piece.lo
        for each in sorted(hold.kept, key=lambda kept: kept.lo):
            gone += piece.cut(at, each.lo)
            at = max(at, each.hi)
        gone += piece.cut(at, piece.hi)
    return gone


def _account(bank: SmallBank, hold: Hold) -> str:
    found, _ = _find(bank, hold.order.payment, "C")
    return str(bank.postings[found[0]]["account"])


def _let_go(bank: SmallBank, order: Any, hold: Hold | None, ranges: tuple[m.Range, ...] | None, why: str) -> None:
    if hold is None or not hold.kept or (why == "cancelled" and bank.wrong == "order-cancelled"):
        return bank._answer(m.Acknowledged, order.id)
    keep = tuple(_outside(hold, ranges)) if ranges is not None else ()
    gone = m.ranges_of((piece.lo, piece.hi) for piece in _drop(bank, hold, keep=keep))
    return bank._answer(m.ReleaseDone, order.id, hold.order.id, gone, m.total_paise(gone), why)


def _outside(hold: Hold, ranges: tuple[m.Range, ...]) -> list[m.Range]:
    kept: list[m.Range] = []
    for piece in hold.kept:
        at = piece.lo
        for each in ranges:
            if at < each.lo:
                kept.append(m.Range(at, min(each.lo, piece.hi)))
            at = max(at, each.hi)
        if at < piece.hi:
            kept.append(m.Range(at, piece.hi))
    return kept


def _restore(bank: SmallBank, order: m.RestoreOrder) -> None:
    hold = bank.holds[order.hold_order_id]
    account = _account(bank, hold)
    _drop(bank, hold, keep=tuple(_outside(hold, order.ranges)))
    bank.paid.add(order.id)
    today = bank.client.now().date()
    times = 2 if bank.wrong == "hold-restored-once" else 1
    for _ in range(times):
        bank.postings.append(
            {"account": account, "side": "D", "amount_paise": order.amount_paise, "tx_ref": f"R{order.id[:8]}",
             "channel": "IMPS", "reverses_tx_ref": "restored", "counterparty_bank": order.to_bank, "detail": None,
             "day": today}
        )  # fmt: skip
    payment = m.PaymentId("IMPS", f"R{order.id[:8]}", today, order.amount_paise, "SMALL", order.to_bank)
    bank._answer(m.RestoreDone, order.id, hold.order.id, order.ranges, order.amount_paise, payment)


def notice(bank: SmallBank) -> None:
    """Expiry, awaited credits, late credits, watched money: what the bank notices by itself."""
    now = bank.client.now()
    for hold in list(bank.holds.values()):
        if hold.waiting and not _find(bank, hold.order.payment, "C")[1]:
            bank.holds.pop(hold.order.id)
            _hold(bank, hold.order, again=True)
        elif not hold.ended and hold.kept and now >= hold.order.expires_at and bank.wrong != "hold-expired":
            if bank.wrong == "hold-expired-alone" and not _platform_there(bank):
                continue
            hold.ended = True
            gone = m.ranges_of((piece.lo, piece.hi) for piece in _drop(bank, hold, keep=()))
            bank._answer(m.ReleaseDone, hold.order.id, hold.order.id, gone, m.total_paise(gone), "expired")
    fresh, bank.told = bank.postings[bank.told :], len(bank.postings)
    for posting in fresh:
        held = [h for h in bank.holds.values() if h.kept and _account(bank, h) == posting["account"]]
        known = {hold.order.payment.reference for hold in held}
        if posting["side"] == "C" and held and posting["tx_ref"] not in known and bank.wrong != "late-credit-told":
            payment = m.PaymentId(
                posting["channel"], posting["tx_ref"], posting["day"], posting["amount_paise"],
                posting["counterparty_bank"], "SMALL",
            )  # fmt: skip
            bank.outbox.append(m.LateCredit(_uid(), now, held[0].order.id, posting["account"], payment))
    for order, since in list(bank.watches.values()):
        if len(bank.postings) > since and bank.wrong != "watch-told":
            found, _ = _find(bank, order.payment, "C")
            account = bank.postings[found[0]]["account"]
            lines = _lines(bank, order, account, found[0], "watched")
            del bank.watches[order.id]
            bank._answer(m.HoldAnswer, order.id, 1, None, account, len(bank.postings), lines, "exact", "lifo", "exact")


def _platform_there(bank: SmallBank) -> bool:
    try:
        bank.client.take(bank.after)
    except Exception:
        return False
    return True


def _uid() -> str:
    import uuid

    return str(uuid.uuid4())
