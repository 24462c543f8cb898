"""What the loops call in this package."""

import datetime

from thaam.mailbox.lapsing import lapse
from thaam.mailbox.nonces import FORGET, forget
from thaam.mailbox.posting import LAPSE
from thaam.mailbox.rotating import take_next_key

takes = {"NextKey": take_next_key}
timers = {LAPSE: lapse, FORGET: forget}
every = {FORGET: datetime.timedelta(hours=1)}
