"""What the loops call in this package."""

from __future__ import annotations

from thaam.journal.kinds import Kind
from thaam.prevention.feeding import forget_complaint, see_answer, see_complaint
from thaam.prevention.upstream import see_found_account, take_payers, take_warned

takes = {"PayersAnswer": take_payers, "Warned": take_warned}
reads = {
    "sightings of complaints": ((Kind.COMPLAINT_CONFIRMED, Kind.COMPLAINT_ATTESTED), see_complaint),
    "sightings of answers": ((Kind.HOLD_HELD, Kind.HOLD_NOT_HELD), see_answer),
    "withdrawn sightings": ((Kind.COMPLAINT_WITHDRAWN,), forget_complaint),
    "upstream victims": ((Kind.IDENTIFIER_MARKED, Kind.IDENTIFIER_WATCHED), see_found_account),
    "banks' own words": ((Kind.IDENTIFIER_SEEN,), see_found_account),
}
