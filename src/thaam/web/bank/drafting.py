"""From the rows of a bank's spreadsheet to answers: what is ready, what was sent before, what must be put right.

The same checks as the screen's (ledger.py); each fault names its cell. The id of an answer is made from the order,
its revision and what the clerk wrote, so the same rows sent again are the same answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from thaam.language.rupees import full
from thaam.language.text import Text
from thaam.mailbox.models import Answer, Order
from thaam.parties.models import Bank
from thaam.web.bank import answering, ledger
from thaam.web.bank.kinds import CANNOT, FOUND, WHATS
from thaam.web.bank.ledger import NO_SUCH_BANK
from thaam.web.bank.sheet import ANSWERED, FORMULA, ROUNDED, Row, Sheet, iso_date
from thaam.web.shared.banks import code_told
from thaam.web.shared.fields import Wrong
from thaam.wire.fields import InvalidMessage
from thaam.wire.messages import CannotMatch, HoldAnswer, Located
from thaam.wire.words import RAILS

HOLDS = ("HoldOrder", "FreezeToHoldOrder")
KINDS = (*HOLDS, "LocatePayment")
_WHAT_BY_CODE = {what.code: what.name for what in WHATS.values()}
_CANNOT_BY_CODE = {code: value for value, code, _ in CANNOT}
NOT_YOURS = Text("यह अनुरोध आपके बैंक का नहीं है।", "This order is not your bank's.")
_FAULTS = {
    FORMULA: Text(
        "यहाँ सूत्र या = + - @ से शुरू होती बात नहीं ली जाती। सीधे मान लिखें।",
        "A formula, or a value that begins with = + - @, is not taken. Write the value itself.",
    ),
    ROUNDED: Text(
        "Excel ने इस लंबे नंबर के अंक बदल दिए होंगे। खाने को टेक्स्ट बनाकर नंबर फिर लिखें।",
        "Excel keeps only 15 digits of a number. Make the cell text and write it again.",
    ),
    "long": Text("यह बहुत लंबा है। छोटा लिखें।", "This is too long. Write less."),
}


@dataclass(frozen=True, slots=True)
class Slip:
    """One fault: the row of the file, the column's name, the cell as the spreadsheet calls it, and what to do."""

    row: int
    column: str
    cell: str
    text: Text


@dataclass(slots=True)
class Draft:
    """One request of the file. `message` is there when it can be sent; `sent` when this very answer was kept before."""

    request: str
    rows: list[Row]
    slips: list[Slip] = field(default_factory=list)
    message: Any = None
    sent: bool = False
    asked_paise: int = 0


@dataclass(slots=True)
class _Desk:
    """What the checks need to know, read once a file."""

    partner: str
    at: datetime
    letters: dict[str, str]
    orders: dict[str, Order]
    answers: dict[str, set[str]]
    banks: dict[str, str]
    allocated: dict[Any, list[tuple[int, int]]]

    def code_of(self, told: str) -> str:
        """The code of a bank as a cell names it, "" when none is meant; a bank named often is looked up once."""
        if told not in self.banks:
            self.banks[told] = self.banks.get(_first(told)) or code_told(told)
        return self.banks[told]


def drafts_of(sheet: Sheet, *, partner: str, at: datetime) -> list[Draft]:
    """Every request of the file that has an answer, in the order of the file; nothing is written.

    Paise of an outgoing payment given to one request are not given to the next.
    """
    groups: dict[str, list[Row]] = {}
    for row in sheet.rows:
        key = row.cells.get("request", "").lower() or f"row {row.number}"
        groups.setdefault(key, []).append(row)
    groups = {key: rows for key, rows in groups.items() if any(row.filled for row in rows)}
    ids = [key for key in groups if _is_id(key)]
    orders = Order.objects.filter(partner_id=partner, kind__in=KINDS, id__in=ids)
    answers: dict[str, set[str]] = {}
    for order_id, answer_id in Answer.objects.filter(order_id__in=ids).values_list("order_id", "id"):
        answers.setdefault(str(order_id), set()).add(str(answer_id))
    desk = _Desk(
        partner,
        at,
        sheet.letters,
        {str(order.id): order for order in orders},
        answers,
        {code: code for code in Bank.objects.values_list("code", flat=True)},
        answering.allocated_by(partner),
    )
    return [_draft(desk, key, rows) for key, rows in groups.items()]


