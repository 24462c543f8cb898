"""The journal's Merkle tree (RFC 6962) kept as it grows, and read in parts for proofs.

`Growing` remembers only the roots of complete subtrees, so adding a line costs two hashes on average however long the
journal is. Every complete subtree of 256, 256², ... leaves is stored as a tile; a proof then reads a few hundred
rows, never all leaves.
"""

from __future__ import annotations

from collections.abc import Callable

from thaam.wire.checkpoints import EMPTY_ROOT, node_hash, tree_root

# Leaves of a tile, in bits: a tile of level n covers 256**n leaves.
TILE_BITS = 8
TILE = 1 << TILE_BITS

RootOf = Callable[[int, int], bytes]


class Growing:
    """The right edge of the tree: `size` leaves, the roots of its complete subtrees from big to small."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Append a leaf hash; returns the tiles completed by it as (level, number, root)."""
        height, root = 0, leaf
        self.size += 1
        tiles = []
        while self._edge and self._edge[-1][0] == height:
            root = node_hash(self._edge.pop()[1], root)
            height += 1
            if height % TILE_BITS == 0:
                tiles.append((height // TILE_BITS, (self.size >> height) - 1, root))
        self._edge.append((height, root))
        return tiles

    def add_tile(self, level: int, root: bytes) -> None:
        """Append a whole stored tile, when the edge is rebuilt; the size must be a multiple of its leaves."""
        height = level * TILE_BITS
        self.size += 1 << height
        while self._edge and self._edge[-1][0] == height:
            root = node_hash(self._edge.pop()[1], root)
            height += 1
        self._edge.append((height, root))

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self._edge:
            return bytes.fromhex(EMPTY_ROOT)
        found = self._edge[-1][1]
        for _, left in reversed(self._edge[:-1]):
            found = node_hash(left, found)
        return found


def root_of_range(
    lo: int, hi: int, leaves: Callable[[int, int], list[bytes]], tile: Callable[[int, int], bytes | None]
) -> bytes:
    """The root of leaves [lo, hi), a subtree of the tree (its length a power of two, or the right edge)."""
    length = hi - lo
    if length <= TILE:
        return tree_root(leaves(lo, hi))
    height = length.bit_length() - 1
    if length == 1 << height and height % TILE_BITS == 0 and (found := tile(height // TILE_BITS, lo >> height)):
        return found
    half = 1 << ((length - 1).bit_length() - 1)
    return node_hash(root_of_range(lo, lo + half, leaves, tile), root_of_range(lo + half, hi, leaves, tile))


def inclusion(index: int, size: int, root_of: RootOf) -> list[bytes]:
    """The audit path of leaf `index` in the first `size` leaves, nearest sibling first (RFC 6962 2.1.1)."""
    path: list[bytes] = []
    lo, hi = 0, size
    while hi - lo > 1:
        middle = lo + (1 << ((hi - lo - 1).bit_length() - 1))
        if index < middle:
            path.append(root_of(middle, hi))
            hi = middle
        else:
            path.append(root_of(lo, middle))
            lo = middle
    return path[::-1]


def consistency(first: int, second: int, root_of: RootOf) -> list[bytes]:
    """The proof that the first `first` leaves are the beginning of the first `second` (RFC 6962 2.1.2)."""
    if first in (0, second):
        return []
    path: list[bytes] = []
    lo, hi, whole = 0, second, True
    while hi - lo > 1 and hi != first:
        middle = lo + (1 << ((hi - lo - 1).bit_length() - 1))
        if first <= middle:
            path.append(root_of(middle, hi))
            hi = middle
        else:
            path.append(root_of(lo, middle))
            lo, whole = middle, False
    return [*([] if whole else [root_of(lo, hi)]), *path[::-1]]
