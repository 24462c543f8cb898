"""Whoever changes, adds or removes anything is found; a cut of the tail is found with one head kept elsewhere."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cast import NOON, an_id, bank, hold_answer, hold_order, signs_for
from thaam.journal import strays
from thaam.journal.models import Checkpoint
from thaam.journal.sequencing import Sequencer
from thaam.journal.verifying import Verifier, verify
from thaam.mailbox.exporting import export, proof_of
from thaam.mailbox.keeping import keep
from thaam.mailbox.posting import post
from thaam.parties.keys import introduce_platform_key, platform_key, revoke_key
from thaam.parties.models import PartnerKey
from thaam.wire import codec, jws
from thaam.wire.checkpoints import check_inclusion, leaf_hash

pytestmark = pytest.mark.django_db

SECOND = datetime.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _a_short_journal() -> None:
    """Two orders, the first answered; three signed heads."""
    introduce_platform_key(at=NOON)
    bank("DEMO1"), bank("DEMO2")
    key = signs_for("DEMO1")
    for number in (1, 2):
        post(partner="DEMO1", message=hold_order(number), at=NOON, by="officer:1")
        Sequencer(platform_key()).number(at=NOON + number * SECOND)
    answer = hold_answer(hold_order(1))
    raw = codec.encode(answer)
    keep(partner="DEMO1", message=answer, raw=raw, jws=jws.sign_detached(raw, key), at=NOON)
    Sequencer(platform_key()).number(at=NOON + 3 * SECOND)


def _findings(records: Any = None) -> list[str]:
    return [str(finding) for finding in verify(records or export(), Verifier())]


def _as_an_intruder(sql: str) -> None:
    """Past every fence: as the superuser, with triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE postgres; SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        assert cursor.rowcount > 0
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE thaam_loops")


@pytest.mark.req("S4.1")
def test_a_journal_nobody_touched_holds() -> None:
    assert _findings() == []


@pytest.mark.req("S4.1")
@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE journal_fact SET by = 'officer:9' WHERE kind = 'order:posted'", "changed after it was written"),
        ("""UPDATE journal_fact SET data = data || '{"extra": 1}' WHERE kind = 'answer:kept'""", "changed after"),
        ("UPDATE journal_fact SET at = at - interval '1 hour' WHERE kind = 'key:enrolled'", "changed after"),
        ("DELETE FROM journal_line WHERE position = 2", "line 2 was expected"),
        ("UPDATE journal_line SET leaf = decode(repeat('00', 32), 'hex') WHERE position = 2", "changed after"),
        ("UPDATE mailbox_order SET body = convert_to(replace(convert_from(body, 'UTF8'), '10000000', '20000000'),"
         " 'UTF8')", "not those the line tells of"),
        ("UPDATE mailbox_order SET jws = overlay(jws placing 'AAAA' from length(jws) - 20)", "signature does not hold"),
        ("DELETE FROM mailbox_answer", "it is missing"),
        ("UPDATE mailbox_answer SET jws = (SELECT jws FROM mailbox_order LIMIT 1)", "signature does not hold"),
        ("UPDATE journal_checkpoint SET at = at + interval '1 s'", "signature of the checkpoint"),
        ("UPDATE parties_partnerkey SET public_key = decode(repeat('11', 32), 'hex') WHERE partner = 'DEMO1'",
         "no line tells of this key"),
        ("UPDATE parties_partnerkey SET compromised_from_at = valid_from_at WHERE partner = 'DEMO1'",
         "signature does not hold"),
        ("UPDATE parties_partnerkey SET valid_from_at = valid_from_at - interval '1 year' WHERE partner = 'DEMO1'",
         "with this fingerprint and beginning"),
        ("UPDATE parties_partnerkey SET revoked_at = now() WHERE partner = 'DEMO1'", "otherwise of its revocation"),
        ("UPDATE mailbox_order SET partner_id = 'DEMO2' WHERE id IN (SELECT id FROM mailbox_order LIMIT 1)",
         "of DEMO2, which the line does not say"),
        ("UPDATE mailbox_order SET kind = 'Notice'", "kept as Notice"),
        ("UPDATE mailbox_order SET about = gen_random_uuid()", "about is kept as"),
        ("UPDATE mailbox_answer SET order_id = (SELECT max(id::text) FROM mailbox_order)::uuid", "order_id is kept as"),
        ("UPDATE mailbox_answer SET kind = 'CannotMatch'", "kept as CannotMatch"),
        ("UPDATE mailbox_answer SET digest = repeat('0', 64)", "its digest is kept otherwise"),
        ("UPDATE mailbox_order SET posted_at = posted_at - interval '1 day'", "kept as posted"),
        ("UPDATE mailbox_answer SET received_at = received_at - interval '1 day'", "kept as received at"),
        ("INSERT INTO mailbox_order (id, partner_id, kind, about, revision, state, body, jws, posted_at, fact_id)"
         " SELECT gen_random_uuid(), partner_id, kind, about, revision, state, body, jws, posted_at, gen_random_uuid()"
         " FROM mailbox_order LIMIT 1", "no line tells of it"),
    ],
)  # fmt: skip
def test_any_change_is_found(change: str, found: str) -> None:
    _as_an_intruder(change)
    assert any(found in finding for finding in _findings()), _findings()


