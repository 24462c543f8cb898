"""Figures of the running platform for a monitoring system: queues, lags and ages; sums, nobody's rows."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Min

from thaam.journal.models import Cursor, Line, Pending
from thaam.mailbox.models import Answer, Order
from thaam.wire.openmetrics import Metric, by, one
from thaam.work.models import Job


def figures(*, at: dt.datetime) -> list[Metric]:
    """What an alarm should hang on. The caller sits at a staff desk: orders are behind row-level security."""
    head = Line.objects.order_by("-position").values_list("position", flat=True).first() or 0
    pending = Pending.objects.aggregate(count=Count("id"), oldest=Min("fact__at"))
    waiting = Answer.objects.filter(settled_at=None).aggregate(count=Count("id"), oldest=Min("received_at"))
    due = Job.objects.filter(state=Job.State.DUE, run_at__lte=at).aggregate(count=Count("id"), oldest=Min("run_at"))
    orders = Order.objects.filter(state=Order.State.OPEN).values_list("kind").annotate(count=Count("id"))
    readers = Cursor.objects.values_list("reader", "position")
    return [
        one("thaam_journal_position", "the newest numbered line", head),
        one("thaam_facts_unnumbered", "committed facts the sequencer has not numbered", pending["count"]),
        one("thaam_facts_unnumbered_oldest_seconds", "age of the oldest of them", _age(pending["oldest"], at)),
        one("thaam_answers_waiting", "kept answers the chase has not taken", waiting["count"]),
        one("thaam_answers_waiting_oldest_seconds", "age of the oldest of them", _age(waiting["oldest"], at)),
        one("thaam_jobs_due", "jobs whose time has come", due["count"]),
        one("thaam_jobs_due_oldest_seconds", "how late the oldest of them is", _age(due["oldest"], at)),
        one("thaam_jobs_dead", "jobs given up after their last try", Job.objects.filter(state=Job.State.DEAD).count()),
        by("thaam_orders_open", "orders no bank has answered", "kind", dict(orders.order_by("kind"))),
        one("thaam_orders_late", "open orders past their execute_before",
            Order.objects.filter(state=Order.State.OPEN, execute_before__lte=at).count()),
        by("thaam_reader_behind", "lines of the journal a reader has not looked at", "reader",
           {reader: max(0, head - position) for reader, position in readers.order_by("reader")}),
    ]  # fmt: skip


def _age(oldest: dt.datetime | None, at: dt.datetime) -> float:
    return max(0.0, (at - oldest).total_seconds()) if oldest else 0.0
