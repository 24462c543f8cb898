"""The citizen's report, pages one to four: the bank's message, the details, where the money went, more losses.

Six answers and then send, in the order in which they help a bank. Every page is a plain form: POST, then a
redirect; a page that cannot take an answer comes back with everything that was typed and one sentence a slip.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.reading.banks import bank_table
from thaam.reading.pictures import can_read_words
from thaam.reading.upi_links import payment_code_of
from thaam.web.citizen.codes import code_in_upload, fill_payee, is_code
from thaam.web.citizen.draft import DEBITS_MAX, DebitDraft, Draft, draft_of, find_draft, forget, keep
from thaam.web.citizen.filed import fault_of
from thaam.web.citizen.pasted import SMS_SIGNS_MAX, fill_from, not_later_than, read_pasted
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.banks import UNKNOWN_BANK, bank_name, bank_named, banks_like, code_for, tiles
from thaam.web.shared.context import in_other_language, lang_of
from thaam.web.shared.fields import (
    WHEN,
    Wrong,
    read_account,
    read_amount,
    read_ifsc,
    read_last4,
    read_name,
    read_vpa,
    read_when,
)
from thaam.web.shared.references import look_at_reference

TOTAL_STEPS = 6


def show(request: HttpRequest, page: str, draft: Draft, step: int, **more: Any) -> HttpResponse:
    """One page of the report; 422 when it comes back with slips."""
    context = {
        "draft": draft,
        "debit": draft.current,
        "step": step,
        "steps": TOTAL_STEPS,
        "keep_form": "step",
        "typed": draft.typed.get(page, {}),
        "reads_words": page == "sms" and can_read_words(),
        **more,
    }
    response = render(request, f"citizen/{page}.html", context, status=422 if more.get("wrong") else 200)
    return keep(response, draft, secure=request.is_secure())


def go(request: HttpRequest, draft: Draft, where: str) -> HttpResponse:
    """On to another page, the draft along."""
    return keep(redirect(where), draft, secure=request.is_secure())


def other_language(request: HttpRequest, draft: Draft, page: str) -> HttpResponse | None:
    """The language switch pressed inside a form: keep what was typed, unread, and show the page in that language."""
    if request.method != "POST" or "_lang" not in request.POST:
        return None
    draft.typed[page] = {
        name: value[:SMS_SIGNS_MAX]
        for name, value in request.POST.items()
        if not name.startswith(("_", "csrf", "sealed")) and isinstance(value, str)
    }
    return keep(redirect(in_other_language(request)), draft, secure=request.is_secure())


@for_citizens
def report(request: HttpRequest) -> HttpResponse:
    """The door "my money is gone": to the first page, or to where the draft on this phone stopped."""
    return redirect("citizen:report-sms")


@for_citizens
def start_over(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    if request.method == "POST":
        return forget(redirect("citizen:report-sms"))
    return redirect("citizen:report-sms")


@for_citizens
def sms(request: HttpRequest) -> HttpResponse:
    """Paste the bank's message; what is recognised is shown on the next page, never sent by itself."""
    draft = draft_of(request)
    if switched := other_language(request, draft, "sms"):
        return switched
    if request.method == "GET":
        # An Android share of an SMS arrives as ?text=
        typed = draft.typed.get("sms") or {"sms": request.GET.get("text", "")[:SMS_SIGNS_MAX] or draft.current.sms}
        return show(request, "sms", draft, 1, typed=typed, found=find_draft(request))
    message = request.POST.get("sms", "")
    if is_code(message):
        fill_payee(draft.current, payment_code_of(message))
        return go(request, draft, "citizen:report-details")
    wrong: dict[str, Text] = {}
    if not message.strip():
        wrong["sms"] = Text(
            "बैंक का SMS यहाँ चिपकाएँ, या नीचे “SMS नहीं है” चुनें।",
            "Paste the bank's SMS here, or choose “No SMS” below.",
        )
    elif len(message) > SMS_SIGNS_MAX:
        wrong["sms"] = Text(
            f"यह बहुत लंबा है। सिर्फ़ बैंक का एक SMS चिपकाएँ, {SMS_SIGNS_MAX} अक्षर तक।",
            f"This is too long. Paste one bank SMS only, up to {SMS_SIGNS_MAX} letters.",
        )
    if wrong:
        return show(request, "sms", draft, 1, wrong=wrong, typed=request.POST)
    draft.typed.pop("sms", None)
    reading = read_pasted(message, now=_now())
    if reading.why_not is not None:
        draft.current.sms = message
        return show(request, "sms", draft, 1, wrong={"sms": reading.why_not}, typed=request.POST, unread=True)
    fill_from(draft.current, message, reading)
    return go(request, draft, "citizen:report-confirm")


