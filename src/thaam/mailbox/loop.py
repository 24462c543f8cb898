"""What the loops call in this package."""

from thaam.mailbox.lapsing import lapse
from thaam.mailbox.posting import LAPSE

timers = {LAPSE: lapse}
