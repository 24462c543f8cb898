"""What the loops call in this package."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.suspects.blocking import OVERDUE, REVIEW, block_overdue, review_block, take_block_answer
from thaam.suspects.publishing import publish_list
from thaam.suspects.sighting import take_suspicious_account

PUBLISH = "publish suspects"


def publish(payload: dict[str, Any], at: dt.datetime) -> None:
    """Bring the published list up to date; a delisting is out within the minute."""
    del payload
    publish_list(at=at)


takes = {"SuspiciousAccount": take_suspicious_account, "BlockAnswer": take_block_answer}
timers = {PUBLISH: publish, OVERDUE: block_overdue, REVIEW: review_block}
every = {PUBLISH: dt.timedelta(minutes=1)}
