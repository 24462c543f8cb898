"""A virtual network and hands that kill: the whole protocol in one process, all code but sockets and clock as in use.

Every request between node and platform may be lost, answered into the void, sent twice or come again much later; a node
may be killed at any request and the loops inside any transaction. Chance comes from one seed, also that of ids
and nonces.

After every step what the step touched is checked, every few steps and at the end everything (`Checker`).
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from django.db import transaction

from thaam.chase.models import Claim, Partition
from thaam.holds.models import Entry, Hold
from thaam.journal import ids
from thaam.journal.models import Line
from thaam.journal.verifying import Verifier
from thaam.mailbox.exporting import export
from thaam.money import ranges as sets
from thaam.node.parts import Parts
from thaam.node.pull import Node
from thaam.node.records import Records
from thaam.postings.store import NodeStore
from thaam.project.loops import take_some, work_some
from thaam.world.badbank import spoil


class Killed(BaseException):
    """SIGKILL: nothing may catch it on its way out."""


class Network(httpx.BaseTransport):
    """Between one node and the platform, which a third of all requests do not get across unharmed.

    `calm` lets everything through.
    """

    def __init__(self, inner: httpx.BaseTransport, draw: random.Random) -> None:
        self.inner, self.draw = inner, draw
        self.calm = False
        self.kept: list[httpx.Request] = []
        self.faults = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request and what becomes of it."""
        request.read()
        luck = 1.0 if self.calm else self.draw.random()
        if luck < 0.08:
            self.faults += 1
            raise httpx.ConnectError("lost on the way", request=request)
        if luck < 0.16:
            self.faults += 1
            self.inner.handle_request(request)
            raise httpx.ReadTimeout("the answer is lost", request=request)
        if luck < 0.22:
            self.faults += 1
            self.inner.handle_request(request)
        elif luck < 0.26:
            self.faults += 1
            self.kept.append(request)
        elif luck < 0.31:
            self.faults += 1
            raise Killed
        elif luck < 0.35 and self.kept:
            self.faults += 1
            self.inner.handle_request(self.kept.pop(self.draw.randrange(len(self.kept))))
        return self.inner.handle_request(request)


