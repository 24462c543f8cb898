"""Call records as exports really look: what can be read is read, what cannot is named with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from thaam.helpline.calls import BadCalls, Call, Outcome
from thaam.helpline.figures import service_figures
from thaam.helpline.importing import Taken, import_calls
from thaam.helpline.store import CallStore

DAY = 1780338600  # 2 June 2026, 00:00 in India
MAP = """
[columns]
id = "Call ID"
offered = "Start"
wait = "Wait"
handling = "Talk"
outcome = "Status"
[formats]
time = "dd-mm-yyyy hh:mm:ss"
[outcomes]
answered = "Answered"
abandoned = "Abandoned"
"""
HEAD = "Call ID,Start,Wait,Talk,Status\n"


def taken(folder: Path, told: str, text: str | bytes, name: str = "calls.csv") -> tuple[Taken, list[Call]]:
    """Import twice: the second time nothing changes."""
    (folder / "map.toml").write_text(told, encoding="utf-8")
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with CallStore(folder) as store:
        first = import_calls(path=folder / name, map_path=folder / "map.toml", store=store)
        found = store.calls_between(None, None)
        again = import_calls(path=folder / name, map_path=folder / "map.toml", store=store).stored
        assert (again.added, again.changed, again.unchanged) == (0, 0, len(found))
    return first, found


@pytest.mark.parametrize(
    ("pattern", "cell"),
    [
        ("dd-mm-yyyy hh:mm am", "02-06-2026 09:05 p.m."),
        ("d/m/yyyy h:mm tt", "2/6/2026 9:05PM"),
        ("MM/DD/YYYY hh:mm:ss AM/PM", "06/02/2026 9:05:00 pm"),
        ("m/d/yyyy h:mm pm", "6/2/2026 9:05 P.M."),
        ("iso", "2026-06-02 21:05"),
        ("%d.%m.%y %H.%M", "02.06.26 21.05"),
        ("yyyymmddhhmmss", "20260602210500"),
    ],
)
def test_halves_of_the_day_and_orders_of_day_and_month_are_read_as_the_map_says(tmp_path, pattern, cell):
    _, (call,) = taken(tmp_path, f'[columns]\noffered = "at"\n[formats]\ntime = "{pattern}"\n', f"at,x\n{cell},1\n")
    assert call.offered_at == (DAY + 21 * 3600 + 300) * 1000


def test_noon_and_midnight_of_a_twelve_hour_clock_are_not_mixed_up(tmp_path):
    told = '[columns]\nid = "n"\noffered = "at"\n[formats]\ntime = "dd/mm/yyyy h:mm:ss am"\n'
    _, calls = taken(tmp_path, told, "n,at\n1,02/06/2026 12:00:05 AM\n2,02/06/2026 12:00:05 PM\n")
    assert [call.offered_at // 1000 - DAY for call in calls] == [5, 43205]


def test_twenty_four_oclock_is_the_start_of_the_next_day(tmp_path):
    told = '[columns]\nid = "n"\ndate = "day"\noffered = "at"\n[formats]\ntime = "hh:mm:ss"\n'
    _, (call,) = taken(tmp_path, told, "n,day,at\n1,2026-06-01,24:00:10\n")
    assert call.offered_at == (DAY + 10) * 1000


def test_a_record_without_a_header_is_mapped_by_the_places_of_its_columns(tmp_path):
    """Asterisk's Master.csv: no header, everything quoted, NO ANSWER, BUSY and FAILED beside ANSWERED."""
    told = (
        'header = false\n[columns]\nid = "17"\noffered = "10"\nanswered = "11"\nended = "12"\nhandling = "14"\n'
        'outcome = "15"\ncaller = "2"\n[outcomes]\nanswered = "ANSWERED"\nabandoned = "NO ANSWER"\n'
        'other = "excluded"\n'
    )
    row = '"","98260{n}","1930","in","","SIP/x","SIP/y","Queue","1930",'
    row += '"{a}","{b}","{c}","{d}","{e}","{how}","DOC","{n}.7",""\n'
    text = (
        row.format(n=1, a="2026-06-02 10:00:00", b="2026-06-02 10:00:12", c="2026-06-02 10:02:12", d=132, e=120,
                   how="ANSWERED")
        + row.format(n=2, a="2026-06-02 10:01:00", b="", c="2026-06-02 10:01:40", d=40, e=0, how="NO ANSWER")
        + row.format(n=3, a="2026-06-02 10:02:00", b="", c="2026-06-02 10:02:00", d=0, e=0, how="FAILED")
    )  # fmt: skip
    _, calls = taken(tmp_path, told, text)
    assert [(c.outcome.value, c.wait_ms, c.handling_ms) for c in calls] == [
        ("answered", 12_000, 120_000), ("abandoned", 40_000, None), ("excluded", 0, None),
    ]  # fmt: skip


