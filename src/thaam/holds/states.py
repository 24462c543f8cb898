"""How a hold stands, and which way it may go. docs/states and the tests are made from this table."""

from __future__ import annotations

from django.db import models


class HoldState(models.TextChoices):
    """Past participles, usable in a letter: "the money was partly held"."""

    ASKED = "asked"
    HELD = "held"
    PARTLY_HELD = "partly_held"
    NOT_HELD = "not_held"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    ENDED = "ended"


_ANSWERED = {HoldState.HELD, HoldState.PARTLY_HELD, HoldState.NOT_HELD}

TRANSITIONS: dict[HoldState, set[HoldState]] = {
    HoldState.ASKED: _ANSWERED | {HoldState.DECLINED, HoldState.LAPSED, HoldState.CANCELLED},
    HoldState.HELD: {HoldState.PARTLY_HELD, HoldState.NOT_HELD, HoldState.ENDED},
    HoldState.PARTLY_HELD: {HoldState.HELD, HoldState.NOT_HELD, HoldState.ENDED},
    # a later answer (the money came after all) or an amendment of the floor may still hold something
    HoldState.NOT_HELD: {HoldState.HELD, HoldState.PARTLY_HELD, HoldState.ENDED},
    HoldState.DECLINED: _ANSWERED,
    HoldState.LAPSED: _ANSWERED | {HoldState.DECLINED},
    HoldState.CANCELLED: {HoldState.ENDED},
    HoldState.ENDED: {HoldState.HELD, HoldState.PARTLY_HELD},
}


class WrongState(Exception):
    """What was asked cannot be done to a hold that stands as it does."""


def check_can_become(now: str, then: str) -> None:
    """Raise WrongState unless the table allows `now` → `then`; staying is always allowed."""
    if now != then and HoldState(then) not in TRANSITIONS[HoldState(now)]:
        raise WrongState(f"a hold that is {now} cannot become {then}")
