"""Our answers as national rows, and back: `rows_of` loses nothing that the layouts can say, and says the rest."""

from __future__ import annotations

import datetime as dt

from thaam.wire.messages import CannotMatch, FreezeToHoldOrder, HoldAnswer, HoldOrder, Line
from thaam.wire.national.rows import NationalRow, actions

_TERMINAL = {each.word: each.kind for each in actions().values() if each.line == "terminal"}


def rupees(paise: int) -> str:
    """Whole rupees, or with two places: `12000`, `6799.50`."""
    whole, rest = divmod(paise, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def rows_of(
    order: HoldOrder | FreezeToHoldOrder, answer: HoldAnswer | CannotMatch, *, bank: str, layer: int | None = None
) -> list[NationalRow]:
    """One row a line of the answer. What a layout has no column for stands in Remarks, in words."""
    common = {
        "acknowledgement": order.basis.reference,
        "reference": order.payment.reference,
        "bank": bank,
        "done_on": _day(answer.answered_at),
    }
    if layer is not None:
        common["layer"] = str(layer)
    if isinstance(answer, CannotMatch):
        asked = sum(each.hi - each.lo for each in order.ranges)
        words = f"{answer.code}: {answer.searched}"
        return [NationalRow("wrong", common | {"amount": rupees(asked), "remarks": words})]
    return [_row(line, common | {"account": answer.account}, answer) for line in answer.lines]


def _row(line: Line, common: dict[str, str], answer: HoldAnswer) -> NationalRow:
    share = rupees(line.hi - line.lo)
    words = line.particulars or ""
    if line.kind == "held":
        cells = {"amount": share, "at": _day(answer.answered_at)}
        return NationalRow("hold", common | cells, {"Lien No": line.lien_reference} if line.lien_reference else {})
    if line.kind == "onward" and line.payment is not None:
        payment = line.payment
        cells = {
            "to_bank": payment.payee_bank or "",
            "reference_out": payment.reference,
            "at": f"{payment.date:%d/%m/%Y}",
            "amount": rupees(payment.amount_paise),
            "disputed": share,
            "remarks": words or payment.rail,
        }
        return NationalRow("transfer", common | cells, {"Mode of Payment": payment.rail})
    if line.kind == "terminal":
        kind = _TERMINAL.get(line.terminal_kind or "", "other")
        cells = {"amount": share, "remarks": words if kind != "other" else f"{line.terminal_kind}: {words}"}
        if kind == "atm":
            cells["place"] = words
        return NationalRow(kind, common | cells)
    if line.kind == "returned":
        return NationalRow("refund", common | {"amount": share, "remarks": words})
    if line.kind == "seen" and line.reason == "floor":
        return NationalRow("small", common | {"amount": share, "remarks": words or "below the floor"})
    kind = "wrong" if line.reason == "not_found" else "other"
    return NationalRow(kind, common | {"amount": share, "remarks": f"{line.kind} {line.reason}: {words}".rstrip(": ")})


def _day(at: dt.datetime) -> str:
    from thaam.language.dates import in_ist

    return f"{in_ist(at):%d/%m/%Y}"
