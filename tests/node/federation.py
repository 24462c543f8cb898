"""Several toy banks, each with a real node on its own files, in one process; machines that lose power at any statement.

Only sockets are missing: requests to the core and to the platform are answered in the same thread, by the code that
answers them behind a socket.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import httpx

from node.conftest import APPROVER, BASIS, DEVI, STARTED, SmallPlatform, ids_of
from node.paise import Account, Money
from thaam.language.dates import IST
from thaam.node.adapters.toybank import ToyBankCore
from thaam.node.parts import Limits, Parts, id_from
from thaam.node.pull import Node
from thaam.node.records import Records
from thaam.postings.store import NodeStore
from thaam.wire import jws, signing
from thaam.wire.client import BankClient
from thaam.wire.messages import (
    AmendOrder,
    CancelOrder,
    HoldOrder,
    PaymentId,
    Range,
    ReleaseOrder,
    RestoreOrder,
)
from thaam.world.toybank.door import ROUTES
from thaam.world.toybank.host import Host
from thaam.world.toybank.refusals import STATUS_OF, Refused

Ranges = tuple[tuple[int, int], ...]


class Killed(BaseException):
    """The machine lost power: no except clause of the program sees this coming."""


class Life:
    """How many statements (or only acts of the core) a machine has left; None: it stands under a good star."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.after = False
        self.only_acts = False
        self.over = False

    def step(self, do: Callable[[], Any], *, act: bool = False) -> Any:
        """Carry out one statement, unless this is the last and power goes before it; or go right after it."""
        if self.left is not None and not self.over and (act or not self.only_acts):
            self.left -= 1
            self.over = self.left <= 0
            if self.over and self.after:
                do()
        if self.over:
            raise Killed
        return do()


class DyingFile:
    """A connection to one of the node's files: each statement may be the last."""

    def __init__(self, db: Any, life: Life) -> None:
        self._db, self._life = db, life

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._db, name)
        if not name.startswith("execute"):
            return real
        return lambda *asked: self._life.step(lambda: real(*asked))


