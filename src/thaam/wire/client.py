"""The only outbound HTTP of the protocol: a bank takes its mailbox and sends its answers, signed both ways.

Nothing is retried here but one `stale` refusal, from which the client learns how wrong its clock is. Sending the
same message again with the same id is the caller's, and always safe.
"""

from __future__ import annotations

import datetime as dt
import functools
import secrets
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from thaam.wire import codec, jws, problems, signing
from thaam.wire.checkpoints import BadCheckpoint, Checkpoint, checkpoint_from, verify_checkpoint
from thaam.wire.fields import InvalidMessage, Moment
from thaam.wire.keys import PublicKey, SigningKey
from thaam.wire.messages import Message

MAX_PAGE_BYTES = 16_777_216
# No refusal keeps a bank away for longer: an order may wait.
WAIT_SECONDS_MAX = 60
TIMEOUT = httpx.Timeout(connect=3.0, read=10.0, write=10.0, pool=3.0)


@functools.cache
def trusted() -> ssl.SSLContext:
    """The authorities we trust, read once a process: reading them costs twenty times what a small request costs."""
    return httpx.create_ssl_context(trust_env=False)


_JSON = {"content-type": "application/json"}


class Unreachable(Exception):
    """No answer that counts: the network failed, time ran out, something between us answered instead, or we were told
    to wait and have not waited long enough."""


class NotThePlatform(Exception):
    """An answer came that the platform did not sign for this request. Nothing in it may be believed."""


class Refused(Exception):
    """The platform refused, signed, with a problem document."""

    def __init__(self, status: int, document: Mapping[str, Any], retry_after: int | None) -> None:
        self.status = status
        self.code = str(document.get("code", ""))
        self.detail = str(document.get("detail") or document.get("title") or "")
        self.pointer = str(document.get("pointer", ""))
        self.document = dict(document)
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code} at {self.pointer or '/'}: {self.detail}")


@dataclass(frozen=True, slots=True)
class Item:
    """One order of the mailbox as it stands now. `fault` says why it must not be carried out, when so.

    `problem` is the code of that fault. With any code but `not_evidence` and `unknown_key` the platform did sign it:
    it is refused with CannotMatch `needs_order`, `searched` being the fault. Else it is no order, and not answered.
    """

    position: int
    order_id: str
    kind: str
    revision: int
    state: str
    message: Message | None
    raw: bytes
    jws: str
    fault: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the mailbox: items in order, where to go on, the newest checkpoint, positions of our receipts."""

    items: tuple[Item, ...]
    next: int
    checkpoint: Checkpoint | None
    receipts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform has kept the message: its id, its digest, when, and the fact that tells of it."""

    id: str
    digest: str
    received_at: dt.datetime
    fact: str


@dataclass(frozen=True, slots=True)
class OpenHolds:
    """The platform's open holds at this bank in one stretch of the walk: XOR of digests, count, ids when few."""

    sum: int
    count: int
    ids: tuple[str, ...] | None


