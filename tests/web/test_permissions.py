"""The permission matrix: every address of the platform times every role, and nobody signed in.

The table says who each audience is. A page's mark must name a row of it; who is in the row gets in, everybody else is
turned away before the page does anything.
"""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from browsing_pages import banks
from cast import bank, running_as
from thaam.parties.models import Office, Officer

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(role.value for role in Officer.Role)
OPEN = {"everyone", "citizens", "telephony", "a bank's link"}
DESK = {"operator", "constable", "investigator", "supervisor"}
# audience: who may enter. A new audience is a new row here, seen by whoever reviews the change.
WHO = {
    "staff": EVERYBODY,
    "desk": DESK,
    "operators": {"operator", "supervisor"},
    "supervisors": {"supervisor"},
    "approvers": {"approver", "supervisor"},
    "desk and approvers": DESK | {"approver"},
    "police desk": {"constable", "investigator", "supervisor"},
    "banks": {"bank_clerk"},
    "review": {"reviewer", "supervisor"},
    "police": DESK | {"approver", "reviewer"},
    "police and banks": DESK | {"approver", "reviewer", "bank_clerk"},
    "all partners": DESK | {"approver", "reviewer", "bank_clerk", "association"},
    "auditors": {"auditor"},
    "associations": {"association"},
    "administrators": {"administrator"},
    "directory": {"administrator", "supervisor"},
}
PLACES = ((r"<uuid:\w+>", str(uuid4())), (r"<int:\w+>", "1"), (r"<(?:str|slug):\w+>", "aaaaaaaaaa"))


def routes(patterns, prefix="/"):
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern), each.callback


def pages():
    """Every page: its address with a made-up id in each place, and its view."""
    for route, view in routes(get_resolver().url_patterns):
        if "thaam.web." not in view.__module__:
            continue
        address = "/" + route.lstrip("/").removeprefix("^").replace("\\", "")
        for shape, value in PLACES:
            address = re.sub(shape, value, address)
        yield address, view


def entered(role):
    with running_as("thaam_loops"):
        office, _ = Office.objects.get_or_create(code="HELPLINE", defaults={"name_hi": "हे", "name_en": "H"})
        place = {"bank": bank("DEMO1")} if role == "bank_clerk" else {"office": office}
        who = Officer.objects.create(username=f"m-{role}", role=role, **place)
    client = Client(raise_request_exception=False)
    client.force_login(who)
    return client


def test_every_page_is_of_an_audience_the_table_knows():
    marks = {view.audience for _, view in pages()}
    staff = {view.audience: view.roles for _, view in pages() if hasattr(view, "roles")}
    assert marks <= OPEN | set(WHO)
    assert {name: set(roles) for name, roles in staff.items()} == {name: set(WHO[name]) for name in staff}


@pytest.mark.req("S4.1")
@pytest.mark.parametrize("role", [*sorted(EVERYBODY), ""])
def test_every_address_lets_in_its_roles_and_nobody_else(role):
    banks()
    client = entered(role) if role else Client(raise_request_exception=False)
    walked = 0
    for address, view in pages():
        assert "<" not in address, address
        if view.audience in OPEN and view.__name__ in ("sign_out", "theme"):
            continue
        status = client.get(address)
        walked += 1
        if view.audience in OPEN:
            assert status.status_code in (200, 302, 404, 405, 410, 422, 429), (address, role, status.status_code)
        elif not role:
            assert status.status_code == 302, address
            assert "/desk/sign-in" in status.url, address
        elif role in WHO[view.audience]:
            assert status.status_code in (200, 302, 404, 405, 422), (address, role, status.status_code)
        else:
            assert status.status_code == 403, (address, role, status.status_code)
    assert walked > 90
