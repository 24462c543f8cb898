"""What the loops call in this package; what banks say of single holds is taken by the chase."""

from .reconciling import take_holds_differ

takes = {"HoldsDiffer": take_holds_differ}
