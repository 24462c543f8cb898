"""The postings as arrays, one number an account: what the behaviours are computed on."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from thaam.postings.files import BadFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

NEEDED = ("posted_at", "tx_ref", "bank", "account", "side", "amount_paise")


@dataclass(slots=True)
class Ledger:
    """Postings of many accounts in time order of each account. `account` and `other` number the same names;
    `other` is -1 where the posting names no counterparty. `at` is seconds UTC. `own` marks accounts with postings."""

    names: list[tuple[str, str]]
    account: Ints
    other: Ints
    out: Bools
    paise: Ints
    at: Ints
    own: Bools
    facts: dict[str, dict[int, str]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many names there are, counterparties included."""
        return len(self.names)


def read_ledger(path: Path, *, accounts: Path | None, as_of: datetime | None) -> Ledger:
    """Read a postings file (CSV or Parquet) up to and including `as_of`. `accounts` may state, beside bank and
    account, `opened_at`, `mobile_changed_at`, `phone`, `address`, `device`, `introducer`, `branch`.
    Raises BadFile."""
    import duckdb

    if not path.is_file():
        raise BadFile(f"there is no file {path}")
    with path.open("rb") as file:
        parquet = file.read(4) == b"PAR1"
    source = "read_parquet(?)" if parquet else "read_csv(?, all_varchar=true, header=true)"
    base = duckdb.connect()
    try:
        columns = {row[0] for row in base.execute(f"describe select * from {source}", [str(path)]).fetchall()}
        missing = [name for name in NEEDED if name not in columns]
        if missing:
            raise BadFile(f"{path.name}: there is no column {missing[0]}")
        rows = _rows(base, source, path, columns, as_of)
    except duckdb.Error as problem:
        raise BadFile(f"{path.name}: {str(problem).splitlines()[0]}") from problem
    ledger = _ledger(rows)
    if accounts is not None:
        ledger.facts = _facts(accounts, ledger)
    return ledger


def _rows(base: Any, source: str, path: Path, columns: set[str], as_of: datetime | None) -> dict[str, Any]:
    def whole(name: str) -> str:
        return name if name in columns else "null"

    base.execute(
        f"""create temp table posting as select
            bank || chr(31) || account as account,
            case when nullif({whole("counterparty_account")}, '') is null then null
            else coalesce({whole("counterparty_bank")}, '') || chr(31)
                || {whole("counterparty_account")} end as other,
            side = 'D' as out, cast(amount_paise as bigint) as paise,
            cast(epoch(cast(posted_at as timestamptz)) as bigint) as moment,
            cast({whole("seq")} as bigint) as seq
            from {source}""",
        [str(path)],
    )
    if as_of is not None:
        base.execute("delete from posting where moment > ?", [int(as_of.timestamp())])
    base.execute(
        """create temp table name as select name, row_number() over (order by name) - 1 as number
           from (select account as name from posting union select other from posting where other is not null)"""
    )
    found: dict[str, Any] = base.execute(
        """select a.number as account, coalesce(o.number, -1) as other, p.out, p.paise, p.moment as at
           from posting p join name a on a.name = p.account left join name o on o.name = p.other
           order by a.number, p.moment, p.seq"""
    ).fetchnumpy()
    found["names"] = [row[0] for row in base.execute("select name from name order by number").fetchall()]
    return found


def _ledger(rows: dict[str, Any]) -> Ledger:
    names = [(bank, account) for bank, _, account in (name.partition(chr(31)) for name in rows["names"])]
    account = np.asarray(rows["account"], dtype=np.int64)
    own = np.zeros(len(names), dtype=np.bool_)
    own[account] = True
    return Ledger(
        names,
        account,
        np.asarray(rows["other"], dtype=np.int64),
        np.asarray(rows["out"], dtype=np.bool_),
        np.asarray(rows["paise"], dtype=np.int64),
        np.asarray(rows["at"], dtype=np.int64),
        own,
    )


def _facts(path: Path, ledger: Ledger) -> dict[str, dict[int, str]]:
    if not path.is_file():
        raise BadFile(f"there is no file {path}")
    number_of = {name: number for number, name in enumerate(ledger.names)}
    facts: dict[str, dict[int, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if not {"bank", "account"} <= set(reader.fieldnames or ()):
            raise BadFile(f"{path.name}: there is no column bank or account")
        for row in reader:
            number = number_of.get((row["bank"], row["account"]))
            if number is None:
                continue
            for name, value in row.items():
                if name not in ("bank", "account") and isinstance(value, str) and value.strip():
                    facts.setdefault(name, {})[number] = value.strip()
    return facts


def seconds_of(text: str) -> int | None:
    """An ISO time or date as seconds UTC; None when it is neither."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