@for_citizens
def details(request: HttpRequest) -> HttpResponse:
    """The same by hand: bank, amount, when, the bank's number for it."""
    draft = draft_of(request)
    if switched := other_language(request, draft, "details"):
        return switched
    more = {"banks": tiles(), "when_choices": WHEN}
    if request.method == "GET":
        typed = draft.typed.get("details") or _typed_of(draft.current)
        return show(request, "details", draft, 1, typed=typed, **more)
    debit, wrong, hint = _read_details(request, draft.current)
    if not wrong and _bank_in_doubt(request, debit):
        like = banks_like(debit.payer_bank_name, lang_of(request))
        return show(request, "details", draft, 1, doubt=debit.payer_bank_name, like=like, typed=request.POST, **more)
    if wrong or hint:
        return show(request, "details", draft, 1, wrong=wrong, hint=hint, typed=request.POST, **more)
    draft.current = debit
    draft.typed.pop("details", None)
    return go(request, draft, "citizen:report-confirm")


def _bank_in_doubt(request: HttpRequest, debit: DebitDraft) -> bool:
    """A bank that nobody knows by this name is asked about once; after that the name goes as it is, to an operator."""
    name = debit.payer_bank_name
    return not debit.payer_bank and code_for(name) == UNKNOWN_BANK and request.POST.get("seen_bank") != name


def _typed_of(debit: DebitDraft) -> dict[str, str]:
    """The details form filled from what is known already."""
    paid = debit.paid
    rupees, rest = divmod(debit.amount_paise or 0, 100)
    return {
        "bank": debit.payer_bank or ("other" if debit.payer_bank_name else ""),
        "bank_other": debit.payer_bank_name if not debit.payer_bank else "",
        "amount": "" if not debit.amount_paise else f"{rupees}.{rest:02d}" if rest else str(rupees),
        "choice": debit.choice or ("date" if paid else ""),
        "on": f"{paid.astimezone(IST):%Y-%m-%d}" if paid and debit.choice in ("", "date") else "",
        "clock": f"{paid.astimezone(IST):%H:%M}" if paid and debit.exact else "",
        "reference": debit.reference,
        "last4": debit.payer_last4,
    }


def _read_details(request: HttpRequest, before: DebitDraft) -> tuple[DebitDraft, dict[str, Text], Text | None]:
    """The debit of the form, the slips, and a hint about a doubtful reference (shown once, never a wall)."""
    post = request.POST
    wrong: dict[str, Text] = {}
    debit = DebitDraft(
        payee_bank=before.payee_bank,
        payee_account=before.payee_account,
        payee_ifsc=before.payee_ifsc,
        payee_vpa=before.payee_vpa,
        payee_name=before.payee_name,
        rail=before.rail,
        sms=before.sms,
    )
    choice, other = post.get("bank", ""), read_name_or("", post.get("bank_other"), wrong, "bank_other")
    bank = bank_named(choice if choice not in ("", "other") else other)
    debit.payer_bank, debit.payer_bank_name = (bank.code, bank.name_en) if bank else ("", other)
    if not bank and choice in bank_table():
        debit.payer_bank, debit.payer_bank_name = choice, bank_table()[choice].name
    if not debit.payer_bank and not debit.payer_bank_name:
        wrong["bank"] = Text("अपना बैंक या ऐप चुनें।", "Choose your bank or app.")
    try:
        debit.amount_paise = read_amount(post.get("amount"))
    except Wrong as slip:
        wrong["amount"] = slip.text
    try:
        paid = read_when(post.get("choice"), post.get("on"), post.get("clock"), now=_now())
        debit.paid_at, debit.exact, debit.choice = paid.at.isoformat(), paid.exact, post.get("choice", "")
    except Wrong as slip:
        wrong["choice"] = slip.text
    try:
        debit.payer_last4 = read_last4(post.get("last4"))
    except Wrong as slip:
        wrong["last4"] = slip.text
    look = look_at_reference(post.get("reference", ""))
    debit.reference, debit.weak = look.reference, not look.sound
    debit.rail = look.rail or debit.rail
    hint = look.text if look.reference and not look.sound and post.get("seen_reference") != look.reference else None
    return debit, wrong, hint


def read_name_or(default: str, typed: str | None, wrong: dict[str, Text], name: str) -> str:
    """A name field that may be empty; a slip goes into `wrong`."""
    try:
        return read_name(typed) or default
    except Wrong as slip:
        wrong[name] = slip.text
        return default


@for_citizens
def confirm(request: HttpRequest) -> HttpResponse:
    """What we understood, to be checked; a time that the SMS does not have is asked here, in place."""
    draft = draft_of(request)
    if switched := other_language(request, draft, "confirm"):
        return switched
    debit = draft.current
    if not debit.amount_paise:
        return go(request, draft, "citizen:report-sms")
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        if not debit.exact and request.POST.get("choice"):
            _take_time(debit, request.POST.get("choice", ""), wrong)
        if not debit.paid_at and not wrong:
            wrong["choice"] = Text("पैसा लगभग कब गया? एक विकल्प चुनें।", "Roughly when did the money go? Choose one.")
        if not debit.payer_bank and not debit.payer_bank_name:
            wrong["bank"] = Text(
                "आपका बैंक नहीं मिला। “बदलें” से चुनें।", "We could not tell your bank. Choose it with “Change”."
            )
        if not debit.exact:
            not_later_than(debit, _now())
        if not wrong and (fault := fault_of(debit, at=_now())):
            wrong[fault[0]] = fault[1]
        if not wrong:
            return go(request, draft, "citizen:report-receiver")
    look = look_at_reference(debit.reference)
    lang = lang_of(request)
    return show(
        request,
        "confirm",
        draft,
        2,
        wrong=wrong,
        look=look,
        ask_time=not debit.exact and not debit.choice,
        bank=bank_name(debit.payer_bank, lang) or debit.payer_bank_name,
        when_choices=[choice for choice in WHEN if choice[0] in _near(debit)],
    )


