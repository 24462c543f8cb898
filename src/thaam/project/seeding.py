"""Give a demo its past: months of complaints and calls, and a year of meetings, bulletins, visits, events, problems.

`thaam world history` runs it on a demo installation. Complaints and calls come from world/history.py; everything people
agree on goes through the verbs, dated when it would have happened. Running it again changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from thaam.coordination import bulletins, campaigns, inspecting, meetings, roster, suggestions, traders
from thaam.coordination.models import (
    Bulletin,
    CampaignEvent,
    Decision,
    Finding,
    Meeting,
    Shift,
    TraderProblem,
)
from thaam.helpline.calls import Call, Outcome
from thaam.helpline.store import CallStore
from thaam.journal.ids import id_from
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.oversight import press, trends
from thaam.oversight.models import PressNote, Snapshot
from thaam.oversight.places import districts_of, population
from thaam.oversight.taking import take_snapshot
from thaam.oversight.telling import add_number, tell_morning
from thaam.parties.districts import districts
from thaam.parties.models import Bank, Office, Officer
from thaam.project.history import carry_over
from thaam.project.seeded import AGENDA, COMING, DECIDED, EVENTS, MATERIAL, PEOPLE
from thaam.world import history

STATE_CODE = 22
TOWNS = {387: 2.2, 378: 2.0, 375: 1.5, 383: 1.2, 386: 1.1}
_Say = Callable[[str], None]


@dataclass(slots=True)
class _Cast:
    """Who acts in the demo's past."""

    reviewer: Officer
    supervisor: Officer
    investigator: Officer
    constable: Officer
    operator: Officer
    clerk: Officer
    banks: list[Bank]


def seed(*, data: Path, months: int, a_month: int, now: dt.datetime, say: _Say) -> None:
    """Everything, in the order in which it would have happened. `months` before this one, `a_month` at their end."""
    cast = _cast()
    first = _back(now.astimezone(IST).date().replace(day=1), months)
    today = now.astimezone(IST).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(dt.UTC)
    weights = {districts()[c].name_en: int(population()[c] * TOWNS.get(c, 1.0)) for c in districts_of(STATE_CODE)}
    told = history.complaints(
        first=first, end=today, a_month=a_month, weights=weights, banks=[bank.code for bank in cast.banks], seed=19
    )
    say(f"{carry_over(told, name='demo', now=now)} complaints carried over")
    say(f"{_calls(data, first, today)} calls")
    say(f"{_snapshots(first, now)} snapshots")
    _meetings(cast, first, now)
    _bulletins(cast, now)
    _visits(cast, now)
    _events(cast, first, now)
    _problems(cast, now)
    _roster(cast, now)
    _press(cast, now)
    add_number(office=_office(cast.reviewer), mobile="9000000001")
    tell_morning({}, now)
    say("meetings, bulletins, visits, events, problems, roster, press note")


def _cast() -> _Cast:
    by_name = {officer.username: officer for officer in Officer.objects.all()}
    if "reviewer" not in by_name:
        raise LookupError("thaam world history fills a demo; start one first: ./run")
    banks = list(Bank.objects.filter(code__startswith="DEMO").exclude(kind=Bank.Type.TELECOM).order_by("code"))
    return _Cast(
        by_name["reviewer"], by_name["devi"], by_name["investigator"], by_name["constable"], by_name["operator"],
        by_name["clerk"], banks,
    )  # fmt: skip


def _office(officer: Officer) -> Office:
    assert officer.office is not None
    return officer.office


def _calls(data: Path, first: dt.date, end: dt.datetime) -> int:
    found = [
        Call(
            source="demo",
            key=one.key,
            offered_at=round(one.offered_at.timestamp() * 1000),
            outcome=Outcome(one.outcome),
            wait_ms=one.wait_ms,
            handling_ms=one.handling_ms,
            queue="1930",
            caller=one.caller,
            why="short" if one.outcome == "excluded" else "",
        )
        for one in history.calls(first=first, end=end, a_day=70, seed=3)
    ]
    with CallStore(data) as store:
        return store.take_calls(found).added


