"""Random postings files with everything in them, and what the paisa-by-paisa replay says of a claim."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from money.replay import PaisaAccount, Token, paise_of

START = datetime(2026, 3, 1, tzinfo=UTC)
HEADING = ("posted_at", "seq", "tx_ref", "bank", "account", "side", "amount_paise", "channel", "counterparty_account",
           "reverses_tx_ref")  # fmt: skip
ENDS = {"ATM": "CASH_ATM", "CASH": "CASH_BRANCH", "AEPS": "AEPS", "CHEQUE": "CHEQUE", "POS": "PURCHASE",
        "FEE": "FEE_TAX", "CRYPTO": "CRYPTO", "FOREIGN": "FOREIGN"}  # fmt: skip


class RandomLedger:
    """A file of a few accounts: transfers that come late, in parts or never, ends, refunds, self-transfers, cycles."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = random.Random(seed)
        self.accounts = [f"A{i}" for i in range(rng.randint(2, 6))]
        self.rows: list[dict[str, Any]] = []
        self.payments: dict[str, dict[str, Any]] = {}
        self.clock = 0
        self.with_seq = rng.random() < 0.4
        waiting: list[tuple[int, list[dict[str, Any]]]] = []
        for step in range(rng.randint(5, 70)):
            for due in [w for w in waiting if w[0] <= step]:
                waiting.remove(due)
                self.rows += due[1]
            self.event(step, waiting)
        for _, rows in waiting:
            if rng.random() < 0.7:
                self.rows += rows
        self.stated: dict[str, tuple[int | None, int, bool]] = {
            account: (rng.choice([None, 0, 13, 60, -9]), rng.choice([0, 0, 20]), rng.random() < 0.1)
            for account in self.accounts
            if rng.random() < 0.5
        }
        self.number()

    def event(self, step: int, waiting: list[tuple[int, list[dict[str, Any]]]]) -> None:
        rng = self.rng
        self.clock += rng.choice([0, 0, 1, 5])
        at = max(0, self.clock - rng.choice([0, 0, 0, 3]))  # clocks of banks run back now and then
        name = f"P{len(self.payments)}"
        payer, payee, amount = rng.choice(self.accounts), rng.choice(self.accounts), rng.randint(1, 25)
        kind = rng.choice(["pay"] * 9 + ["end", "end", "income", "refund", "refund", "internal", "gone"])
        reverses = ""
        if kind == "refund":
            open_ones = [p for p in self.payments.values() if p["left"] and p["payees"]]
            if not open_ones:
                return
            paid = rng.choice(open_ones)
            amount = rng.randint(1, paid["left"])
            paid["left"] -= amount
            payer, payee, reverses = rng.choice(paid["payees"]), paid["payer"] or payee, paid["name"]
        channel = rng.choice(list(ENDS)) if kind == "end" else "INTERNAL" if kind == "internal" else "UPI"
        named = "" if kind == "internal" and rng.random() < 0.5 else "somebody"
        debit = self.row(at, name, payer, "D", amount, channel, named, reverses)
        parts = self.parts(amount) if kind == "pay" and rng.random() < 0.2 else [amount]
        payees = [payee, *(rng.choice(self.accounts) for _ in parts[1:])]
        credits = [
            self.row(at + rng.choice([0, 2]), name, to, "C", size, channel, "somebody", reverses)
            for to, size in zip(payees, parts, strict=True)
        ]
        bounced = reverses and rng.random() < 0.3  # a reversal of which only the payer's bank knows
        if kind != "income" and not bounced:
            self.rows.append(debit)
        if kind != "gone":
            waiting.append((step + rng.choice([0, 0, 0, 1, 4]), credits))
            if rng.random() < 0.03:  # the credit stands before the debit in the file
                self.rows += waiting.pop()[1]
                self.rows.sort(key=lambda row: row is debit)
        self.payments[name] = {
            "name": name, "payer": payer if kind != "income" else "", "payees": payees, "left": amount, "amount": amount
        }  # fmt: skip

    def parts(self, amount: int) -> list[int]:
        cuts = sorted(self.rng.randint(0, amount) for _ in range(self.rng.randint(1, 3)))
        sizes = [b - a for a, b in zip([0, *cuts], [*cuts, amount], strict=True) if b > a]
        return sizes[: self.rng.choice([len(sizes), len(sizes), max(1, len(sizes) - 1)])]

    def row(
        self, at: int, name: str, account: str, side: str, amount: int, channel: str, cp: str, reverses: str
    ) -> dict[str, Any]:
        return {"at": at, "tx_ref": name, "account": account, "side": side, "amount": amount, "channel": channel,
                "cp": cp, "reverses": reverses, "seq": ""}  # fmt: skip

    def number(self) -> None:
        """Give seq numbers and shuffle the file, or leave the order of the file to speak."""
        if self.with_seq:
            for i, row in enumerate(self.rows):
                row["seq"] = i * 3 + 1
            self.rng.shuffle(self.rows)

    def write(self, folder: Path) -> tuple[Path, Path]:
        postings, accounts = folder / "postings.csv", folder / "accounts.csv"
        with postings.open("w", newline="") as file:
            out = csv.writer(file)
            out.writerow(HEADING)
            for r in self.rows:
                at = (START + timedelta(seconds=r["at"])).isoformat()
                out.writerow([at, r["seq"], r["tx_ref"], "B", r["account"], r["side"], r["amount"], r["channel"],
                              r["cp"], r["reverses"]])  # fmt: skip
        with accounts.open("w", newline="") as file:
            out = csv.writer(file)
            out.writerow(["bank", "account", "opening_paise", "limit_paise", "class"])
            for account, (opening, limit, pool) in self.stated.items():
                out.writerow(["B", account, "" if opening is None else opening, limit or "", "POOL" if pool else ""])
        return postings, accounts

    def rows_of(self, account: str, cut: int | None) -> list[dict[str, Any]]:
        """The account's rows in order that count at the cut."""
        rows = [row for row in self.rows if row["account"] == account]
        if self.with_seq:
            rows.sort(key=lambda row: row["seq"])
        if cut is None:
            return rows
        latest, counted = -1, 0
        for n, row in enumerate(rows, 1):
            latest = max(latest, row["at"])
            if latest <= cut:
                counted = n
        return rows[:counted]


