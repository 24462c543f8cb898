"""What the loops call in this package."""

import datetime as dt

from thaam.clocks.watching import RECKON, WATCH, reckon_daily, watch

timers = {WATCH: watch, RECKON: reckon_daily}
every = {WATCH: dt.timedelta(minutes=1), RECKON: dt.timedelta(hours=1)}
