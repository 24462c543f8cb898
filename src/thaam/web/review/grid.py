"""Where each district of Chhattisgarh stands in the tile map: equal squares, neighbours near each other.

Another state without a grid of its own is drawn as rows of eight, in the order of names.
"""

from __future__ import annotations

from thaam.parties.districts import districts

# LGD code: (row, column)
CHHATTISGARH = {
    760: (0, 2), 384: (0, 3), 648: (0, 4), 649: (0, 5),
    734: (1, 2), 383: (1, 3), 389: (1, 4), 380: (1, 5),
    382: (2, 0), 647: (2, 1), 375: (2, 2), 379: (2, 3), 762: (2, 4), 386: (2, 5),
    759: (3, 0), 650: (3, 1), 644: (3, 2), 763: (3, 3),
    388: (4, 0), 378: (4, 1), 387: (4, 2), 385: (4, 3),
    761: (5, 0), 646: (5, 1), 377: (5, 2), 645: (5, 3),
    381: (6, 1), 643: (6, 2),
    637: (7, 1), 374: (7, 2),
    636: (8, 0), 376: (8, 1), 642: (8, 2),
}  # fmt: skip
_GRIDS = {22: CHHATTISGARH}


def place_of(state_code: int | None) -> dict[int, tuple[int, int]]:
    """Row and column of every district of a state; empty without a state."""
    if state_code in _GRIDS:
        return _GRIDS[state_code]
    codes = sorted((d.name_en, code) for code, d in districts().items() if d.state_code == state_code)
    return {code: divmod(n, 8) for n, (_, code) in enumerate(codes)}
