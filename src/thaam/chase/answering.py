"""Take what banks say: change the lines of the payment it is about, reckon the accounts, go on with the chase.

Each verb takes one kept answer (mailbox.models.Answer) and does everything that follows from it in one transaction
under the trail lock. An answer that breaks a rule raises holds.answering.AnswerRefused: it is kept as evidence,
settled as refused, and changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from thaam.holds.amending import record_accepted
from thaam.holds.answering import (
    AnswerRefused,
    check_answer,
    held_by_others,
    record_declined,
    record_hold_answer,
    record_named,
)
from thaam.holds.book import NoSuchHold, ended_ranges, enter, lock_hold
from thaam.holds.expiring import expire_hold
from thaam.holds.models import Amendment, Entry, Hold, Release
from thaam.holds.releasing import record_not_done, record_release
from thaam.holds.restoring import record_refused, record_restoration
from thaam.holds.states import HoldState
from thaam.journal.gathering import gathered
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Answer
from thaam.money import ranges as sets
from thaam.rulebook.clocks import due_at
from thaam.wire.messages import CannotMatch, HoldAnswer, HoldBroken, LateCredit, ReleaseDone, RestoreDone
from thaam.wire.parts import Line as WireLine
from thaam.wire.parts import pairs_of
from thaam.work.scheduling import schedule, unschedule

from . import disagreeing, lines, locating, pools, watching
from .advance import advance
from .asking import BY, OVERDUE, may_ask_again, schedule_expiry
from .counting import chases_through
from .lines import Word, trail_lock
from .models import Claim, Payment, Trail, Watch
from .payments import find_or_add, key_of, payment_on
from .recovering import recover
from .saying import said_in

EXPECTATION = "chase:expectation"
OTHER_LIEN = "other_lien"


class NobodyAsked(AnswerRefused):
    """The answer is about an order that is not a hold order of ours."""

    problem = "unknown_order"


def take_hold_answer(answer: Answer, at: dt.datetime) -> None:
    """Lines of a hold order: enter what is held, replace what was known of the asked paise, follow what went on."""
    said = said_in(answer, HoldAnswer)
    with trail_lock() as rows:
        if rows.one(Hold, answer.order_id) is None and (watch := watching.find_watch(answer.order_id)):
            _take_watch_answer(watch, answer, said, at)
            return
        hold = _hold(answer.order_id)
        check_answer(hold, said, bank=answer.partner_id)
        unschedule(key=f"{OVERDUE}:{hold.pk}")
        # paise whose hold ended (released, restored, broken) are no longer this answer's to speak of
        open_paise = hold.asked
        if hold.answer_revision is not None:
            open_paise = sets.subtract(hold.asked, ended_ranges(hold))
        expires_at = hold.expires_at
        was_late = hold.state == HoldState.LAPSED
        record_hold_answer(hold=hold, answer=said, bank=answer.partner_id, told_at=answer.received_at, at=at)
        record_named(hold=hold, answer=said, bank=answer.partner_id, at=at)
        words = [word.part(lo, hi) for word in _words_of(hold, said) for lo, hi in _common(word, open_paise)]
        lines.put(hold.payment_id, words, at=at)
        pools.ask_owner(hold=hold, account=said.account, words=words, at=at)
        if any(word.why in disagreeing.DENIALS for word in words):
            disagreeing.note(payment_on(hold), at=at)
        if hold.expires_at != expires_at:
            schedule_expiry(hold.pk, hold.expires_at)
        if hold.held and at >= hold.expires_at:
            _end_expired(hold, at)
        elif was_late:
            locating.catch_up(hold, at=at)
        _go_on([hold.payment_id], at)


def _take_watch_answer(watch: Watch, answer: Answer, said: HoldAnswer, at: dt.datetime) -> None:
    """Watched paise moved: follow them like any, without a hold of their own."""
    with trail_lock():
        watched = watching.check_moved(watch, answer, said)
        words = [part for word in _words_of(watch.hold, said) for part in _parts(word, watched)]
        lines.put(watch.payment_id, words, at=at)
        left = sets.normalise((word.lo, word.hi) for word in words if word.kind != "seen")
        watching.note_moved(watch, said, left, at)
        _go_on([watch.payment_id], at)


def take_expected(answer: Answer, at: dt.datetime) -> None:
    """In flight: wait for it as long as the rulebook says, then count the reference as not found."""
    with trail_lock():
        hold = _hold(answer.order_id)
        asked = lines.of_order(hold.payment_id, hold.pk, ["asked"])
        lines.put(hold.payment_id, [Word(lo, hi, "asked", hold.pk, why="in_flight") for lo, hi in asked], at=at)
        until = due_at("expectation", jurisdiction=hold.jurisdiction, start=at)
        schedule(
            kind=EXPECTATION,
            key=f"{EXPECTATION}:{hold.pk}",
            run_at=until,
            order_id=str(hold.pk),
            place=hold.jurisdiction,
            since=at.isoformat(),
        )
        _go_on([hold.payment_id], at)


def take_cannot_match(answer: Answer, at: dt.datetime) -> None:
    """The bank cannot carry the order out: those paise are unexplained, or asked again where it was only too late."""
    said = said_in(answer, CannotMatch)
    with trail_lock() as rows:
        if rows.one(Hold, answer.order_id) is None:
            if locating.is_locate(answer.order_id):
                if said.code == "lapsed_unexecuted":
                    return locating.note_not_located({"order_id": answer.order_id}, at)
                return locating.take_not_found(answer, said.code, at)
            return _take_refused_change(answer, said.code, at)
        hold = _hold(answer.order_id)
        record_declined(hold=hold, at=at)
        mine = lines.of_order(hold.payment_id, hold.pk, ["asked", "unexplained"])
        payment = payment_on(hold)
        if said.code == "lapsed_unexecuted" and may_ask_again(payment.pk, mine):
            lines.forget(payment.pk, mine)
        else:
            lines.put(payment.pk, [Word(lo, hi, "unexplained", hold.pk, why=said.code) for lo, hi in mine], at=at)
            disagreeing.note(payment, at=at)
        _go_on([payment.pk], at)
    return None


def _take_refused_change(answer: Answer, code: str, at: dt.datetime) -> None:
    """A bank cannot carry out an amendment, release or restoration: what stood before stands."""
    with trail_lock() as rows:
        by = f"bank:{answer.partner_id}"
        if record_refused(order_id=answer.order_id, why=code, by=by, at=at) is not None:
            return
        release = rows.one(Release, answer.order_id)
        if release is not None and release.done_at is None:
            record_not_done(release=release, lapsed=code == "lapsed_unexecuted", at=at)
        amendment = rows.one(Amendment, answer.order_id)
        if amendment is not None and amendment.floor_paise is not None:
            hold = _hold(amendment.hold_id)
            again = lines.of_order(hold.payment_id, hold.pk, ["asked"])
            lines.put(hold.payment_id, [Word(lo, hi, "seen", hold.pk, why="floor") for lo, hi in again], at=at)
            _go_on([hold.payment_id], at)


def take_acknowledged(answer: Answer, at: dt.datetime) -> None:
    """A bank has an amendment: from now on it binds us too. Other acknowledgements say nothing more."""
    with trail_lock():
        hold = record_accepted(amendment_id=str(answer.order_id), told_at=answer.received_at, at=at)
        if hold is not None and hold.held:
            held = [Word(lo, hi, "held", hold.pk, until_at=hold.expires_at) for lo, hi in hold.held]
            lines.put(hold.payment_id, held, at=at)
            schedule_expiry(hold.pk, hold.expires_at)
            _go_on([hold.payment_id], at)


def take_release_done(answer: Answer, at: dt.datetime) -> None:
    """Paise are the holder's again; where the claim is kept (a fault of form) they are asked about anew."""
    said = said_in(answer, ReleaseDone)
    with trail_lock():
        hold = _their_hold(said.hold_order_id, answer)
        moved, keeps_claim = record_release(hold=hold, answer=said, bank=answer.partner_id, at=at)
        # the bank undoes what we refused as too late: nobody decided to give the money back, so it is asked for anew
        undone = said.reason == "cancelled" and str(answer.order_id) == str(hold.pk)
        # or an officer has answered for the debit while what its bank denied was let go
        release = gathered().one(Release, answer.order_id)
        taken_up = release is not None and release.reason == locating.NOT_CONFIRMED and locating.is_confirmed(hold)
        if keeps_claim or taken_up or (undone and may_ask_again(hold.payment_id, moved)):
            lines.forget(hold.payment_id, moved)
        else:
            _end(hold, moved, "released", at, why=said.reason)
        if said.reason != "ordered":
            # another answer saw these paise under this very lien, when it counted no more: they are free to be held now
            freed = [(line.lo, line.hi) for line in lines.lines_of(hold.payment_id) if line.why == OTHER_LIEN]
            lines.forget(hold.payment_id, sets.intersect(pairs_of(said.ranges), freed))
        _go_on([hold.payment_id], at)


