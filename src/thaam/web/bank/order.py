"""One order, one screen: what we know on the left, the answer that must balance on the right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thaam.holds.models import Hold
from thaam.journal.hints import stream_url_for
from thaam.journal.ids import new_id
from thaam.language.dates import in_ist
from thaam.language.rupees import NotAnAmount, read_rupees
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.rulebook.rules import rule
from thaam.web.bank import answering, ledger, pasted
from thaam.web.bank.doors import DESK, Door, note_opened
from thaam.web.bank.explaining import clocks_of, dues_of
from thaam.web.bank.kinds import CANNOT, ORDER_WORDS, TABS, WHATS
from thaam.web.bank.queue import open_orders
from thaam.web.bank.simple import answer_simply
from thaam.web.bank.statements import traced
from thaam.web.shared.audience import for_banks, officer_of
from thaam.web.shared.banks import bank_in_narration, bank_name, banks_to_choose, code_told, listed_code
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line
from thaam.web.shared.money import Part
from thaam.wire.messages import Acknowledged, CannotMatch, HoldAnswer
from thaam.wire.words import RAILS

BLANK_ROWS = 3
HOLDS = ("HoldOrder", "FreezeToHoldOrder")
SENT = Text("जवाब भेज दिया गया।", "The answer was sent.")


@for_banks
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show one order of the clerk's own bank and take the answer; another bank's order does not exist here."""
    partner = officer_of(request).bank_id or ""
    found = Order.objects.filter(id=order_id, partner_id=partner).first()
    if found is None:
        raise Http404
    note_opened(request, found, datetime.now(tz=UTC))
    return answer_page(request, found, DESK)


def answer_page(request: HttpRequest, found: Order, door: Door) -> HttpResponse:
    """One order and its answer, by whichever door the clerk comes in."""
    if found.kind not in HOLDS:
        return answer_simply(request, found, door)
    now = datetime.now(tz=UTC)
    asked = answering.asked_ranges(found)
    asked_paise = sum(hi - lo for lo, hi in asked)
    if request.method != "POST":
        stands = next((each.message for each in answering.answers_to(found) if each.kind == "HoldAnswer"), None)
        rows = ledger.rows_of(stands.lines, asked_paise=asked_paise) if stands else []
        blank = ledger.left_of(rows, asked_paise)
        rows += [ledger.Typed(left_paise=blank) for _ in range(1 if stands else BLANK_ROWS)]
        account = stands.account if stands else _told_account(found.message)
        return _show(request, found, door, rows, asked_paise, account=account)
    rows = ledger.read_rows(request.POST, asked_paise=asked_paise)
    _know_banks(rows)
    account = one_line(request.POST.get("account"), most=64).replace(" ", "")
    if "paste" in request.POST:
        if "statement" in request.FILES:
            try:
                read = traced(request.FILES["statement"], found, asked, account=account)
            except Wrong as refused:
                return _show(request, found, door, rows, asked_paise, account=account, refused=refused.text)
        else:
            read = pasted.lines_in(request.POST.get("block", ""), account=account, asked_paise=asked_paise)
        for row in read.rows:
            known = bank_in_narration(row.bank, but=found.partner_id)
            row.bank = known.code if known else listed_code(row.bank)
        return _show(request, found, door, read.rows or rows, asked_paise, account=read.account or account, read=read)
    if "add" in request.POST or "check" in request.POST:
        if "add" in request.POST:
            rows += [ledger.Typed(left_paise=ledger.left_of(rows, asked_paise)) for _ in range(2)]
        return _show(request, found, door, rows, asked_paise, account=account)
    try:
        door.check(request)
        answer_id = _answer_id(request)
        if "time" in request.POST:
            _send(found, Acknowledged(answer_id, str(found.id), now), now)
            door.beside(request, found, answer_id, now)
            messages.success(
                request,
                _say(request, Text("और समय माँगा गया; घड़ी चलती रहेगी।", "More time was noted; the clock runs on.")),
            )
            return redirect(request.path)
        if "cannot" in request.POST:
            _send(found, _cannot(request, found, answer_id, now), now)
        else:
            if why := ledger.why_not_yet(rows, asked_paise):
                raise Wrong(why)
            _confirmed_twice(request, found)
            _send(found, _answer(found, rows, asked, account, answer_id, now), now)
        door.beside(request, found, answer_id, now)
    except Wrong as refused:
        return _show(request, found, door, rows, asked_paise, account=account, refused=refused.text)
    messages.success(request, _say(request, SENT))
    return redirect(door.after(found))


