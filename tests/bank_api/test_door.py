"""The banks' door, through the real client of the protocol and past it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.test import Client

from cast import NOON, an_id, bank, hold_answer, hold_order, running_as, signs_for
from thaam.journal.hints import topics_of
from thaam.journal.models import Fact
from thaam.journal.sequencing import Sequencer
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Answer
from thaam.mailbox.posting import post
from thaam.mailbox.rotating import take_next_key
from thaam.parties.keys import platform_key, revoke_key
from thaam.parties.models import PartnerKey
from thaam.wire import codec, jws, signing
from thaam.wire.checkpoints import BadCheckpoint, check_consistency
from thaam.wire.client import BankClient, Refused
from thaam.wire.keys import from_seed
from thaam.wire.messages import HoldOrder
from thaam.wire.parts import Line
from thaam.wire.rotation import next_key

pytestmark = pytest.mark.django_db
URL = "http://testserver"


class Inside(httpx.BaseTransport):
    """httpx into the platform, without a socket."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-type")}
        got = Client(raise_request_exception=False).generic(
            request.method,
            request.url.raw_path.decode(),
            request.read(),
            request.headers.get("content-type", ""),
            headers=headers,
        )
        return httpx.Response(got.status_code, headers=list(got.items()), content=got.content)


@pytest.fixture
def demo1() -> BankClient:
    """A bank's client; its key is enrolled since long ago."""
    with running_as("thaam_loops"):
        return _client("DEMO1")


def _client(code: str, **parts: Any) -> BankClient:
    key = signs_for(code, at=NOON - datetime.timedelta(days=4000))
    pinned = {platform_key().key_id: platform_key().public}
    return BankClient(URL, code, key, pinned, transport=Inside(), **parts)


def _posted(partner: str = "DEMO1", number: int = 1) -> HoldOrder:
    order = hold_order(number)
    with running_as("thaam_loops"):
        bank(partner)
        post(partner=partner, message=order, at=NOON, by="officer:1")
        Sequencer(platform_key()).number(at=NOON)
    return order


def test_an_order_is_taken_answered_and_receipted(demo1: BankClient) -> None:
    order = _posted()
    page = demo1.take(0)
    assert [item.message for item in page.items] == [order]
    assert page.checkpoint and page.checkpoint.position == page.next
    receipt = demo1.send(hold_answer(order))
    with running_as("thaam_loops"):
        Sequencer(platform_key()).number(at=NOON + datetime.timedelta(seconds=5))
    after = demo1.take(page.next)
    assert after.receipts == ((receipt.id, page.next + 1),)
    assert demo1.take(0).items[0].state == "answered"


def test_what_a_clerk_answered_on_our_pages_is_no_receipt_for_the_node(demo1: BankClient) -> None:
    order = _posted()
    answer = hold_answer(order)
    raw = codec.encode(answer)
    with running_as("thaam_loops"):
        keep(partner="DEMO1", message=answer, raw=raw, jws=jws.sign_detached(raw, platform_key()), at=NOON)
        Sequencer(platform_key()).number(at=NOON + datetime.timedelta(seconds=5))
    page = demo1.take(0)
    assert (page.items[0].state, page.receipts) == ("answered", ())
    assert page.next > page.items[0].position, "its line is passed all the same"


def test_a_bank_sees_its_own_mailbox_only(demo1: BankClient) -> None:
    _posted("DEMO2")
    assert demo1.take(0).items == ()
    with pytest.raises(Refused, match="unknown_order"):
        demo1.send(hold_answer(hold_order()))


def test_a_head_seen_before_is_proven_the_beginning_of_the_newest(demo1: BankClient) -> None:
    _posted()
    seen = demo1.take(0).checkpoint
    assert seen
    for number in range(2, 6):
        _posted(number=number)
    with running_as("thaam_loops"):
        Sequencer(platform_key()).number(at=NOON + datetime.timedelta(seconds=5))
    newest, proof = demo1.head_since(seen.position)
    assert newest.position > seen.position and proof
    told = {"first": seen.position, "second": newest.position, "second_root": bytes.fromhex(newest.root)}
    check_consistency(first_root=bytes.fromhex(seen.root), path=list(proof), **told)
    with pytest.raises(BadCheckpoint):
        check_consistency(first_root=bytes.fromhex(newest.root), path=list(proof), **told)


