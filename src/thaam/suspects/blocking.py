"""Watch numbers used again and again; ask their operator to verify, block, take down, unblock (S3.7).

Identifier + evidence + officer + authority -> answer -> review day. The operator is asked to verify its user again
before a block; a block ends on its review day unless an officer keeps it; a person who is right gets an unblock with a
clock of hours. Law: rulebook `law about block | take_down`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid

from django.db import connection, transaction

from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.mailbox.models import Answer
from thaam.mailbox.posting import post
from thaam.parties.models import Bank, Officer
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import law, rule
from thaam.suspects.agreeing import MAY_AGREE, MayNotAgree
from thaam.suspects.models import BlockKept, BlockRequest, BlockTold, Identifier, Sighting, Watch
from thaam.suspects.naming import IdentifierKind
from thaam.suspects.weighing import Word, weight_of
from thaam.wire import codec
from thaam.wire.messages import Basis, BlockAnswer, BlockOrder, IssuedBy
from thaam.work.scheduling import schedule

Action = BlockRequest.Action
VERIFIABLE = frozenset({IdentifierKind.PHONE, IdentifierKind.IMEI, IdentifierKind.HEADER})
PAGES = frozenset({IdentifierKind.URL, IdentifierKind.APP, IdentifierKind.SOCIAL, IdentifierKind.EMAIL})
OVERDUE, REVIEW = "block answer overdue", "block review"
CLOCKS = {
    Action.VERIFY_AGAIN: "suspect_verify_time",
    Action.BLOCK: "suspect_block_time",
    Action.UNBLOCK: "suspect_unblock_time",
    Action.TAKE_DOWN: "suspect_take_down_time",
}


class CannotBeBlocked(Exception):
    """Nobody can switch off a thing of this kind, or not by this action."""

    text = Text("इस तरह की चीज़ पर यह अनुरोध नहीं हो सकता।", "This cannot be asked for a thing of this kind.")


class TooFewReports(Exception):
    """Fewer independent reports than the rulebook asks for."""

    text = Text(
        "अलग-अलग सूचनाएँ अभी सीमा से कम हैं। पहले निगरानी में रखें।",
        "There are fewer independent reports than the rule asks for. Watch it first.",
    )


class VerifyFirst(Exception):
    """The operator was not yet asked to verify the user again, or may still answer."""

    text = Text(
        "पहले कंपनी से दोबारा पहचान जाँच करवाएँ और जवाब का समय पूरा होने दें।",
        "First ask the operator to verify the user again, and let the time for its answer pass.",
    )


class NotBlocked(Exception):
    """There is no block to end, keep or review."""

    text = Text("यह अभी बंद नहीं है।", "It is not blocked now.")


class AskedAlready(Exception):
    """The same was asked of this operator and is not answered yet."""

    text = Text("यही अनुरोध पहले से खुला है।", "The same request is open already.")


def strong_sources(identifier: Identifier, *, at: dt.datetime, jurisdiction: str) -> list[str]:
    """Independent sources whose sighting counts now, sorted: the evidence of a watch or a block."""
    oldest = at - dt.timedelta(days=rule("suspect_sighting_days", jurisdiction=jurisdiction, on=at).value)
    least = weight_of(Word.COUNTS, at=at, jurisdiction=jurisdiction)
    counting = Sighting.objects.filter(
        identifier=identifier, withdrawn=None, confidence__gte=least, seen_at__gt=oldest, seen_at__lte=at
    )
    return sorted(set(counting.values_list("source", flat=True)))


def watch_of(identifier: Identifier, *, at: dt.datetime) -> Watch | None:
    """The watch that counts at `at`."""
    return identifier.watches.filter(from_at__lte=at, until_at__gt=at).order_by("-until_at").first()


@transaction.atomic
def watch(
    *,
    identifier: Identifier,
    words: str,
    by: str,
    at: dt.datetime,
    jurisdiction: str = "IN",
    sources: int | None = None,
) -> Watch:
    """Put an identifier on the watch list for the rulebook's days; one that is watched already stays as it is."""
    if known := watch_of(identifier, at=at):
        return known
    days = rule("suspect_watch_days", jurisdiction=jurisdiction, on=at).value
    if sources is None:
        sources = len(strong_sources(identifier, at=at, jurisdiction=jurisdiction))
    made = Watch.objects.create(
        id=id_from("watch", identifier.id, at.isoformat()),
        identifier=identifier,
        jurisdiction=jurisdiction,
        sources=sources,
        words=words,
        by=by,
        from_at=at,
        until_at=at + dt.timedelta(days=days),
    )
    record(Kind.IDENTIFIER_WATCHED, about=f"identifier:{identifier.id}", by=by, at=at, sources=sources)
    return made


