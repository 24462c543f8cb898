"""What the loops call in this package."""

from __future__ import annotations

import datetime
from typing import Any

from thaam.parties.guessing import forget_guesses

FORGET = "forget guesses"


def _forget(payload: dict[str, Any], at: datetime.datetime) -> None:
    forget_guesses(before=at - datetime.timedelta(days=1))


timers = {FORGET: _forget}
every = {FORGET: datetime.timedelta(hours=6)}
