"""`thaam trace` as a command: the answer's form, every input error in one sentence, the other views."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from thaam.cli.main import main

HEAD = (
    "posted_at,seq,tx_ref,bank,account,side,amount_paise,channel,counterparty_bank,counterparty_account,reverses_tx_ref"
)
ROWS = [
    "2026-03-01T10:00:00+05:30,1,T1,B1,Asha,D,100,UPI,B2,Balu,",
    "2026-03-01T10:00:01+05:30,1,T1,B2,Balu,C,100,UPI,B1,Asha,",
    "2026-03-01T10:05:00+05:30,2,T2,B2,Balu,D,30,ATM,,,",
    "2026-03-01T10:06:00+05:30,3,T3,B2,Balu,D,20,UPI,B3,Charu,",
    "2026-03-01T10:07:00+05:30,1,T3,B3,Charu,C,20,UPI,B2,Balu,",
]
CLAIMS = "claim_id,tx_ref,amount_paise,reported_at\n"


class Files:
    """A postings file and a claims file, and the command on them."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capfd = folder, capfd

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def __call__(
        self, rows: list[str] | None = None, *options: str, claims: str = "C1,T1,100,", head: str = HEAD
    ) -> tuple[int, str, str]:
        postings = self.write("postings.csv", "\n".join([head, *(ROWS if rows is None else rows)]) + "\n")
        code = main(["trace", postings, "--claims", self.write("claims.csv", CLAIMS + claims + "\n"), *options])
        out, err = self.capfd.readouterr()
        return code, out, err


