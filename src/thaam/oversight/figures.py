"""The sheets of a review by name: what each chart is drawn from, and what is handed out beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from thaam.language import dates
from thaam.language.text import Text
from thaam.oversight import speed
from thaam.oversight.hourly import calls_sheet, hours_sheet, staffing_sheet
from thaam.oversight.models import Snapshot, Summed
from thaam.oversight.modus import modus_list, modus_name
from thaam.oversight.places import Scope, per_lakh, population
from thaam.oversight.series import months_up_to
from thaam.oversight.sheets import Cell, Column, Sheet
from thaam.oversight.tables import (
    Figures,
    Table,
    bank_table,
    channel_table,
    counts_by_district_and_channel,
    delay_table,
    district_table,
    halves_of,
    modus_table,
    step_table,
)
from thaam.parties.districts import districts
from thaam.parties.models import Bank

CHANNELS = {
    "phone": Text("1930 हेल्पलाइन", "1930 helpline"),
    "web": Text("वेब", "Web"),
    "desk": Text("थाना / हेल्प डेस्क", "Station / help desk"),
    "bank": Text("बैंक शाखा", "Bank branch"),
}
NOT_SETTLED = Text("ज़िला तय नहीं", "District not settled")
STEPS = {
    "reported": Text("रिपोर्ट हुई, कुछ नहीं रुका", "Reported, nothing held"),
    "held": Text("कुछ रकम रुकी", "Something held"),
    "restored": Text("कुछ रकम लौटी", "Something returned"),
}
MONEY = (
    Column("complaints", Text("शिकायतें", "Complaints")),
    Column("reported", Text("रिपोर्ट ₹", "Reported ₹"), "paise"),
    Column("same_day", Text("उसी दिन रोका ₹", "Held same day ₹"), "paise"),
    Column("held_later", Text("बाद में रोका ₹", "Held later ₹"), "paise"),
    Column("gone", Text("निकल गया ₹", "Gone ₹"), "paise"),
    Column("asked", Text("जवाब बाकी ₹", "Reply due ₹"), "paise"),
    Column("rest", Text("हिसाब बाकी ₹", "Not explained ₹"), "paise"),
    Column("held_percent", Text("रुका %", "Held %"), "percent"),
    Column("restored", Text("उसमें लौटाया ₹", "Of it returned ₹"), "paise"),
)
DISTRICT_COLUMNS = (
    Column("district", Text("ज़िला", "District"), "text"),
    *MONEY,
    *(Column(channel, text) for channel, text in CHANNELS.items()),
    Column("told_after", Text("ठगी→शिकायत, आधे (मिनट)", "Fraud→report, half (min)"), "minutes"),
    Column("held_after", Text("शिकायत→रोक, आधे (मिनट)", "Report→hold, half (min)"), "minutes"),
    Column("per_lakh", Text("रिपोर्ट ₹ प्रति लाख आबादी", "Reported ₹ per lakh people"), "paise", apart=True),
    Column("held_before", Text("पिछले माह रुका %", "Held % the month before"), "percent"),
)


def name_of_district(code: int | None) -> Text:
    """A district's one name a language; "not settled" for None."""
    if code is None:
        return NOT_SETTLED
    district = districts()[code]
    return Text(hi=district.name("hi"), en=district.name("en"))


def _money(row: Figures) -> tuple[Cell, ...]:
    return tuple(getattr(row, column.key) for column in MONEY)


def _minutes(seconds: int | None) -> float | None:
    return None if seconds is None else seconds / 60


def districts_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """By district, largest sum first, "not settled" last, then those that did not report (—)."""
    table = district_table(snapshot, scope.codes)
    halves = halves_of(snapshot, "district")
    ways = counts_by_district_and_channel(snapshot)
    people = population()
    before = months_up_to(snapshot, scope, 2)[0]
    earlier = before.by_district if before else {}
    keys: list[int | None] = [
        key for key, _ in sorted(table.rows.items(), key=lambda i: (i[0] is None, -i[1].reported))
    ]
    rows: list[tuple[Cell, ...]] = []
    for key in keys:
        row, (told, held) = table.rows[key], halves.get("" if key is None else str(key), (None, None))
        by_way = ways.get(key, {})
        rows.append(
            (
                name_of_district(key),
                *_money(row),
                *(by_way.get(channel, 0) for channel in CHANNELS),
                _minutes(told),
                _minutes(held),
                per_lakh(row.reported, people.get(key or 0)),
                earlier[key].held_percent if key in earlier else None,
            )
        )
    rows += [(name_of_district(code), *([None] * (len(DISTRICT_COLUMNS) - 1))) for code in table.not_reported]
    told, held = _half_of(snapshot, scope)
    total = (
        Text("जोड़", "Total"),
        *_money(table.total),
        *(sum(ways.get(key, {}).get(channel, 0) for key in keys) for channel in CHANNELS),
        _minutes(told),
        _minutes(held),
        per_lakh(
            sum(row.reported for key, row in table.rows.items() if people.get(key or 0)),
            sum(people.get(key or 0, 0) for key in table.rows),
        ),
        before.figures.held_percent if before else None,
    )
    return Sheet(
        "districts",
        Text("ज़िले", "Districts"),
        Text(
            "रिपोर्ट = रोका (उसी दिन + बाद में) + निकल गया + जवाब बाकी + हिसाब बाकी",
            "Reported = held (same day + later) + gone + reply due + not explained",
        ),
        snapshot.name,
        DISTRICT_COLUMNS,
        tuple(rows),
        tuple("none" if key is None else str(key) for key in keys) + tuple(map(str, table.not_reported)),
        "district",
        total,
    )


