"""What the review pack prints: every number, chart and table of six pages, from one snapshot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.language import rupees
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.oversight.sheets import Sheet, shown
from thaam.oversight.tables import Figures

DEFINITIONS = (
    (
        Text("रिपोर्ट हुआ", "Reported"),
        Text(
            "शिकायत में बताई गई, विवादित रकम। वापस ली गई शिकायतें नहीं गिनी जातीं।",
            "The disputed sum as told. Complaints taken back are not counted.",
        ),
    ),
    (
        Text("रोका गया", "Held"),
        Text(
            "जो रकम किसी बैंक ने हमारे अनुरोध पर कभी रोकी: अभी रुकी + लौटाई गई + रोक हटी।",
            "What a bank held on our order at some time: held now + returned + released.",
        ),
    ),
    (
        Text("उसी दिन रोका", "Held the same day"),
        Text("शिकायत के 24 घंटे के भीतर रोकी गई रकम।", "Held within 24 hours of the report."),
    ),
    (
        Text("लौटाया गया", "Returned"),
        Text(
            "शिकायतकर्ता को आदेश से लौटाई गई रकम। यह रोकी गई रकम का हिस्सा है, उसमें जोड़ी नहीं जाती।",
            "Paid back to victims by order. It is a part of held money and never added to it.",
        ),
    ),
    (
        Text("निकल गया", "Gone"),
        Text("नकद, चेक, ख़रीद, शुल्क, क्रिप्टो या विदेश।", "Cash, cheque, purchase, fee, crypto or abroad."),
    ),
    (
        Text("जवाब बाकी", "Reply due"),
        Text(
            "अनुरोध भेजा गया या भेजा जाना है; बैंक का जवाब अभी नहीं आया।",
            "Asked, or about to be; the bank has not answered yet.",
        ),
    ),
    (
        Text("हिसाब बाकी", "Not explained"),
        Text(
            "दिखी पर रुकी नहीं, भेजने वाले बैंक को लौटी, या बैंक बता नहीं पाया।",
            "Seen but not held, returned by the rail, or not explained by a bank.",
        ),
    ),
    (
        Text("ज़िला और माध्यम", "District and channel"),
        Text("दो अलग बातें; दोनों तालिकाओं का जोड़ बराबर होता है।", "Two different axes; both tables have the same total."),
    ),
    (
        Text("बही की रकम", "Money in the books"),
        Text(
            "बैंक खातों में रुकी रकम, हर पैसा एक बार। शिकायतों की रकम में नहीं जोड़ी जाती।",
            "Held on bank accounts, each paisa once. Never added to the complaints' sums.",
        ),
    ),
    (
        Text("बैंक का समय", "A bank's time"),
        Text(
            "अनुरोध से पहले जवाब तक। 20 से कम अनुरोध वाले बैंक क्रम में नहीं।",
            "From order to first answer. Banks with fewer than 20 orders are not ranked.",
        ),
    ),
    (Text("—", "—"), Text("रिपोर्ट नहीं मिली। यह शून्य नहीं है।", "Not reported. This is not zero.")),
)


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
