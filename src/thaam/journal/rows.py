"""Rows of a table by their keys, read and written without building a query each time: the same few statements, kept.

The busy ways (gathering.py, recording.py, the banks' door) ask thousands of times the same question of the same table;
Django's query compiler costs several times what PostgreSQL needs to answer it. Row-level security, constraints and
triggers are the database's own and hold here as everywhere.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.base import ModelState
from psycopg import Binary
from psycopg.types.json import Jsonb

M = TypeVar("M", bound=models.Model)


def read(model: type[M], where: str, values: Sequence[Any], *, lock: bool = False) -> list[M]:
    """Rows that meet `where`, an SQL condition in code with a %s for each value, by ascending key.

    With `lock` their row locks are ours until the transaction ends, taken in the order of the keys.
    """
    columns, names, converters, key, table = _reading(model)
    tail = f" FOR UPDATE OF {table}" if lock else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {key}{tail}", values)
        found = cursor.fetchall()
    if converters:
        database = connections[DEFAULT_DB_ALIAS]
        found = [_converted(row, converters, database) for row in found]
    return [_made(model, names, row) for row in found]


def read_by(model: type[M], column: str, values: Iterable[Any], *, lock: bool = False) -> list[M]:
    """Rows whose `column` (an attribute's name: "hold_id") has one of these values, by ascending key."""
    field, database = field_of(model, column), connections[DEFAULT_DB_ALIAS]
    wanted = [field.get_db_prep_value(value, database) for value in values]
    return read(model, _is_any(model, column), [wanted], lock=lock)


def insert(model: type[models.Model], rows: Iterable[Any], *, then: tuple[str, list[Any]] | None = None) -> None:
    """New rows of one table in one statement; keys the database makes are not read back.

    `then` is a second statement that writes, in code, with its values: both are sent as one. Nothing is RETURNED:
    who may add a row may not always read it.
    """
    made = list(rows)
    if not made:
        return
    fields, text = _inserting(model)
    values = [_as_json(made, fields, new=True)]
    if then:
        text, values = f"WITH made AS ({text}) {then[0]}", values + then[1]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
    for row in made:
        row._state.adding = False
        row._state.db = DEFAULT_DB_ALIAS


def update(model: type[models.Model], names: Collection[str], rows: Collection[Any]) -> None:
    """These rows of one table differ in the fields of these names, and in no others: one statement."""
    fields, text = _updating(model, tuple(names))
    with connection.cursor() as cursor:
        cursor.execute(text, [_as_json(rows, fields)])


def delete(model: type[models.Model], keys: list[Any]) -> None:
    """The rows of these keys go, in one statement; what hangs on them is for the database to refuse."""
    key: Any = model._meta.pk
    name = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {name(model._meta.db_table)} WHERE {name(key.column)} = ANY(%s)", [keys])


@cache
def field_of(model: type[models.Model], column: str) -> Any:
    """The field with this attribute's name."""
    return next(field for field in model._meta.concrete_fields if field.attname == column)


@contextmanager
def sent_together() -> Iterator[None]:
    """What is written in this block is sent without waiting for the answer to each statement; they run in this order.

    An error of one undoes all, as ever, and is raised when the block ends at the latest.
    """
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


Converter = Callable[[Any], Any]


@cache
def _reading(model: type[models.Model]) -> tuple[str, list[str], list[tuple[int, list[Any], Any]], str, str]:
    name = connection.ops.quote_name
    fields: list[Any] = list(model._meta.concrete_fields)
    converters = []
    for number, field in enumerate(fields):
        column = field.get_col(model._meta.db_table)
        found = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
        if found:
            converters.append((number, found, column))
    table = name(model._meta.db_table)
    key: Any = model._meta.pk
    columns = ", ".join(field.select_format(None, f"{table}.{name(field.column)}", ())[0] for field in fields)
    return columns, [field.attname for field in fields], converters, f"{table}.{name(key.column)}", table


@cache
def _is_any(model: type[models.Model], column: str) -> str:
    name = connection.ops.quote_name
    return f"{name(model._meta.db_table)}.{name(field_of(model, column).column)} = ANY(%s)"


@cache
def _inserting(model: type[models.Model]) -> tuple[list[Any], str]:
    """The fields of a new row, and a statement that is the same for one row and for hundreds."""
    name = connection.ops.quote_name
    fields: list[Any] = [each for each in model._meta.concrete_fields if not isinstance(each, models.AutoField)]
    columns = ", ".join(name(field.column) for field in fields)
    table = name(model._meta.db_table)
    return fields, f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"


@cache
def _updating(model: type[models.Model], names: tuple[str, ...]) -> tuple[list[Any], str]:
    name = connection.ops.quote_name
    fields: list[Any] = [field for field in model._meta.concrete_fields if {field.name, field.attname} & {*names}]
    table, key = name(model._meta.db_table), cast(Any, model._meta.pk)
    sets = ", ".join(f"{name(field.column)} = new.{name(field.column)}" for field in fields)
    return [key, *fields], (
        f"UPDATE {table} AS old SET {sets} FROM json_populate_recordset(NULL::{table}, %s) AS new"
        f" WHERE old.{name(key.column)} = new.{name(key.column)}"
    )


def _as_json(rows: Collection[models.Model], fields: list[Any], *, new: bool = False) -> str:
    """The columns of these rows by name, all in one value: the database reads them by the types of its table."""
    database = connections[DEFAULT_DB_ALIAS]
    told = [
        {field.column: field.get_db_prep_save(field.pre_save(row, add=new), database) for field in fields}
        for row in rows
    ]
    return json.dumps(told, ensure_ascii=False, default=_as_text)


def _as_text(value: Any) -> Any:
    match value:
        case uuid.UUID():
            return str(value)
        case dt.date():
            return value.isoformat()
        case Jsonb():
            return value.obj
        case Binary():
            return "\\x" + bytes(value.obj).hex()
    raise TypeError(f"{type(value).__name__} is not written here")


def _made(model: type[M], names: list[str], values: Sequence[Any]) -> M:
    """A row as Django's from_db makes it, without asking each field and signal: nothing of ours listens to them."""
    row = model.__new__(model)
    row.__dict__.update(zip(names, values, strict=True))
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def _converted(row: Sequence[Any], converters: list[tuple[int, list[Any], Any]], database: Any) -> list[Any]:
    values = list(row)
    for number, every, column in converters:
        value = values[number]
        for convert in every:
            value = convert(value, column, database)
        values[number] = value
    return values
