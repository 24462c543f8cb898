"""How a complaint stands, without a login: the stage by number and last four, everything by the link of the SMS.

Wrong pairs get one answer whatever was wrong, and few tries: five in fifteen minutes from one address.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe

from thaam.complaints.finding import complaint_by_link, complaint_by_number
from thaam.complaints.models import Complaint
from thaam.complaints.progress import progress_of
from thaam.journal.hints import stream_url_for
from thaam.language.numbers import only_digits
from thaam.language.text import Text
from thaam.letters.writing import receipt_about
from thaam.notices.shown import messages_about
from thaam.parties.desks import seated, sit_at
from thaam.restoration.models import Application
from thaam.web.citizen import filed
from thaam.web.citizen.standing import Stage, stage_of, view_of
from thaam.web.citizen.tasklist import tasks_of
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.context import lang_of
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.fields import Wrong
from thaam.web.shared.qr import qr_svg
from thaam.web.shared.tries import too_many

_NO_MATCH = Text(
    "इस नंबर और इन अंकों की कोई शिकायत नहीं मिली। दोनों फिर से देखें।",
    "No complaint matches this number and these digits. Check both.",
)


@for_citizens
def by_number(request: HttpRequest) -> HttpResponse:
    """Number and last four digits of the mobile: the stage only, no sums and no names."""
    if request.method != "POST":
        return render(request, "citizen/status_ask.html", {})
    if too_many(request, "status"):
        return say_error(request, 429)
    wrong: dict[str, Text] = {}
    number, last4 = only_digits(request.POST.get("number", "")), only_digits(request.POST.get("last4", ""))
    if len(number) != 11:
        wrong["number"] = Text(
            f"शिकायत नंबर 11 अंक का होता है। आपने {len(number)} लिखे।",
            f"A complaint number has 11 digits. You entered {len(number)}.",
        )
    if len(last4) != 4:
        wrong["last4"] = Text("मोबाइल के अंतिम 4 अंक लिखें।", "Enter the last 4 digits of your mobile.")
    stage: Stage | None = None
    if not wrong:
        complaint_id = complaint_by_number(number, last4)
        if complaint_id is None:
            wrong["number"] = _NO_MATCH
        else:
            sit_at(f"complaint:{complaint_id}")
            now = datetime.now(tz=UTC)
            stage = stage_of(progress_of(Complaint.objects.get(pk=complaint_id), now), now)
    context = {"wrong": wrong, "typed": request.POST, "stage": stage, "number": number}
    return render(request, "citizen/status_ask.html", context, status=422 if wrong else 200)


def find_complaint(code: str) -> Complaint | None:
    """The complaint behind a link, sitting at its desk; None when there is none."""
    complaint_id = complaint_by_link(code)
    if complaint_id is None:
        return None
    sit_at(f"complaint:{complaint_id}")
    return Complaint.objects.get(pk=complaint_id)


@for_citizens
def by_link(request: HttpRequest, code: str) -> HttpResponse:
    """The link of the SMS: where every rupee is, whose turn it is, what happened, what to do."""
    complaint = find_complaint(code)
    if complaint is None:
        return say_error(request, 429 if too_many(request, "link") else 404)
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST" and complaint.confirmed_at is None:
        try:
            if "again" in request.POST:
                filed.send_code(complaint, at=now)
                return redirect("citizen:status-link", code=code)
            filed.confirm(complaint, request.POST.get("code", ""), at=now)
            return redirect("citizen:status-link", code=code)
        except Wrong as slip:
            wrong["code"] = slip.text
    return render(request, "citizen/status.html", {**_context(request, complaint, code, now), "wrong": wrong})


def _context(request: HttpRequest, complaint: Complaint, code: str, now: datetime) -> dict[str, Any]:
    return {
        "complaint": complaint,
        **view_of(progress_of(complaint, now), lang_of(request), now),
        "sent_messages": messages_about(complaint),
        "kept_code": _link_of_kept(complaint),
        "code": code,
        "applied": Application.objects.filter(complaint=complaint, refused_at=None).exists(),
        "tasks_done": sum(row.done for row in tasks_of(complaint, code)),
        "print_url": reverse("citizen:status-print", args=[code]),
        "stream_url": stream_url_for([complaint.desk]),
    }


def _link_of_kept(complaint: Complaint) -> str:
    """The link of the report this one was made one with, for a person who made both with one mobile; else ""."""
    if not complaint.merged_into:
        return ""
    kept_id = complaint_by_number(complaint.merged_into, complaint.mobile[-4:])
    if kept_id is None:
        return ""
    with seated(f"complaint:{kept_id}"):
        kept = Complaint.objects.get(pk=kept_id)
    return kept.link if kept.mobile == complaint.mobile else ""


@for_citizens
def on_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt, for a printer."""
    complaint = find_complaint(code)
    if complaint is None:
        return say_error(request, 429 if too_many(request, "link") else 404)
    paper = receipt_about(complaint)
    address = f"{settings.PUBLIC_URL}/verify/{paper.number}" if paper else f"{settings.PUBLIC_URL}/s/{complaint.link}"
    more = {"paper": paper, "qr": mark_safe(qr_svg(address, scale=3))}
    return render(request, "citizen/receipt.html", {**_context(request, complaint, code, datetime.now(tz=UTC)), **more})


@for_citizens
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The numbered receipt as PDF, the paper an office accepts; it is there once the complaint is confirmed."""
    complaint = find_complaint(code)
    paper = receipt_about(complaint) if complaint else None
    if paper is None:
        return say_error(request, 429 if complaint is None and too_many(request, "link") else 404)
    response = HttpResponse(bytes(paper.paper), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{paper.number}.pdf"'
    return response