def watch_if_repeated(identifier: Identifier, *, at: dt.datetime, jurisdiction: str = "IN") -> Watch | None:
    """Watch when the jurisdiction's number of independent reports is reached; called after every sighting."""
    sources = len(strong_sources(identifier, at=at, jurisdiction=jurisdiction))
    if sources < rule("suspect_watch_count", jurisdiction=jurisdiction, on=at).value:
        return None
    words = f"{sources} independent reports"
    return watch(
        identifier=identifier, words=words, by="rule:suspect_watch_count", at=at, jurisdiction=jurisdiction,
        sources=sources,
    )  # fmt: skip


@transaction.atomic
def ask_operator(
    *,
    request_id: str,
    identifier: Identifier,
    partner: Bank,
    action: str,
    words: str,
    officer: Officer,
    at: dt.datetime,
    jurisdiction: str = "IN",
    urgent: bool = False,
) -> BlockRequest:
    """Put a signed request into the operator's mailbox and start its clocks. The same id returns the first.

    `urgent` lets a supervisor or approver skip the re-verification; the words must then say why.
    Raises MayNotAgree, CannotBeBlocked, TooFewReports, VerifyFirst, AskedAlready, NotBlocked.
    An advisory lock keeps two requests about one identifier apart."""
    if known := BlockRequest.objects.filter(id=request_id).first():
        return known
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [uuid.UUID(str(identifier.pk)).int % 2**63])
    if officer.role not in MAY_AGREE:
        raise MayNotAgree(officer.username)
    action = Action(action)
    _check_action(identifier, action)
    if identifier.requests.filter(partner=partner, action=action, told=None, due_at__gt=at).exists():
        raise AskedAlready(identifier.id)
    evidence = strong_sources(identifier, at=at, jurisdiction=jurisdiction)
    follows = None
    if action is Action.UNBLOCK:
        follows = block_of(identifier, at=at)
        if follows is None:
            raise NotBlocked(identifier.id)
    elif len(evidence) < rule("suspect_block_count", jurisdiction=jurisdiction, on=at).value:
        raise TooFewReports(identifier.id)
    if action is Action.BLOCK and IdentifierKind(identifier.kind) in VERIFIABLE:
        follows = _verification(identifier, partner, at)
        skips = urgent and officer.role in (Officer.Role.SUPERVISOR, Officer.Role.APPROVER) and words.strip()
        if follows is None and not skips:
            raise VerifyFirst(identifier.id)
    return _send(
        request_id, identifier, partner, action, words, officer, f"officer:{officer.pk}", at, jurisdiction, evidence,
        follows,
    )  # fmt: skip


def _check_action(identifier: Identifier, action: BlockRequest.Action) -> None:
    kind = IdentifierKind(identifier.kind)
    can = {
        Action.VERIFY_AGAIN: VERIFIABLE,
        Action.BLOCK: VERIFIABLE,
        Action.TAKE_DOWN: PAGES,
        Action.UNBLOCK: VERIFIABLE | PAGES,
    }
    if kind not in can[action]:
        raise CannotBeBlocked(kind.value, action)


def _verification(identifier: Identifier, partner: Bank, at: dt.datetime) -> BlockRequest | None:
    """The request to verify after which a block may be asked: answered without success, or out of time."""
    asked = identifier.requests.filter(partner=partner, action=Action.VERIFY_AGAIN).order_by("-asked_at").first()
    if asked is None:
        return None
    told = BlockTold.objects.filter(request=asked).first()
    if told is None:
        return asked if asked.due_at <= at else None
    return asked if told.result in ("not_verified", "refused") else None


def _send(
    request_id: str,
    identifier: Identifier,
    partner: Bank,
    action: BlockRequest.Action,
    words: str,
    officer: Officer | None,
    by: str,
    at: dt.datetime,
    jurisdiction: str,
    evidence: list[str],
    follows: BlockRequest | None,
) -> BlockRequest:
    about = "take_down" if IdentifierKind(identifier.kind) in PAGES else "block"
    ground = law(about, jurisdiction=jurisdiction, on=at)
    due = due_at(CLOCKS[action], jurisdiction=jurisdiction, start=at)
    ends = action in (Action.BLOCK, Action.TAKE_DOWN)
    review = due_at("suspect_block_days", jurisdiction=jurisdiction, start=at) if ends else None
    digest = hashlib.sha256(json.dumps(evidence, ensure_ascii=False).encode()).hexdigest()
    office = officer.office.code if officer and officer.office else "THAAM"
    message = BlockOrder(
        id=id_from("block order", request_id),
        action=str(action),
        what=identifier.kind,
        identifier=identifier.name,
        reports=len(evidence),
        evidence_digest=digest,
        words=words,
        basis=Basis(jurisdiction, ground.section, ground.authority, str(request_id)[:8]),
        issued_by=IssuedBy(office, officer.username if officer else "rulebook"),
        issued_at=at,
        execute_before=due,
        review_at=review,
    )
    post(partner=partner.code, message=message, at=at, by=by)
    made = BlockRequest.objects.create(
        id=uuid.UUID(str(request_id)), identifier=identifier, partner=partner, action=action, follows=follows,
        jurisdiction=jurisdiction, reports=len(evidence), evidence=evidence, evidence_digest=digest, words=words,
        section=ground.section, authority=ground.authority, officer=officer, by=by, order_id=message.id, asked_at=at,
        due_at=due, review_at=review,
    )  # fmt: skip
    record(
        Kind.BLOCK_ASKED, about=f"identifier:{identifier.id}", by=by, at=at, action=str(action), partner=partner.code
    )
    schedule(kind=OVERDUE, key=f"block answer:{request_id}", run_at=due, request_id=str(request_id))
    return made


