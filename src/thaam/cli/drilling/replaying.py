"""A drill over a postings file: everything is loaded first, then every claim is filed in the order of its report."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from thaam.world.names import mobile
from thaam.world.reporting import Report

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim of the file with the debit it is about."""

    claim_id: str
    tx_ref: str
    amount_paise: int
    report: Report


class CannotReplay(Exception):
    """The files do not fit each other; the message names the claim or column."""


def read_claims(*, postings: Path, claims: Path, district: str) -> list[ClaimRow]:
    """Claims with what their victims know, in order of `reported_at` (none: last), then of the file.

    Raises CannotReplay for a claim whose payment has no debit row.
    """
    debits = _debits(postings, claims)
    rows = []
    with claims.open(newline="", encoding="utf-8") as file:
        for place, row in enumerate(csv.DictReader(file)):
            debit = debits.get(row["tx_ref"])
            if debit is None:
                raise CannotReplay(f"claim {row['claim_id']}: no debit {row['tx_ref']} in {postings}")
            reported = row.get("reported_at") or ""
            order = (0, datetime.fromisoformat(reported).timestamp(), place) if reported else (1, 0.0, place)
            amount = int(row["amount_paise"])
            rows.append((order, ClaimRow(row["claim_id"], row["tx_ref"], amount, _report(place, debit, district))))
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


def _report(place: int, debit: dict[str, Any], district: str) -> Report:
    account = str(debit["account"])
    return Report(
        payer_bank=str(debit["bank"]),
        amount_paise=int(debit["amount_paise"]),
        paid_at=datetime.fromisoformat(str(debit["posted_at"])),
        reference=str(debit["tx_ref"]),
        payer_last4=account[-4:],
        mobile=mobile_of(account),
        name=f"Claimant {place + 1}",
        district=district,
        payee_account=str(debit["counterparty_account"] or ""),
    )


def mobile_of(account: str) -> str:
    """The number the bank has for a payer of a replay: derived from the account, so that bank and victim agree."""
    return mobile(int.from_bytes(account.encode(), "big"))


def banks_of(postings: Path) -> list[str]:
    """The banks whose postings the file has, by code."""
    return [bank for (bank,) in _ask(f"SELECT DISTINCT bank FROM {_table(postings)} ORDER BY bank")]


def write_accounts(*, postings: Path, claims: Path, accounts: Path | None, out: Path) -> None:
    """An accounts file for the toy banks: the given one, with the claimants' mobile numbers.

    A claimant without a row gets the opening their rows need, as the banks would reckon it themselves.
    """
    rows: dict[tuple[str, str], dict[str, str]] = {}
    if accounts is not None:
        with accounts.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                rows[row["bank"], row["account"]] = row
    claimants = {(str(debit["bank"]), str(debit["account"])) for debit in _debits(postings, claims).values()}
    for place, opening in _implied_openings(postings, claimants - rows.keys()).items():
        rows[place] = {"bank": place[0], "account": place[1], "opening_paise": str(opening)}
    for place in claimants:
        rows[place]["mobile"] = mobile_of(place[1])
    with out.open("w", newline="", encoding="utf-8") as file:
        names = ("bank", "account", "opening_paise", "limit_paise", "class", "mobile")
        sheet = csv.DictWriter(file, names, restval="", extrasaction="ignore", lineterminator="\n")
        sheet.writeheader()
        sheet.writerows(rows.values())


def trace(*, postings: Path, claims: Path, accounts: Path | None, out: Path) -> list[dict[str, Any]]:
    """What `thaam trace` says of every claim as of the end of the file."""
    [(end,)] = _ask(
        f"SELECT arg_max(CAST(posted_at AS VARCHAR), CAST(posted_at AS TIMESTAMPTZ)) FROM {_table(postings)}"
    )
    command = [sys.executable, "-m", "thaam", "trace", str(postings), "--claims", str(claims), "--rule", "lifo"]
    command += ["--as-of", end, "--out", str(out)] + (["--accounts", str(accounts)] if accounts else [])
    subprocess.run(command, check=True, stdout=sys.stderr)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines() if line]


def held_of_trace(answers: list[dict[str, Any]]) -> dict[tuple[str, str], Pairs]:
    """Held ranges by (claim_id, tx_ref)."""
    held: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for answer in answers:
        for part in answer["held"]:
            held[answer["claim_id"], part["tx_ref"]].append((part["lo"], part["hi"]))
    return {key: joined(pairs) for key, pairs in held.items()}


def held_of_platform(claim_of: dict[str, str], *, at: datetime) -> dict[tuple[str, str], Pairs]:
    """The same from the platform: held lines on the trail of each claim; `claim_of` maps complaint numbers."""
    from thaam.chase.models import Line, Trail

    held: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    lines: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for payment, lo, hi in Line.objects.filter(kind="held", until_at__gt=at).values_list("payment_id", "lo", "hi"):
        lines[payment].append((lo, hi))
    rows = Trail.objects.values_list("claim__chase__reference", "payment_id", "payment__reference", "lo", "hi")
    for number, payment, reference, lo, hi in rows:
        for a, b in lines.get(payment, ()):
            if max(a, lo) < min(b, hi):
                held[claim_of[number], reference].append((max(a, lo), min(b, hi)))
    return {key: joined(pairs) for key, pairs in held.items()}