def _snapshots(first: dt.date, now: dt.datetime) -> int:
    taken = 0
    start, today = first, now.astimezone(IST).date()
    while start <= today:
        after = (start + dt.timedelta(days=32)).replace(day=1)
        key = id_from("demo month", start.isoformat())
        if after <= today and not Snapshot.objects.filter(id=key).exists():
            take_snapshot(snapshot_id=key, from_on=start, to_on=after, state_code=STATE_CODE, by="history", at=now)
            taken += 1
        start = after
    return taken


def _meetings(cast: _Cast, first: dt.date, now: dt.datetime) -> None:
    """A meeting a month with the banks, a video review, a seminar planned; some decisions done, some open and late."""
    office = _office(cast.reviewer)
    for back in (3, 2, 1):
        day = _back(now.astimezone(IST).date().replace(day=1), back) + dt.timedelta(days=4)
        starts = dt.datetime(day.year, day.month, day.day, 12, tzinfo=IST)
        key = id_from("demo meeting", day.isoformat())
        if Meeting.objects.filter(id=key).exists():
            continue
        made = meetings.plan_meeting(
            meeting_id=key, kind=Meeting.Type.MONTHLY, office=office,
            title=Text("मासिक समन्वय बैठक", "Monthly coordination meeting"), place="पुलिस कंट्रोल रूम, सभागार",
            starts_at=starts, banks=cast.banks, bodies=("साइबर थाना प्रभारी", "थानों की हेल्प डेस्क टीम"), by=cast.reviewer,
            at=starts - dt.timedelta(days=7),
        )  # fmt: skip
        meetings.fill_agenda(meeting=made, points=AGENDA, on=day)
        for n, bank in enumerate(cast.banks):
            meetings.note_attendance(
                attendance_id=id_from("demo came", key, n), attend_code=made.attend_code,
                name=PEOPLE[n % len(PEOPLE)],
                designation="शाखा प्रबंधक", mobile=f"91000000{back}{n}", bank=bank, at=starts + dt.timedelta(minutes=n),
            )  # fmt: skip
        for words, source, owner in DECIDED[(3 - back) :: 2] if back > 1 else DECIDED[3:]:
            decision_id = id_from("demo decision", key, words.en)
            meetings.decide(
                decision_id=decision_id, meeting=made, text=words.hi, source_line=source,
                owner_office=_office(cast.investigator) if owner < 0 else None,
                owner_bank=cast.banks[owner] if owner >= 0 else None, due_on=day + dt.timedelta(days=28),
                by=cast.reviewer, at=starts + dt.timedelta(hours=1),
            )  # fmt: skip
            if back == 3:
                meetings.close_decision(
                    decision=Decision.objects.get(id=decision_id), done=True, note="सभी शाखाओं से सूची मिल गई।",
                    by=f"officer:{cast.reviewer.pk}", at=starts + dt.timedelta(days=20),
                )  # fmt: skip
        meetings.close_meeting(meeting=made, by=cast.reviewer, at=starts + dt.timedelta(hours=2))
    _coming(cast, office, now)
    _suggestions(cast, now)


def _coming(cast: _Cast, office: Office, now: dt.datetime) -> None:
    """A video review, a seminar and a meeting with traders still to come."""
    coming = now.astimezone(IST).replace(hour=11, minute=0, second=0, microsecond=0)
    for kind, title, days, place, link in COMING:
        meetings.plan_meeting(
            meeting_id=id_from("demo meeting", kind), kind=kind, office=office, title=title, place=place,
            starts_at=coming + dt.timedelta(days=days), banks=cast.banks if kind != Meeting.Type.TRADERS else (),
            offices=[_office(cast.investigator)], bodies=("संभागायुक्त", "ज़िला कलेक्टर", "पुलिस महानिरीक्षक"),
            link=link, by=cast.reviewer, at=now,
        )  # fmt: skip