@pytest.mark.parametrize("query", ["", "?first=0", "?first=99", "?first=1&last=2", "?first=x"])
def test_a_proof_of_what_nobody_can_have_seen_is_refused(demo1: BankClient, query: str) -> None:
    _posted()
    with pytest.raises(Refused, match="bad_query"):
        demo1._ask("GET", f"/api/v1/checkpoints{query}", b"", {})


def _raw_answer(order: HoldOrder, **sign: Any) -> tuple[bytes, dict[str, str]]:
    key = signs_for("DEMO1")
    body = codec.encode(hold_answer(order))
    headers = {"content-type": "application/json", jws.HEADER: jws.sign_detached(body, key)}
    sign = {"created": datetime.datetime.now(datetime.UTC), "nonce": "n" * 20} | sign
    return body, headers | signing.sign_request(
        method="POST", url=f"{URL}/api/v1/answers", headers=headers, body=body, key=key, **sign
    )


def _send(body: bytes, headers: dict[str, str]) -> Any:
    headers = dict(headers)
    kind = headers.pop("content-type", "application/json")
    return Client(raise_request_exception=False).post("/api/v1/answers", body, content_type=kind, headers=headers)


def test_an_exact_copy_gets_the_stored_receipt_and_has_no_second_effect(demo1: BankClient) -> None:
    body, headers = _raw_answer(_posted())
    first, copy = _send(body, headers), _send(body, headers)
    assert (first.status_code, copy.status_code) == (200, 200)
    assert first.content == copy.content
    with running_as("thaam_loops"):
        assert Answer.objects.count() == 1


def test_a_nonce_serves_one_request(demo1: BankClient) -> None:
    order = _posted()
    _send(*_raw_answer(order))
    again = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1)
    refused = _send(*_raw_answer(order, created=again))
    assert (refused.status_code, refused.json()["code"]) == (409, "nonce_used")


def test_a_wrong_clock_is_told_ours_and_served(demo1: BankClient) -> None:
    order = _posted()
    slow = datetime.timedelta(hours=3)
    body, headers = _raw_answer(order, created=datetime.datetime.now(datetime.UTC) - slow)
    refused = _send(body, headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "stale")
    ours = datetime.datetime.fromisoformat(refused.json()["now"])
    assert abs(ours - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(seconds=30)

    demo1.now = lambda: datetime.datetime.now(datetime.UTC) - slow
    demo1.send(hold_answer(order))
    with running_as("thaam_loops"):
        assert abs(abs(Answer.objects.get().skew_seconds) - slow.total_seconds()) < 30


def test_a_conflict_is_refused_and_stays_a_fact(demo1: BankClient) -> None:
    order = _posted()
    demo1.send(hold_answer(order))
    with pytest.raises(Refused, match="answer_conflict"):
        demo1.send(hold_answer(order, 1002))
    with running_as("thaam_loops"):
        assert Fact.objects.filter(kind="answer:conflict").count() == 1


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda body, headers: (body[:-2] + b" }", headers), "digest_differs"),
        (lambda body, headers: (body, {**headers, jws.HEADER: ""}), "not_evidence"),
        (lambda body, headers: (body, {**headers, jws.HEADER: "a.b.c"}), "not_evidence"),
        (lambda body, headers: (body, {**headers, "content-type": "text/plain"}), "media_type"),
        (
            lambda body, headers: (body, {k: v for k, v in headers.items() if "signature" not in k.lower()}),
            "not_signed",
        ),
        (lambda body, headers: (b"", headers), "digest_differs"),
        (lambda body, headers: (b"x" * 1_100_000, headers), "too_large"),
    ],
)
def test_what_does_not_hold_is_refused_with_its_code(
    demo1: BankClient, spoil: Callable[[bytes, dict[str, str]], tuple[bytes, dict[str, str]]], code: str
) -> None:
    refused = _send(*spoil(*_raw_answer(_posted())))
    assert refused.json()["code"] == code
    assert refused["content-type"] == "application/problem+json"
    assert refused["signature"]


