import os, pytest
from lives import prove_a_life

SEEDS = [int(s) for s in os.environ.get("TRY", "1").split(",")]


@pytest.mark.parametrize("seed", SEEDS)
def test_try(transactional_db, tmp_path, settings, seed):
    settings.DRILL = True
    import lives

    lives.ACTS = int(os.environ.get("ACTS", "1"))
    lives.TOGETHER = int(os.environ.get("TOGETHER", "50"))
    prove_a_life(tmp_path, seed, complaints=int(os.environ.get("N", "100")))
