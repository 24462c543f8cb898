"""A hold at a real bank: traced, placed, cut, answered in lines that add up."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta

import pytest

from node.conftest import World, tally
from thaam.node.config import open_node, read_config
from thaam.wire.messages import (
    CannotMatch,
    Expected,
    HoldAnswer,
    Located,
    check_balances,
)


@pytest.mark.req("S1.16")
def test_stolen_money_that_is_still_there_is_held_and_cannot_be_spent(world: World) -> None:
    order = world.hold_order(world.pays(400_000))
    world.until_quiet()

    answer = world.platform.answers(HoldAnswer)[0]
    check_balances(order, answer)
    assert tally(answer) == {"held": 400_000}
    assert (answer.account, answer.exactness, answer.rule_applied, answer.ranges_kind) == (
        "balu",
        "exact",
        "lifo",
        "exact",
    )
    assert answer.lines[0].lien_reference == "B-LIEN-1"
    assert (world.lien(), world.available()) == (400_000, 0)


def test_what_went_on_is_named_with_the_next_payment_and_its_paise(world: World) -> None:
    order = world.hold_order(world.pays(400_000))
    onward = world.pays(150_000, frm="B/balu", to="C/charu")
    world.until_quiet()

    answer = world.platform.answers(HoldAnswer)[0]
    check_balances(order, answer)
    held, gone = answer.lines
    assert (held.kind, held.lo, held.hi) == ("held", 0, 250_000)
    assert (gone.kind, gone.lo, gone.hi, gone.payment, gone.child_lo) == ("onward", 250_000, 400_000, onward, 0)
    assert onward.payee_bank == "C"


def test_cash_and_purchases_end_the_trail_with_their_particulars(world: World) -> None:
    world.hold_order(world.pays(400_000))
    world.spends(100_000, detail="ATM S1BW0042 Raipur")
    world.spends(50_000, channel="POS")
    world.until_quiet()

    lines = world.platform.answers(HoldAnswer)[0].lines
    assert [(line.kind, line.terminal_kind, line.particulars) for line in lines] == [
        ("held", None, None),
        ("terminal", "PURCHASE", "not recorded"),
        ("terminal", "CASH_ATM", "ATM S1BW0042 Raipur"),
    ]


def test_only_the_asked_paise_are_held_and_the_holders_own_money_stays_free(world: World) -> None:
    world.pays(30_000, frm="C/charu", to="B/balu")
    payment = world.pays(400_000)
    world.hold_order(payment, (300_000, 400_000))
    world.until_quiet()

    assert world.told() == {"held": 100_000}
    assert world.available() == 330_000


def test_two_victims_money_in_one_account_is_held_apart(world: World) -> None:
    first, second = world.pays(300_000), world.pays(200_000)
    world.spends(150_000)
    world.hold_order(first)
    world.hold_order(second)
    world.until_quiet()

    one, two = world.platform.answers(HoldAnswer)
    assert tally(one) == {"held": 300_000}
    assert tally(two) == {"held": 50_000, "terminal:CASH_ATM": 150_000}
    assert (world.lien(), world.available()) == (350_000, 0)


def test_paise_held_for_one_order_are_shown_to_another_and_not_held_twice(world: World) -> None:
    payment = world.pays(300_000)
    first = world.hold_order(payment, (0, 200_000))
    world.until_quiet()
    world.hold_order(payment)
    world.until_quiet()

    answer = world.platform.answers(HoldAnswer)[-1]
    assert [(line.kind, line.lo, line.hi, line.hold_order_id) for line in answer.lines] == [
        ("held", 0, 200_000, first.id),
        ("held", 200_000, 300_000, None),
    ]
    assert world.lien() == 300_000


def test_less_than_the_floor_is_left_alone_and_said_to_be(world: World) -> None:
    payment = world.pays(9_999)
    world.hold_order(payment, floor_paise=10_000)
    world.until_quiet()

    assert world.told() == {"seen:floor": 9_999}
    assert world.lien() == 0


def test_the_floor_itself_is_held(world: World) -> None:
    world.hold_order(world.pays(10_000), floor_paise=10_000)
    world.until_quiet()

    assert world.told() == {"held": 10_000}


def test_one_payment_credited_in_two_accounts_is_held_in_both_and_floored_in_each(world: World) -> None:
    world.host.bank("B").open_account(account="sita", holder="Sita")
    (world.folder / "split.csv").write_text(
        "posted_at,tx_ref,bank,account,side,channel,amount_paise,counterparty_bank\n"
        "2026-03-02T10:00:00+00:00,SPLIT1,A,asha,D,UPI,100000,B\n"
        "2026-03-02T10:00:00+00:00,SPLIT1,B,balu,C,UPI,92000,A\n"
        "2026-03-02T10:00:00+00:00,SPLIT1,B,sita,C,UPI,8000,A\n"
    )
    world.host.load(id="split", postings=world.folder / "split.csv", accounts=None)
    payment = replace(world.pays(1), reference="SPLIT1", amount_paise=100_000)
    world.hold_order(payment, floor_paise=10_000)
    world.until_quiet()

    lines = world.platform.answers(HoldAnswer)[0].lines
    assert [(line.kind, line.reason, line.lo, line.hi) for line in lines] == [
        ("held", None, 0, 92_000),
        ("seen", "floor", 92_000, 100_000),
    ]
    assert (world.lien("B/balu"), world.lien("B/sita")) == (92_000, 0)


def test_money_under_the_banks_own_lien_is_not_ours_to_hold(world: World) -> None:
    from thaam.world.toybank.liens import place_lien

    payment = world.pays(400_000)
    place_lien(bank=world.host.bank("B"), id="court", account="balu", amount_paise=350_000, at=world.clock())
    world.hold_order(payment)
    world.until_quiet()

    assert world.told() == {"held": 50_000, "seen:other_lien": 350_000}
    assert world.platform.answers(HoldAnswer)[0].lines[-1].kind == "held"


def test_a_bank_that_only_exports_a_file_traces_and_says_that_it_cannot_hold(world: World) -> None:
    payment = world.pays(400_000)
    world.spends(100_000)
    columns = ["posted_at", "tx_ref", "bank", "account", "side", "amount_paise", "channel", "counterparty_bank"]
    with (world.folder / "export.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(world.host.bank("B").postings_after(position=0, limit=10))
    config = world.folder / "node.toml"
    text = config.read_text().replace('adapter = "toybank"', f'adapter = "file"\npostings = "{file.name}"')
    config.write_text(text)
    world.hold_order(payment)
    world.until_quiet()

    assert world.told() == {"seen:no_power": 300_000, "terminal:CASH_ATM": 100_000}


def test_names_the_wire_cannot_carry_do_not_stop_the_node(world: World) -> None:
    world.host.bank("B").open_account(account="खाता 17", holder="Balu")
    first = world.pays(400_000, to="B/खाता 17")
    world.sent += 1
    world.host.bank("B").post_debit(
        id="odd", account="खाता 17", amount_paise=100_000, channel="NEFT", at=world.clock(), tx_ref="odd one"
    )
    world.hold_order(first)
    world.hold_order(world.pays(5_000))
    world.until_quiet()

    odd, plain = world.platform.answers(HoldAnswer)
    assert tally(odd) == {"held": 300_000, "unexplained:not_found": 100_000}
    assert odd.account.startswith("sha256-")
    assert tally(plain) == {"held": 5_000}


def test_a_clock_that_is_wrong_is_corrected_for_deadlines_and_stated_as_it_is(world: World) -> None:
    world.hold_order(world.pays(400_000), expires_at=world.clock() + timedelta(minutes=50))
    wrong = timedelta(minutes=58)
    fast = open_node(read_config(world.folder / "node.toml"), now=lambda: world.clock() + wrong)
    world.nodes.append(fast)
    world.until_quiet(fast)

    answer = world.platform.answers(HoldAnswer)[0]
    assert (answer.answered_at, world.lien()) == (world.clock() + wrong, 400_000)
    again = open_node(read_config(world.folder / "node.toml"), now=lambda: world.clock() + wrong)
    world.nodes.append(again)
    world.platform.down = True
    again.one_pass()
    assert world.lien() == 400_000
    world.clock.goes_on(minutes=50)
    world.until_quiet(again)
    assert world.lien() == 0


def test_a_pool_account_is_never_traced_by_lots(world: World) -> None:
    world.host.bank("B").open_account(account="wallet", holder="Wallet", account_class="POOL")
    world.hold_order(world.pays(400_000, to="B/wallet"))
    world.until_quiet()

    assert world.told() == {"unexplained:pool": 400_000}
    assert world.lien("B/wallet") == 0


def test_an_account_that_deals_with_very_many_others_is_a_pool(world: World) -> None:
    world.write_config("B", pool_counterparties=3)
    for number in range(4):
        world.host.bank("C").open_account(account=f"c{number}", holder="x", opening_paise=1_000)
        world.pays(500, frm=f"C/c{number}")
    world.hold_order(world.pays(400_000))
    world.until_quiet()

    assert world.told() == {"unexplained:pool": 400_000}


def test_a_payment_in_flight_is_expected_and_held_when_it_posts(world: World) -> None:
    payment = world.pays(400_000, delay=60)
    order = world.hold_order(payment)
    node = world.until_quiet()
    assert [type(answer) for answer in world.platform.answers()] == [Expected]

    world.clock.goes_on(seconds=61)
    world.host.carry()
    world.until_quiet(node)

    answer = world.platform.answers(HoldAnswer)[0]
    check_balances(order, answer)
    assert (answer.revision, answer.replaces) == (1, None)
    assert (world.lien(), world.available()) == (400_000, 0)


def test_a_payment_that_never_comes_is_given_up_after_its_days(world: World) -> None:
    world.hold_order(world.pays(400_000, delay=10**7))
    node = world.until_quiet()
    world.clock.goes_on(days=3)
    world.until_quiet(node)

    codes = [answer.code for answer in world.platform.answers(CannotMatch)]
    assert codes == ["not_found"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount_paise": 400_001}, "amount_differs"),
        ({"payee_bank": "C"}, "not_ours"),
        ({"date": None}, "date_differs"),
    ],
)
def test_an_order_that_does_not_fit_is_refused_with_its_code(
    world: World, change: dict[str, object], code: str
) -> None:
    payment = world.pays(400_000)
    if "date" in change:
        change = {"date": payment.date - timedelta(days=9)}
    world.hold_order(replace(payment, **change), (0, 400_000))
    world.until_quiet()

    assert [answer.code for answer in world.platform.answers(CannotMatch)] == [code]
    assert world.lien() == 0


def test_after_its_time_an_order_is_only_lapsed(world: World) -> None:
    world.hold_order(world.pays(400_000))
    world.clock.goes_on(hours=1)
    world.until_quiet()

    assert [answer.code for answer in world.platform.answers(CannotMatch)] == ["lapsed_unexecuted"]
    assert world.lien() == 0


def test_a_refund_by_the_payee_is_returned_and_no_longer_here(world: World) -> None:
    payment = world.pays(400_000)
    world.host.refund(bank="B", id="r", tx_ref=payment.reference, amount_paise=100_000, at=world.clock())
    world.hold_order(payment)
    world.until_quiet()

    lines = world.platform.answers(HoldAnswer)[0].lines
    assert [(line.kind, line.lo, line.hi) for line in lines] == [("held", 0, 300_000), ("returned", 300_000, 400_000)]


def test_a_credit_that_repays_an_overdraft_is_told_as_that(world: World) -> None:
    world.host.bank("B").open_account(account="deep", holder="x", limit_paise=0)
    # history may be below zero although no limit is sanctioned; live debits may not
    from thaam.world.toybank.loading import load_bank

    row = {
        "row": 1,
        "account": "deep",
        "seq": None,
        "posted_us": 0,
        "side": "D",
        "amount_paise": 30_000,
        "tx_ref": "H1",
        "channel": "FEE",
        "counterparty_bank": None,
        "counterparty_account": None,
        "reverses_tx_ref": None,
        "detail": None,
        "payment_lo": 0,
        "payment_amount_paise": None,
    }
    load_bank(bank=world.host.bank("B"), id="h", rows=[row], accounts=[])
    world.hold_order(world.pays(100_000, to="B/deep"))
    world.until_quiet()

    assert world.told() == {"terminal:OVERDRAFT_REPAID": 30_000, "held": 70_000}


def test_the_payers_bank_locates_the_debit_and_compares_the_mobile(world: World) -> None:
    world.write_config("A")
    payment = world.pays(400_000)
    world.locate_order(payment, payer_mobile="+919876500040")
    world.locate_order(payment, payer_mobile="9999999999")
    world.until_quiet()

    yes, no = world.platform.answers(Located)
    assert (yes.found, yes.account, yes.mobile_matches, yes.payment) == (True, "asha", True, payment)
    assert no.mobile_matches is False


def test_a_debit_nobody_knows_is_not_found(world: World) -> None:
    world.write_config("A")
    world.locate_order(replace(world.pays(400_000), reference="000000000000"))
    world.until_quiet()

    assert world.platform.answers(Located)[0].found is False


def test_the_owner_of_a_pool_answers_for_payments_to_the_pools_bank_by_its_sub_ledger(world: World) -> None:
    payment = world.pays(500_000)  # to B, where C owns the account
    world.host.bank("C").open_account(account="user-7", holder="user", mobile=None, opening_paise=0)
    world.host.bank("C").post_credit(
        id="sub", account="user-7", amount_paise=500_000, channel="UPI", tx_ref=payment.reference, at=world.clock(),
        counterparty_bank="A", counterparty_account="asha",
    )  # fmt: skip
    path = world.write_config("C")
    world.hold_order(payment)
    world.until_quiet()
    (refused,) = world.platform.answers()
    assert refused.code == "not_ours"
    path.write_text(path.read_text() + 'pools_at = ["B"]\n')
    world.hold_order(payment)
    world.until_quiet()
    assert world.told() == {"held": 500_000}
    assert world.lien("C/user-7") == 500_000
