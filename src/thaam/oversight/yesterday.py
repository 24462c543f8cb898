"""What came in yesterday where an office reviews: the first of its morning's lines."""

from __future__ import annotations

import datetime as dt

from thaam.complaints.models import Complaint
from thaam.language import rupees
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.oversight.places import Scope
from thaam.oversight.taking import count_complaints


def yesterday_line(at: dt.datetime, scope: Scope) -> Text | None:
    """Complaints of the day before in India, what they reported and what is held of it now; None without any."""
    today = at.astimezone(IST).replace(hour=0, minute=0, second=0, microsecond=0)
    filed = Complaint.objects.filter(filed_at__gte=today - dt.timedelta(days=1), filed_at__lt=today, withdrawn_at=None)
    rows = [
        row
        for row in count_complaints(list(filed.prefetch_related("debits")), scope.state_code, at)
        if scope.codes is None or row.district_code in scope.codes
    ]
    if not rows:
        return None
    reported = sum(row.reported_paise for row in rows)
    held = sum(row.held_paise + row.restored_paise + row.released_paise for row in rows)
    return Text(
        f"{scope.name.hi}, कल: {len(rows)} शिकायतें, {rupees.short(reported, 'hi')} की ठगी बताई गई, "
        f"{rupees.short(held, 'hi')} रुका",
        f"{scope.name.en}, yesterday: {len(rows)} complaints told of {rupees.short(reported, 'en')}, "
        f"{rupees.short(held, 'en')} held",
    )
