"""Gather the reads and writes of one transaction: each row is read once and written once, all of a table together.

    with gathering() as rows:
        hold = rows.one(Hold, hold_id, lock=True)
        hold.state = "held"
        rows.change(hold, "state")
        rows.add(Entry(...))

What is read is kept for as long as the gathering is open, what is changed is written when it closes, in the same
transaction. An inner `gathering()` shares the outer one. So a step that knows twenty answers' worth of rows beforehand
(`load`) costs a handful of statements instead of several hundred. Whoever reads by other ways meanwhile does not see
what has been gathered; the packages that gather (journal, work, mailbox, holds, chase) read through it.

A row read here without `lock` may be changed by others: only what a lock of ours protects may be changed from it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import models, transaction

from thaam.journal.rows import delete, field_of, insert, read_by, sent_together, update

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")
Family = dict[Any, list[Any]]


class NotGathering(RuntimeError):
    """The caller must have opened a gathering: what is changed here is written when it closes."""


_open: ContextVar[Gathered | None] = ContextVar("gathered", default=None)


class Gathered:
    """Rows of one transaction by table: those read, and what is to be written when it closes."""

    def __init__(self) -> None:
        self._known: dict[type[models.Model], dict[Any, Any]] = {}
        self._absent: set[tuple[type[models.Model], Any]] = set()
        self._locked: set[tuple[type[models.Model], Any]] = set()
        # model, column -> value -> its rows; only values whose rows are all known are in it
        self._families: dict[tuple[type[models.Model], str], Family] = {}
        self._added: dict[type[models.Model], dict[int, Any]] = {}
        self._changed: dict[type[models.Model], dict[Any, tuple[Any, set[str]]]] = {}
        self._removed: dict[type[models.Model], set[Any]] = {}
        self._new_keys: set[Any] = set()
        self._memory: dict[Hashable, Any] = {}
        self._put_off: dict[Hashable, Callable[[], None]] = {}
        self._writers: dict[Hashable, Callable[[], None]] = {}
        self.changes = 0  # how often something was added, changed, removed or put off so far

    # Reading

    def one(self, model: type[M], pk: Any, *, lock: bool = False) -> M | None:
        """The row of this key, or None; with `lock`, its row lock is ours until the transaction ends."""
        key = model._meta.pk.to_python(pk)
        row = self._known.get(model, {}).get(key)
        if row is not None and (not lock or self._is_ours(row)):
            return cast(M, row)
        if row is None and self._is_absent(model, key):
            return None
        if lock:
            self._locked.add((model, key))
        found = read_by(model, _pk(model), [key], lock=lock)
        if not found:
            self._absent.add((model, key))
            return None
        if row is None:
            return self.keep(found[0])
        _copy(found[0], row)
        return cast(M, row)

    def many(self, model: type[M], pks: Iterable[Any], *, lock: bool = False) -> dict[Any, M]:
        """The rows of these keys by key, unknown ones in one query; locked in the order of their keys."""
        keys = {model._meta.pk.to_python(pk) for pk in pks}
        known = self._known.setdefault(model, {})
        missing = {
            key
            for key in keys
            if (key not in known and not self._is_absent(model, key))
            or (lock and key in known and not self._is_ours(known[key]))
        }
        if missing:
            if lock:
                self._locked.update((model, key) for key in missing)
            for row in read_by(model, _pk(model), missing, lock=lock):
                if row.pk in known:
                    _copy(row, known[row.pk])
                else:
                    self.keep(row)
            self._absent.update((model, key) for key in missing - known.keys())
        return {key: known[key] for key in keys if key in known}

    def all_of(self, model: type[M], column: str, value: Any) -> list[M]:
        """The rows whose `column` (an attribute's name: "hold_id") is `value`, as of now, read at most once."""
        plain = _plain(model, column, value)
        family = self._families.get((model, column))
        if family is None or plain not in family:
            self.load(model, column, [plain])
        return self._families[model, column][plain]

    def load(self, model: type[M], column: str, values: Iterable[Any]) -> None:
        """Read the rows of all these values, in one query."""
        family = self._families.setdefault((model, column), {})
        wanted = {_plain(model, column, value) for value in values}
        missing = {value for value in wanted if value not in family}
        if not missing:
            return
        for value in missing:
            family[value] = []
        ask = missing - self._new_keys
        if ask:
            for row in read_by(model, column, ask - {None}):
                if row.pk in self._removed.get(model, ()):
                    continue
                mine = self.keep(row)
                here = getattr(mine, column)
                if here in missing:
                    family[here].append(mine)
        for mine in self._unwritten(model):
            here = getattr(mine, column)
            if here in missing and not any(mine is each for each in family[here]):
                family[here].append(mine)

    def found(self, rows: Iterable[M], model: type[M], fits: Callable[[M], bool]) -> list[M]:
        """What a query found, corrected by what is not written yet: every row that `fits` as it stands now."""
        kept = {id(mine): mine for mine in (self.keep(row) for row in rows)}
        kept |= {id(mine): mine for mine in self._unwritten(model)}
        gone = self._removed.get(model, ())
        return [mine for mine in kept.values() if mine.pk not in gone and fits(mine)]

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """What `read` gives, asked once a gathering."""
        if key not in self._memory:
            self._memory[key] = read()
        return cast(T, self._memory[key])

    # Changing

    def add(self, row: M) -> M:
        """A new row, written at the end. A row with a key of its own becomes known by it."""
        self.changes += 1
        model = type(row)
        for field in _keys_of(model):
            setattr(row, field.attname, field.to_python(getattr(row, field.attname)))
        self._added.setdefault(model, {})[id(row)] = row
        if (key := row.pk) is not None:
            self._known.setdefault(model, {})[key] = row
            self._locked.add((model, key))
            # nothing can belong to what did not exist
            self._new_keys.add(key)
        for (each, column), family in self._families.items():
            if each is model and (value := getattr(row, column)) in family:
                family[value].append(row)
        return row

    def change(self, row: models.Model, *fields: str) -> None:
        """The row differs in these fields, written at the end. Its family is found anew where one of them makes it."""
        self.changes += 1
        model = type(row)
        if id(row) not in self._added.get(model, {}):
            _, names = self._changed.setdefault(model, {}).setdefault(row.pk, (row, set()))
            names.update(fields)
        for (each, column), family in self._families.items():
            if each is model and not {column, field_of(model, column).name}.isdisjoint(fields):
                for rows in family.values():
                    rows[:] = [mine for mine in rows if mine is not row]
                if (value := getattr(row, column)) in family:
                    family[value].append(row)

    def remove(self, row: models.Model) -> None:
        """The row goes at the end; nobody here sees it from now on."""
        self.changes += 1
        model = type(row)
        if self._added.get(model, {}).pop(id(row), None) is None:
            self._removed.setdefault(model, set()).add(row.pk)
            self._changed.get(model, {}).pop(row.pk, None)
        self._known.get(model, {}).pop(row.pk, None)
        for (each, column), family in self._families.items():
            if each is model and (value := getattr(row, column)) in family:
                family[value] = [mine for mine in family[value] if mine is not row]

    def put_off(self, key: Hashable, do: Callable[[], None]) -> None:
        """Call `do` before anything is written; once, however often asked for by this key. It may change more."""
        self.changes += 1
        self._put_off.setdefault(key, do)

    def at_the_end(self, key: Hashable, write: Callable[[], None]) -> None:
        """Call `write` when the gathering closes; once, however often asked for by this key."""
        self.changes += 1
        self._writers.setdefault(key, write)

    # Writing

    def write(self) -> None:
        """Everything gathered, table by table: what goes, what is new, what changed. First, what was put off."""
        while self._put_off:
            self._put_off.pop(next(iter(self._put_off)))()
        with sent_together():
            self._write()

    def _write(self) -> None:
        for write in self._writers.values():
            write()
        for model, pks in self._removed.items():
            if pks:
                delete(model, sorted(pks))
        for model, added in self._added.items():
            insert(model, added.values())
        for model, changed in self._changed.items():
            by_fields: dict[frozenset[str], list[models.Model]] = {}
            for row, names in changed.values():
                by_fields.setdefault(frozenset(names), []).append(row)
            for fields, rows in by_fields.items():
                update(model, sorted(fields), rows)

    def _is_absent(self, model: type[models.Model], key: Any) -> bool:
        return key in self._new_keys or (model, key) in self._absent or key in self._removed.get(model, ())

    def _is_ours(self, row: models.Model) -> bool:
        return (type(row), row.pk) in self._locked

    def keep(self, row: M) -> M:
        """A row that was read by other ways: as it is known here, or itself, known from now on."""
        return cast(M, self._known.setdefault(type(row), {}).setdefault(row.pk, row))

    def _unwritten(self, model: type[M]) -> Iterator[M]:
        yield from list(self._added.get(model, {}).values())
        yield from [row for row, _ in self._changed.get(model, {}).values()]


@contextmanager
def gathering() -> Iterator[Gathered]:
    """The gathering of the running transaction, or a new one in a transaction that writes it at the end.

    An error that leaves the outermost one undoes all of it, and what was gathered is forgotten. An inner one has no
    savepoint: who catches what a verb raised in there relies on the verb having changed nothing.
    """
    rows = _open.get()
    if rows is not None:
        yield rows
        return
    rows = Gathered()
    with transaction.atomic():
        token = _open.set(rows)
        try:
            yield rows
            rows.write()
        finally:
            _open.reset(token)


def gathered() -> Gathered:
    """The gathering that is open. Raises NotGathering without one."""
    rows = _open.get()
    if rows is None:
        raise NotGathering
    return rows


def open_gathering() -> Gathered | None:
    """The gathering that is open, if one is."""
    return _open.get()


def _plain(model: type[models.Model], column: str, value: Any) -> Any:
    """A value as a row read from the database has it: a UUID for its text."""
    return value if type(value) is UUID else field_of(model, column).to_python(value)


@cache
def _keys_of(model: type[models.Model]) -> list[Any]:
    """Fields that hold ids of rows: given as text, read as UUID."""
    fields: list[Any] = list(model._meta.concrete_fields)
    return [each for each in fields if isinstance(each.target_field if each.is_relation else each, models.UUIDField)]


def _pk(model: type[models.Model]) -> str:
    key: Any = model._meta.pk
    return str(key.attname)


def _copy(source: models.Model, target: models.Model) -> None:
    for field in source._meta.concrete_fields:
        setattr(target, field.attname, getattr(source, field.attname))