class Core(ToyBankCore):
    """The adapter to the toy banks, without a socket; `saw` is told of every act that took effect."""

    def __init__(self, bank: str, host: Host, life: Life, saw: Callable[..., None]) -> None:
        super().__init__(bank=bank, url="http://127.0.0.1:1")
        self.host, self.life, self.saw = host, life, saw

    def _exchange(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        answer: tuple[int, bytes] = self.life.step(
            lambda: self._answer(method, target, body), act=method == "POST" and not target.endswith("about-accounts")
        )
        return answer

    def _answer(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        parts = urlsplit(target)
        asked = json.loads(body) if body else dict(parse_qsl(parts.query))
        verb, match = next(
            (verb, match) for way, path, verb in ROUTES if way == method and (match := path.fullmatch(parts.path))
        )
        try:
            answer = verb(self.host, asked, **{k: unquote(v) for k, v in match.groupdict().items()})
        except Refused as refused:
            return STATUS_OF[refused.code], json.dumps({"code": refused.code, "why": refused.why}).encode()
        if method == "POST":
            self.saw(self.bank, parts.path.split("/")[3:], asked, answer)
        return 200, json.dumps(answer).encode()


class Mailbox(SmallPlatform):
    """The platform's side of one bank, signed both ways, without its socket."""

    url = "http://platform.example"

    def __init__(self, clock: Callable[[], Any]) -> None:
        super().__init__(clock)
        super().close()  # it listens; nobody will call
        self.url = "http://platform.example"


class Wire(httpx.BaseTransport):
    """From a node to its mailbox."""

    def __init__(self, mailbox: Mailbox, life: Life) -> None:
        self.mailbox, self.life = mailbox, life

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        answer: httpx.Response = self.life.step(lambda: self._answer(request))
        return answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        box, body, url = self.mailbox, request.content, str(request.url)
        headers = list(request.headers.items())
        keys = {box.bank_key.key_id: box.bank_key.public}
        signing.verify_request(
            method=request.method, url=url, headers=headers, body=body, key_of=keys.get, now=box.clock()
        )
        if request.method == "GET":
            query = parse_qs(urlsplit(url).query)
            status, document = 200, box.page(int(query["after"][0]), int(query["limit"][0]))
        else:
            status, document = box.take(urlsplit(url).path, body, request.headers.get(jws.HEADER))
        content = json.dumps(document).encode()
        added = {"content-type": "application/json"}
        added |= signing.sign_response(
            status=status, headers=added, body=content, method=request.method, url=url, request_headers=headers,
            key=box.key, created=box.clock(),
        )  # fmt: skip
        return httpx.Response(status, headers=added, content=content)


class Town:
    """The banks, their nodes, and all their money as it really is; verbs that move both."""

    def __init__(self, folder: Path, accounts: dict[Account, int]) -> None:
        self.folder = folder
        self.at = STARTED
        self.new_id = ids_of(0)
        self.money = Money()
        self.codes = sorted({bank for bank, _ in accounts})
        self.host = Host(data=folder / "banks", codes=self.codes, clock=self.clock)
        for (bank, account), paise in accounts.items():
            self.host.bank(bank).open_account(account=account, holder=account, opening_paise=paise)
            self.money.open((bank, account), paise)
        self.lives = {code: Life() for code in self.codes}
        self.mailboxes = {code: Mailbox(self.clock) for code in self.codes}
        self.nodes = {code: self.start(code) for code in self.codes}
        self.orders: dict[str, HoldOrder] = {}  # as amended
        self.pending: dict[str, tuple[str, Ranges | None]] = {}  # what lets paise go -> hold order, its paise or all
        self.released: dict[str, set[int]] = {}
        self.payments: dict[str, PaymentId] = {}
        self.sent = 0

    def clock(self) -> Any:
        return self.at

    # Machines

    def start(self, code: str) -> Node:
        """A node on the bank's files, whatever state they are in."""
        folder, box, life = self.folder / code, self.mailboxes[code], self.lives[code]
        folder.mkdir(exist_ok=True)
        life.left, life.over = None, False
        parts = Parts(
            bank=code,
            core=Core(code, self.host, life, self.saw),
            ledger=NodeStore.open(str(folder / "ledger.sqlite"), synchronous="OFF"),
            records=Records(str(folder / "records.sqlite"), key=box.bank_key, synchronous="OFF"),
            limits=Limits(reconcile_minutes=10**6),
        )
        for file in (parts.ledger, parts.records):
            file._db = DyingFile(file._db, life)
        client = BankClient(
            base_url=box.url, bank=code, key=box.bank_key, platform_keys={box.key.key_id: box.key.public},
            now=self.clock, transport=Wire(box, life),
        )  # fmt: skip
        return Node(parts=parts, client=client, now=self.clock)

    def stop(self, code: str) -> None:
        """The process is gone; what it had not committed is lost."""
        node = self.nodes.pop(code)
        node.parts.ledger.close()
        node.parts.records.close()
        node.client.close()

    def works(self, code: str, *, dies_after: int | None = None, after: bool = False, only_acts: bool = False) -> bool:
        """The node works until there is nothing to do; False when its machine lost power before (and stays off)."""
        life = self.lives[code]
        life.left, life.after, life.only_acts = dies_after, after, only_acts
        try:
            while self.nodes[code].one_pass():
                pass
        except Killed:
            self.stop(code)
            return False
        life.left = None
        return True

    def close(self) -> None:
        for code in list(self.nodes):
            self.stop(code)
        self.host.close()

    # Money

    def pays(self, frm: Account, to: Account, paise: int, *, late: bool) -> None:
        """A payment; `late`: it is under way until `arrive`."""
        self.sent += 1
        sent = self.host.send(
            bank=frm[0], id=f"pay-{self.sent}", from_account=frm[1], to_bank=to[0], to_account=to[1],
            amount_paise=paise, channel="UPI", at=self.at, delay_seconds=60.0 if late else 0.0,
        )["payment"]  # fmt: skip
        reference = sent["reference"]
        self.payments[reference] = PaymentId(
            sent["rail"], reference, date.fromisoformat(sent["date"]), paise, frm[0], to[0]
        )
        self.money.debit(frm, paise, reference)
        self.money.came_to[reference] = to
        if not late:
            self.money.credit(to, reference)

    def arrive(self) -> None:
        """Everything under way arrives."""
        self.at += timedelta(minutes=2)
        self.host.carry()
        for code in self.codes:
            for row in self.host.bank(code).postings_after(position=0, limit=100_000):
                if row["side"] == "C" and row["tx_ref"] in self.money.flying:
                    self.money.credit((code, row["account"]), row["tx_ref"])

    def spends(self, of: Account, paise: int, channel: str) -> None:
        """Cash or a purchase."""
        self.sent += 1
        posting = self.host.bank(of[0]).post_debit(
            id=f"spend-{self.sent}", account=of[1], amount_paise=paise, channel=channel, at=self.at
        )
        self.money.debit(of, paise, posting["tx_ref"])
        self.money.spend(posting["tx_ref"])

    def sends_back(self, payment: PaymentId, paise: int) -> None:
        """The payee's bank sends part of a payment back to its payer."""
        self.sent += 1
        account = self.money.came_to[payment.reference]
        sent = self.host.refund(
            bank=account[0], id=f"back-{self.sent}", tx_ref=payment.reference, amount_paise=paise, at=self.at
        )["payment"]
        payer = self.payer[payment.reference]
        self.money.refund(account, paise, payment.reference, sent["reference"])
        self.money.credit(payer, sent["reference"])

    @property
    def paid_on(self) -> dict[str, date]:
        """Date in India of each payment, by the payer's core's word."""
        return {
            row["tx_ref"]: datetime.fromisoformat(row["posted_at"]).astimezone(IST).date()
            for code in self.codes
            for row in self.host.bank(code).postings_after(position=0, limit=100_000)
            if row["side"] == "D"
        }

    @property
    def payer(self) -> dict[str, Account]:
        """Account that paid each payment, by the core's word."""
        found: dict[str, Account] = {}
        for code in self.codes:
            for row in self.host.bank(code).postings_after(position=0, limit=100_000):
                if row["side"] == "D":
                    found[row["tx_ref"]] = (code, row["account"])
        return found

    # Orders

    def order_hold(self, payment: PaymentId, lo: int, hi: int, *, floor: int, days: int) -> HoldOrder:
        """A hold order in the mailbox of the payee's bank."""
        box = self.mailboxes[payment.payee_bank or ""]
        order: HoldOrder = box.order(
            HoldOrder(
                id=self.new_id(), revision=1, payment=payment, ranges=(Range(lo, hi),), amount_paise=hi - lo,
                floor_paise=floor, provisional=False, payee_hint=None, basis=BASIS, issued_by=DEVI, issued_at=self.at,
                execute_before=self.at + timedelta(days=3), expires_at=self.at + timedelta(days=days),
            )
        )  # fmt: skip
        self.orders[order.id] = order
        self.pending[f"{order.id}/expiry"] = (order.id, None)
        return order

    def orders_release(self, hold: HoldOrder, lo: int, hi: int) -> None:
        """Held paise are to be the holder's again."""
        order = self.mailboxes[hold.payment.payee_bank or ""].order(
            ReleaseOrder(
                id=self.new_id(), hold_order_id=hold.id, ranges=(Range(lo, hi),), amount_paise=hi - lo,
                reason="objection_upheld", keeps_claim=False, basis=BASIS, issued_by=DEVI, issued_at=self.at,
                execute_before=self.at + timedelta(days=1),
            )
        )  # fmt: skip
        self.pending[order.id] = (hold.id, ((lo, hi),))

    def orders_restoration(self, hold: HoldOrder, lo: int, hi: int, to: Account) -> None:
        """Held paise are to go to an account."""
        order = self.mailboxes[hold.payment.payee_bank or ""].order(
            RestoreOrder(
                id=self.new_id(), hold_order_id=hold.id, ranges=(Range(lo, hi),), amount_paise=hi - lo,
                to_bank=to[0], to_account=to[1], basis=BASIS, issued_by=DEVI, approved_by=APPROVER, issued_at=self.at,
                execute_before=self.at + timedelta(days=1),
            )
        )  # fmt: skip
        self.pending[order.id] = (hold.id, ((lo, hi),))

    def cancels(self, hold: HoldOrder) -> None:
        """The hold order is withdrawn."""
        order = self.mailboxes[hold.payment.payee_bank or ""].order(
            CancelOrder(self.new_id(), hold.id, "withdrawn", DEVI, self.at)
        )
        self.pending[order.id] = (hold.id, None)

    def amends(self, hold: HoldOrder, **changes: Any) -> None:
        """The next revision of a hold order: fewer paise, no floor, a later or nearer end."""
        hold = self.orders[hold.id] = replace(self.orders[hold.id], revision=hold.revision + 1, **changes)
        fields: dict[str, Any] = dict.fromkeys(("ranges", "floor_paise", "provisional", "expires_at", "basis"))
        order = self.mailboxes[hold.payment.payee_bank or ""].order(
            AmendOrder(
                id=self.new_id(), hold_order_id=hold.id, revision=hold.revision, issued_by=DEVI, issued_at=self.at,
                **fields | {name: value for name, value in changes.items() if name != "amount_paise"},
            )
        )  # fmt: skip
        if "ranges" in changes:
            asked = [o for each in hold.ranges for o in range(each.lo, each.hi)]
            outside = sorted(set(range(hold.payment.amount_paise)) - set(asked))
            self.pending[order.id] = (hold.id, tuple((o, o + 1) for o in outside))

    # What the cores did, seen as it happens

    def saw(self, bank: str, path: list[str], asked: dict[str, Any], answer: dict[str, Any]) -> None:
        """Move the paise as the core's act moved them, once however often it is asked."""
        if path == ["liens"] and asked["id"] not in self.money.held:
            self._lien(asked["id"], (bank, asked["account"]))
        elif path[:1] == ["liens"] and path[-1] == "lift":
            self._lifted(unquote(path[1]), asked["id"], asked["amount_paise"])
        elif path == ["payouts"] and answer["payment"]["reference"] not in self.money.came_to:
            self._paid_back(asked, answer["payment"])

    def _lien(self, lien: str, account: Account) -> None:
        """What of the ordered paise lies there now is held from now on."""
        order = self.orders[lien.partition("/")[0]]
        lying = set(self.money.lying(account, order.payment.reference)) - self.released.get(order.id, set())
        wanted = [offset for each in order.ranges for offset in range(each.lo, each.hi) if offset in lying]
        self.money.hold(lien, account, order.payment.reference, wanted)

    def _lifted(self, lien: str, lift_id: str, paise: int) -> None:
        for cause, (order_id, part) in self.pending.items():
            if id_from(cause, lien) == lift_id:
                going = [o for o in self.money.kept(lien) if part is None or _in(part, o)]
                if going:  # else it is asked a second time
                    assert len(going) == paise
                    self.money.release(lien, going)
                    self.released.setdefault(order_id, set()).update(going)
                return
        assert lift_id == id_from(lien, "excess"), f"nobody ordered {lift_id} to be lifted"

    def _paid_back(self, asked: dict[str, Any], payment: dict[str, Any]) -> None:
        lien, reference = asked["lien_id"], payment["reference"]
        for cause, (_, part) in self.pending.items():
            if id_from(cause, lien) == asked["id"]:
                assert part is not None
                going = [o for o in self.money.kept(lien) if _in(part, o)]
                assert len(going) == asked["amount_paise"]
                self.money.restore(lien, going, reference)
                self.money.credit((asked["to_bank"], asked["to_account"]), reference)
                return
        raise AssertionError(f"nobody ordered the payment {asked['id']}")


def _in(ranges: Ranges, offset: int) -> bool:
    return any(lo <= offset < hi for lo, hi in ranges)
