"""Money left as cash: ask the bank at once to preserve the pictures, before they are recorded over (S1.8).

Found in the lines themselves every minute, so that nobody has to think of it. One request for one order and place.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.chase.models import Line
from thaam.chase.payments import identity_of
from thaam.evidence.asking import ask_for_information
from thaam.evidence.models import Asked
from thaam.holds.models import Hold
from thaam.journal.ids import id_from
from thaam.rulebook.rules import rule
from thaam.wire.parts import IssuedBy

PRESERVE = "ask for footage"
BY = "loop:work"
CASH = {
    "CASH_ATM": "ATM से नकद / Cash at an ATM",
    "AEPS": "आधार से निकासी / AEPS withdrawal",
    "CASH_BRANCH": "शाखा से नकद / Cash at a branch",
}
AT_A_TIME = 50


def preserve(payload: dict[str, Any], at: dt.datetime) -> None:
    """Ask for the footage of cash told of within the last day, from the sum of the rule `footage_from` up."""
    del payload
    since = at - dt.timedelta(days=1)
    lines = Line.objects.filter(kind="gone", why__in=list(CASH), since_at__gte=since).exclude(order_id=None)
    found = list(lines.select_related("payment").order_by("since_at")[: 10 * AT_A_TIME])
    holds = Hold.objects.select_related("book").in_bulk({line.order_id for line in found})
    ids = {line.pk: id_from("footage", line.order_id, line.particulars) for line in found}
    asked = set(map(str, Asked.objects.filter(order_id__in=ids.values()).values_list("order_id", flat=True)))
    for line in found:
        hold, order_id = holds.get(line.order_id), ids[line.pk]
        if hold is None or order_id in asked or hold.jurisdiction.startswith("DRILL"):
            continue
        if line.hi - line.lo < rule("footage_from", jurisdiction=hold.jurisdiction, on=at).value:
            continue
        asked.add(order_id)
        payment = identity_of(line.payment)
        ask_for_information(
            order_id=order_id,
            bank=hold.bank_id,
            what="footage",
            payment=payment,
            account=hold.book.account if hold.book else None,
            words=f"{CASH[line.why]}: {line.particulars}",
            happened_at=dt.datetime.combine(payment.date, dt.time(12), dt.UTC),
            complaint=hold.reference,
            jurisdiction=hold.jurisdiction,
            issued_by=IssuedBy(office=hold.office, officer=hold.officer),
            by=BY,
            at=at,
        )
