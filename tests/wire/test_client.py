"""A bank's client against a platform that signs for real: what it believes, what it refuses, how it learns the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import httpx
import pytest

from thaam.wire import codec, jws, keys, problems, signing
from thaam.wire.checkpoints import sign_checkpoint
from thaam.wire.client import BankClient, NotThePlatform, Receipt, Refused, Unreachable
from thaam.wire.messages import Message
from wire_cast import AT, DEMO1, HOLD, HOLD_ANSWER, LOCATE, PLATFORM, uid

SECOND = dt.timedelta(seconds=1)


class SmallPlatform(httpx.BaseTransport):
    """Verifies what comes with the platform's clock and signs what it says."""

    def __init__(self, answer: Callable[[httpx.Request], tuple[int, object]], at: dt.datetime = AT) -> None:
        self.answer = answer
        self.at = at
        self.offsets: list[int] = []
        self.seen: list[httpx.Request] = []
        self.tamper: Callable[[httpx.Response], httpx.Response] = lambda response: response

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        headers = request.headers.multi_items()
        self.seen.append(request)
        try:
            verified = signing.verify_request(
                method=request.method,
                url=str(request.url),
                headers=headers,
                body=body,
                key_of={DEMO1.key_id: DEMO1.public}.get,
                now=self.at,
            )
            self.offsets.append(verified.offset)
            status, document = self.answer(request)
        except signing.BadSignature as why:
            now = None if why.now is None else why.now.strftime("%Y-%m-%dT%H:%M:%SZ")
            status, document = why.problem.status, why.problem.document(detail=why.detail, now=now)
        content = codec.canonical(document)
        signed = signing.sign_response(
            status=status, body=content, method=request.method, url=str(request.url), request_headers=headers,
            key=PLATFORM, created=self.at,
        )  # fmt: skip
        return self.tamper(httpx.Response(status, headers=signed, content=content))


def client(platform: SmallPlatform, *, clock: dt.datetime = AT) -> BankClient:
    return BankClient(
        "https://platform.example", "DEMO1", DEMO1, {PLATFORM.key_id: PLATFORM.public}, now=lambda: clock,
        transport=platform,
    )  # fmt: skip


def item(message: Message, position: int, **other: object) -> dict[str, object]:
    raw = codec.encode(message)
    return {
        "position": position, "order_id": message.id, "kind": type(message).__name__, "revision": 1, "state": "open",
        "message": codec.parse(raw), "jws": jws.sign_detached(raw, PLATFORM), **other,
    }  # fmt: skip


def page(*items: dict[str, object], checkpoint: object = None) -> dict[str, object]:
    return {"items": list(items), "next": 9, "checkpoint": checkpoint, "receipts": [{"id": uid(12), "position": 8}]}


RECEIPT = {"id": uid(12), "digest": "ab" * 32, "received_at": "2026-11-25T09:30:00Z", "fact": uid(99)}


def test_a_bank_takes_its_orders_with_checkpoint_and_receipts() -> None:
    head = sign_checkpoint(position=9, root="cd" * 32, at=AT, key=PLATFORM)
    platform = SmallPlatform(lambda request: (200, page(item(LOCATE, 3), item(HOLD, 4), checkpoint=head.document())))
    taken = client(platform).take(2, limit=10)
    assert [each.message for each in taken.items] == [LOCATE, HOLD]
    assert (taken.next, taken.checkpoint, taken.receipts) == (9, head, ((uid(12), 8),))
    assert str(platform.seen[0].url) == "https://platform.example/api/v1/mailbox?after=2&limit=10"


def test_an_order_whose_evidence_does_not_hold_is_shown_and_not_carried_out() -> None:
    changed = item(HOLD, 4)
    changed["message"] = {**codec.parse(codec.encode(HOLD)), "floor_paise": 0}
    renamed = item(HOLD, 5, order_id=uid(77))
    taken = client(SmallPlatform(lambda request: (200, page(changed, renamed, item(LOCATE, 6))))).take(0)
    assert [each.message for each in taken.items] == [None, None, LOCATE]
    assert all(each.fault for each in taken.items[:2])


@pytest.mark.parametrize(
    ("change"),
    [
        {"root": "ee" * 32}, {"position": 10}, {"at": "2026-11-25T09:31:00Z"}, {"keyid": "other"},
        {"signature": "AAAA"}, {"signature": 4}, {"more": 1},
    ],
)  # fmt: skip
def test_a_page_with_a_false_checkpoint_is_not_the_platforms(change: dict[str, object]) -> None:
    head = sign_checkpoint(position=9, root="cd" * 32, at=AT, key=PLATFORM).document()
    with pytest.raises(NotThePlatform):
        client(SmallPlatform(lambda request: (200, page(checkpoint={**head, **change})))).take(0)


