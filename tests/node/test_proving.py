"""Once a day the platform proves that all it signed before is the beginning of what it signs now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from node.conftest import World
from thaam.node.checking import PlatformWentBack
from thaam.node.proving import prove_if_due
from thaam.wire import keys
from thaam.wire.checkpoints import Checkpoint, consistency_path, leaf_hash, sign_checkpoint, tree_root
from thaam.wire.client import Unreachable

KEY = keys.generate()
DAY = timedelta(days=1)


class Journal:
    """A platform's journal, of which some lines may be written anew behind everybody's back."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.leaves: list[bytes] = []
        self.asked: list[int] = []

    def grow(self, lines: int) -> Checkpoint:
        self.leaves += [leaf_hash(f"line {len(self.leaves) + n}".encode()) for n in range(lines)]
        return self.head()

    def head(self) -> Checkpoint:
        return sign_checkpoint(position=len(self.leaves), root=tree_root(self.leaves).hex(), at=self.clock(), key=KEY)

    def head_since(self, first: int) -> tuple[Checkpoint, tuple[bytes, ...]]:
        self.asked.append(first)
        return self.head(), tuple(consistency_path(self.leaves, first))


@pytest.fixture
def seen(world: World) -> tuple[Any, Journal]:
    """A node that has seen three heads of a journal, and the journal grown by two lines since."""
    journal = Journal(world.clock)
    node = world.until_quiet()
    for lines in (3, 4, 6):
        node.parts.records.keep_head(journal.grow(lines))
    journal.grow(2)
    prove(node, journal)  # the first day begins
    return node, journal


def prove(node: Any, journal: Any, *, draw: int = 1, later: timedelta = timedelta(0)) -> int:
    return prove_if_due(node.parts, journal, random=draw.to_bytes, at=node.now() + later)


def test_the_first_the_last_and_one_by_chance_are_proven_once_a_day(seen: tuple[Any, Journal]) -> None:
    node, journal = seen
    assert prove(node, journal, later=DAY - timedelta(seconds=1)) == 0
    assert prove(node, journal, later=DAY) == 3
    assert journal.asked == [3, 7, 13]
    assert prove(node, journal, later=DAY + timedelta(hours=1)) == 0
    assert node.parts.records.last_checkpoint() == (15, journal.head().root), "what was proven is kept"


@pytest.mark.parametrize("line", [0, 4, 8])
def test_a_line_written_anew_before_any_of_them_stops_the_node(seen: tuple[Any, Journal], line: int) -> None:
    node, journal = seen
    journal.leaves[line] = leaf_hash(b"another history")
    journal.grow(9)
    with pytest.raises(PlatformWentBack, match="does not begin with what was signed at"):
        prove(node, journal, later=DAY)


def test_a_head_that_only_this_bank_was_shown_is_found_by_chance(seen: tuple[Any, Journal]) -> None:
    node, journal = seen
    shown = sign_checkpoint(position=9, root="ab" * 32, at=node.now(), key=KEY)
    node.parts.records.keep_head(shown)
    assert prove(node, journal, draw=1, later=DAY) == 3
    with pytest.raises(PlatformWentBack, match="signed at 9"):
        prove(node, journal, draw=2, later=2 * DAY)


def test_a_platform_that_does_not_answer_is_asked_again_in_a_minute(seen: tuple[Any, Journal]) -> None:
    node, journal = seen

    class Silent:
        def head_since(self, first: int) -> Any:
            raise Unreachable(str(first))

    with pytest.raises(Unreachable):
        prove(node, Silent(), later=DAY)
    assert prove(node, journal, later=DAY + timedelta(seconds=59)) == 0
    assert prove(node, journal, later=DAY + timedelta(seconds=60)) == 3


def test_a_node_that_has_seen_no_head_asks_for_nothing(world: World) -> None:
    node, journal = world.until_quiet(), Journal(world.clock)
    prove(node, journal)
    assert prove(node, journal, later=DAY) == 0
    assert journal.asked == []