@pytest.mark.req("S4.1")
def test_a_revocation_that_was_taken_back_by_hand_is_found() -> None:
    key_id = PartnerKey.objects.get(partner="DEMO1").key_id
    revoke_key(key_id=key_id, by="officer:1", at=NOON + 4 * SECOND, compromised_from_at=None, reason="lost")
    Sequencer(platform_key()).number(at=NOON + 5 * SECOND)
    assert _findings() == []
    _as_an_intruder("UPDATE parties_partnerkey SET revoked_at = NULL WHERE partner = 'DEMO1'")
    assert _findings() == [f"key {key_id}: the lines tell otherwise of its revocation"]


@pytest.mark.req("S4.1")
@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("INSERT INTO journal_fact (id, kind, about, by, at, data, topic)"
         " VALUES (gen_random_uuid(), 'hold:released', 'hold:1', 'officer:9', now(), '{}', '')", "in no line"),
        ("UPDATE journal_line SET topic = '' WHERE topic <> ''", "its reader does not see it"),
    ],
)  # fmt: skip
def test_a_fact_outside_the_journal_and_a_line_nobody_is_shown_are_found(change: str, found: str) -> None:
    assert list(strays.findings()) == []
    _as_an_intruder(change)
    assert any(found in each for each in strays.findings())


def test_what_waits_for_its_number_is_no_finding_and_its_signature_is_checked_all_the_same() -> None:
    post(partner="DEMO1", message=hold_order(3), at=NOON, by="officer:1")
    assert (_findings(), list(strays.findings())) == ([], [])
    _as_an_intruder(
        f"UPDATE mailbox_order SET jws = overlay(jws placing 'AAAA' from length(jws) - 20) WHERE id = '{an_id(3)}'"
    )
    assert any("signature does not hold" in each for each in _findings())


@pytest.mark.req("S4.1")
def test_a_cut_of_the_tail_is_found_with_one_earlier_head() -> None:
    kept = Checkpoint.objects.order_by("-position")[0].document()
    _as_an_intruder("DELETE FROM journal_line WHERE position > 3")
    _as_an_intruder("DELETE FROM journal_checkpoint WHERE position > 3")
    _as_an_intruder("DELETE FROM mailbox_answer")
    records = list(export())
    assert not any("tail" in finding for finding in _findings(records))
    first = next(n for n, record in enumerate(records) if "line" in record)
    with_head = [*records[:first], {"checkpoint": kept}, *records[first:]]
    assert any("its tail was cut off" in finding for finding in _findings(with_head))


def test_a_rewritten_history_does_not_fit_an_earlier_head() -> None:
    records = list(export())
    heads = [record for record in records if "checkpoint" in record]
    lines = [record["line"] for record in records if "line" in record]
    lines[0], lines[1] = lines[1], lines[0]
    assert heads
    assert len(_findings([*records[:2], *heads, *({"line": line} for line in lines)])) > 2


@pytest.mark.parametrize("spoilt", [{"line": {"entry": 5}}, {"nothing": 1}, {"checkpoint": []}, {"key": {}}])
def test_a_file_that_is_not_an_export_is_findings_not_a_crash(spoilt: dict[str, Any]) -> None:
    assert len(_findings([spoilt])) >= 1


@pytest.mark.req("S4.1")
def test_one_order_is_proved_by_itself(tmp_path: Path) -> None:
    proof = json.loads(json.dumps(proof_of(an_id(1))))
    for document in (proof["order"], *proof["answers"]):
        head = document["checkpoint"]
        check_inclusion(
            leaf=leaf_hash(document["entry"].encode()),
            index=document["position"] - 1,
            size=head["position"],
            path=[bytes.fromhex(step) for step in document["path"]],
            root=bytes.fromhex(head["root"]),
        )
    assert {key["partner"] for key in proof["keys"]} == {"THAAM", "DEMO1"}
