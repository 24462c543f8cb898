"""The drawings of the review with the sheets they are drawn from, and the finding each says in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from thaam.language import rupees
from thaam.language.text import Text
from thaam.oversight import speed
from thaam.oversight.charts.money import Outcome, outcome_bar
from thaam.oversight.charts.places import Interval, Tile, interval_chart, tile_map
from thaam.oversight.charts.time import golden_curve, heat_grid, multiples, run_chart
from thaam.oversight.figures import (
    ageing_sheet,
    banks_sheet,
    delays_sheet,
    districts_sheet,
    months_sheet,
    weeks_sheet,
)
from thaam.oversight.hourly import DAYS, calls_sheet, hours_sheet
from thaam.oversight.models import Snapshot
from thaam.oversight.places import Scope
from thaam.oversight.sheets import Sheet, number_in
from thaam.oversight.tables import Figures, district_table
from thaam.parties.districts import districts
from thaam.parties.models import Bank
from thaam.rulebook.rules import rule
from thaam.web.review.grid import place_of

STEPS = (12, 18, 25, 32)
_BAR = Text("पैसा कहाँ है", "Where the money is")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart: what it found, what it measures, the SVG, and the sheet whose rows it draws. `of_state`: it is about the
    whole state also when the office reviews a part."""

    finding: Text
    measure: Text
    svg: SafeString
    sheet: Sheet
    of_state: bool = True


def bar_of(row: Figures, scale: int, lang: str) -> SafeString:
    """Where the money of a row is, on the table's common scale."""
    unexplained = row.unexplained + row.seen + row.returned
    outcome = Outcome(held=row.held_ever, due=row.asked, gone=row.gone, unexplained=unexplained)
    return mark_safe(outcome_bar(outcome, scale_paise=scale, title=_BAR.in_(lang)))


def tiles(snapshot: Snapshot, scope: Scope, lang: str) -> Drawing:
    """Every district an equal square; the finding names the highest and the lowest with at least 20 complaints."""
    table = district_table(snapshot)
    drawn = []
    for code, (row, column) in place_of(snapshot.state_code).items():
        figures = table.rows.get(code)
        drawn.append(
            Tile(
                districts()[code].name(lang).split("-")[0][:12],
                row,
                column,
                figures.held_percent if figures else None,
                figures.complaints if figures else 0,
            )
        )
    ranked = sorted(
        (row.held_percent, code)
        for code, row in table.rows.items()
        if code is not None and row.complaints >= 20 and row.held_percent is not None
    )
    measure = Text(
        "ज़िलेवार: बताई गई रकम में से रोकी गई, % · बिंदु: 20 से कम शिकायतें · टूटी रेखा: रिपोर्ट नहीं मिली",
        "By district: share of the reported sum held, % · dot: fewer than 20 · dashed: not reported",
    )
    finding = Text("किस ज़िले में कितना रुका", "How much was held, by district")
    if len(ranked) > 1:
        (least, low), (most, high) = ranked[0], ranked[-1]
        hi_name, lo_name = districts()[high], districts()[low]
        finding = Text(
            f"{hi_name.name('hi')} में {most:.0f} % रुका, {lo_name.name('hi')} में {least:.0f} %",
            f"{hi_name.name('en')} held {most:.0f} %, {lo_name.name('en')} {least:.0f} %",
        )
    return Drawing(
        finding,
        measure,
        mark_safe(tile_map(drawn, bounds=STEPS, title=measure.in_(lang))),
        districts_sheet(snapshot, scope),
    )


def banks(snapshot: Snapshot, scope: Scope, lang: str) -> Drawing:
    """Dot: half of the answers; stop: nine in ten; the dashed line is the clock of the rulebook."""
    names = {bank.code: bank.name(lang) for bank in Bank.objects.all()}
    limit = rule("bank_answer_due", jurisdiction="IN", on=snapshot.taken_at)
    minutes = limit.value / 60 if limit.unit == "seconds" else limit.value * (60 if limit.unit == "hours" else 1)
    league = [each for each in speed.bank_league(snapshot) if each.median_minutes is not None]
    rows = [
        Interval(
            names.get(b.bank, b.bank)[:18],
            b.median_minutes or 0,
            b.p90_minutes or b.median_minutes or 0,
            b.n,
            "API" if b.way == "api" else ("screen" if lang == "en" else "स्क्रीन"),
        )
        for b in league
    ]
    fast = sum((each.median_minutes or 0) <= minutes for each in league)
    finding = Text("बैंक कितनी देर में जवाब देते हैं", "How fast banks answer")
    if league:
        finding = Text(
            f"{len(league)} में से {fast} बैंक आधे जवाब {minutes:.0f} मिनट में देते हैं",
            f"{fast} of {len(league)} banks give half of their answers within {minutes:.0f} minutes",
        )
    measure = Text(
        "पहले जवाब का समय, मिनट · बिंदु: आधे · खड़ी रेखा: 90 % · n", "Minutes to first answer · dot: half · stop: 90 % · n"
    )
    return Drawing(
        finding,
        measure,
        mark_safe(interval_chart(rows, limit_minutes=minutes, title=measure.in_(lang))),
        banks_sheet(snapshot, scope),
    )


