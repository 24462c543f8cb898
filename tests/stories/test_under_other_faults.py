"""The even half of the lives under faults: see test_under_faults.py."""

import pytest

from busy_lives import kind_of
from lives import marks_of, prove_a_life

SEEDS = range(2, 41, 2)


@pytest.mark.req("S0.8", "S1.7")
@pytest.mark.parametrize("seed", [pytest.param(seed, marks=marks_of(seed)) for seed in SEEDS])
def test_nothing_is_lost_and_nothing_held_twice_in_the_other_half(transactional_db, tmp_path, settings, seed):
    settings.DRILL = True
    prove_a_life(tmp_path, seed, complaints=500, kind=kind_of(seed))
