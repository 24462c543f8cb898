"""Import of calls, and figures that come out to the second decimal."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from thaam.cli.main import main
from thaam.helpline.calls import BadCalls, Outcome
from thaam.helpline.figures import service_figures
from thaam.helpline.importing import import_calls
from thaam.helpline.mapping import read_map
from thaam.helpline.queue_log import calls_of, read_events
from thaam.helpline.store import CallStore
from thaam.language.dates import IST

# 1780338600 is 2 June 2026, 00:00 in India.
DAY = 1780338600
LOG = f"""\
{DAY + 100}|NONE|NONE|NONE|CONFIGRELOAD|
{DAY + 100}|c1|1930|NONE|ENTERQUEUE||9876500001|1
{DAY + 112}|c1|1930|SIP/11|CONNECT|12|c1b|4
{DAY + 412}|c1|1930|SIP/11|COMPLETECALLER|12|300|1
{DAY + 200}|c2|1930|NONE|ENTERQUEUE||9876500002|2
{DAY + 245}|c2|1930|NONE|ABANDON|1|2|45
{DAY + 300}|c3|1930|NONE|ENTERQUEUE||9876500003|1
{DAY + 325}|c3|1930|SIP/12|CONNECT|25|c3b|3
{DAY + 425}|c3|1930|SIP/12|TRANSFER|200|default|25|100|1
{DAY + 500}|c4|1930|NONE|ENTERQUEUE||9876500004|1
{DAY + 502}|c4|1930|NONE|ABANDON|1|1|2
{DAY + 600}|c5|1930|NONE|ENTERQUEUE||9876500005|1
{DAY + 660}|c5|1930|NONE|EXITWITHTIMEOUT|1|1|60
{DAY + 660}|c5|overflow|NONE|ENTERQUEUE||9876500005|1
{DAY + 680}|c5|overflow|SIP/13|CONNECT|20|c5b|3
{DAY + 730}|c5|overflow|SIP/13|COMPLETEAGENT|20|50|1
"""
MIDNIGHT = f"""\
{DAY + 86395}|m1|1930|NONE|ENTERQUEUE||9876500009|1
{DAY + 86405}|m1|1930|SIP/11|CONNECT|10|m1b|4
{DAY + 86505}|m1|1930|SIP/11|COMPLETEAGENT|10|100|1
"""


def calls(text: str, **options: int):
    events, problems = read_events(text.splitlines(), zone=IST)
    assert problems == []
    return {call.key: call for call in calls_of(events, **options)}


@pytest.mark.req("S3.2", "S3.3")
def test_a_queue_log_becomes_calls_and_figures():
    found = calls(LOG, short_ms=5000)
    assert {key: call.outcome for key, call in found.items()} == {
        "c1": Outcome.ANSWERED,
        "c2": Outcome.ABANDONED,
        "c3": Outcome.ANSWERED,
        "c4": Outcome.EXCLUDED,
        "c5": Outcome.ANSWERED,
    }
    assert found["c5"].wait_ms == 80_000
    assert found["c3"].handling_ms == 100_000
    figures = service_figures(found.values())
    assert figures == figures | {
        "offered": 4,
        "answered": 3,
        "abandoned": 1,
        "excluded": 1,
        "abandonment_pct": 25.0,
        "within_20s_pct": 25.0,
        "mean_wait_s": 39.0,
        "mean_handling_s": 150.0,
    }


def test_a_call_over_midnight_counts_once_on_the_day_it_came_in(tmp_path):
    (tmp_path / "log").write_text(MIDNIGHT, encoding="utf-8")
    with CallStore(tmp_path) as store:
        import_calls(path=tmp_path / "log", map_path=None, store=store)
        first = store.calls_between(DAY * 1000, (DAY + 86400) * 1000)
        second = store.calls_between((DAY + 86400) * 1000, (DAY + 2 * 86400) * 1000)
    assert [call.key for call in first] == ["m1"]
    assert second == []


def test_a_log_rotated_in_the_middle_of_a_call_still_gives_one_call(tmp_path):
    lines = MIDNIGHT.splitlines()
    (tmp_path / "log.1").write_text(lines[0], encoding="utf-8")
    (tmp_path / "log").write_text("\n".join(lines[1:]), encoding="utf-8")
    with CallStore(tmp_path) as store:
        import_calls(path=tmp_path / "log.1", map_path=None, store=store)
        assert [call.outcome for call in store.calls_between(None, None)] == [Outcome.OPEN]
        import_calls(path=tmp_path / "log", map_path=None, store=store)
        (call,) = store.calls_between(None, None)
    assert (call.outcome, call.wait_ms, call.handling_ms) == (Outcome.ANSWERED, 10_000, 100_000)


def test_importing_the_same_file_twice_changes_nothing(tmp_path):
    (tmp_path / "log").write_text(LOG, encoding="utf-8")
    with CallStore(tmp_path) as store:
        once = import_calls(path=tmp_path / "log", map_path=None, store=store).stored
        before = store.calls_between(None, None)
        twice = import_calls(path=tmp_path / "log", map_path=None, store=store).stored
        assert (once.added, twice.added, twice.changed, twice.unchanged) == (5, 0, 0, 5)
        assert store.calls_between(None, None) == before


CSV_MAP = """
delimiter = "whitespace"
[columns]
id = ["line", "call_id"]
date = "date"
offered = "entry"
queued = "q_start"
answered = "ser_start"
wait = "q_time"
handling = "ser_time"
outcome = "outcome"
[formats]
date = "%y%m%d"
time = "%H:%M:%S"
[outcomes]
answered = "AGENT"
abandoned = "HANG"
excluded = ["PHANTOM"]
"""
CSV_TEXT = """\
line call_id date entry q_start q_time outcome ser_start ser_time
AA1 1 260602 23:59:50 23:59:58 15 AGENT 0:00:13 200
AA1 2 260602 10:00:00 0:00:00 0 AGENT 10:00:05 101
AA2 2 260602 10:00:00 10:00:05 33 HANG 0:00:00 0
AA2 3 260602 11:00:00 0:00:00 0 PHANTOM 0:00:00 0
"""


def write(folder: Path, told: str, text: str) -> tuple[Path, Path]:
    (folder / "map.toml").write_text(told, encoding="utf-8")
    (folder / "calls.csv").write_text(text, encoding="utf-8")
    return folder / "calls.csv", folder / "map.toml"


def test_call_records_come_in_through_a_map(tmp_path, capsys):
    path, told = write(tmp_path, CSV_MAP, CSV_TEXT)
    for _ in range(2):
        assert main(["calls", "import", str(path), "--map", str(told), "--data", str(tmp_path)]) == 0
    capsys.readouterr()
    assert (
        main(["calls", "report", "--from", "2026-06-02", "--to", "2026-06-02", "--json", "--data", str(tmp_path)]) == 0
    )
    figures = json.loads(capsys.readouterr().out)
    assert list(figures)[:8] == [
        "offered", "answered", "abandoned", "excluded", "abandonment_pct", "within_20s_pct", "mean_wait_s",
        "mean_handling_s",
    ]  # fmt: skip
    assert list(figures.values())[:8] == [3, 2, 1, 1, 33.33, 66.67, 7.5, 150.5]
    assert main(["calls", "report", "--from", "2026-06-03", "--json", "--data", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["offered"] == 0


def test_waits_are_reckoned_from_times_past_midnight_when_there_is_no_wait_column(tmp_path):
    path, told = write(tmp_path, CSV_MAP.replace('wait = "q_time"\n', ""), CSV_TEXT)
    with CallStore(tmp_path) as store:
        import_calls(path=path, map_path=told, store=store)
        found = {call.key.split("|")[0]: call for call in store.calls_between(None, None)}
    assert found["AA1 1"].wait_ms == 15_000


def test_equal_rows_without_an_id_are_as_many_calls_and_stay_so(tmp_path):
    told = '[columns]\noffered = "at"\nwait = "wait"\noutcome = "how"\n[outcomes]\nanswered = "ok"\n'
    path, map_path = write(tmp_path, told, "at,wait,how\n2026-06-02T10:00:00,5,ok\n2026-06-02T10:00:00,5,OK \n" * 2)
    with CallStore(tmp_path) as store:
        first = import_calls(path=path, map_path=map_path, store=store).stored
        second = import_calls(path=path, map_path=map_path, store=store).stored
        assert (first.added, second.unchanged, second.added) == (4, 4, 0)


def test_bad_rows_are_named_and_the_good_ones_taken(tmp_path, capsys):
    path, told = write(
        tmp_path, CSV_MAP, CSV_TEXT + "AA9 9 260602 25:00:00 0 0 AGENT 0 0\nAA9 8 260602 1:00:00 0:00:00 0 LOST 0 0\n"
    )
    assert main(["calls", "import", str(path), "--map", str(told), "--data", str(tmp_path)]) == 1
    told_of = capsys.readouterr()
    assert "row 6" in told_of.err
    assert "row 7" in told_of.err
    assert "LOST" in told_of.err
    assert json.loads(told_of.out)["added"] == 4


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("[columns]\nid = 'x'\n", "offered"),
        ("colour = 1\n", "colour"),
        ("[columns]\noffered = 'at'\nmood = 'x'\n", "columns.mood"),
        ("[columns\n", "map.toml"),
        ("timezone = 'Mars'\n[columns]\noffered = 'at'\n", "timezone"),
        ("[columns]\noffered = 'nowhere'\n", "nowhere"),
        ("[columns]\noffred = 'at'\n", "did you mean 'offered'"),
        ("[columns]\noffered = 'at'\noutcome = 'at'\n", "outcomes"),
        ("[columns]\noffered = 'at'\n[formats]\ntime = 'quickly'\n", "not a pattern"),
        ("[columns]\noffered = 'at'\n[outcomes]\nanswered='x'\nabandoned='X'\n", "two of"),
    ],
)
def test_a_map_that_cannot_be_used_says_why(tmp_path, told, said):
    path, map_path = write(tmp_path, told, "at\n2026-06-02T10:00:00\n")
    with CallStore(tmp_path) as store, pytest.raises(BadCalls, match=said):
        import_calls(path=path, map_path=map_path, store=store)


def test_a_csv_without_a_map_asks_for_one(tmp_path, capsys):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert main(["calls", "import", str(tmp_path / "x.csv"), "--data", str(tmp_path)]) == 2
    assert "--map" in capsys.readouterr().err
    assert read_map(None).format == ""


def test_no_calls_give_no_percentages():
    assert service_figures([])["abandonment_pct"] is None


BANK_MAP = """
source = "bank-month"
delimiter = "\\t"
timezone = "Asia/Jerusalem"
[columns]
id = ["vru+line", "call_id"]
date = "date"
offered = "vru_entry"
queued = "q_start"
left = "q_exit"
answered = "ser_start"
ended = "ser_exit"
wait = "q_time"
handling = "ser_time"
outcome = "outcome"
agent = "server"
[formats]
date = "yymmdd"
time = "h:mm:ss"
[outcomes]
answered = "AGENT"
abandoned = "HANG"
excluded = "PHANTOM"
[rules]
short_abandon_s = 5
"""


def bank_month(calls_of_a_day: int, days: int, seed: int = 4) -> tuple[str, dict[str, int]]:
    """A month in the shape of a bank's call-centre file, and sums reckoned beside it, row by row."""
    picked, clock = random.Random(seed), lambda s: f"{s // 3600 % 24}:{s % 3600 // 60:02}:{s % 60:02}"
    head = "vru+line call_id customer_id priority type date vru_entry vru_exit vru_time q_start q_exit q_time outcome"
    rows = [[*head.split(), "ser_start", "ser_exit", "ser_time", "server", "startdate"]]
    told = dict.fromkeys(("answered", "abandoned", "excluded", "within", "wait", "handling"), 0)
    for day in range(1, days + 1):
        for n in range(calls_of_a_day):
            came = picked.randrange(7 * 3600, 24 * 3600)
            vru, wait, talk = (
                picked.randrange(1, 40),
                picked.choice([0, 0, picked.randrange(1, 400)]),
                picked.randrange(900),
            )
            how = picked.choices(["AGENT", "HANG", "PHANTOM"], [80, 17, 3])[0]
            waited = how != "PHANTOM" and (wait > 0 or how == "HANG")
            at = came + vru
            row = [
                f"AA{n % 30:02}01",
                str(33000 + n),
                "0",
                "0",
                "PS",
                f"9901{day:02}",
                clock(came),
                clock(at),
                str(vru),
            ]
            row += [clock(at), clock(at + wait), str(wait)] if waited else ["0:00:00", "0:00:00", "0"]
            row += [how]
            if how == "AGENT":
                row += [clock(at + wait), clock(at + wait + talk), str(talk), "AVI", "x"]
                told["answered"] += 1
                told["wait"] += wait
                told["handling"] += talk
                told["within"] += wait <= 20
            else:
                row += ["0:00:00", "0:00:00", "0", "NO_SERVER", "x"]
                told["excluded" if how == "PHANTOM" or wait < 5 else "abandoned"] += 1
            rows.append(row)
    return "\n".join("\t".join(row) for row in rows) + "\n", told


