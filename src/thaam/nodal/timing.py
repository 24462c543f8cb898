"""How long a clerk needs for an answer on the screen, from first sight of the order to F9: measured, not guessed."""

from __future__ import annotations

import datetime as dt
import statistics
from dataclasses import dataclass

from thaam.mailbox.models import Order
from thaam.nodal.models import OnScreen

LOOK_BACK = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Pace:
    """Median seconds of `count` answers."""

    seconds: int
    count: int

    @property
    def words(self) -> str:
        """Minutes and seconds: 2:05."""
        return f"{self.seconds // 60}:{self.seconds % 60:02d}"


def note_on_screen(*, answer_id: str, order: Order, opened_at: dt.datetime, at: dt.datetime) -> None:
    """Beside an answer that was just kept; written again it is the first."""
    OnScreen.objects.get_or_create(
        answer_id=answer_id,
        defaults={"order": order, "bank_id": order.partner_id, "opened_at": opened_at, "sent_at": at},
    )


def pace_of(bank: str, *, at: dt.datetime) -> Pace | None:
    """The bank's median over the last 30 days; None when nothing was answered on the screen."""
    times = OnScreen.objects.filter(bank=bank, sent_at__gt=at - LOOK_BACK).values_list("opened_at", "sent_at")
    seconds = [(sent - opened).total_seconds() for opened, sent in times]
    return Pace(round(statistics.median(seconds)), len(seconds)) if seconds else None