def _near(debit: DebitDraft) -> tuple[str, ...]:
    """The rough times worth offering: a message that gives the day needs no day."""
    return ("now", "hour") if debit.paid_at and not debit.choice else ("now", "hour", "today", "yesterday")


def _take_time(debit: DebitDraft, choice: str, wrong: dict[str, Text]) -> None:
    if choice == "unknown":
        debit.choice = "date"
        return
    try:
        paid = read_when(choice, None, None, now=_now())
    except Wrong as slip:
        wrong["choice"] = slip.text
        return
    known = debit.paid
    if known and not debit.choice and known.astimezone(IST).date() != paid.at.astimezone(IST).date():
        return  # the message gives another day: the day of the message counts
    debit.paid_at, debit.exact, debit.choice = paid.at.isoformat(), paid.exact, choice


@for_citizens
def receiver(request: HttpRequest) -> HttpResponse:
    """Where the money went, as far as the person can see it; "do not know" is an answer."""
    draft = draft_of(request)
    if switched := other_language(request, draft, "receiver"):
        return switched
    debit = draft.current
    if not debit.complete:
        return go(request, draft, "citizen:report-confirm")
    if request.method == "GET":
        typed = draft.typed.get("receiver") or {
            "vpa": debit.payee_vpa,
            "account": debit.payee_account,
            "ifsc": debit.payee_ifsc,
            "payee_name": debit.payee_name,
        }
        return show(request, "receiver", draft, 3, typed=typed)
    if "skip" in request.POST:
        return go(request, draft, "citizen:report-more")
    wrong: dict[str, Text] = {}
    if request.FILES.get("shot") or "read" in request.POST:
        return _receiver_by_picture(request, draft)
    if is_code(request.POST.get("vpa", "")):
        fill_payee(debit, payment_code_of(request.POST["vpa"]))
        return go(request, draft, "citizen:report-receiver")
    for name, read, keep_as in (
        ("vpa", read_vpa, "payee_vpa"),
        ("account", read_account, "payee_account"),
        ("ifsc", read_ifsc, "payee_ifsc"),
        ("payee_name", read_name, "payee_name"),
    ):
        try:
            setattr(debit, keep_as, read(request.POST.get(name)))
        except Wrong as slip:
            wrong[name] = slip.text
    if wrong:
        return show(request, "receiver", draft, 3, wrong=wrong, typed=request.POST)
    draft.typed.pop("receiver", None)
    return go(request, draft, "citizen:report-more")


def _receiver_by_picture(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A screenshot or photo of a QR names the payee better than typing; the page comes back filled in."""
    try:
        fill_payee(draft.current, code_in_upload(request, "shot"))
    except Wrong as slip:
        return show(request, "receiver", draft, 3, wrong={"shot": slip.text}, typed=request.POST)
    return go(request, draft, "citizen:report-receiver")


@for_citizens
def more(request: HttpRequest) -> HttpResponse:
    """Did more money go? Several debits are normal; each is one row and can be taken off again."""
    draft = draft_of(request)
    if switched := other_language(request, draft, "more"):
        return switched
    if request.method == "POST":
        if (place := request.POST.get("remove", "")) in {str(each) for each in range(len(draft.told))}:
            gone = draft.told[int(place)]
            draft.debits = [each for each in draft.debits if each is not gone]
            if draft.current is gone:
                draft.current = DebitDraft()
            return go(request, draft, "citizen:report-more" if draft.told else "citizen:report-sms")
        if request.POST.get("more") == "yes" and len(draft.told) < DEBITS_MAX:
            draft.debits = draft.told
            draft.current = DebitDraft(payer_bank=draft.debits[-1].payer_bank, payer_last4=draft.debits[-1].payer_last4)
            return go(request, draft, "citizen:report-sms")
        if request.POST.get("more") in ("yes", "no"):
            return go(request, draft, "citizen:report-contact")
        slip = {"more-no": Text("“हाँ” या “नहीं” चुनें।", "Choose “Yes” or “No”.")}
        return show(
            request, "more", draft, 4, wrong=slip, rows=_rows(request, draft), full=len(draft.told) >= DEBITS_MAX
        )
    if not draft.told:
        return go(request, draft, "citizen:report-sms")
    return show(request, "more", draft, 4, rows=_rows(request, draft), full=len(draft.told) >= DEBITS_MAX)


def _rows(request: HttpRequest, draft: Draft) -> list[tuple[DebitDraft, str]]:
    lang = lang_of(request)
    return [(debit, bank_name(debit.payer_bank, lang) or debit.payer_bank_name) for debit in draft.told]


def _now() -> datetime:
    return datetime.now(tz=UTC)
