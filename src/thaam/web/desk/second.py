"""The second step of a sign-in: the code from the phone, its set-up with a QR, and help when the phone is lost.

Between the password and the code nobody is signed in: the session only remembers, for ten minutes, whose code is due.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_post_parameters

from thaam.parties import second_factor, totp
from thaam.parties.models import Officer, SecondFactor
from thaam.parties.passkeys import has_passkey
from thaam.parties.second_factor import TooManyWrong, WrongCode
from thaam.web.shared.audience import PASSED, for_administrators, for_everyone, officer_of
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.fields import number_of
from thaam.web.shared.qr import qr_svg
from thaam.web.shared.tries import give_back, too_many

ENTERING = "entering"
ENTERING_SECONDS = 10 * 60
TRIES_MAX = 20


def ask_second(request: HttpRequest, officer: Any, *, after: str) -> HttpResponse:
    """The password was right: on to the code, or to the set-up of an officer who has none."""
    request.session.cycle_key()
    request.session[ENTERING] = {"officer": officer.pk, "since": datetime.now(tz=UTC).timestamp(), "after": after}
    return redirect("desk:second" if second_factor.has_second_factor(officer) else "desk:set-up")


def entering(request: HttpRequest) -> tuple[Officer, dict[str, Any]] | None:
    """Whose password was given in this session, within the last ten minutes."""
    kept = request.session.get(ENTERING)
    if not kept or not 0 <= datetime.now(tz=UTC).timestamp() - kept["since"] < ENTERING_SECONDS:
        return None
    officer = Officer.objects.filter(pk=kept["officer"], is_active=True).first()
    return (officer, kept) if officer else None


def enter(request: HttpRequest, officer: Officer) -> None:
    """The second step was right: signed in, and the session says so."""
    give_back(request, "second-factor")
    login(request, officer, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.pop(ENTERING, None)
    request.session[PASSED] = True


@sensitive_post_parameters("code")
@for_everyone
def code(request: HttpRequest) -> HttpResponse:
    """Six digits from the app, or a recovery code; with "my phone is lost" a recovery code leads to a new set-up."""
    waiting = entering(request)
    if waiting is None:
        return redirect("desk:sign-in")
    officer, kept = waiting
    if not second_factor.has_second_factor(officer):
        return redirect("desk:set-up")
    wrong = {}
    if request.method == "POST":
        if too_many(request, "second-factor", most=TRIES_MAX):
            return say_error(request, 429)
        try:
            return _passed(request, officer, kept, now=datetime.now(tz=UTC))
        except (WrongCode, TooManyWrong) as problem:
            wrong["code"] = problem.text
    context = {"wrong": wrong, "typed": {}, "passkey": has_passkey(officer)}
    return render(request, "desk/second.html", context, status=422 if wrong else 200)


def _passed(request: HttpRequest, officer: Officer, kept: dict[str, Any], *, now: datetime) -> HttpResponse:
    typed = request.POST.get("code", "")
    if len("".join(typed.split())) <= totp.DIGITS:
        second_factor.check(officer=officer, code=typed, at=now)
    else:
        second_factor.use_recovery_code(officer=officer, code=typed, at=now)
        if request.POST.get("lost"):
            second_factor.drop(officer=officer, by=f"officer:{officer.pk}", at=now)
            return ask_second(request, officer, after=kept["after"])
    enter(request, officer)
    return redirect(kept["after"])


@sensitive_post_parameters("code")
@for_everyone
def set_up(request: HttpRequest) -> HttpResponse:
    """The QR, a first code to show that the phone has it, then ten recovery codes, shown this once."""
    waiting = entering(request)
    if waiting is None:
        return redirect("desk:sign-in")
    officer, kept = waiting
    if second_factor.has_second_factor(officer):
        return redirect("desk:second")
    # sealed also in the session, which lies in the database
    if "secret" not in kept:
        kept["secret"] = second_factor.seal(second_factor.new_secret()).decode()
        request.session[ENTERING] = kept
    secret = second_factor.unseal(kept["secret"].encode())
    wrong = {}
    if request.method == "POST":
        if too_many(request, "second-factor", most=TRIES_MAX):
            return say_error(request, 429)
        by, now = f"officer:{officer.pk}", datetime.now(tz=UTC)
        try:
            codes = second_factor.set_up(
                officer=officer, secret=secret, code=request.POST.get("code", ""), by=by, at=now
            )
        except WrongCode as problem:
            wrong["code"] = problem.text
        else:
            enter(request, officer)
            return render(request, "desk/recovery.html", {"codes": codes, "after": kept["after"]})
    address = totp.address_of(secret, name=officer.username, issuer=settings.PLATFORM)
    context = {
        "wrong": wrong,
        "typed": {},
        "qr": mark_safe(qr_svg(address)),
        "secret": totp.typed_secret(secret),
    }
    return render(request, "desk/set_up.html", context, status=422 if wrong else 200)


@for_administrators
def officers(request: HttpRequest) -> HttpResponse:
    """Everybody who signs in; by POST the lost phone of one is forgotten, and their next sign-in sets up a new one."""
    if request.method == "POST":
        wanted = request.POST.get("officer", "")
        officer = Officer.objects.filter(pk=number_of(wanted)).first()
        if officer:
            by = f"officer:{officer_of(request).pk}"
            second_factor.drop(officer=officer, by=by, at=datetime.now(tz=UTC))
        return redirect("desk:officers")
    with_one = set(SecondFactor.objects.values_list("officer_id", flat=True))
    people = Officer.objects.filter(is_active=True).select_related("office", "bank").order_by("username")
    return render(request, "desk/officers.html", {"rows": [(each, each.pk in with_one) for each in people]})
