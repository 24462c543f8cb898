"""Reading the files of `thaam trace`: postings (CSV or Parquet), accounts and claims (CSV); a CSV may be gzipped.

Whatever is wrong with a file is told in one sentence that names the rows. Rows are counted from 1
after the heading. Amounts are read as whole numbers only, times as ISO 8601 with an offset.
"""

from __future__ import annotations

import csv
import gzip
import io
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from thaam.money.terminals import Terminal, terminal_kind

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NO_SEQ = -(2**63)
ENDS: tuple[Terminal | None, ...] = (None, *Terminal)  # a posting keeps the place in this list

NEEDED = ("posted_at", "tx_ref", "bank", "account", "side", "amount_paise", "channel")
OPTIONAL = ("seq", "counterparty_account", "reverses_tx_ref", "counterparty_bank")


class BadFile(ValueError):
    """A file that cannot be used; the text says why and names the rows."""


@dataclass(slots=True)
class Columns:
    """Postings in file order, one array a column; accounts and payments are numbered as they appear."""

    accounts: list[tuple[str, str]] = field(default_factory=list)  # (bank, account)
    account_ids: dict[tuple[str, str], int] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)
    ref_ids: dict[str, int] = field(default_factory=dict)
    account: array[int] = field(default_factory=lambda: array("i"))
    payment: array[int] = field(default_factory=lambda: array("i"))
    debit: array[int] = field(default_factory=lambda: array("b"))  # 1 debit, 0 credit
    amount: array[int] = field(default_factory=lambda: array("q"))
    end: array[int] = field(default_factory=lambda: array("b"))  # place in ENDS
    at: array[int] = field(default_factory=lambda: array("q"))  # microseconds UTC
    seq: array[int] = field(default_factory=lambda: array("q"))
    reverses: array[int] = field(default_factory=lambda: array("i"))  # payment, -1 for none


@dataclass(frozen=True, slots=True)
class AccountStated:
    """What the accounts file says of one account. `opening_paise` is None when only the class is stated."""

    opening_paise: int | None
    limit_paise: int
    pool: bool


@dataclass(frozen=True, slots=True)
class ClaimAsked:
    """A line of the claims file. `amount_paise` None claims the whole payment; `reported_at` is microseconds
    UTC, None for the end of the file."""

    row: int
    claim_id: str
    tx_ref: str
    amount_paise: int | None
    reported_at: int | None


def read_postings(path: Path) -> Columns:
    """All postings of a file. Raises BadFile, naming the rows."""
    if not path.is_file():
        raise BadFile(f"there is no file {path}")
    with path.open("rb") as file:
        parquet = file.read(4) == b"PAR1"
    return _columns(_parquet_rows(path) if parquet else _csv_rows(path, NEEDED, OPTIONAL), path.name)


def read_accounts(path: Path) -> dict[tuple[str, str], AccountStated]:
    """Stated openings, limits and pools by (bank, account). Raises BadFile, naming the rows."""
    stated: dict[tuple[str, str], AccountStated] = {}
    rows = _csv_rows(path, ("bank", "account"), ("opening_paise", "limit_paise", "class"))
    for row, (bank, account, opening, limit, kind) in enumerate(rows, 1):
        if (bank, account) in stated:
            raise BadFile(f"{path.name}: row {row} states account {account} of {bank} a second time")
        if kind and kind.upper() not in ("NORMAL", "POOL"):
            raise BadFile(f"{path.name}: row {row}: class {kind!r} is neither NORMAL nor POOL")
        limit_paise = _whole(limit, path.name, row, "limit_paise") if limit else 0
        if limit_paise < 0:
            raise BadFile(
                f"{path.name}: row {row}: limit_paise {limit} is below zero; an overdraft limit is written as 500"
            )
        stated[bank, account] = AccountStated(
            _whole(opening, path.name, row, "opening_paise") if opening else None,
            limit_paise,
            bool(kind) and kind.upper() == "POOL",
        )
    return stated


