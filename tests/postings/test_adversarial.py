"""The page of trouble, docs/adversarial-ledger.md: the tables there are the input and the expected answers."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from thaam.cli.main import main
from thaam.postings.comparing import compare
from thaam.postings.files import read_accounts, read_claims, read_postings
from thaam.postings.index import PostingsIndex

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adversarial-ledger.md"
BLOCKS = dict(re.findall(r"^```([a-z ]+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("postings", "accounts", "claims"):
        (tmp_path / f"{name}.csv").write_text(BLOCKS[name], encoding="utf-8")
    return tmp_path


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(BLOCKS[name])))


@pytest.mark.parametrize("rule", ["lifo", "fifo"])
def test_every_paisa_of_the_page_is_where_the_words_say(folder: Path, rule: str) -> None:
    out = folder / "out.jsonl"
    files = [
        str(folder / "postings.csv"),
        "--claims",
        str(folder / "claims.csv"),
        "--accounts",
        str(folder / "accounts.csv"),
    ]
    assert main(["trace", *files, "--rule", rule, "--out", str(out)]) == 0
    found = set()
    for line in out.read_text(encoding="utf-8").splitlines():
        answer = json.loads(line)
        for what, key in (("held", "account"), ("terminal", "kind"), ("unknown", "reason")):
            found |= {(answer["claim_id"], what, p[key], p["tx_ref"], p["lo"], p["hi"]) for p in answer[what]}
    expected = {
        (r["claim"], r["what"], r["where"], r["tx_ref"], int(r["lo"]), int(r["hi"])) for r in rows(f"expected {rule}")
    }
    assert found == expected


def test_the_reports_of_the_page_are_as_the_words_say(folder: Path) -> None:
    index = PostingsIndex(read_postings(folder / "postings.csv"), read_accounts(folder / "accounts.csv"))
    tables, over = compare(index, read_claims(folder / "claims.csv"), as_of=None, use_reported=False)
    found = {(table.claim.claim_id, line.rule): line for table in tables for line in table.lines}
    for row in rows("expected reports"):
        line = found[row["claim"], row["rule"]]
        assert (line.held, line.terminal, line.unknown) == (int(row["held"]), int(row["gone"]), int(row["unknown"]))
    assert {rule for rule, accounts in over.items() if accounts} <= {"poison"}
    assert found["asha", "poison"].accounts == 5


def test_a_reversal_without_its_debit_row_proves_nothing_about_the_payment_it_names(folder: Path) -> None:
    """Before and after R8 the same answer: a payment is followed through its own credit rows and no others."""
    out = folder / "out.jsonl"
    files = [str(folder / "postings.csv"), "--claims", str(folder / "claims.csv"), "--out", str(out)]
    for as_of in ("2026-03-01T10:11:30+05:30", "END"):
        assert main(["trace", *files, "--as-of", as_of]) == 0
        devika = json.loads(out.read_text(encoding="utf-8").splitlines()[1])
        assert devika["payments"] == [{"tx_ref": "T8", "lo": 0, "hi": 50, "hop": 1}]
        assert devika["unknown"] == [{"reason": "not_in_file", "tx_ref": "T8", "lo": 0, "hi": 50}]
