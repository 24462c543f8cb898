"""Who else paid a found mule, and telling the bank's own customer, once, through its core."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from thaam.wire.messages import (
    Acknowledged,
    BlockAnswer,
    BlockOrder,
    Notice,
    PayersAnswer,
    PayersRequest,
    PaymentId,
    Warned,
    WarnOrder,
)

from .conftest import BASIS, DEVI, World


def order(world: World, kind: type, **fields):
    told = {
        "id": str(uuid.uuid4()), "basis": BASIS, "issued_by": DEVI, "issued_at": world.clock(),
        "execute_before": world.clock() + timedelta(hours=1), **fields,
    }  # fmt: skip
    return world.platform.order(kind(**told))


@pytest.mark.req("S2.4")
def test_the_mules_bank_tells_every_payment_into_the_account_in_that_time(world: World) -> None:
    early = world.pays(100_000)
    world.clock.goes_on(days=5)
    wanted = [world.pays(200_000), world.pays(5_000, frm="C/charu")]
    world.spends(50_000)
    order(
        world, PayersRequest, account="balu", from_at=world.clock() - timedelta(days=1), to_at=world.clock(),
    )  # fmt: skip
    world.until_quiet()
    told = world.platform.answers(PayersAnswer)[0]
    assert told.complete
    assert {(p.reference, p.amount_paise, p.payer_bank) for p in told.payments} == {
        (p.reference, p.amount_paise, p.payer_bank) for p in wanted
    }
    assert early.reference not in {p.reference for p in told.payments}


@pytest.mark.req("S2.4")
def test_a_customer_is_warned_once_in_the_words_of_the_order(world: World) -> None:
    world.pays(100_000)
    world.until_quiet()
    paid = world.pays(7_000, frm="B/balu", to="C/charu")
    words = {"words_hi": "1930 पर बात करें", "words_en": "Call 1930"}
    asked = order(world, WarnOrder, payment=paid, **words)
    node = world.until_quiet()
    world.platform.order(asked)
    world.until_quiet(node)
    assert [(w.told, w.way) for w in world.platform.answers(Warned)] == [(True, "app")]
    shown = world.host.bank("B").messages_to(account="balu")
    assert [message["words_hi"] for message in shown] == [words["words_hi"]]


def test_a_payment_that_is_not_here_warns_nobody_and_a_bank_blocks_no_number(world: World) -> None:
    unknown = PaymentId("UPI", "999999999999", world.clock().date(), 100, "B", "C")
    order(world, WarnOrder, payment=unknown, words_hi="x", words_en="x")
    order(
        world, BlockOrder, action="block", what="phone", identifier="9000000077", reports=5, evidence_digest=None,
        words="x", review_at=world.clock() + timedelta(days=90),
    )  # fmt: skip
    world.until_quiet()
    assert world.platform.answers(Warned)[0].told is False
    assert world.platform.answers(BlockAnswer)[0].result == "not_ours"


HINDI, ENGLISH = "आपके खाते में ₹500 पर रोक है।", "Rs 500 in your account is on hold."


def notice(world: World, about: str | None, code: str = "to_holder") -> Notice:
    told = Notice(str(uuid.uuid4()), code, about, f"{HINDI}\n{ENGLISH}", DEVI, world.clock())
    return world.platform.order(told)


@pytest.mark.req("S0.9")
def test_the_holder_of_a_held_account_is_told_by_the_bank_once_and_only_then_it_is_acknowledged(world: World) -> None:
    asked = world.hold_order(world.pays(50_000))
    node = world.until_quiet()
    told = notice(world, asked.id)
    world.until_quiet(node)
    world.platform.order(told)
    world.until_quiet(node)
    shown = world.host.bank("B").messages_to(account="balu")
    assert [(message["words_hi"], message["words_en"]) for message in shown] == [(HINDI, ENGLISH)]
    assert [each.order_id for each in world.platform.answers(Acknowledged)] == [told.id]


@pytest.mark.req("S0.9")
def test_words_for_a_holder_nobody_here_has_wait_for_the_banks_people(world: World) -> None:
    world.pays(50_000)
    notice(world, str(uuid.uuid4()))
    notice(world, None)
    read = notice(world, None, code="other")
    world.until_quiet()
    assert [each.order_id for each in world.platform.answers(Acknowledged)] == [read.id]
    assert world.host.bank("B").messages_to(account="balu") == []
