"""Papers of a complaint: ask a bank for them, see what came and who touched it, let a statement draft an answer."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.models import Payment, Trail
from thaam.chase.payments import identity_of
from thaam.clocks.models import Clock
from thaam.clocks.running import explain
from thaam.complaints.models import Complaint
from thaam.evidence.asking import CLOCKS, ask_for_information
from thaam.evidence.confirming import AnsweredAlready, BankUnknown, confirm_draft
from thaam.evidence.models import Asked, GotFile
from thaam.evidence.receiving import is_answered, missing_digests
from thaam.evidence.statements import DoesNotAddUp, read_statement
from thaam.evidence.tracing import DraftAnswer, NotInStatement, draft_answer
from thaam.files.keeping import Missing, Quarantined, open_file
from thaam.files.sheets import UnreadableSheet
from thaam.holds.models import Hold
from thaam.journal.ids import new_id
from thaam.language import rupees
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.parties.banks import bank_of_ifsc
from thaam.parties.models import Bank
from thaam.web.bank.answering import asked_ranges
from thaam.web.bank.kinds import WHAT
from thaam.web.bank.papers import opened
from thaam.web.desk.complaint import get_complaint
from thaam.web.shared.audience import for_desk, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import one_line
from thaam.wire.fields import InvalidMessage
from thaam.wire.parts import IssuedBy


def _payments(complaint: Complaint) -> list[Payment]:
    ids = Trail.objects.filter(claim__chase_id=complaint.pk).values_list("payment_id", flat=True)
    return list(Payment.objects.filter(pk__in=set(ids)).exclude(reference="").order_by("on", "reference")[:300])


@for_desk
def papers(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """What was asked for this complaint, with clocks and files; a form to ask for more."""
    complaint = get_complaint(complaint_id, officer_of(request))
    payments = _payments(complaint)
    wrong: Text | None = None
    if request.method == "POST":
        wrong = _ask(request, complaint, payments)
        if wrong is None:
            return redirect("desk:papers", complaint_id=complaint_id)
    now, lang = datetime.now(tz=UTC), lang_of(request)
    asked = Asked.objects.filter(complaint=complaint.number).select_related("bank").order_by("-asked_at")
    rows = []
    for each in asked[:100]:
        clock = Clock.objects.filter(about="order", subject=each.order_id).first()
        rows.append(
            {
                "asked": each,
                "what": WHAT.get(each.what, WHAT["other"])[0],
                "done": is_answered(each),
                "missing": len(missing_digests(each)),
                "files": each.files.select_related("file"),
                "words": [got.words for got in each.got.order_by("at") if got.words],
                "due": clock.due_at if clock else each.due_at,
                "why": explain(clock, lang, now) if clock else [],
            }
        )
    context = {
        "complaint": complaint,
        "tab": "papers",
        "rows": rows,
        "payments": payments,
        "whats": [(name, WHAT[name][0]) for name in CLOCKS],
        "wrong": wrong,
        "typed": request.POST,
        "new_id": request.POST.get("order_id") or new_id(),
    }
    return render(request, "desk/papers.html", context, status=422 if wrong else 200)


def _ask(request: HttpRequest, complaint: Complaint, payments: list[Payment]) -> Text | None:
    chosen = next((each for each in payments if str(each.pk) == request.POST.get("payment")), None)
    what, side = request.POST.get("what", ""), request.POST.get("side", "payee")
    if chosen is None or what not in CLOCKS:
        return Text("लेन-देन और क्या चाहिए, दोनों चुनें।", "Choose the payment and what is wanted.")
    bank = chosen.payee_bank if side == "payee" else chosen.payer_bank
    if not Bank.objects.filter(code=bank or "").exists():
        return Text(
            "यह बैंक अभी थाम से नहीं जुड़ा, अनुरोध उस तक नहीं पहुँचेगा। फ़ोन या पत्र से माँगिए।",
            "This bank has not joined Thaam; no request reaches it. Ask by telephone or letter.",
        )
    hold = Hold.objects.filter(payment_id=chosen.pk).select_related("book").order_by("-asked_at").first()
    officer = officer_of(request)
    ask_for_information(
        order_id=_id(request.POST.get("order_id")),
        bank=bank or "",
        what=what,
        payment=identity_of(chosen),
        account=hold.book.account if hold and hold.book and hold.bank_id == bank else None,
        words=one_line(request.POST.get("words"), most=500),
        happened_at=datetime.combine(chosen.on, time(12), IST),
        complaint=complaint.number,
        jurisdiction=complaint.jurisdiction,
        issued_by=IssuedBy(office=officer.office.code if officer.office else "", officer=officer.username),
        by=f"officer:{officer.pk}",
        at=datetime.now(tz=UTC),
    )
    return None


def _id(said: str | None) -> str:
    try:
        return str(UUID(said or ""))
    except ValueError:
        return new_id()


@for_desk
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A file that came for a request: its bytes, the opening written in its custody."""
    found = GotFile.objects.select_related("file").filter(file_id=file_id).first()
    if found is None:
        raise Http404
    return opened(request, found.file, by=f"officer:{officer_of(request).pk}")


