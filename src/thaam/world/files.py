"""A world as files: postings.parquet, claims.csv, accounts.csv, truth.parquet, roles.csv (duckdb writes them)."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from thaam.language.dates import IST
from thaam.world.channels import CHANNELS, CODE, DETAIL
from thaam.world.frauds import KINDS
from thaam.world.ledger import LIMIT_PAISE, World
from thaam.world.people import Array, bank_code

START = datetime(2025, 10, 1, tzinfo=IST)
"""Second zero of every world; in the past, so that nothing in it is refused as a time to come."""

_REFERENCE = """
    CASE WHEN {channel} = {neft} THEN 'DEMON' || printf('%011d', {number})
         WHEN {channel} = {rtgs} THEN 'DEMOR' || printf('%017d', {number})
         ELSE printf('%012d', 600000000000 + {number}) END"""
_POSTED = "strftime(TIMESTAMP '2025-10-01 00:00:00' + to_seconds({t}), '%Y-%m-%dT%H:%M:%S') || '+05:30'"


def account_number(account: int, bank: int) -> str:
    """Twelve digits: two of the bank, ten of the account."""
    return f"{bank + 1:02d}{account + 1:010d}"


def reference(payment: int, channel: int) -> str:
    """The reference of a payment: 12 digits as UPI and IMPS have, 16 for NEFT, 22 for RTGS."""
    if channel == CODE["NEFT"]:
        return f"DEMON{payment:011d}"
    if channel == CODE["RTGS"]:
        return f"DEMOR{payment:017d}"
    return f"{600_000_000_000 + payment:012d}"


def moment(seconds: float) -> str:
    """ISO 8601 with the offset of India; whole seconds, as a bank's clock shows them."""
    return (START + timedelta(seconds=int(seconds))).isoformat()