def returned_of_platform(claim_of: dict[str, str], *, at: datetime) -> dict[str, int]:
    """Paise of each claim that went into a refund: the platform's claim on them has ended, a trace goes on.

    Given back to where they came from (`returned`), or spent by an account to refund somebody else.
    """
    from thaam.chase.counting import walk_of
    from thaam.chase.models import Claim

    returned: dict[str, int] = {}
    for claim in Claim.objects.select_related("chase"):
        pieces = walk_of(claim, at=at).pieces
        paise = sum(
            piece.paise for piece in pieces if piece.state == "returned" or piece.why == "REPAID_TO_OTHER_VICTIM"
        )
        if paise:
            returned[claim_of[claim.chase.reference]] = paise
    return returned


def without_returned(
    traced: dict[tuple[str, str], Pairs], held: dict[tuple[str, str], Pairs], returned: dict[str, int]
) -> dict[tuple[str, str], Pairs]:
    """The trace without what lies there only because a refund was followed, where that explains all of the difference.

    A refund ends the claim on its paise everywhere; `thaam trace` has no such state and follows them to the payer.
    """
    left = dict(traced)
    for claim, paise in returned.items():
        keys = [key for key in traced if key[0] == claim]
        inside = all(_inside(held.get(key, ()), traced[key]) for key in keys)
        missing = sum(_total(traced[key]) - _total(held.get(key, ())) for key in keys)
        if inside and 0 <= missing <= paise:
            left.update({key: held.get(key, ()) for key in keys})
    return left


def _inside(inner: Pairs, outer: Pairs) -> bool:
    return all(any(lo >= a and hi <= b for a, b in outer) for lo, hi in inner)


def _total(pairs: Pairs) -> int:
    return sum(hi - lo for lo, hi in pairs)


def differences(traced: dict[tuple[str, str], Pairs], held: dict[tuple[str, str], Pairs]) -> list[str]:
    """Sentences about every (claim, payment) where the trace and the banks' holds are not the same ranges."""
    return [
        f"claim {claim}, payment {reference}: the trace has {traced.get((claim, reference), ())} still there, "
        f"the banks hold {held.get((claim, reference), ())}"
        for claim, reference in sorted(traced.keys() | held.keys())
        if traced.get((claim, reference), ()) != held.get((claim, reference), ())
    ]


def joined(pairs: list[tuple[int, int]]) -> Pairs:
    """Sorted ranges, touching and overlapping ones made one."""
    out: list[tuple[int, int]] = []
    for lo, hi in sorted(pairs):
        if out and lo <= out[-1][1]:
            out[-1] = (out[-1][0], max(hi, out[-1][1]))
        else:
            out.append((lo, hi))
    return tuple(out)


def _debits(postings: Path, claims: Path) -> dict[str, dict[str, Any]]:
    """The debit row of every claim's payment, by reference."""
    names = ("tx_ref", "bank", "account", "amount_paise", "posted_at", "channel", "counterparty_account")
    rows = _ask(
        f"SELECT {', '.join(f'p.{name}' for name in names)} FROM {_table(postings)} p "
        f"SEMI JOIN read_csv('{claims}', all_varchar = true) c ON c.tx_ref = p.tx_ref WHERE p.side = 'D'"
    )
    return {str(row[0]): dict(zip(names, row, strict=True)) for row in rows}


def _implied_openings(postings: Path, places: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """What each account must have had at first: the depth its rows would else go below zero."""
    level = dict.fromkeys(places, 0)
    lowest = dict.fromkeys(places, 0)
    accounts = sorted({account for _, account in places})
    rows = _ask(
        f"SELECT bank, account, side, amount_paise FROM {_table(postings)} "
        f"WHERE list_contains(?, account) ORDER BY {_order(postings)}",
        [accounts],
    )
    for bank, account, side, paise in rows:
        place = (str(bank), str(account))
        if place in level:
            level[place] += int(paise) if side == "C" else -int(paise)
            lowest[place] = min(lowest[place], level[place])
    return {place: -low for place, low in lowest.items()}


def _table(path: Path) -> str:
    """Column values as text except what DuckDB knows better; the row number is the file's order."""
    if path.suffix == ".parquet":
        return f"read_parquet('{path}', file_row_number = true)"
    return f"(SELECT row_number() OVER () AS file_row_number, * FROM read_csv('{path}', all_varchar = true))"


def _order(path: Path) -> str:
    columns = {row[0] for row in _ask(f"DESCRIBE SELECT * FROM {_table(path)}")}
    return "CAST(seq AS BIGINT), file_row_number" if "seq" in columns else "file_row_number"


def _ask(query: str, parameters: list[Any] | None = None) -> list[Any]:
    import duckdb

    with duckdb.connect() as db:
        return list(db.execute(query, parameters or []).fetchall())
