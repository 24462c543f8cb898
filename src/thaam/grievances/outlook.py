"""How an objection stands, in words a holder can act on: a name, what happens next, and by when."""

from __future__ import annotations

import datetime as dt

from thaam.holds.standing import Outlook
from thaam.language.text import Text
from thaam.rulebook.clocks import due_at

from .climbing import may_appeal
from .executing import is_executed
from .models import Objection
from .stages import NEXT_TEXT, OPEN, STAGE_TEXT, Outcome, Stage

_ASKED = (
    Text("अब आपकी बारी", "Now it is your turn"),
    Text("अधिकारी ने जो पूछा है, उसका जवाब दें", "Answer what the officer asked"),
)
_UPHELD = Text("आपत्ति मानी गई", "Your objection was upheld")
_PARTLY = Text("आपत्ति कुछ हद तक मानी गई", "Your objection was upheld in part")
_REJECTED = Text("आपत्ति नहीं मानी गई, रोक जारी है", "Your objection was not upheld, the hold continues")
_BANK_ACTS = Text("बैंक को रोक हटानी है", "The bank has to lift the hold")
_BANK_LATE = Text(
    "बैंक को देर हुई, पर्यवेक्षक को बता दिया गया है। रोक ज़्यादा-से-ज़्यादा अपनी तारीख तक रहेगी",
    "The bank is late and a supervisor was told. At the latest the hold ends by itself on its date",
)
_DONE = Text("रोक हट गई, यह रकम अब आपकी है", "The hold is gone; the money is yours to use")
_PART_DONE = Text(
    "तय रकम छूट गई। बाकी पर रोक अपनी तारीख तक है, आप अपील कर सकते हैं",
    "The part decided is free. The rest stays held until its date; you can appeal",
)
_APPEAL = Text("आप ऊपर के अधिकारी के पास अपील कर सकते हैं", "You can appeal to the higher officer")
_NO_RUNG = Text(
    "ऊपर कोई अधिकारी नहीं बचा: अदालत या RBI लोकपाल (14448) के पास जा सकते हैं। रोक अपनी तारीख पर अपने-आप हटेगी",
    "No officer is left above: a court or the RBI Ombudsman (14448). The hold ends by itself on its date",
)


def outlook_of(objection: Objection, *, at: dt.datetime) -> Outlook:
    """The objection as it stands. Read-only; works at the objection's own desk."""
    if objection.closed_at is None:
        return _open(objection, at)
    if objection.stage == Stage.ENDED or not objection.outcome:
        return Outlook(STAGE_TEXT[Stage.ENDED], NEXT_TEXT[Stage.ENDED], objection.closed_at, over=True)
    if objection.outcome == Outcome.REJECTED:
        yours = may_appeal(objection, at=at)
        return Outlook(_REJECTED, _APPEAL if yours else _NO_RUNG, hold_ends_at(objection), yours)
    name = _UPHELD if objection.outcome == Outcome.UPHELD else _PARTLY
    step = objection.steps.filter(what="decided").order_by("-at", "-id").first()
    due = (step.execute_by if step else None) or objection.closed_at
    if not is_executed(objection, at=at):
        return Outlook(name, _BANK_ACTS, due) if at < due else Outlook(name, _BANK_LATE, hold_ends_at(objection))
    if objection.outcome == Outcome.PARTLY_UPHELD and objection.held_paise_at(at):
        return Outlook(name, _PART_DONE, hold_ends_at(objection), may_appeal(objection, at=at))
    return Outlook(name, _DONE, _freed_at(objection, at) or objection.closed_at, over=True)


def hold_ends_at(objection: Objection) -> dt.datetime:
    """When the hold ends by itself; of a bank's own hold without an end, when the ombudsman's door opens."""
    about = objection.hold or objection.own_hold
    if about is not None and about.expires_at is not None:
        return about.expires_at
    return due_at("ombudsman_opens", jurisdiction=objection.jurisdiction, start=objection.lodged_at)


def _open(objection: Objection, at: dt.datetime) -> Outlook:
    if not objection.held_paise_at(at):  # the hold is over though no loop has closed the objection yet
        return Outlook(STAGE_TEXT[Stage.ENDED], NEXT_TEXT[Stage.ENDED], _freed_at(objection, at) or at, over=True)
    pause = objection.pauses.filter(ended_at=None).first()
    if pause is not None and at < pause.until_at:
        return Outlook(*_ASKED, pause.until_at, yours=True)
    stage = Stage(objection.stage)
    by = objection.due_at if stage in OPEN and objection.due_at is not None else hold_ends_at(objection)
    return Outlook(STAGE_TEXT[stage], NEXT_TEXT[stage], by)


def _freed_at(objection: Objection, at: dt.datetime) -> dt.datetime | None:
    hold = objection.hold
    if hold is not None:
        done = hold.releases.exclude(done_at=None).order_by("-done_at").first()
        return done.done_at if done else min(at, hold.expires_at)
    own = objection.own_hold
    return (own.told.lifted_at or own.expires_at) if own is not None else None
