"""The national layouts at the bank's desk: a filled workbook or status update becomes answer rows, and answers go out.

A national row knows neither our order nor our paise: it is matched by the reference of the credit, and its money is the
disputed share. What cannot be matched is a fault with its place; what has no column here is carried along and shown.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from thaam.files.sheets import UnreadableSheet
from thaam.files.tables import TYPES
from thaam.language.text import Text
from thaam.mailbox.models import Answer, Order
from thaam.parties.banks import bank_of_ifsc
from thaam.parties.models import Bank
from thaam.web.bank.kinds import CANNOT, WHATS
from thaam.web.bank.sheet import COLUMNS, Row, Sheet
from thaam.web.shared.audience import for_banks, officer_of
from thaam.wire import codec
from thaam.wire.messages import CannotMatch, HoldAnswer
from thaam.wire.national.lines import rows_of, rupees
from thaam.wire.national.rows import NationalRow
from thaam.wire.national.shape import Update, read_update, request_of, write_update
from thaam.wire.national.workbook import NotNational, Workbook, read_workbook, write_workbook

MOST = 500
KINDS = ("HoldOrder", "FreezeToHoldOrder")
_WHAT = {
    "transfer": "transfer", "hold": "hold", "atm": "atm", "aeps": "aeps", "pos": "pos", "cheque": "cheque",
    "agent": "branch", "small": "small", "refund": "returned", "other": "unknown", "wrong": "unknown",
    "old": "unknown", "not_received": "unknown",
}  # fmt: skip
_DETAILS = ("atm_id", "place", "merchant_name", "mid", "tid", "approval_code", "cheque_no", "remarks", "note")


def sheet_of(content: bytes, *, partner: str) -> Sheet | None:
    """The file as rows of our own spreadsheet, or None when it is in no national layout. Raises UnreadableSheet."""
    if content.lstrip()[:1] in (b"{", b"["):
        return _from_updates(content, partner)
    if not content.startswith(b"PK"):
        return None
    try:
        book = read_workbook(content)
    except NotNational:
        return None
    return _sheet([(row, "") for row in book.rows], partner, more=_others(book))


def _from_updates(content: bytes, partner: str) -> Sheet:
    try:
        said = json.loads(content)
        updates = [read_update(each) for each in (said if isinstance(said, list) else [said])]
    except (ValueError, RecursionError) as why:
        raise UnreadableSheet(
            Text(f"यह JSON राष्ट्रीय प्रारूप में नहीं है: {why}", f"This JSON is not in the national shape: {why}")
        ) from None
    rows = []
    for update in updates:
        code = update.cannot or ""
        rows += [(row, code) for row in (update.rows[:1] if code else update.rows)]
    return _sheet(rows, partner, more=[line for update in updates for line in _top(update)])


def _top(update: Update) -> list[str]:
    return [f"{key} = {value}" for key, value in update.others.items()]


def _others(book: Workbook) -> list[str]:
    told = [(title, row) for title, rows in book.others for row in rows if any(cell.strip() for cell in row)]
    return [f"{title}: {' | '.join(cell for cell in row if cell.strip())}" for title, row in told]


def _sheet(rows: list[tuple[NationalRow, str]], partner: str, *, more: list[str]) -> Sheet:
    orders: dict[str, list[str]] = {}
    for order in Order.objects.filter(partner_id=partner, kind__in=KINDS).order_by("-posted_at")[:5_000]:
        orders.setdefault(order.message.payment.reference.upper(), []).append(str(order.id))
    made = []
    for number, (row, cannot) in enumerate(rows, start=2):
        mine = orders.get(row.cells.get("reference", "").replace(" ", "").upper(), [])
        made.append(_row(number, row, cannot, mine[0] if len(mine) == 1 else f"{row.place} unknown reference"))
    if more and made:
        made[0].others["carried along"] = "\n".join(more)
    letters = {column.name: "" for column in COLUMNS}
    return Sheet("xlsx", letters, made)


def _row(number: int, row: NationalRow, cannot: str, request: str) -> Row:
    cells = {"request": request, "account": row.cells.get("account", "")}
    others = dict(row.others)
    if cannot:
        cells |= {
            "what": {value: code for value, code, _ in CANNOT}[cannot],
            "particulars": row.cells.get("remarks", "") or "national update",
        }
        return Row(number, cells, others)
    what = WHATS[_WHAT[row.kind]]
    share, whole = row.disputed_paise, row.amount_paise
    details = " ".join(row.cells[name] for name in _DETAILS if row.cells.get(name))
    cells |= {"what": what.code, "amount": rupees(share) if share else "", "particulars": details[:200]}
    if row.kind == "hold":
        cells["lien"] = others.pop("Lien No", "")
        cells["particulars"] = ""
    if row.kind == "transfer":
        bank = bank_of_ifsc(row.cells.get("to_ifsc", "")) or _bank_named(row.cells.get("to_bank", ""))
        on = row.on
        cells |= {
            "bank": bank.code if bank else row.cells.get("to_bank", ""),
            "rail": others.get("Mode of Payment", ""),
            "reference": row.cells.get("reference_out", ""),
            "on": on.isoformat() if on else "",
            "whole": rupees(whole) if whole else "",
        }
    used = {"reference", "account", "amount", "disputed", "reference_out", "at", "to_bank", "to_ifsc", *_DETAILS}
    for name, value in row.cells.items():
        if name not in used and name not in ("bank", "done_on", "acknowledgement"):
            others[name] = value
    for name, value in row.faults.items():
        others[f"{name} not readable"] = value
    return Row(number, {name: value for name, value in cells.items() if value}, others)


def _bank_named(words: str) -> Bank | None:
    plain = words.strip()
    return (
        Bank.objects.filter(code__iexact=plain).first()
        or Bank.objects.filter(name_en__iexact=plain).first()
        or Bank.objects.filter(name_hi=plain).first()
    )


def carried(drafts: list[Any]) -> list[str]:
    """What the file said that has no place in an answer, line by line."""
    told = []
    for draft in drafts:
        for row in draft.rows:
            told += [f"{row.number}: {name} = {value}" for name, value in row.others.items() if value]
    return told


@for_banks
def download(request: HttpRequest, name: str) -> HttpResponse:
    """`orders.json`: open hold orders as requests; `answers.xlsx` and `answers.json`: what this bank answered."""
    partner = officer_of(request).bank_id or ""
    if name == "orders.json":
        waiting = Order.objects.filter(partner_id=partner, state=Order.State.OPEN, kind__in=KINDS).order_by("posted_at")
        return _json([request_of(order.message) for order in waiting[:MOST]], name)
    if name not in ("answers.xlsx", "answers.json"):
        raise Http404
    told = list(_answers(partner))
    if name == "answers.xlsx":
        book = Workbook([row for _, _, rows in told for row in rows])
        answer = HttpResponse(write_workbook(book), content_type=TYPES["xlsx"])
        answer["Content-Disposition"] = 'attachment; filename="BankAction_CompleteTrail.xlsx"'
        return answer
    updates = [write_update(Update(order.message.basis.reference, str(sent.id), rows)) for order, sent, rows in told]
    return _json(updates, name)


def _answers(partner: str) -> Any:
    """The standing answer to each order of this bank, with its national rows."""
    seen: set[Any] = set()
    sent = Answer.objects.filter(partner_id=partner, kind__in=("HoldAnswer", "CannotMatch")).order_by("-received_at")
    for answer in sent[: 2 * MOST]:
        order = (
            None if answer.order_id in seen else Order.objects.filter(id__in=[answer.order_id], kind__in=KINDS).first()
        )
        seen.add(answer.order_id)
        if order is None:
            continue
        message = codec.decode(bytes(answer.body))
        if isinstance(message, HoldAnswer | CannotMatch):
            yield order, answer, rows_of(order.message, message, bank=partner)


def _json(values: Any, name: str) -> HttpResponse:
    answer = HttpResponse(json.dumps(values, ensure_ascii=False, indent=1), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