def take_restore_done(answer: Answer, at: dt.datetime) -> None:
    """Paise are back with the victim they were ordered to."""
    said = said_in(answer, RestoreDone)
    with trail_lock():
        hold = _their_hold(said.hold_order_id, answer)
        moved, repayment = record_restoration(hold=hold, answer=said, bank=answer.partner_id, at=at)
        if repayment is None:
            raise NobodyAsked(f"restoration {answer.order_id}")
        # paid in time, and told after the hold had ended by our clock: the victim has the money all the same
        told = sets.intersect(pairs_of(said.ranges), repayment.ranges)
        moved = sets.union(moved, sets.intersect(told, lines.of_order(hold.payment_id, hold.pk, ["released"])))
        _end(hold, moved, "restored", at, claim_id=repayment.claim_id)
        _recover_elsewhere(repayment.claim_id, hold, moved, at)
        record(
            Kind.RESTORATION_PAID, about=f"hold:{hold.pk}", by=f"bank:{answer.partner_id}", at=at,
            claim=str(repayment.claim_id), amount_paise=sets.total(moved), reference=said.payment.reference,
        )  # fmt: skip
        _go_on([hold.payment_id], at)


def take_hold_broken(answer: Answer, at: dt.datetime) -> None:
    """The bank's core let money out from under a hold: it is gone, and that is the bank's fault on record."""
    said = said_in(answer, HoldBroken)
    with trail_lock():
        hold = _their_hold(said.hold_order_id, answer)
        moved = enter(
            hold, Entry.Type.BROKEN, pairs_of(said.ranges), cause=answer.pk, by=f"bank:{answer.partner_id}", at=at,
            stated_at=said.reported_at, reason="LIEN_BREACHED",
        )  # fmt: skip
        _end(hold, moved, "gone", at, why="LIEN_BREACHED")
        _go_on([hold.payment_id], at)


