"""Inspections, phone first: pick a checklist, answer each item, photograph what is wrong, say who mends it by when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thaam.coordination import inspecting
from thaam.coordination.models import Finding, Inspection
from thaam.files.kinds import EmptyFile, NotAllowed, TooBig
from thaam.journal.ids import id_from
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.parties.models import Bank, Office
from thaam.web.shared.audience import for_police, for_police_and_banks, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import day_or_none, id_or_new, moment_or_none
from thaam.web.together.photos import keep_photo, photo_of

_PLACE = Text("शाखा, ATM या थाने का नाम लिखिए।", "Write the branch, the ATM or the station.")
DAYS_TO_MEND = 15


@for_police_and_banks
def listing(request: HttpRequest) -> HttpResponse:
    """Scores by bank and by district, open faults, latest visits. A bank sees its own."""
    officer = officer_of(request)
    visits = list(Inspection.objects.select_related("bank", "station").order_by("-visited_at")[:2000])
    by_bank: dict[str, list[Inspection]] = {}
    by_district: dict[str, list[Inspection]] = {}
    for visit in visits:
        if visit.bank:
            by_bank.setdefault(visit.bank.name(lang_of(request)), []).append(visit)
        district = visit.district or (visit.station.district if visit.station else "")
        by_district.setdefault(district, []).append(visit)
    context = {
        "tab": "inspections",
        "checklists": [(one.name, one.title.in_(lang_of(request))) for one in inspecting.checklists().values()],
        "banks": _scored(by_bank),
        "districts": _scored(by_district),
        "faults": inspecting.open_faults(bank=officer.bank)[:60] if officer.bank_id else inspecting.open_faults()[:60],
        "items": _item_names(lang_of(request)),
        "visits": visits[:30],
        "today": dt.datetime.now(tz=IST).date(),
        "inspects": officer.office_id is not None,
    }
    return render(request, "together/inspections.html", context)


def _scored(groups: dict[str, list[Inspection]]) -> list[tuple[str, float | None, int]]:
    found = [
        (name, inspecting.score_percent(visits), len({v.place for v in visits})) for name, visits in groups.items()
    ]
    return sorted(found, key=lambda row: (row[1] is None, row[1] or 0))


def _item_names(lang: str) -> dict[str, str]:
    return {item.code: item.text.in_(lang) for one in inspecting.checklists().values() for item in one.items}


@for_police
def new(request: HttpRequest, checklist: str) -> HttpResponse:
    """One visit: three choices an item, and for a fault a note, a photo, an owner and a date. The id is the phone's."""
    found = inspecting.checklists().get(checklist)
    if found is None:
        raise Http404(checklist)
    officer = officer_of(request)
    now = dt.datetime.now(tz=dt.UTC)
    due = now.astimezone(IST).date() + dt.timedelta(days=DAYS_TO_MEND)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        visit, wrong = _record(request, found, now)
        if visit:
            return redirect("together:inspection", inspection_id=visit.pk)
    context = {
        "tab": "inspections",
        "checklist": found,
        "title": found.title.in_(lang_of(request)),
        "items": [{"code": i.code, "text": i.text, "chosen": request.POST.get(f"r-{i.code}", "")} for i in found.items],
        "banks": Bank.objects.order_by("name_en"),
        "stations": Office.objects.order_by("name_en"),
        "district": officer.office.district if officer.office else "",
        "due": due,
        "days": DAYS_TO_MEND,
        "checklists": [(one.name, one.title.in_(lang_of(request))) for one in inspecting.checklists().values()],
        "new_id": id_or_new(None),
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "together/new_inspection.html", context, status=422 if wrong else 200)


