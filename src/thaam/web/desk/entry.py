"""In and out: name and password for every member of staff, then on to their own first page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.parties.second_factor import is_asked
from thaam.web.desk.second import ask_second
from thaam.web.shared.audience import for_everyone
from thaam.web.shared.context import lang_of
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.tries import give_back, too_many

FIRST_PAGE = {
    "operator": "desk/",
    "constable": "police/",
    "investigator": "desk/",
    "supervisor": "desk/",
    "approver": "desk/approvals",
    "bank_clerk": "bank/",
    "reviewer": "review/",
    "association": "association/",
    "auditor": "audit/",
    "administrator": "desk/officers",
}
SIGN_IN_TRIES_MAX = 20
_WRONG = Text("नाम या पासवर्ड सही नहीं है।", "The name or the password is not right.")


@sensitive_post_parameters("password")
@for_everyone
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in form, or one's own first page for who is in; what exactly was wrong is not told."""
    wrong: dict[str, Text] = {}
    if request.method == "GET" and request.user.is_authenticated and "next" not in request.GET:
        return redirect(_first_page(request, request.user))
    if request.method == "POST":
        if too_many(request, "sign-in", most=SIGN_IN_TRIES_MAX):
            return say_error(request, 429)
        name, password = request.POST.get("username", "").strip(), request.POST.get("password", "")
        user = authenticate(request, username=name, password=password) if "\x00" not in name + password else None
        if user is not None:
            give_back(request, "sign-in")
            after = _next(request, user)
            if is_asked(user):
                return ask_second(request, user, after=after)
            login(request, user)
            return redirect(after)
        wrong["username"] = _WRONG
    context = {"wrong": wrong, "typed": request.POST, "next": request.GET.get("next", ""), **_demo(lang_of(request))}
    return render(request, "desk/sign_in.html", context, status=422 if wrong else 200)


def _next(request: HttpRequest, user: Any) -> str:
    """Where they wanted to go. The desk's front door is everybody's way in, so there each goes on to their own."""
    wanted = request.POST.get("next", "")
    if (
        wanted
        and wanted != f"/{lang_of(request)}/desk/"
        and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    ):
        return wanted
    return _first_page(request, user)


def _first_page(request: HttpRequest, user: Any) -> str:
    return f"/{lang_of(request)}/{FIRST_PAGE.get(user.role, 'desk/')}"


def _demo(lang: str) -> dict[str, Any]:
    """The made-up people of a demo, shown on its sign-in page; never outside a demo."""
    file = settings.DATA / "demo" / "password"
    if not settings.DEMO or not file.is_file():
        return {}
    people = Officer.objects.filter(is_active=True, is_superuser=False).order_by("pk")[:20]
    return {
        "demo_people": [(each.username, each.name(lang)) for each in people],
        "demo_password": file.read_text().strip(),
    }


@for_everyone
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, by POST only."""
    lang = lang_of(request)
    if request.method == "POST":
        logout(request)
    return redirect(f"/{lang}/desk/sign-in")


@for_everyone
def theme(request: HttpRequest) -> HttpResponse:
    """Switch between day and night on this computer."""
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = f"/{lang_of(request)}/desk/"
    response = redirect(back)
    if request.method == "POST":
        dark = request.COOKIES.get("thaam-theme") != "dark"
        response.set_cookie("thaam-theme", "dark" if dark else "light", max_age=365 * 86400, samesite="Lax")
    return response
