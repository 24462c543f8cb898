"""A complaint's progress in the words and shapes of the citizen's page. Derived at each reading, nothing stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from thaam.complaints.progress import Moment, Progress, Turn
from thaam.language import rupees
from thaam.language.dates import bare_time, day_words, in_ist, when_words
from thaam.language.text import Text
from thaam.money.partition import State
from thaam.restoration.waiting import standing_turn
from thaam.web.shared.money import parts_of
from thaam.web.shared.reckoned import why_due

LINES_MAX = 30
"""More of a long timeline is on the desk's page; this one is read on a slow network."""
GLYPH_OF = {
    "filed": "moving",
    "confirmed": "done",
    "asked": "due",
    "held": "held",
    "lowered": "moving",
    "released": "genuine",
    "expired": "late",
    "restored": "done",
    "broken": "gone",
    "quiet": "done",
    "rung": "moving",
    "withdrawn": "genuine",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The stage of a complaint, without a sum or a name."""

    heading: Text
    text: Text


def stage_of(progress: Progress, now: datetime) -> Stage:
    """What anybody with the number and the last four digits may know."""
    if kept := progress.complaint.merged_into:
        return Stage(
            Text(f"शिकायत {kept} के साथ एक हुई", f"Made one with complaint {kept}"),
            Text("दोनों में एक ही मामला था। आगे का काम उसी में होगा।", "Both told of the same matter. Work goes on there."),
        )
    if progress.complaint.withdrawn_at:
        return Stage(
            Text("शिकायत वापस ली गई", "Complaint taken back"), Text("अब कुछ नहीं करना है।", "Nothing more to do.")
        )
    if progress.turn.who == "you" and not progress.complaint.confirmed_at:
        return Stage(
            Text("OTP बाकी है", "The code is missing"),
            Text(
                "शिकायत दर्ज है। SMS के लिंक पर OTP लिखें, या 1930 के कॉल का इंतज़ार करें।",
                "The complaint is registered. Enter the code behind the SMS link, or wait for the call from 1930.",
            ),
        )
    if progress.totals[State.RESTORED]:
        return Stage(
            Text("पैसा लौटाया गया", "Money returned"), Text("बैंक SMS से मिलान करें।", "Match it with your bank's SMS.")
        )
    unasked = not any(moment.kind == "asked" for moment in progress.moments)
    if unasked and (progress.totals[State.ASKED] or progress.totals[State.UNEXPLAINED]):
        if any(moment.kind == "rung" for moment in progress.moments):
            return Stage(
                Text("बैंक को फ़ोन पर बताया गया", "The bank was told by telephone"),
                Text("बैंक का जवाब 1930 आपको बताएगा।", "1930 lets you know what the bank answers."),
            )
        return Stage(
            Text("बैंक से बात बाकी है", "A bank has still to be asked"),
            Text("1930 बैंक से बात करेगा। आप भी अपने बैंक को फ़ोन करें।", "1930 talks to the bank. Call your own bank too."),
        )
    if progress.totals[State.ASKED]:
        return Stage(
            Text("पैसे की खोज जारी है", "The money is being traced"),
            Text("बैंकों से जवाब आ रहे हैं।", "Banks are answering."),
        )
    if progress.totals[State.HELD]:
        turn = standing_turn(progress, at=now)
        return Stage(
            Text("पैसा रुका हुआ है", "Money is held"),
            turn.what if turn.who == "you" else Text(f"अब बारी: {turn.name.hi}।", f"Now: {turn.name.en}."),
        )
    return Stage(
        Text("खोज पूरी हुई", "The search is complete"),
        Text("पूरा हाल SMS के लिंक पर है।", "Details are behind the link in your SMS."),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the timeline; `day` starts a new day."""

    at: datetime
    glyph: str
    text: Text
    small: Text | None
    day: Text | None


def lines_of(moments: tuple[Moment, ...], now: datetime) -> list[Line]:
    """The timeline, newest first; a heading where the day changes."""
    lines: list[Line] = []
    shown = in_ist(now).date()
    for moment in reversed(moments):
        on = in_ist(moment.at).date()
        day = Text(day_words(on, "hi"), day_words(on, "en")) if on != shown else None
        shown = on
        small = None
        if moment.stated_at:
            clock = bare_time(moment.stated_at)
            small = Text(f"बैंक के अनुसार {clock} बजे", f"at {clock} by the bank's clock")
        lines.append(Line(moment.at, GLYPH_OF.get(moment.kind, "moving"), moment.text, small, day))
    return lines


def turn_of(turn: Turn, lang: str, now: datetime, *, place: str) -> dict[str, Any]:
    """The card that says whose turn it is, with its clock when there is one."""
    if turn.who == "nobody":
        heading = Text("अभी किसी की बारी नहीं", "Nobody has to act now")
    elif turn.who == "you":
        heading = Text("अब आपकी बारी", "Now it is your turn")
    else:
        heading = Text(f"अब बारी: {turn.name.hi}", f"Now: {turn.name.en}")
    shown: dict[str, Any] = {"heading": heading, "text": turn.what, "since": turn.since_at, "yours": turn.who == "you"}
    if turn.due_at:
        whole = (turn.due_at - turn.since_at).total_seconds() or 1
        shown |= {
            "due": turn.due_at,
            "why": why_due(turn.clock, place=place, start=turn.since_at, due=turn.due_at, lang=lang),
            "late": now > turn.due_at,
            "due_words": bare_time(turn.due_at) if _same_day(turn.due_at, now) else when_words(turn.due_at, now, lang),
            "percent": min(100, max(1, round((now - turn.since_at).total_seconds() / whole * 100))),
        }
    return shown


def _same_day(one: datetime, other: datetime) -> bool:
    return in_ist(one).date() == in_ist(other).date()


def view_of(progress: Progress, lang: str, now: datetime) -> dict[str, Any]:
    """Everything the page shows. The rows add up to the whole or progress_of() has refused already."""
    totals = {state.value: paise for state, paise in progress.totals.items()}
    confirmed = progress.complaint.confirmed_at is not None
    return {
        "whole_paise": progress.claimed_paise,
        "parts": parts_of(totals),
        "debits": [
            {
                "debit": stand.debit,
                "claimed_paise": stand.claimed_paise,
                "unmatched": stand.totals.get(State.UNEXPLAINED, 0) == stand.claimed_paise,
                "parts": parts_of({state.value: paise for state, paise in stand.totals.items()}),
            }
            for stand in progress.debits
        ],
        "turn": turn_of(standing_turn(progress, at=now), lang, now, place=progress.complaint.jurisdiction),
        "lines": lines_of(progress.moments, now)[:LINES_MAX],
        "as_of": when_words(now, now, lang),
        "asked_banks": any(moment.kind == "asked" for moment in progress.moments),
        "moving": confirmed and totals.get("asked", 0) > 0,
        "confirmed": confirmed,
        "gone_text": _gone_text(totals.get("gone", 0)),
        "holds_end_at": progress.holds_end_at,
        "held_paise": totals.get("held", 0),
    }


def _gone_text(paise: int) -> Text | None:
    """The honest sentence about money that left the banks."""
    if not paise:
        return None
    return Text(
        f"{rupees.full(paise)} बैंकों से निकल चुके हैं। पुलिस जाँच में यह काम आएगा। इस रकम के लौटने की अभी कोई तारीख नहीं है।",
        f"{rupees.full(paise)} has left the banks. This will help the police. There is no date yet for its return.",
    )
