"""Frauds: victims pay, mules forward, gather, cash out and keep; every rupee's true path is written down.

The plan of a mule is the truth: it forwards *this* victim's money in *these* payments. What a tracing rule
makes of the postings is compared with that and may differ wherever an account is used for other things too.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from thaam.world.channels import CODE, transfer_channel
from thaam.world.people import People
from thaam.world.settings import Setting

KINDS = ("carried", "kept", "gone", "innocent", "returned", "false")
"""What a line of the truth says: a payment carries the claim; or where the claim's paise are at the end."""


class Piece(NamedTuple):
    """Paise of one claim inside a parcel; a parcel's pieces lie bottom up in its payment."""

    claim: int
    hop: int
    paise: int


class Parcel(NamedTuple):
    """Money a mule has in hand and has to move."""

    pieces: tuple[Piece, ...]
    left: int
    """Hops still to go."""
    wide: bool = False
    evade: bool = False

    @property
    def paise(self) -> int:
        return sum(piece.paise for piece in self.pieces)


@dataclass(slots=True)
class Frauds:
    """Columns of the stolen payments, their credits, the claims and the truth, in the order they happened."""

    t: list[float] = field(default_factory=list)
    payer: list[int] = field(default_factory=list)
    paise: list[int] = field(default_factory=list)
    channel: list[int] = field(default_factory=list)
    reverses: list[int] = field(default_factory=list)
    credit_payment: list[int] = field(default_factory=list)
    credit_t: list[float] = field(default_factory=list)
    credit_account: list[int] = field(default_factory=list)
    credit_paise: list[int] = field(default_factory=list)
    claim_payment: list[int] = field(default_factory=list)
    claim_paise: list[int] = field(default_factory=list)
    claim_reported: list[float] = field(default_factory=list)
    truth: list[tuple[int, int, int, int, int, int, float]] = field(default_factory=list)
    """(claim, kind, payment, account, paise, hop, t)"""


def commit_frauds(*, setting: Setting, people: People, claims: int, end: float, rng: np.random.Generator) -> Frauds:
    """Play `claims` frauds over `[0, end)` seconds; every claim's paise are all in the truth, each once."""
    return _Play(setting, people, end, rng).run(claims)


