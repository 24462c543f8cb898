"""`thaam trace` against plain stacks of lots, written by somebody who had not read the tracer.

Method: replay the whole file once, every account a list of (payment, lo, hi) pieces, a debit pops from the end. Each
piece remembers what took it. Then follow a claim through those notes. No levels, no pointers, no cuts. A refund takes
the very pieces of the payment it names out of the list, wherever they lie; for what is gone it pops from the end.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict

import duckdb
import pytest

from thaam.cli.main import main
from thaam.world.settings import names

ENDS = {
    "ATM": "CASH_ATM", "CASH": "CASH_BRANCH", "AEPS": "AEPS", "CHEQUE": "CHEQUE", "POS": "PURCHASE", "FEE": "FEE_TAX",
    "CRYPTO": "CRYPTO", "FOREIGN": "FOREIGN",
}  # fmt: skip
COLUMNS = "tx_ref, bank, account, side, amount_paise, channel, counterparty_account, reverses_tx_ref"


class Stacks:
    """The ledger replayed to its end."""

    def __init__(self, rows, stated):
        self.meta, self.credited = {}, defaultdict(list)  # payment -> (lo, hi, account) of each credit, bottom up
        self.took = defaultdict(list)  # payment -> (lo, hi, by which payment or "OVERDRAFT", its lo)
        self.here = defaultdict(list)  # payment -> (lo, hi, account)
        piles, owed = {}, Counter()
        for account, opening in self._openings(rows, stated).items():
            piles[account] = [[None, 0, opening]]
        sent, came, back = Counter(), {}, Counter()
        for tx, bank, account, side, paise, channel, other, reverses in rows:
            key = (bank, account)
            if side == "D":
                self.meta[tx] = (channel, other, paise)
                low, high = came.get((key, reverses), (0, 0))
                high -= back[key, reverses]
                named = min(paise, high - low)  # so much of it can be given back here; the rest is an ordinary debit
                back[key, reverses] += named
                missing = self._pick(piles[key], tx, reverses, high - named, high, paise - named) if named else []
                for lo, hi in [*reversed(missing), (0, paise - named)]:
                    owed[key] += self._pop(piles[key], tx, hi - lo, lo)
                continue
            base = sent[tx]
            sent[tx] += paise
            came[key, tx] = (base, base + paise)
            repaid = min(owed[key], paise)
            if repaid:
                owed[key] -= repaid
                self.took[tx].append((base, base + repaid, "OVERDRAFT", 0))
            if paise > repaid:
                piles[key].append([tx, base + repaid, base + paise])
            self.credited[tx].append((base, base + paise, key))
        for key, pile in piles.items():
            for tx, lo, hi in pile:
                if tx is not None and lo < hi:
                    self.here[tx].append((lo, hi, key))

    @staticmethod
    def _openings(rows, stated):
        level, lowest = Counter(), Counter()
        for _, bank, account, side, paise, *_ in rows:
            key = (bank, account)
            level[key] += paise if side == "C" else -paise
            lowest[key] = min(lowest[key], level[key])
        return {key: stated.get(key, max(0, -lowest[key])) for key in level}

    def _pick(self, pile, tx, source, lo, hi, tx_lo):
        """Take these paise of a payment out of the list as a refund's from `tx_lo` up; refund paise not found."""
        found = set()
        for place in reversed(range(len(pile))):
            of, start, end = pile[place]
            a, b = max(lo, start), min(hi, end)
            if of == source and a < b:
                self.took[source].append((a, b, tx, tx_lo + a - lo))
                found.add((a, b))
                pile[place : place + 1] = [[of, *part] for part in ((start, a), (b, end)) if part[0] < part[1]]
        missing, at = [], lo
        for a, b in [*sorted(found), (hi, hi)]:
            if at < a:
                missing.append((tx_lo + at - lo, tx_lo + a - lo))
            at = b
        return missing

    def _pop(self, pile, tx, paise, tx_lo):
        """Take from the end, as the payment's paise from `tx_lo` up; what the pile cannot give is owed."""
        left = paise
        while left and pile:
            source, lo, hi = pile[-1]
            part = min(left, hi - lo)
            if source is not None and part:
                self.took[source].append((hi - part, hi, tx, tx_lo + left - part))
            left -= part
            if part == hi - lo:
                pile.pop()
            else:
                pile[-1][2] -= part
        return left

    def follow(self, tx, claimed, pools):
        """Counters by what, of one claim on the top paise of a payment."""
        held, ended, unknown, passed = Counter(), Counter(), Counter(), Counter()
        whole = self.meta[tx][2]
        todo = [(tx, whole - claimed, whole)]
        while todo:
            tx, lo, hi = todo.pop()
            passed[tx] += hi - lo
            channel, other, _ = self.meta[tx]
            if channel in ENDS:
                ended[ENDS[channel], tx] += hi - lo
            elif tx not in self.credited and channel in ("INTERNAL", "CARD") and not other:
                ended["INTERNAL_GL" if channel == "INTERNAL" else "CARD_OR_LOAN", tx] += hi - lo
            else:
                arrived = [(max(a, lo), min(b, hi), key) for a, b, key in self.credited[tx] if max(a, lo) < min(b, hi)]
                unknown["not_in_file", tx] += hi - lo - sum(b - a for a, b, _ in arrived)
                for a, b, key in arrived:
                    if key in pools:
                        unknown["pool", tx] += b - a
                    else:
                        todo += self._through(tx, a, b, held, ended)
        unknown += Counter()  # forget what is zero
        return held, ended, unknown, passed

    def _through(self, tx, lo, hi, held, ended):
        """Count what stayed or repaid an overdraft of paise that arrived in one account; what went on."""
        onward = []
        for start, end, key in self.here[tx]:
            if (paise := min(end, hi) - max(start, lo)) > 0:
                held[(*key, tx)] += paise
        for start, end, by, by_lo in self.took[tx]:
            x, y = max(start, lo), min(end, hi)
            if x < y and by == "OVERDRAFT":
                ended["OVERDRAFT_REPAID", tx] += y - x
            elif x < y:
                onward.append((by, by_lo + x - start, by_lo + y - start))
        return onward


