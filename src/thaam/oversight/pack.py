"""What the review pack prints: every number, chart and table of six pages, from one snapshot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.language import rupees
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.oversight.sheets import Sheet, shown
from thaam.oversight.tables import Figures


def as_printed(sheet: Sheet, lang: str, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """A sheet as columns, rows and total of text, some columns left out for the paper's width."""
    places = [place for place, column in enumerate(sheet.columns) if column.key not in without]

    def cells(row: Any) -> list[str]:
        return [shown(row[place], sheet.columns[place].what, lang) if row[place] != "" else "" for place in places]

    return {
        "columns": [sheet.columns[place].text.in_(lang) for place in places],
        "rows": [cells(row) for row in sheet.rows],
        "total": [
            "" if sheet.total[place] is None else text for place, text in zip(places, cells(sheet.total), strict=True)
        ]
        if sheet.total
        else None,
    }


def identity_words(total: Figures, lang: str) -> str:
    """The sum of the whole in words: reported is held, gone, due and not explained together."""
    return Text(
        f"रिपोर्ट {rupees.full(total.reported)} = रोका {rupees.full(total.held_ever)} + "
        f"निकल गया {rupees.full(total.gone)} + जवाब बाकी {rupees.full(total.asked)} + "
        f"हिसाब बाकी {rupees.full(total.rest)}",
        f"Reported {rupees.full(total.reported)} = held {rupees.full(total.held_ever)} + "
        f"gone {rupees.full(total.gone)} + due {rupees.full(total.asked)} + not explained {rupees.full(total.rest)}",
    ).in_(lang)


def held_words(total: Figures, lang: str) -> str:
    """What became of held money; returned is a part of it."""
    return Text(
        f"रोके गए {rupees.full(total.held_ever)} में: अभी रुका {rupees.full(total.held)}, "
        f"लौटाया {rupees.full(total.restored)}, रोक हटी {rupees.full(total.released)}। "
        "लौटाई गई रकम रोकी गई रकम का हिस्सा है।",
        f"Of {rupees.full(total.held_ever)} held: held now {rupees.full(total.held)}, "
        f"returned {rupees.full(total.restored)}, released {rupees.full(total.released)}. "
        "Returned money is a part of held money.",
    ).in_(lang)


def head_of(*, number: str, title: str, office: str, lang: str, url: str, at: dt.datetime) -> dict[str, Any]:
    """What base.typ asks for."""
    here = at.astimezone(IST)
    return {
        "lang": lang,
        "number": number,
        "title": title,
        "date": f"{here:%d.%m.%Y, %H:%M}",
        "issued": [here.year, here.month, here.day],
        "office": {"name": office, "contact": "1930"},
        "to": {"name": "", "line": ""},
        "signatory": {"name": "", "office": office},
        "verify_url": url,
    }
