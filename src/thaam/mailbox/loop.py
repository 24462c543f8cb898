"""What the loops call in this package."""

import datetime

from django.conf import settings

from thaam.journal.kinds import Kind
from thaam.mailbox.hinting import SEND, owe_hint, send_hint
from thaam.mailbox.lapsing import lapse
from thaam.mailbox.nonces import FORGET, forget
from thaam.mailbox.posting import LAPSE
from thaam.mailbox.rotating import take_next_key

takes = {"NextKey": take_next_key}
timers = {LAPSE: lapse, FORGET: forget}
sends = {SEND: send_hint}
every = {FORGET: datetime.timedelta(hours=1)}
# Off, it goes along with the head of the journal and is told of nothing: switched on later, it begins there.
reads = {"bank hints": ((Kind.ORDER_POSTED,) if settings.BANK_HINTS else (), owe_hint)}