@pytest.mark.req("S1.16")
@pytest.mark.parametrize("setting", names())
def test_every_claim_of_a_generated_world_is_traced_as_plain_stacks_do(tmp_path, setting):
    world = ["world", "--transactions", "20000", "--banks", "5", "--seed", "11", "--setting", setting]
    assert main([*world, "--out", str(tmp_path)]) == 0
    postings, claims, accounts = (str(tmp_path / n) for n in ("postings.parquet", "claims.csv", "accounts.csv"))
    out = str(tmp_path / "out.jsonl")
    asked = ["trace", postings, "--claims", claims, "--accounts", accounts, "--rule", "lifo", "--out", out]
    assert main([*asked, "--as-of", "2099-01-01T00:00:00+05:30"]) == 0

    stated, pools = {}, set()
    with open(accounts, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["bank"], row["account"])
            stated[key] = int(row["opening_paise"]) + int(row.get("limit_paise") or 0)
            if row.get("class") == "POOL":
                pools.add(key)
    rows = duckdb.sql(f"SELECT {COLUMNS} FROM read_parquet('{postings}')").fetchall()
    stacks = Stacks(rows, stated)
    with open(claims, encoding="utf-8") as file:
        told = {row["claim_id"]: row for row in csv.DictReader(file)}
    with open(out, encoding="utf-8") as file:
        answers = [json.loads(line) for line in file]
    assert len(answers) == len(told) > 10
    for answer in answers:
        claim = told[answer["claim_id"]]
        expected = stacks.follow(claim["tx_ref"], int(claim["amount_paise"]), pools)
        assert _counted(answer) == expected, answer["claim_id"]


def _counted(answer):
    held, ended, unknown, passed = Counter(), Counter(), Counter(), Counter()
    for part in answer["held"]:
        held[part["bank"], part["account"], part["tx_ref"]] += part["hi"] - part["lo"]
    for part in answer["terminal"]:
        ended[part["kind"], part["tx_ref"]] += part["hi"] - part["lo"]
    for part in answer["unknown"]:
        unknown[part["reason"], part["tx_ref"]] += part["hi"] - part["lo"]
    for part in answer["payments"]:
        passed[part["tx_ref"]] += part["hi"] - part["lo"]
    return held, ended, unknown, passed
