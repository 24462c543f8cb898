"""The sequencer: gives committed facts their positions, one after the other, with no gap.

It is the only writer of lines. It reads what is *committed*, so a transaction that commits late simply gets a later
position: nobody who reads by position can pass it by. One advisory lock at a time makes two sequencers harmless.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.db import connection, transaction

from thaam.journal.entries import GENESIS, entry
from thaam.journal.models import Checkpoint, Line, Tile
from thaam.journal.rows import insert
from thaam.journal.tree import TILE, TILE_BITS, Growing
from thaam.wire.checkpoints import leaf_hash, sign_checkpoint
from thaam.wire.keys import SigningKey

LOCK = 0x7468616D  # "tham"
CHANNEL = "thaam_facts"
BATCH_MAX = 500
# PostgreSQL takes 8,000 bytes of payload.
NOTIFY_BYTES_MAX = 7000
# Signing once a second is enough for witnesses, and keeps the journal's own work small.
CHECKPOINT_SECONDS = 1.0
# What a line's bytes are made over, beside its place.
_TOLD = ("kind", "about", "by", "at", "topic")
_WAITING = f"""
    SELECT pending.id, fact.id, {", ".join(f"fact.{name}" for name in _TOLD)}, fact.data
    FROM journal_pending AS pending JOIN journal_fact AS fact ON fact.id = pending.fact_id
    ORDER BY pending.id LIMIT %s
"""
_NUMBERED = "DELETE FROM journal_pending WHERE id = ANY(%s)"


class Sequencer:
    """One process's hold of the journal's right edge. Any number may run; each batch takes the lock."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        self._tree = Growing()
        self._prev = GENESIS
        self._signed_at: datetime.datetime | None = None
        self._signed_position = -1

    def number_if_any(self, *, at: datetime.datetime) -> int:
        """number(), but without lock or transaction while nothing waits and the head is signed or was a moment ago."""
        if self._tree.size and not self._is_due(at):
            with connection.cursor() as cursor:
                cursor.execute("SELECT EXISTS (SELECT FROM journal_pending)")
                if not cursor.fetchone()[0]:
                    return 0
        return self.number(at=at)

    @transaction.atomic
    def number(self, *, at: datetime.datetime, limit: int = BATCH_MAX) -> int:
        """Number up to `limit` committed facts; returns how many. Takes the sequencer's advisory lock until commit.

        Writes lines, tiles and, at most once a second, a signed checkpoint; NOTIFYs what changed.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        self._catch_up()
        with connection.cursor() as cursor:
            cursor.execute(_WAITING, [limit])
            waiting = cursor.fetchall()
        tree_before = self._tree.size
        if waiting:
            self._write(waiting, at)
        self._sign(at)
        return self._tree.size - tree_before

    def _catch_up(self) -> None:
        """Rebuild the edge when somebody else has numbered, or our last transaction was undone."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT position, leaf FROM journal_line ORDER BY position DESC LIMIT 1")
            last = cursor.fetchone() or (0, GENESIS)
        if last[0] == self._tree.size and bytes(last[1]) == self._prev:
            return
        self._tree = edge_of(last[0])
        self._prev = bytes(last[1])
        signed = Checkpoint.objects.order_by("-position").values_list("position", "at").first()
        self._signed_position, self._signed_at = signed or (-1, None)

    def _write(self, waiting: list[tuple[Any, ...]], at: datetime.datetime) -> None:
        lines, tiles, changed = [], [], []
        for _, fact_id, *values, data in waiting:
            # Django has psycopg hand JSON columns over as text
            told = dict(zip(_TOLD, values, strict=True)) | {"data": json.loads(data)}
            position, topic = self._tree.size + 1, told["topic"]
            leaf = leaf_hash(entry(position=position, prev=self._prev, fact=fact_id, **told))
            lines.append(
                Line(position=position, fact_id=fact_id, topic=topic, prev=self._prev, leaf=leaf, numbered_at=at)
            )
            tiles += [Tile(level=level, number=number, hash=root) for level, number, root in self._tree.add(leaf)]
            self._prev = leaf
            changed.append([position, told["kind"], told["about"], topic])
        insert(Line, lines, then=(_NUMBERED, [[pending_id for pending_id, *_ in waiting]]))
        insert(Tile, tiles)
        _tell(changed)

    def _is_due(self, at: datetime.datetime) -> bool:
        """Whether the head is to be signed now: it is new, and the last signature is a while ago."""
        if self._tree.size in (0, self._signed_position):
            return False
        return not self._signed_at or (at - self._signed_at).total_seconds() >= CHECKPOINT_SECONDS

    def _sign(self, at: datetime.datetime) -> None:
        if not self._is_due(at):
            return
        root = self._tree.root()
        signed = sign_checkpoint(position=self._tree.size, root=root.hex(), at=at, key=self._key)
        Checkpoint(position=signed.position, root=root, at=at, key_id=signed.keyid, signature=signed.signature).save(
            force_insert=True
        )
        self._signed_position, self._signed_at = self._tree.size, at


def edge_of(size: int) -> Growing:
    """The right edge of the first `size` lines, from stored tiles and the leaves after the last of them."""
    tree = Growing()
    levels = Tile.objects.order_by("-level").values_list("level", flat=True).first() or 0
    for level in range(levels, 0, -1):
        whole = size >> (level * TILE_BITS)
        done = tree.size >> (level * TILE_BITS)
        for root in (
            Tile.objects.filter(level=level, number__gte=done, number__lt=whole)
            .order_by("number")
            .values_list("hash", flat=True)
        ):
            tree.add_tile(level, bytes(root))
    rest = Line.objects.filter(position__gt=tree.size, position__lte=size).order_by("position")
    for leaf in rest.values_list("leaf", flat=True).iterator(chunk_size=10 * TILE):
        tree.add(bytes(leaf))
    return tree


def _tell(changed: list[list[Any]]) -> None:
    """NOTIFY what changed as JSON lists [position, kind, about, topic], in payloads that fit."""
    with connection.cursor() as cursor:
        batch: list[list[Any]] = []
        size = 2
        for one in changed:
            length = len(json.dumps(one, ensure_ascii=False).encode()) + 2
            if batch and size + length > NOTIFY_BYTES_MAX:
                cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(batch, ensure_ascii=False)])
                batch, size = [], 2
            batch.append(one)
            size += length
        if batch:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(batch, ensure_ascii=False)])
