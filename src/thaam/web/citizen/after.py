"""What a reporter may do later behind the link: add words, correct a reference, apply for the money that is held."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.chase.counting import account_of
from thaam.complaints.adding import add_details
from thaam.complaints.correcting import Withdrawn, correct_debit
from thaam.complaints.models import Complaint, Debit
from thaam.complaints.progress import progress_of
from thaam.complaints.telling import CannotFile, DebitTold
from thaam.journal.ids import id_from, new_id
from thaam.language.text import Text
from thaam.letters.models import Letter
from thaam.money.partition import State
from thaam.restoration.applying import AppliedAlready, NothingToRestore, UndertakingMissing, apply, check_may_apply
from thaam.restoration.mine import payouts_of, reversals_of, shares_of
from thaam.restoration.models import Application, Restoration
from thaam.restoration.outlook import outlook_of, outlook_of_contest
from thaam.restoration.paths import NEEDS_ORDER, PATH_TEXT, ask_of
from thaam.restoration.stages import stages_of
from thaam.web.citizen import filed
from thaam.web.citizen.status import find_complaint
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.banks import UNKNOWN_BANK, bank_name, code_told, tiles
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.fields import Wrong, id_or_new, one_line, read_account, read_name, read_story
from thaam.web.shared.references import look_at_reference
from thaam.web.shared.tries import too_many


def _missing(request: HttpRequest) -> HttpResponse:
    return say_error(request, 429 if too_many(request, "link") else 404)


@for_citizens
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Add to the story; what was written before stays."""
    complaint = find_complaint(code)
    if complaint is None:
        return _missing(request)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            words = read_story(request.POST.get("words"))
            if not words:
                raise Wrong(Text("कुछ लिखें, फिर जोड़ें।", "Write something first."))
            add_details(complaint_id=complaint.pk, by="citizen", at=datetime.now(tz=UTC), words=words)
            return redirect("citizen:status-link", code=code)
        except Wrong as slip:
            wrong["words"] = slip.text
        except CannotFile as refused:
            wrong["words"] = refused.text
    context = {"complaint": complaint, "code": code, "wrong": wrong, "typed": request.POST}
    return render(request, "citizen/add.html", context, status=422 if wrong else 200)


