"""The independent script accepts the proof of a hold and finds every change, with nothing of ours but the file."""

from __future__ import annotations

import copy
import datetime
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cast import NOON, an_id, bank, hold_answer, hold_order, signs_for
from thaam.journal.sequencing import Sequencer
from thaam.journal.verifying import Verifier, verify
from thaam.mailbox.exporting import export, proof_of
from thaam.mailbox.keeping import Sent, keep, keep_all
from thaam.mailbox.posting import post
from thaam.parties.keys import announce_key, introduce_platform_key, platform_key
from thaam.wire import codec, jws
from thaam.wire.keys import fingerprint, from_seed, public_from_text
from thaam.wire.messages import CancelOrder, IssuedBy, ReleaseDone

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.7", "S4.1")]

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "wire" / "proof.py"
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def proof() -> dict[str, Any]:
    """An answered hold order, cancelled later, between other lines of the journal."""
    introduce_platform_key(at=NOON)
    bank("DEMO1")
    key = signs_for("DEMO1")
    order = hold_order(1)
    for number in (2, 1, 3):
        post(partner="DEMO1", message=hold_order(number), at=NOON, by="officer:1")
    Sequencer(platform_key()).number(at=NOON + SECOND)
    _keep(hold_answer(order), key)
    cancel = CancelOrder(an_id(71), order.id, "withdrawn", IssuedBy("Raipur", "Devi"), NOON)
    post(partner="DEMO1", message=cancel, at=NOON, by="officer:1")
    done = ReleaseDone(an_id(72), cancel.id, NOON, order.id, order.ranges, order.amount_paise, "cancelled")
    _keep(done, key)
    Sequencer(platform_key()).number(at=NOON + 3 * SECOND)
    found: dict[str, Any] = json.loads(json.dumps(proof_of(order.id)))
    return found


def _keep(message: Any, key: Any) -> None:
    raw = codec.encode(message)
    keep(partner="DEMO1", message=message, raw=raw, jws=jws.sign_detached(raw, key), at=NOON)


def _judged(proof: Any, tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "proof.json"
    file.write_text(proof if isinstance(proof, str) else json.dumps(proof))
    # -I: neither this environment's paths nor our package can be seen.
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(file), *more], capture_output=True, text=True, timeout=120, check=False
    )


def test_the_script_is_short_and_independent() -> None:
    text = SCRIPT.read_text()
    assert len(text.splitlines()) <= 100
    assert "thaam" not in "".join(line for line in text.splitlines() if "import" in line)


def test_a_true_proof_holds_and_names_what_it_shows(proof: dict[str, Any], tmp_path: Path) -> None:
    known = fingerprint(platform_key().public)
    done = _judged(proof, tmp_path, known)
    assert done.returncode == 0, done.stderr
    for kind in ("HoldOrder", "HoldAnswer", "CancelOrder", "ReleaseDone", "HOLDS"):
        assert kind in done.stdout
    assert known in _judged(proof, tmp_path).stdout
    assert _judged(proof, tmp_path, "0000 " + known[5:]).returncode == 1


