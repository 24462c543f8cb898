"""The sheets that go by the hour: when complaints and calls come in, and how many people each hour needs."""

from __future__ import annotations

from thaam.language.text import Text
from thaam.oversight import speed
from thaam.oversight.models import Snapshot
from thaam.oversight.people_needed import staffing_of
from thaam.oversight.places import Scope
from thaam.oversight.sheets import Column, Sheet

DAYS = (Text("सोम", "Mon"), Text("मंगल", "Tue"), Text("बुध", "Wed"), Text("गुरु", "Thu"), Text("शुक्र", "Fri"),
        Text("शनि", "Sat"), Text("रवि", "Sun"))  # fmt: skip


def hours_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """Complaints by weekday and hour."""
    return _grid(
        "hours", Text("शिकायतें, दिन × घंटा", "Complaints by day and hour"), speed.week_of_hours(snapshot), snapshot
    )


def calls_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """Calls offered by weekday and hour."""
    hours = snapshot.beside.get("helpline", {}).get("hours") or [[[0] * 4 for _ in range(24)] for _ in range(7)]
    counts = [[cell[0] for cell in row] for row in hours]
    return _grid("calls", Text("कॉल, दिन × घंटा", "Calls by day and hour"), counts, snapshot)


def _grid(name: str, title: Text, counts: list[list[int]], snapshot: Snapshot) -> Sheet:
    return Sheet(
        name,
        title,
        Text("खाने में गिनती", "A count in each cell"),
        snapshot.name,
        (
            Column("day", Text("दिन", "Day"), "text"),
            *(Column(f"h{hour}", Text(str(hour), str(hour))) for hour in range(24)),
            Column("sum", Text("जोड़", "Total")),
        ),
        tuple((DAYS[day], *row, sum(row)) for day, row in enumerate(counts)),
        (),
        "",
        (Text("जोड़", "Total"), *(sum(row[hour] for row in counts) for hour in range(24)), sum(map(sum, counts))),
    )


def staffing_sheet(snapshot: Snapshot, scope: Scope) -> Sheet:
    """People each hour of the day needs."""
    calls = snapshot.beside.get("helpline") or {}
    return Sheet(
        "staffing",
        Text("किस घंटे कितने लोग", "People each hour needs"),
        Text("80 % कॉल 20 सेकंड में उठाने के लिए", "To answer 80 % within 20 s"),
        snapshot.name,
        (
            Column("hour", Text("घंटा", "Hour"), "text"),
            Column("calls", Text("कॉल, रोज़", "Calls a day"), "minutes"),
            Column("handling", Text("बातचीत, सेकंड", "Handling, s"), apart=True),
            Column("within", Text("60 सेकंड में उठी %", "Answered in 60 s %"), "percent"),
            Column("agents", Text("चाहिए", "Needed"), apart=True),
            Column("roster", Text("पाली में", "On the roster"), apart=True),
            Column("busy", Text("व्यस्त %", "Busy %"), "percent"),
        ),
        tuple(
            (f"{one['hour']}–{one['hour'] + 1}", *(one[name] for name in ("calls", "handling", "within", "agents")),
             one["roster"], one["busy"])
            for one in calls.get("staffing") or staffing_of(calls)
        ),
    )  # fmt: skip