def curve(snapshot: Snapshot, scope: Scope, lang: str) -> Drawing:
    """Share of the money held by the delay of the report."""
    steps = speed.golden_curve(snapshot)
    known = [(words, percent) for words, percent, n in steps if percent is not None and n >= 20]
    finding = Text("जल्दी शिकायत, ज़्यादा रोक", "The sooner the report, the more is held")
    if len(known) > 1:
        (early, first), (late, last) = known[0], known[-1]
        finding = Text(
            f"{early.hi} में बताया तो {first:.0f} % रुका, {late.hi} तो {last:.0f} %",
            f"Told within {early.en}: {first:.0f} % held; {late.en}: {last:.0f} %",
        )
    measure = Text(
        "बताई गई रकम में से रोकी गई, % · ख़ाली खंभा: 20 से कम शिकायतें",
        "Share of the reported sum held, % · empty bar: fewer than 20",
    )
    drawn = golden_curve([(words.in_(lang), percent, n) for words, percent, n in steps], title=measure.in_(lang))
    return Drawing(finding, measure, mark_safe(drawn), delays_sheet(snapshot, scope))


def heat(snapshot: Snapshot, scope: Scope, lang: str, *, calls: bool) -> Drawing:
    """Seven days of 24 hours: calls where any were taken in, else complaints; finds the busiest three hours."""
    sheet = calls_sheet(snapshot, scope) if calls else hours_sheet(snapshot, scope)
    counts = [[number_in(cell) for cell in row[1:25]] for row in sheet.rows]
    by_hour = [sum(row[hour] for row in counts) for hour in range(24)]
    whole = sum(by_hour)
    start = max(range(22), key=lambda hour: sum(by_hour[hour : hour + 3]))
    share = 100 * sum(by_hour[start : start + 3]) / whole if whole else 0
    what = Text("कॉल", "calls") if calls else Text("शिकायतें", "complaints")
    finding = Text(
        f"{share:.0f} % {what.hi} {start} से {start + 3} बजे के बीच",
        f"{share:.0f} % of {what.en} between {start} and {start + 3} h",
    )
    measure = Text(f"{what.hi}, दिन × घंटा · कुल {whole}", f"{what.en.title()} by day and hour · {whole} in all")
    days = [day.in_(lang) for day in DAYS]
    drawn = heat_grid(counts, days=days, title=measure.in_(lang), bracket=(start, start + 3))
    return Drawing(finding, measure, mark_safe(drawn), sheet)


def run(snapshot: Snapshot, scope: Scope, lang: str, key: str, finding: Text, measure: Text) -> Drawing:
    """One column of the months as a run chart with its median."""
    sheet = months_sheet(snapshot, scope)
    place = [column.key for column in sheet.columns].index(key)
    paise = sheet.columns[place].what == "paise"
    values = [None if row[place] is None else _float(row[place]) / (10_000_000 if paise else 1) for row in sheet.rows]
    labels = [_short_month(row[0], lang) for row in sheet.rows]
    return Drawing(
        finding, measure, mark_safe(run_chart(labels, values, title=measure.in_(lang))), sheet, key == "within_60s"
    )


def modus(snapshot: Snapshot, scope: Scope, lang: str) -> Drawing:
    """Nine tricks and the rest by week, each on one scale; "new" where the last week is at least twice the mean."""
    sheet = weeks_sheet(snapshot, scope)
    rows = sorted(sheet.rows, key=lambda row: -number_in(row[-1]))
    named, rest = rows[:9], rows[9:]
    small = [
        (str(row[0].in_(lang)), [number_in(cell) for cell in row[1:-1]]) for row in named if isinstance(row[0], Text)
    ]
    if rest:
        other = [sum(number_in(row[place]) for row in rest) for place in range(1, len(sheet.columns) - 1)]
        small.append(("बाकी सब" if lang != "en" else "All others", other))
    rising = [name for name, counts in small if is_rising(counts)]
    finding = Text("तरीके हफ़्ते दर हफ़्ते", "Tricks by week")
    if rising:
        finding = Text(
            f"आख़िरी हफ़्ते में दुगने से ज़्यादा: {', '.join(rising[:2])}",
            f"More than doubled in the last week: {', '.join(rising[:2])}",
        )
    measure = Text("शिकायतें प्रति हफ़्ता, सब चित्र एक पैमाने पर", "Complaints a week, all on one scale")
    drawn = multiples(small, title=measure.in_(lang), marked=rising, mark="नया" if lang != "en" else "new")
    return Drawing(finding, measure, mark_safe(drawn), sheet)


def ageing(snapshot: Snapshot, scope: Scope, lang: str) -> Drawing:
    """Money in holds by weeks, towards the end of the clock."""
    sheet = ageing_sheet(snapshot, scope)
    old = sum(number_in(row[2]) for row in sheet.rows if int(str(row[0]).split("–")[0]) >= 8)
    values = [number_in(row[2]) / 10_000_000 for row in sheet.rows]
    finding = Text(
        f"{rupees.short(old, 'hi')} की रोक 56 दिन से पुरानी", f"{rupees.short(old, 'en')} held for more than 56 days"
    )
    measure = Text("₹ लाख, रोक लगे हफ़्ते", "₹ lakh by weeks held")
    return Drawing(
        finding,
        measure,
        mark_safe(run_chart([str(row[0]) for row in sheet.rows], values, title=measure.in_(lang))),
        sheet,
    )


def is_rising(counts: list[int]) -> bool:
    """The last whole week has at least five and at least twice the mean of the weeks before."""
    before = counts[:-1]
    return bool(before) and counts[-1] >= 5 and counts[-1] >= 2 * sum(before) / len(before)


def _short_month(name: Any, lang: str) -> str:
    words = name.in_(lang).split()
    return f"{words[0][:3] if lang == 'en' else words[0]} {words[1][2:]}"


def _float(cell: Any) -> float:
    return float(cell)
