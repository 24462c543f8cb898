"""A model of two banks beside the real ones: whatever is asked in whatever order, the books agree."""

from __future__ import annotations

import itertools
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from thaam.world.toybank import liens, transfers
from thaam.world.toybank.host import Host
from thaam.world.toybank.refusals import Refused

AT = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNTS = [("A", "a1"), ("A", "a2"), ("B", "b1")]
LIMITS = {"a1": 0, "a2": 500, "b1": 0}
ACCOUNT = st.sampled_from(ACCOUNTS)
PAISE = st.integers(1, 3_000)


class Books(RuleBasedStateMachine):
    """The model keeps a balance an account and an amount a lien; nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.host = Host(data=Path(self.folder.name), codes=["A", "B"], clock=lambda: AT)
        self.balance: dict[str, int] = {}
        self.liens: dict[str, tuple[str, str, int]] = {}
        self.sent: list[tuple[str, str, int, int]] = []
        self.ids = (f"i{n}" for n in itertools.count())
        for bank, account in ACCOUNTS:
            self.host.bank(bank).open_account(
                account=account, holder=account, opening_paise=1_000, limit_paise=LIMITS[account]
            )
            self.balance[account] = 1_000

    def teardown(self) -> None:
        self.host.close()
        self.folder.cleanup()

    def available(self, account: str) -> int:
        held = sum(paise for _, on, paise in self.liens.values() if on == account)
        return self.balance[account] + LIMITS[account] - held

    @rule(payer=ACCOUNT, payee=ACCOUNT, paise=PAISE, again=st.booleans(), delay=st.sampled_from([0.0, 1e6]))
    def pay(self, payer: tuple[str, str], payee: tuple[str, str], paise: int, again: bool, delay: float) -> None:
        id = next(self.ids)
        may = paise <= self.available(payer[1])
        for _ in range(1 + again):
            try:
                sent = self.host.send(
                    bank=payer[0],
                    id=id,
                    from_account=payer[1],
                    to_bank=payee[0],
                    to_account=payee[1],
                    amount_paise=paise,
                    channel="UPI",
                    at=AT,
                    delay_seconds=delay,
                )
            except Refused as refused:
                assert refused.code == "insufficient_funds"
                assert not may
                return
        assert may
        self.balance[payer[1]] -= paise
        if delay:
            assert self.host.bring_back(bank=payer[0], id=id, at=AT)["state"] == "returned"
            self.balance[payer[1]] += paise
        else:
            self.balance[payee[1]] += paise
            self.sent.append((payee[0], sent["tx_ref"], paise, 0))

    @rule(payee=ACCOUNT, paise=PAISE, channel=st.sampled_from(["ATM", "POS", "CASH", "AEPS"]))
    def spend(self, payee: tuple[str, str], paise: int, channel: str) -> None:
        may = paise <= self.available(payee[1])
        try:
            self.host.bank(payee[0]).post_debit(
                id=next(self.ids), account=payee[1], amount_paise=paise, channel=channel, at=AT
            )
        except Refused:
            assert not may
        else:
            assert may
            self.balance[payee[1]] -= paise

    @rule(holder=ACCOUNT, paise=PAISE, again=st.booleans())
    def hold(self, holder: tuple[str, str], paise: int, again: bool) -> None:
        id = next(self.ids)
        expected = max(0, min(paise, self.available(holder[1])))
        for _ in range(1 + again):
            placed = liens.place_lien(
                bank=self.host.bank(holder[0]), id=id, account=holder[1], amount_paise=paise, at=AT
            )
            assert placed["amount_paise"] == expected
        self.liens[id] = (holder[0], holder[1], expected)

    @rule(data=st.data(), paise=PAISE, pay_back=st.booleans())
    def lift(self, data: st.DataObject, paise: int, pay_back: bool) -> None:
        if not self.liens:
            return
        id = data.draw(st.sampled_from(sorted(self.liens)))
        bank, account, held = self.liens[id]
        try:
            if pay_back:
                self.host.pay_out(
                    bank=bank, id=next(self.ids), lien_id=id, amount_paise=paise, to_bank="B", to_account="b1", at=AT
                )
            else:
                liens.lift_lien(bank=self.host.bank(bank), id=id, lift_id=next(self.ids), amount_paise=paise)
        except Refused as refused:
            assert refused.code == "more_than_left"
            assert paise > held
            return
        self.liens[id] = (bank, account, held - paise)
        if pay_back:
            self.balance[account] -= paise
            self.balance["b1"] += paise

    @invariant()
    def the_books_agree(self) -> None:
        for bank, account in ACCOUNTS:
            shown = self.host.bank(bank).account(account=account)
            assert shown["balance_paise"] == self.balance[account]
            assert shown["available_paise"] == self.available(account) >= 0
        assert sum(self.balance.values()) <= 3_000

    @invariant()
    def positions_have_no_gap_and_balances_run(self) -> None:
        for code, bank in self.host.banks.items():
            rows = bank.postings_after(position=0, limit=1000)
            assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
            running = {account: 1_000 for at, account in ACCOUNTS if at == code}
            for row in rows:
                running[row["account"]] += row["amount_paise"] if row["side"] == "C" else -row["amount_paise"]
                assert row["balance_after_paise"] == running[row["account"]]


Books.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestBooks = Books.TestCase


def test_a_payment_whose_courier_was_killed_after_the_credit_is_not_credited_again(tmp_path: Path) -> None:
    host = Host(data=tmp_path, codes=["A", "B"], clock=lambda: AT)
    host.bank("A").open_account(account="a", holder="Asha", opening_paise=1_000)
    host.bank("B").open_account(account="b", holder="Balu")
    sent = {"id": "p", "from_account": "a", "to_bank": "B", "to_account": "b", "amount_paise": 400, "channel": "UPI"}
    transfers.send(bank=host.bank("A"), at=AT, delay_seconds=0, hosted=True, **sent)
    # the courier credited, and died before it could note it
    note = transfers.find_transfer(bank=host.bank("A"), id="p")
    assert note is not None
    host.bank("B").post_credit(
        id="in:A:p",
        account="b",
        amount_paise=400,
        channel="UPI",
        tx_ref=note["tx_ref"],
        at=AT,
        counterparty_bank="A",
        counterparty_account="a",
    )

    assert host.carry() == 1

    assert host.bank("B").account(account="b")["balance_paise"] == 400
    assert transfers.find_transfer(bank=host.bank("A"), id="p")["state"] == "delivered"
    host.close()
