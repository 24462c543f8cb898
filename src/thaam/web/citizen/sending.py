"""The citizen's report, pages five and six: who to tell, check, send, and the page with the number.

Sending is idempotent by the complaint's id, which is in the draft from the first page on: pressing twice, going
back, or a retry on a dying network makes one complaint. The draft leaves the phone when the number is there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thaam.complaints.models import Complaint
from thaam.complaints.progress import banks_not_joined, progress_of
from thaam.language.dates import time_words
from thaam.language.text import Text
from thaam.web.citizen import filed
from thaam.web.citizen.draft import Draft, draft_of, forget, unseal
from thaam.web.citizen.report import go, other_language, show
from thaam.web.citizen.standing import lines_of
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.banks import bank_name
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, read_mobile, read_name, read_story

SENT_COOKIE = "thaam-sent"
SENT_KEPT_SECONDS = 24 * 3600


@for_citizens
def contact(request: HttpRequest) -> HttpResponse:
    """The mobile that gets the number and the news; name and district may wait."""
    draft = draft_of(request)
    if switched := other_language(request, draft, "contact"):
        return switched
    if not draft.told:
        return go(request, draft, "citizen:report-sms")
    if request.method == "GET":
        typed = draft.typed.get("contact") or {"mobile": draft.mobile, "name": draft.name, "district": draft.district}
        return show(request, "contact", draft, 5, typed=typed)
    wrong: dict[str, Text] = {}
    for name, read in (("mobile", read_mobile), ("name", read_name), ("district", read_name)):
        try:
            setattr(draft, name, read(request.POST.get(name)))
        except Wrong as slip:
            wrong[name] = slip.text
    if wrong:
        return show(request, "contact", draft, 5, wrong=wrong, typed=request.POST)
    draft.typed.pop("contact", None)
    return go(request, draft, "citizen:report-check")


@for_citizens
def check(request: HttpRequest) -> HttpResponse:
    """Read everything once more and send. The form carries the sealed draft, so a lost cookie loses nothing."""
    draft = draft_of(request)
    if request.method == "POST" and (carried := unseal(request.POST.get("sealed", ""))):
        draft = carried
    if switched := other_language(request, draft, "check"):
        return switched
    if not draft.told or not draft.mobile:
        return go(request, draft, "citizen:report-contact" if draft.told else "citizen:report-sms")
    if request.method != "POST":
        return _check_page(request, draft)
    now = datetime.now(tz=UTC)
    try:
        story = read_story(request.POST.get("story"))
    except Wrong as slip:
        return _check_page(request, draft, wrong={"story": slip.text}, typed=request.POST)
    faults = [filed.fault_of(debit, at=now) for debit in draft.told]
    if wrong := {f"debit-{place}": fault[1] for place, fault in enumerate(faults) if fault}:
        return _check_page(request, draft, wrong=wrong, typed=request.POST)
    try:
        complaint = filed.file(draft, story=story, lang=lang_of(request), at=now)
    except Wrong as refused:
        return _check_page(request, draft, wrong={"send": refused.text}, typed=request.POST)
    response = forget(redirect("citizen:report-sent"))
    response.set_cookie(
        SENT_COOKIE,
        signing.dumps(str(complaint.id), salt=SENT_COOKIE),
        max_age=SENT_KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


def _check_page(request: HttpRequest, draft: Draft, **more: Any) -> HttpResponse:
    lang = lang_of(request)
    wrong = more.get("wrong") or {}
    rows = [
        (debit, bank_name(debit.payer_bank, lang) or debit.payer_bank_name, wrong.get(f"debit-{place}"))
        for place, debit in enumerate(draft.told)
    ]
    total = sum(debit.amount_paise or 0 for debit in draft.told)
    return show(request, "check", draft, 6, rows=rows, total_paise=total, sealed=draft.seal(), **more)


@for_citizens
def sent(request: HttpRequest) -> HttpResponse:
    """The number, what is happening now, the code that releases the request at once, and five things to do."""
    complaint = filed.find_sent(request, SENT_COOKIE, SENT_KEPT_SECONDS)
    if complaint is None:
        return redirect("citizen:status")
    wrong: dict[str, Text] = {}
    now = datetime.now(tz=UTC)
    if request.method == "POST":
        try:
            if "again" in request.POST:
                filed.send_code(complaint, at=now)
                return redirect("citizen:report-sent")
            filed.confirm(complaint, request.POST.get("code", ""), at=now)
            return redirect("citizen:report-sent")
        except Wrong as slip:
            wrong["code"] = slip.text
    context = {
        "complaint": complaint,
        **_standing(complaint, lang_of(request), now),
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "citizen/sent.html", context, status=422 if wrong else 200)


def _standing(complaint: Complaint, lang: str, now: datetime) -> dict[str, Any]:
    progress = progress_of(complaint, now)
    due = progress.turn.due_at
    return {
        "confirmed": complaint.confirmed_at is not None,
        "asked": any(moment.kind == "asked" for moment in progress.moments),
        "not_joined": [bank_name(code, lang) for code in banks_not_joined(complaint)],
        "total_paise": progress.claimed_paise,
        "lines": lines_of(progress.moments, now)[:5],
        "status_url": reverse("citizen:status-link", args=[complaint.link]),
        "tasks_url": reverse("citizen:tasks", args=[complaint.link]),
        "mobile_tail": f"••••{complaint.mobile[-4:]}",
        "call_due": time_words(due, lang) if due else "",
    }
