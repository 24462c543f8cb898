"""The money of a debit as a page shows it: the eight states as words, glyphs and textures, in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from thaam.language.text import Text


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a money bar and its row: `texture` is the class of the bar, `glyph` the shape of the row."""

    state: str
    paise: int
    word: Text
    glyph: str
    texture: str
    detail: Text | None = None


# Held comes first: it is what a person looks for. Unexplained is shown even when it is zero.
STATES: tuple[tuple[str, Text, str, str], ...] = (
    ("held", Text("रुका", "Held"), "held", "held"),
    ("restored", Text("आपको लौटाया गया", "Returned to you"), "done", "back"),
    ("returned", Text("बैंक से लौट आया", "Sent back by the bank"), "done", "back"),
    ("asked", Text("खोज जारी, बैंक का जवाब बाकी", "Being traced, bank reply due"), "moving", "looking"),
    ("seen", Text("खाते में है, रोक नहीं", "In an account, not held"), "seen", "passed"),
    ("released", Text("रोक हटी", "Hold removed"), "genuine", "free"),
    ("gone", Text("निकल गया", "Gone"), "gone", "gone"),
    ("unexplained", Text("हिसाब नहीं मिला", "Not explained"), "unexplained", "unexplained"),
)
STAFF_WORDS = {
    "restored": Text("शिकायतकर्ता को लौटाया", "Returned to victim"),
    "asked": Text("जवाब बाकी", "Reply due"),
    "returned": Text("बैंक से वापस", "Sent back"),
    "seen": Text("दिखा, रोक नहीं", "Seen, not held"),
}


def parts_of(
    states: Mapping[str, int],
    *,
    details: Mapping[str, Text] | None = None,
    staff: bool = False,
    all_states: bool = False,
) -> list[Part]:
    """Rows in the fixed order: states that are not empty, and a zero for unexplained (all eight when asked)."""
    return [
        Part(
            state=state,
            paise=states.get(state, 0),
            word=STAFF_WORDS.get(state, word) if staff else word,
            glyph=glyph,
            texture="due" if staff and state == "asked" else texture,
            detail=(details or {}).get(state),
        )
        for state, word, glyph, texture in STATES
        if all_states or states.get(state, 0) > 0 or state == "unexplained"
    ]