def test_an_answer_is_sent_signed_and_its_receipt_read() -> None:
    platform = SmallPlatform(lambda request: (201, RECEIPT))
    receipt = client(platform).send(HOLD_ANSWER)
    assert (receipt.id, receipt.received_at) == (uid(12), AT)
    sent = platform.seen[0]
    assert codec.decode(sent.content) == HOLD_ANSWER
    assert jws.verify_detached(sent.content, sent.headers["x-jws-signature"], {DEMO1.key_id: DEMO1.public}.get)


def test_answers_sent_together_carry_the_evidence_each_was_kept_with() -> None:
    refusal = problems.ORDER_CLOSED.document()
    platform = SmallPlatform(lambda request: (200, {"results": [{"receipt": RECEIPT}, {"problem": refusal}]}))
    kept = [(raw, jws.sign_detached(raw, DEMO1)) for raw in map(codec.encode, (HOLD_ANSWER, HOLD_ANSWER))]
    receipt, refused = client(platform).send_together(kept)
    assert isinstance(receipt, Receipt) and receipt.id == uid(12)
    assert isinstance(refused, Refused) and (refused.status, refused.code) == (409, "order_closed")
    sent = platform.seen[0]
    assert sent.url.path == "/api/v1/answers/together"
    for each, (raw, detached) in zip(codec.parse(sent.content)["answers"], kept, strict=True):
        assert (codec.canonical(each["message"]), each["jws"]) == (raw, detached)


@pytest.mark.parametrize(
    "results", [[], [{"receipt": RECEIPT}] * 3, [{"receipt": {}}, {"receipt": RECEIPT}], [{}, {}], [1, 2], "ab", None]
)
def test_results_that_do_not_fit_what_was_sent_are_not_believed(results: object) -> None:
    platform = SmallPlatform(lambda request: (200, {"results": results}))
    raw = codec.encode(HOLD_ANSWER)
    with pytest.raises(NotThePlatform):
        client(platform).send_together([(raw, jws.sign_detached(raw, DEMO1))] * 2)


@pytest.mark.req("S1.7")
@pytest.mark.parametrize("wrong", [-86_400, -301, 301, 3_600 * 24 * 400])
def test_a_bank_with_a_wrong_clock_learns_the_time_is_served_and_is_flagged(wrong: int) -> None:
    platform = SmallPlatform(lambda request: (201, RECEIPT))
    bank = client(platform, clock=AT + wrong * SECOND)
    bank.send(HOLD_ANSWER)
    bank.send(HOLD_ANSWER)
    assert len(platform.seen) == 3, "one refusal, then it keeps the measured offset"
    assert platform.offsets == [-wrong, -wrong]


def test_a_refusal_carries_its_code_and_pointer_and_how_long_to_wait() -> None:
    platform = SmallPlatform(lambda request: (429, problems.RATE_LIMITED.document(pointer="/lines/2")))

    def wait(response: httpx.Response) -> httpx.Response:
        response.headers["retry-after"] = "7"
        return response

    platform.tamper = wait
    with pytest.raises(Refused) as refused:
        client(platform).take(0)
    assert (refused.value.code, refused.value.pointer, refused.value.retry_after) == ("rate_limited", "/lines/2", 7)


def test_an_unsigned_failure_between_us_and_the_platform_is_only_unreachable() -> None:
    platform = SmallPlatform(lambda request: (200, page()))
    platform.tamper = lambda response: httpx.Response(502, content=b"<html>bad gateway</html>")
    with pytest.raises(Unreachable):
        client(platform).take(0)
    platform.tamper = lambda response: httpx.Response(200, content=response.content)
    with pytest.raises(NotThePlatform):
        client(platform).take(0)


def test_a_response_signed_by_a_key_that_is_not_pinned_is_not_believed() -> None:
    platform = SmallPlatform(lambda request: (200, page()))
    stranger = keys.from_seed(bytes(32), key_id="platform-1")
    bank = client(platform)
    bank.platform_keys = {"platform-1": stranger.public}
    with pytest.raises(NotThePlatform):
        bank.take(0)


def test_the_answer_to_another_request_is_not_believed() -> None:
    platform = SmallPlatform(lambda request: (200, page()))
    kept: list[httpx.Response] = []

    def first_answer_again(response: httpx.Response) -> httpx.Response:
        kept.append(httpx.Response(response.status_code, headers=response.headers, content=response.content))
        return kept[0]

    platform.tamper = first_answer_again
    bank = client(platform)
    bank.take(0)
    with pytest.raises(NotThePlatform):
        bank.take(1)


def test_silence_is_unreachable() -> None:
    class Dead(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("nobody there", request=request)

    bank = BankClient("https://platform.example", "DEMO1", DEMO1, {}, transport=Dead())
    with pytest.raises(Unreachable):
        bank.take(0)
