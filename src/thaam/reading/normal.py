"""One alphabet for all messages, with the way back: every character of the normalised text knows the
character of the original it came from, so that a page can highlight what was read."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LONGEST = 2_000
"""Characters looked at. A joined SMS has at most 1,530; what comes after is not a bank's message."""

_PLAIN = {
    "\r": "", "\t": " ", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n",
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-",
    "’": "'", "‘": "'", "“": '"', "”": '"',
    "•": "*", "●": "*", "∙": "*", "·": "*", "▪": "*", "×": "x", "।": ". ", "／": "/",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Normal:
    """Normalised text; `origin[i]` is the index in the original of its i-th character."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the original message behind `text[start:end]`."""
        if start >= end:
            return (self.origin[start], self.origin[start])
        return (self.origin[start], self.origin[end - 1] + 1)


def normalise(message: str) -> Normal:
    """Digits of every Indian script become 0-9, full-width letters plain, odd spaces and dashes ordinary,
    runs of spaces one, invisible characters vanish. Line breaks stay: they end names in several banks' messages."""
    letters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(message[:LONGEST]):
        for letter in _plain(character):
            if letter == " " and letters and letters[-1] == " ":
                continue
            letters.append(letter)
            origin.append(index)
    origin.append(min(len(message), LONGEST))
    return Normal("".join(letters), tuple(origin))


def _plain(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    if character == "\n" or " " <= character <= "~":
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category in ("Cf", "Cc", "Cs"):
        return ""
    if category == "Zs":
        return " "
    return unicodedata.normalize("NFKC", character)
