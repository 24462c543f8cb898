"""The ladder of an objection: who decides, by which clock of the rulebook, and where it goes when nobody does."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from thaam.language.text import Text
from thaam.parties.models import Officer


class Stage(models.TextChoices):
    """Where an objection lies."""

    BANK = "bank"
    OFFICER = "officer"
    DISTRICT = "district"
    STATE = "state"
    SILENT = "silent"  # the ladder is at its end and nobody decided: ombudsman, magistrate, High Court
    DECIDED = "decided"
    ENDED = "ended"  # the hold ended meanwhile: there is nothing left to object to


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: its clock, who may decide there, and the next rung."""

    clock: str
    roles: tuple[str, ...]
    above: Stage
    title: Text
    place: str = ""  # "district" or "state": whose officers decide there, of the complaint behind the hold


LADDER: dict[Stage, Step] = {
    Stage.BANK: Step("objection_bank", (), Stage.OFFICER, Text(hi="बैंक जाँच कर रहा है", en="With the bank")),
    Stage.OFFICER: Step(
        "objection_officer",
        (Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR),
        Stage.DISTRICT,
        Text(hi="जाँच अधिकारी के पास", en="With the investigating officer"),
    ),
    Stage.DISTRICT: Step(
        "objection_district",
        (Officer.Role.SUPERVISOR,),
        Stage.STATE,
        Text(hi="ज़िला शिकायत अधिकारी के पास", en="With the district officer"),
        "district",
    ),
    Stage.STATE: Step(
        "objection_state",
        (Officer.Role.SUPERVISOR, Officer.Role.APPROVER),
        Stage.SILENT,
        Text(hi="राज्य शिकायत अधिकारी के पास", en="With the state officer"),
        "state",
    ),
}
OPEN = tuple(LADDER)


def rung_of(stage: str) -> Step | None:
    """Who decides there; past the last clock still the state's officers, late but allowed. None when it is over."""
    return LADDER.get(Stage.STATE if stage == Stage.SILENT else Stage(stage))


class Outcome(models.TextChoices):
    """What was decided."""

    UPHELD = "upheld"  # the hold goes
    PARTLY_UPHELD = "partly_upheld"  # part of it goes
    REJECTED = "rejected"  # it stays; the holder may go one rung up


class Advice(models.TextChoices):
    """What a bank advises after it has looked."""

    REMOVE = "remove"
    REDUCE = "reduce"
    KEEP = "keep"


class Reason(models.TextChoices):
    """Why the holder says the hold is wrong; the picker of the page."""

    GOODS = "goods"  # I sold something for this money
    WORK = "work"  # it is my wages
    FAMILY = "family"  # from family or friends
    MORE_THAN_CREDIT = "more_than_credit"  # more is held than came in
    WHOLE_ACCOUNT = "whole_account"  # my whole account is stopped
    NOT_MINE = "not_mine"  # I know nothing of this payment
    OTHER = "other"


REASON_TEXT: dict[str, Text] = {
    Reason.GOODS: Text(hi="मैंने इसके बदले सामान बेचा था", en="I sold goods for this money"),
    Reason.WORK: Text(hi="यह मेरी मेहनत या तनख़्वाह का पैसा है", en="It is my wages or my work"),
    Reason.FAMILY: Text(hi="यह परिवार या दोस्तों ने भेजा", en="Family or friends sent it"),
    Reason.MORE_THAN_CREDIT: Text(hi="जितना आया उससे ज़्यादा रोका गया है", en="More is held than came in"),
    Reason.WHOLE_ACCOUNT: Text(hi="मेरा पूरा खाता बंद है", en="My whole account is stopped"),
    Reason.NOT_MINE: Text(hi="मुझे इस लेन-देन का पता नहीं", en="I know nothing of this payment"),
    Reason.OTHER: Text(hi="कुछ और", en="Something else"),
}

STAGE_TEXT: dict[str, Text] = {
    **{stage: rung.title for stage, rung in LADDER.items()},
    Stage.SILENT: Text(hi="कहीं से निर्णय नहीं आया", en="Nobody decided"),
    Stage.DECIDED: Text(hi="निर्णय हो चुका", en="Decided"),
    Stage.ENDED: Text(hi="रोक हट चुकी", en="The hold has ended"),
}
NEXT_TEXT: dict[str, Text] = {
    Stage.BANK: Text(hi="बैंक बिल और खाते की जाँच करके लिखेगा", en="The bank checks the bill and the account"),
    Stage.OFFICER: Text(hi="जाँच अधिकारी सुनकर निर्णय देंगे", en="The investigating officer hears you and decides"),
    Stage.DISTRICT: Text(hi="ज़िला अधिकारी निर्णय देंगे", en="The district officer decides"),
    Stage.STATE: Text(hi="राज्य अधिकारी निर्णय देंगे", en="The state officer decides"),
    Stage.SILENT: Text(
        hi="अदालत या RBI लोकपाल (14448) के पास जा सकते हैं। राज्य अधिकारी अब भी निर्णय दे सकते हैं; "
        "रोक अपनी तारीख पर अपने-आप हटेगी",
        en="You can go to a court or the RBI Ombudsman (14448). The state officer can still decide; the hold ends by "
        "itself on its date",
    ),
    Stage.DECIDED: Text(hi="निर्णय पर अमल, या आपकी अपील", en="The decision is carried out, or you appeal"),
    Stage.ENDED: Text(hi="कुछ बाकी नहीं", en="Nothing is left to do"),
}
