"""Whatever happens in whatever order, every answer adds up and core, ledger and records agree to the paisa."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from node.conftest import BASIS, DEVI, World
from node.test_life_of_orders import amend, cancel, release, restore
from node.test_old_copies import copied, on_the_copy, on_the_newest, their_word
from thaam.money import ranges as sets
from thaam.node.resuming import StoreIsOlder
from thaam.wire.messages import (
    BalanceWatch,
    HoldAnswer,
    HoldOrder,
    PaymentId,
    Range,
    ReleaseDone,
    RestoreDone,
    pairs_of,
)
from thaam.world.toybank.refusals import Refused

PAISE = st.integers(1, 60_000)
CHANGES = ["release", "restore", "fewer", "no floor", "release", "restore", "cancel"]
PART = st.tuples(st.integers(0, 99), st.integers(1, 100))


class AnyLife(RuleBasedStateMachine):
    """Balu's account at bank B: money comes and goes, orders come, the node is killed and started again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name))
        self.world.host.bank("C").open_account(account="rich", holder="x", opening_paise=10**9)
        self.payments: list[PaymentId] = []
        self.orders: list[HoldOrder] = []
        self.asked: dict[str, tuple[tuple[int, int], ...]] = {}
        self.revision: dict[str, int] = {}
        self.node = self.world.node()

    def teardown(self) -> None:
        self.world.close()
        self.folder.cleanup()

    def quiet(self) -> None:
        self.world.until_quiet(self.node)

    @rule(paise=PAISE)
    def money_comes(self, paise: int) -> None:
        self.payments.append(self.world.pays(paise, frm="C/rich"))

    @rule(paise=PAISE, channel=st.sampled_from(["ATM", "POS", "UPI"]))
    def money_goes(self, paise: int, channel: str) -> None:
        self.pay_out(1 + paise % (self.world.available() + 100), channel)

    def pay_out(self, paise: int, channel: str) -> None:
        try:
            if channel == "UPI":
                self.world.pays(paise, frm="B/balu", to="C/charu")
            else:
                self.world.spends(paise, channel=channel)
        except Refused as refused:
            assert refused.code == "insufficient_funds"

    @precondition(lambda self: self.payments)
    @rule(data=st.data(), share=st.integers(1, 25))
    def part_is_sent_back(self, data: st.DataObject, share: int) -> None:
        payment = data.draw(st.sampled_from(self.payments))
        paise = max(1, payment.amount_paise * share // 100)
        try:
            self.world.host.refund(
                bank="B", id=self.world.new_id(), tx_ref=payment.reference, amount_paise=paise, at=self.world.clock()
            )
        except Refused as refused:
            assert refused.code in ("insufficient_funds", "more_than_left")

    @precondition(lambda self: self.payments)
    @rule(data=st.data(), part=PART, floor=st.sampled_from([0, 0, 10_000]), days=st.integers(2, 9))
    def a_hold_is_ordered(self, data: st.DataObject, part: tuple[int, int], floor: int, days: int) -> None:
        payment = data.draw(st.sampled_from(self.payments))
        lo, hi = self.share_of(payment, part)
        order = self.world.hold_order(
            payment, (lo, hi), floor_paise=floor, expires_at=self.world.clock() + timedelta(days=days)
        )
        self.orders.append(order)
        self.asked[order.id] = ((lo, hi),)
        self.revision[order.id] = 1
        self.quiet()

    @precondition(lambda self: self.orders)
    @rule(
        data=st.data(),
        part=PART,
        how=st.sampled_from(["release", "restore", "fewer", "no floor", "release", "restore", "cancel"]),
    )
    def an_order_changes(self, data: st.DataObject, part: tuple[int, int], how: str) -> None:
        order = data.draw(st.sampled_from(self.orders))
        lo, hi = self.share_of(order.payment, part)
        kept = self.kept_by(order)
        if kept and how in ("release", "restore") and part[0] % 4:  # aim at what is held, mostly
            lo, hi = kept[part[1] % len(kept)]
            hi -= (hi - lo) // (1 + part[1] % 3) if part[1] % 3 else 0
        if how == "release":
            release(self.world, order, lo, hi)
        elif how == "restore":
            restore(self.world, order, lo, hi, to="C/rich")
        elif how == "cancel":
            cancel(self.world, order.id)
        else:
            record = self.node.parts.records.find_hold(order.id)
            asked = sets.intersect(self.asked[order.id], ((lo, hi),))
            if record is None or record.state == "ended" or not asked:
                return
            revision = record.order.revision + 1
            if how == "fewer":
                amend(self.world, order, revision, ranges=tuple(Range(*pair) for pair in asked))
                self.asked[order.id] = asked
            else:
                amend(self.world, order, revision, floor_paise=0)
        self.quiet()

    @rule(hours=st.integers(1, 12))
    def time_passes(self, hours: int) -> None:
        self.world.clock.goes_on(hours=hours)
        self.quiet()

    @rule()
    def the_node_is_killed(self) -> None:
        self.node = self.world.node()
        self.quiet()

    @precondition(lambda self: self.payments)
    @rule(data=st.data(), heard=st.sampled_from([0, 0, 1]), unheard=st.sampled_from([0, 1, 2]), part=PART)
    def an_old_copy_is_brought_back(self, data: st.DataObject, heard: int, unheard: int, part: tuple[int, int]) -> None:
        """It stops, and the newest files go on; or it knows all that was ever said, and goes on itself."""
        self.quiet()
        copied(self.world)
        for number in range(heard + unheard):
            self.world.platform.deaf = number >= heard
            self.a_hold_is_ordered(data, part, 0, 5)
            self.money_comes(1 + part[1])
        on_the_copy(self.world)
        self.world.platform.deaf = False
        self.node = self.world.node()
        try:
            self.quiet()
        except StoreIsOlder:
            on_the_newest(self.world)
            their_word(self.world)
            self.node = self.world.node()
            self.quiet()
            assert not self.node.parts.records.are_newest()

    @rule(paise=PAISE)
    def the_core_breaks_its_liens(self, paise: int) -> None:
        self.quiet()
        bank = self.world.host.bank("B")
        bank.set_switch(name="liens_hold", on=False)
        self.pay_out(1 + paise % (self.world.available() + self.world.lien() + 1), "ATM")
        bank.set_switch(name="liens_hold", on=True)
        self.quiet()

    @precondition(lambda self: self.payments)
    @rule(data=st.data())
    def money_is_watched(self, data: st.DataObject) -> None:
        payment = data.draw(st.sampled_from(self.payments))
        self.world.platform.order(
            BalanceWatch(
                id=self.world.new_id(),
                payment=payment,
                ranges=(Range(0, payment.amount_paise),),
                basis=BASIS,
                issued_by=DEVI,
                issued_at=self.world.clock(),
                watch_until=self.world.clock() + timedelta(days=2),
            )
        )
        self.quiet()

    @invariant()
    def core_ledger_and_records_agree(self) -> None:
        self.quiet()
        ledger, records = self.node.parts.ledger, self.node.parts.records
        assert self.world.lien() == ledger.held_on("balu")
        assert self.world.lien() == sum(leg.kept_paise for leg in records.legs_on("balu"))
        assert self.world.available() >= 0
        standing = ledger.standing("balu")
        if standing is not None:
            assert standing.unposted_paise == 0
            assert standing.level_paise >= 0

    @invariant()
    def answers_add_up_and_replace_each_other(self) -> None:
        last: dict[str, int] = {}
        for answer in self.world.platform.answers(HoldAnswer):
            assert answer.replaces == last.get(answer.order_id)
            assert answer.revision == (answer.replaces or 0) + 1
            last[answer.order_id] = answer.revision
        newest = {answer.order_id: answer for answer in self.world.platform.answers(HoldAnswer)}
        for order in self.orders:
            if (answer := newest.get(order.id)) and answer.order_revision == self.node.parts.records.find_hold(
                order.id
            ).order.revision:
                assert sets.normalise((line.lo, line.hi) for line in answer.lines) == self.asked[order.id]

    @invariant()
    def nothing_leaves_a_hold_twice(self) -> None:
        left: dict[str, list[tuple[int, int]]] = {}
        for done in self.world.platform.answers():
            if isinstance(done, ReleaseDone | RestoreDone):
                left.setdefault(done.hold_order_id, []).extend(pairs_of(done.ranges))
        for pairs in left.values():
            assert sum(hi - lo for lo, hi in pairs) == sets.total(pairs)

    def kept_by(self, order: HoldOrder) -> sets.Ranges:
        legs = self.node.parts.records.legs(order.id)
        return sets.union(*(self.node.parts.ledger.kept(hold_id=leg.id).get(leg.credit_position, ()) for leg in legs))

    def share_of(self, payment: PaymentId, part: tuple[int, int]) -> tuple[int, int]:
        start, size = part
        lo = payment.amount_paise * start // 100
        return lo, min(payment.amount_paise, max(lo + 1, lo + payment.amount_paise * size // 100))


AnyLife.TestCase.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
TestAnyLife = AnyLife.TestCase
