"""One order by a link: for a bank that has no system. The link asks for a code on the role's own telephone."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thaam.mailbox.models import Order
from thaam.nodal.linking import LinkOver, WrongCode, door_of, enter, open_link, send_link_code
from thaam.nodal.models import Link
from thaam.nodal.pinging import note_read
from thaam.parties.desks import sit_at
from thaam.web.bank.answering import answers_to
from thaam.web.bank.doors import Door
from thaam.web.bank.order import answer_page
from thaam.web.bank.papers import paper_of
from thaam.web.shared.audience import for_linked_banks
from thaam.web.shared.context import lang_of
from thaam.web.shared.errors import say as say_error
from thaam.web.shared.fields import one_line
from thaam.web.shared.tries import too_many

ENTERED = "order-links"


def _link(token: str, now: datetime) -> Link:
    """The link at its bank's desk, and nothing else of the bank's is shown by these pages. Raises LinkOver."""
    door = door_of(token)
    sit_at(f"partner:{door.partner}")
    return open_link(door=door, at=now)


@for_linked_banks
def single(request: HttpRequest, token: str) -> HttpResponse:
    """Without the code: a button that sends it. With the code: the order and its answer."""
    now = datetime.now(tz=UTC)
    try:
        link = _link(token, now)
    except LinkOver as over:
        if too_many(request, "order-link"):
            return say_error(request, 429)
        return render(request, "bank/link_over.html", {"text": over.text}, status=410)
    if str(link.pk) not in request.session.get(ENTERED, []):
        return _ask_code(request, link, token, now)
    return answer_page(request, link.order, _door(token))


def _ask_code(request: HttpRequest, link: Link, token: str, now: datetime) -> HttpResponse:
    wrong = None
    if request.method == "POST" and "send_code" in request.POST:
        try:
            send_link_code(link=link, code=f"{secrets.randbelow(1_000_000):06d}", at=now, lang=lang_of(request))
        except LinkOver as over:
            return render(request, "bank/link_over.html", {"text": over.text}, status=410)
        return redirect(request.path)
    if request.method == "POST":
        if too_many(request, "order-link-code", most=20):
            return say_error(request, 429)
        try:
            enter(link=link, code=one_line(request.POST.get("code"), most=6), at=now)
            request.session.cycle_key()
            request.session[ENTERED] = [*request.session.get(ENTERED, []), str(link.pk)][-20:]
            request.session.set_expiry(link.expires_at)
            return redirect(request.path)
        except WrongCode as slip:
            wrong = slip.text
    context = {
        "link": link,
        "bank": link.order.partner,
        "sent": link.codes_sent > 0,
        "wrong": wrong,
        "tail": link.mobile[-4:],
        "token": token,
    }
    return render(request, "bank/link_code.html", context, status=422 if wrong else 200)


def _door(token: str) -> Door:
    def around(order: Order) -> dict[str, Any]:
        return {"bank": order.partner, "place": (0, 0, "", ""), "paper_url": reverse("bank:link-paper", args=[token])}

    return Door(
        name="link", base="bank/link.html", after=lambda order: reverse("bank:link-done", args=[token]), around=around
    )


@for_linked_banks
def done(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt: what was kept and when. The link opens the order no more."""
    try:
        door = door_of(token)
    except LinkOver:
        return say_error(request, 404)
    sit_at(f"partner:{door.partner}")
    link = Link.objects.select_related("order__partner").filter(pk=door.link_id).first()
    if link is None or str(link.pk) not in request.session.get(ENTERED, []):
        return say_error(request, 404)

    answer = next(iter(answers_to(link.order)), None)
    return render(request, "bank/link_done.html", {"order": link.order, "bank": link.order.partner, "answer": answer})


@for_linked_banks
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """The order on paper for whoever came in by its link."""

    try:
        link = _link(token, datetime.now(tz=UTC))
    except LinkOver:
        return say_error(request, 404)
    if str(link.pk) not in request.session.get(ENTERED, []):
        return say_error(request, 404)
    return paper_of(request, link.order)


@for_linked_banks
def pinged(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a ping: note that it was read, then the bank's own queue, where a sign-in is asked."""
    if not note_read(token=token[:32], at=datetime.now(tz=UTC)):
        return say_error(request, 404)
    return redirect("bank:queue")