def _suggestions(cast: _Cast, now: dt.datetime) -> None:
    """One answered, one waiting."""
    told = suggestions.suggest(
        suggestion_id=id_from("demo suggestion", 1), by=cast.investigator, at=now - dt.timedelta(days=20),
        text="सहकारी बैंकों के लिए रात में भी एक नोडल नंबर हो, ताकि रात की ठगी का पैसा रुक सके।",
    )  # fmt: skip
    if not hasattr(told, "suggestionanswer"):
        suggestions.answer_suggestion(
            suggestion=told,
            taken_up=True,
            text="अगली बैठक में निर्णय लिया जाएगा।",
            by=cast.reviewer,
            at=now - dt.timedelta(days=12),
        )
    suggestions.suggest(
        suggestion_id=id_from("demo suggestion", 2), by=cast.constable, at=now - dt.timedelta(days=3),
        text="थाने की हेल्प डेस्क को बैंक के जवाब की सूचना अपने-आप मिले।",
    )  # fmt: skip


def _bulletins(cast: _Cast, now: dt.datetime) -> None:
    found = trends.rising()[:2]
    for n, trend in enumerate(found):
        key = id_from("demo bulletin", trend.code, trend.snapshot.name)
        if Bulletin.objects.filter(id=key).exists():
            continue
        title, body = trends.draft_of(trend)
        made = bulletins.draft_bulletin(
            bulletin_id=key, title=title, body=body, figures=trend.figures, for_public=True, by=cast.investigator,
            at=now - dt.timedelta(days=6 - n),
        )  # fmt: skip
        if n == 0 or len(found) == 1:
            copies = bulletins.approve_bulletin(
                bulletin=made,
                banks=cast.banks,
                offices=Office.objects.all(),
                by=cast.supervisor,
                at=now - dt.timedelta(days=5),
            )
            for copy in copies[:3]:
                bulletins.note_read(copy=copy, by="history", at=now - dt.timedelta(days=4))


def _visits(cast: _Cast, now: dt.datetime) -> None:
    """A branch and an ATM of each bank, a station; about one fault in seven, some put right."""
    lists = inspecting.checklists()
    for n, bank in enumerate(cast.banks):
        for name, place in (("branch", f"{bank.name_hi}, शाखा सुपेला"), ("atm", f"{bank.name_hi}, ATM सिविक सेंटर")):
            _visit(
                cast, lists[name], place, bank, None, n + (3 if name == "atm" else 0), now - dt.timedelta(days=9 + n)
            )
    _visit(cast, lists["station"], "थाना सुपेला", None, _office(cast.constable), 2, now - dt.timedelta(days=7))


def _visit(
    cast: _Cast,
    checklist: inspecting.Checklist,
    place: str,
    bank: Bank | None,
    station: Office | None,
    salt: int,
    at: dt.datetime,
) -> None:
    seen = {}
    for m, item in enumerate(checklist.items):
        fault = (m * 5 + salt * 3) % 7 == 0
        seen[item.code] = inspecting.Seen(
            Finding.Result.NOT_OK if fault else Finding.Result.OK,
            note="जाँच में ठीक नहीं मिला" if fault else "",
            due_on=(at + dt.timedelta(days=15)).date() if fault else None,
            owner="शाखा प्रबंधक" if bank else "थाना प्रभारी",
        )
    visit = inspecting.record_visit(
        inspection_id=id_from("demo visit", place), checklist=checklist, seen=seen, place=place, district="Durg",
        bank=bank, station=station, visited_at=at, by=cast.constable, at=at,
    )  # fmt: skip
    if salt % 2 and (faults := [f for f in visit.findings.all() if f.result == Finding.Result.NOT_OK]):
        inspecting.put_right(finding=faults[0], note="ठीक कर दिया गया", by="history", at=at + dt.timedelta(days=5))


def _events(cast: _Cast, first: dt.date, now: dt.datetime) -> None:
    today = now.astimezone(IST).date()
    for n, (audience, place, ago, reach) in enumerate(EVENTS):
        on = today - dt.timedelta(days=ago)
        made = campaigns.plan_event(
            event_id=id_from("demo event", n), audience=CampaignEvent.Audience(audience), place=place, planned_on=on,
            by=cast.constable, at=now,
        )  # fmt: skip
        if ago > 0 and made.held_on is None:
            campaigns.note_held(event=made, held_on=on, reach=reach, note="", by=cast.constable, today=today, at=now)
    made = campaigns.plan_event(
        event_id=id_from("demo event", "branch"), audience=CampaignEvent.Audience.ACCOUNT_OPENING, place="शाखा सुपेला",
        planned_on=today.replace(day=1), by=cast.clerk, at=now,
    )  # fmt: skip
    if made.held_on is None:
        campaigns.note_held(
            event=made,
            held_on=today,
            reach=64,
            note="नए खातों के ग्राहकों को पर्चा दिया",
            by=cast.clerk,
            today=today,
            at=now,
        )
    for n, (kind, title, text, link) in enumerate(MATERIAL):
        campaigns.add_material(
            material_id=id_from("demo material", n),
            kind=kind,
            title=title,
            text=text,
            link=link,
            by=cast.constable,
            at=now,
        )


