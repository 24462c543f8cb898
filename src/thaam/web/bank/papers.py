"""The order on paper, with its number and QR: for a bank that needs a signed paper, or has nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from thaam.files.keeping import Quarantined, open_file
from thaam.files.models import File
from thaam.grievances.models import Objection
from thaam.letters.loop import ask_for_paper
from thaam.letters.models import Letter
from thaam.mailbox.models import Order
from thaam.web.shared.audience import for_banks, for_desk, officer_of
from thaam.web.shared.fields import id_of


@for_banks
def paper(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The clerk's own bank's order as a PDF."""
    found = Order.objects.filter(id=order_id, partner_id=officer_of(request).bank_id or "").first()
    if found is None:
        raise Http404
    return paper_of(request, found)


@for_desk
def desk_paper(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The same for an operator who reads the order out."""
    found = Order.objects.filter(id=order_id).first()
    if found is None:
        raise Http404
    return paper_of(request, found)


@for_banks
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A file the clerk's own bank handed in; opening it is written in its custody."""
    partner = officer_of(request).bank_id or ""
    found = File.objects.filter(pk=file_id, by=f"bank:{partner}").first()
    if found is None:
        raise Http404
    return opened(request, found, by=f"bank:{partner}")


@for_banks
def of_objection(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """A paper the account holder gave with an objection that lies, or lay, at the clerk's bank: bill against credit."""
    partner = officer_of(request).bank_id or ""
    found = File.objects.filter(pk=paper_id, about__startswith="objection:").first()
    objection = id_of(found.about.removeprefix("objection:")) if found else None
    if found is None or objection is None or not Objection.objects.filter(pk=objection, bank_id=partner).exists():
        raise Http404
    return opened(request, found, by=f"bank:{partner}")


def opened(request: HttpRequest, found: File, *, by: str) -> HttpResponse:
    """The bytes as a download, never shown inside a page; quarantined files are refused with a sentence."""
    try:
        content = open_file(file=found, folder=settings.FILES, by=by, at=datetime.now(tz=UTC))
    except Quarantined as why:
        return render(request, "bank/quarantined.html", {"text": why.text}, status=409)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def paper_of(request: HttpRequest, order: Order) -> HttpResponse:
    """The letter as it was written; while it is not written yet, a page that says so."""
    letter = Letter.objects.filter(template="order", about__in=[f"hold:{order.id}", f"order:{order.id}"]).first()
    if letter is None:
        ask_for_paper(order=order, at=datetime.now(tz=UTC))
        return render(request, "bank/no_paper.html", {"order": order}, status=404)
    answer = HttpResponse(bytes(letter.paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="order-{letter.number}.pdf"'
    return answer
