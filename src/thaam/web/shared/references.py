"""What a typed transaction number looks like, in a sentence; never a hard stop.

The table of recognisers is `money.references`; this module only puts its verdict into the page's words.
"""

from __future__ import annotations

from dataclasses import dataclass

from thaam.language.text import Text
from thaam.money.references.recognising import REFERENCES, recognise


@dataclass(frozen=True, slots=True)
class Look:
    """A reference as it will be kept, the rail it belongs to, whether it is plausible, and what to say about it."""

    reference: str
    rail: str
    sound: bool
    text: Text | None


def look_at_reference(typed: str) -> Look:
    """Recognise a UTR, an RRN, an app's own number, a slip of one digit."""
    found = recognise(typed or "")
    return Look(found.value[:40], found.rail or "", sound=found.sound and found.kind in REFERENCES, text=found.message)
