"""Which trick a story tells of (S0.11, S2.5): read from its words, the first line of modus.toml that fits, or none."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from thaam.language.text import Text

NOT_TOLD = Text(hi="तरीका नहीं बताया", en="Trick not told")


@dataclass(frozen=True, slots=True)
class Modus:
    """One way of cheating, with the words that point to it."""

    code: str
    text: Text
    words: tuple[str, ...]


@cache
def modus_list() -> dict[str, Modus]:
    """Every trick by its code, in the order in which they are tried."""
    rows = tomllib.loads(files(__package__).joinpath("modus.toml").read_text(encoding="utf-8"))["modus"]
    return {
        row["code"]: Modus(row["code"], Text(hi=row["hi"], en=row["en"]), tuple(_folded(word) for word in row["words"]))
        for row in rows
    }


def modus_of(story: str) -> str:
    """The code of the trick, or "" when no word of it is told."""
    text = f" {_folded(story)} "
    for modus in modus_list().values():
        if any(_stands_in(word, text) for word in modus.words):
            return modus.code
    return ""


def modus_name(code: str) -> Text:
    """Its name in both languages."""
    found = modus_list().get(code)
    return found.text if found else NOT_TOLD


def _stands_in(word: str, text: str) -> bool:
    # a short Latin word must stand alone: "sim" is not in "simple"
    return f" {word} " in text if word.isascii() and len(word) <= 4 else word in text


def _folded(text: str) -> str:
    spelled = unicodedata.normalize("NFC", text.casefold())
    return " ".join(
        "".join(sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in spelled).split()
    )