def write_world(world: World, out: Path) -> None:
    """Write all files into `out`, made when absent; files of an earlier world are overwritten."""
    out.mkdir(parents=True, exist_ok=True)
    _write_postings(world, out / "postings.parquet")
    _write_truth(world, out / "truth.parquet")
    bank, opening = world.people.bank, world.opening
    numbers = [account_number(account, int(bank[account])) for account in range(world.people.count)]
    limited, pools = set(world.people.limited.tolist()), set(world.people.pools.tolist())
    with (out / "accounts.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(("bank", "account", "opening_paise", "limit_paise", "class"))
        sheet.writerows(
            (
                bank_code(int(bank[account])),
                number,
                int(opening[account]),
                LIMIT_PAISE if account in limited else "",
                "POOL" if account in pools else "NORMAL",
            )
            for account, number in enumerate(numbers)
        )
    roles = ("person", "mule", "pool")
    with (out / "roles.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(("bank", "account", "role"))
        sheet.writerows(
            (bank_code(int(bank[account])), numbers[account], roles[role])
            for account, role in enumerate(world.people.roles().tolist())
            if role
        )
    claims = world.claims
    with (out / "claims.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(("claim_id", "tx_ref", "amount_paise", "reported_at"))
        for number, payment in enumerate(claims["payment"].tolist()):
            name = reference(payment, int(world.payments.channel[payment]))
            reported = moment(float(claims["reported"][number]))
            sheet.writerow((claim_id(number), name, int(claims["paise"][number]), reported))


def claim_id(number: int) -> str:
    return f"C{number + 1:06d}"


def _write_postings(world: World, path: Path) -> None:
    rows, payments, bank = world.rows, world.payments, world.people.bank
    other, payment = rows["other"], rows["payment"]
    reverses = payments.reverses[payment]
    r = {
        "t": rows["t"].astype(np.int64),
        "seq": np.arange(1, len(payment) + 1),
        "payment": payment,
        "channel": payments.channel[payment].astype(np.int32),
        "account": rows["account"],
        "bank": bank[rows["account"]],
        "debit": rows["debit"],
        "paise": rows["paise"],
        "other": other,
        "other_bank": np.where(other >= 0, bank[other], -1).astype(np.int32),
        "balance": rows["balance"],
        "reverses": reverses,
        "reverses_channel": payments.channel[np.maximum(reverses, 0)].astype(np.int32),
    }
    neft, rtgs = CODE["NEFT"], CODE["RTGS"]
    name = _REFERENCE.format(channel="channel", number="payment", neft=neft, rtgs=rtgs)
    original = _REFERENCE.format(channel="reverses_channel", number="reverses", neft=neft, rtgs=rtgs)
    codes = [bank_code(number) for number in range(world.banks)]
    copy_to_parquet(
        r,
        f"""
        SELECT {_POSTED.format(t="t")} AS posted_at, seq, {name} AS tx_ref,
            list_extract({codes!r}, bank + 1) AS bank,
            printf('%02d%010d', bank + 1, account + 1) AS account,
            CASE WHEN debit THEN 'D' ELSE 'C' END AS side,
            paise AS amount_paise,
            list_extract({list(CHANNELS)!r}, channel + 1) AS channel,
            CASE WHEN other >= 0 THEN list_extract({codes!r}, other_bank + 1) ELSE '' END AS counterparty_bank,
            CASE WHEN other >= 0 THEN printf('%02d%010d', other_bank + 1, other + 1) ELSE '' END
                AS counterparty_account,
            balance AS balance_after_paise,
            CASE WHEN reverses >= 0 THEN {original} ELSE '' END AS reverses_tx_ref,
            {_detail()} AS detail
        FROM r ORDER BY seq
        """,
        path,
    )


def _detail() -> str:
    """What the bank's narration adds for a debit that leaves the accounts."""
    whens = []
    for channel, words in DETAIL.items():
        before, after = words.split("{")
        width, tail = after.split("}")
        digits = int(width[2:-1])
        number = f"printf('%0{digits}d', payment * 7919 % {10**digits})"
        whens.append(f"WHEN channel = {CODE[channel]} THEN '{before}' || {number} || '{tail}'")
    return f"CASE WHEN NOT debit OR other >= 0 THEN '' {' '.join(whens)} ELSE '' END"


def _write_truth(world: World, path: Path) -> None:
    truth, bank = world.truth, world.people.bank
    account, payment = truth["account"], truth["payment"]
    r = {
        "claim": truth["claim"],
        "kind": truth["kind"],
        "payment": payment,
        "channel": np.where(payment >= 0, world.payments.channel[np.maximum(payment, 0)], 0).astype(np.int32),
        "account": account,
        "bank": np.where(account >= 0, bank[account], -1).astype(np.int32),
        "paise": truth["paise"],
        "hop": truth["hop"],
        "t": truth["t"].astype(np.int64),
    }
    name = _REFERENCE.format(channel="channel", number="payment", neft=CODE["NEFT"], rtgs=CODE["RTGS"])
    codes = [bank_code(number) for number in range(world.banks)]
    copy_to_parquet(
        r,
        f"""
        SELECT printf('C%06d', claim + 1) AS claim_id,
            list_extract({list(KINDS)!r}, kind + 1) AS kind,
            CASE WHEN payment >= 0 THEN {name} ELSE '' END AS tx_ref,
            CASE WHEN account >= 0 THEN list_extract({codes!r}, bank + 1) ELSE '' END AS bank,
            CASE WHEN account >= 0 THEN printf('%02d%010d', bank + 1, account + 1) ELSE '' END AS account,
            paise AS amount_paise, hop, {_POSTED.format(t="t")} AS at
        FROM r
        """,
        path,
    )


def copy_to_parquet(r: dict[str, Array], query: str, path: Path) -> None:
    """Run `query` over the columns `r` into a Parquet file, in the order of the rows."""
    import duckdb

    connection: Any = duckdb.connect()
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    connection.close()