def test_day_and_month_the_wrong_way_round_are_suspected_aloud(tmp_path):
    told = MAP.replace("dd-mm-yyyy", "mm-dd-yyyy")
    done, calls = taken(
        tmp_path, told, HEAD + "1,25-06-2026 10:00:00,1,1,Answered\n2,05-06-2026 10:00:00,1,1,Answered\n"
    )
    assert len(calls) == 1
    assert "row 2" in done.problems[0]
    assert "the other way round" in done.problems[0]


def test_a_spreadsheets_export_is_read_as_it_is(tmp_path):
    """A byte order mark, a title and a period above the header, semicolons, ="1", an apostrophe, hard blanks."""
    text = (
        "\ufeffCall centre 1930;;;;\r\nFrom 01-06-2026 to 30-06-2026;;;;\r\n;;;;\r\n"
        "Call ID;Start;Wait;Talk;Status\r\n"
        '"=""00017""";"02-06-2026 10:00:00";00:00:12;"0:03:20";Answered\r\n'
        "'18;02-06-2026 10:01:00;7,5;1.250;\u00a0Abandoned \r\n"
    )
    done, calls = taken(tmp_path, MAP, text)
    assert done.problems == done.notes == []
    assert [(c.key, c.outcome, c.wait_ms, c.handling_ms) for c in calls] == [
        (f"00017|{calls[0].offered_at}", Outcome.ANSWERED, 12_000, 200_000),
        (f"18|{calls[1].offered_at}", Outcome.ABANDONED, 7_500, None),
    ]


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [("0 days 00:03:20", 200), ("1 day, 0:00:01", 86_401), ("PT3M20S", 200), ("3 minutes 20 seconds", 200),
     ("1,23,456", 123_456), ("1,234.5", 1234.5), ("7,5", 7.5), ("00:00:00", 0)],
)  # fmt: skip
def test_lengths_as_programs_write_them(tmp_path, cell, seconds):
    text = HEAD.replace(",", ";") + f"1;02-06-2026 10:00:00;1;{cell};Answered\n"
    _, (call,) = taken(tmp_path, MAP, text)
    assert call.handling_ms == seconds * 1000


def test_a_call_over_midnight_is_one_call_of_the_day_it_came_in(tmp_path):
    told = (
        '[columns]\nid = "n"\ndate = "day"\noffered = "in"\nanswered = "up"\nended = "end"\noutcome = "how"\n'
        '[formats]\ndate = "dd/mm/yyyy"\ntime = ["hh:mm:ss", "h:mm:ss am"]\n'
        '[outcomes]\nanswered = "A"\nabandoned = "H"\n'
    )
    text = (
        "n,day,in,up,end,how\n"
        "1,02/06/2026,23:59:50,0:00:10,0:03:10,A\n"
        "2,02/06/2026 00:00:00,11:59:30 PM,11:59:50 PM,12:01:50 AM,A\n"
        "3,02/06/2026,23:59:00,,0:00:30,H\n"
    )
    _, calls = taken(tmp_path, told, text)
    assert {c.key[0]: (c.wait_ms, c.handling_ms) for c in calls} == {
        "1": (20_000, 180_000), "2": (20_000, 120_000), "3": (90_000, None),
    }  # fmt: skip
    with CallStore(tmp_path) as store:
        assert len(store.calls_between(DAY * 1000, (DAY + 86400) * 1000)) == 3
        assert store.calls_between((DAY + 86400) * 1000, None) == []


