"""What is in the outbox goes out together, in order, within what one request may carry."""

from __future__ import annotations

import json

import pytest

from thaam.node import sending
from thaam.node.records import Records
from thaam.node.sending import send_outbox
from thaam.wire import codec, jws, problems
from thaam.wire.client import BankClient, Receipt, Refused, Unreachable
from thaam.wire.messages import Acknowledged
from wire_cast import AT, DEMO1, HOLD, uid


class Platform(BankClient):
    """A platform that answers as told and remembers what came in which request."""

    def __init__(self) -> None:
        super().__init__("https://platform.example", "DEMO1", DEMO1, {}, now=lambda: AT)
        self.requests: list[list[str]] = []
        self.refuses: dict[str, problems.Problem] = {}
        self.knows_together = True

    def _take(self, body: bytes) -> Receipt | Refused:
        message = codec.decode(body)
        if problem := self.refuses.get(message.id):
            return Refused(problem.status, problem.document(), None)
        return Receipt(message.id, "ab" * 32, AT, uid(99))

    def send_together(self, kept):
        if not self.knows_together:
            raise Refused(404, problems.NOT_FOUND.document(), None)
        self.requests.append([codec.decode(body).id for body, _ in kept])
        return [self._take(body) for body, _ in kept]

    def send_raw(self, body, detached):
        self.requests.append([codec.decode(body).id])
        outcome = self._take(body)
        if isinstance(outcome, Refused):
            raise outcome
        return outcome


@pytest.fixture
def outbox(tmp_path):
    records = Records(str(tmp_path / "records.sqlite"), key=DEMO1)
    yield records
    records.close()


def _fill(records: Records, count: int) -> list[str]:
    ids = [uid(500 + number) for number in range(count)]
    for id in ids:
        with records.one_step():
            records.answer(Acknowledged(id, HOLD.id, AT), at=AT)
    return ids


def test_messages_go_together_in_order_and_one_alone_as_before(outbox) -> None:
    ids, platform = _fill(outbox, codec.TOGETHER_MAX + 1), Platform()
    assert send_outbox(outbox, platform) == len(ids)
    assert platform.requests == [ids[:-1], ids[-1:]]
    assert outbox.unsent() == [] and outbox.owed() == (0, 0)
    assert send_outbox(outbox, platform) == 0


def test_no_request_is_larger_than_the_platform_reads(outbox, monkeypatch) -> None:
    ids, platform = _fill(outbox, 5), Platform()
    one = max(len(body) + len(detached) for _, body, detached in outbox.unsent()) + sending.FRAME_BYTES
    monkeypatch.setattr(codec, "MAX_BODY_BYTES", 2 * one + sending.FRAME_BYTES)
    send_outbox(outbox, platform)
    assert platform.requests == [ids[0:2], ids[2:4], ids[4:]]
    together = [{"message": json.loads(body), "jws": detached} for body, detached in _bytes(outbox)[:2]]
    assert len(codec.canonical({"answers": together})) <= codec.MAX_BODY_BYTES


def _bytes(records: Records) -> list[tuple[bytes, str]]:
    return [(codec.encode(m), jws.sign_detached(codec.encode(m), DEMO1)) for m in records.answers()]


def test_a_refusal_for_good_is_kept_and_the_others_go_on(outbox, capsys) -> None:
    ids, platform = _fill(outbox, 3), Platform()
    platform.refuses[ids[1]] = problems.UNKNOWN_ORDER
    assert send_outbox(outbox, platform) == 3
    assert outbox.unsent() == []
    assert ids[1] in capsys.readouterr().err


def test_what_must_wait_holds_back_what_was_said_later(outbox) -> None:
    ids, platform = _fill(outbox, 3), Platform()
    platform.refuses[ids[1]] = problems.UNAVAILABLE
    with pytest.raises(Refused, match="unavailable"):
        send_outbox(outbox, platform)
    assert [id for id, _, _ in outbox.unsent()] == ids[1:]
    platform.refuses.clear()
    assert send_outbox(outbox, platform) == 2


def test_other_content_under_our_id_stops_the_node(outbox) -> None:
    ids, platform = _fill(outbox, 2), Platform()
    platform.refuses[ids[1]] = problems.SAME_ID_OTHER_CONTENT
    with pytest.raises(sending.StoreIsOlder, match=ids[1]):
        send_outbox(outbox, platform)
    assert [id for id, _, _ in outbox.unsent()] == ids[1:]


def test_a_platform_that_takes_single_messages_only_gets_single_messages(outbox) -> None:
    ids, platform = _fill(outbox, 3), Platform()
    platform.knows_together = False
    assert send_outbox(outbox, platform) == 3
    assert platform.requests == [[id] for id in ids]


def test_an_unreachable_platform_leaves_all_in_the_outbox(outbox) -> None:
    ids = _fill(outbox, 2)

    class Gone(Platform):
        def send_together(self, kept):
            raise Unreachable("no route")

    with pytest.raises(Unreachable):
        send_outbox(outbox, Gone())
    assert [id for id, _, _ in outbox.unsent()] == ids
