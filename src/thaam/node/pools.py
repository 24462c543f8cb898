"""Which accounts hold many people's money and are never traced by lots: declared so, or seen by who deals with them."""

from __future__ import annotations

from datetime import datetime, timedelta

from thaam.node.parts import Parts


def is_pool(parts: Parts, account: str, *, at: datetime) -> bool:
    """Whether more than `pool_counterparties` others dealt with the account in the `pool_days` before `at`.

    Reads at most that many postings of an ordinary account: with no more rows than that there cannot be more others.
    """
    standing = parts.ledger.standing(account)
    if standing is not None and standing.pool:
        return True
    most = parts.limits.pool_counterparties
    after = parts.ledger.position_as_of(account=account, at=at - timedelta(days=parts.limits.pool_days))
    others: set[tuple[str | None, str]] = set()
    while True:
        rows = parts.ledger.postings_of(account=account, after=after, limit=most + 1)
        others |= {(row.counterparty_bank, row.counterparty_account) for row in rows if row.counterparty_account}
        if len(others) > most:
            return True
        if len(rows) <= most:
            return False
        after = rows[-1].position
