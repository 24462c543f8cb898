"""Answer many orders at once by spreadsheet: download the queue, fill, upload, look, send; only faulty rows come back.

Nothing is stored between looking and sending: the page carries the rows it read, signed for this bank, and they are
checked again when they are sent.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.files.sheets import UnreadableSheet
from thaam.language.dates import in_ist
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.web.bank import answering, national
from thaam.web.bank.drafting import HOLDS, KINDS, Draft, drafts_of, send_drafts
from thaam.web.bank.explaining import dues_of
from thaam.web.bank.queue import open_orders, tabs_of
from thaam.web.bank.sheet import BYTES_MAX, LINES_EACH, Row, Sheet, choices, read, write_csv, write_xlsx
from thaam.web.shared.audience import for_banks, officer_of
from thaam.web.shared.banks import banks_to_choose

ORDERS_MAX = 500
TOKEN_MAX = 3_500_000
TOKEN_SECONDS = 12 * 3600
SLIPS_SHOWN = 200
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@for_banks
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The open hold queue of the clerk's own bank, soonest due first, with blank answer lines."""
    partner = officer_of(request).bank_id or ""
    rows: list[dict[str, str]] = []
    orders = list(open_orders(partner, KINDS)[:ORDERS_MAX])
    dues = dues_of(orders)
    for order in orders:
        known = _known(order, dues[order.pk])
        lines = LINES_EACH if order.kind in HOLDS else 1
        rows += [known | {"line": str(line)} for line in range(1, lines + 1)]
    return _file(rows, kind=kind, name="thaam-orders")


def _known(order: Order, due: datetime | None) -> dict[str, str]:
    """What the sheet says of one order: what the screen says, and no more."""
    message = order.message
    payment = message.payment
    hint = getattr(message, "payee_hint", None) or getattr(message, "account", None) or ""
    if order.kind in HOLDS:
        asked, told = sum(hi - lo for lo, hi in answering.asked_ranges(order)), hint
    else:  # a payment to be found: of the account it left only the last digits are told
        asked, told = payment.amount_paise, f"••••{message.payer_account_last4 or ''} से / from"
    return {
        "request": str(order.id),
        "complaint": message.basis.reference,
        "utr_in": payment.reference,
        "rail_in": payment.rail,
        "date_in": payment.date.isoformat(),
        "from_bank": payment.payer_bank,
        "hint": told,
        "asked": _rupees(asked),
        "due": in_ist(due).strftime("%Y-%m-%d %H:%M") if due else "",
        "account": hint,
    }


def _rupees(paise: int) -> str:
    whole, rest = divmod(paise, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def _file(rows: list[dict[str, str]], *, kind: str, name: str, others: list[str] | None = None) -> HttpResponse:
    if kind == "csv":
        content = write_csv(rows, others=others or [])
    else:
        content = write_xlsx(rows, lists=choices(banks_to_choose("en")), others=others or [])
    answer = HttpResponse(content, content_type=_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


@for_banks
def bulk(request: HttpRequest) -> HttpResponse:
    """Upload and preview; send what is right; fetch what is not."""
    partner = officer_of(request).bank_id or ""
    if request.method != "POST":
        return _show(request, partner)
    now = datetime.now(tz=UTC)
    try:
        sheet = _carried(request, partner) if "rows" in request.POST else _uploaded(request)
        token = _token(sheet, partner)
    except UnreadableSheet as refused:
        return _show(request, partner, refused=refused.text)
    drafts = drafts_of(sheet, partner=partner, at=now)
    if "wrong" in request.POST:
        return _wrong_file(sheet, [draft for draft in drafts if draft.slips])
    went = send_drafts(drafts, partner=partner, at=now) if "send" in request.POST else None
    return _show(request, partner, drafts=drafts, token=token, went=went)


def _uploaded(request: HttpRequest) -> Sheet:
    file = request.FILES.get("file")
    if file is None:
        raise UnreadableSheet(Text("पहले फ़ाइल चुनें।", "Choose the file first."))
    content = file.read(BYTES_MAX + 1)
    partner = officer_of(request).bank_id or ""
    return national.sheet_of(content, partner=partner) or read(content)


def _token(sheet: Sheet, partner: str) -> str:
    token = signing.dumps(asdict(sheet), salt=f"thaam.bulk:{partner}", compress=True)
    if len(token) > TOKEN_MAX:
        raise UnreadableSheet(
            Text("फ़ाइल में बहुत ज़्यादा लिखा है। दो भाग में भेजें।", "The file says too much. Send it in two parts.")
        )
    return token


def _carried(request: HttpRequest, partner: str) -> Sheet:
    try:
        said: dict[str, Any] = signing.loads(request.POST["rows"], salt=f"thaam.bulk:{partner}", max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        raise UnreadableSheet(
            Text("यह पन्ना पुराना हो गया। फ़ाइल फिर से चुनें।", "This page is out of date. Choose the file again.")
        ) from None
    return Sheet(said["kind"], said["letters"], [Row(**row) for row in said["rows"]])


def _wrong_file(sheet: Sheet, wrong: list[Draft]) -> HttpResponse:
    """The filled rows of faulty requests as they came, columns we do not know included, with what to put right."""
    rows: list[dict[str, str]] = []
    for draft in wrong:
        for row in draft.rows:
            if not row.filled:
                continue
            ours = [slip for slip in draft.slips if slip.row == row.number]
            words = " ".join(f"{slip.text.hi} / {slip.text.en}" for slip in ours)
            marked = " ".join(slip.column for slip in ours)
            rows.append({**row.others, **row.cells, "put_right": words, "marked": marked})
    others = list(dict.fromkeys(head for draft in wrong for row in draft.rows for head in row.others))
    return _file(rows, kind=sheet.kind, name="thaam-put-right", others=others)


def _show(
    request: HttpRequest,
    partner: str,
    *,
    drafts: list[Draft] | None = None,
    token: str = "",
    went: int | None = None,
    refused: Text | None = None,
) -> HttpResponse:
    drafts = drafts or []
    unread = national.carried(drafts)
    slips = [(draft, slip) for draft in drafts for slip in draft.slips]
    context = {
        "tabs": tabs_of(partner, ""),
        "chosen": "bulk",
        "waiting": open_orders(partner, KINDS).count(),
        "most": ORDERS_MAX,
        "refused": refused,
        "token": token,
        "went": went,
        "ready": sum(draft.message is not None and not draft.sent for draft in drafts) if went is None else 0,
        "before": sum(draft.sent for draft in drafts),
        "wrong": sum(bool(draft.slips) for draft in drafts),
        "unread": unread[:SLIPS_SHOWN],
        "slips": slips[:SLIPS_SHOWN],
        "slips_left": max(len(slips) - SLIPS_SHOWN, 0),
    }
    return render(request, "bank/bulk.html", context, status=422 if refused else 200)
