"""The examples of the wire under short names, for its tests."""

from __future__ import annotations

from thaam.wire.examples import (
    ALL,
    AT,
    BASIS,
    DAY,
    DEBIT,
    DEMO1,
    DEMO2,
    DEVI,
    ESHA,
    EXAMPLES,
    HOLD,
    HOLD_ANSWER,
    HOUR,
    LINES,
    LOCATE,
    ONWARD,
    PART,
    PLATFORM,
    uid,
)

__all__ = [
    "ALL", "AT", "BASIS", "DAY", "DEBIT", "DEMO1", "DEMO2", "DEVI", "ESHA", "EXAMPLES", "HOLD", "HOLD_ANSWER", "HOUR",
    "LINES", "LOCATE", "ONWARD", "PART", "PLATFORM", "uid",
]  # fmt: skip