def send_drafts(drafts: list[Draft], *, partner: str, at: datetime) -> int:
    """Keep every ready answer once; returns how many went now. One that was refused meanwhile becomes a fault."""
    went = 0
    for draft in drafts:
        if draft.message is None or draft.sent:
            continue
        try:
            answering.send(partner=partner, message=draft.message, at=at)
            went += 1
        except Wrong as refused:
            # the same file, sent in the same moment from another window
            draft.sent = Answer.objects.filter(id=draft.message.id).exists()
            if not draft.sent:
                draft.message = None
                draft.slips.append(Slip(draft.rows[0].number, "request", f"A{draft.rows[0].number}", refused.text))
    return went


def _is_id(key: str) -> bool:
    try:
        return str(UUID(key)) == key
    except ValueError:
        return False


def _draft(desk: _Desk, key: str, rows: list[Row]) -> Draft:
    draft = Draft(key, rows)

    def slip(row: Row, column: str, text: Text) -> None:
        draft.slips.append(Slip(row.number, column, f"{desk.letters.get(column, '')}{row.number}", text))

    for row in rows:
        for column, fault in row.faults.items():
            slip(row, column, _FAULTS[fault])
    order = desk.orders.get(key)
    filled = [row for row in rows if row.filled]
    if order is None:
        slip(filled[0], "request", NOT_YOURS)
        return draft
    asked = answering.asked_ranges(order) if order.kind in HOLDS else ()
    draft.asked_paise = sum(hi - lo for lo, hi in asked)
    answer_id = _answer_id(order, rows, filled)
    if answer_id in desk.answers.get(key, ()):
        draft.slips, draft.sent = [], True
        return draft
    if order.state != Order.State.OPEN:
        text = Text(
            "इस अनुरोध का जवाब पहले ही जा चुका है या वह रद्द हो गया। बदलना हो तो पन्ने पर खोलें।",
            "This order was answered already or is cancelled. To change the answer open it on the screen.",
        )
        slip(filled[0], "request", text)
        return draft
    codes = [_first(row.cells.get("what", "")).upper() for row in filled]
    if order.kind not in HOLDS:
        _draft_located(desk, draft, order, filled, codes, answer_id, slip)
    elif any(code in _CANNOT_BY_CODE for code in codes):
        _draft_cannot(desk, draft, order, filled, codes, answer_id, slip)
    else:
        _draft_lines(desk, draft, order, asked, filled, codes, answer_id, slip)
    return draft


def _first(value: str) -> str:
    """The code at the head of a drop-down's words."""
    return value.split()[0] if value.split() else ""


def _account(rows: list[Row]) -> set[str]:
    return {row.cells.get("account", "").replace(" ", "") for row in rows} - {""}


def _answer_id(order: Order, rows: list[Row], filled: list[Row]) -> str:
    lines = [[row.cells.get(name, "") for name in ANSWERED if name != "account"] for row in filled]
    said = json.dumps([order.revision, sorted(_account(rows)), lines], ensure_ascii=False)
    return str(uuid5(order.id, said))


def _draft_cannot(
    desk: _Desk, draft: Draft, order: Order, filled: list[Row], codes: list[str], answer_id: str, slip: Any
) -> None:
    row = filled[0]
    searched = row.cells.get("particulars", "")
    if len(filled) > 1:
        text = Text("“मेल नहीं खाता” अकेली पंक्ति होती है।", "A cannot-match code stands alone on one line.")
        slip(next(r for r, code in zip(filled, codes, strict=True) if code in _CANNOT_BY_CODE), "what", text)
    if row.cells.get("amount"):
        slip(row, "amount", Text("इस कोड के साथ रकम खाली छोड़ें।", "Leave the amount empty with this code."))
    if not searched:
        slip(row, "particulars", Text("कहाँ-कहाँ देखा, यह लिखें।", "Say where you looked."))
    if draft.slips:
        return
    try:
        draft.message = CannotMatch(answer_id, str(order.id), desk.at, _CANNOT_BY_CODE[codes[0]], searched)
    except InvalidMessage as refused:
        slip(row, "particulars", Text(f"यह नहीं भेजा जा सकता: {refused}", f"This cannot be sent: {refused}"))


