"""A ring as a suspicious activity report for a financial intelligence unit (goAML XML, schemas 2.0 to 5.0).

Every unit hands out the schema with code lists of its own, so it is not ours to ship. The element order below is the
one in which the schemas 2.0 and 5.0.2 agree; `check` tests it here, and tests/prevention/test_goaml.py validates with
real schemas where `THAAM_GOAML_SCHEMAS` names a folder of them. Which entity we are, and the codes for the report
and its indicator, are settings (`Filing`).
"""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from thaam.prevention.exporting import NOTE
from thaam.prevention.network import Node, Ring

ORDER = (
    "rentity_id", "submission_code", "report_code", "entity_reference", "submission_date", "currency_code_local",
    "reporting_person", "reason", "action", "activity", "report_indicators",
)  # fmt: skip
PARTY = ("account", "significance", "reason")
ACCOUNT = ("institution_name", "swift", "account", "currency_code", "account_name")
NO_SWIFT = "0000"
"""Both schemas want a BIC or, in one of them, four digits where there is none."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What the unit assigned us: our number, and its codes for this kind of report and for what it indicates."""

    entity: int = 1
    report: str = "SAR"
    indicator: str = "CYBERFRAUD"


def filing_from(told: str) -> Filing:
    """Settings as text: `entity=412 report=STR indicator=FRDIG`. Raises ValueError for anything else."""
    pairs = dict(part.split("=", 1) for part in told.split())
    if unknown := pairs.keys() - {"entity", "report", "indicator"}:
        raise ValueError(f"goAML settings: unknown name {min(unknown)}")
    given = Filing()
    return Filing(
        int(pairs.get("entity", given.entity)), pairs.get("report", given.report),
        pairs.get("indicator", given.indicator),
    )  # fmt: skip


def goaml(ring: Ring, *, at: dt.datetime, by: str, filing: Filing | None = None) -> bytes:
    """The ring's accounts as report parties, everything else in the reason; `by` is the officer's name."""
    filing = filing or Filing()
    root = ET.Element("report")
    _put(
        root, rentity_id=str(filing.entity), submission_code="E", report_code=filing.report,
        entity_reference=_plain(ring.code, 255), submission_date=at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        currency_code_local="INR",
    )  # fmt: skip
    first, last = _name_of(by)
    _put(ET.SubElement(root, "reporting_person"), first_name=first, last_name=last)
    others = ", ".join(f"{node.kind} {node.name}" for node in ring.nodes if node.kind != "account")
    reason = f"{len(ring.complaints)} complaints, INR {ring.paise // 100} reported lost. Also: {others or 'nothing'}."
    _put(
        root, reason=_plain(f"{reason} {NOTE}", 4000),
        action="Shared for information; holds were ordered separately.",
    )  # fmt: skip
    parties = ET.SubElement(ET.SubElement(root, "activity"), "report_parties")
    for node in ring.nodes:
        if node.kind == "account":
            _put_party(ET.SubElement(parties, "report_party"), node)
    _put(ET.SubElement(root, "report_indicators"), indicator=filing.indicator)
    ET.indent(root, " ")
    return bytes(b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8"))


def _put_party(party: ET.Element, node: Node) -> None:
    bank, _, number = node.name.partition("/")
    _put(
        ET.SubElement(party, "account"), institution_name=_plain(bank, 255).ljust(3, "."), swift=NO_SWIFT,
        account=_plain(number, 50), currency_code="INR",
        account_name="not known",
    )  # fmt: skip
    _put(
        party, significance=str(min(10, len(node.complaints))),
        reason=f"named in {len(node.complaints)} complaints",
    )  # fmt: skip


def _put(parent: ET.Element, **children: str) -> None:
    for name, text in children.items():
        ET.SubElement(parent, name).text = text


def _plain(text: str, most: int) -> str:
    """Printable ASCII, as the narrowest schema wants: other letters become their code points, nothing is lost."""
    return re.sub(r"[^ -~]", lambda hit: f"(U+{ord(hit[0]):04X})", text)[:most]


def _name_of(by: str) -> tuple[str, str]:
    """First and last name in letters, at least two each; an officer without Latin letters signs as officer."""
    words = [word for word in re.findall(r"[A-Za-z]+", by) if len(word) > 1] or ["Officer"]
    return words[0], words[-1] if len(words) > 1 else "Officer"


def check(body: bytes) -> list[str]:
    """What is wrong with a report: elements missing or out of order, values of a wrong shape; empty when nothing."""
    root = ET.fromstring(body)
    wrong = [] if root.tag == "report" else [f"the root is {root.tag}"]
    wrong += _out_of_order(root, ORDER)
    if not re.fullmatch(r"[1-9]\d*", root.findtext("rentity_id", "")):
        wrong.append("rentity_id is a number from 1")
    try:
        dt.datetime.fromisoformat(root.findtext("submission_date", ""))
    except ValueError:
        wrong.append("submission_date is no xs:dateTime")
    parties = root.findall("activity/report_parties/report_party")
    if not parties:
        wrong.append("there is no party")
    for party in parties:
        wrong += _out_of_order(party, PARTY)
        account = party.find("account")
        wrong += _out_of_order(account, ACCOUNT) if account is not None else []
        if not 0 <= int(party.findtext("significance", "-1")) <= 10:
            wrong.append("significance is 0 to 10")
    wrong += [f"{each.tag} is empty" for each in root.iter() if not len(each) and not (each.text or "").strip()]
    return wrong


def _out_of_order(parent: ET.Element, order: tuple[str, ...]) -> list[str]:
    found = [each.tag for each in parent]
    wrong = [f"{name} is missing" for name in order if name not in found]
    wrong += [f"{name} is unknown" for name in found if name not in order]
    if not wrong and found != list(order):
        wrong.append(f"the elements of {parent.tag} are out of order")
    return wrong