def read_claims(path: Path) -> list[ClaimAsked]:
    """Claims in file order. Raises BadFile, naming the rows."""
    claims: list[ClaimAsked] = []
    rows_of: dict[str, int] = {}
    rows = _csv_rows(path, ("claim_id", "tx_ref"), ("amount_paise", "reported_at"))
    for row, (claim_id, tx_ref, amount, reported_at) in enumerate(rows, 1):
        if not claim_id or not tx_ref:
            raise BadFile(f"{path.name}: row {row} names no claim or no payment")
        if claim_id in rows_of:
            raise BadFile(f"{path.name}: rows {rows_of[claim_id]} and {row} have the same claim_id {claim_id!r}")
        rows_of[claim_id] = row
        paise = _whole(amount, path.name, row, "amount_paise") if amount else None
        if paise is not None and paise <= 0:
            raise BadFile(f"{path.name}: row {row}: claim {claim_id!r} claims {paise} paise")
        at = read_time(reported_at, f"{path.name}: row {row}: reported_at") if reported_at else None
        claims.append(ClaimAsked(row, claim_id, tx_ref, paise, at))
    return claims


def read_time(text: str, where: str) -> int:
    """An ISO 8601 time with offset as microseconds UTC. Raises BadFile that begins with `where`."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadFile(f"{where} {text!r} is not an ISO 8601 time") from None
    if at.tzinfo is None:
        raise BadFile(f"{where} {text!r} has no offset from UTC")
    return (at - EPOCH) // MICROSECOND


def _whole(text: str, name: str, row: int, column: str) -> int:
    """A whole number of paise. Raises BadFile."""
    try:
        return int(text)
    except ValueError:
        raise BadFile(f"{name}: row {row}: {column} {text!r} is not a whole number of paise") from None


def _columns(rows: Iterable[Sequence[str]], name: str) -> Columns:
    """Rows of (NEEDED + OPTIONAL) text cells as columns."""
    columns = Columns()
    account_ids, ref_ids = columns.account_ids, columns.ref_ids
    ends: dict[tuple[str, bool], int] = {}
    times: dict[str, int] = {}
    for row, cells in enumerate(rows, 1):
        at, ref, bank, account, side, amount, channel, seq, cp_account, reverses, _ = cells
        try:
            paise = int(amount)
            if side not in ("D", "C") or paise <= 0 or not ref or not account or "_" in amount or "_" in seq:
                raise ValueError
            micros = times.get(at)
            if micros is None:
                if len(times) > 100_000:
                    times.clear()
                micros = times[at] = read_time(at, "")
            columns.seq.append(int(seq) if seq else NO_SEQ)
            columns.amount.append(paise)
        except (ValueError, OverflowError):
            raise BadFile(_complaint(name, row, at, ref, account, side, amount, seq)) from None
        end = ends.get((channel, bool(cp_account)))
        if end is None:
            kind = terminal_kind(channel=channel.strip().upper(), counterparty_account=cp_account or None)
            end = ends[channel, bool(cp_account)] = ENDS.index(kind)
        columns.account.append(account_ids.setdefault((bank, account), len(account_ids)))
        columns.payment.append(ref_ids.setdefault(ref, len(ref_ids)))
        columns.debit.append(side == "D")
        columns.end.append(end)
        columns.at.append(micros)
        columns.reverses.append(ref_ids.setdefault(reverses, len(ref_ids)) if reverses else -1)
    columns.accounts = list(account_ids)
    columns.refs = list(ref_ids)
    return columns


def _complaint(name: str, row: int, at: str, ref: str, account: str, side: str, amount: str, seq: str) -> str:
    """What is wrong with a row of the postings file."""
    where = f"{name}: row {row}:"
    if not ref:
        return f"{where} tx_ref is empty"
    if not account:
        return f"{where} account is empty (tx_ref {ref!r})"
    if side not in ("D", "C"):
        return f"{where} side {side!r} is neither D nor C (tx_ref {ref!r})"
    for column, text in (("amount_paise", amount), *((("seq", seq),) if seq else ())):
        try:
            number = int(text.replace("_", "?"))  # Python reads 1_000, a bank does not write it
        except ValueError:
            return f"{where} {column} {text!r} is not a whole number (tx_ref {ref!r})"
        if not -(2**63) < number < 2**63:
            return f"{where} {column} {text} is too large to be kept exactly (tx_ref {ref!r})"
        if column == "amount_paise" and number <= 0:
            return f"{where} an amount of {number} paise, but amounts are above zero (tx_ref {ref!r})"
    try:
        read_time(at, f"{where} posted_at")
    except BadFile as problem:
        return str(problem)
    return f"{where} cannot be read (tx_ref {ref!r})"


def _csv_rows(path: Path, needed: Sequence[str], optional: Sequence[str]) -> Iterator[list[str]]:
    """Cells of the named columns of each row; an optional column that is not there gives empty cells."""
    if not path.is_file():
        raise BadFile(f"there is no file {path}")
    with path.open("rb") as raw, _unzipped(path, raw) as file:
        reader = csv.reader(file)
        try:
            heading = [cell.strip().lower() for cell in next(reader, [])]
        except _UNREADABLE as problem:
            raise BadFile(f"{path.name}: its heading cannot be read as UTF-8 text: {problem}") from None
        missing = [name for name in needed if name not in heading]
        apart = next((mark for mark in ";\t|" if len(heading) == 1 and mark in heading[0]), None)
        if apart:
            raise BadFile(f"{path.name}: its cells are separated by {apart!r}; this needs commas")
        if missing:
            raise BadFile(f"{path.name}: no column {', '.join(missing)}")
        twice = [name for name in (*needed, *optional) if heading.count(name) > 1]
        if twice:
            raise BadFile(f"{path.name}: two columns are called {twice[0]}")
        places = [heading.index(name) if name in heading else -1 for name in (*needed, *optional)]
        width = len(heading)
        try:
            for row, cells in enumerate(filter(None, reader), 1):
                if len(cells) != width:
                    raise BadFile(f"{path.name}: row {row} has {len(cells)} cells, the heading {width}")
                cells.append("")  # place -1
                yield [cells[place] for place in places]
        except _UNREADABLE as problem:
            raise BadFile(f"{path.name}: near line {reader.line_num}: {problem}") from None


_UNREADABLE = (csv.Error, UnicodeDecodeError, gzip.BadGzipFile, EOFError)


def _unzipped(path: Path, raw: BinaryIO) -> TextIO:
    """The text of a CSV file, gzipped or not."""
    zipped = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    return io.TextIOWrapper(cast(BinaryIO, gzip.open(raw)) if zipped else raw, encoding="utf-8-sig", newline="")


def _parquet_rows(path: Path) -> Iterator[Sequence[str]]:
    """The same rows from a Parquet file. duckdb is imported here so that CSV needs the standard library only."""
    import duckdb

    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        source = db.read_parquet(str(path))
        kinds = dict(zip((name.lower() for name in source.columns), map(str, source.types), strict=True))
        missing = [name for name in NEEDED if name not in kinds]
        if missing:
            raise BadFile(f"{path.name}: no column {', '.join(missing)}")
        cells = ", ".join(_cell(name, kinds.get(name), path.name) for name in (*NEEDED, *OPTIONAL))
        db.execute("SET preserve_insertion_order = true")
        answer = db.execute(f"SELECT {cells} FROM read_parquet(?)", [str(path)])
        while chunk := answer.fetchmany(100_000):
            yield from chunk


def _cell(name: str, kind: str | None, file: str) -> str:
    """One column as text, as SQL. A time is written with its offset; a float is no amount."""
    if kind is None:
        return "''"
    if kind in ("FLOAT", "DOUBLE") and name == "amount_paise":
        raise BadFile(f"{file}: column {name} holds {kind.lower()} numbers; paise are whole numbers")
    if kind in ("FLOAT", "DOUBLE"):  # how pandas writes numbers of which some are missing: 7.0 was 7, nan is no cell
        whole = f"WHEN {name} = floor({name}) AND abs({name}) < 9007199254740992 THEN {name}::BIGINT::VARCHAR"
        return f"CASE WHEN {name} IS NULL OR isnan({name}) THEN '' {whole} ELSE {name}::VARCHAR END"
    if kind.startswith("TIMESTAMP"):  # a time without zone in Parquet is UTC by the columns' own convention
        return f"""ifnull(strftime({name}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%f+00:00'), '')"""
    return f"ifnull({name}::VARCHAR, '')"