@pytest.fixture
def trace(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Files:
    return Files(tmp_path, capfd)


def test_the_answer_has_the_documented_form(trace: Files) -> None:
    code, out, _ = trace()
    assert code == 0
    assert json.loads(out) == {
        "claim_id": "C1",
        "rule": "lifo",
        "totals": {"claimed": 100, "held": 70, "terminal": 30, "unknown": 0},
        "payments": [
            {"tx_ref": "T1", "lo": 0, "hi": 100, "hop": 1},
            {"tx_ref": "T3", "lo": 0, "hi": 20, "hop": 2},
            {"tx_ref": "T2", "lo": 0, "hi": 30, "hop": 2},
        ],
        "held": [
            {"bank": "B2", "account": "Balu", "tx_ref": "T1", "lo": 0, "hi": 50},
            {"bank": "B3", "account": "Charu", "tx_ref": "T3", "lo": 0, "hi": 20},
        ],
        "terminal": [{"kind": "CASH_ATM", "tx_ref": "T2", "lo": 0, "hi": 30}],
        "unknown": [],
    }


def test_a_claim_counts_postings_up_to_its_report_unless_as_of_says_otherwise(trace: Files) -> None:
    claim = "C1,T1,100,2026-03-01T10:06:30+05:30"
    early = json.loads(trace(claims=claim)[1])
    assert early["unknown"] == [{"reason": "in_flight", "tx_ref": "T3", "lo": 0, "hi": 20}]
    assert json.loads(trace(None, "--as-of", "END", claims=claim)[1])["unknown"] == []
    before = json.loads(trace(None, "--as-of", "2026-03-01T04:34:59Z", claims=claim)[1])
    assert before["totals"]["held"] == 100


def test_less_than_the_payment_claims_its_top_paise(trace: Files) -> None:
    answer = json.loads(trace(claims="C1,T1,40,")[1])
    assert answer["payments"][0] == {"tx_ref": "T1", "lo": 60, "hi": 100, "hop": 1}
    assert answer["totals"] == {"claimed": 40, "held": 10, "terminal": 30, "unknown": 0}


def test_at_the_hop_limit_payments_are_listed_and_not_followed(trace: Files) -> None:
    answer = json.loads(trace(None, "--max-hops", "1")[1])
    assert answer["unknown"] == [{"reason": "hop_limit", "tx_ref": "T3", "lo": 0, "hi": 20}]
    assert answer["totals"]["terminal"] == 30
    assert {part["tx_ref"] for part in answer["payments"]} == {"T1", "T2", "T3"}


def test_a_payment_that_is_not_in_the_file_is_unknown_and_said_on_stderr(trace: Files) -> None:
    code, out, err = trace(claims="C1,T9,100,")
    assert code == 0
    assert json.loads(out)["unknown"] == [{"reason": "not_in_file", "tx_ref": "T9", "lo": 0, "hi": 100}]
    assert "row 1 of the claims: payment 'T9' is not in the postings" in err


def test_parquet_gives_the_same_answer_as_csv(trace: Files, tmp_path: Path) -> None:
    expected = trace()[1]
    for kind in ("VARCHAR", "TIMESTAMPTZ"):
        parquet = tmp_path / f"{kind}.parquet"
        with duckdb.connect() as db:
            db.execute("SET TimeZone = 'Asia/Kolkata'")
            rows = f"read_csv('{tmp_path}/postings.csv', types={{'posted_at': '{kind}'}})"
            db.execute(f"COPY (SELECT * FROM {rows}) TO '{parquet}' (FORMAT parquet)")
        assert main(["trace", str(parquet), "--claims", str(tmp_path / "claims.csv")]) == 0
        assert trace.capfd.readouterr().out == expected


def changed(row: int, **cells: str) -> list[str]:
    values = dict(zip(HEAD.split(","), ROWS[row].split(","), strict=True)) | cells
    return [",".join(values.values()) if n == row else text for n, text in enumerate(ROWS)]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (changed(2, amount_paise="0"), "row 3: an amount of 0 paise, but amounts are above zero (tx_ref 'T2')"),
        (changed(2, amount_paise="-5"), "row 3: an amount of -5 paise"),
        (changed(2, amount_paise="1.5"), "row 3: amount_paise '1.5' is not a whole number"),
        (changed(2, amount_paise="9223372036854775808"), "row 3: amount_paise 9223372036854775808 is too large"),
        (changed(2, amount_paise="1_0"), "row 3: amount_paise '1_0' is not a whole number"),
        (changed(2, side="X"), "row 3: side 'X' is neither D nor C"),
        (changed(2, tx_ref=""), "row 3: tx_ref is empty"),
        (changed(2, account=""), "row 3: account is empty"),
        (changed(2, seq="a"), "row 3: seq 'a' is not a whole number"),
        (changed(2, posted_at="yesterday"), "row 3: posted_at 'yesterday' is not an ISO 8601 time"),
        (changed(2, posted_at="2026-03-01T10:05:00"), "row 3: posted_at '2026-03-01T10:05:00' has no offset from UTC"),
        (changed(3, tx_ref="T2"), "rows 3, 4 are debits with one tx_ref 'T2'"),
        (changed(3, seq="2"), "rows 3, 4 of account Balu of B2 have the same seq 2"),
        (changed(3, seq=""), "account Balu of B2 has a seq in some rows and none in row(s) 4"),
        (changed(3, reverses_tx_ref="T3"), "row 4: 'T3' reverses itself"),
        (changed(2, reverses_tx_ref="T1", amount_paise="101"), "row 3: 'T2' gives back 101 paise of 'T1', of"),
        ([*ROWS[:2], ROWS[2] + ",one too many"], "row 3 has 12 cells, the heading 11"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_postings_file_is_one_sentence_that_names_the_rows(
    trace: Files, rows: list[str], sentence: str
) -> None:
    code, out, err = trace(rows)
    assert (code, out) == (2, "")
    assert sentence in err


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ("C1,T1,101,", "row 1: claim 'C1' is for 101 paise, but payment 'T1' has 100"),
        ("C1,T1,0,", "row 1: claim 'C1' claims 0 paise"),
        ("C1,T1,x,", "row 1: amount_paise 'x' is not a whole number"),
        ("C1,T1,1,\nC1,T2,1,", "rows 1 and 2 have the same claim_id 'C1'"),
        (",T1,1,", "row 1 names no claim or no payment"),
        ("C1,T1,1,noon", "row 1: reported_at 'noon' is not an ISO 8601 time"),
    ],
)
def test_what_is_wrong_with_a_claims_file_is_one_sentence_that_names_the_rows(
    trace: Files, claims: str, sentence: str
) -> None:
    code, out, err = trace(claims=claims)
    assert (code, out) == (2, "")
    assert sentence in err


@pytest.mark.parametrize(
    ("accounts", "sentence"),
    [
        ("B2,Balu,x,,", "row 1: opening_paise 'x' is not a whole number"),
        ("B2,Balu,1,,\nB2,Balu,2,,", "row 2 states account Balu of B2 a second time"),
        ("B2,Balu,1,,BIG", "row 1: class 'BIG' is neither NORMAL nor POOL"),
        ("B2,Balu,0,-5,", "row 1: limit_paise -5 is below zero"),
    ],
)
def test_what_is_wrong_with_an_accounts_file_is_one_sentence(trace: Files, accounts: str, sentence: str) -> None:
    file = trace.write("accounts.csv", "bank,account,opening_paise,limit_paise,class\n" + accounts + "\n")
    code, _, err = trace(None, "--accounts", file)
    assert code == 2
    assert sentence in err


