"""The parts of a running node, handed to every verb: which bank, its core, its ledger, its records, its limits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from thaam.node.corebank import CoreBank
from thaam.node.records import Records
from thaam.postings.store import NodeStore

_NAMES = uuid.UUID("6f1c3a52-0d1e-5d3f-9b57-0c6c1a1d7a10")


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers a bank's configuration sets. The platform's own clocks do not depend on them."""

    expect_days: int = 2
    """How long a payment that has not come is expected, in days after its date."""
    pool_counterparties: int = 2000
    pool_days: int = 30
    pools_at: tuple[str, ...] = ()
    """Banks at which this party owns pool accounts: payments to them are its own to answer for, by its sub-ledger."""
    batch: int = 5000
    """Postings read from the core at once."""
    reconcile_minutes: int = 60
    """How often our open holds are compared with the platform's."""
    alone_seconds: int = 60
    """So long a node that has just started waits for a platform it cannot ask, before it goes on without its word."""
    prove_hours: int = 24
    """How often the platform has to prove that the journal it shows has grown out of the heads it signed before."""
    late_credits_per_hold: int = 20
    """Late credits reported for one hold; an innocent holder's daily life is not narrated."""


@dataclass(slots=True)
class ClockOffset:
    """How far this machine's clock is behind the platform's, as the platform's signed refusal told; zero if never."""

    by: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a verb of the node may touch."""

    bank: str
    core: CoreBank
    ledger: NodeStore
    records: Records
    limits: Limits = field(default_factory=Limits)
    clock: ClockOffset = field(default_factory=ClockOffset)

    def is_ours(self, bank: str | None) -> bool:
        """Whether a payment to this bank is ours to answer for; one whose bank nobody knows may be."""
        return bank in (None, self.bank, *self.limits.pools_at)

    def true_time(self, at: datetime) -> datetime:
        """The time by which deadlines are judged: our clock `at`, corrected when it is known to be wrong.

        What a message states (`answered_at`) stays our own clock's word.
        """
        return at + self.clock.by


def id_from(*words: object) -> str:
    """An id derived from what it is for, so that the same step after a crash has the same id."""
    return str(uuid.uuid5(_NAMES, "/".join(str(word) for word in words)))