def _half_of(snapshot: Snapshot, scope: Scope) -> tuple[int | None, int | None]:
    if scope.codes is None:
        return halves_of(snapshot, "all").get("", (None, None))
    if scope.division:
        return halves_of(snapshot, "division").get(scope.division, (None, None))
    return halves_of(snapshot, "district").get(str(scope.codes[0]), (None, None))


def _by(
    name: str, axis: str, title: Text, first: Text, table: Table, snapshot: Snapshot, names: Callable[[Any], Text]
) -> Sheet:
    keys = sorted(table.rows, key=lambda key: (-table.rows[key].reported, str(key)))
    return Sheet(
        name,
        title,
        Text("हर शिकायत एक ही पंक्ति में", "Each complaint stands in one row"),
        snapshot.name,
        (Column(axis, first, "text"), *MONEY),
        tuple((names(key), *_money(table.rows[key])) for key in keys),
        tuple(str(key) for key in keys),
        axis,
        (Text("जोड़", "Total"), *_money(table.total)),
    )


def channels_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """By the way the report came. Place and channel are two axes: both sum to the same whole."""
    return _by(
        "channels", "channel", Text("शिकायत का माध्यम", "How reports came"), Text("माध्यम", "Channel"),
        channel_table(snapshot), snapshot, lambda key: CHANNELS.get(key, Text(key, key)),
    )  # fmt: skip


def payer_banks_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """By the victim's bank."""
    names = _bank_names()
    return _by(
        "victims-banks", "bank", Text("शिकायतकर्ता का बैंक", "The victim's bank"), Text("बैंक", "Bank"),
        bank_table(snapshot), snapshot, lambda key: names.get(key, Text(key, key)),
    )  # fmt: skip


def modus_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """By the trick."""
    return _by(
        "modus", "modus", Text("ठगी का तरीका", "The trick"), Text("तरीका", "Trick"), modus_table(snapshot), snapshot,
        modus_name,
    )  # fmt: skip


def delays_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """By the delay of the report: the golden-hour curve."""
    table = delay_table(snapshot)
    return Sheet(
        "delays",
        Text("शिकायत में देर और रोकी गई रकम", "Delay of the report and the share held"),
        Text("ठगी से शिकायत तक का समय", "Time from the fraud to the report"),
        snapshot.name,
        (Column("delay", Text("देर", "Delay"), "text"), *MONEY),
        tuple((speed.DELAYS[step], *_money(table.rows.get(step, Figures()))) for step in range(len(speed.DELAYS))),
        tuple(map(str, range(len(speed.DELAYS)))),
        "delay",
        (Text("जोड़", "Total"), *_money(table.total)),
    )


def steps_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """Lost, reported, held, restored: complaints by how far their money came."""
    return _by(
        "steps", "step", Text("पैसा कहाँ तक पहुँचा", "How far the money came"), Text("पड़ाव", "Step"),
        step_table(snapshot), snapshot, lambda key: STEPS[key],
    )  # fmt: skip


def banks_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """How banks answered; what their hold books held is money by account, each paisa once, added to nothing else."""
    names = _bank_names()
    league = speed.bank_league(snapshot)
    return Sheet(
        "banks",
        Text("बैंक: समय पर जवाब", "Banks: answers on the clock"),
        Text("20 से कम अनुरोध वाले बैंक क्रम में नहीं", "Banks with fewer than 20 orders are not ranked"),
        snapshot.name,
        (
            Column("bank", Text("बैंक", "Bank"), "text"),
            Column("kind", Text("समूह", "Peers"), "text"),
            Column("way", Text("जवाब का रास्ता", "Answers by"), "text"),
            Column("n", Text("अनुरोध (n)", "Orders (n)")),
            Column("in_time", Text("समय पर", "In time")),
            Column("on_clock", Text("समय पर %", "In time %"), "percent"),
            Column("median", Text("आधे जवाब (मिनट)", "Half (min)"), "minutes"),
            Column("p90", Text("90 % जवाब (मिनट)", "90 % (min)"), "minutes"),
            Column("silent", Text("समय बीता, जवाब नहीं", "Past due, silent")),
            Column("book", Text("बही में अभी रुका ₹", "Held in the books now ₹"), "paise"),
        ),
        tuple(
            (
                names.get(each.bank, Text(each.bank, each.bank)),
                speed.PEERS.get(each.bank_kind, Text(each.bank_kind, each.bank_kind)),
                Text("API से", "API") if each.way == "api" else Text("स्क्रीन", "Screen"),
                each.n,
                each.in_time,
                each.on_clock_percent if each.n else None,
                each.median_minutes,
                each.p90_minutes,
                each.silent,
                each.book_held_paise,
            )
            for each in league
        ),
        tuple(each.bank for each in league),
        "",
        (
            Text("जोड़", "Total"), "", "", sum(each.n for each in league), sum(each.in_time for each in league),
            None, None, None, sum(each.silent for each in league), sum(each.book_held_paise for each in league),
        ),
    )  # fmt: skip


