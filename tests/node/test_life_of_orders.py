"""What comes after a hold: amendments, cancellations, releases, restorations, expiry, watches, broken liens."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from node.conftest import APPROVER, BASIS, DEVI, World, tally
from thaam.wire.messages import (
    Acknowledged,
    AmendOrder,
    BalanceWatch,
    CancelOrder,
    CannotMatch,
    Expected,
    FreezeToHoldOrder,
    HoldAnswer,
    HoldBroken,
    HoldOrder,
    InformationAnswer,
    InformationRequest,
    LateCredit,
    Range,
    ReleaseDone,
    ReleaseOrder,
    RestoreDone,
    RestoreOrder,
)


def amend(world: World, hold: HoldOrder, revision: int = 2, **changes: Any) -> AmendOrder:
    fields: dict[str, Any] = dict.fromkeys(("ranges", "floor_paise", "provisional", "expires_at", "basis"))
    order: AmendOrder = world.platform.order(
        AmendOrder(
            id=str(uuid.uuid4()),
            hold_order_id=hold.id,
            revision=revision,
            issued_by=DEVI,
            issued_at=world.clock(),
            **{**fields, **changes},
        )
    )
    return order


def cancel(world: World, hold_order_id: str) -> CancelOrder:
    order: CancelOrder = world.platform.order(
        CancelOrder(str(uuid.uuid4()), hold_order_id, "withdrawn", DEVI, world.clock())
    )
    return order


def release(world: World, hold: HoldOrder, lo: int, hi: int) -> ReleaseOrder:
    order: ReleaseOrder = world.platform.order(
        ReleaseOrder(
            id=str(uuid.uuid4()),
            hold_order_id=hold.id,
            ranges=(Range(lo, hi),),
            amount_paise=hi - lo,
            reason="objection_upheld",
            keeps_claim=False,
            basis=BASIS,
            issued_by=DEVI,
            issued_at=world.clock(),
            execute_before=world.clock() + timedelta(hours=1),
        )
    )
    return order


def restore(world: World, hold: HoldOrder, lo: int, hi: int, *, to: str = "A/asha") -> RestoreOrder:
    to_bank, to_account = to.split("/")
    order: RestoreOrder = world.platform.order(
        RestoreOrder(
            id=str(uuid.uuid4()),
            hold_order_id=hold.id,
            ranges=(Range(lo, hi),),
            amount_paise=hi - lo,
            to_bank=to_bank,
            to_account=to_account,
            basis=BASIS,
            issued_by=DEVI,
            approved_by=APPROVER,
            issued_at=world.clock(),
            execute_before=world.clock() + timedelta(hours=1),
        )
    )
    return order


@pytest.mark.req("S1.7")
def test_a_released_part_is_the_holders_again_and_the_rest_stays_held(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    order = release(world, hold, 100_000, 250_000)
    world.until_quiet(node)

    done = world.platform.answers(ReleaseDone)[0]
    assert (done.order_id, done.hold_order_id, done.ranges, done.reason) == (
        order.id,
        hold.id,
        (Range(100_000, 250_000),),
        "ordered",
    )
    assert (world.lien(), world.available()) == (250_000, 150_000)


def test_money_spent_after_its_release_leaves_from_the_released_paise(world: World) -> None:
    payment = world.pays(400_000)
    hold = world.hold_order(payment)
    node = world.until_quiet()
    release(world, hold, 100_000, 250_000)
    world.until_quiet(node)
    world.spends(150_000)
    world.hold_order(payment)
    world.until_quiet(node)

    answer = world.platform.answers(HoldAnswer)[-1]
    assert [(line.kind, line.lo, line.hi) for line in answer.lines] == [
        ("held", 0, 100_000),
        ("terminal", 100_000, 250_000),
        ("held", 250_000, 400_000),
    ]


def test_releasing_what_is_not_held_is_closed(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    release(world, hold, 0, 400_000)
    release(world, hold, 0, 100_000)
    world.until_quiet(node)

    assert [answer.code for answer in world.platform.answers(CannotMatch)] == ["closed"]


@pytest.mark.req("S0.10")
def test_held_money_is_paid_back_to_the_victim_once(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    order = restore(world, hold, 150_000, 400_000)
    world.until_quiet(node)
    world.until_quiet()

    done = world.platform.answers(RestoreDone)[0]
    assert (done.order_id, done.amount_paise, done.payment.payer_bank, done.payment.payee_bank) == (
        order.id,
        250_000,
        "B",
        "A",
    )
    assert world.available("A/asha") == 1_000_000 - 400_000 + 250_000
    assert (world.lien(), world.available()) == (150_000, 0)
    standing = node.parts.ledger.standing("balu")
    assert standing is not None
    assert standing.level_paise == 0


def test_a_restoration_to_an_account_that_does_not_exist_leaves_the_money_held(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    restore(world, hold, 0, 400_000, to="A/nobody")
    world.until_quiet(node)

    assert [answer.code for answer in world.platform.answers(CannotMatch)] == ["not_found"]
    assert (world.lien(), world.available()) == (400_000, 0)


def test_a_restoration_of_more_than_is_held_pays_nothing(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    world.spends(100_000)
    node = world.until_quiet()
    restore(world, hold, 0, 400_000)
    world.until_quiet(node)

    assert [answer.code for answer in world.platform.answers(CannotMatch)] == ["closed"]
    assert world.available("A/asha") == 600_000


def test_a_hold_ends_by_the_nodes_own_clock_even_when_the_platform_is_gone(world: World) -> None:
    hold = world.hold_order(world.pays(400_000), expires_at=world.clock() + timedelta(minutes=5))
    node = world.until_quiet()
    world.platform.down = True
    world.clock.goes_on(minutes=4, seconds=59)
    node.one_pass()
    assert world.lien() == 400_000

    world.clock.goes_on(seconds=1)
    node.one_pass()

    assert (world.lien(), world.available()) == (0, 400_000)
    world.platform.down = False
    world.until_quiet(node)
    done = world.platform.answers(ReleaseDone)
    assert [(each.order_id, each.reason, each.amount_paise) for each in done] == [(hold.id, "expired", 400_000)]


def test_a_renewal_before_the_end_moves_the_end(world: World) -> None:
    hold = world.hold_order(world.pays(400_000), expires_at=world.clock() + timedelta(minutes=5))
    node = world.until_quiet()
    order = amend(world, hold, expires_at=world.clock() + timedelta(days=1))
    world.until_quiet(node)
    world.clock.goes_on(minutes=6)
    world.until_quiet(node)

    assert [answer.order_id for answer in world.platform.answers(Acknowledged)] == [order.id]
    assert world.lien() == 400_000
    world.clock.goes_on(days=1)
    world.until_quiet(node)
    assert world.lien() == 0


def test_a_renewal_after_the_end_is_closed(world: World) -> None:
    hold = world.hold_order(world.pays(400_000), expires_at=world.clock() + timedelta(minutes=5))
    node = world.until_quiet()
    world.clock.goes_on(minutes=6)
    amend(world, hold, expires_at=world.clock() + timedelta(days=1))
    world.until_quiet(node)

    assert [answer.code for answer in world.platform.answers(CannotMatch)] == ["closed"]
    assert world.lien() == 0


def test_an_amendment_to_fewer_paise_releases_the_others_and_answers_anew(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    amend(world, hold, ranges=(Range(0, 100_000),))
    world.until_quiet(node)

    answer = world.platform.answers(HoldAnswer)[-1]
    assert (answer.revision, answer.replaces, answer.order_revision) == (2, 1, 2)
    assert tally(answer) == {"held": 100_000}
    assert world.available() == 300_000


def test_lifting_the_floor_holds_what_was_left_alone(world: World) -> None:
    hold = world.hold_order(world.pays(9_000), floor_paise=10_000)
    node = world.until_quiet()
    assert world.lien() == 0
    amend(world, hold, floor_paise=0)
    world.until_quiet(node)

    assert world.told() == {"held": 9_000}
    assert (world.lien(), world.platform.answers(HoldAnswer)[-1].order_revision) == (9_000, 2)


def test_an_amendment_never_widens_an_order(world: World) -> None:
    hold = world.hold_order(world.pays(400_000), (0, 100_000))
    node = world.until_quiet()
    amend(world, hold, ranges=(Range(0, 100_001),))
    amend(world, hold, revision=4, provisional=False)
    world.until_quiet(node)

    assert [answer.code for answer in world.platform.answers(CannotMatch)] == ["not_found", "not_found"]
    assert world.lien() == 100_000


def test_a_cancelled_hold_is_released_whole(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    order = cancel(world, hold.id)
    world.until_quiet(node)

    done = world.platform.answers(ReleaseDone)[0]
    assert (done.order_id, done.reason, done.amount_paise) == (order.id, "cancelled", 400_000)
    assert world.lien() == 0


def test_paise_another_order_gave_back_are_not_said_to_be_under_another_lien(world: World) -> None:
    payment = world.pays(400_000)
    first = world.hold_order(payment)
    node = world.until_quiet()
    second = world.hold_order(payment)
    world.until_quiet(node)
    cancel(world, first.id)
    world.until_quiet(node)
    amend(world, second, ranges=(Range(0, 300_000),))
    world.until_quiet(node)

    before, after = (each for each in world.platform.answers(HoldAnswer) if each.order_id == second.id)
    assert tally(before) == {"held": 400_000}
    assert tally(after) == {"seen:released": 300_000}
    assert world.lien() == 0


def test_an_order_cancelled_before_it_was_carried_out_never_is(world: World) -> None:
    payment = world.pays(400_000)
    unborn = str(uuid.uuid4())
    cancel(world, unborn)
    world.hold_order(payment, id=unborn)
    world.until_quiet()

    kinds = [type(answer) for answer in world.platform.answers()]
    assert kinds == [Acknowledged, CannotMatch]
    assert world.platform.answers(CannotMatch)[0].code == "cancelled"
    assert world.lien() == 0


def test_a_wait_that_is_cancelled_holds_nothing_when_the_payment_comes(world: World) -> None:
    hold = world.hold_order(world.pays(400_000, delay=60))
    node = world.until_quiet()
    cancel(world, hold.id)
    world.until_quiet(node)
    world.clock.goes_on(seconds=61)
    world.host.carry()
    world.until_quiet(node)

    assert [type(answer) for answer in world.platform.answers()] == [Expected, Acknowledged]
    assert world.lien() == 0


def test_an_order_the_mailbox_shows_closed_is_not_carried_out(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    world.platform.set_state(hold.id, "cancelled")
    world.until_quiet()

    assert world.platform.answers() == []
    assert world.lien() == 0


@pytest.mark.parametrize("state", ["cancelled", "lapsed", "done", "answered", "tombstone"])
def test_every_closed_state_is_seen_as_closed_by_a_new_node(world: World, state: str) -> None:
    hold = world.hold_order(world.pays(400_000))
    world.platform.set_state(hold.id, state)
    world.until_quiet()

    assert world.lien() == 0


@pytest.mark.parametrize("kind", ["release", "restore"])
def test_money_that_was_to_leave_by_an_order_that_lapsed_unseen_stays_and_the_platform_hears_so(
    world: World, kind: str
) -> None:
    hold = world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    asked: Any = (release if kind == "release" else restore)(world, hold, 0, 400_000)
    world.platform.set_state(asked.id, "lapsed")
    world.until_quiet(node)

    (said,) = [answer for answer in world.platform.answers() if answer.order_id == asked.id]
    assert isinstance(said, CannotMatch)
    assert (said.code, world.lien()) == ("lapsed_unexecuted", 400_000)


@pytest.mark.req("S1.7")
def test_a_frozen_account_gets_back_everything_but_the_disputed_paise(world: World) -> None:
    world.pays(50_000, frm="C/charu")
    payment = world.pays(400_000)
    world.host.bank("B").freeze_account(id="f", account="balu", on=True)
    world.platform.order(
        FreezeToHoldOrder(
            id=str(uuid.uuid4()),
            account="balu",
            freeze_reference=None,
            payment=payment,
            ranges=(Range(0, 400_000),),
            amount_paise=400_000,
            basis=BASIS,
            issued_by=DEVI,
            issued_at=world.clock(),
            execute_before=world.clock() + timedelta(hours=1),
            expires_at=world.clock() + timedelta(days=30),
        )
    )
    world.until_quiet()

    assert world.told() == {"held": 400_000}
    assert world.host.bank("B").account(account="balu")["frozen"] is False
    world.spends(50_000)
    assert world.available() == 0


def test_money_that_leaves_through_a_lien_is_a_broken_hold(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    world.host.bank("B").set_switch(name="liens_hold", on=False)
    world.spends(150_000)
    world.until_quiet(node)
    world.until_quiet()

    broken = world.platform.answers(HoldBroken)
    assert [(each.hold_order_id, each.amount_paise, each.ranges) for each in broken] == [
        (hold.id, 150_000, (Range(250_000, 400_000),))
    ]
    assert (world.lien(), world.available()) == (250_000, 0)


def test_new_money_on_a_held_account_is_told_and_not_held(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    late = world.pays(30_000, frm="C/charu")
    world.until_quiet(node)

    told = world.platform.answers(LateCredit)
    assert [(each.hold_order_id, each.account, each.payment) for each in told] == [(hold.id, "balu", late)]
    assert world.available() == 30_000


def test_watched_money_is_told_when_it_moves_and_never_held(world: World) -> None:
    payment = world.pays(400_000)
    watch = BalanceWatch(
        id=str(uuid.uuid4()),
        payment=payment,
        ranges=(Range(0, 400_000),),
        basis=BASIS,
        issued_by=DEVI,
        issued_at=world.clock(),
        watch_until=world.clock() + timedelta(days=1),
    )
    world.platform.order(watch)
    node = world.until_quiet()
    world.spends(100_000)
    world.until_quiet(node)
    world.spends(50_000)
    world.until_quiet(node)

    first, second = world.platform.answers(HoldAnswer)
    assert (tally(first), first.order_id) == ({"seen:watched": 300_000, "terminal:CASH_ATM": 100_000}, watch.id)
    assert (tally(second)["seen:watched"], second.replaces) == (250_000, 1)
    world.clock.goes_on(days=2)
    world.spends(50_000)
    world.until_quiet(node)
    assert len(world.platform.answers(HoldAnswer)) == 2


def test_particulars_of_a_debit_come_from_the_ledger(world: World) -> None:
    world.hold_order(world.pays(400_000))
    world.spends(100_000, detail="ATM S1BW0042 Raipur")
    node = world.until_quiet()
    about = next(line for line in world.platform.answers(HoldAnswer)[0].lines if line.kind == "terminal").payment
    world.platform.order(
        InformationRequest(
            id=str(uuid.uuid4()),
            what="particulars",
            about=about,
            account=None,
            words=None,
            due_at=world.clock() + timedelta(days=1),
            basis=BASIS,
            issued_by=DEVI,
            issued_at=world.clock(),
        )
    )
    world.until_quiet(node)

    answer = world.platform.answers(InformationAnswer)[0]
    assert answer.found
    assert "ATM S1BW0042 Raipur" in answer.words


@pytest.mark.parametrize("code", ["order_lapsed", "order_closed"])
def test_money_held_under_an_order_that_no_longer_counts_is_let_go(world: World, code: str) -> None:
    order = world.hold_order(world.pays(500_000))
    world.platform.refuses[order.id] = code
    world.until_quiet()
    assert world.lien() == 0
    (done,) = world.platform.answers(ReleaseDone)
    assert (done.hold_order_id, done.amount_paise, done.reason) == (order.id, 500_000, "cancelled")
    world.until_quiet()  # started anew, it holds nothing again
    assert (world.lien(), len(world.platform.answers())) == (0, 1)
