"""Ordinary life and frauds merged into one ledger: postings in order, openings, balances, claims, truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from thaam.world.channels import CODE
from thaam.world.frauds import KINDS, Frauds, commit_frauds
from thaam.world.people import COMMUNITY, Array, People, settle
from thaam.world.settings import Setting

LIMIT_PAISE = 50_000_00
"""The sanctioned limit of the overdrawn mules whose bank states one."""


@dataclass(frozen=True, slots=True)
class Payments:
    """Payments (debit side) and their credits as columns; `t` in seconds from the start, payer -1 for cash paid in."""

    t: Array
    payer: Array
    paise: Array
    channel: Array
    reverses: Array
    credit_payment: Array
    credit_t: Array
    credit_account: Array
    credit_paise: Array


@dataclass(frozen=True, slots=True)
class World:
    """Everything `files.write_world` needs; payments are numbered in the order they were made."""

    people: People
    banks: int
    payments: Payments
    rows: dict[str, Array]
    """Postings in order: t, payment, account, debit, paise, other, balance."""
    opening: Array
    claims: dict[str, Array]
    truth: dict[str, Array]


def build(*, setting: Setting, payments: int, banks: int, seed: int) -> World:
    """A world of about `payments` payments at `banks` banks; the same arguments give the same world, bit by bit."""
    rng = np.random.default_rng([seed, payments, banks])
    end = setting.days * 86_400.0
    claims = max(int(payments * setting.claims_per_payment), 1)
    people = settle(setting=setting, payments=payments, banks=banks, claims=claims, rng=rng)
    false = int(claims * setting.false_share)
    frauds = commit_frauds(setting=setting, people=people, claims=claims - false, end=end, rng=rng)
    ordinary = _ordinary(setting, people, max(payments - len(frauds.t), payments // 2), end, rng)
    _complain_falsely(frauds, ordinary, false, setting, end, rng)
    merged, rank = _merge(ordinary, frauds)
    rows = _rows(merged)
    opening = _openings(rows, people, setting, rng)
    rows["balance"] = _balances(rows, opening)
    return World(
        people=people,
        banks=banks,
        payments=merged,
        rows=rows,
        opening=opening,
        claims={
            "payment": rank[np.array(frauds.claim_payment, dtype=np.int64)],
            "paise": np.array(frauds.claim_paise, dtype=np.int64),
            "reported": np.array(frauds.claim_reported),
        },
        truth=_truth(frauds, rank),
    )


def _ordinary(setting: Setting, people: People, count: int, end: float, rng: np.random.Generator) -> Payments:
    refunds = int(count * setting.refund_share)
    count -= refunds
    t = rng.random(count) * end
    payer, payee = people.draw(rng, count), people.draw(rng, count)
    local = rng.random(count) < setting.local_share
    neighbour = payer // COMMUNITY * COMMUNITY + rng.integers(0, COMMUNITY, count)
    payee = np.where(local, np.minimum(neighbour, people.people - 1), payee)
    payee = np.where(payee == payer, (payee + 1) % people.people, payee)
    busy = np.setdiff1d(people.mules, people.overdrawn)
    _pass_through(payer, payee, busy, setting.mule_busy_share, rng)
    _pass_through(payer, payee, people.pools, setting.pool_traffic, rng)
    amount = setting.amount_median_rupees * np.exp(rng.normal(0, setting.amount_sigma, count))
    paise = np.maximum((np.minimum(amount, 10_00_000) * 100).astype(np.int64), 100)
    paise = np.where(rng.random(count) < 0.7, paise // 100 * 100, paise)
    draw = rng.random(count)
    kinds = (
        ("POS", 0.06),
        ("ATM", 0.05),
        ("FEE", 0.01),
        ("CHEQUE", 0.005),
        ("CASH", 0.03),
        ("NEFT", 0.06),
        ("IMPS", 0.12),
    )
    channel = np.full(count, CODE["UPI"], dtype=np.int8)
    edges = np.cumsum([share for _, share in kinds])
    for number, (name, _) in reversed(list(enumerate(kinds))):
        channel[draw < edges[number]] = CODE[name]
    paid_in = channel == CODE["CASH"]
    payer = np.where(paid_in, -1, payer)
    credited = np.flatnonzero(~np.isin(channel, [CODE["POS"], CODE["ATM"], CODE["FEE"], CODE["CHEQUE"]]))
    late = np.where(rng.random(count) < setting.in_flight_share, rng.uniform(1, 300, count), 0.0)
    late[paid_in] = 0.0
    plain = Payments(
        t=t,
        payer=payer,
        paise=paise,
        channel=channel,
        reverses=np.full(count, -1, dtype=np.int64),
        credit_payment=credited,
        credit_t=(t + late)[credited],
        credit_account=payee[credited],
        credit_paise=paise[credited],
    )
    return _refund(plain, refunds, end, rng) if refunds else plain


def _pass_through(payer: Array, payee: Array, accounts: Array, share: float, rng: np.random.Generator) -> None:
    """Give a share of the payments one of `accounts` at one end, as many in as out."""
    if not share or not len(accounts):
        return
    draw = rng.random(len(payer))
    for side, low in ((payer, 0.0), (payee, share / 2)):
        chosen = np.flatnonzero((draw >= low) & (draw < low + share / 2))
        side[chosen] = accounts[rng.integers(0, len(accounts), len(chosen))]
    same = payer == payee
    payee[same] = 0 if not (payer[same] == 0).any() else 1


def _refund(plain: Payments, count: int, end: float, rng: np.random.Generator) -> Payments:
    """Send `count` transfers back, half of them in part, within three days."""
    able = np.flatnonzero(plain.payer[plain.credit_payment] >= 0)
    chosen = rng.choice(able, size=min(count, len(able)), replace=False)
    original = plain.credit_payment[chosen]
    t = plain.credit_t[chosen] + rng.uniform(60, 259_200, len(chosen))
    share = np.where(rng.random(len(chosen)) < 0.5, 1.0, rng.random(len(chosen)))
    paise = np.maximum((plain.credit_paise[chosen] * share).astype(np.int64), 1)
    keep = t < end
    original, t, paise, payer = original[keep], t[keep], paise[keep], plain.credit_account[chosen][keep]
    return Payments(
        t=np.concatenate([plain.t, t]),
        payer=np.concatenate([plain.payer, payer]),
        paise=np.concatenate([plain.paise, paise]),
        channel=np.concatenate([plain.channel, plain.channel[original]]),
        reverses=np.concatenate([plain.reverses, original]),
        credit_payment=np.concatenate([plain.credit_payment, len(plain.t) + np.arange(len(t))]),
        credit_t=np.concatenate([plain.credit_t, t]),
        credit_account=np.concatenate([plain.credit_account, plain.payer[original]]),
        credit_paise=np.concatenate([plain.credit_paise, paise]),
    )


def _complain_falsely(
    frauds: Frauds, ordinary: Payments, count: int, setting: Setting, end: float, rng: np.random.Generator
) -> None:
    """Complaints about genuine payments; their payment is numbered after the stolen ones, as `_merge` does."""
    if not count:
        return
    plain = (ordinary.paise >= 1_000_00) & (ordinary.paise <= 2_00_000_00) & (ordinary.payer >= 0)
    plain &= (ordinary.reverses < 0) & (ordinary.t < end * 0.9)
    plain &= np.isin(np.arange(len(ordinary.t)), ordinary.credit_payment)
    plain[ordinary.reverses[ordinary.reverses >= 0]] = False
    stolen = len(frauds.t)
    for payment in rng.choice(np.flatnonzero(plain), size=count, replace=False).tolist():
        claim, paise = len(frauds.claim_payment), int(ordinary.paise[payment])
        wait = setting.report_median_seconds * float(np.exp(rng.normal(0, setting.report_sigma)))
        frauds.claim_payment.append(stolen + payment)
        frauds.claim_paise.append(paise)
        frauds.claim_reported.append(min(float(ordinary.t[payment]) + wait, end))
        frauds.truth.append((claim, KINDS.index("false"), stolen + payment, -1, paise, 1, float(ordinary.t[payment])))


def _merge(ordinary: Payments, frauds: Frauds) -> tuple[Payments, Array]:
    """All payments numbered by time; also the new number of each (stolen ones first, then ordinary)."""
    stolen = len(frauds.t)
    t = np.concatenate([np.array(frauds.t), ordinary.t])
    order = np.argsort(t, kind="stable")
    rank = np.empty(len(t), dtype=np.int64)
    rank[order] = np.arange(len(t))

    def both(a: list[Any], b: Array) -> Array:
        return np.concatenate([np.array(a, dtype=b.dtype), b])

    ordinary_reverses = np.where(ordinary.reverses >= 0, ordinary.reverses + stolen, -1)
    reverses = both(frauds.reverses, ordinary_reverses)[order]
    merged = Payments(
        t=t[order],
        payer=both(frauds.payer, ordinary.payer)[order],
        paise=both(frauds.paise, ordinary.paise)[order],
        channel=both(frauds.channel, ordinary.channel)[order],
        reverses=np.where(reverses >= 0, rank[reverses], -1),
        credit_payment=rank[both(frauds.credit_payment, ordinary.credit_payment + stolen)],
        credit_t=both(frauds.credit_t, ordinary.credit_t),
        credit_account=both(frauds.credit_account, ordinary.credit_account),
        credit_paise=both(frauds.credit_paise, ordinary.credit_paise),
    )
    return merged, rank


def _rows(payments: Payments) -> dict[str, Array]:
    """Postings in order: by time; in one instant by payment, its debit before its credits, these bottom up."""
    debits = np.flatnonzero(payments.payer >= 0)
    t = np.concatenate([payments.t[debits], payments.credit_t])
    payment = np.concatenate([debits, payments.credit_payment])
    credit = np.arange(len(t)) >= len(debits)
    order = np.lexsort((np.arange(len(t)), credit, payment, t))
    account = np.concatenate([payments.payer[debits], payments.credit_account])
    first_credit = np.full(len(payments.t), -1, dtype=np.int64)
    first_credit[payments.credit_payment[::-1]] = payments.credit_account[::-1]
    other = np.concatenate([first_credit[debits], payments.payer[payments.credit_payment]])
    paise = np.concatenate([payments.paise[debits], payments.credit_paise])
    columns = {"t": t, "payment": payment, "account": account, "debit": ~credit, "paise": paise, "other": other}
    return {name: column[order] for name, column in columns.items()}


def _levels(rows: dict[str, Array]) -> tuple[Array, Array, Array]:
    """Rows grouped by account in their order, the running level inside each group, and each group's first row."""
    order = np.argsort(rows["account"], kind="stable")
    signed = np.where(rows["debit"], -rows["paise"], rows["paise"])[order]
    total = np.cumsum(signed)
    first = np.flatnonzero(np.r_[True, np.diff(rows["account"][order]) != 0])
    lengths = np.diff(np.r_[first, len(order)])
    return order, total - np.repeat(total[first] - signed[first], lengths), first