def take_late_credit(answer: Answer, at: dt.datetime) -> None:
    """New money on an account with a hold: an officer is told; holding it needs an order of its own."""
    said = said_in(answer, LateCredit)
    record(
        Kind.CREDIT_LATE, about=f"hold:{said.hold_order_id}", by=f"bank:{answer.partner_id}", at=at,
        account=said.account, amount_paise=said.payment.amount_paise, reference=said.payment.reference,
        answer=str(answer.pk),
    )  # fmt: skip


def _words_of(hold: Hold, said: HoldAnswer) -> Iterable[Word]:
    """The answer's lines as what we know; paise two payments are said to feed are not believed twice."""
    # all at once: further down each is found among what is gathered
    gathered().many(Payment, [key_of(line.payment) for line in said.lines if line.kind == "onward" and line.payment])
    for line in said.lines:
        if line.kind == "onward" and line.payment is not None:
            child = find_or_add(line.payment)
            word = Word(
                line.lo, line.hi, "onward", hold.pk, particulars=line.particulars or "", child_id=child.pk,
                child_lo=line.child_lo,
            )  # fmt: skip
            believed, clash = lines.free_of_other_parents(hold.payment_id, word)
            yield from (word.part(lo, hi) for lo, hi in believed)
            for lo, hi in clash:
                yield Word(lo, hi, "unexplained", hold.pk, why="order_inconsistent")
        elif line.kind == "held":
            yield from _kept(hold, line) if line.hold_order_id in (None, str(hold.pk)) else _kept_by(hold, line)
        else:
            yield _leaf(hold, line)


