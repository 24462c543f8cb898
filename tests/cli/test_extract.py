"""`thaam extract`: one line out for each line in, whatever the line."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from thaam.cli.extract import answer_line

KEYS = [
    "id", "is_transaction", "direction", "amount_paise", "reference", "account_last4", "balance_paise",
    "counterparty", "bank", "rail", "time", "spans", "why_not",
]  # fmt: skip


def test_the_answer_has_exactly_the_documented_keys_in_order():
    answer = json.loads(answer_line(b'{"id": "m1", "message": "Rs.500 debited from A/c XX1234 Ref 615800000001"}'))
    assert list(answer) == KEYS
    assert answer["id"] == "m1"
    assert answer["spans"]["amount_paise"] == [3, 6]


def test_broken_lines_answer_instead_of_stopping():
    lines = [
        b"not json\n", b"\n", b"[1]\n", b'{"id": 7}\n', b'{"id": 7, "message": 12}\n', b"\xff\xfe\n", b"[" * 100_000,
        b'{"id": NaN, "message": "x"}\n', b'{"id": "\\ud800", "message": "\\ud800 Rs 5"}\n',
        b'{"id":1,"message":"x","sender":5}\n',
        b"9" * 5000 + b"\n",
    ]  # fmt: skip
    for line in lines:
        answer = json.loads(answer_line(line))
        assert list(answer) == KEYS
        assert answer["is_transaction"] is False
        assert answer["why_not"]
    assert json.loads(answer_line(b'{"id": 7, "message": 12}'))["id"] == 7
    assert json.loads(answer_line(b"{broken"))["id"] is None


def test_the_command_writes_one_line_for_each_line():
    lines = ['{"id": 1, "message": "hello"}', "broken", "", '{"id": "b", "message": "Rs 5 debited from A/c XX12345"}']
    done = subprocess.run(
        [sys.executable, "-m", "thaam", "extract", "--stdin-jsonl"],
        input="\n".join(lines), capture_output=True, text=True, encoding="utf-8", timeout=180, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, None, None, "b"]
    assert answers[3]["account_last4"] == "2345"
