"""The postings as arrays, one number an account: what the behaviours are computed on."""

from __future__ import annotations

import csv
import sqlite3
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

SEPARATOR = chr(31)
_STORE = b"SQLite format 3\0"
NEEDED = ("posted_at", "tx_ref", "bank", "account", "side", "amount_paise")


@dataclass(slots=True)
class Ledger:
    """Postings of many accounts in time order of each account. `account` and `other` number the same names;
    `other` is -1 where the posting names no counterparty. `at` is seconds UTC. `own` marks accounts with postings.
    `place` numbers where each posting was made (-1: not said), None when the file has no places."""

    names: list[tuple[str, str]]
    account: Ints
    other: Ints
    out: Bools
    paise: Ints
    at: Ints
    own: Bools
    facts: dict[str, dict[int, str]] = field(default_factory=dict)
    place: Ints | None = None
    places: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many names there are, counterparties included."""
        return len(self.names)


def read_ledger(
    path: Path, *, accounts: Path | None, as_of: datetime | None, since: datetime | None = None, bank: str = ""
) -> Ledger:
    """Read a postings file (CSV or Parquet), or the store of `bank`'s node, from `since` up to and including `as_of`.

    A file may say in `place` where each posting was made. `accounts` may state, beside bank and account, `opened_at`,
    `mobile_changed_at`, `phone`, `address`, `device`, `introducer`, `branch`, `place`, `name`, `kyc_name`,
    `gold_loan_verified`. Raises BadFile."""
    if not path.is_file():
        raise BadFile(f"there is no file {path}")
    with path.open("rb") as file:
        head = file.read(16)
    if head == _STORE:
        ledger = _ledger(_of_store(path, bank, as_of, since))
    else:
        ledger = _ledger(_of_file(path, head[:4] == b"PAR1", as_of, since))
    if accounts is not None:
        ledger.facts = _facts(accounts, ledger)
    return ledger


def _of_store(path: Path, bank: str, as_of: datetime | None, since: datetime | None) -> dict[str, Any]:
    """A node's store holds one bank's postings, in the bank's order; read without disturbing the node that writes."""
    if not bank:
        raise BadFile(f"{path.name} is a node's store: name its bank with --bank")
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    number_of: dict[str, int] = {}
    try:
        rows = base.execute(
            """select a.account, p.counterparty_bank, p.counterparty_account, p.side, p.amount, p.posted_at
               from posting p join account a on a.id = p.account
               where p.posted_at between ? and ? order by p.position""",
            (_micros(since, 0), _micros(as_of, 1 << 62)),
        )
        columns: list[tuple[int, int, bool, int, int]] = []
        for account, other_bank, other, side, paise, at in rows:
            holder = number_of.setdefault(f"{bank}{SEPARATOR}{account}", len(number_of))
            name = f"{other_bank or bank}{SEPARATOR}{other}" if other else ""
            far = number_of.setdefault(name, len(number_of)) if name else -1
            columns.append((holder, far, side == "D", paise, at // 1_000_000))
    except sqlite3.DatabaseError as problem:
        raise BadFile(f"{path.name}: {problem}") from problem
    finally:
        base.close()
    table = np.array(columns, dtype=np.int64).reshape(-1, 5)
    table = table[np.lexsort((np.arange(len(table)), table[:, 4], table[:, 0]))]
    found: dict[str, Any] = dict(zip(("account", "other", "out", "paise", "at"), table.T, strict=True))
    found["names"] = list(number_of)
    return found


def _micros(at: datetime | None, otherwise: int) -> int:
    return otherwise if at is None else int(at.timestamp() * 1_000_000)


def _of_file(path: Path, parquet: bool, as_of: datetime | None, since: datetime | None) -> dict[str, Any]:
    import duckdb

    source = "read_parquet(?)" if parquet else "read_csv(?, all_varchar=true, header=true)"
    base = duckdb.connect()
    try:
        columns = {row[0] for row in base.execute(f"describe select * from {source}", [str(path)]).fetchall()}
        missing = [name for name in NEEDED if name not in columns]
        if missing:
            raise BadFile(f"{path.name}: there is no column {missing[0]}")
        return _rows(base, source, path, columns, as_of, since)
    except duckdb.Error as problem:
        raise BadFile(f"{path.name}: {str(problem).splitlines()[0]}") from problem


def _rows(
    base: Any, source: str, path: Path, columns: set[str], as_of: datetime | None, since: datetime | None
) -> dict[str, Any]:
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
            cast({whole("seq")} as bigint) as seq, cast({whole("place")} as varchar) as place
            from {source}""",
        [str(path)],
    )
    if as_of is not None:
        base.execute("delete from posting where moment > ?", [int(as_of.timestamp())])
    if since is not None:
        base.execute("delete from posting where moment < ?", [int(since.timestamp())])
    base.execute(
        """create temp table name as select name, row_number() over (order by name) - 1 as number
           from (select account as name from posting union select other from posting where other is not null)"""
    )
    base.execute(
        """create temp table place as select name, row_number() over (order by name) - 1 as number
           from (select distinct place as name from posting where place <> '')"""
    )
    found: dict[str, Any] = base.execute(
        """select a.number as account, coalesce(o.number, -1) as other, p.out, p.paise, p.moment as at,
           coalesce(w.number, -1) as place
           from posting p join name a on a.name = p.account left join name o on o.name = p.other
           left join place w on w.name = p.place
           order by a.number, p.moment, p.seq"""
    ).fetchnumpy()
    found["names"] = [row[0] for row in base.execute("select name from name order by number").fetchall()]
    found["places"] = [row[0] for row in base.execute("select name from place order by number").fetchall()]
    return found


def _ledger(rows: dict[str, Any]) -> Ledger:
    names = [(bank, account) for bank, _, account in (name.partition(SEPARATOR) for name in rows["names"])]
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
        place=np.asarray(rows["place"], dtype=np.int64) if rows.get("places") else None,
        places=rows.get("places", []),
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
