"""Published things. The database shows a visitor released notes, open data and public bulletins, and nothing else."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from thaam.coordination.models import Bulletin, Material
from thaam.language.text import Text
from thaam.oversight.figures import CHANNELS, STEPS, name_of_district
from thaam.oversight.leaflet import CHANNELS as DOORS
from thaam.oversight.leaflet import LINES
from thaam.oversight.models import OpenData, PressNote
from thaam.oversight.modus import modus_name
from thaam.oversight.press import parts_of
from thaam.oversight.speed import DELAYS
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.context import lang_of

AXES = {
    "district": Text("ज़िला", "District"),
    "channel": Text("माध्यम", "Channel"),
    "modus": Text("ठगी का तरीका", "Trick"),
    "delay": Text("शिकायत में देर", "Delay of the report"),
    "step": Text("पैसा कहाँ तक पहुँचा", "How far the money came"),
    "bank": Text("शिकायतकर्ता का बैंक", "The victim's bank"),
}
OTHER = Text("बाकी (छोटी गिनतियाँ जोड़कर)", "Others (small cells joined)")
_SHOWN = ("complaints", "reported", "held_ever", "restored", "gone")


@for_citizens
def press_notes(request: HttpRequest) -> HttpResponse:
    """Released notes, newest first."""
    lang = lang_of(request)
    notes = PressNote.objects.exclude(released_at=None).select_related("snapshot").order_by("-released_at")[:50]
    return render(request, "public/press.html", {"notes": [(note, parts_of(note, lang)) for note in notes]})


@for_citizens
def press_note(request: HttpRequest, note_id: Any) -> HttpResponse:
    """One released note: where its QR code leads."""
    note = get_object_or_404(PressNote.objects.exclude(released_at=None).select_related("snapshot"), pk=note_id)
    return render(request, "public/press_note.html", {"note": note, "parts": parts_of(note, lang_of(request))})


@for_citizens
def open_data(request: HttpRequest) -> HttpResponse:
    """Every published snapshot with its tables and files."""
    lang = lang_of(request)
    found = []
    for published in OpenData.objects.select_related("snapshot").order_by("-snapshot__from_on")[:36]:
        table = published.tables["district"]
        rows = [(_name("district", row["key"]).in_(lang), [row[key] for key in _SHOWN]) for row in table["rows"]]
        missing = [_name("district", key).in_(lang) for key in table["not_reported"]]
        found.append(
            {"o": published, "rows": rows, "total": [table["total"][key] for key in _SHOWN], "missing": missing}
        )
    return render(
        request, "public/open_data.html", {"found": found, "axes": [(k, t.in_(lang)) for k, t in AXES.items()]}
    )


@for_citizens
def open_file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """`SN-2606-01-district.csv`, or the whole snapshot as `SN-2606-01.json`."""
    snapshot, _, axis = name.partition(".") if kind == "json" else (name[:10], "", name[11:])
    published = get_object_or_404(OpenData.objects.select_related("snapshot"), snapshot__name=snapshot)
    if kind == "json":
        return JsonResponse({"snapshot": snapshot, "digest": published.snapshot.digest, "tables": published.tables})
    if kind != "csv" or axis not in published.tables:
        raise Http404(name)
    lang, written = lang_of(request), io.StringIO()
    out = csv.writer(written)
    columns = [key for key in published.tables[axis]["total"] if key != "held"]
    out.writerow(["snapshot", axis, "name", *(f"{key}_paise" if key != "complaints" else key for key in columns)])
    for row in published.tables[axis]["rows"]:
        out.writerow([snapshot, row["key"], _name(axis, row["key"]).in_(lang), *(row[key] for key in columns)])
    return HttpResponse(written.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")


@for_citizens
def alerts(request: HttpRequest) -> HttpResponse:
    """Tricks to beware of now, and pictures to share."""
    context = {
        "bulletins": Bulletin.objects.filter(for_public=True).exclude(approved_at=None).order_by("-approved_at")[:20],
        "images": Material.objects.filter(kind=Material.Type.IMAGE).order_by("-added_at")[:6],
        "films": Material.objects.filter(kind=Material.Type.FILM).order_by("-added_at")[:6],
    }
    return render(request, "public/alerts.html", context)


@for_citizens
def appeal(request: HttpRequest) -> HttpResponse:
    """Three ways to report, also a mere suspicion, and what never to do."""
    return render(request, "public/appeal.html", {"doors": DOORS, "lines": LINES})


def _name(axis: str, key: str) -> Text:
    if key == "other":
        return OTHER
    if axis == "district":
        return name_of_district(int(key) if key else None)
    if axis == "channel":
        return CHANNELS.get(key, Text(key, key))
    if axis == "modus":
        return modus_name(key)
    if axis == "step":
        return STEPS.get(key, Text(key, key))
    if axis == "delay":
        return DELAYS[int(key)]
    return Text(key, key)
