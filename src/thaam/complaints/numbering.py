"""The complaint number: YYMM, six digits, one Verhoeff check digit, so that one wrong or two swapped digits show."""

from __future__ import annotations

import datetime as dt
import hashlib

from thaam.language.dates import IST

# The multiplication of the dihedral group of order ten, a permutation of period eight, and the inverses.
_D = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7), (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3), (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)  # fmt: skip
_P = [tuple(range(10)), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)]
while len(_P) < 8:
    _P.append(tuple(_P[-1][_P[1][digit]] for digit in range(10)))
_INVERSE = (0, 4, 3, 2, 1, 5, 6, 7, 8, 9)


def check_digit(digits: str) -> str:
    """The digit to append to `digits`."""
    check = 0
    for place, digit in enumerate(reversed(digits), start=1):
        check = _D[check][_P[place % 8][int(digit)]]
    return str(_INVERSE[check])


def is_number(number: str) -> bool:
    """Whether these are 11 digits whose check digit is right."""
    if len(number) != 11 or not (number.isascii() and number.isdigit()):
        return False
    return check_digit(number[:-1]) == number[-1]


def number_for(complaint_id: object, *, at: dt.datetime, attempt: int = 0) -> str:
    """A number for this complaint: month of filing in India, six digits from its id, check digit.

    Not consecutive, so that a number does not tell how many complaints there are. The same id gives the same number;
    when it is taken the caller asks for the next attempt.
    """
    seed = hashlib.sha256(f"{complaint_id}/{attempt}".encode()).digest()
    body = f"{at.astimezone(IST):%y%m}{int.from_bytes(seed[:8], 'big') % 1_000_000:06d}"
    return body + check_digit(body)


def grouped(number: str) -> str:
    """As printed and read aloud: 4-4-3."""
    return f"{number[:4]} {number[4:8]} {number[8:]}"