def _openings(rows: dict[str, Array], people: People, setting: Setting, rng: np.random.Generator) -> Array:
    """Enough that no account but the overdrawn mules' goes below zero, and other money on top."""
    order, level, first = _levels(rows)
    lowest = np.zeros(people.count, dtype=np.int64)
    lowest[rows["account"][order][first]] = np.minimum(np.minimum.reduceat(level, first), 0)
    stock = (5_000_00 * np.exp(rng.normal(0, 1.2, people.count))).astype(np.int64)
    stock[people.mules] = (rng.random(len(people.mules)) * setting.stock_rupees * 100).astype(np.int64)
    opening = stock - lowest
    opening[people.overdrawn] = 0
    return opening


def _balances(rows: dict[str, Array], opening: Array) -> Array:
    order, level, _ = _levels(rows)
    balances = np.empty(len(order), dtype=np.int64)
    balances[order] = level + opening[rows["account"][order]]
    return balances


def _truth(frauds: Frauds, rank: Array) -> dict[str, Array]:
    names = ("claim", "kind", "payment", "account", "paise", "hop", "t")
    table = np.array(frauds.truth, dtype=np.float64).reshape(-1, len(names))
    truth = {name: table[:, number] for number, name in enumerate(names)}
    whole = {name: column.astype(np.int64) for name, column in truth.items() if name != "t"}
    whole["payment"] = np.where(whole["payment"] >= 0, rank[whole["payment"]], -1)
    return {**whole, "t": truth["t"]}