@for_desk
def statement(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A statement read and traced: the answer it drafts, and a named officer's word that makes it one."""
    got = GotFile.objects.select_related("file", "asked__bank").filter(file_id=file_id).first()
    if got is None:
        raise Http404
    complaint = Complaint.objects.filter(number=got.asked.complaint).first()
    if complaint is None:
        raise Http404
    order = _order_of(got.asked)
    draft, refused = _draft(got, order, by=f"officer:{officer_of(request).pk}")
    banks = {bank.code: bank for bank in Bank.objects.filter(in_network=True)}
    if request.method == "POST" and draft is not None and order is not None:
        chosen = {line.lo: request.POST.get(f"bank_{line.lo}", "") for line in draft.lines if line.kind == "onward"}
        try:
            confirm_draft(
                draft=draft, order=order, asked=got.asked, file=got,
                banks={lo: code for lo, code in chosen.items() if code in banks},
                officer=officer_of(request), at=datetime.now(tz=UTC),
            )  # fmt: skip
            said = Text(
                "जवाब के रूप में रखा गया; अगले बैंक को अनुरोध जाएगा।", "Kept as the answer; the next bank will be asked."
            )
            messages.success(request, said.in_(lang_of(request)))
            return redirect("desk:papers", complaint_id=complaint.pk)
        except (AnsweredAlready, BankUnknown) as why:
            refused = why.text
        except InvalidMessage as why:
            refused = Text(f"यह जवाब नहीं बन सकता: {why}", f"This cannot be an answer: {why}")
    context = {
        "complaint": complaint,
        "tab": "papers",
        "got": got,
        "order": order,
        "draft": draft,
        "lines": [(line, _guess(line.ifsc)) for line in draft.lines] if draft else [],
        "banks": sorted(banks.values(), key=lambda bank: bank.name_en),
        "refused": refused,
        "custody": got.file.touches,
    }
    return render(request, "desk/statement.html", context, status=422 if refused else 200)


def _guess(ifsc: str) -> str:
    bank = bank_of_ifsc(ifsc) if ifsc else None
    return bank.code if bank else ""


def _order_of(asked: Asked) -> Order | None:
    """The hold order the statement answers: of the same bank, about the same payment, the newest."""
    about = Order.objects.get(pk=asked.order_id).message.about
    orders = Order.objects.filter(partner_id=asked.bank_id, kind="HoldOrder").order_by("-posted_at")[:2_000]
    return next((each for each in orders if each.message.payment.reference == about.reference), None)


def _draft(got: GotFile, order: Order | None, *, by: str) -> tuple[DraftAnswer | None, Text | None]:
    if order is None:
        return None, Text("इस लेन-देन पर कोई रोक का आदेश नहीं है।", "There is no hold order for this payment.")
    account = got.asked.account or "STATEMENT"
    try:
        content = open_file(file=got.file, folder=settings.FILES, by=by, at=datetime.now(tz=UTC))
        read = read_statement(content, file_name=got.file.name, bank=got.asked.bank_id, account=account)
        return draft_answer(read, payment=order.message.payment, asked=asked_ranges(order), account=account), None
    except (Quarantined, UnreadableSheet, NotInStatement) as why:
        return None, why.text
    except Missing:
        return None, Text("फ़ाइल डिस्क पर वैसी नहीं है जैसी आई थी।", "The file on disk is not as it came.")
    except DoesNotAddUp as why:
        sums = {"row": why.row, "expected": rupees.full(why.expected_paise), "stated": rupees.full(why.stated_paise)}
        return None, Text(why.text.in_("hi", **sums), why.text.in_("en", **sums))
