"""End holds on time by the node's own clock, whether or not anybody can be reached."""

from __future__ import annotations

from datetime import datetime

from thaam.node.holding import cannot_match
from thaam.node.parts import Parts
from thaam.node.releasing import let_go, release_done


def end_expired(parts: Parts, *, at: datetime) -> int:
    """Release every hold whose expiry has come, and give up waiting for credits of expired orders; how many.

    Safe to repeat: a release begun before a crash is finished under the same id, and told once.
    """
    ended = parts.records.holds_expired(parts.true_time(at))
    for hold in ended:
        released = let_go(parts, hold, ranges=None, cause=f"{hold.id}/expiry")
        with parts.records.one_step():
            if released:
                parts.records.answer(release_done(hold.id, hold.id, released, "expired", at), at=at)
            elif hold.state == "waiting":
                parts.records.answer(cannot_match(parts, hold.order, "lapsed_unexecuted", at=at), at=at)
            parts.records.end_hold(hold.id, "expired")
    return len(ended)
