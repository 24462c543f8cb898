"""The demo's registry: a number reported again and again, a page to take down, reports to answer, an arrest elsewhere.

Everything is made up and goes through the verbs; a second run adds nothing.
"""

from __future__ import annotations

import datetime

from thaam.journal.ids import id_from
from thaam.language.text import Text
from thaam.parties import directory
from thaam.parties.models import Bank, Officer
from thaam.prevention.arresting import note_arrest
from thaam.suspects.blocking import ask_operator
from thaam.suspects.importing import PROFILES, import_list
from thaam.suspects.models import BlockRequest, Identifier, Report, Sighting
from thaam.suspects.naming import IdentifierKind
from thaam.suspects.reporting import lodge_report
from thaam.suspects.sighting import note_sighting

TELECOM = "DEMOTEL"
NUMBER, PAGE = "9876500001", "kyc-update.example/login"
_SOURCES = ("bank:DEMO1", "bank:DEMO2", "bank:DEMO3", "station:DURG", "station:RAIPUR", "portal:demo")
RISKS = ("mobile,risk level,reason", f"{NUMBER},Very High,many reports", "9876500002,Medium,new number")


def add_telecom() -> Bank:
    """The demo's telecom operator and host; its clerk signs in like a bank's."""
    name = Text(hi="मेघना टेलीकॉम", en="Meghna Telecom")
    return directory.add_bank(code=TELECOM, name=name, kind=Bank.Type.TELECOM, in_network=False)


def fill_suspects(*, investigator: Officer, telecom: Bank, at: datetime.datetime) -> None:
    """Sightings over two weeks, two requests, three reports, one arrest. Safe to repeat."""
    if Sighting.objects.filter(id=_id("phone", 0)).exists():
        return
    for kind, typed, reason in (
        (IdentifierKind.PHONE, NUMBER, Sighting.Reason.CALLED),
        (IdentifierKind.URL, PAGE, Sighting.Reason.USED_SITE),
    ):
        for number, source in enumerate(_SOURCES):
            note_sighting(
                sighting_id=_id(kind.value, number), kind=kind, typed=typed, source=source, confidence=70,
                reason=reason, seen_at=at - datetime.timedelta(days=2 * number), by="demo", at=at,
                words="बिजली कटने की बात कहकर बात की",
            )  # fmt: skip
    import_list(profile=PROFILES["risk-levels"], lines=RISKS, list_name="demo", by="demo", at=at)
    for kind, action in ((IdentifierKind.PHONE, "verify_again"), (IdentifierKind.URL, "take_down")):
        identifier = Identifier.objects.get(kind=kind.value, name__in=(NUMBER, PAGE))
        if not BlockRequest.objects.filter(identifier=identifier).exists():
            ask_operator(
                request_id=_id("request", action), identifier=identifier, partner=telecom, action=action,
                words="छह अलग सूचनाओं में यही है।", officer=investigator, at=at,
            )  # fmt: skip
    _reports(at)
    note_arrest(
        arrest_id=_id("arrest"), person="Balu Kumar (demo)", state="Bihar", district="Nalanda",
        unit="Cyber police station", fir="DEMO/112/2026", arrested_on=at.date() - datetime.timedelta(days=3),
        found=[(IdentifierKind.PHONE, NUMBER)], words="विदेश में नौकरी के नाम पर ₹2.82 लाख", by=investigator, at=at,
    )  # fmt: skip


def _reports(at: datetime.datetime) -> None:
    told = (
        (IdentifierKind.PERSON, "Balu Kumar", "एक ही आदमी रोज़ नए नाम से खाते खुलवाने आता है", "bank:DEMO1", "शाखा, दुर्ग"),
        (IdentifierKind.PHONE, "9876500077", "पार्सल में ड्रग्स बताकर डराया, पैसा नहीं दिया", "citizen", ""),
        (IdentifierKind.HEADER, "VM-FAKEBK", "बैंक का नकली SMS", "citizen", ""),
    )
    for number, (kind, typed, words, by, place) in enumerate(told):
        report_id = _id("report", number)
        if not Report.objects.filter(id=report_id).exists():
            lodge_report(report_id=report_id, kind=kind, typed=typed, words=words, by=by, place=place, at=at)


def _id(*words: object) -> str:
    return id_from("demo suspects", *words)