class Truth:
    """Every account of a file replayed paisa by paisa up to a cut, and claims followed one paisa at a time."""

    def __init__(self, ledger: RandomLedger, *, fifo: bool, cut: int | None) -> None:
        self.ledger = ledger
        self.whole = {
            name: rows for name in ledger.payments if (rows := [r for r in ledger.rows if r["tx_ref"] == name])
        }
        self.counted = {account: ledger.rows_of(account, cut) for account in ledger.accounts}
        self.debited = {row["tx_ref"] for rows in self.counted.values() for row in rows if row["side"] == "D"}
        self.books = {account: self.replay(account, fifo) for account in ledger.accounts}

    def place(self, credit: dict[str, Any]) -> int:
        """First paisa of the payment that a credit row carries: bottom up in file order."""
        before = 0
        for row in self.whole[credit["tx_ref"]]:
            if row is credit:
                return before
            if row["side"] == "C":
                before += row["amount"]
        raise AssertionError

    def replay(self, account: str, fifo: bool) -> PaisaAccount:
        opening, limit, _ = self.ledger.stated.get(account, (None, 0, False))
        level = lowest = 0
        for row in self.counted[account]:
            level += row["amount"] if row["side"] == "C" else -row["amount"]
            lowest = min(lowest, level)
        book = PaisaAccount(stated=None if opening is None else opening + limit, fifo=fifo, before=-lowest)
        unreturned: dict[str, list[Token]] = {}
        for row in self.counted[account]:
            name, amount = row["tx_ref"], row["amount"]
            if row["side"] == "C":
                tokens = paise_of(name, amount, self.place(row))
                book.credit(tokens)
                unreturned.setdefault(name, []).extend(tokens)
            else:
                came = unreturned.get(row["reverses"], [])
                back = came[max(0, len(came) - amount) :]
                del came[max(0, len(came) - amount) :]
                rest = amount - len(back)
                book.refund(back, paise_of(name, len(back), rest))
                book.debit(paise_of(name, rest))
        return book

    def from_pool(self, name: str) -> bool:
        """True when the payment left an account of many people's money."""
        payer = next((row["account"] for row in self.whole[name] if row["side"] == "D"), None)
        return payer is not None and self.ledger.stated.get(payer, (None, 0, False))[2]

    def parents(self) -> dict[Token, Token]:
        """For a paisa of a payment, the paisa it was in the payment before."""
        return {
            (fate[1], fate[2]): token
            for book in self.books.values()
            for token, fate in book.fate.items()
            if fate[0] in ("out", "given_back")
        }

    def follow(self, name: str, offset: int, max_hops: int | None, claimed: set[Token]) -> tuple[set, tuple]:
        """Payments on one paisa's way, and its end. Only a paisa of the claim itself can be met a second time,
        because no two paise of an account leave as the same paisa of a payment."""
        listed: set = set()
        hop = 1
        while True:
            listed.add((name, offset, hop))
            if hop > 1 and (name, offset) in claimed:
                return listed, ("unknown", "order_inconsistent", name, offset)
            debit = next((r for r in self.whole[name] if r["side"] == "D"), None)
            kind = debit and (
                ENDS.get(debit["channel"])
                or ("INTERNAL_GL" if debit["channel"] == "INTERNAL" and not debit["cp"] else None)
            )
            if debit and kind:
                if any(r is debit for r in self.counted[debit["account"]]):
                    return listed, ("terminal", kind, name, offset)
                return listed, ("unknown", "in_flight", name, offset)
            if max_hops is not None and hop > max_hops:
                return listed, ("unknown", "hop_limit", name, offset)
            nexts = self.through(name, offset)
            if nexts[0] != "out":
                return listed, nexts
            name, offset = nexts[1], nexts[2]
            hop += 1

    def through(self, name: str, offset: int) -> tuple:
        for row in self.whole[name]:
            if row["side"] == "C" and self.place(row) <= offset < self.place(row) + row["amount"]:
                if not any(r is row for r in self.counted[row["account"]]):
                    return ("unknown", "in_flight", name, offset)
                if self.ledger.stated.get(row["account"], (None, 0, False))[2]:
                    return ("unknown", "pool", name, offset)
                fate = self.books[row["account"]].fate[(name, offset)]
                if fate[0] == "here":
                    return ("held", row["account"], name, offset)
                if fate[0] == "overdraft":
                    return ("terminal", "OVERDRAFT_REPAID", name, offset)
                return ("out", fate[1], fate[2])
        return ("unknown", "not_in_file", name, offset)