def block_of(identifier: Identifier, *, at: dt.datetime) -> BlockRequest | None:
    """The block that stands at `at`: carried out and not undone since."""
    done = (
        identifier.requests.filter(told__result__in=("blocked", "taken_down"), told__done_at__lte=at)
        .order_by("-told__done_at")
        .first()
    )
    if done is None:
        return None
    undone = identifier.requests.filter(
        told__result="unblocked",
        told__done_at__gte=done.told.done_at,
        told__done_at__lte=at,
        asked_at__gt=done.asked_at,
    )
    return None if undone.exists() else done


@transaction.atomic
def take_block_answer(answer: Answer, at: dt.datetime) -> None:
    """An operator's signed BlockAnswer: keep it with its request; a block gets its review timer.

    A number whose user proved who they are is watched no longer than its watch: no block follows by itself."""
    message = codec.decode(bytes(answer.body))
    assert isinstance(message, BlockAnswer)
    request = BlockRequest.objects.filter(order_id=message.order_id, partner_id=answer.partner_id).first()
    if request is None or BlockTold.objects.filter(request=request).exists():
        return
    BlockTold.objects.create(
        request=request, result=message.result, words=message.words or "", done_at=message.done_at, at=at
    )
    record(
        Kind.BLOCK_ANSWERED, about=f"identifier:{request.identifier_id}", by=f"bank:{answer.partner_id}", at=at,
        action=request.action, result=message.result,
    )  # fmt: skip
    if message.result in ("blocked", "taken_down") and request.review_at:
        schedule(kind=REVIEW, key=f"block review:{request.id}:0", run_at=request.review_at, request_id=str(request.id))


@transaction.atomic
def keep_block(*, kept_id: str, request: BlockRequest, words: str, by: Officer, at: dt.datetime) -> BlockKept:
    """On its day an officer looked again and keeps the block for the rulebook's days.

    Raises NotBlocked, MayNotAgree."""
    if known := BlockKept.objects.filter(id=kept_id).first():
        return known
    if by.role not in MAY_AGREE:
        raise MayNotAgree(by.username)
    if block_of(request.identifier, at=at) != request:
        raise NotBlocked(request.id)
    until = due_at("suspect_block_days", jurisdiction=request.jurisdiction, start=at)
    kept = BlockKept.objects.create(id=kept_id, request=request, until_at=until, words=words, by=by, at=at)
    schedule(kind=REVIEW, key=f"block review:{request.id}:{kept_id}", run_at=until, request_id=str(request.id))
    record(Kind.BLOCK_KEPT, about=f"identifier:{request.identifier_id}", by=f"officer:{by.pk}", at=at)
    return kept


@transaction.atomic
def unblock(*, request: BlockRequest, words: str, by: str, officer: Officer | None, at: dt.datetime) -> BlockRequest:
    """Ask the operator to end this block, within the rulebook's hours; asked twice it is one request."""
    open_one = request.identifier.requests.filter(action=Action.UNBLOCK, follows=request).first()
    if open_one is not None:
        return open_one
    return _send(
        id_from("unblock", request.id), request.identifier, request.partner, Action.UNBLOCK, words, officer, by, at,
        request.jurisdiction, [], request,
    )  # fmt: skip


def block_overdue(payload: dict[str, str], at: dt.datetime) -> None:
    """The operator's time is over and nothing came: a fact the desk shows."""
    request = BlockRequest.objects.get(id=payload["request_id"])
    if not BlockTold.objects.filter(request=request).exists():
        record(
            Kind.BLOCK_OVERDUE, about=f"identifier:{request.identifier_id}", by="loop:work", at=at,
            action=request.action, partner=request.partner_id,
        )  # fmt: skip


def review_block(payload: dict[str, str], at: dt.datetime) -> None:
    """The review day of a block: kept by an officer, or it ends by itself."""
    request = BlockRequest.objects.get(id=payload["request_id"])
    if block_of(request.identifier, at=at) != request:
        return
    last = request.kept.order_by("-until_at").first()
    if last is not None and last.until_at > at:
        return
    unblock(request=request, words="review day passed and nobody kept the block", by="rule:suspect_block_days",
            officer=None, at=at)  # fmt: skip
