"""What a field of a message may hold: one rule an annotation, used to check, read, write and describe it.

A message class annotates its fields with the aliases of messages.py; `fields_of` turns them into rules once.
Times travel as RFC 3339 in UTC with `Z`, dates as ISO days, money as whole paise, absent values not at all.
"""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any

from thaam.wire import problems
from thaam.wire.problems import Problem

# The largest integer every JSON reader keeps exactly (RFC 7493); about Rs 90 lakh crore in paise.
MAX_INTEGER = 2**53 - 1
MAX_ITEMS = 5_000

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# Control characters (line feed and tab excepted) and lone surrogates have no place in words people read.
_NOT_WORDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


class InvalidMessage(ValueError):
    """A message breaks a rule of the protocol. Carries the problem, a JSON pointer and one English sentence."""

    def __init__(self, problem: Problem, pointer: str = "", detail: str = "") -> None:
        super().__init__(f"{problem.code} at {pointer or '/'}: {detail or problem.title.en}")
        self.problem = problem
        self.pointer = pointer
        self.detail = detail or problem.title.en


class _AsIs:
    """What stands in JSON as it stands in Python."""

    __slots__ = ()

    def load(self, value: Any, at: str) -> Any:
        """From JSON."""
        return value

    def dump(self, value: Any) -> Any:
        """To JSON."""
        return value


