"""A world for every story: see worlds.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from worlds import World, a_world


@pytest.fixture
def world(db: None, tmp_path: Path) -> Iterator[World]:
    """Banks A, B, C and D, each with its node, and nobody in them yet; rolled back in the end."""
    with a_world(tmp_path) as made:
        yield made
