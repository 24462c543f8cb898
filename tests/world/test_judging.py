"""Comparing a trace with the truth."""

from thaam.world.judging import Truth, fidelity, judge

TRUTH = Truth(
    carried={("C1", "a"): 100, ("C1", "b"): 60, ("C2", "c"): 50},
    roles={("DEMO1", "m"): "mule"},
    false_claims=frozenset(["C2"]),
)


def answer(claim: str, payments: dict[str, int], held: dict[str, int], terminal: int = 0) -> dict:
    claimed = sum(held.values()) + terminal
    return {
        "claim_id": claim,
        "totals": {"claimed": claimed, "held": sum(held.values()), "terminal": terminal, "unknown": 0},
        "payments": [{"tx_ref": name, "lo": 0, "hi": paise, "hop": 1} for name, paise in payments.items()],
        "held": [{"bank": "DEMO1", "account": name, "lo": 0, "hi": paise} for name, paise in held.items()],
    }


def test_a_payment_of_somebody_else_lowers_fidelity():
    assert fidelity({("C1", "a"): 100, ("C1", "x"): 100}, TRUTH.carried) == 0.5


def test_nothing_traced_has_no_fidelity():
    assert fidelity({}, TRUTH.carried) is None


def test_held_on_a_person_is_held_on_an_innocent():
    quality = judge([answer("C1", {"a": 100}, {"m": 70, "p": 30})], TRUTH)
    assert (quality.on_mules, quality.on_innocents) == (0.7, 0.3)
    assert quality.fidelity == 1.0
    assert quality.recall == 100 / 210


def test_a_false_claim_is_not_asked_whose_chain_it_is():
    quality = judge([answer("C2", {"x": 50}, {"p": 50})], TRUTH)
    assert quality.fidelity is None
    assert quality.on_innocents == 1.0
