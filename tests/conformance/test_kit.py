"""The kit finds nothing wrong with a bank written from the guide, and names the rule that a wrong one breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.small_bank import SmallBank
from thaam.wire import codec, jws, keys
from thaam.wire.client import BankClient, Receipt
from thaam.wire.conformance import rules
from thaam.wire.conformance.holdcases import CASES
from thaam.wire.conformance.platform import KitPlatform
from thaam.wire.conformance.running import Verdict, run_all
from thaam.wire.messages import Acknowledged
from wire_cast import AT, HOLD, uid

ALL = [*(case.id for case in CASES), *rules.RULES, *rules.DOOR_RULES]
# Several cases are broken by one and the same mistake; the rest are each spoilt by name.
MISTAKE = {
    "hold-two-debits-summed": "fifo",
    "hold-newest-spent-first": "fifo",
    "hold-dip-below": "fifo",
    "freeze-to-hold": "hold-payee-side",
}
# A door rule is judged over a run: these cases make the bank say enough.
SPEAKS = {"same-id-same-content": "receipt-lost", "nonce-fresh": "hold-two-debits-summed"}


def judged(bank: SmallBank, *only: str, patience: float, brief: float) -> dict[str, Verdict]:
    platform = KitPlatform()
    try:
        verdicts = run_all(
            harness=bank, platform=platform, address=platform.start(), patience=patience, brief=brief, only=only
        )
    finally:
        bank.close()
        platform.close()
    return {verdict.id: verdict for verdict in verdicts}


@pytest.mark.req("S1.7", "S1.16")
def test_a_bank_written_from_the_guide_keeps_every_rule() -> None:
    verdicts = judged(SmallBank(), patience=120, brief=6.0)
    assert {name: verdict.why for name, verdict in verdicts.items() if not verdict.ok} == {}
    assert list(verdicts) == ALL


@pytest.mark.parametrize("name", ALL)
def test_a_bank_that_breaks_a_rule_is_caught_and_the_rule_is_named(name: str) -> None:
    wrong = MISTAKE.get(name, name)
    speaks = SPEAKS.get(name, "hold-payee-side") if name in rules.DOOR_RULES else name
    # What a bank must not do is seen once it does it: on a busy machine that may need more than the least patience.
    for patience, brief in ((1.2, 0.5), (15.0, 4.0), (120.0, 40.0)):
        verdicts = judged(SmallBank(wrong), name, speaks, patience=patience, brief=brief)
        if not verdicts[name].ok:
            break
    assert not verdicts[name].ok, f"a bank wrong about {wrong} passed {name}"
    assert verdicts[name].why


@pytest.fixture
def platform() -> Iterator[KitPlatform]:
    found = KitPlatform()
    yield found
    found.close()


def test_messages_sent_together_are_judged_one_by_one(platform: KitPlatform) -> None:
    """What a bank sends in one request breaks no rule by that, and each message keeps or breaks them by itself."""
    url, key = platform.start(), keys.generate()
    platform.bank_keys = {key.key_id: key.public}
    platform.post(HOLD)
    client = BankClient(url, "DEMO1", key, {platform.key.key_id: platform.key.public})
    bodies = [codec.encode(Acknowledged(uid(500 + number), HOLD.id, AT)) for number in range(3)]
    kept = [(body, jws.sign_detached(body, key)) for body in bodies]
    try:
        outcomes = client.send_together([kept[0], (kept[1][0], kept[2][1]), kept[2]])
    finally:
        client.close()
    assert [isinstance(each, Receipt) for each in outcomes] == [True, False, True]
    assert [rule for rule, _ in platform.breaches] == ["answer-evidence"]
    assert list(platform.kept) == [uid(500), uid(502)]
