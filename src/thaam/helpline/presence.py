"""Two operators on one page see each other: who has it open, and which field they are typing in.

Kept for seconds; it locks nothing. Fields saved on leaving them; the last hand counts, and both are told.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from thaam.helpline.models import Presence
from thaam.parties.models import Officer

FRESH = dt.timedelta(seconds=12)


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else on the page; `typing` is the field in hand, "" when they only read."""

    officer: Officer
    typing: str


def be_there(*, about: Any, officer: Officer, typing: str, at: dt.datetime) -> list[Other]:
    """Say that this officer has the page of `about` open; who else has."""
    Presence.objects.update_or_create(about=about, officer=officer, defaults={"typing": typing[:40], "at": at})
    others = Presence.objects.filter(about=about, at__gt=at - FRESH).exclude(officer=officer).select_related("officer")
    return [Other(each.officer, each.typing) for each in others.order_by("officer__username")]


def leave(*, about: Any, officer: Officer) -> None:
    """The page was closed."""
    Presence.objects.filter(about=about, officer=officer).delete()
