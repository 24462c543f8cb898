"""A sentence in both languages, written where it is used.

Hindi is the first language, English the second. Keeping the pair in one place means that a
string cannot exist in one language only, and a native reader can judge both side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["hi", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence, both languages; `{name}` places are filled by `in_`."""

    hi: str
    en: str

    def in_(self, lang: str, **values: object) -> str:
        """The sentence in `lang` ("en", anything else is Hindi) with its places filled."""
        sentence = self.en if lang == "en" else self.hi
        return sentence.format(**values) if values else sentence
