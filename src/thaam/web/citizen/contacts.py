"""Who answers for a bank: the public list of nodal officers' posts, by bank and district. No private number."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.language.dates import in_ist
from thaam.parties.districts import TwoPlaces, find_district
from thaam.parties.exporting import in_post
from thaam.parties.models import Office
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.coverage import DUTIES
from thaam.web.shared.fields import one_line

SHOWN_MAX = 25


@for_citizens
def contact_officers(request: HttpRequest) -> HttpResponse:
    """Search by bank or district; post, branch and office e-mail. A person's mobile stays with the desks."""
    words = one_line(request.GET.get("q"), most=60)
    people = in_post(in_ist(datetime.now(tz=UTC)).date()).select_related("bank", "branch")
    offices = Office.objects.exclude(phone="", email="").order_by("name_en")
    if words:
        try:
            district = find_district(words)
        except TwoPlaces as two:
            district = two.found[0]
        if district:
            people = people.filter(branch__district_code=district.code)
            offices = offices.filter(district=district.name_en)
        else:
            people = people.filter(bank__name_en__icontains=words) | people.filter(bank__name_hi__icontains=words)
            offices = offices.none()
    rows = [(each, DUTIES[each.duty]) for each in people.order_by("bank__name_en", "branch", "duty")[: SHOWN_MAX + 1]]
    context = {"words": words, "rows": rows[:SHOWN_MAX], "more": len(rows) > SHOWN_MAX, "offices": offices[:SHOWN_MAX]}
    return render(request, "citizen/contacts.html", context)
