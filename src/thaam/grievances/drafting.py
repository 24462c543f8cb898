"""A reasoned order drafted from the facts on file: the officer reads it, changes it, and signs what then stands."""

from __future__ import annotations

import datetime as dt

from thaam.files.models import File
from thaam.language import rupees
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.rulebook.rules import rule

from .models import Finding, Objection
from .stages import REASON_TEXT, Advice, Outcome

# what a draft leaves for the officer to fill in; a decision that still holds one of these has no reasons yet
UNFILLED = ("[क्या कम है, लिखिए]", "[say what is missing]")
_YES_NO = {True: Text("हाँ", "yes"), False: Text("नहीं", "no"), None: Text("पता नहीं", "not known")}
_ADVICE = {
    Advice.REMOVE: Text("रोक हटाई जाए", "remove the hold"),
    Advice.REDUCE: Text("रोक घटाई जाए", "reduce the hold"),
    Advice.KEEP: Text("रोक रखी जाए", "keep the hold"),
}
_END = {
    Outcome.UPHELD: Text(
        "इन तथ्यों से यह नहीं दिखता कि खाताधारक को ठगी का पता था; रकम सामान्य लेन-देन में आई। इसलिए पूरी रोक हटाई जाती है।",
        "These facts do not show that the holder knew of the fraud; the money came in an ordinary dealing. The whole "
        "hold is therefore removed.",
    ),
    Outcome.PARTLY_UPHELD: Text(
        "विवादित रकम से ज़्यादा रोकना उचित नहीं है। इसलिए रोक घटाई जाती है, और बाकी पर जारी रहती है।",
        "More than the disputed sum may not be held. The hold is therefore reduced and continues on the rest.",
    ),
    Outcome.REJECTED: Text(
        "ऊपर के तथ्यों का संतोषजनक जवाब काग़ज़ों में नहीं मिला: [क्या कम है, लिखिए]। इसलिए रोक अपनी तारीख तक जारी रहेगी। "
        "जब तक रोक है, ऊपर के अधिकारी के पास अपील हो सकती है।",
        "The papers do not answer the facts above: [say what is missing]. The hold therefore continues until its date. "
        "As long as it lasts an appeal to the higher officer is possible.",
    ),
}


def draft_of(objection: Objection, outcome: str, *, lang: str, at: dt.datetime) -> str:
    """The draft in one language: the hold, what the holder says, what the bank found, the hearing, the decision."""
    lines = [_hold(objection, lang, at), _holder(objection, lang)]
    finding = objection.findings.order_by("-at", "-id").first()
    if finding is not None:
        lines.append(_bank(finding, lang))
    lines += [
        Text("वीडियो पर सुनवाई {day} को: {words}", "Heard by video on {day}: {words}").in_(
            lang, day=_day(slot.held_at), words=slot.words
        )
        for slot in objection.hearings.exclude(held_at=None).order_by("held_at")
        if slot.held_at is not None
    ]
    lines.append(_END[Outcome(outcome)].in_(lang))
    return "\n".join(line for line in lines if line)


def _hold(objection: Objection, lang: str, at: dt.datetime) -> str:
    held = rupees.full(objection.held_paise_at(at))
    if objection.hold is None:
        own = objection.own_hold
        assert own is not None
        return Text(
            "{bank} ने {day} से {held} पर अपनी ओर से रोक लगाई।", "{bank} placed a hold of {held} of its own on {day}."
        ).in_(lang, bank=objection.bank.name(lang), held=held, day=_day(own.placed_at))
    hold = objection.hold
    limit = rule("hold_expiry", jurisdiction=hold.jurisdiction, on=hold.asked_at)
    return Text(
        "{day} को {section} के तहत, शिकायत {number} पर, {bank} के खाते में {held} पर रोक लगी। रोक की अवधि: {limit}।",
        "On {day} a hold of {held} was placed at {bank} under {section}, complaint {number}. It lasts {limit}.",
    ).in_(
        lang, day=_day(hold.answered_at or hold.asked_at), section=hold.section, number=hold.reference,
        bank=objection.bank.name(lang), held=held, limit=limit.amount_in(lang),
    )  # fmt: skip


def _holder(objection: Objection, lang: str) -> str:
    papers = File.objects.filter(about=f"objection:{objection.pk}").count()
    told = REASON_TEXT[objection.reason].in_(lang)
    words = f" {objection.words}" if objection.words else ""
    return Text(
        "खाताधारक ने {day} को आपत्ति {number} की: “{told}”।{words} साथ दिए काग़ज़: {papers}।",
        "On {day} the holder lodged objection {number}: “{told}”.{words} Papers given: {papers}.",
    ).in_(lang, day=_day(objection.lodged_at), number=objection.number, told=told, words=words, papers=papers)


def _bank(finding: Finding, lang: str) -> str:
    return Text(
        "बैंक की जाँच ({day}): KYC ठीक: {kyc}; जमा बिल से मिलती है: {match}; खाते का चलन सामान्य: {use}। "
        "सलाह: {advice}। {words}",
        "The bank's check ({day}): KYC in order: {kyc}; credit matches the bill: {match}; usual use: {use}. Advice: "
        "{advice}. {words}",
    ).in_(
        lang, day=_day(finding.at), kyc=_YES_NO[finding.kyc_in_order].in_(lang),
        match=_YES_NO[finding.credit_matches].in_(lang), use=_YES_NO[finding.usual_use].in_(lang),
        advice=_ADVICE[Advice(finding.advice)].in_(lang), words=finding.words,
    )  # fmt: skip


def _day(at: dt.datetime) -> str:
    return f"{at.astimezone(IST):%d.%m.%Y}"
