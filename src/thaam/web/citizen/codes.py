"""Payment codes in the report: a UPI link that was pasted, a QR in a photo or screenshot. They name who was paid."""

from __future__ import annotations

from django.http import HttpRequest

from thaam.language.text import Text
from thaam.reading.upi_links import (
    CannotReadImages,
    NotAPaymentCode,
    PaymentCode,
    payment_code_of,
    payment_codes_in_image,
)
from thaam.web.citizen.draft import DebitDraft
from thaam.web.shared.fields import Wrong
from thaam.web.shared.uploads import uploaded

NO_CODE = Text(
    "इस फ़ोटो में QR नहीं मिला। UPI आईडी खुद लिखें, या “पता नहीं” दबाएँ। फ़ोटो शिकायत के बाद सबूत में जोड़ें।",
    "No QR was found in this photo. Type the UPI id, or press “I do not know”. The photo can be evidence later.",
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


def code_in_upload(request: HttpRequest, name: str) -> PaymentCode:
    """The payment code in an uploaded picture. Raises Wrong when there is none to read."""
    _, content = uploaded(request, name)
    try:
        codes = payment_codes_in_image(content)
    except (CannotReadImages, NotAPaymentCode) as refused:
        raise Wrong(NO_CODE) from refused
    if not codes:
        raise Wrong(NO_CODE)
    return codes[0]


def fill_payee(debit: DebitDraft, code: PaymentCode) -> None:
    """What the code says of the payee; the sum only where none is known yet."""
    debit.payee_vpa = code.payee_vpa
    debit.payee_name = (code.payee_name or debit.payee_name)[:120]
    if code.amount_paise and not debit.amount_paise:
        debit.amount_paise = code.amount_paise
