"""Who owns the accounts that hold many people's money, so that an order can be sent on to who keeps the sub-ledger."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Bank, PoolAccount


class OwnPool(ValueError):
    """A bank is not asked about its own pool a second time."""

    text = Text(
        hi="पूल खाते का मालिक उसी बैंक से अलग पक्ष होना चाहिए।",
        en="The owner of a pool account is another party than its bank.",
    )


@transaction.atomic
def declare_pool(*, bank: str, account: str, owner: str, by: str, at: dt.datetime) -> PoolAccount:
    """Write down who owns an account (`account` as its bank names it in answers); the same again changes nothing.

    The fact "pool:declared" sends orders on that had ended at this account. Raises OwnPool, Bank.DoesNotExist.
    """
    if bank == owner:
        raise OwnPool(bank)
    known = PoolAccount.objects.filter(bank_id=bank, account=account).first()
    if known is not None and known.owner_id == owner:
        return known
    pool, _ = PoolAccount.objects.update_or_create(
        bank=Bank.objects.get(code=bank),
        account=account,
        defaults={"owner": Bank.objects.get(code=owner), "declared_at": at},
    )
    record(Kind.POOL_DECLARED, about=f"partner:{bank}", by=by, at=at, account=account, owner=owner)
    return pool


def owner_of_pool(*, bank: str, account: str) -> str | None:
    """The code of the party that keeps the sub-ledger of this account, if it has a mailbox here."""
    pool = PoolAccount.objects.select_related("owner").filter(bank_id=bank, account=account).first()
    return pool.owner_id if pool is not None and pool.owner.in_network else None