@dataclass(frozen=True, slots=True)
class Whole(_AsIs):
    """An integer between two bounds."""

    least: int = 0
    most: int = MAX_INTEGER
    too_small: Problem = problems.BAD_VALUE

    def check(self, value: object, at: str) -> None:
        """Raises InvalidMessage unless `value` is an int (not a bool) inside the bounds."""
        if type(value) is not int:
            raise InvalidMessage(problems.WRONG_TYPE, at, "a whole number is needed")
        if value < self.least:
            raise InvalidMessage(self.too_small, at, f"at least {self.least}")
        if value > self.most:
            raise InvalidMessage(problems.NUMBER_TOO_LARGE, at, f"at most {self.most}")

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the field."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Pattern(_AsIs):
    """A string that matches a pattern from end to end."""

    pattern: str
    says: str
    most: int = 64

    def check(self, value: object, at: str) -> None:
        """Raises InvalidMessage unless `value` is a matching str."""
        if type(value) is not str:
            raise InvalidMessage(problems.WRONG_TYPE, at, "text is needed")
        if len(value) > self.most or re.fullmatch(self.pattern, value, re.ASCII) is None:
            raise InvalidMessage(problems.BAD_VALUE, at, self.says)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the field."""
        return {"type": "string", "pattern": f"^(?:{self.pattern})$", "maxLength": self.most, "description": self.says}


@dataclass(frozen=True, slots=True)
class OneOf:
    """A word of a closed list."""

    words: tuple[str, ...]

    def check(self, value: object, at: str) -> None:
        """Raises InvalidMessage unless `value` is on the list."""
        if not isinstance(value, str):
            raise InvalidMessage(problems.WRONG_TYPE, at, "text is needed")
        if value not in self.words:
            raise InvalidMessage(problems.BAD_VALUE, at, "one of " + ", ".join(self.words))

    def load(self, value: Any, at: str) -> Any:
        """From JSON."""
        return value

    def dump(self, value: Any) -> Any:
        """To JSON."""
        return str(value)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the field."""
        return {"type": "string", "enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Words(_AsIs):
    """Words a person reads: any script, no control characters, not blank."""

    most: int

    def check(self, value: object, at: str) -> None:
        """Raises InvalidMessage unless `value` is readable text of at most `most` characters."""
        if type(value) is not str:
            raise InvalidMessage(problems.WRONG_TYPE, at, "text is needed")
        if not value.strip() or len(value) > self.most:
            raise InvalidMessage(problems.BAD_VALUE, at, f"1 to {self.most} characters")
        if _NOT_WORDS.search(value):
            raise InvalidMessage(problems.BAD_VALUE, at, "no control characters")

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the field."""
        return {"type": "string", "minLength": 1, "maxLength": self.most}


@dataclass(frozen=True, slots=True)
class Yes(_AsIs):
    """True or false."""

    def check(self, value: object, at: str) -> None:
        """Raises InvalidMessage unless `value` is a bool."""
        if type(value) is not bool:
            raise InvalidMessage(problems.WRONG_TYPE, at, "true or false is needed")

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the field."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware time, UTC on the wire, microseconds at most."""

    def check(self, value: object, at: str) -> None:
        """Raises InvalidMessage unless `value` is an aware UTC datetime of this century or so."""
        if not isinstance(value, dt.datetime):
            raise InvalidMessage(problems.WRONG_TYPE, at, "a time is needed")
        if value.utcoffset() != dt.timedelta(0):
            raise InvalidMessage(problems.BAD_VALUE, at, "a time in UTC is needed")
        if not 1970 <= value.year <= 9998:
            raise InvalidMessage(problems.BAD_VALUE, at, "a year between 1970 and 9998")

    def load(self, value: Any, at: str) -> Any:
        """From JSON: `2026-11-25T09:30:00Z`, up to six digits of fraction."""
        if type(value) is not str:
            raise InvalidMessage(problems.WRONG_TYPE, at, "a time is needed")
        found = _TIME.fullmatch(value)
        if found is None or not value.isascii():
            raise InvalidMessage(problems.BAD_VALUE, at, "a UTC time like 2026-11-25T09:30:00Z")
        try:
            moment = dt.datetime.fromisoformat(found[1])
        except ValueError as why:
            raise InvalidMessage(problems.BAD_VALUE, at, "no such time") from why
        return moment.replace(microsecond=int((found[2] or "0").ljust(6, "0")), tzinfo=dt.UTC)

    def dump(self, value: Any) -> Any:
        """To JSON."""
        return str(value.replace(tzinfo=None).isoformat()) + "Z"

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the field."""
        return {
            "type": "string",
            "format": "date-time",
            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$",
        }


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day in India."""

    def check(self, value: object, at: str) -> None:
        """Raises InvalidMessage unless `value` is a date (not a datetime)."""
        if type(value) is not dt.date:
            raise InvalidMessage(problems.WRONG_TYPE, at, "a date is needed")

    def load(self, value: Any, at: str) -> Any:
        """From JSON: `2026-11-25`."""
        if type(value) is not str:
            raise InvalidMessage(problems.WRONG_TYPE, at, "a date is needed")
        if _DAY.fullmatch(value) is None or not value.isascii():
            raise InvalidMessage(problems.BAD_VALUE, at, "a date like 2026-11-25")
        try:
            return dt.date.fromisoformat(value)
        except ValueError as why:
            raise InvalidMessage(problems.BAD_VALUE, at, "no such day") from why

    def dump(self, value: Any) -> Any:
        """To JSON."""
        return value.isoformat()

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the field."""
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@dataclass(frozen=True, slots=True)
class Part:
    """An object with fields of its own."""

    cls: type[Any]

    def check(self, value: object, at: str) -> None:
        """Raises InvalidMessage unless `value` is such an object (it checked itself when it was made)."""
        if type(value) is not self.cls:
            raise InvalidMessage(problems.WRONG_TYPE, at, f"{self.cls.__name__} is needed")

    def load(self, value: Any, at: str) -> Any:
        """From JSON."""
        return load_object(self.cls, value, at)

    def dump(self, value: Any) -> Any:
        """To JSON."""
        return dump_object(value)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the field."""
        return {"$ref": f"#/components/schemas/{self.cls.__name__}"}


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one kind of thing, as a tuple."""

    item: Rule

    def check(self, value: object, at: str) -> None:
        """Raises InvalidMessage unless `value` is a tuple of at most MAX_ITEMS good items."""
        if type(value) is not tuple:
            raise InvalidMessage(problems.WRONG_TYPE, at, "a list is needed")
        if len(value) > MAX_ITEMS:
            raise InvalidMessage(problems.BAD_VALUE, at, f"at most {MAX_ITEMS} items")
        for i, item in enumerate(value):
            self.item.check(item, f"{at}/{i}")

    def load(self, value: Any, at: str) -> Any:
        """From JSON."""
        if type(value) is not list:
            raise InvalidMessage(problems.WRONG_TYPE, at, "a list is needed")
        if len(value) > MAX_ITEMS:
            raise InvalidMessage(problems.BAD_VALUE, at, f"at most {MAX_ITEMS} items")
        return tuple(self.item.load(item, f"{at}/{i}") for i, item in enumerate(value))

    def dump(self, value: Any) -> Any:
        """To JSON."""
        return [self.item.dump(item) for item in value]

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the field."""
        return {"type": "array", "items": self.item.schema(), "maxItems": MAX_ITEMS}


Rule = Whole | Pattern | OneOf | Words | Yes | Moment | Day | Part | Many


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message or of a part: its name, rule, and whether it may be absent."""

    name: str
    rule: Rule
    optional: bool
    default: Any = MISSING


_FIELDS: dict[type[Any], tuple[Field, ...]] = {}


def fields_of(cls: type[Any]) -> tuple[Field, ...]:
    """The rules of a message class, read from its annotations once. TypeError for an annotation without a rule."""
    if cls not in _FIELDS:
        hints = typing.get_type_hints(cls, include_extras=True)
        found = []
        for field in fields(cls):
            hint, optional = _without_none(hints[field.name])
            found.append(Field(field.name, rule_of(hint), optional, field.default))
        _FIELDS[cls] = tuple(found)
    return _FIELDS[cls]


def _without_none(hint: Any) -> tuple[Any, bool]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kept = [part for part in typing.get_args(hint) if part is not type(None)]
        if len(kept) != 1:
            raise TypeError(f"one type or None, not {hint}")
        return kept[0], True
    return hint, False


def rule_of(hint: Any) -> Rule:
    """The rule an annotation stands for. TypeError when it stands for none."""
    if typing.get_origin(hint) is typing.Annotated:
        for extra in hint.__metadata__:
            if isinstance(extra, Whole | Pattern | OneOf | Words):
                return extra
        hint = hint.__origin__
    if typing.get_origin(hint) is tuple:
        return Many(rule_of(typing.get_args(hint)[0]))
    plain: dict[Any, Rule] = {bool: Yes(), dt.datetime: Moment(), dt.date: Day()}
    if hint in plain:
        return plain[hint]
    if is_dataclass(hint):
        return Part(typing.cast(type[Any], hint))
    raise TypeError(f"no rule for {hint!r}")


def check_object(thing: Any) -> None:
    """Check every field of a message or part against its rule. Raises InvalidMessage with `/field` as pointer."""
    for field in fields_of(type(thing)):
        value = getattr(thing, field.name)
        if value is None:
            if not field.optional:
                raise InvalidMessage(problems.MISSING_FIELD, f"/{field.name}")
        else:
            field.rule.check(value, f"/{field.name}")


def load_object(cls: type[Any], value: Any, at: str, *, also: frozenset[str] = frozenset()) -> Any:
    """Build `cls` from a JSON object: every known field at most once, no other. Raises InvalidMessage.

    `also` names keys of the envelope (`kind`, `version`) the caller has looked at. An optional field may be
    absent or null. Pointers of rules broken inside a part are prefixed with where the part stands.
    """
    if type(value) is not dict:
        raise InvalidMessage(problems.WRONG_TYPE, at, "an object is needed")
    rules = fields_of(cls)
    if unknown := value.keys() - {field.name for field in rules} - also:
        name = min(unknown)
        raise InvalidMessage(problems.UNKNOWN_FIELD, f"{at}/{_escaped(name)}", "this field is not known")
    found = {}
    for field in rules:
        given = value.get(field.name)
        if given is not None:
            found[field.name] = field.rule.load(given, f"{at}/{field.name}")
        elif field.name in value and not field.optional:
            raise InvalidMessage(problems.WRONG_TYPE, f"{at}/{field.name}", "null is not accepted here")
        elif field.default is MISSING and not field.optional:
            raise InvalidMessage(problems.MISSING_FIELD, f"{at}/{field.name}", "this field is required")
        elif field.default is MISSING:
            found[field.name] = None
    try:
        return cls(**found)
    except InvalidMessage as why:
        raise InvalidMessage(why.problem, at + why.pointer, why.detail) from why


def dump_object(thing: Any) -> dict[str, Any]:
    """A message or part as a JSON object; absent values are left out."""
    found = {}
    for field in fields_of(type(thing)):
        value = getattr(thing, field.name)
        if value is not None:
            found[field.name] = field.rule.dump(value)
    return found


def _escaped(name: str) -> str:
    # RFC 6901; lone surrogates of a hostile key must not reach a response body.
    shown = name[:64].encode("utf-8", "replace").decode("utf-8", "replace")
    return shown.replace("~", "~0").replace("/", "~1")
