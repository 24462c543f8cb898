"""Looking up many identifiers inside a bank without asking us: a sorted file of digests, mapped into memory.

The file holds the first 16 bytes of each listed identifier's digest and one byte of level. Deltas between versions
are applied by the bank; the root over the whole list tells whether the copy is right. False positives: with a million
entries about 1 in 10^32 by chance. Freshness: as of the version's time; a delisting counts with the next delta, so a
bank that refuses somebody asks the API once more first.
"""

from __future__ import annotations

import hashlib
import mmap
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DIGEST = 16
ENTRY = DIGEST + 1
MAGIC = b"THAAMSUSPECT1\n"


class WrongCopy(Exception):
    """The list does not have the root it should have: ask for the whole snapshot."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What turns one version of the list into another. Entries are DIGEST bytes and a level byte."""

    from_version: int
    to_version: int
    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]
    root: str


def entry_of(digest: bytes, level: int) -> bytes:
    """One line of the list."""
    return digest[:DIGEST] + bytes([level])


def root_of(entries: Sequence[bytes]) -> str:
    """SHA-256 over the sorted list: both sides compare it."""
    return hashlib.sha256(b"".join(entries)).hexdigest()


def delta_between(old: Iterable[bytes], new: Iterable[bytes], *, from_version: int, to_version: int) -> Delta:
    """The smallest delta; a changed level is a removal and an addition."""
    before, after = set(old), set(new)
    return Delta(
        from_version, to_version, tuple(sorted(before - after)), tuple(sorted(after - before)), root_of(sorted(after))
    )


def apply_delta(entries: Iterable[bytes], delta: Delta) -> list[bytes]:
    """The list of the later version. Raises WrongCopy when the result has not the delta's root."""
    held = set(entries)
    held.difference_update(delta.removed)
    held.update(delta.added)
    found = sorted(held)
    if root_of(found) != delta.root:
        raise WrongCopy(delta.root)
    return found


def write_list(entries: Iterable[bytes], path: Path) -> None:
    """Write the sorted list so that `Screen` can map it; replaces the file in one step."""
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.write_bytes(MAGIC + b"".join(sorted(entries)))
    fresh.replace(path)


@dataclass(frozen=True, slots=True)
class Columns:
    """Digests in two halves, their levels, and where the entries begin whose first `bits` bits are 0, 1, 2 ..."""

    heads: Any
    tails: Any
    levels: Any
    bits: int
    begins: Any


def _halves(digests: Sequence[bytes]) -> Any:
    """First and second eight bytes of each digest; 32 bytes each are taken as they are, which is twice as fast."""
    import numpy as np

    if set(map(len, digests)) == {32}:
        return np.frombuffer(b"".join(digests), dtype=">u8").reshape(-1, 4)
    return np.frombuffer(b"".join([digest[:DIGEST] for digest in digests]), dtype=">u8").reshape(-1, 2)


class Screen:
    """A mapped list. `level_of` answers one digest; `levels_of` many at once (numpy, over a million a second)."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise WrongCopy(f"{path} is not a list of suspects")
            file.seek(0, 2)
            size = file.tell() - len(MAGIC)
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if size % ENTRY:
            raise WrongCopy(f"{path} is cut short")
        self._many = size // ENTRY
        self._arrays: Columns | None = None

    def __len__(self) -> int:
        return self._many

    def level_of(self, digest: bytes) -> int:
        """The level byte of a listed identifier, 0 when it is not listed."""
        wanted = digest[:DIGEST]
        place = bisect_left(range(self._many), wanted, key=self._digest)
        if place < self._many and self._digest(place) == wanted:
            return self._map[len(MAGIC) + place * ENTRY + DIGEST]
        return 0

    def levels_of(self, digests: Sequence[bytes]) -> list[int]:
        """Levels of many digests: each goes straight to the few entries that begin with the same bits."""
        import numpy as np

        if not digests or not self._many:
            return [0] * len(digests)
        columns = self._columns()
        asked = _halves(digests)
        wanted, rest = asked[:, 0].astype(np.uint64), asked[:, 1]
        top = (wanted >> np.uint64(64 - columns.bits)).astype(np.int64)
        place, end = columns.begins[top], columns.begins[top + 1]
        found = np.zeros(len(wanted), dtype=np.uint8)
        asking = np.flatnonzero(place < end)
        place, end, wanted = place[asking], end[asking], wanted[asking]
        while len(asking):
            same = np.flatnonzero(columns.heads[place] == wanted)
            same = same[columns.tails[place[same]] == rest[asking[same]]]
            found[asking[same]] = columns.levels[place[same]]
            place += 1
            left = place < end
            asking, place, end, wanted = asking[left], place[left], end[left], wanted[left]
        levels: list[int] = found.tolist()
        return levels

    def _columns(self) -> Columns:
        """The list as arrays, made at the first question of many."""
        if self._arrays is None:
            import numpy as np

            table = np.frombuffer(self._map, dtype=np.uint8, offset=len(MAGIC)).reshape(self._many, ENTRY)
            halves = np.ascontiguousarray(table[:, :DIGEST]).view(">u8").astype(np.uint64)
            heads = np.ascontiguousarray(halves[:, 0])
            bits = min(max(self._many.bit_length(), 1), 28)
            first = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
            begins = np.r_[np.searchsorted(heads, first), self._many].astype(np.int32)
            self._arrays = Columns(heads, np.ascontiguousarray(halves[:, 1]), table[:, DIGEST].copy(), bits, begins)
        return self._arrays

    def _digest(self, place: int) -> bytes:
        start = len(MAGIC) + place * ENTRY
        return self._map[start : start + DIGEST]
