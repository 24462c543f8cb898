"""Passkeys: adding one to an account that is signed in, and signing in with one in place of the app's code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from thaam.parties import passkeys
from thaam.parties.passkeys import PasskeyRefused
from thaam.web.desk.second import TRIES_MAX, enter, entering
from thaam.web.shared.audience import for_everyone, for_staff, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import one_line
from thaam.web.shared.tries import too_many
from thaam.wire import codec

STATE = "passkey"


@for_staff
def mine(request: HttpRequest) -> HttpResponse:
    """The passkeys of who is signed in; a lost device's is dropped here."""
    officer = officer_of(request)
    if request.method == "POST":
        dropped = one_line(request.POST.get("drop"), most=2048)
        passkeys.drop_passkey(officer=officer, passkey_id=dropped, by=f"officer:{officer.pk}", at=datetime.now(tz=UTC))
        return redirect("desk:passkeys")
    return render(request, "desk/passkeys.html", {"rows": officer.passkeys.order_by("made_at"), "tab": "passkeys"})


@for_staff
def add(request: HttpRequest) -> HttpResponse:
    """POST without a body: options for the device. POST with the device's answer: the passkey is kept."""
    officer = officer_of(request)
    if request.method != "POST":
        return redirect("desk:passkeys")
    told = _told(request)
    if not told:
        options, request.session[STATE] = passkeys.begin_passkey(officer)
        return JsonResponse(options)
    try:
        passkeys.complete_passkey(
            officer=officer,
            state=request.session.pop(STATE, {}),
            response=told.get("credential", {}),
            name=one_line(str(told.get("name", "")), most=60),
            by=f"officer:{officer.pk}",
            at=datetime.now(tz=UTC),
        )
    except PasskeyRefused as refused:
        return JsonResponse({"wrong": refused.text.in_(lang_of(request))}, status=422)
    return JsonResponse({"ok": True})


@for_everyone
def sign_in(request: HttpRequest) -> HttpResponse:
    """After the password: options for the device, then its answer lets the officer in."""
    waiting = entering(request)
    if waiting is None or request.method != "POST":
        return redirect("desk:sign-in")
    officer, kept = waiting
    told = _told(request)
    if not told:
        options, request.session[STATE] = passkeys.begin_entering(officer)
        return JsonResponse(options)
    if too_many(request, "second-factor", most=TRIES_MAX):
        return JsonResponse({}, status=429)
    try:
        passkeys.let_in(
            officer=officer,
            state=request.session.pop(STATE, {}),
            response=told.get("credential", {}),
            at=datetime.now(tz=UTC),
        )
    except PasskeyRefused as refused:
        return JsonResponse({"wrong": refused.text.in_(lang_of(request))}, status=422)
    enter(request, officer)
    return JsonResponse({"to": kept["after"]})


def _told(request: HttpRequest) -> dict[str, Any]:
    """The JSON of the page, {} when there is none or it is no object."""
    try:
        told = codec.parse(request.body or b"{}", limit=65_536)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
