"""What the loops call in this package: tell holders, and move objections on when a clock ends."""

from thaam.journal.kinds import Kind

from .climbing import DUE, climb_by_silence
from .letting_know import tell_it_ended
from .telling import TELL, see_hold, see_quiet, tell_due

timers = {DUE: climb_by_silence, TELL: tell_due}
reads = {
    "grievances, holds begun": ((Kind.HOLD_HELD,), see_hold),
    "grievances, holds ended": ((Kind.HOLD_RELEASED, Kind.HOLD_EXPIRED), tell_it_ended),
    "grievances, chases quiet": ((Kind.CHASE_QUIET,), see_quiet),
}
