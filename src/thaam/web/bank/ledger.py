"""The balancing answer: a clerk's lines become lines of the protocol that partition what was asked, to the paisa.

A clerk knows sums, not ranges. Money that came last leaves first, so what went out takes the highest unallocated
paise of the asked payment in the order of the lines; what stays takes the rest. Of an outgoing payment too each
line takes the highest unallocated range. The answer says so: `rule_applied: amount_only`, `ranges_kind: assigned`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from thaam.language.numbers import latin_digits
from thaam.language.rupees import full
from thaam.language.text import Text
from thaam.money.allocation import Allocation, divide
from thaam.web.bank.kinds import WHATS, What
from thaam.web.shared.fields import Wrong, one_line, read_amount, read_date
from thaam.wire import problems
from thaam.wire.fields import InvalidMessage
from thaam.wire.messages import Line, PaymentId
from thaam.wire.words import NOT_RECORDED

LINES_MAX = 60
_SAID_NOT_RECORDED = ("दर्ज नहीं", "दर्ज नहीं।", "दर्ज नहीं है")
NO_SUCH_BANK = Text(
    "यह बैंक पहचाना नहीं गया। IFSC के पहले चार अक्षर, पूरा IFSC या बैंक का पूरा नाम लिखें।",
    "This bank was not recognised. Enter the first four letters of its IFSC, the whole IFSC, or its full name.",
)
_FIELDS = ("what", "amount", "lien", "rail", "reference", "on", "bank", "whole", "particulars")


@dataclass(slots=True)
class Typed:
    """One row of the form, as typed, with its slips; `paise` is None while the amount is not readable."""

    what: str = ""
    amount: str = ""
    lien: str = ""
    rail: str = ""
    reference: str = ""
    on: str = ""
    bank: str = ""
    whole: str = ""
    particulars: str = ""
    paise: int | None = None
    whole_paise: int | None = None
    bank_shown: str = ""
    wrong: dict[str, Text] = field(default_factory=dict)
    left_paise: int = 0

    @property
    def empty(self) -> bool:
        """Nothing typed: the row does not count."""
        return not self.amount.strip()

    @property
    def kind(self) -> What | None:
        """Which kind of line was chosen."""
        return WHATS.get(self.what)


def read_rows(post: Mapping[str, str], *, asked_paise: int) -> list[Typed]:
    """The rows of the form in order, checked one by one, each with what is left to explain after it."""
    rows: list[Typed] = []
    left = asked_paise
    for place in range(LINES_MAX):
        if f"what_{place}" not in post and f"amount_{place}" not in post:
            break
        row = Typed()
        for name in _FIELDS:
            setattr(row, name, one_line(post.get(f"{name}_{place}", ""), most=200))
        if not row.empty:
            _check(row)
            left -= row.paise or 0
        row.left_paise = left
        rows.append(row)
    return rows


def _check(row: Typed) -> None:
    try:
        row.paise = read_amount(row.amount)
    except Wrong as slip:
        row.wrong["amount"] = slip.text
    what = row.kind
    if what is None:
        row.wrong["what"] = Text("क्या हुआ, यह चुनें।", "Choose what happened.")
        return
    if what.wire == "onward":
        _check_transfer(row)
    if row.particulars in _SAID_NOT_RECORDED:
        row.particulars = NOT_RECORDED
    if what.wire == "terminal" and not row.particulars:
        row.wrong["particulars"] = Text(
            "कहाँ और कब: ATM नंबर, दुकान या चेक नंबर। दर्ज न हो तो “दर्ज नहीं” लिखें।",
            "Where and when: ATM id, shop or cheque number. If it is not recorded, write “not recorded”.",
        )


def _check_transfer(row: Typed) -> None:
    row.reference = latin_digits(row.reference).replace(" ", "")
    if not row.reference:
        row.wrong["reference"] = Text("आगे के लेन-देन का UTR लिखें।", "Enter the UTR of the transfer.")
    if not row.bank:
        row.wrong["bank"] = Text("किस बैंक को गया, चुनें।", "Choose the receiving bank.")
    try:
        row.on = read_date(row.on).isoformat()
    except Wrong as slip:
        row.wrong["on"] = slip.text
    row.whole_paise = row.paise
    if row.whole.strip():
        try:
            row.whole_paise = read_amount(row.whole)
        except Wrong as slip:
            row.wrong["whole"] = slip.text
    if row.paise and row.whole_paise and row.whole_paise < row.paise:
        row.wrong["whole"] = Text(
            "पूरा लेन-देन इस हिस्से से छोटा नहीं हो सकता।", "The whole transfer cannot be smaller than this share."
        )


def rows_of(lines: Iterable[Line], *, asked_paise: int) -> list[Typed]:
    """The rows that say what these lines say: the standing answer, to be put right. One row a thing told."""
    told: dict[tuple[object, ...], Typed] = {}
    for line in sorted(lines, key=lambda each: -each.hi):
        row = _row_of(line)
        key = (row.what, row.lien, row.reference, row.bank, row.on, row.particulars)
        if key in told:
            row.paise = (row.paise or 0) + (told[key].paise or 0)
        told[key] = row
    left = asked_paise
    for row in told.values():
        row.amount = full(row.paise or 0).lstrip("₹")
        left -= row.paise or 0
        row.left_paise = left
    return list(told.values())


def _row_of(line: Line) -> Typed:
    words = {"held": "", "onward": "", "terminal": line.terminal_kind, "returned": ""}.get(line.kind, line.reason) or ""
    fits = [what for what in WHATS.values() if what.wire == line.kind and what.word == words]
    what = fits[0] if fits else next(what for what in WHATS.values() if what.wire in (line.kind, "unexplained"))
    row = Typed(what=what.name, paise=line.hi - line.lo, particulars=line.particulars or "")
    row.lien = line.lien_reference or ""
    if line.payment is not None:
        payment = line.payment
        row.rail, row.reference, row.bank = payment.rail, payment.reference, payment.payee_bank or ""
        row.on, row.whole = payment.date.isoformat(), full(payment.amount_paise).lstrip("₹")
    return row


def left_of(rows: Iterable[Typed], asked_paise: int) -> int:
    """What is not explained yet; negative when the lines say more than was asked."""
    return asked_paise - sum(row.paise or 0 for row in rows if not row.empty)


def why_not_yet(rows: list[Typed], asked_paise: int) -> Text | None:
    """Why the answer cannot be sent as it stands, or None."""
    if any(row.wrong for row in rows):
        return Text("लाल लिखी बातें ठीक करें।", "Put right what is marked.")
    left = left_of(rows, asked_paise)
    if all(row.empty for row in rows):
        return Text("कम से कम एक पंक्ति भरें।", "Fill at least one line.")
    if left > 0:
        return Text(
            f"{full(left)} का हिसाब बाकी है। न मिले तो “हिसाब नहीं मिला” पंक्ति जोड़ें।",
            f"{full(left)} is left to explain. If you cannot, add a “Not explained” line.",
        )
    if left < 0:
        return Text(
            f"पंक्तियों का जोड़ माँगी रकम से {full(-left)} ज़्यादा है।",
            f"The lines add up to {full(-left)} more than was asked.",
        )
    return None


def lines_of(
    rows: Iterable[Typed],
    *,
    asked: Iterable[tuple[int, int]],
    payer_bank: str,
    allocated: Mapping[PaymentId, Iterable[tuple[int, int]]],
) -> tuple[Line, ...]:
    """The protocol's lines, sorted; together exactly the asked ranges. Call only when why_not_yet() is None.

    `allocated`: paise of outgoing payments that earlier answers already gave away. Raises InvalidMessage when an
    outgoing payment has not that much left, or a value cannot travel.
    """
    taken = {payment: Allocation(payment.amount_paise).mark(tuple(ranges)) for payment, ranges in allocated.items()}
    given = sorted((row for row in rows if not row.empty), key=lambda row: not _leaves(row))  # what left comes first
    parts, _ = divide(tuple(asked), [row.paise or 0 for row in given])
    lines: list[Line] = []
    for row, ranges in zip(given, parts, strict=True):
        assert row.kind is not None
        for lo, hi in reversed(ranges):
            lines += _lines_for(row, row.kind, lo, hi, payer_bank, taken)
    return tuple(sorted(lines, key=lambda line: line.lo))


def _leaves(row: Typed) -> bool:
    return row.kind is not None and row.kind.wire in ("onward", "terminal", "returned")


def _lines_for(
    row: Typed, what: What, lo: int, hi: int, payer_bank: str, taken: dict[PaymentId, Allocation]
) -> list[Line]:
    if what.wire == "held":
        return [Line("held", lo, hi, lien_reference=row.lien.replace(" ", "") or None)]
    if what.wire == "terminal":
        return [Line("terminal", lo, hi, terminal_kind=what.word, particulars=row.particulars or NOT_RECORDED)]
    if what.wire in ("seen", "unexplained"):
        return [Line(what.wire, lo, hi, reason=what.word, particulars=row.particulars or None)]
    if what.wire == "returned":
        return [Line("returned", lo, hi, particulars=row.particulars or None)]
    assert row.whole_paise is not None
    payment = PaymentId(
        rail=row.rail or "IMPS",
        reference=row.reference,
        date=date.fromisoformat(row.on),
        amount_paise=row.whole_paise,
        payer_bank=payer_bank,
        payee_bank=row.bank,
    )
    taken[payment], got = taken.get(payment, Allocation(payment.amount_paise)).assign(hi - lo)
    if got.over_explained:
        raise InvalidMessage(problems.LINES_DO_NOT_BALANCE, "/lines", "more than was asked")
    lines: list[Line] = []
    place = lo
    for child_lo, child_hi in got.ranges:
        end = place + child_hi - child_lo
        lines.append(
            Line("onward", place, end, payment=payment, child_lo=child_lo, particulars=row.particulars or None)
        )
        place = end
    return lines