class Checker:
    """Looks whether every paisa is in exactly one state and held once: what changed since it last looked, or all."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self._entries: set[Any] = set()
        self._since = world.at

    def look(self) -> None:
        """At accounts reckoned and holds entered since the last look."""
        since, self._since = self._since, self.world.at
        for partition in Partition.objects.filter(counted_at__gte=since):
            partition.account()  # cannot be built unless it adds up
        entered = dict(Entry.objects.filter(at__gte=since).values_list("pk", "hold_id"))
        new = entered.keys() - self._entries
        self._entries = new if since != self._since else self._entries | new
        payments = Hold.objects.filter(pk__in={entered[key] for key in new}).values("payment_id")
        self._once(Hold.objects.filter(payment_id__in=payments))

    def look_at_everything(self) -> None:
        """At every account, every hold, every account at the banks."""
        claimed = dict(Claim.objects.values_list("pk", "hi"))
        lowest = dict(Claim.objects.values_list("pk", "lo"))
        for partition in Partition.objects.iterator():
            account = partition.account()
            assert account.amount_paise == claimed.pop(partition.claim_id) - lowest[partition.claim_id]
        assert not claimed, "a claim without an account"
        self._once(Hold.objects.all())

    def look_at_the_record(self) -> None:
        """At the journal as anybody could from an export, and at the hold books against it."""
        verifier = Verifier()
        with transaction.atomic():
            found = [str(finding) for record in export() for finding in verifier.check(record)]
        assert not found, found[:5]
        assert verifier.counts.lines == Line.objects.count()

    @staticmethod
    def _once(holds: Any) -> None:
        by_payment: dict[Any, Any] = {}
        for payment_id, held in holds.values_list("payment_id", "held"):
            before = by_payment.get(payment_id, ())
            assert sets.disjoint(before, held), "a paisa is held twice"
            by_payment[payment_id] = sets.union(before, held)


class Simulation:
    """A world whose nodes and loops are killed and whose network fails; `step` lets everybody work once."""

    def __init__(self, world: Any, draw: random.Random) -> None:
        self.world, self.draw = world, draw
        self.checker = Checker(world)
        self.killed = self.steps = 0
        self.networks: dict[str, Network] = {}
        self.liars: dict[str, str] = {}
        for code, node in world.nodes.items():
            assert node.client.transport is not None
            node.client.nonce = lambda: f"{draw.getrandbits(120):030x}"
            node.random = draw.randbytes
            self.networks[code] = node.client.transport = Network(node.client.transport, draw)

    def set_wrong(self, code: str, *, minutes: int) -> None:
        """The clock of this bank's machine goes so many minutes before."""
        node, off = self.world.nodes[code], dt.timedelta(minutes=minutes)
        node.now = node.client.now = lambda: self.world.at + off

    def set_lying(self, code: str, fault: str) -> None:
        """This bank's people tell something else than their node says, in a third of its messages."""
        self.liars[code] = fault
        self._lie(code)

    def _lie(self, code: str) -> None:
        records, fault = self.world.nodes[code].parts.records, self.liars[code]
        truly = records.answer

        def answer(message: Any, *, at: dt.datetime) -> None:
            lies = int(message.id[:4], 16) % 3 == 0  # the same after a crash
            for each in spoil(message, fault) if lies else [message]:
                truly(each, at=at)

        records.answer = answer

    def step(self) -> int:
        """The loops, the sequencer and every node once; how many things were done."""
        world = self.world
        done = self._loops()
        world.sequencer.number(at=world.at)
        for code in world.nodes:
            try:
                done += world.nodes[code].one_pass()
            except Killed:
                self._revive(code)
                done += 1
        self.steps += 1
        self.checker.look()
        return done

    def settle(self, *, calm: bool) -> None:
        """Until nobody has anything left to do; with `calm` the network fails no more."""
        for network in self.networks.values():
            network.calm = calm
        quiet = 0
        for _ in range(500):
            quiet = 0 if self.step() else quiet + 1
            if quiet >= (1 if calm else 2):
                return
            if not calm:
                self.world.later(seconds=self.draw.uniform(0.05, 2.0))
        raise AssertionError("never quiet")

    @property
    def faults(self) -> int:
        """How often the network failed."""
        return sum(network.faults for network in self.networks.values())

    def _loops(self) -> int:
        done = work_some(self.world.table, at=self.world.at)
        for _ in range(200):
            if self.draw.random() < 0.02 and not all(network.calm for network in self.networks.values()):
                self._kill_inside_a_transaction()
            taken = take_some(self.world.table, at=self.world.at)
            if not taken:
                break
            done += taken
        return done

    def _kill_inside_a_transaction(self) -> None:
        """The loop takes answers, does all its work and dies before the commit."""
        try:
            with transaction.atomic():
                take_some(self.world.table, at=self.world.at)
                raise Killed
        except Killed:
            self.killed += 1

    def _revive(self, code: str) -> None:
        """A node is dead; its files are opened by a new one."""
        self.killed += 1
        old = self.world.nodes[code]
        records: Any = old.parts.records
        folder = self.world.folder / f"node-{code}"
        old.parts.ledger.close()
        records.close()
        parts = Parts(
            bank=code,
            core=old.parts.core,
            ledger=NodeStore.open(str(folder / "ledger.sqlite"), synchronous="OFF"),
            records=Records(str(folder / "records.sqlite"), key=old.client.key, synchronous="OFF"),
        )
        self.world.nodes[code] = Node(parts=parts, client=old.client, now=old.now, random=old.random)
        if code in self.liars:
            self._lie(code)


@contextmanager
def fate(seed: int) -> Iterator[random.Random]:
    """The one source of chance: ids of the platform come from it too, as long as this lasts."""
    draw = random.Random(seed)
    before, ids.random_bits = ids.random_bits, draw.getrandbits
    try:
        yield draw
    finally:
        ids.random_bits = before


def hours(draw: random.Random) -> dt.timedelta:
    """How long nothing happens: half an hour and mostly a few more."""
    return dt.timedelta(hours=0.5 + draw.expovariate(1 / 3))