def test_an_answer_a_clerk_gave_on_our_page_holds_and_is_said_to_be_signed_by_us(tmp_path: Path) -> None:
    introduce_platform_key(at=NOON)
    bank("DEMO1"), signs_for("DEMO1")
    post(partner="DEMO1", message=hold_order(1), at=NOON, by="officer:1")
    _keep(hold_answer(hold_order(1)), platform_key())
    Sequencer(platform_key()).number(at=NOON + SECOND)
    assert [str(each) for each in verify(export(), Verifier())] == []
    done = _judged(json.loads(json.dumps(proof_of(an_id(1)))), tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"HoldAnswer {hold_answer(hold_order(1)).id} signed by THAAM" in done.stdout


CHANGES: list[Callable[[dict[str, Any]], Any]] = [
    lambda p: p["order"].update(body=p["order"]["body"].replace("10000000", "20000000")),
    lambda p: p["order"].update(jws=p["answers"][0]["jws"]),
    lambda p: p["order"].update(jws=p["order"]["jws"][:-8] + "AAAAAAAA"),
    lambda p: p["order"].update(position=p["order"]["position"] + 1),
    lambda p: p["order"].update(position=0),
    lambda p: p["order"].update(path=p["order"]["path"][1:]),
    lambda p: p["order"].update(path=p["order"]["path"] * 2),
    lambda p: p["order"].update(entry=p["order"]["entry"].replace("officer:1", "officer:2")),
    lambda p: p["order"].update(id=p["later"][0]["order"]["id"]),
    lambda p: p["order"]["checkpoint"].update(root="00" * 32),
    lambda p: p["order"]["checkpoint"].update(at="2026-11-26T00:00:00Z"),
    lambda p: p["order"]["checkpoint"].update(position=p["order"]["checkpoint"]["position"] + 1),
    lambda p: p["order"]["checkpoint"].update(keyid="other"),
    lambda p: p.update(order=p["answers"][0]),
    lambda p: p["answers"].append(p["order"]),
    lambda p: p.update(answers=p["later"][0]["answers"]),
    lambda p: p["answers"][0].update(body=p["answers"][0]["body"].replace("held", "seen")),
    lambda p: p["keys"].clear(),
    lambda p: p["keys"][0].update(public_key=p["keys"][1]["public_key"]),
    lambda p: p["keys"][0].update(partner=p["keys"][1]["partner"]),
    lambda p: p["keys"][0].update(enrolment=p["keys"][1]["enrolment"]),
    lambda p: p["keys"][1].update(revoked_at="2026-11-25T00:00:00Z"),
    lambda p: p["keys"][0].update(valid_from_at="2026-12-25T00:00:00Z"),
    lambda p: p["keys"][0].update(valid_from_at="2020-01-01T00:00:00Z"),
    lambda p: p["order"].update(kind="ReleaseOrder"),
    lambda p: p["answers"][0].update(kind="CannotMatch"),
    lambda p: p["answers"][0].update(partner="DEMO2"),
    lambda p: p["answers"][0].update(id=p["later"][0]["answers"][0]["id"]),
    lambda p: p.update(version=2),
    lambda p: p.pop("later"),
    lambda p: p.update(platform="DEMO1"),
    # what says the same in other letters, or a little more
    lambda p: p["order"].update(jws=p["order"]["jws"] + "="),
    lambda p: p["order"].update(jws=p["order"]["jws"][:40] + "!" + p["order"]["jws"][40:]),
    lambda p: p["order"]["checkpoint"].update(signature=_loose(p["order"]["checkpoint"]["signature"])),
    lambda p: p["answers"][0].update(jws=_loose(p["answers"][0]["jws"])),
    lambda p: p["keys"][0].update(public_key=_loose(p["keys"][0]["public_key"])),
    lambda p: p["keys"][0].update(valid_from_at=p["keys"][0]["valid_from_at"][:-1] + ".000001Z"),
    # the place of another line, a place of one and the words of another
    lambda p: p["order"].update({name: p["answers"][0][name] for name in PLACE}),
    lambda p: p["order"].update({name: p["later"][0]["order"][name] for name in ("position", "path")}),
    lambda p: p["answers"][0].update(entry=p["order"]["entry"]),
    # a key that was revoked, was in other hands, had ended or began later
    lambda p: _bank_key(p).update(revoked_at=p["keys"][0]["valid_from_at"]),
    lambda p: _bank_key(p).update(compromised_from_at="2026-11-01T00:00:00Z"),
    lambda p: _bank_key(p).update(valid_to_at="2026-11-01T00:00:00.5Z"),
    lambda p: _bank_key(p).update(valid_from_at="2027-11-01T00:00:00Z"),
    lambda p: _bank_key(p).update(key_id=p["keys"][0]["key_id"]),
    lambda p: p["later"].reverse() or p["later"][0].pop("answers"),
]
PLACE = ("position", "entry", "path", "checkpoint")


def _bank_key(proof: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(key for key in proof["keys"] if key["partner"] != proof["platform"])
    return found


def _loose(text: str) -> str:
    """The same bytes in another base64: the last letter carries bits that say nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + letters[letters.index(text[-1]) ^ 1]


def test_every_change_is_found(proof: dict[str, Any], tmp_path: Path) -> None:
    for number, change in enumerate(CHANGES):
        changed = copy.deepcopy(proof)
        change(changed)
        assert changed != proof, number
        done = _judged(changed, tmp_path)
        assert done.returncode == 1, f"change {number} was not found: {done.stdout}"
        assert done.stderr.startswith("DOES NOT HOLD"), done.stderr


def test_every_cut_of_the_file_is_found(proof: dict[str, Any], tmp_path: Path) -> None:
    text = json.dumps(proof)
    for share in (1, 10, 35, 50, 65, 90, 99):
        assert _judged(text[: len(text) * share // 100], tmp_path).returncode == 1
    assert _judged(text[:-1], tmp_path).returncode == 1


def test_a_name_that_stands_twice_is_found_wherever_it_is(proof: dict[str, Any], tmp_path: Path) -> None:
    # a reader that takes the first one would be shown another order than the one that was checked
    text = json.dumps(proof)
    other = json.dumps({**proof["order"], "body": "{}"})
    twice = [
        text.replace('{"version"', f'{{"order": {other}, "version"', 1),
        text.replace('"position":', '"position": 0, "position":', 1),
    ]
    for each in [*twice, text.replace('"revoked_at":', '"revoked_at": null, "revoked_at":', 1)]:
        assert each != text
        done = _judged(each, tmp_path)
        assert (done.returncode, "stands twice" in done.stderr) == (1, True)


def test_a_journal_signed_by_somebody_else_does_not_pass_because_the_true_key_is_in_it(tmp_path: Path) -> None:
    """A stranger's whole platform, true in itself, with our public key enrolled in it as one of its own."""
    bank("DEMO1")
    key = signs_for("DEMO1")
    introduce_platform_key(at=NOON)
    known = from_seed(b"t" * 32)
    announce_key(
        partner=settings.PLATFORM, public_key=known.public, signed_by=platform_key().key_id, valid_from_at=NOON, at=NOON
    )
    post(partner="DEMO1", message=hold_order(1), at=NOON, by="officer:1")
    _keep(hold_answer(hold_order(1)), key)
    Sequencer(platform_key()).number(at=NOON + SECOND)
    proof = json.loads(json.dumps(proof_of(an_id(1))))
    assert fingerprint(known.public) in {fingerprint(public_from_text(each["public_key"])) for each in proof["keys"]}
    done = _judged(proof, tmp_path, fingerprint(known.public))
    assert (done.returncode, "which you do not know" in done.stderr) == (1, True)
    both = (fingerprint(known.public), fingerprint(platform_key().public))
    assert _judged(proof, tmp_path, *both).returncode == 0, "several keys may be known"


def test_a_true_order_about_another_hold_is_not_taken_for_a_later_one(proof: dict[str, Any], tmp_path: Path) -> None:
    other = json.loads(json.dumps(proof_of(an_id(2))))
    done = _judged({**proof, "later": [*proof["later"], {"order": other["order"], "answers": []}]}, tmp_path)
    assert (done.returncode, "about another hold" in done.stderr) == (1, True)
    # and its place does not carry this one's words
    moved = {**proof, "order": {**proof["order"], **{name: other["order"][name] for name in PLACE}}}
    assert _judged(moved, tmp_path).returncode == 1


def test_answers_that_came_together_are_proved_like_any_other(tmp_path: Path) -> None:
    introduce_platform_key(at=NOON)
    bank("DEMO1")
    key = signs_for("DEMO1")
    sent = []
    for number in (1, 2):
        post(partner="DEMO1", message=hold_order(number), at=NOON, by="officer:1")
        answer = hold_answer(hold_order(number), 1000 + number)
        raw = codec.canonical(json.loads(codec.encode(answer)))
        sent.append(Sent(answer, raw, jws.sign_detached(raw, key)))
    keep_all(partner="DEMO1", sent=sent, at=NOON)
    Sequencer(platform_key()).number(at=NOON + SECOND)
    for number in (1, 2):
        done = _judged(json.loads(json.dumps(proof_of(an_id(number)))), tmp_path, fingerprint(platform_key().public))
        assert (done.returncode, done.stdout.count("HoldAnswer")) == (0, 1), done.stderr


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "\x00", '{"version": 1}', "[" * 100, "[" * 200_000])
def test_a_file_that_is_no_proof_is_refused_in_a_sentence(text: str, tmp_path: Path) -> None:
    done = _judged(text, tmp_path)
    assert (done.returncode, done.stderr[:13]) == (1, "DOES NOT HOLD")
