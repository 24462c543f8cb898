"""`thaam conformance` as a bank runs it: against our own node, and against a harness behind HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from conformance.small_bank import SmallBank
from thaam.wire.conformance import rules
from thaam.wire.conformance.advice import ADVICE, advice_on
from thaam.wire.conformance.holdcases import CASES
from thaam.wire.conformance.report import must

SOURCE = Path(__file__).resolve().parents[2] / "src"


def conformance(*arguments: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "thaam", "conformance", "--json", *arguments],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, {case["id"]: case["why"] for case in json.loads(done.stdout)["cases"] if not case["ok"]}


@pytest.mark.req("S1.7", "S1.16")
def test_our_own_node_keeps_the_rules_that_matter_most() -> None:
    names = ("hold-two-debits-summed", "hold-part-then-onward", "order-empty-refused", "hold-expired", "node-killed")
    code, failed = conformance(
        "--self", "--patience", "60", *(f"--only={name}" for name in (*names, "answer-balances"))
    )
    assert (code, failed) == (0, {})


@pytest.mark.long
def test_our_own_node_keeps_every_rule() -> None:
    assert conformance("--self", "--patience", "60") == (0, {})


@pytest.fixture
def target(request: pytest.FixtureRequest) -> Iterator[str]:
    """A bank's harness as docs/wire/conformance.md asks for it, in front of the small bank."""
    bank = SmallBank(getattr(request, "param", ""))

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._write(asdict(bank.standing(account=self.path.removeprefix("/conformance/accounts/"))))

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            verb = self.path.removeprefix("/conformance/")
            done = {
                "connect": bank.connect,
                "load": bank.load,
                "lien": bank.place_lien,
                "restart": bank.restart,
            }[verb](**asked)  # type: ignore[operator]
            self._write(asdict(done) if verb == "connect" else {})

        def _write(self, found: dict[str, Any]) -> None:
            body = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    bank.close()


def test_another_bank_is_tested_through_its_own_harness(target: str) -> None:
    code, failed = conformance(
        "--target", target, "--only=hold-atm", "--only=hold-traced-or-balance", "--only=node-killed"
    )
    assert (code, failed) == (0, {})


@pytest.mark.parametrize("target", ["hold-atm"], indirect=True)
def test_a_wrong_bank_makes_the_command_fail_and_say_what_was_told(target: str) -> None:
    code, failed = conformance("--target", target, "--only=hold-atm", "--only=hold-payee-side")
    assert code == 1
    assert set(failed) == {"hold-atm"}
    assert "onward" in failed["hold-atm"]


def test_a_bank_that_is_not_there_is_a_sentence_not_a_verdict() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "thaam", "conformance", "--target", "http://127.0.0.1:9"],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "the harness did not answer" in done.stderr


def test_every_rule_has_a_word_of_what_to_do_and_where_it_is_written() -> None:
    guide = (SOURCE.parent / "docs" / "wire" / "README.md").read_text()
    names = [*(case.id for case in CASES), *rules.RULES, *rules.DOOR_RULES]
    assert set(ADVICE) <= set(names)
    for name in names:
        advice = advice_on(name)
        assert len(advice.do) > 30
        assert f"\n## {advice.section}. " in guide, name
        assert must(name)
    assert {*rules.RULES, *rules.DOOR_RULES} <= set(ADVICE)


@pytest.mark.parametrize("target", ["fifo"], indirect=True)
def test_the_report_tells_an_engineer_what_to_do_about_each_failed_rule(target: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    names = ("hold-two-debits-summed", "notice-acknowledged")
    code, failed = conformance(
        "--target", target, "--report", str(file), "--patience", "15", *(f"--only={name}" for name in names)
    )
    page = file.read_text()
    assert (code, set(failed)) == (1, {"hold-two-debits-summed"})
    assert "Rebuild the account as a pile" in page
    assert page.count('class="card"') == 1
    assert "notice-acknowledged" in page
    assert "http" not in page.replace(target, "")  # nothing is loaded from elsewhere
