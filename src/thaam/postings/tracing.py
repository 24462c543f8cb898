"""Claims of a file traced through the postings of a file: what `thaam trace` answers, as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

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


def answer(index: PostingsIndex, claim: ClaimAsked, rule: Rule, trail: Trail | None) -> dict[str, Any]:
    """The answer to one claim as architecture.md 6 words it. A payment that is not in the file is unknown, whole."""
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