def months_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """Thirteen months; a month without a snapshot is "—"."""
    months = months_up_to(snapshot, scope)
    rows: list[tuple[Cell, ...]] = []
    for back, month in enumerate(months):
        number = snapshot.from_on.year * 12 + snapshot.from_on.month - len(months) + back
        first = dt.date(number // 12, number % 12 + 1, 1)
        name = Text(
            f"{dates.MONTHS_HI[first.month - 1]} {first.year}", f"{dates.MONTHS_EN[first.month - 1]} {first.year}"
        )
        if month is None:
            rows.append((name, "—", *([None] * (len(MONEY) + 2))))
            continue
        rows.append(
            (name, month.snapshot.name, *_money(month.figures), _minutes(month.half_held_after_s), month.within_60s)
        )
    return Sheet(
        "months",
        Text("माह दर माह", "Month by month"),
        Text("हर माह का सबसे नया स्नैपशॉट", "The newest snapshot of each month"),
        snapshot.name,
        (
            Column("month", Text("माह", "Month"), "text"),
            Column("snapshot", Text("स्नैपशॉट", "Snapshot"), "text"),
            *MONEY,
            Column("held_after", Text("शिकायत→रोक, आधे (मिनट)", "Report→hold, half (min)"), "minutes"),
            Column("within_60s", Text("60 सेकंड में उठी कॉल %", "Answered in 60 s %"), "percent"),
        ),
        tuple(rows),
    )


def ageing_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """Money held now by the age of the hold, each paisa once."""
    rows = snapshot.beside.get("ageing", [])
    return Sheet(
        "ageing",
        Text("रोक की उम्र", "Age of holds"),
        Text("बही में रुकी रकम, हर पैसा एक बार", "Money in hold books, each paisa once"),
        snapshot.name,
        (
            Column("week", Text("हफ़्ते", "Weeks"), "text"),
            Column("holds", Text("रोक", "Holds")),
            Column("paise", Text("अभी रुका ₹", "Held now ₹"), "paise"),
        ),
        tuple((f"{week}–{week + 1}", holds, paise) for week, holds, paise in rows),
        (),
        "",
        (Text("जोड़", "Total"), sum(row[1] for row in rows), sum(row[2] for row in rows)),
    )


def weeks_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """Complaints by trick and ISO week."""
    counts: dict[str, dict[str, int]] = {}
    weeks: set[str] = set()
    for key, n in Summed.objects.filter(snapshot=snapshot, axis="week_modus").values_list("key", "complaints"):
        week, _, code = key.partition("|")
        counts.setdefault(code, {})[week] = n
        weeks.add(week)
    order = [code for code in [*modus_list(), ""] if code in counts]
    return Sheet(
        "modus-weeks",
        Text("ठगी के तरीके, हफ़्ते दर हफ़्ते", "Tricks by week"),
        Text("शिकायतें", "Complaints"),
        snapshot.name,
        (
            Column("modus", Text("तरीका", "Trick"), "text"),
            *(Column(week, Text(week, week)) for week in sorted(weeks)),
            Column("sum", Text("जोड़", "Total")),
        ),
        tuple(
            (modus_name(code), *(counts[code].get(week, 0) for week in sorted(weeks)), sum(counts[code].values()))
            for code in order
        ),
        tuple(order),
        "",
        (
            Text("जोड़", "Total"),
            *(sum(row.get(week, 0) for row in counts.values()) for week in sorted(weeks)),
            sum(sum(row.values()) for row in counts.values()),
        ),
    )


SHEETS: dict[str, Callable[[Snapshot, Scope], Sheet]] = {
    "districts": districts_sheet,
    "channels": channels_sheet,
    "victims-banks": payer_banks_sheet,
    "banks": banks_sheet,
    "modus": modus_sheet,
    "modus-weeks": weeks_sheet,
    "delays": delays_sheet,
    "steps": steps_sheet,
    "hours": hours_sheet,
    "calls": calls_sheet,
    "staffing": staffing_sheet,
    "months": months_sheet,
    "ageing": ageing_sheet,
}


def sheet_of(name: str, snapshot: Snapshot, scope: Scope) -> Sheet:
    """A sheet by its name; KeyError for an unknown one."""
    return SHEETS[name](snapshot, scope)


def _bank_names() -> dict[str, Text]:
    return {bank.code: Text(hi=bank.name_hi, en=bank.name_en) for bank in Bank.objects.all()}
