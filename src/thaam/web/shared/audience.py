"""Who may enter a page: every route carries exactly one of these marks, and a test walks all routes.

The mark is the first of two fences: the database's row-level security is the second (architecture 4).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from thaam.parties.models import Officer
from thaam.web.shared.fields import Wrong


def officer_of(request: HttpRequest) -> Officer:
    """Who signed in. Call only behind a mark that lets nobody else in."""
    assert isinstance(request.user, Officer)
    return request.user


PASSED = "second-factor"
"""In the session of who gave the second factor; an older session, from before it was asked, does not count."""
View = Callable[..., HttpResponse]


def _answered(view: View, request: HttpRequest, args: tuple[Any, ...], kwargs: dict[str, Any]) -> HttpResponse:
    """The view's answer. What was sent as an id and is none names nothing that exists; a NUL is in nobody's words."""
    try:
        return view(request, *args, **kwargs)
    except ValidationError as why:
        raise Http404("no such id") from why
    except (ValueError, DataError) as why:
        if isinstance(why, Wrong):  # a slip its page has no words for
            raise BadRequest(why.text.en) from why
        typed = (value for sent in (request.GET, request.POST) for values in sent.lists() for value in values[1])
        if any("\0" in str(value) for value in typed):
            raise BadRequest("a NUL") from why
        raise


def _open_to(name: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        @never_cache
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _answered(view, request, args, kwargs)

        entered.audience = name  # type: ignore[attr-defined]
        return entered

    return mark


def _roles(name: str, roles: frozenset[str]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        @never_cache
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect(f"{reverse('desk:sign-in')}?next={request.get_full_path()}")
            if settings.SECOND_FACTOR and not request.session.get(PASSED):
                return redirect(reverse("desk:sign-in"))
            if getattr(request.user, "role", "") not in roles:
                raise PermissionDenied(name)
            return _answered(view, request, args, kwargs)

        entered.audience = name  # type: ignore[attr-defined]
        entered.roles = roles  # type: ignore[attr-defined]
        return entered

    return mark


for_everyone = _open_to("everyone")
"""Sign-in, health, error pages: no person is known yet."""
for_citizens = _open_to("citizens")
"""Public pages: no sign-in; what they may see is tied to a number, a code or a link."""
for_desk = _roles("desk", frozenset({"operator", "constable", "investigator", "supervisor"}))
"""People who work complaints: helpline, station desk, cyber cell and their supervisors."""
for_operators = _roles("operators", frozenset({"operator", "supervisor"}))
"""The 1930 console and its wallboard."""
for_staff = _roles("staff", frozenset(role.value for role in Officer.Role))
"""Anybody who signs in: their own keys."""
for_supervisors = _roles("supervisors", frozenset({"supervisor"}))
"""A second look at what operators did."""
for_telephony = _open_to("telephony")
"""The telephone exchange: no person; its own signature is checked by the page."""
for_approvers = _roles("approvers", frozenset({"approver", "supervisor"}))
"""The second of two officers: nothing of theirs may be done by the one who proposed."""
for_desk_and_approvers = _roles(
    "desk and approvers", frozenset({"operator", "constable", "investigator", "supervisor", "approver"})
)
"""Pages that both the proposing and the approving officer read."""
for_police_desk = _roles("police desk", frozenset({"constable", "investigator", "supervisor"}))
"""The help desk at a station or camp."""
for_banks = _roles("banks", frozenset({"bank_clerk"}))
"""A bank's own people; they see their bank's mailbox and nothing else."""
for_review = _roles("review", frozenset({"reviewer", "supervisor"}))
"""Who reviews the month: SP, commissioner, Chief Secretary, state nodal officer, and the desk's supervisors."""
for_police = _roles(
    "police", frozenset({"operator", "constable", "investigator", "supervisor", "approver", "reviewer"})
)
"""Everybody of the police side: shared work such as inspections, events and suggestions."""
for_police_and_banks = _roles(
    "police and banks",
    frozenset({"operator", "constable", "investigator", "supervisor", "approver", "reviewer", "bank_clerk"}),
)
"""Work that police and banks share: decisions, awareness."""
for_all_partners = _roles(
    "all partners",
    frozenset(
        {"operator", "constable", "investigator", "supervisor", "approver", "reviewer", "bank_clerk", "association"}
    ),
)
"""Who reads a bulletin: police, banks and trade bodies."""
for_auditors = _roles("auditors", frozenset({"auditor"}))
"""Who reads after the fact: a complaint's facts in the journal and the papers; nothing of theirs changes anything."""
for_associations = _roles("associations", frozenset({"association"}))
"""Trade bodies: the problems they brought to their office, and no complaint."""
for_administrators = _roles("administrators", frozenset({"administrator"}))
"""Who helps staff sign in again; they see no complaint's page."""
for_directory = _roles("directory", frozenset({"administrator", "supervisor"}))
"""Who keeps the directory of banks, branches, officers, stations and trade bodies."""
for_linked_banks = _open_to("a bank's link")
"""A bank without a system: the link of one order and the code on the role's telephone open that order, nothing else."""
