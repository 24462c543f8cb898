"""The console's command line: `h 49999 sbi 530693093182 ramesh77@ybl`, in any order; every command has a button too."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from thaam.language.numbers import latin_digits
from thaam.language.rupees import NotAnAmount, full, read_rupees
from thaam.language.text import Text
from thaam.web.shared.banks import UNKNOWN_BANK, bank_name, code_for
from thaam.web.shared.references import look_at_reference

_VPA = re.compile(r"[a-z0-9.\-_]{2,}@[a-z][a-z0-9]+", re.IGNORECASE)
CALL_BACK_MINUTES_MAX = 24 * 60
_WORDS = {
    "amount": Text("रकम", "amount"),
    "bank": Text("बैंक", "bank"),
    "reference": Text("UTR", "UTR"),
    "vpa": Text("किसे", "to"),
    "mobile": Text("मोबाइल", "mobile"),
    "find": Text("खोजें", "find"),
    "row": Text("अगला लेन-देन", "next debit"),
    "call_back": Text("मिनट बाद वापस कॉल", "minutes, then call back"),
    "bank_sheet": Text("बैंक के नंबर", "the bank's numbers"),
    "drop": Text("कॉल कट गई", "the call dropped"),
    "unknown": Text("समझ नहीं आया", "not understood"),
}


@dataclass(slots=True)
class Command:
    """What a line means: an action (`hold`, `find`, `row`, `call_back`, `bank_sheet`, `drop`, `none`), values for
    fields, and an echo token by token."""

    action: str = "none"
    values: dict[str, str] = field(default_factory=dict)
    echo: list[tuple[str, Text]] = field(default_factory=list)


def read_command(line: str) -> Command:
    """Read one line. Order-free after the first word; what is not understood is echoed as such, never guessed."""
    tokens = latin_digits(line.replace("\x00", "")[:200]).split()
    if not tokens:
        return Command()
    head, rest = tokens[0].lower(), tokens[1:]
    if head == "f" and rest:
        return Command("find", {"q": " ".join(rest)}, [(" ".join(rest), _WORDS["find"])])
    if head == "n":
        return Command("row", {}, [("n", _WORDS["row"])])
    if head == "cb" and rest and rest[0].isdecimal():
        minutes = str(min(max(int(rest[0]), 1), CALL_BACK_MINUTES_MAX))
        return Command("call_back", {"minutes": minutes}, [(minutes, _WORDS["call_back"])])
    if head == "drop":
        return Command("drop", {}, [("drop", _WORDS["drop"])])
    if head == "bank" and rest:
        code = code_for(" ".join(rest))
        known = bool(code) and code != UNKNOWN_BANK
        return Command(
            "bank_sheet" if known else "none",
            {"bank": code} if known else {},
            [(bank_name(code, "en") if known else " ".join(rest), _WORDS["bank_sheet" if known else "unknown"])],
        )
    command = Command("hold")
    for token in rest if head == "h" else tokens:
        _take(command, token)
    return command


def _take(command: Command, token: str) -> None:
    kind, value = _kind_of(token, command.values)
    if kind != "unknown":
        command.values[kind] = value
    command.echo.append((token, _WORDS[kind]))


def _kind_of(token: str, known: dict[str, str]) -> tuple[str, str]:
    """Which field a token is for."""
    if _VPA.fullmatch(token):
        return "vpa", token.lower()
    bare = token.replace(",", "")
    if re.fullmatch(r"\d{12}", bare) or re.fullmatch(r"[A-Za-z]{4}[A-Za-z0-9]\d{9,17}", token):
        return "reference", bare.upper()
    if re.fullmatch(r"[6-9]\d{9}", bare) and "amount" in known:
        return "mobile", bare
    if re.fullmatch(r"\d{10,24}|[Tt]\d{18,24}", bare):
        return "reference", bare
    if token[0].isdigit() or token[0] == "₹":
        try:
            return "amount", full(read_rupees(token)).lstrip("₹")
        except NotAnAmount:
            return "unknown", token
    code = code_for(token)
    if code and code != UNKNOWN_BANK:
        return "bank", bank_name(code, "en")
    return "unknown", token


def looks(values: dict[str, str], lang: str) -> dict[str, str]:
    """What was recognised under the reference, for the page."""
    look = look_at_reference(values.get("reference", ""))
    return {"reference": look.text.in_(lang) if look.text else "", "sound": "1" if look.sound else ""}
