"""Pictures and payment codes in the report: a UPI link that was pasted, a QR or the words of an SMS in a screenshot.

A code names who was paid; words go into the box of the SMS, for the person to check. Nothing is sent by either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest

from thaam.files.kinds import NotAllowed, TooBig, kind_of
from thaam.language.text import Text
from thaam.money.references import vpa_of
from thaam.reading.message import read_message
from thaam.reading.pictures import CannotReadWords, can_read_words, words_in_image
from thaam.reading.upi_links import (
    CannotReadImages,
    NotAPaymentCode,
    PaymentCode,
    payment_code_of,
    payment_codes_in_image,
)
from thaam.web.citizen.draft import DebitDraft
from thaam.web.shared.fields import Wrong
from thaam.web.shared.tries import too_many
from thaam.web.shared.uploads import uploaded

WORDS_READ_MAX = 12
NO_CODE = Text(
    "इस फ़ोटो में QR नहीं मिला। UPI आईडी खुद लिखें, या “पता नहीं” दबाएँ। फ़ोटो शिकायत के बाद सबूत में जोड़ें।",
    "No QR was found in this photo. Type the UPI id, or press “I do not know”. The photo can be evidence later.",
)
NOTHING_READ = Text(
    "इस फ़ोटो से कुछ पढ़ा नहीं जा सका। “खुद भरें” चुनें; फ़ोटो शिकायत भेजने के बाद सबूत में जोड़ें।",
    "Nothing could be read from this photo. Choose “fill it in myself”; add the photo as evidence after sending.",
)
HEIC = Text(
    "HEIC फ़ोटो यहाँ नहीं पढ़ी जाती। स्क्रीनशॉट (PNG या JPG) चुनें। HEIC फ़ोटो शिकायत के बाद सबूत में जुड़ जाएगी।",
    "A HEIC photo cannot be read here. Choose a screenshot (PNG or JPG). The HEIC can be evidence after sending.",
)
NO_PICTURE = Text(
    "यह फ़ाइल फ़ोटो नहीं है। स्क्रीनशॉट या फ़ोटो (PNG या JPG) चुनें।",
    "This file is not a photo. Choose a screenshot or photo (PNG or JPG).",
)


def is_code(text: str) -> bool:
    """True for a UPI link or the text of a payment QR, not for a message that merely holds a UPI id."""
    plain = text.strip()
    if not plain.lower().startswith(("upi://", "000201")):
        return False
    try:
        payment_code_of(plain)
    except NotAPaymentCode:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Shot:
    """What a picture says: a payment code, else the words of a bank's message, else a UPI id or a number in it."""

    code: PaymentCode | None = None
    message: str = ""
    vpa: str = ""
    reference: str = ""


def code_in_upload(request: HttpRequest, name: str) -> PaymentCode:
    """The payment code in an uploaded picture. Raises Wrong when there is none to read."""
    content = _picture(request, name)
    if (code := _code_in(content)) is None:
        raise Wrong(NO_CODE)
    return code


def read_shot(request: HttpRequest, name: str) -> Shot:
    """The code or the words in an uploaded picture. Raises Wrong when there is nothing to read in it.

    Reading words costs a second of a core: an address may ask for it a dozen times in a quarter of an hour.
    """
    content = _picture(request, name)
    if code := _code_in(content):
        return Shot(code=code)
    if not can_read_words() or too_many(request, "words of a picture", most=WORDS_READ_MAX):
        raise Wrong(NOTHING_READ)
    try:
        words = words_in_image(content)
    except CannotReadWords as refused:
        raise Wrong(NOTHING_READ) from refused
    if read_message(words).is_transaction:
        return Shot(message=words)
    found = Shot(vpa=_vpa_in(words), reference=_number_in(words))
    if not (found.vpa or found.reference):
        raise Wrong(NOTHING_READ)
    return found


def _picture(request: HttpRequest, name: str) -> bytes:
    """The bytes of an uploaded picture of a kind we can look into. Raises Wrong with what to do instead."""
    given, content = uploaded(request, name)
    try:
        kind = kind_of(content, name=given)
    except TooBig as big:
        size = {"size": big.size_mb, "most": big.most_mb}
        raise Wrong(Text(big.text.in_("hi", **size), big.text.in_("en", **size))) from big
    except NotAllowed as refused:
        raise Wrong(NO_PICTURE) from refused
    if kind == "heic":
        raise Wrong(HEIC)
    if kind not in ("jpg", "png"):
        raise Wrong(NO_PICTURE)
    return content


def _code_in(content: bytes) -> PaymentCode | None:
    try:
        codes = payment_codes_in_image(content)
    except (CannotReadImages, NotAPaymentCode):
        return None
    return codes[0] if codes else None


def _vpa_in(words: str) -> str:
    found = re.search(r"[A-Za-z0-9.\-_]{2,}@[A-Za-z]{2,}\b(?!\.)", words)
    return str(vpa_of(found.group()) or "") if found else ""


def _number_in(words: str) -> str:
    found = re.search(r"(?<![\dA-Za-z])\d{12}(?!\d)", words)
    return found.group() if found else ""


def fill_payee(debit: DebitDraft, code: PaymentCode) -> None:
    """What the code says of the payee; the sum only where none is known yet."""
    debit.payee_vpa = code.payee_vpa
    debit.payee_name = (code.payee_name or debit.payee_name)[:120]
    if code.amount_paise and not debit.amount_paise:
        debit.amount_paise = code.amount_paise
