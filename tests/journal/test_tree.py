"""The growing tree and its stored tiles give the roots and proofs of the plain definition."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.journal import tree
from thaam.wire import checkpoints

LEAVES = [hashlib.sha256(str(n).encode()).digest() for n in range(700)]


def _grown(size: int) -> tuple[tree.Growing, dict[tuple[int, int], bytes]]:
    growing, tiles = tree.Growing(), {}
    for leaf in LEAVES[:size]:
        tiles.update({(level, number): root for level, number, root in growing.add(leaf)})
    return growing, tiles


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 511, 512, 700])
def test_the_growing_root_is_the_root(size: int) -> None:
    growing, tiles = _grown(size)
    assert growing.root() == checkpoints.tree_root(LEAVES[:size])
    assert len(tiles) == size // 256


@given(st.integers(1, 700), st.data())
def test_every_path_leads_to_the_root(size: int, data: st.DataObject) -> None:
    _, tiles = _grown(size)
    root_of = lambda lo, hi: tree.root_of_range(lo, hi, lambda a, b: LEAVES[a:b], lambda *at: tiles.get(at))  # noqa: E731
    root = checkpoints.tree_root(LEAVES[:size])
    index = data.draw(st.integers(0, size - 1))
    path = tree.inclusion(index, size, root_of)
    checkpoints.check_inclusion(leaf=LEAVES[index], index=index, size=size, path=path, root=root)
    first = data.draw(st.integers(0, size))
    checkpoints.check_consistency(
        first=first,
        first_root=checkpoints.tree_root(LEAVES[:first]),
        second=size,
        second_root=root,
        path=tree.consistency(first, size, root_of),
    )