@pytest.mark.parametrize(
    "options",
    [
        ("--max-hops", "0"),
        ("--as-of", "noon"),
        ("--back", "T9"),
        ("--back", "T1:50-101"),
        ("--plot", "x.svg", "--claim", "C9"),
    ],
)
def test_an_option_that_cannot_be_is_refused(trace: Files, options: tuple[str, ...]) -> None:
    assert trace(None, *options)[0] == 2


def test_a_file_without_postings_or_without_claims_is_answered(trace: Files) -> None:
    code, out, err = trace([], claims="C1,T1,100,\nC2,T1,,")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [(a["totals"]["unknown"], len(a["unknown"])) for a in answers] == [(100, 1), (0, 0)]
    assert code == 0 and err.count("is not in the postings") == 2
    assert trace(claims="")[:2] == (0, "")
    assert "accounts where all claims" in trace(None, "--compare", claims="")[1]
    assert "there is no claim on a payment of the file" in trace(None, "--plot", "x.svg", claims="")[2]


def test_a_place_that_cannot_be_written_is_said(trace: Files, tmp_path: Path) -> None:
    for option in ("--out", "--plot"):
        code, _, err = trace(None, option, str(tmp_path / "no" / "where"))
        assert code == 2 and "where cannot be written: No such file or directory" in err


@pytest.mark.parametrize("mark", [";", "\t"])
def test_cells_that_are_not_separated_by_commas_are_said(trace: Files, mark: str) -> None:
    code, _, err = trace([row.replace(",", mark) for row in ROWS], head=HEAD.replace(",", mark))
    assert code == 2 and f"postings.csv: its cells are separated by {mark!r}; this needs commas" in err


def test_windows_files_with_other_columns_in_another_order_are_read(trace: Files, tmp_path: Path) -> None:
    expected = trace()[1]
    head = HEAD.split(",")
    lines = [[*dict(zip(head, row.split(","), strict=True)).items()][::-1] for row in ROWS]
    rows = [["Remarks ", *(name.upper() for name, _ in lines[0])], [], *(["", *(v for _, v in line)] for line in lines)]
    text = "\r\n".join(",".join(cells) for cells in rows)
    for name, content in (("postings.csv", text), ("claims.csv", (CLAIMS + "C1,T1,100,").replace("\n", "\r\n"))):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + content.encode())
    assert main(["trace", str(tmp_path / "postings.csv"), "--claims", str(tmp_path / "claims.csv")]) == 0
    assert trace.capfd.readouterr().out == expected


def test_seq_orders_an_account_wherever_its_rows_stand_and_equal_times_do_not_matter(trace: Files) -> None:
    expected = json.loads(trace()[1])
    still = [re.sub(r"T10:0\d:0\d", "T10:00:00", row) for row in reversed(ROWS)]
    answer = json.loads(trace(still)[1])
    assert {key: answer[key] for key in ("totals", "held", "terminal")} == {
        key: expected[key] for key in ("totals", "held", "terminal")
    }


def test_several_claims_on_one_payment_are_answered_each_alone(trace: Files) -> None:
    out = trace(claims="C1,T1,,\nC2,T1,40,\nC3,T1,100,\nC4,T9,7,")[1]
    totals = [json.loads(line)["totals"] for line in out.splitlines()]
    assert [(t["claimed"], t["held"], t["terminal"], t["unknown"]) for t in totals] == [
        (100, 70, 30, 0),
        (40, 10, 30, 0),
        (100, 70, 30, 0),
        (7, 0, 0, 7),
    ]


def test_an_account_that_pays_itself_keeps_the_paise_and_lists_the_payment(trace: Files) -> None:
    itself = [
        "2026-03-01T10:06:00+05:30,3,T3,B2,Balu,D,20,UPI,B2,Balu,",
        "2026-03-01T10:06:00+05:30,4,T3,B2,Balu,C,20,UPI,B2,Balu,",
    ]
    answer = json.loads(trace([*ROWS[:3], *itself])[1])
    assert answer["totals"] == {"claimed": 100, "held": 70, "terminal": 30, "unknown": 0}
    assert [(p["tx_ref"], p["lo"], p["hi"]) for p in answer["held"]] == [("T1", 0, 50), ("T3", 0, 20)]


