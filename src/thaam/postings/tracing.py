"""Claims of a file traced through the postings of a file: what `thaam trace` answers, as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from thaam.language.rupees import full
from thaam.language.text import Text
from thaam.money import ranges as sets
from thaam.money.backward import trace_back
from thaam.money.ranges import Ranges
from thaam.money.trace import Rule, Trail, trace
from thaam.postings.files import BadFile, ClaimAsked
from thaam.postings.index import PostingsIndex


def claimed_ranges(index: PostingsIndex, claim: ClaimAsked) -> tuple[int, Ranges] | None:
    """The payment a claim disputes and which of its paise: its top `amount_paise`, or all of it.

    None when the payment is not in the file at all. Raises BadFile when more is claimed than was paid.
    """
    payment = index.ref_ids.get(claim.tx_ref)
    amount = 0 if payment is None else index.amount(payment)
    if payment is None or not amount:
        return None
    asked = amount if claim.amount_paise is None else claim.amount_paise
    if asked > amount:
        raise BadFile(
            f"claims: row {claim.row}: claim {claim.claim_id!r} is for {asked} paise, but payment"
            f" {claim.tx_ref!r} has {amount}"
        )
    return payment, ((amount - asked, amount),)


def trace_claims(
    index: PostingsIndex, claims: Sequence[ClaimAsked], *, rule: Rule, as_of: int | None, use_reported: bool,
    max_hops: int | None,
) -> Iterator[tuple[ClaimAsked, Trail | None]]:  # fmt: skip
    """Each claim with its trail, in the order of the file; None for a payment that is not in the file.

    The cut is the claim's `reported_at` when `use_reported`, else `as_of` (None: the end of the file).
    """
    for claim in claims:
        found = claimed_ranges(index, claim)
        if found is None:
            yield claim, None
            continue
        cut = claim.reported_at if use_reported else as_of
        payment, ranges = found
        yield claim, trace(index, payment=payment, ranges=ranges, rule=rule, cut=cut, max_hops=max_hops)


def back_starts(index: PostingsIndex, where: str) -> list[tuple[int, Ranges]] | tuple[int, ...]:
    """What `--back WHERE` names: a payment `TX_REF`, some of its paise `TX_REF:LO-HI`, or `BANK/ACCOUNT`.

    A list of payments with ranges, or a tuple with one account. Raises BadFile.
    """
    ref, _, span = where.rpartition(":")
    low, _, high = span.partition("-")
    if where in index.ref_ids:
        payment = index.ref_ids[where]
        return [(payment, ((0, index.amount(payment)),))]
    if ref in index.ref_ids and low.isdecimal() and high.isdecimal():
        payment, lo, hi = index.ref_ids[ref], int(low), int(high)
        if not lo < hi <= index.amount(payment):
            raise BadFile(f"--back: [{lo}, {hi}) is not inside payment {ref!r} of {index.amount(payment)} paise")
        return [(payment, ((lo, hi),))]
    bank, _, account = where.partition("/")
    if (bank, account) in index.account_ids:
        found = index.account_ids[bank, account]
        if index.is_pool(found):
            raise BadFile(f"--back: {where!r} is a pool: it holds many people's money, and its owner knows whose")
        return (found,)
    raise BadFile(f"--back: {where!r} is no payment, no range TX_REF:LO-HI and no BANK/ACCOUNT of the file")


def back_answer(
    index: PostingsIndex, start: dict[str, Any], starts: Sequence[tuple[int, Ranges]], claims: Sequence[ClaimAsked],
    *, rule: Rule, cut: int | None,
) -> dict[str, Any]:  # fmt: skip
    """The way back from some ranges: the payments on it, the victims met, and where it ends."""
    disputed: list[tuple[ClaimAsked, int, Ranges]] = []
    for claim in claims:
        found = claimed_ranges(index, claim)
        if found is not None:
            disputed.append((claim, *found))
    payments: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = []
    met: dict[str, tuple[int, list[tuple[int, int]]]] = {}
    for payment, ranges in starts:
        origin = trace_back(index, payment=payment, ranges=ranges, rule=rule, cut=cut)
        for part in origin.payments:
            payments.append({"tx_ref": index.refs[part.payment], "lo": part.lo, "hi": part.hi, "hop": part.hop})
            for claim, of, paise in disputed:
                common = sets.intersect(paise, ((part.lo, part.hi),)) if of == part.payment else ()
                if common:
                    met.setdefault(claim.claim_id, (of, []))[1].extend(common)
        sources += [
            {"kind": str(end.kind), "tx_ref": index.refs[end.payment], "lo": end.lo, "hi": end.hi}
            for end in origin.sources
        ]
    victims = [
        {"claim_id": claim_id, "tx_ref": index.refs[of], "lo": lo, "hi": hi}
        for claim_id, (of, pieces) in sorted(met.items())
        for lo, hi in sets.normalise(pieces)
    ]
    size = sum(sets.total(ranges) for _, ranges in starts)
    return {
        "from": start, "rule": str(rule), "victims": victims, "payments": payments, "sources": sources,
        "in_words": back_in_words(start, size, victims),
    }  # fmt: skip


def back_in_words(start: dict[str, Any], paise: int, victims: Sequence[dict[str, Any]]) -> dict[str, str]:
    """A way back as sentences somebody can read aloud in court: how much lies there, and whose it was."""
    if "account" in start:
        where = Text(
            hi="{bank} के खाते {account} में फ़ाइल के भुगतानों से आए {sum} अब भी हैं।",
            en="Of the money that payments of the file brought, {sum} still lies in account {account} of {bank}.",
        )
    else:
        where = Text(
            hi="यह भुगतान {payment} से गए {sum} की बात है।", en="This is {sum} that went out in payment {payment}."
        )
    whose = Text(
        hi="इनमें से {sum} दावे {claim} के हैं, जो भुगतान {tx} में गए थे।",
        en="Of this, {sum} is the money of claim {claim}, which left in payment {tx}.",
    )
    nobody = Text(hi="इनमें फ़ाइल के किसी दावे का पैसा नहीं है।", en="None of it is the money of a claim in the file.")
    lost: dict[tuple[str, str], int] = {}
    for part in victims:
        key = (part["claim_id"], part["tx_ref"])
        lost[key] = lost.get(key, 0) + part["hi"] - part["lo"]
    told: dict[str, str] = {}
    for lang in ("hi", "en"):
        place = {"sum": full(paise), "bank": start.get("bank"), "account": start.get("account")}
        said = [where.in_(lang, **place, payment=start.get("range"))]
        said += [whose.in_(lang, sum=full(size), claim=claim, tx=tx) for (claim, tx), size in lost.items()]
        told[lang] = " ".join(said if lost else [*said, nobody.in_(lang)])
    return told


def answer(index: PostingsIndex, claim: ClaimAsked, rule: Rule, trail: Trail | None) -> dict[str, Any]:
    """The answer to one claim as ARCHITECTURE, "Commands and files", has it. A payment not in the file is unknown,
    whole."""
    if trail is None:
        size = claim.amount_paise or 0
        lost = [{"reason": "not_in_file", "tx_ref": claim.tx_ref, "lo": 0, "hi": size}] if size else []
        payments = [{"tx_ref": claim.tx_ref, "lo": 0, "hi": size, "hop": 1}] if size else []
        totals = {"claimed": size, "held": 0, "terminal": 0, "unknown": size}
        return {
            "claim_id": claim.claim_id, "rule": str(rule), "totals": totals, "payments": payments, "held": [],
            "terminal": [], "unknown": lost,
        }  # fmt: skip
    refs, accounts = index.refs, index.accounts
    return {
        "claim_id": claim.claim_id,
        "rule": str(rule),
        "totals": trail.totals(),
        "payments": [{"tx_ref": refs[p.payment], "lo": p.lo, "hi": p.hi, "hop": p.hop} for p in trail.payments],
        "held": [
            {
                "bank": accounts[p.account][0],
                "account": accounts[p.account][1],
                "tx_ref": refs[p.payment],
                "lo": p.lo,
                "hi": p.hi,
            }
            for p in trail.held
        ],
        "terminal": [{"kind": str(p.kind), "tx_ref": refs[p.payment], "lo": p.lo, "hi": p.hi} for p in trail.terminal],
        "unknown": [
            {"reason": str(p.reason), "tx_ref": refs[p.payment], "lo": p.lo, "hi": p.hi} for p in trail.unknown
        ],
    }