def _know_banks(rows: list[ledger.Typed]) -> None:
    """A receiving bank may be told by code, name, IFSC or UPI address; from here on it is its code."""
    for row in rows:
        if row.bank and (code := code_told(row.bank)):
            row.bank = code
        elif row.bank and row.what == "transfer":
            row.wrong["bank"] = ledger.NO_SUCH_BANK


def _confirmed_twice(request: HttpRequest, found: Order) -> None:
    """Opening a frozen account is confirmed twice: it cannot be taken back in one press."""
    if found.kind == "FreezeToHoldOrder" and request.POST.get("opened") != "yes":
        raise Wrong(
            Text(
                "पहले खाता खोलें, फिर निशान लगाकर पुष्टि करें।",
                "Open the account first, then confirm it with the tick.",
            )
        )


def _told_account(message: Any) -> str:
    """The account as the order tells it: a hint in a hold order, the frozen account itself in a freeze-to-hold."""
    return getattr(message, "payee_hint", None) or getattr(message, "account", None) or ""


def _say(request: HttpRequest, text: Text) -> str:
    return text.in_(lang_of(request))


def _answer_id(request: HttpRequest) -> str:
    """The id of the answer is in the form: pressing twice is one answer."""
    try:
        return str(UUID(request.POST.get("answer_id", "")))
    except ValueError:
        return new_id()


def _send(found: Order, message: Any, now: datetime) -> None:
    answering.send(partner=found.partner_id, message=message, at=now)


def _cannot(request: HttpRequest, found: Order, answer_id: str, now: datetime) -> CannotMatch:
    code = request.POST.get("cannot_code", "")
    searched = one_line(request.POST.get("searched"), most=500)
    if code not in {each[0] for each in CANNOT}:
        raise Wrong(Text("कारण चुनें: क्या नहीं मिला?", "Choose what does not match."))
    if not searched:
        raise Wrong(
            Text("कहाँ-कहाँ देखा, यह लिखें (तारीख, खाते, नंबर)।", "Say where you looked (dates, accounts, references).")
        )
    return CannotMatch(answer_id, str(found.id), now, code, searched)


def _answer(
    found: Order,
    rows: list[ledger.Typed],
    asked: tuple[tuple[int, int], ...],
    account: str,
    answer_id: str,
    now: datetime,
) -> HoldAnswer:
    """The signed answer's content. Raises Wrong."""
    if not account:
        raise Wrong(Text("जिस खाते में पैसा आया, वह नंबर लिखें।", "Enter the account that received the money."))
    return answering.hold_answer(
        found,
        rows,
        asked=asked,
        account=account,
        answer_id=answer_id,
        allocated=answering.allocated_by(found.partner_id),
        at=now,
    )


def _show(
    request: HttpRequest,
    found: Order,
    door: Door,
    rows: list[ledger.Typed],
    asked_paise: int,
    *,
    account: str,
    refused: Text | None = None,
    read: pasted.Read | None = None,
) -> HttpResponse:
    message = found.message
    left = ledger.left_of(rows, asked_paise)
    answers = answering.answers_to(found)
    lang = lang_of(request)
    if left > 0 and not any(row.empty for row in rows):
        rows = [*rows, ledger.Typed(left_paise=left)]  # there is always a line to hold what is left
    for row in rows:
        row.bank_shown = (
            row.bank if row.wrong.get("bank") or not row.bank else f"{row.bank} {bank_name(row.bank, lang)}"
        )
    context = {
        "order": found,
        "message": message,
        "payment": message.payment,
        "word": ORDER_WORDS[found.kind],
        "payer": bank_name(message.payment.payer_bank, lang),
        "account": account,
        "asked_paise": asked_paise,
        "rows": list(enumerate(rows)),
        "whats": WHATS.values(),
        "cannots": CANNOT,
        "rails": (*RAILS[:5], "INTERNAL"),
        "banks": banks_to_choose(lang),
        "left_paise": left,
        "over_paise": -left if left < 0 else 0,
        "why_not": ledger.why_not_yet(rows, asked_paise),
        "parts": _parts(rows, max(left, 0)),
        "refused": refused,
        "answers": answers,
        "bounced": answers[0].message if answers and answers[0].kind == "CannotMatch" else None,
        "given": next((each.message for each in answers if each.kind == "HoldAnswer"), None),
        "answer_id": request.POST.get("answer_id") or new_id(),
        "base": door.base,
        "clocks": clocks_of(found, lang_of(request)),
        "due": dues_of([found])[found.pk],
        "seen_at": next((each.received_at for each in reversed(answers)), None),
        "door": door.name,
        "read": read,
        "place": _place(found),
        **door.around(found),
        "today": in_ist(datetime.now(tz=UTC)).date().isoformat(),
        "book": _book(found.partner_id, account, str(found.id), typed_paise(request.POST.get("balance", ""))),
        "footage": _footage(found, answers),
        "children": [(bank_name(code, lang) or code, paise) for code, paise in _children(found, answers)],
        "stream_url": stream_url_for([f"order:{found.id}"]),
        "typed": request.POST,
    }
    return render(request, "bank/order.html", context, status=422 if refused else 200)


