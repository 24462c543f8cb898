"""What the reporter, or an officer listening to them, adds after the complaint went out: name, place, words.

The hold does not wait for any of this. Words are appended under the time and the hand that wrote them, never replaced.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.dates import print_time

from .models import Complaint
from .telling import STORY_MAX, clean_words


@transaction.atomic
def add_details(
    *, complaint_id: Any, by: str, at: dt.datetime, name: str = "", district: str = "", words: str = ""
) -> Complaint:
    """Fill in the name and district where they are given, append `words` to the story; fact "complaint:corrected".

    Nothing given changes nothing. Locks the complaint's row. Raises CannotFile when something is too long.
    """
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint_id)
    name, district = clean_words("name", name, 120), clean_words("district", district, 80)
    words = clean_words("story", words, STORY_MAX - len(complaint.story) - 80)
    changed = [field for field, value in (("name", name), ("district", district), ("story", words)) if value]
    if not changed:
        return complaint
    complaint.name = name or complaint.name
    complaint.district = district or complaint.district
    if words:
        complaint.story = f"{complaint.story}\n\n[{print_time(at, 'en')}, {by}]\n{words}".strip()
    complaint.save(update_fields=changed)
    record(Kind.COMPLAINT_CORRECTED, about=f"complaint:{complaint.pk}", by=by, at=at, added=changed)
    return complaint
