"""A request for papers: files arrive in parts, each hashed and logged on arrival, until the bank says that is all."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.evidence.models import Asked
from thaam.evidence.receiving import OtherFile, attach_file, is_answered, missing_digests
from thaam.files.keeping import keep_file
from thaam.files.kinds import EmptyFile, NotAllowed, TooBig
from thaam.files.models import File
from thaam.journal.ids import id_from, new_id
from thaam.language.dates import in_ist
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.web.bank import answering
from thaam.web.bank.doors import Door
from thaam.web.bank.explaining import clocks_of, dues_of
from thaam.web.bank.kinds import ORDER_WORDS, WHAT
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line
from thaam.wire.messages import InformationAnswer

FILES_MAX = 20


def answer_information(request: HttpRequest, order: Order, door: Door) -> HttpResponse:
    """Show the request with what came so far; take more files, or the last word."""
    now = datetime.now(tz=UTC)
    asked = Asked.objects.filter(order_id=order.id).first()
    refused: Text | None = None
    if request.method == "POST":
        try:
            door.check(request)
            fresh = _take_files(request, order, asked, now)
            if "part" in request.POST:
                if not fresh:
                    raise Wrong(Text("पहले फ़ाइल चुनें।", "Choose a file first."))
                said = Text("फ़ाइल रख ली गई। बाकी आने पर यहीं भेजें।", "Kept. Send the rest here when it comes.")
                messages.success(request, said.in_(lang_of(request)))
                return redirect(request.path)
            if order.state != Order.State.OPEN and asked is not None and missing_digests(asked):
                messages.success(request, Text("फ़ाइल रख ली गई।", "Kept.").in_(lang_of(request)))
                return redirect(request.path)
            answer_id = _answer_id(request)
            message = _last_word(request, order, asked, answer_id, now)
            answering.send(partner=order.partner_id, message=message, at=now)
            door.beside(request, order, answer_id, now)
            messages.success(request, Text("जवाब भेज दिया गया।", "The answer was sent.").in_(lang_of(request)))
            return redirect(door.after(order))
        except Wrong as slip:
            refused = slip.text
    return render(
        request,
        "bank/information.html",
        _context(request, order, asked, door, refused, now),
        status=422 if refused else 200,
    )


def _answer_id(request: HttpRequest) -> str:
    try:
        return str(UUID(request.POST.get("answer_id", "")))
    except ValueError:
        return new_id()


def _take_files(request: HttpRequest, order: Order, asked: Asked | None, now: datetime) -> int:
    """Keep and join every file of the form; the same bytes again are the same file. Raises Wrong."""
    files = request.FILES.getlist("files")
    if len(files) > FILES_MAX:
        raise Wrong(Text("एक बार में 20 फ़ाइलें तक।", "At most 20 files at a time."))
    by = f"bank:{order.partner_id}"
    for each in files:
        content = each.read()
        try:
            kept = keep_file(
                file_id=id_from("file of order", order.id, each.name, hashlib.sha256(content).hexdigest()),
                folder=settings.FILES,
                content=content,
                name=each.name or "file",
                about=f"order:{order.id}",
                by=by,
                at=now,
            )
            if asked is not None:
                attach_file(asked=asked, file=kept, by=by, at=now)
        except (NotAllowed, EmptyFile) as why:
            raise Wrong(why.text) from why
        except TooBig as why:
            lang = {"size": why.size_mb, "most": why.most_mb}
            raise Wrong(Text(why.text.in_("hi", **lang), why.text.in_("en", **lang))) from why
        except OtherFile as why:
            raise Wrong(why.text) from why
    return len(files)


def _last_word(
    request: HttpRequest, order: Order, asked: Asked | None, answer_id: str, now: datetime
) -> InformationAnswer:
    words = one_line(request.POST.get("words"), most=2000)
    found = request.POST.get("found") != "no"
    digests = _digests(order, asked)
    if not words and not digests:
        raise Wrong(Text("जो मिला वह लिखें, या फ़ाइल लगाएँ।", "Write what you found, or attach a file."))
    return InformationAnswer(answer_id, str(order.id), now, found, words or None, tuple(digests) if found else ())


def _digests(order: Order, asked: Asked | None) -> list[str]:
    if asked is None:
        return []
    return list(dict.fromkeys(asked.files.order_by("file__received_at").values_list("file__sha256", flat=True)))


def _context(
    request: HttpRequest, order: Order, asked: Asked | None, door: Door, refused: Text | None, now: datetime
) -> dict[str, Any]:
    message = order.message
    what, template = WHAT.get(message.what, WHAT["other"])
    lost_on = asked.overwritten_on if asked else None
    days_left = (lost_on - in_ist(now).date()).days if lost_on else None
    return {
        "order": order,
        "message": message,
        "payment": message.about,
        "word": ORDER_WORDS[order.kind],
        "what": what,
        "template": template,
        "asked": asked,
        "lost_on": lost_on,
        "days_left": days_left,
        "files": File.objects.filter(about=f"order:{order.id}").prefetch_related("custody").order_by("received_at"),
        "missing": missing_digests(asked) if asked else [],
        "complete": asked is not None and is_answered(asked),
        "answers": answering.answers_to(order),
        "answer_id": request.POST.get("answer_id") or new_id(),
        "base": door.base,
        "clocks": clocks_of(order, lang_of(request)),
        "due": dues_of([order])[order.pk],
        "door": door.name,
        "refused": refused,
        "typed": request.POST,
        **door.around(order),
    }