def _problems(cast: _Cast, now: dt.datetime) -> None:
    office = _office(cast.investigator)
    for n, (body, words, ago) in enumerate(
        (
            ("सराफ़ा संघ", "ग्राहक के भुगतान पर रोक लगी, दुकान का पूरा खाता बंद हो गया। बाकी रकम खोली जाए।", 9),
            ("थोक किराना संघ", "नक़ली भुगतान दिखाकर माल ले जाने वालों पर कार्रवाई हो।", 30),
        )
    ):
        at = now - dt.timedelta(days=ago)
        made = traders.raise_problem(
            problem_id=id_from("demo problem", n), association=body, text=words, contact="संघ के सचिव", office=office,
            nodal_officer=cast.investigator, jurisdiction="IN-CG", by=cast.investigator, at=at,
        )  # fmt: skip
        if n == 1 and not TraderProblem.objects.filter(id=made.id, traderproblemanswer__isnull=False).exists():
            traders.answer_problem(
                problem=made,
                solved=True,
                text="दो आरोपी पकड़े गए, दुकानदारों को नकली भुगतान पहचानना बताया गया।",
                by=cast.investigator,
                at=at + dt.timedelta(days=11),
            )


def _roster(cast: _Cast, now: dt.datetime) -> None:
    today = now.astimezone(IST).date()
    for days in range(-1, 8):
        for turn in Shift.Turn:
            if days == 6 and turn == Shift.Turn.NIGHT:
                continue  # a gap to be seen
            who = cast.operator if turn != Shift.Turn.EVENING else cast.supervisor
            on = today + dt.timedelta(days=days)
            roster.set_shift(
                shift_id=id_from("demo shift", on, turn), on=on, turn=turn, officer=who, by="history", at=now
            )


def _press(cast: _Cast, now: dt.datetime) -> None:
    """A note of the newest month that may be told (enough people paid back), released by a second officer; a draft that
    waits; the newest month's open data."""
    key = id_from("demo note", 1)
    newest = trends.about()[0]
    if newest is None or PressNote.objects.filter(id=key).exists():
        return
    prose = Text(
        "समन्वय बैठक में तय हुआ कि हर शाखा में एक नोडल अधिकारी रहेगा और खाता खोलते समय ग्राहक को सावधान किया जाएगा।",
        "The coordination meeting decided: every branch has a nodal officer, and customers are warned when they "
        "open an account.",
    )
    for snapshot in Snapshot.objects.order_by("-from_on", "-taken_at")[:4]:
        with suppress(press.NotPublishable):
            _notes(cast, snapshot, key, prose, now)
            break
    press.publish_open_data(snapshot=newest, by=f"officer:{cast.reviewer.pk}", at=now)


def _notes(cast: _Cast, snapshot: Snapshot, key: str, prose: Text, now: dt.datetime) -> None:
    place = Text("छत्तीसगढ़", "Chhattisgarh")
    reviewer, supervisor = f"officer:{cast.reviewer.pk}", f"officer:{cast.supervisor.pk}"
    note = press.write_note(
        note_id=key, snapshot=snapshot, place=place, district_code=None, prose=prose, by=reviewer, at=now
    )
    press.release_note(note=note, by=supervisor, at=now)
    press.write_note(
        note_id=id_from("demo note", 2), snapshot=snapshot, place=place, district_code=None, prose=Text("", ""),
        by=supervisor, at=now,
    )  # fmt: skip


def _back(first: dt.date, months: int) -> dt.date:
    number = first.year * 12 + first.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)
