"""What the loops call in this package: officers whose post ends without a successor are told, and so is their bank."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.language.dates import in_ist
from thaam.language.text import Text
from thaam.parties.coverage import ending_soon
from thaam.rulebook.rules import rule
from thaam.work.scheduling import schedule

REMIND = "remind of posts that end"
_ENDS = Text(
    hi="थाम: नोडल अधिकारी के रूप में आपका कार्यकाल {day} को ख़त्म होता है। अगले अधिकारी का नाम भेजें।",
    en="Thaam: your post as nodal officer ends on {day}. Send the name of the next officer.",
)


def remind(payload: dict[str, Any], at: dt.datetime) -> None:
    """One SMS a post, `appointment_reminder` days before its end and no successor named; never a second one."""
    del payload
    today = in_ist(at).date()
    days = rule("appointment_reminder", jurisdiction="IN", on=at).value
    for nodal in ending_soon(on=today, days=days):
        text = _ENDS.in_("hi", day=f"{nodal.until_on:%d.%m.%Y}")
        key = f"post ends:{nodal.pk}:{nodal.until_on}"
        schedule(kind="sms:send", key=key, run_at=at, to=nodal.mobile, text=text)


timers = {REMIND: remind}
every = {REMIND: dt.timedelta(hours=12)}
