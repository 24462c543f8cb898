"""The 1930 console: one page, keyboard first; F9 files the complaint, attests it in the operator's name and sends.

The operator's id is the attestation of what was sent. Everything else (name, story, safety) may follow on the page
after F9, on the citizen's link or at a station's desk.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thaam.complaints import confirming, filing
from thaam.complaints.models import Complaint
from thaam.complaints.telling import CannotFile, DebitTold
from thaam.helpline.models import Task
from thaam.helpline.ringing import call_of, join_call
from thaam.helpline.tasks import make_task
from thaam.holds.models import Hold
from thaam.journal.hints import stream_url_for
from thaam.journal.ids import id_from, new_id
from thaam.language import rupees
from thaam.language.numbers import only_digits
from thaam.language.text import Text
from thaam.web.desk import command, echoes
from thaam.web.desk.alikes import note_apart
from thaam.web.desk.script import SCRIPT, VARIANTS
from thaam.web.shared.audience import for_desk, officer_of
from thaam.web.shared.banks import bank_name, code_for, names_for_typing
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import (
    WHEN,
    Wrong,
    id_or_new,
    one_line,
    read_account,
    read_amount,
    read_last4,
    read_mobile,
    read_story,
    read_vpa,
    read_when,
)
from thaam.web.shared.references import look_at_reference

ROWS = 3
MINE_MAX = 6


@for_desk
def console(request: HttpRequest) -> HttpResponse:
    """An empty call, or the same call with its slips."""
    if request.method != "POST":
        call = call_of(officer_of(request), datetime.now(tz=UTC))
        mobile = only_digits(request.GET.get("mobile", ""))[:10] or (call.mobile if call else "")
        return _show(request, {"call_id": new_id(), "mobile": mobile, "ring": call.id if call else ""}, {})
    now, officer = datetime.now(tz=UTC), officer_of(request)
    call_id = id_or_new(request.POST.get("call_id", ""))
    debits, wrong = _read_debits(request, now)
    mobile = ""
    try:
        mobile = read_mobile(request.POST.get("mobile"))
    except Wrong as slip:
        wrong["mobile"] = slip.text
    story = ""
    try:
        story = read_story(request.POST.get("story"))
    except Wrong as slip:
        wrong["story"] = slip.text
    if wrong:
        return _show(request, {"call_id": call_id}, wrong)
    try:
        complaint = filing.file_complaint(
            complaint_id=call_id,
            lang="en" if request.POST.get("caller_lang") == "en" else "hi",
            channel="phone",
            mobile=mobile,
            name=one_line(request.POST.get("name"), most=120),
            district=one_line(request.POST.get("district"), most=80),
            story=story,
            debits=debits,
            by=f"officer:{officer.pk}",
            at=now,
        )
        confirming.attest(complaint_id=complaint.pk, officer=officer, at=now)
        if "weak" in request.POST:
            _owe_reference(complaint, officer.pk, now)
        join_call(ring_id=request.POST.get("ring", "")[:80], complaint=complaint, officer=officer, at=now)
        note_apart(request, complaint, officer, now)
    except CannotFile as refused:
        return _show(request, {"call_id": call_id}, {"amount_0": refused.text})
    except filing.SameIdOtherContent:
        return redirect("desk:call", complaint_id=call_id)
    return redirect("desk:call", complaint_id=complaint.pk)


def _owe_reference(complaint: Complaint, officer_id: int, now: datetime) -> None:
    """F10: sent without a sure reference; somebody asks for it again within the hour."""
    make_task(
        task_id=id_from("task", "weak reference", complaint.pk),
        kind=Task.Type.REFERENCE,
        complaint=complaint,
        words="F10",
        due_at=now + timedelta(hours=1),
        by=f"officer:{officer_id}",
        at=now,
    )


def _read_debits(request: HttpRequest, now: datetime) -> tuple[list[DebitTold], dict[str, Text]]:
    """The rows that were filled; the first one always counts."""
    debits: list[DebitTold] = []
    wrong: dict[str, Text] = {}
    for place in range(ROWS):
        if place and not request.POST.get(f"amount_{place}", "").strip():
            continue
        told, slips = read_debit(request, place, now)
        wrong |= {f"{name}_{place}": text for name, text in slips.items()}
        if told:
            debits.append(told)
    return debits, wrong


def read_debit(request: HttpRequest, place: int, now: datetime) -> tuple[DebitTold | None, dict[str, Text]]:
    """One row of the console as a debit, or None and the slips by field."""
    post: dict[str, str] = {}
    for name in ("amount", "choice", "on", "clock", "bank", "reference", "last4", "to"):
        post[name] = request.POST.get(f"{name}_{place}", "") or (
            request.POST.get(f"{name}_0", "") if place and name in ("choice", "on", "clock", "bank", "last4") else ""
        )
    wrong: dict[str, Text] = {}
    amount, paid, last4 = 0, None, ""
    try:
        amount = read_amount(post["amount"])
    except Wrong as slip:
        wrong["amount"] = slip.text
    try:
        choice = post["choice"] or ("today" if post["clock"] else "now")
        paid = read_when(choice, post["on"], post["clock"], now=now)
    except Wrong as slip:
        wrong["clock"] = slip.text
    bank = code_for(one_line(post["bank"], most=120))
    if not bank:
        wrong["bank"] = Text("बैंक या ऐप लिखें।", "Enter the bank or app.")
    try:
        last4 = read_last4(post["last4"])
    except Wrong as slip:
        wrong["last4"] = slip.text
    vpa, account = _receiver(post["to"], wrong)
    look = look_at_reference(post["reference"])
    if not look.reference and len(last4) < 4 and "weak" not in request.POST:
        wrong["reference"] = Text("UTR लिखें, या खाते के अंतिम 4 अंक।", "Enter the UTR, or the last 4 digits of the account.")
    if wrong or paid is None:
        return None, wrong
    told = DebitTold(
        amount_paise=amount,
        paid_at=paid.at,
        rail=look.rail or "UPI",
        reference=look.reference,
        payer_bank=bank,
        payer_last4=last4 if len(last4) == 4 else "",
        payee_account=account,
        payee_vpa=vpa,
    )
    return told, wrong


def _receiver(typed: str, wrong: dict[str, Text]) -> tuple[str, str]:
    """One field for whoever got the money: a UPI id has an @, anything else is an account number."""
    try:
        return (read_vpa(typed), "") if "@" in typed else ("", read_account(typed))
    except Wrong as slip:
        wrong["to"] = slip.text
        return "", ""


def _show(request: HttpRequest, context: dict[str, Any], wrong: dict[str, Text]) -> HttpResponse:
    lang, officer = lang_of(request), officer_of(request)
    now = datetime.now(tz=UTC)
    rows = [
        {
            "place": place,
            "first": place == 0,
            "open": place == 0 or bool(request.POST.get(f"amount_{place}")),
            "typed": {
                name: request.POST.get(f"{name}_{place}", "")
                for name in ("amount", "choice", "on", "clock", "bank", "reference", "last4", "to")
            },
            "wrong": {name.rsplit("_", 1)[0]: text for name, text in wrong.items() if name.endswith(f"_{place}")},
        }
        for place in range(ROWS)
    ]
    mine = Hold.objects.filter(officer=officer.username).select_related("bank").order_by("-asked_at")[:MINE_MAX]
    return render(
        request,
        "desk/console.html",
        {
            "mobile": "",
            "ring": "",
            **context,
            "rows": rows,
            "wrong": wrong,
            "typed": request.POST,
            "when_choices": WHEN,
            "script": SCRIPT,
            "variants": VARIANTS,
            "mine": [
                {"hold": hold, "held_paise": hold.held_paise, "asked_paise": sum_of_ranges(hold.asked)} for hold in mine
            ],
            "bank_names": names_for_typing(lang),
            "banks_now": [(row, row.silent(now)) for row in echoes.banks_now(lang, at=now)],
            "waiting_count": Complaint.objects.filter(confirmed_at=None, withdrawn_at=None).count(),
            "tab": "console",
            "stream_url": stream_url_for(["hold:asked", "hold:held", "complaint:filed"]),
        },
        status=422 if wrong else 200,
    )


def sum_of_ranges(ranges: Any) -> int:
    """Paise in these half-open ranges together."""
    return sum(hi - lo for lo, hi in ranges)


@for_desk
def look(request: HttpRequest) -> HttpResponse:
    """What is recognised while typing: reference, bank, words of the sum, duplicates, the account seen elsewhere."""
    lang = lang_of(request)
    get = {name: one_line(request.GET.get(name), most=120) for name in ("amount", "bank", "reference", "to")}
    said: dict[str, Any] = {}
    seen = look_at_reference(get["reference"])
    said["reference"] = [seen.text.in_(lang) if seen.text else "", seen.sound]
    try:
        said["amount"] = rupees.words(read_amount(get["amount"]), lang) if get["amount"] else ""
    except Wrong:
        said["amount"] = ""
    code = code_for(get["bank"])
    said["bank"] = bank_name(code, lang) if code and code != "UNKNOWN" else ""
    same = echoes.same_reference(seen.reference) if seen.sound else []
    said["same"] = [
        {"id": str(each.pk), "number": each.number, "url": reverse("desk:call", args=[each.pk])} for each in same
    ]
    vpa, account = (get["to"], "") if "@" in get["to"] else ("", get["to"])
    found = echoes.seen_elsewhere(vpa, account) if len(get["to"]) > 4 else None
    said["elsewhere"] = [found["count"], rupees.full(found["paise"])] if found else None
    return JsonResponse(said)


@for_desk
def obey(request: HttpRequest) -> HttpResponse:
    """The command line, read: values for fields and an echo; nothing is sent by it."""
    lang = lang_of(request)
    read = command.read_command(request.GET.get("line", ""))
    return JsonResponse(
        {"action": read.action, "values": read.values, "echo": [[token, word.in_(lang)] for token, word in read.echo]}
    )