def _record(
    request: HttpRequest, found: inspecting.Checklist, now: dt.datetime
) -> tuple[Inspection | None, dict[str, Text]]:
    place = request.POST.get("place", "").strip()[:200]
    if not place:
        return None, {"place": _PLACE}
    visit_id = id_or_new(request.POST.get("id"))
    try:
        seen = {
            item.code: _seen(request, item.code, visit_id, now)
            for item in found.items
            if request.POST.get(f"r-{item.code}")
        }
        visit = inspecting.record_visit(
            inspection_id=visit_id,
            checklist=found,
            seen=seen,
            place=place,
            district=request.POST.get("district", "").strip()[:80],
            bank=Bank.objects.filter(code=request.POST.get("bank", "")).first() if found.name != "station" else None,
            station=Office.objects.filter(code=request.POST.get("station", "")).first()
            if found.name == "station"
            else None,
            visited_at=moment_or_none(request.POST.get("visited_at", "")) or now,
            by=officer_of(request),
            at=now,
        )
        return visit, {}
    except inspecting.Incomplete as left:
        names = {item.code: item.text for item in found.items}
        first = left.items[0]
        listed = Text(
            ", ".join(names[c].hi for c in left.items if c in names),
            ", ".join(names[c].en for c in left.items if c in names),
        )
        said = Text(left.text.in_("hi", items=listed.hi), left.text.in_("en", items=listed.en))
        return None, {f"r-{first}": said}
    except inspecting.OtherContent as refused:
        return None, {"place": refused.text}
    except (EmptyFile, NotAllowed, TooBig) as refused:
        return None, {"place": refused.text}


def _seen(request: HttpRequest, code: str, visit_id: str, now: dt.datetime) -> inspecting.Seen:
    result = (
        Finding.Result(request.POST[f"r-{code}"])
        if request.POST[f"r-{code}"] in Finding.Result.values
        else Finding.Result.OK
    )
    fault = result == Finding.Result.NOT_OK
    photo = request.FILES.get(f"photo-{code}")
    digest = ""
    if fault and photo:
        digest = keep_photo(
            photo,
            file_id=id_from("finding photo", visit_id, code),
            about=f"inspection:{visit_id}",
            by=f"officer:{officer_of(request).pk}",
            at=now,
        )
    return inspecting.Seen(
        result,
        request.POST.get(f"note-{code}", "").strip()[:1000] if fault else "",
        digest,
        day_or_none(request.POST.get(f"due-{code}", "")) if fault else None,
        request.POST.get(f"owner-{code}", "").strip()[:120] if fault else "",
    )


@for_police_and_banks
def inspection(request: HttpRequest, inspection_id: Any) -> HttpResponse:
    """One visit as it was recorded, its score, and what was put right since."""
    visit = get_object_or_404(Inspection.objects.select_related("bank", "station", "by"), pk=inspection_id)
    context = {
        "tab": "inspections",
        "visit": visit,
        "findings": visit.findings.select_related("findingclosing").order_by("pk"),
        "items": _item_names(lang_of(request)),
        "score": inspecting.score_percent([visit]),
    }
    return render(request, "together/inspection.html", context)


@for_police_and_banks
def photo(request: HttpRequest, inspection_id: Any, digest: str) -> HttpResponse:
    """The photo of a fault of this visit."""
    visit = get_object_or_404(Inspection, pk=inspection_id)
    if not visit.findings.filter(photo_sha256=digest).exists():
        raise Http404(digest)
    return photo_of(request, about=f"inspection:{visit.pk}", digest=digest)


@for_police_and_banks
def right(request: HttpRequest, finding_id: int) -> HttpResponse:
    """A fault was mended: by the police who look again, or by the bank that mended it."""
    finding = get_object_or_404(Finding, pk=finding_id)
    note = request.POST.get("note", "").strip()[:1000]
    if request.method == "POST" and note:
        inspecting.put_right(
            finding=finding, note=note, by=f"officer:{officer_of(request).pk}", at=dt.datetime.now(tz=dt.UTC)
        )
    return redirect("together:inspection", inspection_id=finding.inspection_id)
