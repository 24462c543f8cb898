"""UPI links and QR codes name the payee exactly."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.reading.upi_links import NotAPaymentCode, payment_code_of, payment_codes_in_image

LINK = "upi://pay?pa=balu77@ybl&pn=Balu%20Stores&am=1500.5&tr=ORD42&tn=Rent&mc=5411&cu=INR"


@pytest.mark.req("S1.7")
def test_a_link_names_payee_amount_and_bank():
    code = payment_code_of(LINK)
    assert (code.payee_vpa, code.payee_name, code.amount_paise) == ("balu77@ybl", "Balu Stores", 1500_50)
    assert (code.reference, code.note, code.merchant_code, code.bank, code.asks) == (
        "ORD42",
        "Rent",
        "5411",
        "YESB",
        False,
    )


def test_a_mandate_link_asks_and_does_not_pay():
    assert payment_code_of("upi://mandate?pa=x1@ybl&am=99").asks is True


def test_a_bharat_qr_gives_the_upi_address():
    inner = "0010A0000005240110balu77@ybl"
    text = f"00020126{len(inner):02d}{inner}5204541154041500" + "5911Balu Stores"
    code = payment_code_of(text)
    assert (code.payee_vpa, code.payee_name, code.amount_paise) == ("balu77@ybl", "Balu Stores", 1500_00)


@pytest.mark.parametrize(
    "text", ["", "upi://pay", "https://example.com", "000201", "upi://pay?pa=a@b.com", "upi://[pay?pa=x"]
)
def test_what_pays_nobody_is_said_to(text):
    with pytest.raises(NotAPaymentCode):
        payment_code_of(text)


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    for prefix in ("", "upi://pay?", "000201"):
        with contextlib.suppress(NotAPaymentCode):
            payment_code_of(prefix + text)


def test_a_picture_of_a_code_is_read():
    zxingcpp = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    drawn = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(LINK, zxingcpp.BarcodeFormat.QRCode), scale=6)
    stream = io.BytesIO()
    image.fromarray(__import__("numpy").array(drawn)).save(stream, format="PNG")
    assert [code.payee_vpa for code in payment_codes_in_image(stream.getvalue())] == ["balu77@ybl"]
    with pytest.raises(NotAPaymentCode):
        payment_codes_in_image(b"not an image")
