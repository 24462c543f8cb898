"""What the loops call in this package."""

from .branches import take_customer_report

takes = {"CustomerReport": take_customer_report}
