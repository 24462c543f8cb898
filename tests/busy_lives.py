"""Lives in which more goes wrong: people meddle between the steps (meddling.py), one bank's clock is 47 minutes off, in
half of them a bank lies, and some orders live for seconds only. At rest both sides must say the same (agreeing.py).
"""

from __future__ import annotations

from typing import Any

from agreeing import look_at_both_sides
from lives import NORMAL, TOGETHER, Life
from meddling import Meddler
from thaam.mailbox.models import Order

LIES = ("says_cash", "denies", "disowns", "unbalanced", "conflicts")
BUSY = 2
ROUNDS = 5  # an order of a liar, or about a payment that never comes, is asked three times


class BusyLife(Life):
    """A life with officers, victims and banks that act at every moment."""

    def __init__(self, world: Any, seed: int) -> None:
        super().__init__(world, seed)
        draw = self.draw
        self.meddler = Meddler(world, draw, self.told)
        self.simulation.set_wrong(draw.choice("ABCD"), minutes=draw.choice([-47, 47]))
        if draw.random() < 0.5:
            self.simulation.set_lying("D", draw.choice(LIES))

    def come_to_rest(self) -> None:
        """As any life; and until no order waits for its answer any more."""
        super().come_to_rest()
        for _ in range(ROUNDS):
            if not Order.objects.filter(state="open").exists():
                return
            self.world.later(seconds=61)
            self.simulation.settle(calm=True)

    def look(self) -> None:
        """Both sides of the protocol, holds and words and heads and money."""
        look_at_both_sides(self.world, liars=self.simulation.liars)
        assert len(self.meddler.acts) > 3, self.meddler.acts

    def _district(self) -> str:
        return "Drill short" if self.draw.random() < 0.05 else "Drill"

    def _meanwhile(self) -> None:
        self.meddler.act(self.filed[-TOGETHER:])

    def _afterthoughts(self) -> None:
        """They come between the steps."""


def kind_of(seed: int) -> type[Life]:
    """Which life a seed is: two of the normal suite are busy, and all of the long mode."""
    return BusyLife if seed <= BUSY or seed > NORMAL else Life
