"""A bank in two hundred lines, written from docs/wire alone, and able to break any one rule on purpose.

Its ledger is a plain pile of segments, replayed for every question: slow, obvious, and independent of our own node.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from thaam.wire import codec, jws, keys, signing
from thaam.wire import messages as m
from thaam.wire.client import BankClient, Item, NotThePlatform, Page, Refused, Unreachable
from thaam.wire.conformance.harness import Connected, Standing

INDIA = dt.timezone(dt.timedelta(hours=5, minutes=30))
GONE = {"ATM": "CASH_ATM", "POS": "PURCHASE"}


@dataclass
class Piece:
    """Paise `[lo, hi)` of the payment of a credit, in the pile, in a hold, or gone with a debit at `child`."""

    credit: int
    lo: int
    hi: int
    debit: int | None = None
    child: int = 0
    hold: str = ""

    def cut(self, lo: int, hi: int) -> list[Piece]:
        """The parts inside [lo, hi)."""
        a, b = max(self.lo, lo), min(self.hi, hi)
        return [Piece(self.credit, a, b, self.debit, self.child + a - self.lo, self.hold)] if a < b else []


@dataclass
class Account:
    """Opening, postings by number, liens by id, and which paise each of our holds keeps."""

    opening: int = 0
    mobile: str = ""
    liens: dict[str, int] = field(default_factory=dict)
    own: int = 0


@dataclass
class Hold:
    """An order we carry out, as amended."""

    order: Any
    kept: list[Piece] = field(default_factory=list)
    revision: int = 0
    waiting: bool = False
    ended: bool = False


class SmallBank:
    """Core, node and test harness in one. `wrong` names the one rule it breaks."""

    def __init__(self, wrong: str = "") -> None:
        self.wrong = wrong
        self.accounts: dict[str, Account] = {}
        self.postings: list[dict[str, Any]] = []
        self.holds: dict[str, Hold] = {}
        self.buried: set[str] = set()
        self.done: dict[str, list[Any]] = {}
        self.outbox: list[Any] = []
        self.watches: dict[str, Any] = {}
        self.heads: dict[int, str] = {}
        self.after = 0
        self.paid: set[str] = set()
        self.told = 0
        self.stop = threading.Event()
        self.lock = threading.RLock()
        self.loaded: set[str] = set()

    # ── the harness ────────────────────────────────────────────────────────────────────────────────────────────────

    def connect(self, *, platform_url: str, platform_keys: dict[str, str]) -> Connected:
        self.key = keys.generate()
        make = {"clock-wrong": _Deaf, "response-false": _Gullible}.get(self.wrong, BankClient)
        self.client = make(
            platform_url, "SMALL", self.key, {name: keys.public_from_text(text) for name, text in platform_keys.items()}
        )
        if self.wrong == "nonce-fresh":
            self.client.nonce = lambda: "always-the-same-nonce"
        self.signing = keys.generate(key_id=self.key.key_id) if self.wrong == "request-signed" else self.key
        self._start()
        return Connected("SMALL", {self.key.key_id: keys.public_text(self.key.public)})

    def load(self, *, id: str, accounts: list[dict[str, Any]], postings: list[dict[str, Any]]) -> None:
        with self.lock:
            if id in self.loaded:
                return
            self.loaded.add(id)
            for each in accounts:
                self.accounts[each["account"]] = Account(each["opening_paise"], each["mobile"])
            whole = {each["tx_ref"]: each["amount_paise"] for each in postings if each["side"] == "D"}
            for each in postings:
                if each["bank"] == "SMALL":
                    more = {"whole": whole.get(each["tx_ref"], each["amount_paise"])} if each["side"] == "C" else {}
                    self.postings.append({**each, **more, "day": _day(each["posted_at"])})

    def place_lien(self, *, id: str, account: str, amount_paise: int) -> None:
        self.accounts[account].own += amount_paise

    def standing(self, *, account: str) -> Standing:
        with self.lock:
            balance, liens = self._balance(account), self._liens(account)
            return Standing(balance, liens, balance - liens)

    def restart(self) -> None:
        self._end()
        if self.wrong == "node-killed":
            self.after, self.done = 0, {}
            self.holds = {}
        self._start()

    def close(self) -> None:
        self._end()
        self.client.close()

    def _start(self) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _end(self) -> None:
        self.stop.set()
        self.thread.join(timeout=60)

    # ── the ledger ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _balance(self, account: str) -> int:
        signs = ((1 if p["side"] == "C" else -1) * p["amount_paise"] for p in self.postings if p["account"] == account)
        return self.accounts[account].opening + sum(signs)

    def _liens(self, account: str) -> int:
        return self.accounts[account].own + sum(self.accounts[account].liens.values())

    def pieces(self, account: str, hold_back: tuple[Hold, ...] = ()) -> list[Piece]:
        """Every piece of every credit of the account: in the pile, held, or gone; a replay of all postings."""
        pile: list[Piece] = [Piece(-1, 0, self.accounts[account].opening)] if self.accounts[account].opening else []
        out: list[Piece] = []
        kept = [piece for hold in self.holds.values() for piece in hold.kept]
        for number, posting in enumerate(self.postings):
            if posting["account"] != account:
                continue
            if posting["side"] == "C":
                pile.append(Piece(number, 0, posting["amount_paise"]))
                # What is held is cut out of the pile at once: in these tests nothing is spent from under a hold.
                for held in kept:
                    if held.credit == number:
                        pile, taken = _split(pile, held)
                        out += [Piece(p.credit, p.lo, p.hi, hold=held.hold) for p in taken]
                continue
            left = posting["amount_paise"]
            if posting["reverses_tx_ref"]:
                pile = self._give_back(pile, out, number, posting, left)
                continue
            while left and pile:
                at = 0 if self.wrong == "fifo" else -1
                piece = pile.pop(at)
                take = min(left, piece.hi - piece.lo)
                left -= take
                cut = piece.lo + take if self.wrong == "fifo" else piece.hi - take
                gone, stays = (piece.cut(piece.lo, cut), piece.cut(cut, piece.hi))
                if self.wrong != "fifo":
                    gone, stays = stays, gone
                out += [Piece(p.credit, p.lo, p.hi, number, left) for p in gone]
                pile[0:0] = stays if self.wrong == "fifo" else []
                pile += [] if self.wrong == "fifo" else stays
        return pile + out

    def _give_back(self, pile: list[Piece], out: list[Piece], number: int, posting: Any, amount: int) -> list[Piece]:
        for at in reversed(range(len(pile))):
            piece = pile[at]
            if piece.credit >= 0 and self.postings[piece.credit]["tx_ref"] == posting["reverses_tx_ref"]:
                cut = piece.hi - amount
                out += [Piece(p.credit, p.lo, p.hi, number, 0) for p in piece.cut(cut, piece.hi)]
                return pile[:at] + piece.cut(piece.lo, cut) + pile[at + 1 :]
        return pile

    # ── the node ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        while not self.stop.is_set():
            try:
                with self.lock:
                    self._notice()
                self._send()
                self._take()
            except (Unreachable, NotThePlatform, Refused):
                pass
            except _Forked:
                return
            time.sleep(0.02)

    def _take(self) -> None:
        self.client.key = self.signing
        page = self.client.take(self.after)
        self._check_head(page)
        for item in page.items:
            with self.lock:
                self._carry_out(item)
                self.after = item.position
            self._send()

    def _check_head(self, page: Page) -> None:
        head = page.checkpoint
        if head is None or self.wrong == "journal-forked":
            return
        shorter = head.position < max(self.heads, default=0) and self.wrong != "journal-shorter"
        if shorter or self.heads.setdefault(head.position, head.root) != head.root:
            raise _Forked

    def _send(self) -> None:
        while self.outbox:
            message = self.outbox[0]
            body = codec.encode(message)
            if self.wrong == "answer-well-formed":
                body = body.replace(b'"version":1', b'"version":1,"more":1')
            signer = keys.generate(key_id=self.key.key_id) if self.wrong == "answer-evidence" else self.key
            try:
                self.client.send_raw(body, jws.sign_detached(body, signer))
            except Refused as refused:
                if refused.code == "same_id_other_content" and self.wrong != "copy-told":
                    raise _Forked from refused
                if self.wrong == "refused-goes-on":
                    raise
                if refused.status in (401, 503):
                    if self.wrong == "receipt-lost":
                        self.outbox.pop(0)
                    if self.wrong == "same-id-same-content":
                        self.outbox[0] = _again(message)
                    raise
            self.outbox.pop(0)

    def _answer(self, cls: Any, order_id: str, *rest: Any, id: str | None = None) -> None:
        self.outbox.append(cls(id or str(uuid.uuid4()), order_id, self.client.now(), *rest))

    def _carry_out(self, item: Item) -> None:
        from conformance.order_desk import carry_out

        carry_out(self, item)

    def _notice(self) -> None:
        from conformance.order_desk import notice

        notice(self)


class _Deaf(BankClient):
    """A client that does not listen when it is told the time."""

    def _learn_clock(self, stated: object) -> bool:
        return False


class _Gullible(BankClient):
    """A client that believes whatever answers."""

    def _ask_once(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        nonce = None if method == "GET" else self.nonce()
        url, now = self.base_url + target, self.now()
        signed = signing.sign_request(
            method=method, url=url, headers=headers, body=body, key=self.key, created=now, nonce=nonce
        )
        _, _, content = self._exchange(method, url, {**headers, **signed}, body)
        found: dict[str, Any] = codec.parse(content)
        return found


class _Forked(Exception):
    """The journal was rewritten, or a copy of this bank has answered: stop."""


def _again(message: Any) -> Any:
    from dataclasses import replace

    return replace(message, answered_at=message.answered_at + dt.timedelta(seconds=1))


def _split(pile: list[Piece], held: Piece) -> tuple[list[Piece], list[Piece]]:
    stays: list[Piece] = []
    taken: list[Piece] = []
    for piece in pile:
        if piece.credit != held.credit:
            stays.append(piece)
            continue
        taken += piece.cut(held.lo, held.hi)
        stays += piece.cut(0, held.lo) + piece.cut(held.hi, piece.hi)
    return stays, taken


def _day(posted_at: str) -> dt.date:
    return dt.datetime.fromisoformat(posted_at).astimezone(INDIA).date()


__all__ = ["GONE", "Hold", "Piece", "SmallBank", "m"]