def test_credits_above_their_debit_are_said_and_reached_by_no_claim(trace: Files) -> None:
    again = ROWS[1].replace(",1,", ",9,")
    code, out, err = trace([*ROWS, again])
    assert code == 0 and json.loads(out) == json.loads(trace()[1])
    assert "row(s) 2, 6 credit 200 paise of payment 'T1', which has 100; no claim reaches the rest" in err
    assert "credit" not in trace()[2]


def test_missing_files_and_columns_are_said(trace: Files, tmp_path: Path) -> None:
    assert "no column side" in trace(head=HEAD.replace("side", "direction"))[2]
    assert main(["trace", str(tmp_path / "none.csv"), "--claims", str(tmp_path / "claims.csv")]) == 2
    assert "there is no file" in trace.capfd.readouterr().err
    assert main(["trace", str(tmp_path / "postings.csv")]) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_file_that_is_not_utf8_is_said(trace: Files, tmp_path: Path, encoding: str) -> None:
    trace()
    postings = tmp_path / "postings.csv"
    postings.write_bytes("\n".join([HEAD, ROWS[0].replace("Balu", "Bal\xfa")]).encode(encoding))
    assert main(["trace", str(postings), "--claims", str(tmp_path / "claims.csv")]) == 2
    assert "postings.csv: its heading cannot be read as UTF-8 text" in trace.capfd.readouterr().err


def test_no_number_in_a_parquet_column_is_an_empty_cell(trace: Files, tmp_path: Path) -> None:
    """pandas writes account numbers of which some are missing as floats and not-a-number."""
    trace([*ROWS[:2], ROWS[2].replace("ATM", "INTERNAL")])
    parquet = tmp_path / "postings.parquet"
    with duckdb.connect() as db:
        other = "CASE WHEN counterparty_account IS NULL THEN 'nan' ELSE '7' END::DOUBLE"
        rows = f"SELECT * REPLACE ({other} AS counterparty_account) FROM '{tmp_path}/postings.csv'"
        db.execute(f"COPY ({rows}) TO '{parquet}' (FORMAT parquet)")
    assert main(["trace", str(parquet), "--claims", str(tmp_path / "claims.csv")]) == 0
    answer = json.loads(trace.capfd.readouterr().out)
    assert answer["terminal"] == [{"kind": "INTERNAL_GL", "tx_ref": "T2", "lo": 0, "hi": 30}]


def test_a_gzipped_file_is_read_like_a_plain_one(trace: Files, tmp_path: Path) -> None:
    expected = trace()[1]
    for name in ("postings.csv", "claims.csv"):
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress((tmp_path / name).read_bytes()))
    assert main(["trace", str(tmp_path / "postings.csv.gz"), "--claims", str(tmp_path / "claims.csv.gz")]) == 0
    assert trace.capfd.readouterr().out == expected
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes((tmp_path / "postings.csv.gz").read_bytes()[:-20])
    assert main(["trace", str(cut), "--claims", str(tmp_path / "claims.csv")]) == 2
    assert "cut.csv.gz" in trace.capfd.readouterr().err


def test_references_that_parquet_holds_as_floats_are_whole_again(trace: Files, tmp_path: Path) -> None:
    """pandas makes floats of a column of numbers that is partly empty: 2.0 must still name payment 2."""
    rows = [row.replace(",T", ",") for row in (*ROWS[:2], ROWS[3].replace("B3,Charu,", "B1,Asha,1"))]
    trace(rows, claims="C1,1,100,")
    parquet = tmp_path / "postings.parquet"
    with duckdb.connect() as db:
        changed = "reverses_tx_ref::DOUBLE AS reverses_tx_ref, seq::DOUBLE AS seq"
        db.execute(
            f"COPY (SELECT * REPLACE ({changed}) FROM '{tmp_path}/postings.csv') TO '{parquet}' (FORMAT parquet)"
        )
    assert main(["trace", str(parquet), "--claims", str(tmp_path / "claims.csv"), "--rule", "fifo"]) == 0
    answer = json.loads(trace.capfd.readouterr().out)
    assert answer["held"] == [{"bank": "B2", "account": "Balu", "tx_ref": "1", "lo": 0, "hi": 80}]


