"""A bank's own model: calibrated, rising, and it tells when a ledger has moved."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.cli.main import main
from thaam.postings.mules.ledger import read_ledger
from thaam.postings.mules.own import TooFewCases, calibrated, drift, grow_own, rising_steps


@given(st.lists(st.tuples(st.floats(-5, 5), st.booleans()), min_size=1, max_size=60))
def test_probabilities_rise_with_the_score_and_keep_the_base_rate(rows):
    score = np.array([row[0] for row in rows])
    label = np.array([int(row[1]) for row in rows])
    steps = rising_steps(score, label)
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    if len(set(score)) == len(score):
        assert calibrated(steps, score).mean() == pytest.approx(label.mean())


@pytest.mark.req("S2.4")
def test_a_model_on_a_banks_own_cases_is_calibrated_and_tells_of_drift(tmp_path):
    pytest.importorskip("lightgbm")
    assert main(["world", "--transactions", "20000", "--banks", "3", "--seed", "3", "--out", str(tmp_path)]) == 0
    cases = {
        (row["bank"], row["account"])
        for row in csv.DictReader((tmp_path / "roles.csv").open())
        if row["role"] == "mule"
    }
    ledger = read_ledger(tmp_path / "postings.parquet", accounts=None, as_of=None)
    own = grow_own(ledger, cases)
    assert own.card["confirmed"] == len(cases)
    assert own.card["mean_probability"] == pytest.approx(own.card["base_rate"], abs=0.01)
    assert own.card["brier"] < own.card["base_rate"] * (1 - own.card["base_rate"])
    assert max(drift(own, ledger).values()) < 0.01
    ledger.paise[:] = 100_000
    moved = drift(own, ledger)
    assert moved["out_of_line"] > 0.25
    with pytest.raises(TooFewCases):
        grow_own(ledger, set(list(cases)[:5]))