def _kept(hold: Hold, line: WireLine) -> Iterable[Word]:
    """Held paise, each under the order that keeps them: this one, or an earlier one of ours the bank did not name."""
    left: sets.Ranges = ((line.lo, line.hi),)
    for other, paise in held_by_others(hold):
        for lo, hi in sets.intersect(left, paise):
            yield Word(lo, hi, "held", other.pk, until_at=other.expires_at)
        left = sets.subtract(left, paise)
    for lo, hi in left:
        yield Word(lo, hi, "held", hold.pk, until_at=hold.expires_at)


def _kept_by(hold: Hold, line: WireLine) -> Iterable[Word]:
    """Held paise under another order that the bank names, as far as its book has them; else they are only seen."""
    other = gathered().one(Hold, line.hold_order_id)
    mine: sets.Ranges = ((line.lo, line.hi),)
    paise = sets.NONE if other is None or other.bank_id != hold.bank_id else mine
    if other is not None and other.payment_id == hold.payment_id:
        paise = sets.intersect(paise, other.held)
    for lo, hi in paise:
        yield Word(lo, hi, "held", other.pk if other else None, until_at=other.expires_at if other else None)
    for lo, hi in sets.subtract(mine, paise):
        yield Word(lo, hi, "seen", hold.pk, why=OTHER_LIEN)


def _leaf(hold: Hold, line: WireLine) -> Word:
    kind = "gone" if line.kind == "terminal" else line.kind
    why = line.terminal_kind or line.reason or ""
    return Word(line.lo, line.hi, kind, hold.pk, why=why, particulars=line.particulars or "")


def _parts(word: Word, paise: sets.Ranges) -> list[Word]:
    return [word.part(lo, hi) for lo, hi in _common(word, paise)]


def _common(word: Word, paise: sets.Ranges) -> sets.Ranges:
    return sets.intersect([(word.lo, word.hi)], paise)


def _end(hold: Hold, moved: sets.Ranges, kind: str, at: dt.datetime, *, why: str = "", claim_id: Any = None) -> None:
    lines.put(hold.payment_id, [Word(lo, hi, kind, hold.pk, why=why, claim_id=claim_id) for lo, hi in moved], at=at)


def _end_expired(hold: Hold, at: dt.datetime) -> None:
    _end(hold, expire_hold(hold=hold, at=at), "released", at, why="expired")


def _go_on(payment_ids: Iterable[Any], at: dt.datetime) -> None:
    """Let every chase go on that passes these payments; advance() reckons its accounts."""
    for chase in chases_through(payment_ids):
        advance(chase_id=chase.pk, at=at)


def _recover_elsewhere(claim_id: Any, hold: Hold, moved: sets.Ranges, at: dt.datetime) -> None:
    """Paise paid to a claim that never passed them make good for paise it lost (a share of a common pool)."""
    rows = gathered()
    passed = [
        (step.lo, step.hi) for step in rows.all_of(Trail, "claim_id", claim_id) if step.payment_id == hold.payment_id
    ]
    elsewhere = sets.total(sets.subtract(moved, sets.normalise(passed)))
    claim = rows.one(Claim, claim_id)
    if elsewhere and claim is not None:
        recover(claim=claim, paise=elsewhere, by=BY, at=at)


def _hold(order_id: Any) -> Hold:
    try:
        return lock_hold(order_id)
    except NoSuchHold:
        raise NobodyAsked(str(order_id)) from None


def _their_hold(hold_order_id: str, answer: Answer) -> Hold:
    hold = _hold(hold_order_id)
    if hold.bank_id != answer.partner_id:
        raise NobodyAsked(hold_order_id)
    return hold
