"""Thousands of hours under faults: requests lost, doubled, belated, nodes and loops killed; nothing lost or twice.

Twenty lives of five hundred complaints, ten thousand in all: the odd seeds here, the even ones in the file beside, so
that both cores have theirs. In two of them people meddle and banks lie (busy_lives.py), as in all of the twenty more
that run with `--long`.
"""

import pytest

from busy_lives import BusyLife, kind_of
from lives import live_through, marks_of, prove_a_life
from simulation import fate
from thaam.journal.models import Line
from worlds import a_world

SEEDS = range(1, 41, 2)


@pytest.mark.req("S0.8", "S1.7")
@pytest.mark.parametrize("seed", [pytest.param(seed, marks=marks_of(seed)) for seed in SEEDS])
def test_nothing_is_lost_and_nothing_held_twice_whatever_fails(transactional_db, tmp_path, settings, seed):
    settings.DRILL = True
    prove_a_life(tmp_path, seed, complaints=500, kind=kind_of(seed))


def test_a_seed_replays(transactional_db, tmp_path, settings, emptied):
    settings.DRILL = True
    heads = []
    for run in ("once", "again"):
        emptied()  # numbers of rows begin anew
        (tmp_path / run).mkdir()
        # The world's own first facts have ids too; from the life's seed they would be the same ids a second time.
        with fate(70), a_world(tmp_path / run) as world:
            life = live_through(world, 7, 40, BusyLife)
            assert life.simulation.killed and life.simulation.faults and life.meddler.acts
            head = Line.objects.order_by("-position").first()
            heads.append((head.position, bytes(head.leaf)))
    assert heads[0] == heads[1], "two runs of one seed wrote different journals"
