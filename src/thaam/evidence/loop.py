"""What the loops call in this package."""

import datetime as dt

from thaam.evidence.asking import OVERDUE
from thaam.evidence.preserving import PRESERVE, preserve
from thaam.evidence.receiving import note_overdue, record_information
from thaam.evidence.sampling import draw_terminals, judge_proof
from thaam.journal.kinds import Kind

takes = {"InformationAnswer": record_information}
timers = {OVERDUE: note_overdue, PRESERVE: preserve}
every = {PRESERVE: dt.timedelta(minutes=1)}
reads = {
    "terminal claims": ((Kind.ANSWER_KEPT,), draw_terminals),
    "terminal proofs": ((Kind.INFORMATION_GOT, Kind.INFORMATION_OVERDUE), judge_proof),
}
