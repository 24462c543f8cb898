"""The node's loop: finish what was begun, read the bank's postings, take orders, carry them out, send answers, expire.

After a start it first asks whether its files are the newest: an old copy has to stop before it says or does anything.
It may be killed at any moment; what it raises ends it, and whoever runs it starts it again. Only an unreachable core
or platform is waited out, because expiry must go on without the platform.
"""

from __future__ import annotations

import secrets
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from thaam.node.checking import check_own_files, check_page
from thaam.node.corebank import CoreUnreachable
from thaam.node.door import Beat
from thaam.node.expiry import end_expired
from thaam.node.looking import Looker
from thaam.node.parts import Parts
from thaam.node.proving import prove_if_due
from thaam.node.reading import read_on
from thaam.node.reconciling import reconcile_if_due
from thaam.node.resuming import finish_open_steps
from thaam.node.sending import Sender, send_again, send_outbox
from thaam.node.watch import look
from thaam.node.work import carry_out, give_up
from thaam.wire.client import BankClient, NotThePlatform, Page, Refused, Unreachable
from thaam.wire.messages import InvalidMessage

PAGE_ORDERS = 100


class Node:
    """One bank's node: its parts, its end of the protocol, and where it gets the time."""

    def __init__(
        self,
        *,
        parts: Parts,
        client: BankClient,
        now: Callable[[], datetime],
        random: Callable[[int], bytes] = secrets.token_bytes,
        looker: Looker | None = None,
    ) -> None:
        self.parts = parts
        self.client = client
        self.now = now
        self.random = random
        self.looker = looker
        self.beat = Beat()
        self._trouble = ""
        self._woken = threading.Event()
        self._begun = False
        self._began_at: datetime | None = None
        self._sender: Sender | None = None
        offset = timedelta(seconds=int(parts.records.get("clock_offset_seconds") or 0))
        parts.clock.by = client.offset = offset

    def wake(self) -> None:
        """Somebody hints that there is something new: the next pass begins now. From any thread."""
        self._woken.set()

    def run(self, *, poll_seconds: float, stop: threading.Event) -> None:
        """Pass after pass until `stop` is set; waits `poll_seconds` after a pass that found nothing to do.

        Answers go out in a thread of their own: a slow platform must not keep money from being held.
        """
        try:
            while not stop.is_set():
                if self._begun and self._sender is None:
                    self._sender = Sender(
                        records=self.parts.records.another(),
                        client=self.client,
                        say=self._say,
                        poll_seconds=poll_seconds,
                    )
                if not self.one_pass():
                    self._rest(poll_seconds, stop)
                self.beat.passed()
        finally:
            if self._sender is not None:
                self._sender.close()
            if self.looker is not None:
                self.looker.close()

    def _rest(self, seconds: float, stop: threading.Event) -> None:
        until = time.monotonic() + seconds
        while not stop.is_set() and (left := until - time.monotonic()) > 0 and not self._woken.wait(min(left, 0.2)):
            pass
        self._woken.clear()

    def one_pass(self) -> int:
        """Everything there is to do now; how many things were done. Raises StoreIsOlder, PlatformWentBack."""
        if self._sender is not None:
            self._sender.check()
        try:
            if not self._begun:
                return self._begin()
            done = self._inside()
        except CoreUnreachable as trouble:
            self._tell(f"the core cannot be reached: {trouble}")
            return 0
        try:
            done += self._outside()
        except CoreUnreachable as trouble:
            self._tell(f"the core cannot be reached: {trouble}")
        except (Unreachable, NotThePlatform, Refused) as trouble:
            self._tell(f"the platform: {type(trouble).__name__}: {trouble}")
        else:
            self._tell("")
            self.beat.platform_heard = time.time()
        self._keep_offset()
        return done

    def _begin(self) -> int:
        """The first pass after a start, until it succeeds: are these files the newest? 1 when all else may begin.

        The files are compared with each other, with the core and with all that the platform has to show, before
        anything is carried out, ended or said. A platform that cannot be asked is waited for `alone_seconds` only:
        money must be held and holds must end without it too.
        """
        finish_open_steps(self.parts)
        check_own_files(self.parts)
        self._began_at = self._began_at or self.now()
        try:
            read_to = -1
            while (further := self._take().next) > read_to:
                read_to = further
        except (Unreachable, NotThePlatform, Refused) as trouble:
            self._tell(f"the platform: {type(trouble).__name__}: {trouble}")
            self._keep_offset()
            if self.now() - self._began_at < timedelta(seconds=self.parts.limits.alone_seconds):
                return 0
        self._begun = True
        return 1

    def _inside(self) -> int:
        """What needs no platform: unfinished steps, postings, what they bring, expiry."""
        done = finish_open_steps(self.parts)
        before = self.parts.ledger.position()
        done += read_on(self.parts) - before
        done += look(self.parts, at=self.now())
        done += self._look_for_mules()
        return done + end_expired(self.parts, at=self.now())

    def _look_for_mules(self) -> int:
        """Begin the night's looking or take what it found; a looking that fails is said once and harms nothing."""
        if self.looker is None:
            return 0
        before = self.looker.trouble
        told = self.looker.look_if_due(self.parts, at=self.now())
        if self.looker.trouble and self.looker.trouble != before:
            self._say(self.looker.trouble)
        return told

    def _outside(self) -> int:
        """Take new orders and carry them out; answers are sent meanwhile, or, without a sender, after each page."""
        done = self._carry_out()
        done += self._send()
        while self._take().items:
            done += self._carry_out()
            done += self._send()
        self.parts.records.forget_newest()
        done += send_again(self.parts.records, at=self.now())
        done += reconcile_if_due(self.parts, self.client, key=self.random(32), at=self.now())
        return done + prove_if_due(self.parts, self.client, random=self.random, at=self.now())

    def _take(self) -> Page:
        """Write down the next page of the mailbox, once nothing on it says that these files are old."""
        page = self.client.take(self.parts.records.mailbox_position(), PAGE_ORDERS)
        self._keep_offset()
        check_page(self.parts, page)
        self.parts.records.take(page, at=self.now())
        return page

    def _send(self) -> int:
        if self._sender is None:
            return send_outbox(self.parts.records, self.client)
        self._sender.wake()
        return 0

    def _keep_offset(self) -> None:
        """Remember how wrong our clock is, for deadlines and for the time when the platform cannot be asked."""
        offset = self.client.offset
        if offset != self.parts.clock.by:
            self._say(
                f"our clock is {offset.total_seconds():+.0f} s off the platform's; deadlines follow the platform's"
            )
            self.parts.clock.by = offset
            self.parts.records.put("clock_offset_seconds", str(round(offset.total_seconds())))

    def _carry_out(self) -> int:
        orders = self.parts.records.open_orders()
        for order in orders:
            try:
                outcome = carry_out(self.parts, order, at=self.now())
            except InvalidMessage as why:
                # Something in the core cannot be said on the wire. One such order must not stop all others.
                outcome = give_up(self.parts, order, str(why))
            if outcome.startswith(("faulty", "failed")):
                self._say(f"order {order.order_id} is not carried out: {outcome}")
            if self._sender is not None:
                self._sender.wake()
        return len(orders)

    def _tell(self, trouble: str) -> None:
        """Say a trouble once when it begins and once when it is over, not at every poll."""
        if trouble != self._trouble:
            self._say(trouble or "all is well again")
            self._trouble = self.beat.trouble = trouble

    def _say(self, words: str) -> None:
        print(f"node {self.parts.bank}: {words}", file=sys.stderr, flush=True)  # noqa: T201 - a node's log is stderr
