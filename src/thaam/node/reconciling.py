"""Compare our open holds with the platform's, and tell what differs twice in a row.

One 256-bit sum when all is well. What differs once may be an answer or an amendment on its way; what still differs a
minute later is told with HoldsDiffer, once, and an officer looks: the node changes nothing by itself.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from thaam.money import ranges as sets
from thaam.money.digest import find_drift, row_digest
from thaam.money.ranges import Ranges
from thaam.node.parts import Parts, id_from
from thaam.node.resuming import kept
from thaam.wire.client import BankClient
from thaam.wire.messages import HoldsDiffer, HoldShown, ranges_of

_NEXT = "reconcile_at"
_SUSPECTED = "holds_suspected"
_AGAIN = timedelta(minutes=1)
TOLD_MAX = 500


def reconcile_if_due(parts: Parts, client: BankClient, *, key: bytes, at: datetime) -> int:
    """Compare when it is time and nothing of ours is on its way; how many differing holds were told.

    `key` is 32 fresh random bytes. Raises Unreachable, NotThePlatform, Refused; then it is due again in a minute.
    """
    due = parts.records.get(_NEXT)
    if due is None:
        # Not in the first minutes of a node's life, and not by all nodes of a restarted country at once.
        _wait(parts, at + timedelta(minutes=parts.limits.reconcile_minutes))
        return 0
    if at < datetime.fromisoformat(due) or parts.records.unsent(limit=1):
        return 0
    # Before asking: a platform that refuses is not asked at every pass.
    _wait(parts, at + _AGAIN)
    suspected = set(json.loads(parts.records.get(_SUSPECTED) or "[]"))
    drift = differing(parts, client, key=key, at=at)
    certain = drift & suspected
    with parts.records.one_step():
        if certain:
            parts.records.answer(_told(parts, sorted(certain)[:TOLD_MAX], at), at=at)
        parts.records.put(_SUSPECTED, json.dumps(sorted(drift)))
        again = _AGAIN if drift - suspected else timedelta(minutes=parts.limits.reconcile_minutes)
        _wait(parts, at + again)
    return len(certain)


def differing(parts: Parts, client: BankClient, *, key: bytes, at: datetime) -> set[str]:
    """Ids of open holds that only one side has, or of which the two have different paise or revisions."""
    rows = {
        hold_id: row_digest(key=key, hold_id=hold_id, revision=revision, ranges=ranges)
        for hold_id, (revision, ranges) in _open_holds(parts, at).items()
    }

    def ask(low: int, high: int) -> tuple[int, int]:
        found = client.open_holds(key=key, first=low, last=high - 1)
        return found.sum, found.count

    def list_ids(low: int, high: int) -> tuple[str, ...]:
        return client.open_holds(key=key, first=low, last=high - 1).ids or ()

    return find_drift(rows, ask, list_ids)


def _open_holds(parts: Parts, at: datetime) -> dict[str, tuple[int, Ranges]]:
    found = {}
    for hold in parts.records.holds_held():
        ranges = sets.union(*(kept(parts, leg) for leg in parts.records.legs(hold.id)))
        if ranges and hold.order.expires_at > parts.true_time(at):
            found[hold.id] = (hold.order.revision, ranges)
    return found


def _told(parts: Parts, hold_ids: list[str], at: datetime) -> HoldsDiffer:
    ours = _open_holds(parts, at)
    shown = []
    for hold_id in hold_ids:
        revision, ranges = ours.get(hold_id, (0, sets.NONE))
        shown.append(HoldShown(hold_id, revision, ranges_of(ranges)))
    # The same difference has the same id: told once, however often it is found.
    return HoldsDiffer(id_from("HoldsDiffer", *shown), at, tuple(shown))


def _wait(parts: Parts, until: datetime) -> None:
    parts.records.put(_NEXT, until.isoformat())
