"""What the loops call in this package; what banks say of single holds is taken by the chase."""

from .reconciling import take_holds_differ
from .releasing import AGAIN, release_again

takes = {"HoldsDiffer": take_holds_differ}
timers = {AGAIN: release_again}
