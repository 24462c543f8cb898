"""What the loops call in this package."""

from thaam.evidence.asking import OVERDUE
from thaam.evidence.receiving import note_overdue, record_information

takes = {"InformationAnswer": record_information}
timers = {OVERDUE: note_overdue}
