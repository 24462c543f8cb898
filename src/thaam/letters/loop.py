"""What the loops call in this package: a letter owed is a fact; it is set here, never in a request or the chase."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.complaints.models import Complaint
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.letters.composing import order_to_bank, receipt_of
from thaam.letters.owing import OWED, write_paper_owed
from thaam.letters.writing import write_letter
from thaam.mailbox.models import Order
from thaam.work.scheduling import schedule

PAPER = "paper of an order"
ON_PAPER = ("HoldOrder", "FreezeToHoldOrder")


def write_owed(fact: Fact, at: dt.datetime) -> None:
    """The receipt of a confirmed complaint; the paper of a hold order. Safe to run again."""
    subject = fact.about.partition(":")[2]
    if fact.kind == Kind.HOLD_ASKED:
        order = Order.objects.select_related("partner").get(id=subject)
        data, template, lang = order_to_bank(order, lang="hi"), "order", "hi"
    else:
        complaint = Complaint.objects.get(pk=subject)
        data, template, lang = receipt_of(complaint, lang=complaint.lang), "receipt", complaint.lang
    write_letter(
        letter_id=id_from("letter", template, fact.about, lang),
        template=template,
        about=fact.about,
        lang=lang,
        data=data,
        by="loop:letters",
        at=at,
    )


def ask_for_paper(*, order: Order, at: dt.datetime) -> None:
    """Have the order's paper written soon; asked twice it is written once. Kinds without a paper are left alone."""
    if order.kind in ON_PAPER:
        schedule(kind=PAPER, key=f"paper:{order.id}", run_at=at, order_id=str(order.id))


def write_asked(payload: dict[str, Any], at: dt.datetime) -> None:
    """The paper of an order that somebody asked to see before its turn, or whose kind has no paper of itself."""
    order = Order.objects.select_related("partner").get(id=payload["order_id"])
    if order.kind in ON_PAPER:
        about = f"hold:{order.id}"
        write_letter(
            letter_id=id_from("letter", "order", about, "hi"), template="order", about=about, lang="hi",
            data=order_to_bank(order, lang="hi"), by="loop:letters", at=at,
        )  # fmt: skip


timers = {PAPER: write_asked}
reads = {
    "letters of justice": (OWED, write_paper_owed),
    "letters": ((Kind.COMPLAINT_CONFIRMED, Kind.COMPLAINT_ATTESTED, Kind.HOLD_ASKED), write_owed),
}
