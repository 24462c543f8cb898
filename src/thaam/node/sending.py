"""Send what is in the outbox until each message has its receipt; exactly the bytes made at first."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from thaam.node.records import Records
from thaam.node.resuming import StoreIsOlder
from thaam.node.times import to_us
from thaam.wire import codec
from thaam.wire.client import BankClient, NotThePlatform, Receipt, Refused, Unreachable
from thaam.wire.messages import HoldAnswer

# Refusals that no repetition will change: the message is kept, with the refusal as its receipt, for the bank's people.
FINAL = frozenset({400, 403, 404, 409, 413, 415, 422})
# So long a message may have a receipt and no place in the journal; the sequencer needs a second.
UNPLACED = timedelta(minutes=5)
# Refusals after which nothing may stay held under the order.
UNDO = frozenset({"order_lapsed", "order_closed"})
OTHER_CONTENT = "same_id_other_content"
# A message of the outbox: its id, its bytes, the detached JWS over them.
Waiting = tuple[str, bytes, str]
# What the request needs beside each message and its JWS, and around them all.
FRAME_BYTES = 64


def send_outbox(records: Records, client: BankClient, *, limit: int = 100) -> int:
    """Send unreceipted messages in order, as many together as a request takes; how many got their receipt.

    Raises Unreachable, NotThePlatform, Refused (signature, rate): the rest stays for the next time. Raises StoreIsOlder
    when the platform has other content under an id of ours, which only a copy of this node can have sent; unless the
    bank's people have said that these are the newest files.
    """
    sent = 0
    newest = records.are_newest()
    for group in _groups(records.unsent(limit=limit)):
        outcomes = _sent(client, group)
        trouble: Exception | None = None
        with records.one_step():
            for (id, body, _), outcome in zip(group, outcomes, strict=True):
                if isinstance(outcome, Refused) and (trouble := _trouble(id, outcome, newest=newest)):
                    break  # the others wait with it: what is said later must not be kept earlier
                _note(records, id, body, outcome, at=client.now())
                sent += 1
        if trouble is not None:
            raise trouble
    return sent


def _groups(waiting: Iterable[Waiting]) -> Iterator[list[Waiting]]:
    """In order, as many together as one request may carry; what is too large for company goes alone."""
    group: list[Waiting] = []
    room = 0
    for each in waiting:
        needed = len(each[1]) + len(each[2]) + FRAME_BYTES
        if len(group) == codec.TOGETHER_MAX or needed > room:
            if group:
                yield group
            group, room = [], codec.MAX_BODY_BYTES - FRAME_BYTES
        group.append(each)
        room -= needed
    if group:
        yield group


def _sent(client: BankClient, group: Sequence[Waiting]) -> list[Receipt | Refused]:
    """What becomes of each message. They go one by one where the platform refuses the request and not a message."""
    if len(group) > 1:
        try:
            return client.send_together([(body, detached) for _, body, detached in group])
        except Refused as refused:
            if refused.status not in FINAL or refused.code == "nonce_used":
                raise
    return [_alone(client, body, detached) for _, body, detached in group]


def _alone(client: BankClient, body: bytes, detached: str) -> Receipt | Refused:
    try:
        return client.send_raw(body, detached)
    except Refused as refused:
        return refused


def _trouble(id: str, refused: Refused, *, newest: bool) -> Exception | None:
    """What a refusal tells of more than its message: it is raised, and the message sent again another time."""
    if refused.code == OTHER_CONTENT and not newest:
        return StoreIsOlder(f"the platform has another answer under id {id}: this node answered before and forgot it")
    return refused if refused.status not in FINAL or refused.code == "nonce_used" else None


def _note(records: Records, id: str, body: bytes, outcome: Receipt | Refused, *, at: datetime) -> None:
    """Keep what the platform said to a message; a refusal is final, and what it forbids to hold is let go."""
    if isinstance(outcome, Receipt):
        received_at = outcome.received_at.isoformat()
        receipt = {"id": outcome.id, "digest": outcome.digest, "received_at": received_at, "fact": outcome.fact}
        records.receipted(id, {**receipt, "kept_us": to_us(at)})
        return
    print(f"refused for good: {id}: {outcome}", file=sys.stderr)  # noqa: T201 - a node's log is stderr
    if outcome.code in UNDO:
        _notice(records, "refused", body)
    elif outcome.code == OTHER_CONTENT:
        _notice(records, "anew", body)
    records.receipted(id, {"refused": outcome.document})


def send_again(records: Records, *, at: datetime) -> int:
    """Let messages go out again that have a receipt and, long after, no place in the journal; how many.

    The platform told us the place of every answer on our pages and left these out: it acknowledged them and has lost
    them (a database that fell back to its last copy). Where it has them after all, the same bytes change nothing.
    """
    return records.forget_unplaced(before=at - UNPLACED)


def _notice(records: Records, kind: str, body: bytes) -> None:
    """Let the next pass act on this refusal (watch.look): `refused`, the platform does not count on what the answer
    holds, which is let go; `anew`, a copy of us has said something else, and what is true is the next revision."""
    message = codec.decode(body)
    if isinstance(message, HoldAnswer):
        records.notice([(0, kind, message.order_id)])


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
            while not self._stopped and send_outbox(self._records, self._client, limit=codec.TOGETHER_MAX):
                pass
        except (Unreachable, NotThePlatform, Refused) as why:
            trouble = f"answers are not taken: {type(why).__name__}: {why}"
        if trouble != self._trouble:
            self._say(trouble or "answers are taken again")
            self._trouble = trouble