class _Play:
    """One run: a heap of what mules will do next, in time order, so that gathering mules see each other's money."""

    def __init__(self, setting: Setting, people: People, end: float, rng: np.random.Generator) -> None:
        self.setting, self.people, self.end, self.rng = setting, people, end, rng
        self.out = Frauds()
        self.heap: list[tuple[float, int, Callable[[float], None]]] = []
        self.turn = 0
        self.pools = set(people.pools.tolist())
        self.gathered: dict[int, list[Parcel]] = defaultdict(list)
        mules = people.mules
        self.gatherers = set(mules[: int(len(mules) * setting.bulk_share)].tolist())
        self.owed: dict[int, int] = {}
        self.fans = np.cumsum(setting.fanout_weights) / sum(setting.fanout_weights)

    def run(self, claims: int) -> Frauds:
        for mule in self.people.overdrawn.tolist():
            paise = int(self.rng.integers(2_000_00, 45_000_00))
            self._pay(0.0, mule, paise, CODE["POS"], [])
            if mule not in self.people.limited:
                self.owed[mule] = paise
        s = self.setting
        times = np.sort(self.rng.random(claims) * self.end * 0.93)
        losses = s.loss_median_rupees * np.exp(self.rng.normal(0, s.loss_sigma, claims))
        waits = s.report_median_seconds * np.exp(self.rng.normal(0, s.report_sigma, claims))
        victims = self.people.draw(self.rng, claims)
        for number in range(claims):
            paise = int(min(max(losses[number], 500.0), 20_00_000.0)) * 100
            self._at(float(times[number]), self._steal(number, int(victims[number]), paise))
            self.out.claim_payment.append(-1)
            self.out.claim_paise.append(paise)
            self.out.claim_reported.append(float(min(times[number] + waits[number], self.end)))
        while self.heap:
            t, _, act = heapq.heappop(self.heap)
            act(t)
        return self.out

    def _at(self, t: float, act: Callable[[float], None]) -> None:
        self.turn += 1
        heapq.heappush(self.heap, (t, self.turn, act))

    def _wait(self, t: float) -> float:
        return t + 1.0 + float(self.rng.exponential(self.setting.delay_mean_seconds))

    def _mule(self, other_than: int) -> int:
        mules = self.people.mules
        while True:
            mule = int(mules[int(self.rng.integers(len(mules)))])
            if mule != other_than:
                return mule

    def _steal(self, number: int, victim: int, paise: int) -> Callable[[float], None]:
        def act(t: float) -> None:
            s, draw = self.setting, self.rng.random(3)
            # Most trees are short; the long ones are rare, as with real chains.
            hops = s.hops_min + min(int(self.rng.exponential(2.2)), s.hops_max - s.hops_min)
            wide, evade = bool(draw[0] < s.wide_share), bool(draw[1] < s.evasion_share)
            mule = self._mule(victim)
            stolen = Parcel((Piece(number, 1, paise),), hops - 1, wide, evade)
            payment = self._pay(t, victim, paise, transfer_channel(paise, self.rng.random()), [(mule, paise)])
            self.out.claim_payment[number] = payment
            self._note(t, "carried", stolen.pieces, payment, mule)
            if draw[2] < s.refund_share:
                stolen = self._send_back(self.out.credit_t[-1], mule, victim, stolen, payment, "returned")
            self._arrive(mule, stolen, payment)

        return act

    # What a mule does with money that has arrived

    def _receive(self, t: float, mule: int, parcel: Parcel, payment: int) -> None:
        if parcel.paise and (owed := self.owed.get(mule)):
            parcel = self._repay(t, mule, parcel, payment, owed)
        if not parcel.paise:
            return
        if mule in self.gatherers and parcel.left > 0:
            self.gathered[mule].append(parcel)
            if len(self.gathered[mule]) == 1:
                self._at(self._wait(self._wait(t)), lambda at: self._pay_out(at, mule))
            return
        if parcel.left <= 0:
            self._at(self._wait(t), lambda at: self._end(at, mule, parcel))
            return
        self._forward(t, mule, parcel)

    def _repay(self, t: float, mule: int, parcel: Parcel, payment: int, owed: int) -> Parcel:
        repaid = min(owed, parcel.paise)
        self.owed[mule] = owed - repaid
        below, above = _cut(parcel.pieces, repaid)
        self._note(t, "gone", below, payment, mule)
        return parcel._replace(pieces=above)

    def _forward(self, t: float, mule: int, parcel: Parcel) -> None:
        s, rng = self.setting, self.rng
        kept, moving = _cut(parcel.pieces, int(parcel.paise * rng.random() * s.keep_max))
        self._keep(t, mule, kept)
        moving_paise = sum(piece.paise for piece in moving)
        if moving_paise > 2_000_00 and rng.random() < s.cash_on_the_way:
            cashed, moving = _cut(moving, int(moving_paise * (0.2 + 0.5 * rng.random())) // 100_00 * 100_00)
            if cashed:
                self._at(self._wait(t), lambda at, cashed=cashed: self._cash(at, mule, cashed))  # type: ignore[misc]
        parts, wide, evade = self._parts(parcel, sum(piece.paise for piece in moving))
        for paise in parts:
            part, moving = _cut(moving, paise)
            child = Parcel(part, parcel.left - 1, wide, evade)
            self._at(self._wait(t), lambda at, child=child: self._send(at, mule, child))  # type: ignore[misc]

    def _parts(self, parcel: Parcel, paise: int) -> tuple[list[int], bool, bool]:
        """How a sum is divided over onward payments, and what of the odd plans is still to come."""
        rng, s = self.rng, self.setting
        second = parcel.pieces[0].hop >= 2
        if parcel.evade and second:
            count = min(max(paise // 95_00, 1), 2_000)
            return _divide(paise, count, rng), False, False
        if parcel.wide and second:
            return _divide(paise, min(100, max(paise // 200_00, 1)), rng), False, False
        count = 1 if paise < s.split_floor_rupees * 100 else 1 + int(np.searchsorted(self.fans, rng.random()))
        return _divide(paise, count, rng), parcel.wide, parcel.evade

    def _send(self, t: float, mule: int, parcel: Parcel) -> None:
        if t >= self.end:
            self._keep(t, mule, parcel.pieces)
        elif len(self.people.pools) and self.rng.random() < self.setting.pool_share:
            self._transfer(t, mule, [(int(self.rng.choice(self.people.pools)), parcel)])
        else:
            self._transfer(t, mule, [(self._mule(mule), parcel)])

    def _from_pool(self, t: float, pool: int, parcel: Parcel) -> None:
        if t >= self.end:
            self._keep(t, pool, parcel.pieces)
        else:
            self._transfer(t, pool, [(self._mule(pool), parcel)])

    def _pay_out(self, t: float, mule: int) -> None:
        parcels = self.gathered.pop(mule)
        pieces = tuple(piece for parcel in parcels for piece in parcel.pieces)
        if t >= self.end:
            self._keep(t, mule, pieces)
            return
        kept, moving = _cut(pieces, int(sum(p.paise for p in pieces) * self.rng.random() * self.setting.keep_max))
        self._keep(t, mule, kept)
        left = max(parcel.left for parcel in parcels) - 1
        shares = []
        for paise in _divide(sum(p.paise for p in moving), int(self.rng.integers(2, 7)), self.rng):
            part, moving = _cut(moving, paise)
            shares.append((self._mule(mule), Parcel(part, left)))
        self._transfer(t, mule, shares)

    def _end(self, t: float, mule: int, parcel: Parcel) -> None:
        """A leaf: kept, paid to somebody who knows nothing, or turned into cash."""
        s, draw = self.setting, self.rng.random()
        if t >= self.end or draw < s.leaf_kept:
            self._keep(t, mule, parcel.pieces)
        elif draw < s.leaf_kept + s.innocent_leaf:
            person = int(self.people.draw(self.rng, 1)[0])
            payment = self._pay(t, mule, parcel.paise, transfer_channel(parcel.paise, 0.1), [(person, parcel.paise)])
            onward = _one_hop_on(parcel)
            self._note(t, "carried", onward.pieces, payment, person)
            self._note(t, "innocent", onward.pieces, payment, person)
        else:
            self._cash(t, mule, parcel.pieces)

    # What is written down

    def _cash(self, t: float, mule: int, pieces: tuple[Piece, ...]) -> None:
        if t >= self.end:
            self._keep(t, mule, pieces)
            return
        paise = sum(piece.paise for piece in pieces)
        ways = ("ATM", "AEPS", "POS") if paise <= 20_000_00 else ("CASH", "CRYPTO", "FOREIGN", "POS")
        payment = self._pay(t, mule, paise, CODE[ways[int(self.rng.random() * len(ways))]], [])
        on = tuple(piece._replace(hop=piece.hop + 1) for piece in pieces)
        self._note(t, "carried", on, payment, -1)
        self._note(t, "gone", on, payment, -1)

    def _keep(self, t: float, account: int, pieces: tuple[Piece, ...]) -> None:
        self._note(t, "kept", pieces, -1, account)

    def _transfer(self, t: float, payer: int, shares: list[tuple[int, Parcel]]) -> None:
        """One debit of a mule or a pool and its credits; a part may be sent back at once."""
        paise = sum(parcel.paise for _, parcel in shares)
        credits = [(account, parcel.paise) for account, parcel in shares]
        payment = self._pay(t, payer, paise, transfer_channel(paise, self.rng.random()), credits)
        arrived = self.out.credit_t[-1]
        for account, parcel in shares:
            onward = _one_hop_on(parcel)
            self._note(t, "carried", onward.pieces, payment, account)
            if account not in self.pools and payer not in self.pools and self.rng.random() < self.setting.refund_share:
                onward = self._send_back(arrived, account, payer, onward, payment, "kept")
            self._arrive(account, onward, payment)

    def _arrive(self, account: int, parcel: Parcel, payment: int) -> None:
        arrived = self.out.credit_t[-1] if self.out.credit_payment[-1] == payment else self.out.t[-1]
        if account in self.pools:
            self._at(arrived + float(self.rng.uniform(30, 600)), lambda at: self._from_pool(at, account, parcel))
        else:
            self._at(arrived, lambda at: self._receive(at, account, parcel, payment))

    def _send_back(self, t: float, account: int, payer: int, parcel: Parcel, payment: int, kind: str) -> Parcel:
        """The payee's bank returns the top paise, all of them every second time."""
        back = parcel.paise if self.rng.random() < 0.5 else int(parcel.paise * self.rng.random()) or 1
        rest, returned = _cut(parcel.pieces, parcel.paise - back)
        refund = self._pay(t, account, back, self.out.channel[payment], [(payer, back)], reverses=payment)
        self._note(t, kind, returned, refund, payer)
        return parcel._replace(pieces=rest)

    def _pay(
        self, t: float, payer: int, paise: int, channel: int, credits: list[tuple[int, int]], reverses: int = -1
    ) -> int:
        out = self.out
        number = len(out.t)
        out.t.append(t)
        out.payer.append(payer)
        out.paise.append(paise)
        out.channel.append(channel)
        out.reverses.append(reverses)
        late = float(self.rng.uniform(1, 300)) if self.rng.random() < self.setting.in_flight_share else 0.0
        for account, part in credits:
            out.credit_payment.append(number)
            out.credit_t.append(t + late)
            out.credit_account.append(account)
            out.credit_paise.append(part)
        return number

    def _note(self, t: float, kind: str, pieces: tuple[Piece, ...], payment: int, account: int) -> None:
        number = KINDS.index(kind)
        for piece in pieces:
            if piece.paise:
                self.out.truth.append((piece.claim, number, payment, account, piece.paise, piece.hop, t))


def _one_hop_on(parcel: Parcel) -> Parcel:
    return parcel._replace(pieces=tuple(piece._replace(hop=piece.hop + 1) for piece in parcel.pieces))


def _cut(pieces: tuple[Piece, ...], paise: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The lowest `paise` of a parcel, and the rest."""
    below: list[Piece] = []
    above: list[Piece] = []
    for piece in pieces:
        take = min(paise, piece.paise)
        paise -= take
        if take:
            below.append(piece._replace(paise=take))
        if piece.paise > take:
            above.append(piece._replace(paise=piece.paise - take))
    return tuple(below), tuple(above)


def _divide(paise: int, count: int, rng: np.random.Generator) -> list[int]:
    """Positive parts in whole rupees, the last with what is left over; fewer when there is too little."""
    count = max(1, min(count, paise // 100))
    weights = rng.random(count) + 0.2
    parts = [int(part) // 100 * 100 for part in paise * weights / weights.sum()]
    parts = [part for part in parts[:-1] if part]
    return [*parts, paise - sum(parts)] if paise else []
