"""Import of calls, and figures that come out to the second decimal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from thaam.cli.main import main
from thaam.helpline.calls import BadCalls, Outcome
from thaam.helpline.figures import service_figures
from thaam.helpline.importing import import_calls
from thaam.helpline.queue_log import calls_of, read_events
from thaam.helpline.records import read_map
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
        once, _ = import_calls(path=tmp_path / "log", map_path=None, store=store)
        before = store.calls_between(None, None)
        twice, _ = import_calls(path=tmp_path / "log", map_path=None, store=store)
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
        first, _ = import_calls(path=path, map_path=map_path, store=store)
        second, _ = import_calls(path=path, map_path=map_path, store=store)
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
