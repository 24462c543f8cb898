"""Everything ever sent to a reporter, for the page where it can be compared with a fake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from thaam.complaints.confirming import sms_of
from thaam.complaints.models import Complaint
from thaam.notices.telling import notices_about

DOTS = "••••••"


@dataclass(frozen=True, slots=True)
class Message:
    """One message as its receiver got it; of a code only the digits are hidden, and they are kept nowhere."""

    text: str
    lang: str
    made_at: dt.datetime


def messages_about(complaint: Complaint) -> list[Message]:
    """Notices and codes about a complaint, newest first. Sits at the complaint's desk or a staff desk."""
    told = [Message(each.text, each.lang, each.made_at) for each in notices_about(complaint)]
    codes = complaint.codes.select_related("complaint")
    told += [Message(sms_of(each, code=DOTS), complaint.lang, each.sent_at) for each in codes]
    return sorted(told, key=lambda each: each.made_at, reverse=True)
