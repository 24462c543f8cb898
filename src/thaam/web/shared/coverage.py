"""What a page about one bank's coverage shows, and noting leave: for the directory's keeper and the bank alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from thaam.language.dates import in_ist
from thaam.language.text import Text
from thaam.parties.appointing import BadDays, take_leave
from thaam.parties.coverage import ladder_of, uncovered_branches
from thaam.parties.models import Bank, Nodal
from thaam.web.shared.context import lang_of

SHOWN_MAX = 60
DUTIES = {
    "primary": Text("नोडल अधिकारी", "Nodal officer"),
    "deputy": Text("उप नोडल", "Deputy"),
    "night": Text("रात के अधिकारी", "Night officer"),
    "zonal": Text("ज़ोनल", "Zonal"),
    "state": Text("राज्य नोडल", "State nodal"),
}


def coverage_of(bank: Bank) -> dict[str, Any]:
    """What a page about one bank's coverage shows; the bank's own page uses it too."""
    now = datetime.now(tz=UTC)
    today = in_ist(now).date()
    people = Nodal.objects.filter(bank=bank).select_related("branch").prefetch_related("leaves").order_by("-from_on")
    uncovered = uncovered_branches(bank=bank, on=today)
    return {
        "bank": bank,
        "rungs": [(rung, DUTIES[rung.nodal.duty]) for rung in ladder_of(bank=bank, branch=None, at=now)],
        "people": [
            (
                each,
                DUTIES[each.duty],
                [days for days in each.leaves.all() if days.until_on >= today],
                _ending(each, today),
            )
            for each in people
            if each.until_on is None or each.until_on >= today
        ][:SHOWN_MAX],
        "uncovered": uncovered[:SHOWN_MAX],
        "uncovered_count": len(uncovered),
        "branch_count": bank.branches.filter(open=True).count(),
        "today": today.isoformat(),
    }


def _ending(nodal: Nodal, today: date) -> bool:
    return nodal.until_on is not None and nodal.until_on <= today + timedelta(days=30)


def leave_for(request: HttpRequest, nodal: Nodal | None, *, by: str, back: str) -> HttpResponse:
    """The same for the directory's keeper and for the bank itself; a refusal is said on the page it came from."""
    if nodal is None or request.method != "POST":
        raise Http404
    try:
        from_on, until_on = (date.fromisoformat(request.POST.get(name, "")) for name in ("from_on", "until_on"))
        take_leave(nodal=nodal, from_on=from_on, until_on=until_on, by=by, at=datetime.now(tz=UTC))
        said = Text(
            "छुट्टी लिख ली गई। उन दिनों अनुरोध अगले अधिकारी को जाएँगे।",
            "Noted. On those days requests go to the next officer.",
        )
        messages.success(request, said.in_(lang_of(request)))
    except (ValueError, BadDays):
        said = Text("छुट्टी की पहली और आख़िरी तारीख़ ठीक से लिखें।", "Enter the first and the last day of the leave.")
        messages.error(request, said.in_(lang_of(request)))
    return redirect(back, code=nodal.bank_id) if back == "directory:bank" else redirect(back)
