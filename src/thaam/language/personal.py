"""What points at a person in a text meant for everybody: a number of eight digits or more, an address with an @."""

from __future__ import annotations

import re

# Eight or more digits in a row (spaces and hyphens allowed), or a UPI or e-mail address. Amounts are written with
# commas; Devanagari digits count too.
_PERSONAL = re.compile(r"(?<![\d,])\d(?:[ -]?\d){7,}(?![\d,])|[\w.\-]{2,}@[A-Za-z]{2,}")


def find_personal(words: str) -> str:
    """The first thing in `words` that could be an account, a phone number, a UPI or e-mail address; else ""."""
    found = _PERSONAL.search(words)
    return found.group() if found else ""
