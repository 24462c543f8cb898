"""How well a trace agrees with a world's truth: fidelity, recall, and where the traced money lies."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Truth:
    """What really belongs to whom: paise of each claim in each payment, and the roles of accounts."""

    carried: Mapping[tuple[str, str], int]
    """Paise of (claim_id, tx_ref)."""
    roles: Mapping[Place, str]
    """mule or pool by (bank, account); everybody else is a person."""
    false_claims: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of the claimed sum, and of the traced rupees; None where there is nothing to divide by."""

    claims: int
    claimed_paise: int
    fidelity: float | None
    """Rupee-weighted share of the traced payments that really belong to the claim's chain."""
    recall: float | None
    """Rupee-weighted share of the chain's payments (complete, also after the cut) that the trace found."""
    on_mules: float
    on_innocents: float
    gone: float
    unknown: float


def read_truth(folder: Path) -> Truth | None:
    """The truth beside a world's postings, or None where there is none (other people's ledgers)."""
    if not (folder / "truth.parquet").exists():
        return None
    import duckdb

    with duckdb.connect() as db:
        rows = db.execute(
            "SELECT claim_id, tx_ref, sum(amount_paise) FROM read_parquet(?) WHERE kind = 'carried' GROUP BY ALL",
            [str(folder / "truth.parquet")],
        ).fetchall()
        false = db.execute(
            "SELECT DISTINCT claim_id FROM read_parquet(?) WHERE kind = 'false'", [str(folder / "truth.parquet")]
        ).fetchall()
    return Truth(
        carried={(claim, payment): int(paise) for claim, payment, paise in rows},
        roles=read_roles(folder),
        false_claims=frozenset(claim for (claim,) in false),
    )


def read_roles(folder: Path) -> dict[Place, str]:
    """Mules and pools of a world or a converted sample; empty without a roles file."""
    path = folder / "roles.csv"
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {(row["bank"], row["account"]): row["role"] for row in csv.DictReader(file)}


def fidelity(traced: Mapping[tuple[str, str], int], carried: Mapping[tuple[str, str], int]) -> float | None:
    """The share of traced paise, by (claim, payment), that the truth confirms."""
    total = sum(traced.values())
    right = sum(min(paise, carried.get(key, 0)) for key, paise in traced.items())
    return right / total if total else None


def judge(answers: Iterable[Mapping[str, Any]], truth: Truth) -> Quality:
    """Compare the lines of `thaam trace` with the truth. False claims are counted apart: their chain is nobody's."""
    traced: dict[tuple[str, str], int] = defaultdict(int)
    where = {"mule": 0, "pool": 0, "person": 0}
    claims = claimed = gone = unknown = 0
    for answer in answers:
        claims += 1
        claimed += answer["totals"]["claimed"]
        gone += answer["totals"]["terminal"]
        unknown += answer["totals"]["unknown"]
        for part in answer["held"]:
            where[truth.roles.get((part["bank"], part["account"]), "person")] += part["hi"] - part["lo"]
        if answer["claim_id"] in truth.false_claims:
            continue
        for part in answer["payments"]:
            traced[answer["claim_id"], part["tx_ref"]] += part["hi"] - part["lo"]
    found = sum(min(paise, truth.carried.get(key, 0)) for key, paise in traced.items())
    chain = sum(truth.carried.values())
    return Quality(
        claims=claims,
        claimed_paise=claimed,
        fidelity=fidelity(traced, truth.carried),
        recall=found / chain if chain else None,
        on_mules=(where["mule"] + where["pool"]) / claimed if claimed else 0.0,
        on_innocents=where["person"] / claimed if claimed else 0.0,
        gone=gone / claimed if claimed else 0.0,
        unknown=unknown / claimed if claimed else 0.0,
    )
