"""UPI payment links and the text inside UPI and Bharat QR codes: whom would they pay, how much.

A victim's screenshot or a shop's poster names the payee exactly; typing it would not. Images need the optional
`zxing-cpp` and Pillow, imported only when an image comes.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from thaam.money.references import vpa_of

LONGEST = 2_000
PIXELS_MAX = 40_000_000


class NotAPaymentCode(Exception):
    """The text or image holds no UPI payment address."""


class CannotReadImages(Exception):
    """This installation has no QR reader (extra `qr`)."""


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """Whom a code pays. `amount_paise` None: the payer types it. `asks` True: a mandate or collect, not a payment."""

    payee_vpa: str
    payee_name: str | None
    amount_paise: int | None
    reference: str | None
    note: str | None
    merchant_code: str | None
    bank: str | None
    asks: bool


def payment_code_of(text: str) -> PaymentCode:
    """Read `upi://pay?pa=...` (also mandate and collect links, app links that carry pa=) or an EMV QR text.

    Raises NotAPaymentCode when there is no UPI address in it."""
    plain = text.strip()[:LONGEST]
    if re.match(r"(?i)(?:upi|gpay|tez|phonepe|paytmmp|bhim|credpay|intent|https?)://", plain):
        return _of_link(plain)
    if re.match(r"000201", plain):
        return _of_emv(plain)
    vpa = vpa_of(plain)
    if vpa is None:
        raise NotAPaymentCode(plain[:60])
    return PaymentCode(str(vpa), None, None, None, None, None, vpa.bank, False)


def payment_codes_in_image(image: bytes) -> list[PaymentCode]:
    """Every payment code in a PNG, JPEG or WebP image; other QR codes are passed over.

    Raises CannotReadImages without the optional readers, NotAPaymentCode for bytes that are no image."""
    try:
        import zxingcpp
        from PIL import Image, UnidentifiedImageError
    except ImportError as missing:
        raise CannotReadImages(str(missing)) from missing
    try:
        opened = Image.open(io.BytesIO(image))
        if opened.width * opened.height > PIXELS_MAX:
            raise NotAPaymentCode("the image is too large")
        picture = opened.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as problem:
        raise NotAPaymentCode("the file is not an image we can read") from problem
    found: list[PaymentCode] = []
    for code in zxingcpp.read_barcodes(picture):
        try:
            found.append(payment_code_of(code.text))
        except NotAPaymentCode:
            continue
    return found


def _of_link(link: str) -> PaymentCode:
    try:
        parts = urlsplit(link)
        fields = {name.lower(): value.strip() for name, value in parse_qsl(parts.query, max_num_fields=60)}
    except ValueError as problem:
        raise NotAPaymentCode(link[:60]) from problem
    vpa = vpa_of(fields.get("pa", ""))
    if vpa is None:
        raise NotAPaymentCode(link[:60])
    action = (parts.netloc or parts.path).strip("/").lower()
    return PaymentCode(
        payee_vpa=str(vpa),
        payee_name=fields.get("pn") or None,
        amount_paise=_paise(fields.get("am", "")),
        reference=fields.get("tr") or fields.get("tid") or None,
        note=fields.get("tn") or None,
        merchant_code=fields.get("mc") or None,
        bank=vpa.bank,
        asks=action in ("mandate", "collect") or "validityend" in fields,
    )


def _of_emv(text: str) -> PaymentCode:
    fields = _tlv(text)
    for tag in (f"{number:02d}" for number in range(26, 52)):
        for value in _tlv(fields.get(tag, "")).values():
            vpa = vpa_of(value)
            if vpa is not None:
                return PaymentCode(
                    payee_vpa=str(vpa),
                    payee_name=fields.get("59") or None,
                    amount_paise=_paise(fields.get("54", "")),
                    reference=_tlv(fields.get("62", "")).get("05"),
                    note=None,
                    merchant_code=fields.get("52") or None,
                    bank=vpa.bank,
                    asks=False,
                )
    raise NotAPaymentCode(text[:60])


def _tlv(text: str) -> dict[str, str]:
    """Tag, length, value (EMV QR); stops quietly at the first thing that is not one."""
    fields: dict[str, str] = {}
    place = 0
    while re.fullmatch(r"\d{4}", text[place : place + 4]):
        length = int(text[place + 2 : place + 4])
        fields[text[place : place + 2]] = text[place + 4 : place + 4 + length]
        place += 4 + length
    return fields


def _paise(amount: str) -> int | None:
    match = re.fullmatch(r"(\d{1,11})(?:\.(\d{1,2}))?", amount.replace(",", ""))
    if not match:
        return None
    paise = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    return paise or None
