"""One identifier: how it stands and why, who saw it, what was asked about it; watch, mark, block, delist."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.parties.models import Bank, Officer
from thaam.prevention.upstream import ask_for_payers
from thaam.suspects import blocking
from thaam.suspects.agreeing import MAY_AGREE, MayNotAgree
from thaam.suspects.joining import NoLongerJoined, SameIdentifier, aliases_of, join_alias, part_alias
from thaam.suspects.looking_up import marks_of
from thaam.suspects.marking import AlreadyEnded, NothingSeen, delist, mark_identifier
from thaam.suspects.models import Alias, BlockRequest, Identifier, Mark, MarkEnd
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier
from thaam.suspects.standing import standing_of
from thaam.web.shared.audience import for_desk_and_approvers, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import id_or_new
from thaam.web.suspects.words import (
    ACTIONS,
    CHOOSE,
    KINDS,
    LEVELS,
    REASONS,
    RESULTS,
    SAY_WHY,
    TONES,
    TYPED,
    source_said,
)

_NOTHING = Text("इस पर कोई सूचना अभी नहीं गिनी जाती।", "No report about it counts now.")
_ENDED = Text("यह निशान पहले ही हट चुका है।", "This mark ended before.")
_OPERATOR = Text("किस कंपनी को, चुनें।", "Choose which operator.")
_DONE = Text("दर्ज हुआ।", "Done.")
REFUSALS = (
    blocking.CannotBeBlocked, blocking.TooFewReports, blocking.VerifyFirst, blocking.NotBlocked,
    blocking.AskedAlready, MayNotAgree, SameIdentifier, NoLongerJoined, NotAnIdentifier,
)  # fmt: skip


@for_desk_and_approvers
def identifier(request: HttpRequest, identifier_id: Any) -> HttpResponse:
    """Show it; POST does one of: watch, mark, delist, verify_again, block, take_down, unblock, keep, payers."""
    row = get_object_or_404(Identifier, pk=identifier_id)
    officer, now = officer_of(request), datetime.now(tz=UTC)
    refused: Text | None = None
    if request.method == "POST":
        refused = _act(request, row, officer, now)
        if refused is None:
            messages.success(request, _DONE.in_(lang_of(request)))
            return redirect("suspects:identifier", identifier_id=row.pk)
    standing = standing_of(row, at=now)
    kind = IdentifierKind(row.kind)
    block = blocking.block_of(row, at=now)
    context = {
        "tab": "home",
        "row": row,
        "kind": KINDS.get(kind, Text(kind.value, kind.value)),
        "standing": standing,
        "level": LEVELS[standing.level],
        "tone": TONES[standing.level],
        "sightings": [
            (each, REASONS[each.reason], source_said(each.source))
            for each in row.sightings.filter(withdrawn=None).order_by("-seen_at")[:60]
        ],
        "aliases": [(alias, other, KINDS.get(other.kind)) for alias, other in aliases_of(row)],
        "kinds": list(TYPED.items()),
        "marks": marks_of(row, now),
        "watch": blocking.watch_of(row, at=now),
        "blocked": block,
        "requests": [
            (each, ACTIONS[each.action], RESULTS.get(each.told.result) if hasattr(each, "told") else None)
            for each in row.requests.select_related("partner", "told", "officer").order_by("-asked_at")
        ],
        "operators": Bank.objects.filter(kind=Bank.Type.TELECOM).order_by("code"),
        "actions": [(name, ACTIONS[name]) for name in _offered(kind, block)],
        "may": officer.role in MAY_AGREE,
        "account": kind is IdentifierKind.ACCOUNT,
        "refused": refused,
        "typed": request.POST,
        "new_id": new_id(),
    }
    return render(request, "suspects/identifier.html", context, status=422 if refused else 200)


def _offered(kind: IdentifierKind, block: BlockRequest | None) -> tuple[str, ...]:
    if block is not None:
        return ("unblock",)
    if kind in blocking.VERIFIABLE:
        return ("verify_again", "block")
    return ("take_down",) if kind in blocking.PAGES else ()


def _act(request: HttpRequest, row: Identifier, officer: Officer, now: datetime) -> Text | None:
    action = request.POST.get("action", "")
    words = request.POST.get("words", "").replace("\x00", "").strip()[:1000]
    if not words and action != "payers":
        return SAY_WHY
    who = f"officer:{officer.pk}"
    try:
        if action == "watch":
            blocking.watch(identifier=row, words=words, by=who, at=now)
        elif action == "mark":
            mark_id = id_or_new(request.POST.get("id"))
            mark_identifier(mark_id=mark_id, identifier=row, reason=words, by=officer, at=now)
        elif action == "delist":
            mark = get_object_or_404(Mark, pk=request.POST.get("mark"), identifier=row)
            delist(mark=mark, reason=MarkEnd.Reason.MISTAKE, words=words, by=officer, at=now)
        elif action == "keep":
            request_row = get_object_or_404(BlockRequest, pk=request.POST.get("request"), identifier=row)
            blocking.keep_block(
                kept_id=id_or_new(request.POST.get("id")), request=request_row, words=words, by=officer, at=now
            )
        elif action == "join":
            kind = IdentifierKind(request.POST.get("kind", ""))
            typed = request.POST.get("typed", "").replace("\x00", "")
            join_alias(identifier=row, kind=kind, typed=typed, words=words, by=officer, at=now)
        elif action == "part":
            alias = get_object_or_404(Alias, pk=request.POST.get("alias"))
            part_alias(alias=alias, words=words, by=officer, at=now)
        elif action == "payers":
            ask_for_payers(identifier=row, because=words or "officer", by=who, at=now)
        else:
            return _ask(request, row, officer, now, action, words)
    except NothingSeen:
        return _NOTHING
    except ValueError:
        return CHOOSE
    except AlreadyEnded:
        return _ENDED
    except REFUSALS as slip:
        return slip.text
    return None


def _ask(
    request: HttpRequest, row: Identifier, officer: Officer, now: datetime, action: str, words: str
) -> Text | None:
    standing_block = blocking.block_of(row, at=now)
    partner = Bank.objects.filter(code=request.POST.get("partner", ""), kind=Bank.Type.TELECOM).first()
    if action == "unblock" and standing_block is not None:
        blocking.unblock(request=standing_block, words=words, by=f"officer:{officer.pk}", officer=officer, at=now)
        return None
    if partner is None:
        return _OPERATOR
    if action not in ACTIONS:
        return SAY_WHY
    blocking.ask_operator(
        request_id=id_or_new(request.POST.get("id")), identifier=row, partner=partner, action=action, words=words,
        officer=officer, at=now, urgent=request.POST.get("urgent") == "yes",
    )  # fmt: skip
    return None
