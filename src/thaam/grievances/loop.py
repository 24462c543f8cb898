"""What the loops call in this package: tell holders, move objections on when a clock ends, let go of what is over."""

import datetime

from thaam.journal.kinds import Kind

from .climbing import DUE, climb_by_silence
from .ending import LESS_HELD, see_less_held
from .executing import LATE, note_not_executed
from .letting_know import tell_it_ended
from .opening import LOOK, look
from .pausing import GO_ON, end_pause
from .proving import FORGET, forget_unproved
from .telling import TELL, see_hold, see_quiet, tell_due, tell_own_hold

timers = {
    DUE: climb_by_silence,
    TELL: tell_due,
    GO_ON: end_pause,
    LOOK: look,
    LATE: note_not_executed,
    FORGET: forget_unproved,
}
every = {FORGET: datetime.timedelta(hours=6)}
reads = {
    "grievances, holds begun": ((Kind.HOLD_HELD,), see_hold),
    "grievances, holds ended": ((Kind.HOLD_RELEASED, Kind.HOLD_EXPIRED), tell_it_ended),
    "grievances, chases quiet": ((Kind.CHASE_QUIET,), see_quiet),
    "grievances, banks' own holds": ((Kind.HOLD_OWN_REPORTED,), tell_own_hold),
    "grievances, less held": (LESS_HELD, see_less_held),
}
