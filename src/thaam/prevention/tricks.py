"""The list of tricks, and which three a story sounds like, with the words that say so. It never decides.

Two signals: phrases of the list found in the story (each is shown as a reason), and the likeness of letter groups
between story and phrases, which bridges spellings. Both work on one folded spelling, so that Hindi, English and Hindi
in Latin letters meet.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from thaam.language.text import Text
from thaam.suspects.folding import in_latin

GRAM = 4
SHOWN = 3
LEAST = 0.25
"""Below this a trick is not suggested at all: no suggestion is better than a wrong one."""


class UnknownTrick(LookupError):
    """No trick of the list has this code."""

    text = Text("सूची में से एक तरीका चुनें।", "Choose a trick from the list.")


_SOUNDS = (
    ("aa", "a"), ("ee", "i"), ("oo", "u"), ("ph", "f"), ("w", "v"), ("q", "k"), ("z", "j"), ("x", "ks"), ("ck", "k"),
    ("f", "p"), ("y", "i"), ("sh", "s"), ("e", "i"), ("o", "u"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trick:
    """One way of cheating: its code, group, words in both languages and the phrases that speak for it."""

    code: str
    group: str
    group_text: Text
    text: Text
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A trick a story sounds like: how much (0..1) and the story's own words that say so."""

    trick: Trick
    likeness: float
    reasons: tuple[str, ...]


@cache
def tricks() -> dict[str, Trick]:
    """The whole list by code, in the order of the file."""
    groups = tomllib.loads(files(__package__).joinpath("modus.toml").read_text(encoding="utf-8"))["group"]
    return {
        method["code"]: Trick(
            method["code"], group["code"], Text(group["hi"], group["en"]), Text(method["hi"], method["en"]),
            tuple(method["says"]),
        )
        for group in groups
        for method in group["method"]
    }  # fmt: skip


def trick_of(code: str) -> Trick:
    """Raises UnknownTrick."""
    try:
        return tricks()[code]
    except KeyError:
        raise UnknownTrick(code) from None


def suggest(story: str, *, most: int = SHOWN) -> list[Suggested]:
    """The likeliest tricks of a story, best first, at most three; an empty list when nothing speaks."""
    folded = _fold(story)
    if not folded.strip():
        return []
    grams = _weighed(_grams(folded))
    found = []
    for code, trick in tricks().items():
        reasons = tuple(phrase for phrase in trick.says if _said(_fold(phrase), folded))
        likeness = 0.55 * (1 - 0.45 ** len({_fold(reason) for reason in reasons})) + 0.45 * min(
            1.0, 4 * _cosine(grams, _model()[code])
        )
        if likeness >= LEAST:
            found.append(Suggested(trick, round(likeness, 3), reasons))
    found.sort(key=lambda each: (-each.likeness, each.trick.code))
    return found[:most]


def _said(phrase: str, story: str) -> bool:
    """Whether a phrase is in the story: its words near each other, in any order, endings left out."""
    words = phrase.split()
    if len(words) == 1:
        ending = "" if len(words[0]) > 4 else r"\b"
        return re.search(rf"\b{re.escape(words[0])}{ending}", story) is not None
    places = [[hit.start() for hit in re.finditer(rf"\b{re.escape(word[:5])}", story)] for word in words]
    if not all(places):
        return False
    return any(all(any(abs(one - start) <= 30 for one in more) for more in places[1:]) for start in places[0])


def _fold(words: str) -> str:
    latin = in_latin(words.casefold())
    latin = re.sub(r"[^a-z0-9 ]+", " ", latin)
    for long, short in _SOUNDS:
        latin = latin.replace(long, short)
    latin = re.sub(r"(?<=[bcdgjkprst])h", "", latin)
    return re.sub(r"\s+", " ", re.sub(r"([a-z])\1", r"\1", latin)).strip()


def _grams(folded: str) -> Counter[str]:
    padded = f" {folded} "
    return Counter(padded[place : place + GRAM] for place in range(max(0, len(padded) - GRAM + 1)))


def _weighed(grams: Counter[str]) -> dict[str, float]:
    rare = _rarity()
    weighed = {gram: (1 + math.log(count)) * rare[gram] for gram, count in grams.items() if gram in rare}
    length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
    return {gram: value / length for gram, value in weighed.items()}


@cache
def _rarity() -> dict[str, float]:
    seen: Counter[str] = Counter()
    for trick in tricks().values():
        seen.update(set(_grams(_fold(" ".join((*trick.says, trick.text.hi, trick.text.en))))))
    return {gram: math.log(1 + len(tricks()) / count) for gram, count in seen.items()}


@cache
def _model() -> dict[str, dict[str, float]]:
    return {
        code: _weighed(_grams(_fold(" ".join((*trick.says, trick.text.hi, trick.text.en)))))
        for code, trick in tricks().items()
    }


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(value * other.get(gram, 0.0) for gram, value in one.items())