def test_a_row_that_stands_twice_is_one_call_and_legs_of_one_id_are_pointed_out(tmp_path):
    twice = "1,02-06-2026 10:00:00,5,60,Answered\n"
    done, calls = taken(tmp_path, MAP, HEAD + twice + twice + "1,02-06-2026 10:01:05,0,30,Answered\n")
    assert len(calls) == 2
    assert "row 3 says the same as row 2" in done.notes[0]
    assert "rows_of_a_call" in done.notes[1]
    (tmp_path / "many").mkdir()
    _, (call,) = taken(
        tmp_path / "many", MAP + '[rules]\nrows_of_a_call = "many"\n',
        HEAD + twice + twice + "1,02-06-2026 10:01:05,0,30,Answered\n",
    )  # fmt: skip
    assert call.handling_ms == 90_000


def test_a_missing_agent_and_a_missing_length_lose_no_call(tmp_path):
    told = MAP.replace('outcome = "Status"', 'outcome = "Status"\nagent = "Agent"')
    text = (
        "Call ID,Start,Wait,Talk,Status,Agent\n"
        "1,02-06-2026 10:00:00,5,60,Answered,\n2,02-06-2026 10:00:01,,,Answered,NULL\n"
    )
    _, calls = taken(tmp_path, told, text)
    figures = service_figures(calls)
    assert (figures["offered"], figures["answered"], figures["mean_wait_s"]) == (2, 2, 5.0)


def test_abandoned_sooner_than_the_rule_says_is_phantom_and_exactly_then_is_not(tmp_path):
    rows = "".join(f"{n},02-06-2026 10:00:0{n},{wait},,Abandoned\n" for n, wait in enumerate(("4.999", "5", "0")))
    _, calls = taken(tmp_path, MAP + "[rules]\nshort_abandon_s = 5\n", HEAD + rows)
    assert [call.outcome for call in calls] == [Outcome.EXCLUDED, Outcome.ABANDONED, Outcome.EXCLUDED]


@pytest.mark.parametrize(
    ("zone", "cell", "hour"),
    [("Asia/Kolkata", "2026-06-02T10:00:00", 10), ("UTC", "2026-06-02T10:00:00", 15.5),
     ("UTC", "2026-06-02T10:00:00+05:30", 10), ("Asia/Kolkata", "2026-06-02T04:30:00Z", 10)],
)  # fmt: skip
def test_a_time_is_of_the_maps_zone_unless_it_says_its_own(tmp_path, zone, cell, hour):
    _, (call,) = taken(tmp_path, f'timezone = "{zone}"\n[columns]\noffered = "at"\n', f"at,x\n{cell},1\n")
    assert call.offered_at == (DAY + hour * 3600) * 1000


@pytest.mark.parametrize(
    ("told", "text", "said"),
    [
        (MAP, b"PK\x03\x04....", "save the sheet as CSV"),
        (MAP, "Call ID,Start,Wait,Wait,Talk,Status\n1,2,3,4,5,6\n", "twice"),
        ('delimiter = "semi"\n' + MAP, HEAD, "not one sign"),
        ('header = "no"\n' + MAP, HEAD, "true or false"),
        (MAP.replace("hh:mm:ss", "hh:mm:ss zz"), HEAD, "not a pattern"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(tmp_path, told, text, said):
    with pytest.raises(BadCalls, match=said):
        taken(tmp_path, told, text)


def test_words_may_name_the_delimiter(tmp_path):
    _, calls = taken(
        tmp_path, 'delimiter = "tab"\n' + MAP, (HEAD + "1,02-06-2026 10:00:00,5,60,Answered\n").replace(",", "\t")
    )
    assert len(calls) == 1


def test_two_copies_of_a_log_in_one_file_are_one_log(tmp_path):
    log = (
        f"{DAY + 1}|c1|1930|NONE|ENTERQUEUE||98|1\n{DAY + 6}|c1|1930|A|CONNECT|5|x|1\n"
        f"{DAY + 66}|c1|1930|A|COMPLETEAGENT|5|60|1\n"
    )
    (tmp_path / "log").write_text(log + log, encoding="utf-8")
    with CallStore(tmp_path) as store:
        import_calls(path=tmp_path / "log", map_path=None, store=store)
        (call,) = store.calls_between(None, None)
    assert (call.wait_ms, call.handling_ms) == (5_000, 60_000)