@for_citizens
def fix(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Correct the reference of one debit; the banks are asked anew with it."""
    complaint = find_complaint(code)
    debit = complaint.debits.filter(number=number).first() if complaint else None
    if complaint is None or debit is None:
        return _missing(request)
    wrong: dict[str, Text] = {}
    hint: Text | None = None
    if _is_matched(debit):
        return render(
            request, "citizen/fix.html", {"complaint": complaint, "debit": debit, "code": code, "matched": True}
        )
    if request.method == "POST":
        look = look_at_reference(request.POST.get("reference", ""))
        if not look.reference:
            wrong["reference"] = Text("बैंक का लेन-देन नंबर लिखें।", "Enter the bank transaction number.")
        elif not look.sound and request.POST.get("seen_reference") != look.reference:
            hint = look.text
        else:
            told = {each.name: getattr(debit, each.name) for each in fields(DebitTold) if each.name != "claimed_paise"}
            told |= {"reference": look.reference, "rail": look.rail or debit.rail}
            try:
                now = datetime.now(tz=UTC)
                correct_debit(debit_id=debit.pk, told=DebitTold(**told), by="citizen", at=now)
                return redirect("citizen:status-link", code=code)
            except CannotFile as refused:
                wrong["reference"] = refused.text
            except Withdrawn:
                wrong["reference"] = Text("यह शिकायत वापस ली जा चुकी है।", "This complaint was taken back.")
    typed = request.POST or {"reference": debit.reference}
    context = {"complaint": complaint, "debit": debit, "code": code, "wrong": wrong, "hint": hint, "typed": typed}
    return render(request, "citizen/fix.html", context, status=422 if wrong else 200)


def _is_matched(debit: Debit) -> bool:
    """Banks found this payment and hold or paid back some of it: another number would let that go."""
    totals = account_of(debit.claim, at=datetime.now(tz=UTC)).totals()
    return bool(totals[State.HELD] or totals[State.RESTORED])


@for_citizens
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """The seven stages of money on its way back, the rule for this sum, and the application; no form without a hold."""
    complaint = find_complaint(code)
    if complaint is None:
        return _missing(request)
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    asks_code = False
    if request.method == "POST":
        try:
            if _apply(request, complaint, now):
                return redirect("citizen:restore", code=code)
            asks_code = True
        except _WrongCode as slip:
            wrong["code"], asks_code = slip.text, True
        except Wrong as slip:
            wrong["to_account"] = slip.text
        except _NoFir as slip:
            wrong["fir_number"] = slip.text
        except UndertakingMissing:
            wrong["undertaking"] = Text("वचन वाले खाने पर निशान लगाएँ।", "Tick the undertaking.")
        except NothingToRestore:
            wrong["to_account"] = Text("अभी कोई रकम रुकी नहीं है।", "Nothing is held right now.")
        except AppliedAlready:
            return redirect("citizen:restore", code=code)
    application = Application.objects.filter(complaint=complaint, refused_at=None).first()
    totals = progress_of(complaint, now).totals
    context = {
        "complaint": complaint,
        "code": code,
        "held_paise": totals[State.HELD],
        "restored_paise": totals[State.RESTORED],
        "application": application,
        "path": PATH_TEXT[application.path] if application else None,
        "bond": Letter.objects.filter(about=f"application:{application.pk}").first() if application else None,
        "ask": ask_of(complaint, at=now),
        "rule": _explained(complaint, now),
        "shares": shares_of(complaint),
        "payouts": [_standing(each, now) for each in payouts_of(complaint)],
        "reversals": [(each, outlook_of_contest(each)) for each in reversals_of(complaint)],
        "sent_back": Application.objects.filter(complaint=complaint)
        .exclude(refused_at=None)
        .order_by("-refused_at")
        .first(),
        "stages": stages_of(complaint, at=now),
        "banks": tiles(),
        "asks_code": asks_code,
        "mobile_tail": f"••••{complaint.mobile[-4:]}",
        "application_id": request.POST.get("application_id") or new_id(),
        "wrong": wrong,
        "typed": request.POST or _prefilled(complaint),
    }
    return render(request, "citizen/restore.html", context, status=422 if wrong else 200)


def _standing(one: Restoration, now: datetime) -> dict[str, Any]:
    """One payment on its way, as the page shows it: what, how it stands, what next and by when."""
    return {
        "amount_paise": one.amount_paise, "hold": one.hold, "repayment": one.repayment,
        "paid_reference": one.paid_reference, "outlook": outlook_of(one, at=now),
    }  # fmt: skip


class _NoFir(Exception):
    """So much in one account needs an FIR."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def _explained(complaint: Complaint, now: datetime) -> Text:
    limit = ask_of(complaint, at=now).rule
    return Text(limit.explain("hi"), limit.explain("en"))


def _prefilled(complaint: Complaint) -> dict[str, str]:
    """What the complaint tells already: the bank the money left (of the tiles or by name), and the holder's name."""
    debit = complaint.debits.order_by("number").first()
    code = debit.payer_bank if debit and debit.payer_bank != UNKNOWN_BANK else ""
    known = {"holder_name": complaint.name, "to_bank": code, "to_bank_other": ""}
    if code and code not in {each.code for each in tiles()}:
        known |= {"to_bank": "other", "to_bank_other": bank_name(code, complaint.lang)}
    return known


class _WrongCode(Wrong):
    """The code of the account was wrong, too old or sent too often; the form stays, and asks for it again."""


def _apply(request: HttpRequest, complaint: Complaint, now: datetime) -> bool:
    """File the application; False while the code for this account has still to be typed. Raises what the form shows.

    The link of the SMS shows how the money stands. Where it may be paid, only whoever holds the mobile says: with the
    code sent to it for this very account. Without it (the telephone is lost) the application waits for a passbook.
    """
    chosen = request.POST.get("to_bank", "")
    bank = code_told(chosen if chosen not in ("", "other") else request.POST.get("to_bank_other", ""))
    account = read_account(request.POST.get("to_account"))
    if not bank or not account:
        raise Wrong(Text("अपना बैंक और खाता नंबर लिखें।", "Enter your bank and account number."))
    fir = one_line(request.POST.get("fir_number"), most=60)
    path = request.POST.get("path", "")
    by_order = path in NEEDS_ORDER
    if ask_of(complaint, at=now).fir_needed and not fir and not by_order:
        raise _NoFir(
            Text(
                "किसी एक खाते में सीमा से ज़्यादा रकम रुकी है। FIR नंबर लिखें, या नीचे अदालत का रास्ता चुनें।",
                "More than the limit is held in one account. Enter the FIR number, or choose a court's way below.",
            )
        )
    undertaking = request.POST.get("undertaking") == "yes"
    check_may_apply(complaint, undertaking=undertaking, at=now)
    application_id = id_or_new(request.POST.get("application_id"))
    proved = "without_code" not in request.POST
    if proved and not _proved(request, complaint, application_id, f"account:{bank}/{account}", now):
        return False
    apply(
        application_id=application_id,
        complaint_id=complaint.pk,
        to_bank=bank,
        to_account=account,
        holder_name=read_name(request.POST.get("holder_name")) or complaint.name,
        undertaking=undertaking,
        fir_number=fir,
        path=path if by_order else "",
        proved=proved,
        at=now,
    )
    return True


def _proved(request: HttpRequest, complaint: Complaint, application_id: str, about: str, now: datetime) -> bool:
    """Whether the code typed is the one sent for this account; the first time, and when asked again, one is sent."""
    try:
        if "again" in request.POST:
            filed.send_code(complaint, at=now, about=about)
            return False
        filed.send_code(complaint, at=now, code_id=id_from("account code", application_id, about), about=about)
        if not request.POST.get("code"):
            return False
        filed.confirm(complaint, request.POST["code"], at=now, about=about)
    except Wrong as slip:
        raise _WrongCode(slip.text) from slip
    return True


@for_citizens
def bond(request: HttpRequest, code: str) -> HttpResponse:
    """The indemnity bond, filled in: to print, sign and hand in."""
    complaint = find_complaint(code)
    application = Application.objects.filter(complaint=complaint, refused_at=None).first() if complaint else None
    found = Letter.objects.filter(about=f"application:{application.pk}").first() if application else None
    if found is None:
        return _missing(request)
    answer = HttpResponse(bytes(found.paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer
