"""The roster of a joint group: people of a district's banks as a table bank x station, a sheet, contact cards."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.files.tables import TYPES, csv_table, xlsx_table
from thaam.language.dates import in_ist
from thaam.parties.districts import District, districts
from thaam.parties.exporting import ROSTER_COLUMNS, contact_cards, roster_matrix, roster_of
from thaam.parties.models import Branch, Office
from thaam.web.shared.audience import for_directory
from thaam.web.shared.context import lang_of
from thaam.web.shared.coverage import DUTIES


def _chosen(request: HttpRequest) -> int | None:
    said = request.GET.get("district", "")
    return int(said) if said.isdecimal() and int(said) in districts() else None


@for_directory
def roster(request: HttpRequest) -> HttpResponse:
    """Who is in the group, and bank x station: who answers for which bank in which station's area."""
    on, lang = in_ist(datetime.now(tz=UTC)).date(), lang_of(request)
    chosen = _chosen(request)
    codes = Branch.objects.exclude(district_code=None).values_list("district_code", flat=True).distinct()
    here: list[District] = sorted(
        (districts()[c] for c in codes if c in districts()), key=lambda d: d.name(lang_of(request))
    )
    stations, matrix = roster_matrix(district_code=chosen, on=on, lang=lang)
    names = {office.code: office.name(lang) for office in Office.objects.filter(code__in=stations)}
    context = {
        "tab": "roster",
        "chosen": chosen,
        "districts": [(each.code, each.name(lang_of(request))) for each in here],
        "people": [(row, DUTIES[row["duty"]]) for row in roster_of(district_code=chosen, on=on, lang=lang)],
        "stations": [names[code] for code in stations],
        "matrix": [(row["bank"], [row[station] for station in stations]) for row in matrix],
        "query": f"?district={chosen}" if chosen else "",
    }
    return render(request, "directory/roster.html", context)


@for_directory
def download(request: HttpRequest, ending: str) -> HttpResponse:
    """The same as XLSX (people and matrix), CSV (people) or VCF (contact cards)."""
    on = in_ist(datetime.now(tz=UTC)).date()
    chosen = _chosen(request)
    people = roster_of(district_code=chosen, on=on)
    if ending == "vcf":
        content, kind = contact_cards(people), "text/vcard; charset=utf-8"
    elif ending == "csv":
        content, kind = csv_table(ROSTER_COLUMNS, people), TYPES["csv"]
    elif ending == "xlsx":
        stations, matrix = roster_matrix(district_code=chosen, on=on)
        pages = [("people", ROSTER_COLUMNS, people), ("bank x station", ["bank", *stations], matrix)]
        content, kind = xlsx_table(pages), TYPES["xlsx"]
    else:
        raise Http404
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="roster-{chosen or "all"}.{ending}"'
    return answer
