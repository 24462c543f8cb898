"""Have a bank watch paise that are still there and deliberately not held, and take what it says when they move."""

from __future__ import annotations

import datetime as dt

from thaam.holds.answering import AnswerConflicts, LinesDoNotBalance, NotTheirOrder
from thaam.holds.asking import Mandate
from thaam.holds.book import lock_hold
from thaam.holds.models import Hold
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.mailbox.models import Answer
from thaam.mailbox.posting import post
from thaam.money import ranges as sets
from thaam.money.ranges import Ranges
from thaam.rulebook.clocks import due_at
from thaam.wire.messages import BalanceWatch, HoldAnswer
from thaam.wire.parts import ranges_of

from . import lines
from .lines import Word, trail_lock
from .models import Line, Watch
from .payments import identity_of, payment_on

WATCHED = "watched"


class NothingToWatch(Exception):
    """None of the paise asked about by this order are still there unheld."""

    text = Text(hi="इस खाते में बिना रुकी कोई रकम नहीं बची है।", en="Nothing unheld is left in this account.")


def order_watch(*, hold_id: object, mandate: Mandate, by: str, at: dt.datetime) -> Watch:
    """Order a BalanceWatch over what this hold's bank left unheld (`seen`), until the rulebook's `watch_lives` is over.

    The same paise twice are one watch. Takes the trail lock and the hold's. Raises NothingToWatch, book.NoSuchHold.
    """
    with trail_lock():
        hold = lock_hold(hold_id)
        ranges = lines.of_order(hold.payment_id, hold.pk, ["seen"])
        if not ranges:
            raise NothingToWatch(str(hold_id))
        watch_id = id_from("watch", hold.pk, ranges)
        if known := Watch.objects.filter(pk=watch_id).first():
            return known
        payment = payment_on(hold)
        until = due_at("watch_lives", jurisdiction=hold.jurisdiction, start=at)
        message = BalanceWatch(
            id=watch_id, payment=identity_of(payment), ranges=ranges_of(ranges), basis=mandate.basis("hold", at),
            issued_by=mandate.issued_by, issued_at=at, watch_until=until,
        )  # fmt: skip
        post(partner=hold.bank_id, message=message, at=at, by=by)
        watch = Watch(
            id=watch_id, hold=hold, payment=payment, ranges=ranges, until_at=until, by=by, ordered_at=at
        )  # fmt: skip
        watch.save(force_insert=True)
        lines.put(payment.pk, [Word(lo, hi, "seen", hold.pk, why=WATCHED) for lo, hi in ranges], at=at)
        record(
            Kind.WATCH_ORDERED, about=f"hold:{hold.pk}", by=by, at=at, watch=watch_id, until=until.isoformat(),
            watched_paise=sets.total(ranges),
        )  # fmt: skip
        return watch


def unheld_paise(hold: Hold) -> int:
    """What this hold's bank left unheld and nobody watches yet."""
    left = Line.objects.filter(payment_id=hold.payment_id, order_id=hold.pk, kind="seen").exclude(why=WATCHED)
    return sum(hi - lo for lo, hi in left.values_list("lo", "hi"))


def find_watch(order_id: object) -> Watch | None:
    """The watch of this order, or None."""
    return Watch.objects.select_related("hold").filter(pk=str(order_id)).first()


def check_moved(watch: Watch, answer: Answer, said: HoldAnswer) -> Ranges:
    """The paise whose word may change: still watched. Raises the AnswerRefused that applies.

    Later words about other paise of the watch (a hold asked for meanwhile) stand.
    """
    if watch.hold.bank_id != answer.partner_id:
        raise NotTheirOrder(f"watch {watch.pk} went to {watch.hold.bank_id}")
    told = tuple((line.lo, line.hi) for line in said.lines)
    if sets.normalise(told) != tuple(watch.ranges) or sum(hi - lo for lo, hi in told) != sets.total(watch.ranges):
        raise LinesDoNotBalance(f"lines cover {sets.normalise(told)}, watched is {watch.ranges}")
    if watch.answer_revision and said.replaces != watch.answer_revision:
        raise AnswerConflicts(f"answer {watch.answer_revision} stands; this one replaces {said.replaces}")
    known = lines.lines_of(watch.payment_id)
    return sets.normalise((line.lo, line.hi) for line in known if (line.kind, line.why) == ("seen", WATCHED))


def note_moved(watch: Watch, said: HoldAnswer, moved: Ranges, at: dt.datetime) -> None:
    """Keep the answer's revision; the fact for an officer, when paise left the account."""
    Watch.objects.filter(pk=watch.pk).update(answer_revision=said.revision)
    if moved:
        record(
            Kind.WATCH_MOVED, about=f"hold:{watch.hold_id}", by=f"bank:{watch.hold.bank_id}", at=at,
            watch=str(watch.pk), moved_paise=sets.total(moved),
        )  # fmt: skip
