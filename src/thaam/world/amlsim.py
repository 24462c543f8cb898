"""AMLSim samples (github.com/IBM/AMLSim, folder sample/) as postings and claims; docs/how-to/real-input.md.

A sample knows no clock, no banks and no complaints. The conversion adds only what the formats demand: a bank
by account number, a time inside the day by file order, and one complaint for each of the first transfers from
an unlabelled account to a labelled one, traced as of the end of the file.
"""

from __future__ import annotations

import csv
import io
import tarfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from thaam.world.files import START, account_number, claim_id, copy_to_parquet
from thaam.world.people import bank_code

CLAIMS = 300
DAY = 86_400


class NoSamples(Exception):
    """The folder holds no AMLSim sample: no `nodes.csv` beside a `transactions.csv`, no such archive."""


@dataclass(frozen=True, slots=True)
class Converted:
    folder: Path
    postings: int
    claims: int
    banks: int


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    nodes: str
    transfers: str


def convert(*, source: Path, banks: int, out: Path) -> list[Converted]:
    """Write postings.parquet, claims.csv and roles.csv of each sample into `out/<sample>`; raises `NoSamples`."""
    samples = list(_samples(source))
    if not samples:
        raise NoSamples(f"{source} holds no folder or .tgz with nodes.csv and transactions.csv")
    return [_convert(sample, banks=banks, out=out / sample.name) for sample in samples]


def _samples(source: Path) -> list[Sample]:
    found = {}
    for folder in [source, *sorted(path for path in source.glob("*") if path.is_dir())]:
        if (folder / "nodes.csv").exists() and (folder / "transactions.csv").exists():
            texts = [(folder / name).read_text(encoding="utf-8") for name in ("nodes.csv", "transactions.csv")]
            found[folder.name] = Sample(folder.name, *texts)
    for archive in sorted([*source.glob("*.tgz"), *source.glob("*.tar.gz")]):
        name = archive.name.removesuffix(".tgz").removesuffix(".tar.gz")
        if name not in found and (sample := _from_archive(archive, name)):
            found[name] = sample
    return list(found.values())


def _from_archive(archive: Path, name: str) -> Sample | None:
    texts = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            base = Path(member.name).name
            if base in ("nodes.csv", "transactions.csv") and (file := tar.extractfile(member)):
                texts[base] = file.read().decode("utf-8")
    return Sample(name, texts["nodes.csv"], texts["transactions.csv"]) if len(texts) == 2 else None


def _convert(sample: Sample, *, banks: int, out: Path) -> Converted:
    labelled = {int(row["nodeid"]) for row in csv.DictReader(io.StringIO(sample.nodes)) if row["isFraud"] == "1"}
    payer, payee, paise, day = _transfers(sample.transfers)
    order = np.argsort(day, kind="stable")
    payer, payee, paise, day = payer[order], payee[order], paise[order], day[order]
    within = np.arange(len(day)) - np.searchsorted(day, day)
    count = np.searchsorted(day, day, side="right") - np.searchsorted(day, day)
    t = day * DAY + within * DAY // count
    out.mkdir(parents=True, exist_ok=True)
    _write_postings(out / "postings.parquet", payer=payer, payee=payee, paise=paise, t=t, banks=banks)
    stolen = [n for n in range(len(t)) if int(payee[n]) in labelled and int(payer[n]) not in labelled][:CLAIMS]
    with (out / "claims.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(("claim_id", "tx_ref", "amount_paise", "reported_at"))
        # An empty time means the end of the file: the sample says nothing of complaints.
        sheet.writerows((claim_id(n), _reference(payment), int(paise[payment]), "") for n, payment in enumerate(stolen))
    with (out / "roles.csv").open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(("bank", "account", "role"))
        sheet.writerows(
            (bank_code(node % banks), account_number(node, node % banks), "mule") for node in sorted(labelled)
        )
    return Converted(out, 2 * len(t), len(stolen), banks)


def _transfers(text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Payer, payee, paise and day of each transfer in file order; a value of nothing is no transfer and is left out."""
    rows = [
        (int(row["sourceNodeId"]), int(row["targetNodeId"]), int(Decimal(row["value"]) * 100), int(row["time"]))
        for row in csv.DictReader(io.StringIO(text))
    ]
    table = np.array([row for row in rows if row[2] > 0], dtype=np.int64)
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3]


def _reference(payment: int) -> str:
    return f"{700_000_000_000 + payment:012d}"


def _write_postings(
    path: Path, *, payer: np.ndarray, payee: np.ndarray, paise: np.ndarray, t: np.ndarray, banks: int
) -> None:
    """Two postings a transfer, debit then credit, also when an account pays itself."""
    own = np.column_stack([payer, payee]).ravel()
    other = np.column_stack([payee, payer]).ravel()
    payment = np.repeat(np.arange(len(t)), 2)
    codes = [bank_code(number) for number in range(banks)]
    r = {
        "seq": np.arange(1, len(own) + 1),
        "payment": payment,
        "own": own,
        "other": other,
        "paise": np.repeat(paise, 2),
        "t": np.repeat(t, 2),
    }
    start = f"TIMESTAMP '{START:%Y-%m-%d %H:%M:%S}'"
    copy_to_parquet(
        r,
        f"""
        SELECT strftime({start} + to_seconds(t), '%Y-%m-%dT%H:%M:%S') || '+05:30' AS posted_at, seq,
            printf('%012d', 700000000000 + payment) AS tx_ref,
            list_extract({codes!r}, own % {banks} + 1) AS bank,
            printf('%02d%010d', own % {banks} + 1, own + 1) AS account,
            CASE WHEN seq % 2 = 1 THEN 'D' ELSE 'C' END AS side, paise AS amount_paise, 'UPI' AS channel,
            list_extract({codes!r}, other % {banks} + 1) AS counterparty_bank,
            printf('%02d%010d', other % {banks} + 1, other + 1) AS counterparty_account
        FROM r ORDER BY seq
        """,
        path,
    )