def test_amounts_whose_running_total_passes_sixty_four_bits_are_added_exactly(trace: Files) -> None:
    big = str(2**63 - 1)
    rows = [f"2026-03-01T10:00:0{i}+05:30,{i + 1},T{i},B1,Balu,{side},{big},UPI,,x," for i, side in enumerate("CCCDD")]
    answers = [json.loads(trace(rows, "--rule", rule, claims=f"C1,T2,{big},")[1]) for rule in ("lifo", "fifo")]
    assert [answer["totals"]["held"] for answer in answers] == [0, int(big)]


def test_back_from_an_account_or_a_range_names_the_victims(trace: Files) -> None:
    for where, ranges in (("B3/Charu", [(50, 70)]), ("T3:5-20", [(55, 70)]), ("T2", [(70, 100)])):
        answer = json.loads(trace(None, "--back", where)[1])
        assert [(v["claim_id"], v["tx_ref"], v["lo"], v["hi"]) for v in answer["victims"]] == [
            ("C1", "T1", lo, hi) for lo, hi in ranges
        ]
        assert [s["kind"] for s in answer["sources"]] == ["opening"]


def test_back_without_a_place_starts_from_all_that_is_held(trace: Files) -> None:
    code, out, _ = trace(None, "--back")
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(a["from"]["account"], a["victims"][0]["lo"], a["victims"][0]["hi"]) for a in answers] == [
        ("Balu", 0, 50),
        ("Charu", 50, 70),
    ]


def test_back_from_an_account_starts_from_what_the_rule_says_lies_there(trace: Files) -> None:
    later = "2026-03-01T10:08:00+05:30,4,T4,B2,Balu,C,50,UPI,,x,", "2026-03-01T10:09:00+05:30,5,T5,B2,Balu,D,60,ATM,,,"
    lying = {"lifo": [("T1", 0, 40)], "fifo": [("T4", 10, 50)]}
    for rule, expected in lying.items():
        answer = json.loads(trace([*ROWS, *later], "--back", "B2/Balu", "--rule", rule)[1])
        first = [(p["tx_ref"], p["lo"], p["hi"]) for p in answer["payments"] if p["hop"] == 1]
        assert first == expected
        assert [v["claim_id"] for v in answer["victims"]] == (["C1"] if rule == "lifo" else [])


def test_a_way_back_says_in_words_whose_money_it_is(trace: Files) -> None:
    words = json.loads(trace(None, "--back", "B3/Charu")[1])["in_words"]
    assert words["en"] == (
        "Of the money that payments of the file brought, ₹0.20 still lies in account Charu of B3."
        " Of this, ₹0.20 is the money of claim C1, which left in payment T1."
    )
    assert words["hi"].endswith("इनमें से ₹0.20 दावे C1 के हैं, जो भुगतान T1 में गए थे।")
    assert "None of it" in json.loads(trace(None, "--back", "T3", claims="")[1])["in_words"]["en"]


def test_a_way_back_ends_at_a_pool(trace: Files) -> None:
    """Whose money a pool sent on only its owner knows; lots would name a victim at random."""
    accounts = trace.write("accounts.csv", "bank,account,opening_paise,limit_paise,class\nB2,Balu,,,POOL\n")
    answer = json.loads(trace(None, "--accounts", accounts, "--back", "T3")[1])
    assert (answer["victims"], answer["sources"]) == ([], [{"kind": "pool", "tx_ref": "T3", "lo": 0, "hi": 20}])
    code, _, err = trace(None, "--accounts", accounts, "--back", "B2/Balu")
    assert code == 2 and "'B2/Balu' is a pool" in err


def test_compare_prints_every_rule_with_a_sentence_in_both_languages(trace: Files) -> None:
    code, out, _ = trace(None, "--compare")
    assert code == 0
    for rule in ("lifo", "fifo", "next-debits", "libr", "pro-rata", "poison"):
        assert len(re.findall(rf"^  {rule}\b", out, re.M)) >= 2
    assert "सबसे बाद में" in out
    assert "Clayton's rule" in out


def test_the_drawing_is_well_formed_and_shows_every_account(trace: Files, tmp_path: Path) -> None:
    svg = tmp_path / "claim.svg"
    assert trace(None, "--plot", str(svg))[0] == 0
    text = " ".join(ElementTree.parse(svg).getroot().itertext())
    assert all(name in text for name in ("Asha", "Balu", "Charu", "₹0.50"))
