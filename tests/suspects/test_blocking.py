"""A number used again and again: watched, verified, blocked, kept or ended, unblocked (S3.7)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from cast import NOON, bank, signs_for
from thaam.journal.ids import id_from
from thaam.journal.models import Fact
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Answer, Order
from thaam.parties.models import Bank, Officer
from thaam.suspects.agreeing import MayNotAgree
from thaam.suspects.blocking import (
    AskedAlready,
    CannotBeBlocked,
    NotBlocked,
    TooFewReports,
    VerifyFirst,
    ask_operator,
    block_of,
    block_overdue,
    keep_block,
    review_block,
    take_block_answer,
    watch_of,
)
from thaam.suspects.marking import decide_hearing, lodge_hearing
from thaam.suspects.models import BlockRequest, Identifier, Sighting
from thaam.suspects.naming import IdentifierKind
from thaam.suspects.sighting import note_sighting
from thaam.wire import codec, jws
from thaam.wire.messages import BlockAnswer

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
BALU = "9876500001"


def officer(name: str = "ravi", role: str = Officer.Role.INVESTIGATOR) -> Officer:
    made, _ = Officer.objects.get_or_create(username=name, defaults={"role": role})
    return made


def telecom(code: str = "DEMOTEL") -> Bank:
    made = bank(code)
    Bank.objects.filter(pk=made.pk).update(kind=Bank.Type.TELECOM)
    return made


def seen(times: int, *, kind: IdentifierKind = IdentifierKind.PHONE, typed: str = BALU, at=NOON, jurisdiction="IN"):
    for number in range(times):
        note_sighting(
            sighting_id=id_from("s", typed, number), kind=kind, typed=typed, source=f"complaint:{number}",
            confidence=70, reason=Sighting.Reason.CALLED, seen_at=at, by="loop:work", at=at,
            jurisdiction=jurisdiction,
        )  # fmt: skip
    return Identifier.objects.get(kind=kind.value, name__endswith=typed.rpartition("/")[2])


def ask(identifier, action, *, number=1, at=NOON, by=None, **more):
    return ask_operator(
        request_id=id_from("r", action, number), identifier=identifier, partner=telecom(), action=action,
        words="Used in five complaints of one kind.", officer=by or officer(), at=at, **more,
    )  # fmt: skip


def tells(request: BlockRequest, result: str, *, at=NOON, words: str | None = None) -> None:
    key = signs_for(request.partner_id)
    done = at if result in ("blocked", "unblocked", "taken_down") else None
    message = BlockAnswer(id_from("a", request.id), str(request.order_id), at, result, words, done)
    raw = codec.encode(message)
    keep(partner=request.partner_id, message=message, raw=raw, jws=jws.sign_detached(raw, key), at=at)
    take_block_answer(Answer.objects.get(id=message.id), at)


@pytest.mark.req("S3.7")
def test_the_fifth_independent_report_puts_a_number_on_the_watch_list_and_a_state_may_set_its_own_count():
    identifier = seen(4)
    assert watch_of(identifier, at=NOON) is None
    seen(5)
    watched = watch_of(identifier, at=NOON)
    assert watched.sources == 5
    assert watch_of(identifier, at=NOON + 91 * DAY) is None
    assert Fact.objects.filter(kind="identifier:watched").count() == 1


@pytest.mark.req("S3.7")
def test_a_number_reported_five_times_is_verified_blocked_and_unblocked_after_a_wrongful_block():
    identifier = seen(5)
    with pytest.raises(VerifyFirst):
        ask(identifier, "block")
    verify = ask(identifier, "verify_again")
    with pytest.raises(VerifyFirst):
        ask(identifier, "block")
    tells(verify, "not_verified", at=NOON + HOUR)
    block = ask(identifier, "block", at=NOON + HOUR)
    order = Order.objects.get(id=block.order_id)
    assert order.partner_id == "DEMOTEL"
    assert order.message.identifier == BALU
    assert order.message.reports == 5
    assert order.message.basis.section == block.section
    assert "complaint" not in order.message.words.replace("complaints", "")
    assert block_of(identifier, at=NOON + HOUR) is None
    tells(block, "blocked", at=NOON + 2 * HOUR)
    assert block_of(identifier, at=NOON + 2 * HOUR) == block

    hearing = lodge_hearing(
        hearing_id=id_from("h"), kind=IdentifierKind.PHONE, typed=BALU, words="mine since May", contact="c",
        at=NOON + DAY,
    )  # fmt: skip
    decide_hearing(hearing=hearing, delisted=True, words="new subscriber", by=officer("meena"), at=NOON + 2 * DAY)
    undo = identifier.requests.get(action="unblock")
    assert undo.due_at == NOON + 3 * DAY
    assert undo.follows == block
    tells(undo, "unblocked", at=NOON + 2 * DAY + HOUR)
    assert block_of(identifier, at=NOON + 2 * DAY + HOUR) is None
    assert block_of(identifier, at=NOON + DAY) == block


def test_a_number_whose_user_proved_themselves_is_not_blocked():
    identifier = seen(5)
    tells(ask(identifier, "verify_again"), "verified", words="came to the shop with papers")
    with pytest.raises(VerifyFirst):
        ask(identifier, "block")


def test_silence_past_the_clock_opens_the_way_and_is_a_fact():
    identifier = seen(5)
    verify = ask(identifier, "verify_again")
    later = verify.due_at + HOUR
    block_overdue({"request_id": str(verify.id)}, later)
    assert Fact.objects.filter(kind="block:overdue").count() == 1
    assert ask(identifier, "block", at=later).follows == verify


def test_a_supervisor_may_skip_the_verification_with_a_reason_and_nobody_else():
    identifier = seen(5)
    with pytest.raises(VerifyFirst):
        ask(identifier, "block", urgent=True)
    assert ask(identifier, "block", urgent=True, by=officer("kabir", Officer.Role.SUPERVISOR)).follows is None


def test_too_few_reports_wrong_kinds_wrong_roles_and_second_requests_are_refused_by_name():
    few = seen(2, typed="9876500002")
    with pytest.raises(TooFewReports):
        ask(few, "verify_again")
    identifier = seen(5)
    with pytest.raises(CannotBeBlocked):
        ask(identifier, "take_down")
    with pytest.raises(MayNotAgree):
        ask(identifier, "verify_again", by=officer("omar", Officer.Role.OPERATOR))
    with pytest.raises(NotBlocked):
        ask(identifier, "unblock")
    first = ask(identifier, "verify_again")
    assert ask(identifier, "verify_again") == first
    with pytest.raises(AskedAlready):
        ask(identifier, "verify_again", number=2)


def test_a_state_may_ask_with_fewer_reports():
    identifier = seen(3, jurisdiction="IN-KL")
    assert ask(identifier, "verify_again", jurisdiction="IN-KL").reports == 3


@pytest.mark.req("S3.7")
def test_a_page_is_taken_down_without_a_re_verification_and_a_block_ends_unless_somebody_keeps_it():
    page = seen(5, kind=IdentifierKind.URL, typed="bad-site.example/pay")
    gone = ask(page, "take_down")
    assert gone.due_at == NOON + dt.timedelta(hours=36)
    tells(gone, "taken_down")
    keep_block(kept_id=id_from("k"), request=gone, words="still used", by=officer(), at=NOON + 80 * DAY)
    review_block({"request_id": str(gone.id)}, gone.review_at)
    assert not page.requests.filter(action="unblock").exists()
    review_block({"request_id": str(gone.id)}, NOON + 171 * DAY)
    review_block({"request_id": str(gone.id)}, NOON + 172 * DAY)
    assert page.requests.filter(action="unblock").count() == 1


def test_a_second_answer_of_the_operator_changes_nothing_and_nothing_is_rewritten():
    identifier = seen(5)
    verify = ask(identifier, "verify_again")
    tells(verify, "not_verified")
    take_block_answer(Answer.objects.get(order_id=verify.order_id), NOON + DAY)
    assert verify.told.at == NOON
    with pytest.raises(DatabaseError), transaction.atomic():
        BlockRequest.objects.filter(id=verify.id).update(words="other")
