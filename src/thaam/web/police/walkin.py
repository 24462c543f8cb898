"""A victim at the desk: today's list, a large form that faces them, finishing what they could not, the receipt.

The constable's id is the attestation, as an operator's is; any state's victim is taken.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from thaam.complaints import adding, confirming, correcting, filing
from thaam.complaints.looking import note_look
from thaam.complaints.models import Complaint, Paper
from thaam.complaints.papers import add_paper
from thaam.complaints.progress import banks_not_joined, progress_of
from thaam.complaints.seeing import can_see
from thaam.complaints.telling import CannotFile, DebitTold
from thaam.files.kinds import EmptyFile, NotAllowed, TooBig
from thaam.journal.hints import stream_url_for
from thaam.journal.ids import new_id
from thaam.language.numbers import only_digits
from thaam.language.text import Text
from thaam.parties.banks import bank_of_ifsc
from thaam.web.desk.figures import standings_of
from thaam.web.shared.audience import for_police_desk, officer_of
from thaam.web.shared.banks import bank_name, code_for, tiles
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import (
    WHEN,
    Wrong,
    id_or_new,
    one_line,
    read_account,
    read_amount,
    read_ifsc,
    read_last4,
    read_mobile,
    read_name,
    read_story,
    read_vpa,
    read_when,
)
from thaam.web.shared.money import parts_of
from thaam.web.shared.qr import qr_svg
from thaam.web.shared.references import look_at_reference
from thaam.web.shared.uploads import uploaded

SHOWN_MAX = 60


@for_police_desk
def today(request: HttpRequest) -> HttpResponse:
    """Complaints taken at desks lately, newest first, and those that still wait for a word."""
    newest = Complaint.objects.filter(channel="desk").order_by("-filed_at")[:SHOWN_MAX]
    context = {
        "newest": standings_of(newest, at=datetime.now(tz=UTC)),
        "tab": "today",
        "stream_url": stream_url_for(["complaint:filed", "chase:advanced"]),
    }
    return render(request, "police/today.html", context)


@for_police_desk
def walk_in(request: HttpRequest) -> HttpResponse:
    """The form that faces the visitor: large type, one column, everything they are asked on one page."""
    now = datetime.now(tz=UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        told = read_debit(request, now, wrong)
        if told and not wrong:
            complaint_id = id_or_new(request.POST.get("complaint_id", ""))
            try:
                complaint = take_down(request, complaint_id, told, camp=str(request.session.get("camp", "")), now=now)
                return redirect("police:finish", complaint_id=complaint.pk)
            except CannotFile as refused:
                wrong["amount"] = refused.text
            except filing.SameIdOtherContent:
                return redirect("police:finish", complaint_id=complaint_id)
    context = {
        "banks": tiles(),
        "when_choices": WHEN,
        "wrong": wrong,
        "typed": request.POST,
        "complaint_id": request.POST.get("complaint_id") or new_id(),
        "camp": request.session.get("camp", ""),
        "tab": "walk-in",
    }
    return render(request, "police/walk_in.html", context, status=422 if wrong else 200)


def take_down(request: HttpRequest, complaint_id: str, told: DebitTold, *, camp: str, now: datetime) -> Complaint:
    """File what the visitor said, attested by the officer. Raises Wrong, CannotFile, SameIdOtherContent."""
    officer = officer_of(request)
    complaint = filing.file_complaint(
        complaint_id=complaint_id,
        lang=lang_of(request),
        channel="desk",
        mobile=read_mobile(request.POST.get("mobile")),
        name=read_name(request.POST.get("name")),
        district=one_line(request.POST.get("district"), most=80),
        story=read_story(request.POST.get("story")),
        debits=[told],
        by=f"officer:{officer.pk}",
        at=now,
    )
    if camp:
        adding.note_camp(complaint_id=complaint.pk, camp=camp, by=f"officer:{officer.pk}", at=now)
    confirming.attest(complaint_id=complaint.pk, officer=officer, at=now)
    return complaint


def read_debit(request: HttpRequest, now: datetime, wrong: dict[str, Text]) -> DebitTold | None:
    """The debit of the form; slips go into `wrong` by field. "Just now" is `now`."""
    post = request.POST
    read: dict[str, Any] = {}
    for name, reader in (
        ("amount", read_amount),
        ("last4", read_last4),
        ("vpa", read_vpa),
        ("account", read_account),
        ("ifsc", read_ifsc),
        ("mobile", read_mobile),
        ("name", read_name),
        ("story", read_story),
    ):
        try:
            read[name] = reader(post.get(name))
        except Wrong as slip:
            wrong[name] = slip.text
    try:
        read["paid"] = read_when(post.get("choice"), post.get("on"), post.get("clock"), now=now)
    except Wrong as slip:
        wrong["choice"] = slip.text
    chosen = post.get("bank", "")
    bank = code_for(one_line(post.get("bank_other"), most=120)) if chosen in ("", "other") else code_for(chosen)
    if not bank:
        wrong["bank"] = Text("बैंक या ऐप चुनें।", "Choose the bank or app.")
    if wrong:
        return None
    look = look_at_reference(post.get("reference", ""))
    payee = bank_of_ifsc(read["ifsc"]) if read["ifsc"] else None
    return DebitTold(
        amount_paise=read["amount"],
        paid_at=read["paid"].at,
        rail=look.rail or "UPI",
        reference=look.reference,
        payer_bank=bank,
        payer_last4=read["last4"] if len(read["last4"]) == 4 else "",
        payee_bank=payee.code if payee else "",
        payee_account=read["account"],
        payee_vpa=read["vpa"],
    )


@for_police_desk
def finish(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Finish the visitor's tasks: their words, name and place, the national number; then print the receipt."""
    complaint = Complaint.objects.filter(pk=complaint_id).first()
    if complaint is None or not can_see(officer_of(request), complaint):
        raise Http404
    now, by = datetime.now(tz=UTC), f"officer:{officer_of(request).pk}"
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        try:
            if "paper" in request.POST:
                scan(request, complaint, by=by, now=now)
            else:
                _finish(request, complaint, by=by, now=now)
                messages.success(request, Text("सहेजा गया।", "Saved.").in_(lang_of(request)))
            return redirect("police:finish", complaint_id=complaint.pk)
        except Wrong as slip:
            wrong["file" if "paper" in request.POST else "acknowledgement"] = slip.text
        except CannotFile as refused:
            wrong["words"] = refused.text
    note_look(complaint=complaint, officer=officer_of(request), page="desk", at=now)
    progress = progress_of(complaint, now)
    context = {
        "complaint": complaint,
        "parts": parts_of({state.value: paise for state, paise in progress.totals.items()}, staff=True),
        "whole_paise": progress.claimed_paise,
        "moments": progress.moments[-6:],
        "not_joined": [bank_name(code, lang_of(request)) for code in banks_not_joined(complaint)],
        "wrong": wrong,
        "papers": complaint.papers.select_related("file"),
        "purposes": PURPOSES,
        "file_id": new_id(),
        "qr": mark_safe(qr_svg(f"{settings.PUBLIC_URL}/s/{complaint.link}")),
        "typed": request.POST
        or {
            "name": complaint.name,
            "district": complaint.district,
            "acknowledgement": complaint.acknowledgement_number,
            "station": complaint.station,
        },
        "tab": "walk-in",
        "stream_url": stream_url_for([complaint.desk]),
    }
    return render(request, "police/finish.html", context, status=422 if wrong else 200)


