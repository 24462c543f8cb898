"""Somebody else's typed table, judged: pasted or uploaded, every fault named, and by how much it misses its total."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.language import rupees
from thaam.language.text import Text
from thaam.oversight.places import scope_of
from thaam.oversight.typed import Typed, judge
from thaam.parties.districts import districts
from thaam.web.shared.audience import for_review, officer_of
from thaam.web.shared.context import lang_of

_EMPTY = Text(
    "हर पंक्ति में नाम और रकम लिखिए, जैसे: बालोद, 40000", "Write a name and a sum in each line, such as: Balod, 40000"
)
_BAD_LINE = Text("पंक्ति {n} में रकम नहीं पढ़ी जा सकी: {line}", "The sum in line {n} cannot be read: {line}")


@for_review
def page(request: HttpRequest) -> HttpResponse:
    """Rows as "name, rupees[, where]"; `where` other than table is the text around it and is only compared."""
    scope = scope_of(officer_of(request).office)
    lang = lang_of(request)
    wrong: dict[str, Text] = {}
    judged: Any = None
    if request.method == "POST":
        upload = request.FILES.get("file")
        text = upload.read(200_000).decode("utf-8-sig", "replace") if upload else request.POST.get("rows", "")[:200_000]
        lines, wrong = read_lines(text)
        stated = request.POST.get("total", "").strip()
        total = None
        if stated:
            try:
                total = rupees.read_rupees(stated)
            except rupees.NotAnAmount as refused:
                wrong["total"] = refused.text
        if not wrong:
            judged = judge(lines, stated_total_paise=total, state_code=scope.state_code or 22)
    context = {
        "tab": "home",
        "wrong": wrong,
        "typed": request.POST,
        "judged": judged,
        "rows": sorted(
            ((districts()[code].name(lang), paise) for code, paise in judged.by_district.items()),
            key=lambda row: -row[1],
        )
        if judged
        else [],
        "missing": [
            district.name(lang)
            for code, district in districts().items()
            if judged and district.state_code == (scope.state_code or 22) and code not in judged.by_district
        ],
    }
    return render(request, "review/typed.html", context, status=422 if wrong else 200)


def read_lines(text: str) -> tuple[list[Typed], dict[str, Text]]:
    """Lines of a typed table; a sum that is "—" or empty is not reported."""
    found: list[Typed] = []
    for n, row in enumerate(
        csv.reader(io.StringIO(text.replace("\t", ";")), delimiter=";" if ";" in text or "\t" in text else ","), 1
    ):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        where = "table"
        if len(cells) > 2 and cells[-1] and not any(sign.isdecimal() for sign in cells[-1]):
            where = cells.pop()
        name, told = cells[0], "".join(cells[1:])
        if told in ("", "—", "-"):
            found.append(Typed(name, None, where))
            continue
        try:
            paise = rupees.read_rupees(told)
        except rupees.NotAnAmount:
            if n == 1:
                continue  # a heading
            return [], {"rows": Text(_BAD_LINE.in_("hi", n=n, line=told), _BAD_LINE.in_("en", n=n, line=told))}
        found.append(Typed(name, paise, where))
    return found, {} if found else {"rows": _EMPTY}
