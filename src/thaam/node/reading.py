"""Read the bank's postings into the node's ledger, in the bank's order, never past an unfinished step.

A lien takes effect between two postings. What it keeps must be cut out of the pile before any later posting is read,
or a later debit would seem to take money that the core had already put aside. So reading stops while a step is open.
"""

from __future__ import annotations

from collections.abc import Iterable

from thaam.node.parts import Parts
from thaam.postings.posting import Posting


class StepOpen(RuntimeError):
    """Postings may not be read on while a lien, a lift or a payment is half done: finish it first (resuming.py)."""


def read_on(parts: Parts) -> int:
    """Read everything the core has; the position reached. Raises StepOpen, CoreUnreachable."""
    if parts.records.open_legs() or parts.records.open_endings():
        raise StepOpen("a step is open")
    return _read(parts, up_to=None)


def read_to(parts: Parts, position: int) -> int:
    """Read up to `position` and not beyond it; the position reached. Raises CoreUnreachable."""
    return _read(parts, up_to=position)


def _read(parts: Parts, *, up_to: int | None) -> int:
    reached = parts.ledger.position()
    while up_to is None or reached < up_to:
        limit = parts.limits.batch if up_to is None else min(parts.limits.batch, up_to - reached)
        batch = parts.core.postings_after(position=reached, limit=limit)
        if up_to is not None:
            batch = [posting for posting in batch if posting.position <= up_to]
        if not batch:
            break
        _state_new_accounts(parts, batch)
        _notice(parts, batch)
        reached = parts.ledger.ingest(batch)
        if up_to is None and len(batch) < limit:
            break
    return reached


def _state_new_accounts(parts: Parts, batch: Iterable[Posting]) -> None:
    """Tell the ledger what the core says of accounts it sees for the first time: opening, limit, pool."""
    named = {posting.account for posting in batch}
    new = [account for account in sorted(named) if parts.ledger.standing(account) is None]
    if not new:
        return
    for facts in parts.core.about_accounts(accounts=new):
        if facts.opening_paise is not None:
            parts.ledger.state_opening(
                account=facts.account, opening_paise=facts.opening_paise, limit_paise=facts.limit_paise or 0
            )
        if facts.pool:
            parts.ledger.declare_pool(account=facts.account)


def _notice(parts: Parts, batch: Iterable[Posting]) -> None:
    """Remember, before they are taken in, postings that a waiting order, a hold or a watch must hear of."""
    held, watched, awaited = parts.records.accounts_held(), parts.records.accounts_watched(), parts.records.awaited()
    rows: list[tuple[int, str, str]] = []
    for posting in batch:
        if posting.side == "D" and posting.reverses_tx_ref is not None:
            told = parts.records.answered_about(posting.reverses_tx_ref)
            rows += [(posting.position, "refund", order_id) for order_id in told]
        if posting.side == "C" and posting.tx_ref in awaited:
            rows += [(posting.position, "awaited", order_id) for order_id in awaited[posting.tx_ref]]
        elif posting.side == "C" and posting.account in held | watched and posting.reverses_tx_ref is None:
            rows.append((posting.position, "late", posting.account))
        elif posting.side == "D" and posting.account in held:
            rows.append((posting.position, "debit", posting.account))
    if rows:
        parts.records.notice(rows)