def _draft_located(
    desk: _Desk, draft: Draft, order: Order, filled: list[Row], codes: list[str], answer_id: str, slip: Any
) -> None:
    """Is this a real debit of a customer of ours: one row, L1 with the account it left from, or L2."""
    row, accounts = filled[0], _account(draft.rows)
    if len(filled) > 1 or codes[0] not in FOUND:
        slip(row, "what", Text("L1 (मिला) या L2 (नहीं मिला), एक ही बार।", "L1 (found) or L2 (not found), once."))
    elif FOUND[codes[0]] and len(accounts) != 1:
        slip(row, "account", Text("किस खाते से गया, वह नंबर लिखें।", "Enter the account it left from."))
    if draft.slips:
        return
    found = FOUND[codes[0]]
    try:
        draft.message = Located(
            answer_id, str(order.id), desk.at, found, order.message.payment, accounts.pop() if found else None
        )
    except InvalidMessage as refused:
        slip(row, "what", Text(f"यह नहीं भेजा जा सकता: {refused}", f"This cannot be sent: {refused}"))


def _draft_lines(
    desk: _Desk,
    draft: Draft,
    order: Order,
    asked: tuple[tuple[int, int], ...],
    filled: list[Row],
    codes: list[str],
    answer_id: str,
    slip: Any,
) -> None:
    accounts = _account(draft.rows)
    if len(accounts) != 1:
        text = (
            Text("एक अनुरोध में एक ही खाता लिखें।", "Write one and the same account on all lines of a request.")
            if accounts
            else Text("जिस खाते में पैसा आया, वह नंबर लिखें।", "Enter the account that received the money.")
        )
        slip(filled[-1], "account", text)
    typed = [_typed(desk, row, code, slip) for row, code in zip(filled, codes, strict=True)]
    post = {f"{name}_{place}": value for place, line in enumerate(typed) for name, value in line.items()}
    lines = ledger.read_rows(post, asked_paise=draft.asked_paise)
    for row, line in zip(filled, lines, strict=False):
        for name, text in line.wrong.items():
            # an unknown code or bank is said already, in better words
            if not any(each.row == row.number and each.column == name for each in draft.slips):
                slip(row, name, text)
    if len(filled) > ledger.LINES_MAX:
        slip(filled[-1], "what", Text("एक अनुरोध में 60 पंक्तियाँ तक लिखें।", "Keep a request within 60 lines."))
    elif not any(each.column == "amount" for each in draft.slips) and (off := ledger.left_of(lines, draft.asked_paise)):
        slip(filled[-1], "amount", _off(draft.asked_paise, off))
    if draft.slips:
        return
    try:
        message: HoldAnswer = answering.hold_answer(
            order, lines, asked=asked, account=accounts.pop(), answer_id=answer_id, allocated=desk.allocated, at=desk.at
        )
    except Wrong as refused:
        slip(filled[0], "what", refused.text)
        return
    answering.allocate(desk.allocated, message.lines)
    draft.message = message


def _off(asked_paise: int, off: int) -> Text:
    told = full(asked_paise - off)
    more = ("कम", "short") if off > 0 else ("ज़्यादा", "over")
    return Text(
        f"पंक्तियों का जोड़ {told} है, माँगा {full(asked_paise)}: {full(abs(off))} {more[0]}।",
        f"The lines add up to {told}, asked was {full(asked_paise)}: {full(abs(off))} {more[1]}.",
    )


def _typed(desk: _Desk, row: Row, code: str, slip: Any) -> dict[str, str]:
    """The row as the screen's form would send it; words of drop-downs become codes."""
    line = {name: row.cells.get(name, "") for name in ANSWERED if name != "account"}
    line["what"] = _WHAT_BY_CODE.get(code, "")
    if code and not line["what"]:
        slip(
            row,
            "what",
            Text(f"“{code[:20]}” कोड सूची में नहीं है। सूची से चुनें।", f"There is no code “{code[:20]}”. Choose from the list."),
        )
    if not line["amount"] and "amount" not in row.faults:
        slip(row, "amount", Text("रकम लिखें।", "Enter the amount."))
    line["on"] = iso_date(line["on"])
    if told := line["bank"]:
        line["bank"] = desk.code_of(told)
        if not line["bank"]:
            slip(row, "bank", NO_SUCH_BANK)
    line["rail"] = line["rail"].upper()
    if line["rail"] and line["rail"] not in RAILS:
        slip(row, "rail", Text("यह माध्यम सूची में नहीं है। सूची से चुनें।", "This rail is not in the list. Choose from it."))
    return line
