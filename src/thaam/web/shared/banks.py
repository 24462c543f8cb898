"""Banks as a person names them: tiles to choose from, and the bank meant by a free text."""

from __future__ import annotations

import difflib
import re
from functools import cache

from django.db.models import Q, QuerySet

from thaam.parties.banks import bank_name as bank_name
from thaam.parties.banks import bank_of_ifsc, bank_of_vpa
from thaam.parties.models import Bank
from thaam.reading.bank_names import WELL_KNOWN, listed_name
from thaam.reading.banks import bank_in, bank_table

TILES_MAX = 12
_IFSC = re.compile(r"\b[A-Z]{4}0[A-Z0-9]{6}\b")
_VPA = re.compile(r"[A-Za-z0-9._-]{2,}@[A-Za-z]{2,}")


def tiles() -> list[Bank]:
    """The banks offered by name: those in the network first, by name. An engineer's sandbox is nobody's bank."""
    return list(with_accounts().filter(in_network=True)[:TILES_MAX])


def with_accounts() -> QuerySet[Bank]:
    """Everybody who keeps accounts, by name: no aggregator, no telecom, no engineer's sandbox."""
    of_firms = (Bank.Type.AGGREGATOR, Bank.Type.TELECOM)
    return Bank.objects.exclude(kind__in=of_firms).exclude(code="SANDBOX").order_by("name_en")


def names_for_typing(lang: str) -> list[str]:
    """Names offered while a bank is typed: the network's banks, then the well-known ones outside it."""
    joined = [
        bank.name(lang) for bank in Bank.objects.filter(in_network=True).exclude(code="SANDBOX").order_by("name_en")
    ]
    return list(dict.fromkeys([*joined, *(bank_table()[code].name for code in WELL_KNOWN)]))


def bank_named(text: str) -> Bank | None:
    """The bank a word means: its code, its IFSC letters, its name in either language, or a clear beginning of one."""
    plain = " ".join(text.split()).casefold()
    if not plain:
        return None
    known = list(Bank.objects.all())
    for bank in known:
        if plain in {bank.code.casefold(), bank.name_en.casefold(), bank.name_hi, bank.ifsc_prefix.casefold()}:
            return bank
    begun = [
        bank
        for bank in known
        if len(plain) >= 3 and (bank.name_en.casefold().startswith(plain) or bank.name_hi.startswith(plain))
    ]
    if len(begun) == 1:
        return begun[0]
    return bank_of_ifsc(plain) if len(plain) == 11 else None


def bank_in_narration(line: str, *, but: str = "") -> Bank | None:
    """The other bank that a line of a statement names: by IFSC, by UPI address, or by one code or IFSC letters.

    `but` is the bank whose statement it is. None when the line names no bank, or more than one.
    """
    told = [bank_of_ifsc(each) for each in _IFSC.findall(line.upper())]
    told += [bank_of_vpa(each) for each in _VPA.findall(line)]
    for bank in told:
        if bank is not None and bank.code != but:
            return bank
    pieces = {each for each in re.split(r"[^A-Z0-9]+", line.upper()) if len(each) >= 4}
    said = Bank.objects.filter(Q(code__in=pieces) | Q(ifsc_prefix__in=pieces)).exclude(code=but)
    found = list(said.exclude(kind=Bank.Type.TELECOM)[:2])
    return found[0] if len(found) == 1 else None


def code_told(text: str) -> str:
    """The code a bank's clerk means by what was typed, or "": our directory's first, then the IFSC list's letters.

    Most money goes on to banks that have not joined. Understood are a code with or without its name, an IFSC, a UPI
    address of our directory, and the name in either language.
    """
    if known := bank_named(text) or bank_in_narration(text):
        return known.code
    if code := listed_code(text):
        return code
    code = code_for(text)
    return "" if code == UNKNOWN_BANK else code


def listed_code(text: str) -> str:
    """IFSC letters of the list that stand at the head of these words, or begin an IFSC in them; else ""."""
    head = text.split()[0].upper() if text.split() else ""
    begun = [each[:4] for each in _IFSC.findall(text.upper())]
    return next((code for code in (head, *begun) if code in bank_table()), "")


def banks_to_choose(lang: str) -> list[tuple[str, str]]:
    """Code and name of every bank of the directory by name, then of the well-known banks outside it."""
    ours = Bank.objects.exclude(kind=Bank.Type.TELECOM).order_by("name_en")
    named = [(bank.code, bank.name(lang)) for bank in ours]
    codes = {code for code, _ in named} | {bank.ifsc_prefix for bank in ours}
    return named + [(code, listed_name(code, lang)) for code in WELL_KNOWN if code not in codes]


def bank_told_in(message: str) -> Bank | None:
    """The one bank of our directory that a message names, by name or code as a word of its own; None when not one."""
    words = " ".join(["", *re.split(r"[^\w\u0900-\u097f]+", message.casefold()), ""])
    said = [
        bank
        for bank in Bank.objects.all()
        if any(f" {name.casefold()} " in words for name in (bank.name_en, bank.name_hi, bank.code) if name)
    ]
    return said[0] if len(said) == 1 else None


def names_of(codes: set[str], lang: str) -> dict[str, str]:
    """Names of several banks in one query."""
    found = {bank.code: bank.name(lang) for bank in Bank.objects.filter(code__in=codes)}
    return {code: found.get(code) or listed_name(code, lang) for code in codes}


LIKE_MAX = 4


def banks_like(name: str, lang: str) -> list[tuple[str, str]]:
    """Codes and names of banks whose name looks or sounds like what was typed, the likeliest first; maybe none."""
    known = {bank.name(lang): bank.code for bank in Bank.objects.all()}
    known |= {row.name: row.code for row in bank_table().values() if row.name not in known}
    plain = {
        re.sub(r"\b(?:bank|ltd|limited|the|of|बैंक)\b|[^\w\s]", " ", each.casefold()).strip(): each for each in known
    }
    typed = re.sub(r"\b(?:bank|बैंक)\b", " ", " ".join(name.split()).casefold()).strip()
    close = difflib.get_close_matches(typed, list(plain), n=LIKE_MAX, cutoff=0.72) if len(typed) > 2 else []
    return [(known[plain[each]], plain[each]) for each in close]


UNKNOWN_BANK = "UNKNOWN"


@cache
def _listed_codes() -> dict[str, str]:
    """Codes by the full names of the IFSC list, and by the Hindi names of the well-known."""
    by_name = {row.name.casefold(): row.code for row in bank_table().values()}
    return by_name | {listed_name(code, "hi").casefold(): code for code in WELL_KNOWN}


def code_for(name: str) -> str:
    """A code for a bank named in words: the directory's, the IFSC list's, else a word that says we do not know."""
    if bank := bank_named(name):
        return bank.code
    if listed := _listed_codes().get(" ".join(name.split()).casefold()):
        return listed
    if named := bank_in(name, None):
        return named[0]
    return UNKNOWN_BANK if name else ""
