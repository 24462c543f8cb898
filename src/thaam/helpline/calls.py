"""A call as the helpline counts it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a call ended. OPEN: the record does not say yet (a log cut in the middle); counted nowhere."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    EXCLUDED = "excluded"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Call:
    """One call, however many legs. Times are milliseconds UTC; `wait_ms` is queue entry to answer or to leaving;
    `handling_ms` is talk and, where the record has it, hold and after-call work. `why` says why EXCLUDED or how
    the caller left."""

    source: str
    key: str
    offered_at: int
    outcome: Outcome
    wait_ms: int | None = None
    handling_ms: int | None = None
    queue: str = ""
    agent: str = ""
    caller: str = ""
    why: str = ""


class BadCalls(Exception):
    """A file, a map or some rows that cannot be used; `problems` are sentences that name the rows."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems[:5]))
        self.problems = problems
