"""The one table that joins messages, timers and facts to the verbs that deal with them, and the steps of the loops.

A package offers, in its `loop.py`, any of

    takes  = {"HoldAnswer": verb}          verb(answer: mailbox.models.Answer, at)       a bank's message
    timers = {"order lapses": verb}        verb(payload: dict, at)                       a due job of the work table
    sends  = {"sms:send": verb}            verb(payload with its key, at)               a job that opens a connection
    every  = {"forget nonces": timedelta}  how often that timer comes due by itself
    reads  = {"notices": (kinds, verb)}    verb(fact: journal.models.Fact, at)           facts of these kinds, in order
    together = [(kinds, foresee)]          foresee(answers or payloads)   many of these share a transaction

Each step runs its verb and marks the thing done in one transaction: a loop may be killed at any moment.
"""

from __future__ import annotations

import datetime
import importlib
import itertools
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from thaam.holds.answering import AnswerRefused
from thaam.journal.gathering import gathering
from thaam.journal.kinds import Kind
from thaam.journal.reading import Numbered, begin_cursors, cursors, facts_after, last_position, move_cursors
from thaam.mailbox.taking import settle, settle_all, take_answers
from thaam.wire.fields import InvalidMessage
from thaam.work.claiming import LEASE, Claim, LeaseLost, claim, fail, finish, finish_all
from thaam.work.models import Job
from thaam.work.scheduling import schedule

log = logging.getLogger(__name__)

Take = Callable[[Any, datetime.datetime], object]
Timer = Callable[[dict[str, Any], datetime.datetime], object]
Read = tuple[Collection[Kind], Take]
# Lines of the journal that are read at once for all readers that stand in them.
STRETCH = 50
# Answers that share a transaction: the trail lock is theirs meanwhile, a tenth of a second at most.
TAKE_LIMIT = 20
# So long one reader goes on in one turn: messages to people are not kept behind a long row of letters.
TURN_SECONDS = 0.05


class OfferedTwice(Exception):
    """Two packages offer a verb for one message kind, timer or reader: only one can be right."""


@dataclass(slots=True)
class Joined:
    """What all packages offer."""

    takes: dict[str, Take] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    reads: dict[str, Read] = field(default_factory=dict)
    sends: dict[str, Timer] = field(default_factory=dict)
    every: dict[str, datetime.timedelta] = field(default_factory=dict)
    together: set[str] = field(default_factory=set)
    foresee: list[tuple[frozenset[str], Callable[[list[Any]], object]]] = field(default_factory=list)


def joined() -> Joined:
    """The table, from every installed package with a loop.py. Raises OfferedTwice."""
    table = Joined()
    for app in apps.get_app_configs():
        if not app.name.startswith("thaam.") or not find_spec(f"{app.name}.loop"):
            continue
        module = importlib.import_module(f"{app.name}.loop")
        for name in ("takes", "timers", "reads", "sends", "every"):
            mine = getattr(table, name)
            for key, verb in getattr(module, name, {}).items():
                if key in mine:
                    raise OfferedTwice(f"{name}[{key!r}] in {module.__name__}")
                mine[key] = verb
        for kinds, foresee in getattr(module, "together", ()):
            table.together |= kinds
            table.foresee.append((kinds, foresee))
    if settings.DEMO:
        from thaam.project import acting  # only a demo has people who are played

        table.timers[acting.ACT] = acting.act
    return table


def take_some(table: Joined, *, at: datetime.datetime, limit: int = TAKE_LIMIT) -> int:
    """Take up to `limit` of the oldest kept answers; how many were dealt with.

    Those at the head of the line whose verbs work `together` share a transaction and their reads and writes. A refusal
    before anything was changed is settled among the others; anything else that goes wrong undoes the whole, and then
    each is taken by itself.
    """
    with transaction.atomic():
        waiting = take_answers(limit)
        batch = list(itertools.takewhile(lambda answer: answer.kind in table.together, waiting))
        if batch and _take_together(table, batch, at):
            return len(batch)
    return sum(take_one(table, at=at) for _ in batch or waiting[:1])


def _take_together(table: Joined, batch: list[Any], at: datetime.datetime) -> bool:
    refused: dict[Any, str] = {}
    try:
        with gathering() as rows:
            _foresee(table, batch, batch)
            for answer in batch:
                before = rows.changes
                try:
                    table.takes[answer.kind](answer, at)
                except (AnswerRefused, InvalidMessage) as why:
                    if rows.changes != before:
                        raise
                    refused[answer.pk] = why.problem.code if isinstance(why, InvalidMessage) else why.problem
            settle_all([answer for answer in batch if answer.pk not in refused], at)
            for answer in batch:
                if answer.pk in refused:
                    settle(answer, at, refused=refused[answer.pk])
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.info("%d answers are taken one by one", len(batch), exc_info=True)
        return False
    return True


def _foresee(table: Joined, things: list[Any], args: list[Any]) -> None:
    """Let the packages read at once what these answers or jobs (by kind) will need."""
    for kinds, foresee in table.foresee:
        if mine := [arg for thing, arg in zip(things, args, strict=True) if thing.kind in kinds]:
            foresee(mine)


