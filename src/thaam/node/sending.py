"""Send what is in the outbox until each message has its receipt; exactly the bytes and signature made at first."""

from __future__ import annotations

import sys

from thaam.node.records import Records
from thaam.node.resuming import StoreIsOlder
from thaam.wire.client import BankClient, Refused

# Refusals that no repetition will change: the message is kept, with the refusal as its receipt, for the bank's people.
FINAL = frozenset({400, 403, 404, 409, 413, 415, 422})


def send_outbox(records: Records, client: BankClient, *, limit: int = 100) -> int:
    """Send unreceipted messages in order; how many got their receipt.

    Raises Unreachable, NotThePlatform, Refused (signature, rate): the rest stays for the next time. Raises StoreIsOlder
    when the platform has other content under an id of ours, which only a copy of this node can have sent.
    """
    sent = 0
    for id, body, detached in records.unsent(limit=limit):
        try:
            receipt = client.send_raw(body, detached)
        except Refused as refused:
            if refused.code == "same_id_other_content":
                raise StoreIsOlder(
                    f"the platform has another answer under id {id}: this node answered before and forgot it"
                ) from refused
            if refused.status not in FINAL or refused.code == "nonce_used":
                raise
            print(f"refused for good: {id}: {refused}", file=sys.stderr)  # noqa: T201 - a node's log is stderr
            records.receipted(id, {"refused": refused.document})
        else:
            records.receipted(
                id, {"id": receipt.id, "digest": receipt.digest, "received_at": receipt.received_at.isoformat(),
                     "fact": receipt.fact}
            )  # fmt: skip
        sent += 1
    return sent
