"""The court bundle of an objection: notice, objection, replies and history of its clocks, on one verifiable paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.complaints.numbering import grouped
from thaam.files.models import File
from thaam.grievances.models import Objection, Step
from thaam.grievances.stages import REASON_TEXT, STAGE_TEXT, Stage
from thaam.journal.models import Fact
from thaam.language import rupees
from thaam.language.text import Text
from thaam.mailbox.models import Answer
from thaam.rulebook.rules import law

from .composing import _day, _moment, _office, _Say, _signatory, authority

STEP_TEXT = {
    "lodged": Text("आपत्ति दर्ज", "lodged"),
    "forwarded": Text("बैंक ने जाँचकर भेजी", "passed on by the bank"),
    "escalated": Text("समय पर निर्णय नहीं, ऊपर गई", "not decided in time, moved up"),
    "appealed": Text("अपील", "appeal"),
    "decided": Text("निर्णय", "decision"),
    "ended": Text("रोक हट गई", "the hold ended"),
    "asked holder": Text("खाताधारक से पूछा, घड़ी रुकी", "the holder was asked, the clock stood"),
    "answered": Text("खाताधारक का जवाब", "the holder's answer"),
    "pause over": Text("जवाब नहीं, घड़ी फिर चली", "no answer, the clock went on"),
    "slot taken": Text("वीडियो का समय तय", "video slot taken"),
    "heard": Text("वीडियो पर सुनवाई", "heard by video"),
    "opening": Text("खाता खोलने का आदेश", "order to open the account"),
    "opened": Text("खाता खुला", "the account was opened"),
    "not opened": Text("बैंक खाता नहीं खोल सका", "the bank could not open it"),
    "opening late": Text("बैंक को देर", "the bank was late"),
    "not executed": Text("बैंक ने समय पर अमल नहीं किया", "not carried out in time"),
    "lifted": Text("बैंक ने रोक हटाई", "the bank lifted its hold"),
}


def court_bundle(objection: Objection, *, lang: str, at: dt.datetime) -> dict[str, Any]:
    """Everything on file about an objection, in the order it happened, with the hashes of its papers."""
    say, hold = _Say(lang), objection.hold
    office = hold.office if hold else None
    basis = law("objection", jurisdiction=objection.jurisdiction, on=objection.lodged_at)
    return {
        "title": say(
            f"आपत्ति {objection.number}: न्यायालय के लिए प्रति", f"Objection {objection.number}: copy for the court"
        ),
        "to": {"name": "", "line": ""},
        "office": _office(office, lang),
        "signatory": _signatory(office, lang),
        "opening": say(
            f"यह प्रति {_moment(at)} तक की फ़ाइल से बनी है। तारीखें और शब्द वही हैं जो दर्ज हुए।",
            f"This copy is made from the file as of {_moment(at)}. Dates and words are as they were recorded.",
        ),
        "law": f"{basis.section} · {(lang == 'hi' and basis.source_hi) or basis.source}",
        "facts": _facts(objection, say, at),
        "parts": [_notice(objection, say), _history(objection, say), _clocks(objection, say), _papers(objection, say)],
        "steps": [
            say(
                "पत्र संख्या /verify पर डालिए: असली हो तो तारीख और निशान दिखेंगे।",
                "Enter the letter's number at /verify: a genuine one shows its date and digest.",
            ),
            say(
                "हर प्रविष्टि जर्नल में है, जिसकी कड़ी थाम के बाहर भी जाँची जा सकती है।",
                "Every entry is in the journal, whose chain can be verified outside Thaam.",
            ),
        ],
    }


def _facts(objection: Objection, say: Any, at: dt.datetime) -> list[dict[str, str]]:
    lang, hold = say.lang, objection.hold
    facts = [
        say.fact("आपत्ति", "Objection", objection.number, f"{_moment(objection.lodged_at)} · {objection.name}"),
        say.fact("कारण", "Reason", REASON_TEXT[objection.reason].in_(lang), objection.words[:400]),
        say.fact("बैंक", "Bank", objection.bank.name(lang), ""),
    ]
    if hold is not None:
        facts += [
            say.fact(
                "रोक",
                "Hold",
                rupees.full(sum(hi - lo for lo, hi in hold.asked)),
                f"{hold.section} · {authority(hold.authority, lang)} · {grouped(hold.reference)}",
            ),
            say.fact(
                "कब से, कब तक",
                "Since, until",
                _moment(hold.answered_at or hold.asked_at),
                _moment(hold.expires_at),
            ),
        ]
    elif objection.own_hold is not None:
        own = objection.own_hold
        facts.append(
            say.fact("बैंक की अपनी रोक", "The bank's own hold", rupees.full(own.amount_paise), own.lien_reference)
        )
    facts.append(
        say.fact(
            "अभी रुका",
            "Held now",
            rupees.full(objection.held_paise_at(at)),
            STAGE_TEXT[Stage(objection.stage)].in_(lang),
        )
    )
    return facts


def _notice(objection: Objection, say: Any) -> dict[str, Any]:
    about = f"hold:{objection.hold_id}" if objection.hold_id else f"own hold:{objection.own_hold_id}"
    told = Fact.objects.filter(kind="holder:told", about=about).order_by("at").first()
    words = say("खाताधारक को सूचना का तथ्य दर्ज नहीं है।", "No fact tells that the holder was informed.")
    if told is not None:
        held = rupees.full(int(told.data.get("held_paise", 0)))
        words = say(
            f"खाताधारक को {_moment(told.at)} पर {held} की रोक की पाँच बातें बताई गईं।",
            f"On {_moment(told.at)} the holder was told the five facts of the hold of {held}.",
        )
    return {"title": say("1. सूचना", "1. Notice"), "words": [words, *_bank_said(told, say)]}


def _bank_said(told: Fact | None, say: Any) -> list[str]:
    """When the bank said that its customer had the words; that it has not said so is told as well."""
    if told is None or "order" not in told.data:
        return []
    answer = Answer.objects.filter(order_id=told.data["order"], kind="Acknowledged").order_by("received_at").first()
    if answer is None:
        return [
            say("बैंक ने अब तक पुष्टि नहीं की कि ग्राहक को बताया।", "The bank has not said yet that its customer was told.")
        ]
    at = _moment(answer.received_at)
    return [say(f"बैंक ने {at} पर पुष्टि की कि ग्राहक को बताया।", f"On {at} the bank said that its customer was told.")]


def _where(step: Step, lang: str) -> str:
    """The rung, and who acted there where it was an officer."""
    rung = STAGE_TEXT[Stage(step.stage)].in_(lang)
    return f"{rung}\n{step.officer.name(lang)}" if step.officer else rung


def _history(objection: Objection, say: Any) -> dict[str, Any]:
    rows = [
        [
            _moment(step.at),
            _where(step, say.lang),
            STEP_TEXT.get(step.what, Text(step.what, step.what)).in_(say.lang),
            step.words[:600] or "—",
        ]
        for step in objection.steps.select_related("officer").order_by("at", "id")
    ]
    head = [
        {"text": say("कब", "When")}, {"text": say("कहाँ", "Stage")}, {"text": say("क्या", "What")},
        {"text": say("शब्द", "Words"), "wide": True},
    ]  # fmt: skip
    return {"title": say("2. आपत्ति, जवाब और निर्णय", "2. Objection, replies, decisions"), "head": head, "rows": rows}


def _clocks(objection: Objection, say: Any) -> dict[str, Any]:
    rows = [
        [say("रुकी", "paused"), _moment(each.from_at), _moment(each.ended_at or each.until_at), each.words[:200]]
        for each in objection.pauses.order_by("from_at")
    ]
    kinds = ("objection:escalated", "opening:late", "objection:nudged")
    for fact in Fact.objects.filter(about=f"objection:{objection.pk}", kind__in=kinds).order_by("at"):
        kind = {
            "objection:escalated": say("समय पूरा, ऊपर", "time over, moved up"),
            "opening:late": say("बैंक को देर", "bank late"),
            "objection:nudged": say("व्यापार मंडल ने याद दिलाया", "reminder of a trade body"),
        }[fact.kind]
        rows.append([kind, _moment(fact.at), "—", str(fact.data.get("silent", fact.data.get("stage", "")))])
    if not rows:
        rows = [[say("कोई नहीं", "none"), "—", "—", "—"]]
    head = [
        {"text": say("घड़ी", "Clock")}, {"text": say("कब", "From")}, {"text": say("तक", "Until")},
        {"text": say("किस कारण", "Why"), "wide": True},
    ]  # fmt: skip
    return {"title": say("3. समय-सीमा का इतिहास", "3. History of the clocks"), "head": head, "rows": rows}


def _papers(objection: Objection, say: Any) -> dict[str, Any]:
    rows = [
        [each.name, _day(each.received_at), f"SHA-256 {each.sha256}"]
        for each in File.objects.filter(about=f"objection:{objection.pk}").order_by("received_at")
    ]
    if not rows:
        rows = [[say("कोई नहीं", "none"), "—", "—"]]
    head = [
        {"text": say("काग़ज़", "Paper")}, {"text": say("कब", "When")},
        {"text": say("निशान", "Digest"), "wide": True},
    ]  # fmt: skip
    return {"title": say("4. खाताधारक के काग़ज़", "4. The holder's papers"), "head": head, "rows": rows}
