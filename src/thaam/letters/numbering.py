"""The number of a letter: kind, month, six unguessable digits and a Verhoeff check digit, e.g. `N 2606 093145 7`.

Unguessable, because `/verify/{number}` answers whoever asks whether a paper is genuine.
"""

from __future__ import annotations

import datetime as dt

from thaam.complaints.numbering import check_digit
from thaam.journal.ids import draw_below
from thaam.language.dates import IST

_LETTER = {
    "receipt": "R", "order": "H", "notice": "N", "release": "U", "restoration": "M", "bond": "B", "reasoned": "D",
    "magistrate": "J", "bundle": "C",
}  # fmt: skip


def new_number(template: str, at: dt.datetime) -> str:
    """A fresh number; the table's unique constraint refuses the rare repeat."""
    digits = f"{at.astimezone(IST):%y%m}{draw_below(1_000_000):06d}"
    return f"{_LETTER.get(template, 'L')}{digits}{check_digit(digits)}"


def printed(number: str) -> str:
    """As it stands on paper: `N 2606 093145 7`."""
    return f"{number[0]} {number[1:5]} {number[5:11]} {number[11:]}"
