"""Send what is in the outbox until each message has its receipt; exactly the bytes and signature made at first."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from thaam.node.records import Records
from thaam.node.resuming import StoreIsOlder
from thaam.node.times import to_us
from thaam.wire import codec
from thaam.wire.client import BankClient, NotThePlatform, Refused, Unreachable
from thaam.wire.messages import HoldAnswer

# Refusals that no repetition will change: the message is kept, with the refusal as its receipt, for the bank's people.
FINAL = frozenset({400, 403, 404, 409, 413, 415, 422})
# So long a message may have a receipt and no place in the journal; the sequencer needs a second.
UNPLACED = timedelta(minutes=5)
# Refusals after which nothing may stay held under the order.
UNDO = frozenset({"order_lapsed", "order_closed"})


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
            with records.one_step():
                if refused.code in UNDO:
                    _undo(records, body)
                records.receipted(id, {"refused": refused.document})
        else:
            records.receipted(
                id, {"id": receipt.id, "digest": receipt.digest, "received_at": receipt.received_at.isoformat(),
                     "fact": receipt.fact, "kept_us": to_us(client.now())}
            )  # fmt: skip
        sent += 1
    return sent


def send_again(records: Records, *, at: datetime) -> int:
    """Let messages go out again that have a receipt and, long after, no place in the journal; how many.

    The platform told us the place of every answer on our pages and left these out: it acknowledged them and has lost
    them (a database that fell back to its last copy). Where it has them after all, the same bytes change nothing.
    """
    return records.forget_unplaced(before=at - UNPLACED)


def _undo(records: Records, body: bytes) -> None:
    """The platform does not count on what this answer holds: the next pass lets it go (watch.look)."""
    message = codec.decode(body)
    if isinstance(message, HoldAnswer):
        records.notice([(0, "refused", message.order_id)])


class Sender:
    """Sends the outbox in a thread of its own, on its own connection to the node's file, in the order of answering."""

    def __init__(
        self, *, records: Records, client: BankClient, say: Callable[[str], None], poll_seconds: float
    ) -> None:
        self._records = records
        self._client = client
        self._say = say
        self._poll_seconds = poll_seconds
        self._wake = threading.Event()
        self._stopped = False
        self._ended_by: BaseException | None = None
        self._trouble = ""
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There is something to send."""
        self._wake.set()

    def check(self) -> None:
        """Raise what ended the thread, if anything did: the node ends with it."""
        if self._ended_by is not None:
            raise self._ended_by

    def close(self) -> None:
        """Stop after the message that is being sent."""
        self._stopped = True
        self._wake.set()
        self._thread.join(timeout=15)
        self._records.close()

    def _run(self) -> None:
        try:
            while not self._stopped:
                self._wake.wait(self._poll_seconds)
                self._wake.clear()
                self._send()
        except BaseException as why:
            self._ended_by = why

    def _send(self) -> None:
        trouble = ""
        try:
            while not self._stopped and send_outbox(self._records, self._client, limit=20):
                pass
        except (Unreachable, NotThePlatform, Refused) as why:
            trouble = f"answers are not taken: {type(why).__name__}: {why}"
        if trouble != self._trouble:
            self._say(trouble or "answers are taken again")
            self._trouble = trouble
