"""What a bank tells unasked: a hold of its own, a suspicious account, a victim at the counter, a late credit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.holds.models import Hold, OwnHoldSeen
from thaam.journal.ids import new_id
from thaam.language.dates import IST
from thaam.language.numbers import latin_digits
from thaam.language.text import Text
from thaam.mailbox.models import Answer
from thaam.parties.models import Bank
from thaam.web.bank import answering
from thaam.web.bank.queue import tabs_of
from thaam.web.shared.audience import for_banks, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line, read_amount, read_mobile
from thaam.wire.fields import InvalidMessage
from thaam.wire.messages import CustomerReport, LateCredit, OwnHold, PaymentId, SuspiciousAccount
from thaam.wire.words import RAILS

KINDS: dict[str, tuple[str, Text, Text]] = {
    "hold": (
        "OwnHold",
        Text("हमने खुद रोक लगाई", "We placed a hold ourselves"),
        Text("पुलिस को तुरंत खबर जाती है।", "The police are told at once."),
    ),
    "suspicious": (
        "SuspiciousAccount",
        Text("संदिग्ध खाता", "Suspicious account"),
        Text("इससे अपने आप कोई रोक नहीं लगती।", "No hold follows from this alone."),
    ),
    "victim": (
        "CustomerReport",
        Text("शाखा में बैठा ग्राहक ठगा गया", "A customer in the branch was cheated"),
        Text(
            "शिकायत यहीं से दर्ज होगी; ग्राहक के फ़ोन पर कोड जाएगा।",
            "The complaint is filed from here; a code goes to the phone.",
        ),
    ),
    "credit": (
        "LateCredit",
        Text("रोक वाले खाते में नया पैसा आया", "New money came to an account with a hold"),
        Text("पुरानी रोक इस पर नहीं लगती: अधिकारी तय करेंगे।", "The old hold does not cover it: an officer decides."),
    ),
}
HOLD_REASONS = (
    ("suspected_fraud", Text("ठगी का शक", "Suspected fraud")),
    ("customer_report", Text("ग्राहक की शिकायत", "A customer's report")),
    ("law", Text("कानूनी आदेश", "Order of law")),
    ("other", Text("कुछ और", "Something else")),
)
SUSPICIONS = (
    ("mule_pattern", Text("कई छोटी जमा, फिर एक निकासी", "Many small credits, then one debit")),
    ("dormant_active", Text("बंद पड़ा खाता अचानक चल पड़ा", "A sleeping account woke up")),
    ("kyc_mismatch", Text("पता या KYC मेल नहीं खाता", "Address or KYC does not match")),
    ("victim_complaint", Text("किसी ठगे गए ने यह खाता बताया", "A victim named this account")),
    ("listed", Text("सूची में दर्ज नंबर या नाम", "Number or name on a list")),
    ("other", Text("कुछ और", "Something else")),
)
_SENT = Text("खबर भेज दी गई।", "The news was sent.")


@for_banks
def tell(request: HttpRequest) -> HttpResponse:
    """The four kinds of news, and what this bank told lately."""
    partner = officer_of(request).bank_id or ""
    names = {name: text for name, text, _ in KINDS.values()}
    told = Answer.objects.filter(partner_id=partner, order_id=None, kind__in=names).order_by("-received_at")[:30]
    context = {
        "tabs": tabs_of(partner, ""),
        "chosen": "tell",
        "kinds": [(kind, text, hint) for kind, (_, text, hint) in KINDS.items()],
        "told": [(each, names[each.kind]) for each in told],
        "own": OwnHoldSeen.objects.filter(bank_id=partner).order_by("-reported_at")[:10],
    }
    return render(request, "bank/tell.html", context)


@for_banks
def tell_one(request: HttpRequest, kind: str) -> HttpResponse:
    """One form of six fields or fewer; sent twice it is one piece of news."""
    if kind not in KINDS:
        raise Http404
    partner = officer_of(request).bank_id or ""
    now = datetime.now(tz=UTC)
    refused: Text | None = None
    if request.method == "POST":
        try:
            message = _READ[kind](request, partner, _id(request), now)
            answering.send(partner=partner, message=message, at=now)
            messages.success(request, _SENT.in_(lang_of(request)))
            return redirect("bank:tell")
        except Wrong as slip:
            refused = slip.text
        except InvalidMessage as slip:
            refused = Text(f"यह ऐसे नहीं भेजा जा सकता: {slip}", f"It cannot be sent like this: {slip}")
    context = {
        "tabs": tabs_of(partner, ""),
        "chosen": "tell",
        "kind": kind,
        "word": KINDS[kind][1],
        "hint": KINDS[kind][2],
        "refused": refused,
        "typed": request.POST,
        "message_id": request.POST.get("message_id") or new_id(),
        "banks": Bank.objects.order_by("name_en"),
        "rails": RAILS[:5],
        "hold_reasons": HOLD_REASONS,
        "suspicions": SUSPICIONS,
        "holds": _holds(partner) if kind == "credit" else [],
        "today": now.astimezone(IST).date().isoformat(),
    }
    return render(request, "bank/tell_one.html", context, status=422 if refused else 200)


def _holds(partner: str) -> list[Hold]:
    return [
        hold
        for hold in Hold.objects.filter(bank_id=partner)
        .exclude(book=None)
        .select_related("book")
        .order_by("-asked_at")[:200]
        if hold.held
    ]


def _id(request: HttpRequest) -> str:
    try:
        return str(UUID(request.POST.get("message_id", "")))
    except ValueError:
        return new_id()


def _account(request: HttpRequest) -> str:
    account = one_line(request.POST.get("account"), most=64).replace(" ", "")
    if not account:
        raise Wrong(Text("खाता नंबर लिखें।", "Enter the account number."))
    return account


def _day(request: HttpRequest, name: str, now: datetime) -> date:
    try:
        day = date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        raise Wrong(Text("तारीख लिखें।", "Enter the date.")) from None
    if day > now.astimezone(IST).date():
        raise Wrong(Text("तारीख आगे की नहीं हो सकती।", "The date cannot be in the future."))
    return day


def _payment(request: HttpRequest, partner: str, now: datetime, *, mine: str) -> PaymentId:
    """The payment as typed; `mine` is the side this bank is on, payer or payee."""
    reference = latin_digits(request.POST.get("reference", "")).replace(" ", "")
    if not reference:
        raise Wrong(Text("लेन-देन का नंबर (UTR) लिखें।", "Enter the reference (UTR)."))
    other = request.POST.get("other_bank", "")
    if not Bank.objects.filter(code=other).exists() and (mine == "payee" or other):
        raise Wrong(Text("दूसरा बैंक चुनें।", "Choose the other bank."))
    payer, payee = (partner, other or None) if mine == "payer" else (other, partner)
    return PaymentId(
        request.POST.get("rail") or "UPI", reference, _day(request, "on", now), read_amount(request.POST.get("amount")),
        payer, payee,
    )  # fmt: skip


def _own_hold(request: HttpRequest, partner: str, message_id: str, now: datetime) -> OwnHold:
    reason = request.POST.get("reason", "")
    if reason not in dict(HOLD_REASONS):
        raise Wrong(Text("कारण चुनें।", "Choose the reason."))
    lien = one_line(request.POST.get("lien"), most=64).replace(" ", "")
    if not lien:
        raise Wrong(Text("लियन नंबर लिखें।", "Enter the lien number."))
    day = _day(request, "on", now)
    placed_at = min(datetime.combine(day, time(12), IST).astimezone(UTC), now)
    ends = request.POST.get("until", "")
    try:
        until = (
            datetime.combine(date.fromisoformat(ends) + timedelta(days=1), time(), IST).astimezone(UTC)
            if ends
            else None
        )
    except ValueError:
        raise Wrong(Text("रोक कब तक है: तारीख ठीक लिखें।", "Until when is the hold: enter a date.")) from None
    payment = _payment(request, partner, now, mine="payee") if request.POST.get("reference", "").strip() else None
    amount = read_amount(request.POST.get("held") or request.POST.get("amount"))
    return OwnHold(message_id, now, _account(request), payment, amount, lien, reason, placed_at, until)


def _suspicious(request: HttpRequest, partner: str, message_id: str, now: datetime) -> SuspiciousAccount:
    reasons = [reason for reason in request.POST.getlist("reason") if reason in dict(SUSPICIONS)]
    if not reasons:
        raise Wrong(Text("कम से कम एक कारण पर निशान लगाएँ।", "Tick at least one reason."))
    words = one_line(request.POST.get("words"), most=1500)
    more = ", ".join(dict(SUSPICIONS)[reason].en for reason in reasons[1:])
    seen_at = min(datetime.combine(_day(request, "on", now), time(12), IST).astimezone(UTC), now)
    told = " · ".join(part for part in (more, words) if part)
    return SuspiciousAccount(message_id, now, _account(request), reasons[0], told or None, seen_at)


def _victim(request: HttpRequest, partner: str, message_id: str, now: datetime) -> CustomerReport:
    last4 = latin_digits(request.POST.get("last4", "")).strip()
    if last4 and not (len(last4) == 4 and last4.isdigit()):
        raise Wrong(Text("खाते के आख़िरी 4 अंक लिखें।", "Enter the last 4 digits of the account."))
    mobile = read_mobile(request.POST.get("mobile"))
    branch = one_line(request.POST.get("branch"), most=100)
    payment = _payment(request, partner, now, mine="payer")
    return CustomerReport(message_id, now, (payment,), mobile, last4 or None, branch or None)


def _late(request: HttpRequest, partner: str, message_id: str, now: datetime) -> LateCredit:
    chosen = [each for each in (_uuid(request.POST.get("hold")),) if each]
    hold = Hold.objects.filter(bank_id=partner, pk__in=chosen).select_related("book").first()
    account = hold.book.account if hold and hold.book else _account(request)
    payment = _payment(request, partner, now, mine="payee")
    return LateCredit(message_id, now, str(hold.pk) if hold else None, account, payment)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


_READ: dict[str, Callable[[HttpRequest, str, str, datetime], Any]] = {
    "hold": _own_hold,
    "suspicious": _suspicious,
    "victim": _victim,
    "credit": _late,
}
