"""What the loops call in this package."""

from thaam.journal.kinds import Kind

from .branches import take_customer_report
from .triage import look_twice

takes = {"CustomerReport": take_customer_report}
reads = {"triage": ((Kind.COMPLAINT_FILED,), look_twice)}