def _finish(request: HttpRequest, complaint: Complaint, *, by: str, now: datetime) -> None:
    """What the form says besides papers. Raises Wrong, CannotFile."""
    adding.add_details(
        complaint_id=complaint.pk,
        by=by,
        at=now,
        name=read_name(request.POST.get("name")),
        district=one_line(request.POST.get("district"), most=80),
        words=read_story(request.POST.get("words")),
        station=one_line(request.POST.get("station"), most=120),
    )
    national = only_digits(request.POST.get("acknowledgement", ""))
    if national and len(national) != 14:
        raise Wrong(
            Text(
                f"राष्ट्रीय नंबर 14 अंक का होता है। आपने {len(national)} लिखे।",
                f"The national number has 14 digits. You entered {len(national)}.",
            )
        )
    if national and national != complaint.acknowledgement_number:
        correcting.note_acknowledgement(complaint_id=complaint.pk, number=national, by=by, at=now)


PURPOSES = (
    (Paper.Purpose.EVIDENCE, Text("सबूत", "Evidence")),
    (Paper.Purpose.IDENTITY, Text("पहचान-पत्र", "Proof of identity")),
)


def scan(request: HttpRequest, complaint: Complaint, *, by: str, now: datetime) -> None:
    """Keep a scan or photo taken at the desk. Raises Wrong with the sentence of what is amiss."""
    name, content = uploaded(request, "file")
    purpose = request.POST.get("purpose", "")
    try:
        add_paper(
            complaint_id=complaint.pk,
            file_id=id_or_new(request.POST.get("file_id", "")),
            purpose=Paper.Purpose(purpose if purpose in Paper.Purpose.values else Paper.Purpose.EVIDENCE),
            content=content,
            name=name,
            words="",
            folder=settings.FILES,
            by=by,
            at=now,
        )
    except (EmptyFile, NotAllowed) as refused:
        raise Wrong(refused.text) from refused
    except TooBig as refused:
        sizes = {"size": refused.size_mb, "most": refused.most_mb}
        raise Wrong(Text(refused.text.in_("hi", **sizes), refused.text.in_("en", **sizes))) from refused
