"""One spelling for each identifier, so that the same number is the same row however it was typed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from enum import StrEnum
from urllib.parse import urlsplit

from thaam.language.numbers import latin_digits
from thaam.language.text import Text
from thaam.money.references.recognising import luhn
from thaam.money.references.vpa import vpa_of
from thaam.suspects.folding import fold_name


class IdentifierKind(StrEnum):
    """What can be seen in a fraud."""

    ACCOUNT = "account"
    VPA = "vpa"
    PHONE = "phone"
    IMEI = "imei"
    DEVICE = "device"
    URL = "url"
    APP = "app"
    EMAIL = "email"
    SOCIAL = "social"
    CARD = "card"
    HEADER = "header"
    PERSON = "person"


class NotAnIdentifier(Exception):
    """The text has not the shape of the kind named; `text` says what to give instead."""

    def __init__(self, kind: IdentifierKind, text: Text) -> None:
        super().__init__(f"{kind}: {text.en}")
        self.kind = kind
        self.text = text


def name_of(kind: IdentifierKind, typed: str) -> str:
    """The one spelling of `typed`. Accounts are "BANK/number" without leading zeros (spaces and dashes dropped);
    phones the ten digits of India or +digits abroad; cards first six and last four only. Raises NotAnIdentifier."""
    plain = unicodedata.normalize("NFKC", latin_digits(typed or "")).strip()[:500]
    named = _NAMED[kind](re.sub(r"[\u200b-\u200f\ufeff]", "", plain))
    if not named:
        raise NotAnIdentifier(kind, _ASKED[kind])
    return named


def digest_of(kind: IdentifierKind, name: str) -> bytes:
    """The 32 bytes by which an identifier is looked up in buckets and snapshots. Not a secret: numbers can be
    tried out, so look-ups are limited in number and padded in size."""
    return hashlib.sha256(f"thaam suspect 1|{kind.value}|{name}".encode()).digest()


def _account(plain: str) -> str:
    bank, slash, number = plain.upper().rpartition("/")
    number = re.sub(r"[\s\-]", "", number).lstrip("0")
    bank = re.sub(r"\s", "", bank)
    if not slash or not re.fullmatch(r"[A-Z0-9][A-Z0-9_-]{0,23}", bank) or not re.fullmatch(r"[A-Z0-9]{4,34}", number):
        return ""
    return f"{bank}/{number}"


def _vpa(plain: str) -> str:
    return str(vpa_of(plain) or "")


def _phone(plain: str) -> str:
    digits = re.sub(r"[\s().\-]", "", plain)
    indian = re.fullmatch(r"(?:\+?91|0091|0)?([6-9]\d{9})", digits)
    if indian:
        return indian[1]
    abroad = re.fullmatch(r"(?:\+|00)([1-9]\d{6,14})", digits)
    return f"+{abroad[1]}" if abroad and not abroad[1].startswith("91") else ""


def _imei(plain: str) -> str:
    digits = re.sub(r"[\s\-/]", "", plain)
    return digits if re.fullmatch(r"\d{15}", digits) and luhn(digits) and set(digits) != {"0"} else ""


def _device(plain: str) -> str:
    return plain.lower() if re.fullmatch(r"[A-Za-z0-9:\-_.]{8,80}", plain) else ""


def _url(plain: str) -> str:
    """Host and path without scheme, "www.", port 80/443, query and fragment: what a takedown names."""
    try:
        parts = urlsplit(plain if "//" in plain else f"//{plain}")
        host, port = (parts.hostname or "").removeprefix("www.").rstrip("."), parts.port
        host = host.encode("idna").decode()
    except (ValueError, UnicodeError):
        return ""
    if not re.fullmatch(r"(?=.{4,253}$)(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}", host):
        return ""
    return f"{host}{f':{port}' if port not in (None, 80, 443) else ''}{parts.path.rstrip('/')}"


def _app(plain: str) -> str:
    return plain.lower() if re.fullmatch(r"[A-Za-z]\w*(?:\.\w+)+", plain) else ""


def _email(plain: str) -> str:
    match = re.fullmatch(r"([^\s@]{1,64})@([A-Za-z0-9.\-]+\.[A-Za-z]{2,24})", plain)
    if not match:
        return ""
    local, host = match[1].lower(), match[2].lower()
    if host in ("gmail.com", "googlemail.com"):
        local, host = local.partition("+")[0].replace(".", ""), "gmail.com"
    return f"{local}@{host}"


def _social(plain: str) -> str:
    platform, _, handle = plain.lower().partition(":")
    handle = handle.strip().removeprefix("@").rstrip("/")
    known = re.fullmatch(r"telegram|whatsapp|instagram|facebook|x|youtube|linkedin|signal|snapchat", platform.strip())
    return f"{platform.strip()}:{handle}" if known and re.fullmatch(r"[\w.\-+]{2,100}", handle) else ""


def _card(plain: str) -> str:
    digits = re.sub(r"[\s\-]", "", plain)
    if re.fullmatch(r"\d{13,19}", digits) and luhn(digits):
        return f"{digits[:6]}*{digits[-4:]}"
    return digits if re.fullmatch(r"\d{6}\*\d{4}", digits) else ""


def _header(plain: str) -> str:
    match = re.fullmatch(r"(?:[A-Z]{2}-)?([A-Z0-9]{3,11})(?:-[SPTG])?", plain.upper())
    return match[1] if match else ""


_NAMED = {
    IdentifierKind.ACCOUNT: _account,
    IdentifierKind.VPA: _vpa,
    IdentifierKind.PHONE: _phone,
    IdentifierKind.IMEI: _imei,
    IdentifierKind.DEVICE: _device,
    IdentifierKind.URL: _url,
    IdentifierKind.APP: _app,
    IdentifierKind.EMAIL: _email,
    IdentifierKind.SOCIAL: _social,
    IdentifierKind.CARD: _card,
    IdentifierKind.HEADER: _header,
    IdentifierKind.PERSON: fold_name,
}

_ASKED = {
    IdentifierKind.ACCOUNT: Text(
        "बैंक और खाता नंबर दें, जैसे SBIN/12345678901।", "Give bank and account, as SBIN/12345678901."
    ),
    IdentifierKind.VPA: Text("UPI आईडी दें, जैसे naam@bank।", "Give a UPI id, as name@bank."),
    IdentifierKind.PHONE: Text("10 अंक का मोबाइल नंबर दें।", "Give a mobile number of 10 digits."),
    IdentifierKind.IMEI: Text("15 अंक का IMEI दें (*#06# से दिखता है)।", "Give an IMEI of 15 digits (*#06# shows it)."),
    IdentifierKind.DEVICE: Text("डिवाइस की पहचान दें।", "Give the device's id."),
    IdentifierKind.URL: Text("वेबसाइट का पता दें, जैसे example.com/pay।", "Give the web address, as example.com/pay."),
    IdentifierKind.APP: Text(
        "ऐप का पैकेज नाम दें, जैसे com.example.app।", "Give the app's package name, as com.example.app."
    ),
    IdentifierKind.EMAIL: Text("ई-मेल पता दें।", "Give an e-mail address."),
    IdentifierKind.SOCIAL: Text("मंच और नाम दें, जैसे telegram:naam।", "Give platform and name, as telegram:name."),
    IdentifierKind.CARD: Text(
        "कार्ड के पहले 6 और अंतिम 4 अंक दें, जैसे 123456*7890।", "Give a card's first 6 and last 4 digits, as 123456*7890."
    ),
    IdentifierKind.HEADER: Text("SMS भेजने वाले का नाम दें, जैसे VM-ABCDEF।", "Give the SMS sender, as VM-ABCDEF."),
    IdentifierKind.PERSON: Text("व्यक्ति का नाम दें।", "Give the person's name."),
}
