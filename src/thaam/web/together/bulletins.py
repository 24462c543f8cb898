"""Bulletins: drafted by hand or from the month's figures, approved by a second officer, read with a receipt."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thaam.coordination import bulletins as telling
from thaam.coordination.models import Bulletin, BulletinCopy
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.oversight import trends
from thaam.parties.models import Bank, Office
from thaam.web.shared.audience import for_all_partners, for_police, officer_of
from thaam.web.shared.fields import id_or_new

_EMPTY = Text("शीर्षक और बात दोनों भाषाओं में लिखिए।", "Write title and text in both languages.")
WRITERS = ("investigator", "supervisor", "reviewer", "approver")


@for_all_partners
def listing(request: HttpRequest) -> HttpResponse:
    """What was sent here, newest first; for writers, drafts and a form (filled from a trend with `?trend=code`)."""
    officer = officer_of(request)
    writes = officer.role in WRITERS
    wrong: dict[str, Text] = {}
    typed: Any = request.POST
    if request.method == "POST" and writes:
        made, wrong = _draft(request)
        if made:
            return redirect("together:bulletin", bulletin_id=made.pk)
    offered = trends.rising() if writes else []
    if asked := next((one for one in offered if one.code == request.GET.get("trend")), None):
        title, body = trends.draft_of(asked)
        typed = {
            "title_hi": title.hi,
            "title_en": title.en,
            "body_hi": body.hi,
            "body_en": body.en,
            "trend": asked.code,
        }
    copies = BulletinCopy.objects.select_related("bulletin").order_by("-sent_at")
    copies = copies.filter(bank=officer.bank) if officer.bank_id else copies.filter(office=officer.office)
    context = {
        "tab": "bulletins",
        "copies": copies[:60],
        "writes": writes,
        "drafts": Bulletin.objects.filter(approved_at=None).order_by("-drafted_at")[:20] if writes else [],
        "sent": Bulletin.objects.exclude(approved_at=None).order_by("-approved_at")[:40] if writes else [],
        "trends": offered,
        "new_id": new_id(),
        "wrong": wrong,
        "typed": typed,
    }
    return render(request, "together/bulletins.html", context, status=422 if wrong else 200)


def _draft(request: HttpRequest) -> tuple[Bulletin | None, dict[str, Text]]:
    told = {name: request.POST.get(name, "").strip() for name in ("title_hi", "title_en", "body_hi", "body_en")}
    if not all(told.values()):
        return None, {"title_hi": _EMPTY}
    found = next((one for one in trends.rising() if one.code == request.POST.get("trend")), None)
    try:
        return (
            telling.draft_bulletin(
                bulletin_id=id_or_new(request.POST.get("id")),
                title=Text(told["title_hi"][:200], told["title_en"][:200]),
                body=Text(told["body_hi"][:6000], told["body_en"][:6000]),
                figures=found.figures if found else {},
                for_public=bool(request.POST.get("for_public")),
                by=officer_of(request),
                at=dt.datetime.now(tz=dt.UTC),
            ),
            {},
        )
    except telling.PersonalData as refused:
        said = Text(refused.text.in_("hi", found=refused.found), refused.text.in_("en", found=refused.found))
        return None, {"body_hi": said}


@for_all_partners
def bulletin(request: HttpRequest, bulletin_id: Any) -> HttpResponse:
    """One bulletin. Opening it is the receipt; POST approves a draft and sends it to banks, stations, trade bodies."""
    officer = officer_of(request)
    found = get_object_or_404(Bulletin.objects.select_related("drafted_by", "approved_by"), pk=bulletin_id)
    now = dt.datetime.now(tz=dt.UTC)
    wrong: Text | None = None
    if request.method == "POST" and officer.role in WRITERS:
        try:
            telling.approve_bulletin(
                bulletin=found,
                banks=Bank.objects.filter(in_network=True),
                offices=Office.objects.all(),
                by=officer,
                at=now,
            )
            return redirect("together:bulletin", bulletin_id=bulletin_id)
        except (telling.SamePerson, telling.AlreadySent) as refused:
            wrong = refused.text
    copies = BulletinCopy.objects.filter(bulletin=found)
    here = copies.filter(bank=officer.bank) if officer.bank_id else copies.filter(office=officer.office)
    if officer.role != "association":
        for copy in here.filter(read_at=None):
            telling.note_read(copy=copy, by=f"officer:{officer.pk}", at=now)
    staff = officer.office_id is not None and officer.role != "association"
    context = {
        "tab": "bulletins",
        "bulletin": found,
        "copies": copies.select_related("bank", "office").order_by("read_at") if staff else [],
        "read": copies.exclude(read_at=None).count() if staff else 0,
        "sent_to": copies.count() if staff else 0,
        "refused": wrong,
        "approves": officer.role in WRITERS,
    }
    return render(request, "together/bulletin.html", context, status=422 if wrong else 200)


@for_police
def trend_sheet(request: HttpRequest) -> HttpResponse:
    """The month's trend sheet: every trick, this month against the one before, with n."""
    return render(
        request, "together/trends.html", {"tab": "bulletins", "rows": trends.sheet(), "about": trends.about()}
    )
