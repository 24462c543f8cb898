"""What the loops call in this package: courts' dates, the magistrate's clock, account checks, claims that end."""

from thaam.journal.kinds import Kind

from .approving import see_claim_ended
from .intimating import OVERDUE, note_overdue, see_asked
from .pennies import see_answer, see_applied
from .registering import DUE, note_due

timers = {DUE: note_due, OVERDUE: note_overdue}
reads = {
    "restoration, holds asked": ((Kind.HOLD_ASKED,), see_asked),
    "restoration, applications": ((Kind.RESTORATION_APPLIED,), see_applied),
    "restoration, banks' information": ((Kind.INFORMATION_GOT,), see_answer),
    "restoration, claims ended": ((Kind.COMPLAINT_WITHDRAWN, Kind.CLAIM_DENIED), see_claim_ended),
}
