"""Merkle proofs and signed heads of the journal: every true proof holds, every changed one is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from thaam.wire import checkpoints as c
from wire_cast import AT, DEMO1, PLATFORM

LEAVES = [c.leaf_hash(f"line {i}".encode()) for i in range(33)]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33])
def test_every_line_is_shown_to_be_in_the_journal_and_in_no_other_place(size: int) -> None:
    leaves = LEAVES[:size]
    root = c.tree_root(leaves)
    for index, leaf in enumerate(leaves):
        path = c.inclusion_path(leaves, index)
        c.check_inclusion(leaf=leaf, index=index, size=size, path=path, root=root)
        for wrong in (
            {"leaf": c.leaf_hash(b"other")},
            {"root": c.leaf_hash(b"other")},
            {"index": index + 1},
            {"index": -1},
            {"path": [*path, leaf]},
            {"path": path[:-1]} if path else {"size": size + 1},
            {"path": [c.leaf_hash(b"x"), *path[1:]]} if path else {"path": [leaf]},
        ):
            asked = {"leaf": leaf, "index": index, "size": size, "path": path, "root": root, **wrong}
            with pytest.raises(c.BadCheckpoint):
                c.check_inclusion(**asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("second", [1, 2, 3, 5, 8, 13, 33])
def test_the_journal_only_grows(second: int) -> None:
    for first in range(second + 1):
        first_root, second_root = c.tree_root(LEAVES[:first]), c.tree_root(LEAVES[:second])
        path = c.consistency_path(LEAVES[:second], first)
        good = {
            "first": first, "first_root": first_root, "second": second, "second_root": second_root, "path": path,
        }  # fmt: skip
        c.check_consistency(**good)  # type: ignore[arg-type]
        with pytest.raises(c.BadCheckpoint):
            c.check_consistency(**{**good, "first_root": b"not a root"})  # type: ignore[arg-type]
        with pytest.raises(c.BadCheckpoint):
            c.check_consistency(**{**good, "second_root": b"not a root"})  # type: ignore[arg-type]
        if first == 0:
            continue
        other = c.tree_root([c.leaf_hash(b"changed"), *LEAVES[1:first]])
        with pytest.raises(c.BadCheckpoint):
            c.check_consistency(**{**good, "first_root": other})  # type: ignore[arg-type]
        with pytest.raises(c.BadCheckpoint):
            c.check_consistency(**{**good, "path": [*path, other]})  # type: ignore[arg-type]
    with pytest.raises(c.BadCheckpoint):
        c.check_consistency(
            first=second + 1, first_root=b"", second=second, second_root=c.tree_root(LEAVES[:second]), path=[]
        )


def test_a_head_is_signed_and_every_part_of_it_is_covered() -> None:
    head = c.sign_checkpoint(position=33, root=c.tree_root(LEAVES).hex(), at=AT, key=PLATFORM)
    key_of = {PLATFORM.key_id: PLATFORM.public, "demo1-1": DEMO1.public}.get
    c.verify_checkpoint(head, key_of)
    assert c.checkpoint_from(head.document()) == head
    changes = (
        {"position": 34}, {"root": "00" * 32}, {"at": AT.replace(year=2027)}, {"keyid": "demo1-1"},
        {"keyid": "nobody"}, {"signature": ""}, {"signature": "A" * 86}, {"signature": "é"},
    )  # fmt: skip
    for change in changes:
        with pytest.raises(c.BadCheckpoint):
            c.verify_checkpoint(replace(head, **change), key_of)  # type: ignore[arg-type]
