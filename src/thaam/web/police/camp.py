"""A camp: a desk under an open sky, often without a network. Every report carries the camp's id.

With a network the walk-in form is the same and only notes the camp. Without one, the page below writes reports down on
the desk's own computer (IndexedDB) under an id made there, and hands each over once when the network is back: the id is
the complaint's, so that a report sent twice is one complaint (complaints.filing).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime

from thaam.complaints import filing
from thaam.complaints.models import Complaint
from thaam.complaints.telling import CannotFile
from thaam.journal.hints import stream_url_for
from thaam.language.text import Text
from thaam.web.desk.figures import standings_of, sum_of
from thaam.web.police.walkin import read_debit, take_down
from thaam.web.shared.audience import for_police_desk
from thaam.web.shared.banks import tiles
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import WHEN, Wrong, id_or_new, one_line

IN_SESSION = "camp"
_CAMP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,38}")
_KEPT_FOR = timedelta(days=7)
_BAD_CAMP = Text(
    "शिविर का नाम अंग्रेज़ी अक्षर और अंकों में लिखें, जैसे DURG-0210।",
    "Name the camp in Latin letters and digits, for example DURG-0210.",
)
_OTHER = Text(
    "यह शिकायत दूसरी बातों के साथ पहले ही भेजी जा चुकी है। नंबर से खोलकर सुधारें।",
    "This report was sent before with other content. Open it by its number and correct it there.",
)


@for_police_desk
def camp(request: HttpRequest) -> HttpResponse:
    """Start or end a camp at this desk; what this camp has taken down so far, with the sums."""
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        if "end" in request.POST:
            request.session.pop(IN_SESSION, None)
            return redirect("police:camp")
        typed = one_line(request.POST.get("camp"), most=60).upper()
        if _CAMP.fullmatch(typed):
            request.session[IN_SESSION] = typed
            return redirect("police:camp")
        wrong["camp"] = _BAD_CAMP
    name = request.session.get(IN_SESSION, "")
    taken = standings_of(Complaint.objects.filter(camp=name).order_by("-filed_at")[:100], at=datetime.now(tz=UTC))
    context = {
        "camp": name,
        "newest": taken if name else [],
        "sums": sum_of(taken) if name and taken else None,
        "wrong": wrong,
        "typed": request.POST,
        "tab": "camp",
        "stream_url": stream_url_for(["complaint:filed"]),
    }
    return render(request, "police/camp.html", context, status=422 if wrong else 200)


@for_police_desk
def offline(request: HttpRequest) -> HttpResponse:
    """The page that also works without a network; holds no complaint of anybody, so the computer may keep it."""
    context = {"banks": tiles(), "when_choices": WHEN, "camp": request.session.get(IN_SESSION, ""), "tab": "offline"}
    return render(request, "police/offline.html", context)


@for_police_desk
def sync(request: HttpRequest) -> HttpResponse:
    """Take one report written down offline; the same id and content again is the same complaint. JSON for the page:
    {"id", "number"} when it is ours, {"id", "wrong": {field: sentence}} when it must be corrected there first."""
    if request.method != "POST":
        return redirect("police:offline")
    now, lang = datetime.now(tz=UTC), lang_of(request)
    complaint_id = id_or_new(request.POST.get("complaint_id", ""))
    taken_at = _taken_at(request.POST.get("taken_at", ""), now)
    name = one_line(request.POST.get("camp"), most=40).upper()
    wrong: dict[str, Text] = {}
    told = read_debit(request, taken_at, wrong)
    number = ""
    if told is not None and not wrong:
        try:
            camp_name = name if _CAMP.fullmatch(name) else ""
            number = take_down(request, complaint_id, told, camp=camp_name, now=now).number
        except Wrong as slip:
            wrong["mobile"] = slip.text
        except CannotFile as refused:
            wrong[refused.field] = refused.text
        except filing.SameIdOtherContent:
            wrong["amount"] = _OTHER
    if wrong:
        said = {field: text.in_(lang) for field, text in wrong.items()}
        return JsonResponse({"id": complaint_id, "wrong": said}, status=422)
    return JsonResponse({"id": complaint_id, "number": number})


def _taken_at(typed: str, now: datetime) -> datetime:
    """When it was written down: "just now" of the form means then. A clock that runs ahead counts as now."""
    try:
        taken = parse_datetime(typed)
    except ValueError:
        taken = None
    if taken is None or taken.tzinfo is None or not now - _KEPT_FOR <= taken <= now:
        return now
    return taken
