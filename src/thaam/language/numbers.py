"""Digits: Latin on every page in both languages, any script accepted from the keyboard.

Bank messages, keypads and IFSC use 0-9, and so do we (CLDR's default for Hindi as well); a person
may still type ०-९, and nobody is told off for it.
"""

from __future__ import annotations

import unicodedata


def latin_digits(typed: str) -> str:
    """`typed` with every decimal digit of any script (०-९, ০-৯, ０-９ ...) written as 0-9."""
    if typed.isascii():
        return typed
    return "".join(
        str(unicodedata.decimal(sign)) if not sign.isascii() and sign.isdecimal() else sign for sign in typed
    )


def only_digits(typed: str) -> str:
    """The digits of `typed` in order, as 0-9; everything else dropped."""
    return "".join(sign for sign in latin_digits(typed) if sign in "0123456789")


def grouped(number: int) -> str:
    """A whole number with Indian grouping: 2749236 -> "27,49,236"."""
    sign, digits = ("-", str(-number)) if number < 0 else ("", str(number))
    if len(digits) <= 3:
        return sign + digits
    head, tail = digits[:-3], digits[-3:]
    first = len(head) % 2
    pairs = ([head[:first]] if first else []) + [head[place : place + 2] for place in range(first, len(head), 2)]
    return f"{sign}{','.join(pairs)},{tail}"


def in_groups(identifier: str, *sizes: int) -> list[str]:
    """An identifier cut for reading aloud; the last size repeats: ("530693093182", 4) -> 4-4-4."""
    parts: list[str] = []
    place = 0
    for turn in range(len(identifier)):
        if place >= len(identifier):
            break
        size = sizes[min(turn, len(sizes) - 1)]
        parts.append(identifier[place : place + size])
        place += size
    return parts