def _parts(rows: list[ledger.Typed], left: int) -> list[Part]:
    """The bar of the equation: one stretch a line, what is left at the end."""
    parts = [
        Part(row.what, row.paise or 0, row.kind.text, row.kind.glyph, row.kind.texture)
        for row in rows
        if row.kind and row.paise
    ]
    return [*parts, Part("left", left, Text("बाकी", "left"), "due", "due")] if left else parts


def typed_paise(words: str) -> int | None:
    """What somebody typed as a sum, or None."""
    try:
        return read_rupees(words)
    except NotAnAmount:
        return None


def _book(partner: str, account: str, order_id: str, balance_paise: int | None) -> dict[str, Any] | None:
    """The account's own hold book: what this order holds, and how much of the balance no hold of ours has.

    Of other holds neither number nor sum is shown, only what they leave free. `headroom_paise` needs the balance of
    the core system; it is the most that "hold what is there" may fill in.
    """
    if not account:
        return None
    now = datetime.now(tz=UTC)
    holds = [hold for hold in Hold.objects.filter(bank_id=partner, book__account=account) if hold.held_at(now)]
    mine = sum(hold.held_paise for hold in holds if str(hold.pk) == order_id)
    taken = sum(hold.held_paise for hold in holds)
    headroom = max(balance_paise - taken, 0) if balance_paise is not None else None
    parts = [
        Part("this", mine, Text("यह रोक", "this hold"), "held", "held"),
        Part("free", headroom or 0, Text("खाली", "free"), "seen", "back"),
    ]
    return {"this_paise": mine, "headroom_paise": headroom, "parts": [part for part in parts if part.paise]}


@for_banks
def headroom(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """What of the typed balance is free to hold, while the clerk types; {} until account and balance are readable."""
    partner = officer_of(request).bank_id or ""
    found = Order.objects.filter(id=order_id, partner_id=partner).first()
    if found is None:
        raise Http404
    account = one_line(request.GET.get("account"), most=64).replace(" ", "")
    book = _book(partner, account, str(found.id), typed_paise(request.GET.get("balance", "")))
    return JsonResponse({"free_paise": book["headroom_paise"]} if book and book["headroom_paise"] is not None else {})


def _place(found: Order) -> tuple[int, int, str, str]:
    """Where this order stands in its queue: place, length, addresses of the one before and after."""
    kinds = next((kinds for _, _, kinds in TABS if found.kind in kinds), TABS[0][2])
    ids = list(open_orders(found.partner_id, kinds).values_list("id", flat=True)[:500])
    if found.id not in ids:
        return (0, len(ids), "", "")
    at = ids.index(found.id)
    before = reverse("bank:order", args=[ids[at - 1]]) if at else ""
    after = reverse("bank:order", args=[ids[at + 1]]) if at + 1 < len(ids) else ""
    return (at + 1, len(ids), before, after)


def _footage(found: Order, answers: list[Any]) -> list[tuple[str, date]]:
    """Cash this answer told of, whose pictures will be overwritten: what and on which day."""
    message = next((each.message for each in answers if each.kind == "HoldAnswer"), None)
    if message is None:
        return []
    days = rule("footage_kept", jurisdiction=found.message.basis.jurisdiction, on=found.posted_at).value
    lost_on = found.message.payment.date + timedelta(days=days)
    return [(line.particulars or "", lost_on) for line in message.lines if line.terminal_kind in ("CASH_ATM", "AEPS")]


def _children(found: Order, answers: list[Any]) -> list[tuple[str, int]]:
    """Where onward lines of the standing answer went: the next bank and how much; not its order, not its answer."""
    message = next((each.message for each in answers if each.kind == "HoldAnswer"), None)
    if message is None:
        return []
    sums: dict[str, int] = {}
    for line in message.lines:
        if line.kind == "onward" and line.payment is not None:
            sums[line.payment.payee_bank or "?"] = sums.get(line.payment.payee_bank or "?", 0) + line.hi - line.lo
    return sorted(sums.items())
