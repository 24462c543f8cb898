"""Near-duplicate stories: one trick told by many victims, or one complaint sent twice.

A print is 64 minima of hashed three-word groups (MinHash); stories that share one of 16 bands are compared. The print
holds no word of the story. Likeness is the share of equal minima, an estimate of the share of common word groups.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass

import numpy as np

from thaam.complaints.models import Complaint
from thaam.prevention.models import StoryBand, StoryPrint
from thaam.suspects.folding import in_latin

MINIMA, BANDS = 64, 16
GROUP = 3
FEWEST_WORDS = 12
ALIKE = 0.5
_PRIME = (1 << 61) - 1
_RANDOM = np.random.default_rng(20261125)
_A = _RANDOM.integers(1, 1 << 31, MINIMA, dtype=np.int64).astype(object)
_B = _RANDOM.integers(0, 1 << 31, MINIMA, dtype=np.int64).astype(object)


@dataclass(frozen=True, slots=True)
class Alike:
    """Another complaint whose story is told in nearly the same words: likeness 0..1."""

    complaint: Complaint
    likeness: float


def minima_of(story: str) -> list[int]:
    """The print of a story; empty when it has too few words to be compared."""
    words = _words(story)
    if len(words) < FEWEST_WORDS:
        return []
    groups = {" ".join(words[place : place + GROUP]) for place in range(len(words) - GROUP + 1)}
    hashes = [int.from_bytes(hashlib.blake2b(each.encode(), digest_size=7).digest()) for each in groups]
    return [min((int(a) * each + int(b)) % _PRIME for each in hashes) for a, b in zip(_A, _B, strict=True)]


def bands_of(minima: list[int]) -> list[str]:
    """Keys under which a print is found again."""
    rows = MINIMA // BANDS
    return [
        hashlib.blake2b(f"{band}:{minima[band * rows : (band + 1) * rows]}".encode(), digest_size=12).hexdigest()
        for band in range(BANDS if minima else 0)
    ]


def likeness(one: list[int], other: list[int]) -> float:
    """Estimated share of common word groups, 0..1."""
    if not one or not other:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / MINIMA


def print_story(*, complaint: Complaint, at: dt.datetime) -> StoryPrint:
    """Keep the print of a complaint's story, once. Runs in the caller's transaction."""
    known = StoryPrint.objects.filter(complaint=complaint).first()
    if known is not None:
        return known
    minima = minima_of(complaint.story)
    made = StoryPrint.objects.create(
        complaint=complaint, minima=minima, bands=bands_of(minima), words=len(_words(complaint.story)), at=at
    )
    StoryBand.objects.bulk_create(StoryBand(band=band, print=made) for band in made.bands)
    return made


def alike(complaint: Complaint, *, most: int = 20) -> list[Alike]:
    """Complaints told in nearly the same words, likest first; empty when this one is too short to compare."""
    mine = StoryPrint.objects.filter(complaint=complaint).first()
    if mine is None or not mine.minima:
        return []
    near = StoryPrint.objects.filter(
        pk__in=StoryBand.objects.filter(band__in=mine.bands).exclude(print=mine).values("print_id")
    ).select_related("complaint")[:500]
    found = [Alike(each.complaint, round(likeness(mine.minima, each.minima), 2)) for each in near]
    return sorted(
        (each for each in found if each.likeness >= ALIKE), key=lambda each: (-each.likeness, each.complaint.number)
    )[:most]


def _words(story: str) -> list[str]:
    # sums, numbers and names of places vary between victims of one script: digits are left out
    return re.findall(r"[a-z]{2,}", in_latin(story.casefold()))
