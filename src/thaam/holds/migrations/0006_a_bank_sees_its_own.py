"""A bank sees its own books, holds and own holds, and what was entered and ordered of them; nobody else's.

Staff see all. A victim's and a holder's page reach a hold only through what their own link opens (a trail of their
claims, the hold of their objection), so that here the rule binds the desk of a bank. The desk is asked once a query.
"""

from django.db import migrations

from thaam.journal.fences import row_level

NO_BANK = "(SELECT desk_partner()) IS NULL"
MINE = f"{NO_BANK} OR bank_id = (SELECT desk_partner())"
OF_MINE = f"{NO_BANK} OR EXISTS (SELECT 1 FROM holds_hold h WHERE h.id = hold_id AND h.bank_id = (SELECT desk_partner()))"
OWN = ("book", "hold", "ownholdseen")
OF_A_HOLD = ("entry", "amendment", "release", "repayment")


class Migration(migrations.Migration):
    """The database's own guard over who sees whose money."""

    dependencies = [("holds", "0005_found_by_index"), ("journal", "0002_fences")]
    operations = [
        *(row_level(f"holds_{name}", MINE, MINE) for name in OWN),
        *(row_level(f"holds_{name}", OF_MINE, OF_MINE) for name in OF_A_HOLD),
    ]