@dataclass(slots=True)
class BankClient:
    """One bank's end of the protocol.

    `platform_keys` are the pinned keys of the platform, current and next, by key id. `now` and `nonce` are where time
    and randomness come in; `transport` is for a simulator's network.
    """

    base_url: str
    bank: str
    key: SigningKey
    platform_keys: Mapping[str, PublicKey]
    now: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    nonce: Callable[[], str] = field(default=lambda: secrets.token_urlsafe(18))
    transport: httpx.BaseTransport | None = None
    offset: dt.timedelta = dt.timedelta(0)
    _http: httpx.Client | None = None
    _quiet_until: dt.datetime | None = None

    def take(self, after: int, limit: int = 100) -> Page:
        """Orders of our mailbox beyond position `after`, oldest first. Changes nothing at the platform.

        Raises Unreachable, NotThePlatform (also for a false checkpoint) or Refused.
        """
        document = self._ask("GET", f"/api/v1/mailbox?after={int(after)}&limit={int(limit)}", b"", {})
        try:
            items = tuple(self._item(each) for each in document["items"])
            checkpoint = None if document["checkpoint"] is None else checkpoint_from(document["checkpoint"])
            receipts = tuple((str(each["id"]), int(each["position"])) for each in document["receipts"])
            page = Page(items, int(document["next"]), checkpoint, receipts)
            if checkpoint is not None:
                verify_checkpoint(checkpoint, self.platform_keys.get)
        except (KeyError, TypeError, ValueError, BadCheckpoint) as why:
            raise NotThePlatform(f"the mailbox page cannot be read: {why}") from why
        return page

    def send(self, message: Message) -> Receipt:
        """Send one answer or unasked message; repeating it is safe. Raises Unreachable, NotThePlatform, Refused."""
        body = codec.encode(message)
        return self.send_raw(body, jws.sign_detached(body, self.key))

    def send_raw(self, body: bytes, detached: str) -> Receipt:
        """Send bytes kept from before with the JWS made then: what a node does after a crash."""
        return _receipt(self._ask("POST", "/api/v1/answers", body, {**_JSON, jws.HEADER: detached}))

    def send_together(self, kept: Sequence[tuple[bytes, str]]) -> list[Receipt | Refused]:
        """Send messages kept from before (bytes of `codec.encode`, detached JWS) in one request, 50 at most.

        For each, in order, its receipt or why the platform refuses it; what is refused harms nothing beside it.
        """
        each = (b'{"jws":"' + detached.encode() + b'","message":' + body + b"}" for body, detached in kept)
        document = self._ask("POST", "/api/v1/answers/together", b'{"answers":[' + b",".join(each) + b"]}", _JSON)
        try:
            results = [_result(found) for found in document["results"]]
        except (KeyError, TypeError, ValueError) as why:
            raise NotThePlatform(f"the receipts cannot be read: {why}") from why
        if len(results) != len(kept):
            raise NotThePlatform("another number of receipts than of messages")
        return results

    def open_holds(self, *, key: bytes, first: int, last: int) -> OpenHolds:
        """What the platform has from place `first` to `last`, both included, under a 32-byte key drawn for this walk.

        Raises Unreachable, NotThePlatform, Refused.
        """
        target = f"/api/v1/holds?key={key.hex()}&first={first:064x}&last={last:064x}"
        document = self._ask("GET", target, b"", {})
        try:
            ids = None if document["ids"] is None else tuple(str(each) for each in document["ids"])
            return OpenHolds(int(document["sum"], 16), int(document["count"]), ids)
        except (KeyError, TypeError, ValueError) as why:
            raise NotThePlatform(f"the sum of holds cannot be read: {why}") from why

    def head_since(self, first: int) -> tuple[Checkpoint, tuple[bytes, ...]]:
        """The newest signed head, and the proof that the journal's first `first` lines are its beginning; what it
        proves is the caller's to check (checkpoints.check_consistency).

        Raises Unreachable, NotThePlatform (also for a false signature), Refused.
        """
        document = self._ask("GET", f"/api/v1/checkpoints?first={int(first)}", b"", {})
        try:
            head = checkpoint_from(document["checkpoint"])
            verify_checkpoint(head, self.platform_keys.get)
            return head, tuple(bytes.fromhex(each) for each in document["consistency"])
        except (KeyError, TypeError, ValueError, BadCheckpoint) as why:
            raise NotThePlatform(f"the proof of the journal cannot be read: {why}") from why

    def screen(self, purpose: str, identifiers: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        """How identifiers (kind, value) stand in the registry, in order: level, reasons, extra checks; 200 at most.

        Raises Unreachable, NotThePlatform, Refused.
        """
        asked = {"purpose": purpose, "identifiers": [{"kind": kind, "value": value} for kind, value in identifiers]}
        document = self._ask("POST", "/api/v1/suspects/screen", codec.canonical(asked), _JSON)
        try:
            answers = [dict(each) for each in document["answers"]]
        except (KeyError, TypeError) as why:
            raise NotThePlatform(f"the levels cannot be read: {why}") from why
        if len(answers) != len(identifiers):
            raise NotThePlatform("another number of levels than of questions")
        return answers

    def suspects(self, from_version: int) -> tuple[bytes, str]:
        """The signed change of the published list from a version (0: nothing) to the newest: body and detached JWS."""
        document = self._ask("GET", f"/api/v1/suspects?from={int(from_version)}", b"", {})
        try:
            return str(document["body"]).encode(), str(document["jws"])
        except KeyError as why:
            raise NotThePlatform(f"the list cannot be read: {why}") from why

    def hints(self) -> tuple[str, int]:
        """Where to listen for hints that the mailbox has something new, and for how many seconds.

        Raises Unreachable, NotThePlatform, Refused.
        """
        document = self._ask("GET", "/api/v1/hints", b"", {})
        try:
            return str(document["url"]), int(document["seconds"])
        except (KeyError, TypeError, ValueError) as why:
            raise NotThePlatform(f"the address for hints cannot be read: {why}") from why

    def close(self) -> None:
        """Close the connections. The client can be used again afterwards."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def _ask(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        try:
            return self._ask_once(method, target, body, headers)
        except Refused as why:
            if why.code != "stale" or not self._learn_clock(why.document.get("now")):
                raise
        return self._ask_once(method, target, body, headers)

    def _ask_once(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        if self._quiet_until is not None and self.now() < self._quiet_until:
            raise Unreachable(f"the platform asked us to wait until {self._quiet_until.isoformat()}")
        self._quiet_until = None
        url = self.base_url.rstrip("/") + target
        signed = signing.sign_request(
            method=method,
            url=url,
            headers=headers,
            body=body,
            key=self.key,
            created=self.now() + self.offset,
            nonce=None if method in signing.SAFE_METHODS else self.nonce(),
            offset_seconds=round(self.offset.total_seconds()),
        )
        sent = {**headers, **signed}
        status, got, content = self._exchange(method, url, sent, body)
        try:
            signing.verify_response(
                status=status,
                headers=got.multi_items(),
                body=content,
                method=method,
                url=url,
                request_headers=sent,
                key_of=self.platform_keys.get,
            )
            document = codec.parse(content, limit=MAX_PAGE_BYTES)
        except signing.BadSignature as why:
            if status >= 500:
                raise Unreachable(f"an unsigned {status} from something between us and the platform") from why
            raise NotThePlatform(str(why)) from why
        except codec.BadMessage as why:
            raise NotThePlatform(f"the answer is not strict JSON: {why}") from why
        if type(document) is not dict:
            raise NotThePlatform("the answer is not an object")
        if status >= 400:
            retry = got.get("retry-after", "")
            wait = min(int(retry), WAIT_SECONDS_MAX) if retry.isascii() and retry.isdigit() else None
            if wait is not None and status in (429, 503):
                self._quiet_until = self.now() + dt.timedelta(seconds=wait)
            raise Refused(status, document, wait)
        return document

    def _exchange(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, httpx.Headers, bytes]:
        if self._http is None:
            # Redirects would carry a signature to another target; proxies of the environment are not ours to trust.
            # The digest is of the body as sent, so no compression on the way.
            self._http = httpx.Client(
                headers={"accept-encoding": "identity"},
                timeout=TIMEOUT,
                follow_redirects=False,
                verify=trusted(),
                trust_env=False,
                transport=self.transport,
            )
        try:
            with self._http.stream(method, url, headers=headers, content=body or None) as response:
                chunks, size = [], 0
                for chunk in response.iter_bytes():
                    size += len(chunk)
                    if size > MAX_PAGE_BYTES:
                        raise NotThePlatform("the answer is larger than any page")
                    chunks.append(chunk)
                return response.status_code, response.headers, b"".join(chunks)
        except httpx.HTTPError as why:
            raise Unreachable(f"{type(why).__name__}: {why}") from why

    def _learn_clock(self, stated: object) -> bool:
        # The refusal is signed and bound to our own request, so its time can be believed whatever our clock says.
        try:
            theirs: dt.datetime = Moment().load(stated, "/now")
        except InvalidMessage:
            return False
        self.offset = dt.timedelta(seconds=round((theirs - self.now()).total_seconds()))
        return True

    def _item(self, found: Any) -> Item:
        raw = codec.canonical(found["message"])
        message, fault, problem = None, None, None
        try:
            jws.verify_detached(raw, found["jws"], self.platform_keys.get)
            message = codec.from_object(found["message"])
            if message.id != found["order_id"] or type(message).__name__ != found["kind"]:
                message, fault = None, "not_evidence: the envelope and the order name different things"
                problem = problems.NOT_EVIDENCE.code
        except (codec.BadMessage, jws.BadEvidence) as why:
            # Either way the fault begins with the code.
            words = str(why) if isinstance(why, codec.BadMessage) else f"{why.problem.code}: {why}"
            message, fault, problem = None, words, why.problem.code
        return Item(
            int(found["position"]),
            str(found["order_id"]),
            str(found["kind"]),
            int(found["revision"]),
            str(found["state"]),
            message,
            raw,
            str(found["jws"]),
            fault,
            problem,
        )


def _receipt(document: Mapping[str, Any]) -> Receipt:
    try:
        return Receipt(
            str(document["id"]),
            str(document["digest"]),
            Moment().load(document["received_at"], "/received_at"),
            str(document["fact"]),
        )
    except (KeyError, TypeError, InvalidMessage) as why:
        raise NotThePlatform(f"the receipt cannot be read: {why}") from why


def _result(found: Mapping[str, Any]) -> Receipt | Refused:
    if "receipt" in found:
        return _receipt(found["receipt"])
    return Refused(int(found["problem"]["status"]), found["problem"], None)