@pytest.mark.parametrize(
    "target", ["?after=-1", "?after=x", "?limit=0", "?after=1&after=2", "?limit=9999", "?other=1", "?after=" + "9" * 30]
)
def test_a_wrong_query_is_a_problem(demo1: BankClient, target: str) -> None:
    with pytest.raises(Refused, match="bad_query"):
        demo1._ask("GET", f"/api/v1/mailbox{target}", b"", {})


def test_of_a_strangers_large_body_nothing_is_said_but_that_it_is_not_signed(demo1: BankClient) -> None:
    """Who may send anything is asked first: the size is told to a bank whose signature holds, and to nobody else."""
    _, headers = _raw_answer(_posted())
    name, value = headers["signature"].split("=:", 1)
    strange = {**headers, "signature": f"{name}=:{'B' if value[0] == 'A' else 'A'}{value[1:]}"}
    assert _send(b"x" * 1_100_000, strange).json()["code"] == "bad_signature"
    unsigned = {name: value for name, value in headers.items() if "signature" not in name.lower()}
    assert _send(b"x" * 1_100_000, unsigned).json()["code"] == "not_signed"


def test_an_order_cannot_be_sent_to_us(demo1: BankClient) -> None:
    with pytest.raises(Refused, match="unknown_kind"):
        demo1.send(hold_order())


def test_any_other_address_and_method_is_a_signed_problem(demo1: BankClient) -> None:
    client = Client()
    assert client.get("/api/v1/nothing").json()["code"] == "not_found"
    assert client.delete("/api/v1/mailbox").json()["code"] == "method_not_allowed"
    assert client.get("/api/v1/mailbox").json()["code"] == "not_signed"


def test_answers_come_only_from_the_banks_own_key(demo1: BankClient) -> None:
    order = _posted()
    with running_as("thaam_loops"):
        other = signs_for("DEMO2")
    body = codec.encode(hold_answer(order))
    with pytest.raises(Refused, match="unknown_key"):
        demo1.send_raw(body, jws.sign_detached(body, other))


def test_the_keys_of_the_platform_are_told(demo1: BankClient) -> None:
    from thaam.parties.keys import introduce_platform_key

    with running_as("thaam_loops"):
        introduce_platform_key(at=NOON)
    (key,) = Client().get("/api/v1/keys").json()["keys"]
    assert key["keyid"] == platform_key().key_id


@pytest.mark.req("S1.7")
def test_a_liar_whose_lines_do_not_balance_is_refused(demo1: BankClient) -> None:
    order = _posted()
    with pytest.raises(Refused, match="lines_do_not_balance"):
        demo1.send(hold_answer(order, lines=(Line(kind="held", lo=0, hi=5, lien_reference="L"),)))


@pytest.mark.req("S3.5")
def test_the_next_key_is_announced_under_the_current_one_and_both_count_for_a_day(demo1: BankClient) -> None:
    order = _posted()
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    start = now + datetime.timedelta(minutes=1)
    second = from_seed(b"2" * 32)
    demo1.send(next_key(id=an_id(80), at=now, bank="DEMO1", key=second, valid_from_at=start))
    with running_as("thaam_loops"):
        take_next_key(Answer.objects.get(id=an_id(80)), start)
        PartnerKey.objects.filter(key_id=second.key_id).update(valid_from_at=now)
    demo1.take(0)  # the first one still counts
    successor = BankClient(URL, "DEMO1", second, demo1.platform_keys, transport=Inside())
    successor.send(hold_answer(order))
    with running_as("thaam_loops"):
        first = PartnerKey.objects.get(key_id=demo1.key.key_id)
        assert first.valid_to_at == start + datetime.timedelta(days=1)
        revoke_key(key_id=second.key_id, by="officer:1", at=now, reason="lost")
    with pytest.raises(Refused, match="unknown_key"):
        successor.take(0)


def test_a_bank_is_told_where_to_listen(demo1: BankClient) -> None:
    url, _ = demo1.hints()
    assert topics_of(url.partition("topics=")[2]) == ["mailbox:DEMO1"]


def test_an_id_that_is_taken_is_refused(demo1: BankClient) -> None:
    order = _posted()
    demo1.send(hold_answer(order))
    with pytest.raises(Refused, match="same_id_other_content"):
        demo1.send(hold_answer(order, position=99))
    assert an_id(1001) == hold_answer(order).id
