"""Which tricks grow, drafts for bulletins, the trick of a complaint, and what warnings brought."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thaam.complaints.models import Complaint
from thaam.coordination.bulletins import draft_bulletin
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.prevention.arresting import arrests_near
from thaam.prevention.choosing import choose_trick, chosen_for
from thaam.prevention.models import PayersAsked, Warning
from thaam.prevention.printing import alike
from thaam.prevention.trends import Trend, trends
from thaam.prevention.tricks import UnknownTrick, suggest, tricks
from thaam.prevention.upstream import figures
from thaam.web.shared.audience import for_desk_and_approvers, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import id_or_new

DAYS = 30
_DRAFTED = Text("बुलेटिन का मसौदा बना। कोई दूसरा अधिकारी मंज़ूर करेगा।", "A bulletin is drafted. Another officer approves it.")
_TITLE = Text("{trick}: शिकायतें बढ़ रही हैं", "{trick}: complaints are growing")
_BODY = Text(
    "पिछले {days} दिनों में “{trick}” की {now} शिकायतें आईं, उससे पहले के {days} दिनों में {before}। "
    "लोग ऐसे बताते हैं: {says}। "
    "ग्राहकों और दुकानदारों को सावधान करें। पैसा गया हो तो 1930 पर तुरंत कॉल करें।",
    "In the last {days} days {now} complaints told of “{trick}”, {before} in the {days} days before. "
    "People say: {says}. "
    "Warn customers and shopkeepers. If money has gone, call 1930 at once.",
)


@for_desk_and_approvers
def trends_page(request: HttpRequest) -> HttpResponse:
    """Counts with n and interval; POST drafts a bulletin of one growing trick."""
    now = dt.datetime.now(tz=dt.UTC)
    found = trends(at=now, days=DAYS)
    if request.method == "POST":
        told = next((each for each in found if each.trick.code == request.POST.get("code")), None)
        if told is not None:
            draft_bulletin(
                bulletin_id=id_or_new(request.POST.get("id")), title=_said(_TITLE, told), body=_said(_BODY, told),
                figures={"trick": told.trick.code, "n": told.now, "before": told.before, "p": f"{told.chance:.4f}"},
                by=officer_of(request), at=now,
            )  # fmt: skip
            messages.success(request, _DRAFTED.in_(lang_of(request)))
        return redirect("suspects:tricks")
    waiting = Complaint.objects.filter(tricks=None, withdrawn_at=None).exclude(story="").order_by("-filed_at")
    context = {
        "tab": "tricks", "trends": found, "list": list(tricks().values()), "days": DAYS, "new_id": new_id(),
        "waiting": waiting[:20],
    }  # fmt: skip
    return render(request, "suspects/tricks.html", context)


def _said(words: Text, told: Trend) -> Text:
    values = {"days": DAYS, "now": told.now, "before": told.before}
    return Text(
        *(
            words.in_(lang, trick=told.trick.text.in_(lang), says=", ".join(told.trick.says[:4]), **values)
            for lang in ("hi", "en")
        )
    )


@for_desk_and_approvers
def choose(request: HttpRequest, complaint_id: Any) -> HttpResponse:
    """The trick of one complaint: three suggestions with the words that speak for them; a person chooses."""
    complaint = get_object_or_404(Complaint, pk=complaint_id)
    wrong: Text | None = None
    if request.method == "POST":
        try:
            choose_trick(
                choice_id=id_or_new(request.POST.get("id")), complaint=complaint, code=request.POST.get("code", ""),
                by=officer_of(request), at=dt.datetime.now(tz=dt.UTC),
            )  # fmt: skip
            return redirect("suspects:tricks")
        except UnknownTrick as slip:
            wrong = slip.text
    context = {
        "tab": "tricks", "complaint": complaint, "offered": suggest(complaint.story), "chosen": chosen_for(complaint),
        "list": list(tricks().values()), "alike": alike(complaint), "arrests": arrests_near(complaint), "wrong": wrong,
        "new_id": new_id(),
    }  # fmt: skip
    return render(request, "suspects/choose.html", context, status=422 if wrong else 200)


@for_desk_and_approvers
def warnings(request: HttpRequest) -> HttpResponse:
    """Upstream victims: asked, reached, came, paid again; and the last accounts."""
    asked = PayersAsked.objects.select_related("identifier", "bank", "told").order_by("-at")[:40]
    rows = [
        (
            each,
            Warning.objects.filter(asked=each).count(),
            Warning.objects.filter(asked=each, told__reached=True).count(),
        )
        for each in asked
    ]
    return render(request, "suspects/warnings.html", {"tab": "warnings", "figures": figures(), "rows": rows})