@pytest.mark.req("S3.3")
@pytest.mark.parametrize("left_out", ["", 'wait = "q_time"\n', 'handling = "ser_time"\n'])
def test_a_month_of_a_banks_call_centre_comes_out_to_two_decimals(tmp_path, capsys, left_out):
    """Also when the map leaves the lengths to be reckoned from the times."""
    text, told = bank_month(110, 31)
    path, map_path = write(tmp_path, BANK_MAP.replace(left_out, ""), text)
    for _ in range(2):
        assert main(["calls", "import", str(path), "--map", str(map_path), "--data", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["unchanged"] == 110 * 31
    assert (
        main(["calls", "report", "--from", "1999-01-01", "--to", "1999-01-31", "--json", "--data", str(tmp_path)]) == 0
    )
    figures = json.loads(capsys.readouterr().out)
    offered = told["answered"] + told["abandoned"]
    assert figures == figures | {
        "offered": offered,
        "answered": told["answered"],
        "abandoned": told["abandoned"],
        "excluded": told["excluded"],
        "abandonment_pct": round(100 * told["abandoned"] / offered, 2),
        "within_20s_pct": round(100 * told["within"] / offered, 2),
        "mean_wait_s": round(told["wait"] / told["answered"], 2),
        "mean_handling_s": round(told["handling"] / told["answered"], 2),
        "open": 0,
    }
    main(["calls", "report", "--from", "1999-01", "--to", "1999-01", "--json", "--data", str(tmp_path)])
    assert json.loads(capsys.readouterr().out) == figures


def taken(tmp_path, told: str, text: str):
    path, map_path = write(tmp_path, told, text)
    with CallStore(tmp_path) as store:
        done = import_calls(path=path, map_path=map_path, store=store)
        return done, store.calls_between(None, None)


@pytest.mark.parametrize(
    ("pattern", "cell"),
    [
        ("dd/mm/yyyy h:mm:ss am", "02/06/2026 9:05:07 PM"),
        ("mm/dd/yyyy hh:mm:ss", "06/02/2026 21:05:07"),
        ("%d-%b-%y %H:%M:%S", "02-Jun-26 21:05:07"),
        ("yyyymmdd hhmmss", "20260602 210507"),
        ("dd.mm.yyyy hh:mm:ss", "02.06.2026 21:05:07"),
        ("iso", "2026-06-02 21:05:07"),
        ("iso", "2026-06-02T15:35:07Z"),
        ("epoch", "1780414507"),
        ("epoch_ms", "1780414507000"),
    ],
)
def test_dates_are_read_as_the_map_says(tmp_path, pattern, cell):
    _, (call,) = taken(tmp_path, f'[columns]\noffered = "At"\n[formats]\ntime = "{pattern}"\n', f"at,x\n{cell},1\n")
    assert call.offered_at == 1780414507000


def test_lengths_are_read_in_every_way_people_write_them_and_several_columns_add_up(tmp_path):
    told = (
        '[columns]\noffered = "at"\nhandling = ["talk", "hold"]\nwait = "wait"\noutcome = "ok"\n'
        '[outcomes]\nanswered = "Y"\nabandoned = "N"\n'
    )
    rows = "".join(
        f"2026-06-02T10:00:0{n},{wait},{talk},{hold},y\n"
        for n, (wait, talk, hold) in enumerate([("0:00:05", "1:00:01", ""), ("1:05", "200", "30"), ("7", "2m 3s", "1")])
    )
    done, calls = taken(tmp_path, told, "at,wait,talk,hold,ok\n" + rows + "2026-06-02T11:00:00,-4,soon,,Y\n")
    assert [(c.wait_ms, c.handling_ms) for c in calls] == [
        (5_000, 3_601_000), (65_000, 230_000), (7_000, 124_000), (None, None),
    ]  # fmt: skip
    assert len(done.notes) == 2
    assert "'soon' is not a length" in done.notes[1]


def test_rows_of_one_id_are_one_call_however_often_it_was_transferred(tmp_path):
    told = (
        '[columns]\nid = "id"\noffered = "at"\nwait = "wait"\nhandling = "talk"\noutcome = "how"\n'
        '[outcomes]\nanswered = "ok"\nabandoned = "lost"\n[rules]\nrows_of_a_call = "many"\n'
    )
    text = (
        "id,at,wait,talk,how\n"
        "1,2026-06-02T10:00:00,5,60,ok\n"
        "1,2026-06-02T10:01:05,10,30,ok\n"
        "2,2026-06-02T11:00:00,9,0,lost\n"
        "2,2026-06-02T11:00:09,4,50,ok\n"
    )
    _, calls = taken(tmp_path, told, text)
    assert [(c.key, c.outcome.value, c.wait_ms, c.handling_ms) for c in calls] == [
        ("1", "answered", 5_000, 90_000), ("2", "answered", 13_000, 50_000),
    ]  # fmt: skip


def test_rows_of_no_concern_are_left_out_and_a_file_of_a_day_gives_its_date(tmp_path):
    told = (
        '[columns]\noffered = "at"\n'
        '[formats]\ndate = "yyyymmdd"\ntime="hh:mm"\ndate_in_name = "calls-(\\\\d{8})"\n'
        '[only]\nDirection = "in"\n[skip]\nline = ["test"]\n'
    )
    (tmp_path / "map.toml").write_text(told, encoding="utf-8")
    path = tmp_path / "calls-20260602.csv.gz"
    path.write_bytes(gzip.compress(b"direction;line;at\nIN;a;09:30\nout;a;09:31\nin;TEST;09:32\n"))
    with CallStore(tmp_path) as store:
        done = import_calls(path=path, map_path=tmp_path / "map.toml", store=store)
        (call,) = store.calls_between(None, None)
    assert done.left_out == 2
    assert call.offered_at == (DAY + 9 * 3600 + 30 * 60) * 1000


def test_a_queue_log_of_every_event_counts_each_call_once():
    log = f"""\
{DAY}|NONE|NONE|NONE|QUEUESTART|
{DAY + 1}|k1|1930|NONE|ENTERQUEUE||98|1
{DAY + 9}|k1|1930|NONE|EXITWITHKEY|1|1|1|8
{DAY + 1}|k2|1930|NONE|ENTERQUEUE||98|1
{DAY + 3}|k2|1930|SIP/1|RINGNOANSWER|1000
{DAY + 8}|k2|1930|SIP/2|CONNECT|7|x|2
{DAY + 68}|k2|1930|SIP/2|ATTENDEDTRANSFER|LINK|b1|b2|7|60|1
{DAY + 68}|k2|second|NONE|ENTERQUEUE||98|1
{DAY + 90}|k2|second|NONE|ABANDON|1|1|22
{DAY + 5}|k3|1930|NONE|ENTERQUEUE||98|1
{DAY + 36}|k3|1930|NONE|EXITEMPTY|1|1|31
{DAY + 5}|k4|1930|NONE|ENTERQUEUE||98|1
{DAY + 65}|k4|1930|NONE|EXITWITHTIMEOUT|1
{DAY + 7}|k5|1930|NONE|ENTERQUEUE||98|1
{DAY + 9}|k5|1930|SIP/1|CONNECT|2|x|1
{DAY + 19}|k5|1930|SIP/1|BLINDTRANSFER|100|default|2|10|1
"""
    found = calls(log)
    assert {key: (c.outcome.value, c.wait_ms, c.handling_ms) for key, c in found.items()} == {
        "k1": ("abandoned", 8_000, None),
        "k2": ("answered", 7_000, 60_000),
        "k3": ("abandoned", 31_000, None),
        "k4": ("abandoned", 60_000, None),
        "k5": ("answered", 2_000, 10_000),
    }


def test_a_queue_log_kept_in_a_table_is_read_by_its_columns(tmp_path):
    told = (
        'format = "queue_log"\n[columns]\ntime = "time"\ncall = "callid"\nqueue = "queuename"\n'
        'agent = "agent"\nevent = "event"\ndata = ["data1", "data2", "data3"]\n'
    )
    text = (
        "id,time,callid,queuename,agent,event,data1,data2,data3\n"
        "1,2026-06-02 10:00:00.5,c1,1930,NONE,ENTERQUEUE,,98,1\n"
        "2,2026-06-02 10:00:12.5,c1,1930,A,CONNECT,12,x,1\n"
        "3,2026-06-02 10:01:12.5,c1,1930,A,COMPLETEAGENT,12,60,1\n"
    )
    _, (call,) = taken(tmp_path, told, text)
    assert (call.outcome, call.wait_ms, call.handling_ms) == (Outcome.ANSWERED, 12_000, 60_000)
