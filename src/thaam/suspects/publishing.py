"""Publish the list of marked identifiers to banks: a signed snapshot, and signed deltas from any version kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.suspects.models import ListVersion
from thaam.suspects.screening import ENTRY, Delta, delta_between, entry_of, root_of
from thaam.suspects.standing import Level, active_marks
from thaam.wire import codec, jws
from thaam.wire.keys import SigningKey


class NoSuchVersion(Exception):
    """The version asked from is not kept: take the whole list (from version 0)."""


@dataclass(frozen=True, slots=True)
class Published:
    """What goes out: canonical JSON and a detached JWS over exactly these bytes."""

    body: bytes
    jws: str


def entries_at(at: dt.datetime) -> list[bytes]:
    """The sorted list of what is marked at `at`."""
    digests = active_marks(at).values_list("identifier__digest", flat=True).distinct()
    return sorted(entry_of(bytes(digest), int(Level.MARKED)) for digest in digests)


@transaction.atomic
def publish_list(*, at: dt.datetime) -> ListVersion:
    """Make a version when something changed since the last; otherwise return the last. Run by one loop."""
    entries = entries_at(at)
    last = ListVersion.objects.order_by("-version").first()
    root = root_of(entries)
    if last is not None and last.root == root:
        return last
    version = ListVersion.objects.create(
        version=(last.version if last else 0) + 1, at=at, many=len(entries), root=root, entries=b"".join(entries)
    )
    record(
        Kind.SUSPECTS_PUBLISHED,
        about=f"suspects:{version.version}",
        by="loop:work",
        at=at,
        many=len(entries),
        root=root,
    )
    return version


def delta_since(from_version: int, *, key: SigningKey) -> Published:
    """The signed delta from a version a bank holds (0: nothing) to the newest. Raises NoSuchVersion."""
    newest = ListVersion.objects.order_by("-version").first()
    if newest is None:
        raise NoSuchVersion(from_version)
    old: list[bytes] = []
    if from_version:
        held = ListVersion.objects.filter(version=from_version).first()
        if held is None:
            raise NoSuchVersion(from_version)
        old = split_entries(bytes(held.entries))
    delta = delta_between(
        old, split_entries(bytes(newest.entries)), from_version=from_version, to_version=newest.version
    )
    body = codec.canonical(
        {
            "kind": "suspects",
            "version": 1,
            "from": delta.from_version,
            "to": delta.to_version,
            "at": newest.at.astimezone(dt.UTC).isoformat(),
            "removed": [entry.hex() for entry in delta.removed],
            "added": [entry.hex() for entry in delta.added],
            "root": delta.root,
        }
    )
    return Published(body, jws.sign_detached(body, key))


def read_delta(published: Published, *, key_of: object) -> Delta:
    """What a bank does with it: check the signature, then the shape. Raises jws.BadEvidence, ValueError."""
    import json

    jws.verify_detached(published.body, published.jws, key_of)  # type: ignore[arg-type]
    told = json.loads(published.body)
    return Delta(
        told["from"],
        told["to"],
        tuple(bytes.fromhex(entry) for entry in told["removed"]),
        tuple(bytes.fromhex(entry) for entry in told["added"]),
        told["root"],
    )


def split_entries(joined: bytes) -> list[bytes]:
    """The stored list cut into its entries."""
    return [joined[place : place + ENTRY] for place in range(0, len(joined), ENTRY)]
