"""A column for a set of paise: PostgreSQL's int8multirange, in Python the tuple of pairs of thaam.money.ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import models

from thaam.money import ranges as sets
from thaam.money.ranges import Ranges

_PAIR = re.compile(r"\[(\d+),(\d+)\)")


class PaiseRangesField(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """Paise ranges `[lo, hi)`, normalised; empty by default."""

    description = "Ranges of paise"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", tuple)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        """The column's type in PostgreSQL."""
        return "int8multirange"

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """Read as PostgreSQL's own literal, as it is written."""
        return f"{sql}::text", params

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Ranges | None:
        """The literal that was read, as pairs."""
        return None if value is None else pairs_of(value)

    def to_python(self, value: Any) -> Ranges | None:
        """Pairs, whatever form they came in."""
        if value is None or isinstance(value, tuple):
            return value
        return pairs_of(value) if isinstance(value, str) else sets.normalise(value)

    def get_prep_value(self, value: Any) -> str | None:
        """PostgreSQL's own literal; it infers the type from the column."""
        return None if value is None else literal(value)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Say the type, so that comparisons and batches need not guess."""
        return "%s::int8multirange"


def literal(ranges: Iterable[tuple[int, int]]) -> str:
    """`{[0,100),[200,300)}`."""
    return "{" + ",".join(f"[{lo},{hi})" for lo, hi in sets.normalise(ranges)) + "}"


def pairs_of(literal: str) -> Ranges:
    """The pairs of a multirange as PostgreSQL says it (always `[lo,hi)`, ascending)."""
    if literal == "{}":  # most are
        return ()
    return tuple((int(lo), int(hi)) for lo, hi in _PAIR.findall(literal))


def partition_sql(table: str, name: str, columns: tuple[str, ...], *, whole: str | None) -> str:
    """A CHECK: the columns share no paisa, and (with `whole`, an SQL int8multirange) they are the whole."""
    apart = [f"NOT ({' + '.join(columns[:i])}) && {columns[i]}" for i in range(1, len(columns))]
    if whole is not None:
        apart.append(f"{' + '.join(columns)} = {whole}")
    return f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({' AND '.join(apart)})"
