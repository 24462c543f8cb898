"""What the loops call in this package."""

import datetime as dt

from thaam.evidence.asking import OVERDUE
from thaam.evidence.preserving import PRESERVE, preserve
from thaam.evidence.receiving import note_overdue, record_information

takes = {"InformationAnswer": record_information}
timers = {OVERDUE: note_overdue, PRESERVE: preserve}
every = {PRESERVE: dt.timedelta(minutes=1)}