def take_one(table: Joined, *, at: datetime.datetime) -> bool:
    """Take the oldest kept answer, run its verb, settle it; False when none waits.

    A verb's InvalidMessage refuses the answer with the problem's code, any other error of a verb with the error's
    name (and is logged): an answer that cannot be understood is evidence for a supervisor, and must not block the
    ones behind it. A database that went away is no such error and passes through.
    """
    with transaction.atomic():
        waiting = take_answers(1)
        if not waiting:
            return False
        answer = waiting[0]
        refused = ""
        try:
            with transaction.atomic():
                verb = table.takes.get(answer.kind)
                if verb:
                    verb(answer, at)
                else:
                    refused = "nobody takes this kind"
        except (OperationalError, InterfaceError):
            raise
        except InvalidMessage as why:
            refused = why.problem.code
        except AnswerRefused as why:
            refused = why.problem
        except Exception as why:
            log.exception("answer %s (%s) of %s", answer.id, answer.kind, answer.partner_id)
            refused = f"failed: {type(why).__name__}"
        settle(answer, at, refused=refused)
    return True


def work_some(table: Joined, *, at: datetime.datetime, limit: int = 20) -> int:
    """Claim due jobs and run their verbs; each finishes in the transaction of its effect, or is tried again later.

    A verb of `sends` opens a connection: it runs before that transaction, never inside one.
    """
    claims = claim(kinds=[*table.timers, *table.sends], limit=limit, at=at)
    batch = [one for one in claims if one.kind in table.together]
    done = set()
    if len(batch) > 1 and _work_together(table, batch, at):
        done = {one.id for one in batch}
    began = time.monotonic()
    for one in claims:
        if one.id in done:
            continue
        if time.monotonic() - began > LEASE.total_seconds() / 2:
            break  # a slow gateway: what is not begun comes back when its lease is over, and is not sent twice
        try:
            if one.kind in table.sends:
                table.sends[one.kind](one.payload | {"key": one.key}, at)
                finish(one, at=at, forget=True)
                continue
            with transaction.atomic():
                table.timers[one.kind](one.payload, at)
                finish(one, at=at)
        except LeaseLost:
            log.warning("job %s: somebody else has it by now", one.key)
        except (OperationalError, InterfaceError):
            raise
        except Exception as why:
            log.exception("job %s", one.key)
            try:
                fail(one, at=at, error=f"{type(why).__name__}: {why}")
            except LeaseLost:
                log.warning("job %s: somebody else has it by now", one.key)
    return len(claims)


def _work_together(table: Joined, batch: list[Claim], at: datetime.datetime) -> bool:
    try:
        with gathering():
            _foresee(table, batch, [one.payload for one in batch])
            for one in batch:
                table.timers[one.kind](one.payload, at)
            finish_all(batch, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.info("%d jobs are done one by one", len(batch), exc_info=True)
        return False
    return True


def schedule_regular(table: Joined, *, at: datetime.datetime) -> None:
    """Put the present turn of every regular timer on the table; a turn has one key, however many loops ask."""
    for kind, period in table.every.items():
        turn = int(at.timestamp() // period.total_seconds())
        if not Job.objects.filter(key=f"{kind}:{turn}").exists():
            schedule(kind=kind, key=f"{kind}:{turn}", run_at=at)


def read_some(table: Joined, *, at: datetime.datetime) -> int:
    """Let every reader of the journal deal with what is new, fact by fact; returns how many facts were dealt with.

    A reader goes on for TURN_SECONDS a turn, so that the readers work side by side. A fact a reader fails on is logged
    and stays: that reader stops there until it is put right, the others go on. Readers that stand at the head of the
    journal cost nothing: in an idle hour the whole turn is two statements. What is new is read once for all that stand
    in the same stretch of it, and those whom nothing in it concerns are moved on together.
    """
    head, standing = last_position(), cursors()
    if new := table.reads.keys() - standing.keys():
        begin_cursors(sorted(new))
    stretches: dict[int, dict[str, int]] = {}
    for reader in table.reads:
        if (position := standing.get(reader, 0)) < head:
            stretches.setdefault(position // STRETCH, {})[reader] = position
    return sum(
        _read_stretch(table, readers, min(head, (number + 1) * STRETCH), at) for number, readers in stretches.items()
    )


def _read_stretch(table: Joined, readers: dict[str, int], end: int, at: datetime.datetime) -> int:
    """Let these readers, each at its position, deal with facts up to `end`."""
    first = min(readers.values())
    news = facts_after(first, end - first)
    done, unconcerned = 0, []
    for reader, position in readers.items():
        kinds, verb = table.reads[reader]
        mine = [each for each in news if each.position > position and each.fact.kind in kinds]
        if mine:
            done += _deal_with(reader, verb, mine, end, at)
        else:
            unconcerned.append(reader)
    if unconcerned:
        move_cursors(unconcerned, to=end, below=end)
    return done


def _deal_with(reader: str, verb: Take, mine: list[Numbered], end: int, at: datetime.datetime) -> int:
    """These in turn, until TURN_SECONDS are over, each in the transaction that moves the cursor to the next of them."""
    done, until = 0, time.monotonic() + TURN_SECONDS
    for each, then in zip(mine, [*(later.position - 1 for later in mine[1:]), end], strict=True):
        if done and time.monotonic() > until:
            break
        try:
            with transaction.atomic():
                if not move_cursors([reader], to=then, below=each.position):
                    break  # another process is at it
                verb(each.fact, at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("reader %s at position %s", reader, each.position)
            break
        done += 1
    return done
