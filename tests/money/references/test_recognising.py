"""What typed numbers look like: one table for pages, console, import and API."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.money.references import Kind, recognise, vpa_of
from thaam.money.references.handles import HANDLES

TABLE = [
    # typed, kind, sound, rail, bank, kept
    ("530693093182", Kind.RRN, True, "UPI", None, "530693093182"),
    (" 5306 9309 3182 ", Kind.RRN, True, "UPI", None, "530693093182"),
    ("५३०६ ९३०९ ३१८२", Kind.RRN, True, "UPI", None, "530693093182"),
    ("5306-9309-3182", Kind.RRN, True, "UPI", None, "530693093182"),
    ("53069309318", Kind.MISCOUNT, False, "UPI", None, "53069309318"),
    ("5306930931822", Kind.MISCOUNT, False, "UPI", None, "5306930931822"),
    ("111111111111", Kind.NOT_A_REFERENCE, False, None, None, "111111111111"),
    ("123456789012", Kind.NOT_A_REFERENCE, False, None, None, "123456789012"),
    ("9876543210", Kind.PHONE, False, None, None, "9876543210"),
    ("09876543210", Kind.PHONE, False, None, None, "9876543210"),
    ("+91 98765 43210", Kind.PHONE, False, None, None, "9876543210"),
    ("T2606021358070012345678", Kind.PHONEPE_ID, False, "UPI", None, "T2606021358070012345678"),
    ("CICAgPDx4bWLpQ", Kind.GOOGLE_ID, False, "UPI", None, "CICAgPDx4bWLpQ"),
    ("OD123456789012345000", Kind.ORDER, False, None, None, "OD123456789012345000"),
    ("sbin426153000123", Kind.NEFT_UTR, True, "NEFT", "SBIN", "SBIN426153000123"),
    ("HDFCR52026060200012345", Kind.RTGS_UTR, True, "RTGS", "HDFC", "HDFCR52026060200012345"),
    ("SBIN42615300012", Kind.NEFT_UTR, False, "NEFT", "SBIN", "SBIN42615300012"),
    ("74332746153000012345678", Kind.ARN, True, "CARD", None, "74332746153000012345678"),
    ("445566", Kind.AUTH_CODE, False, "CARD", None, "445566"),
    ("4111111111111111", Kind.CARD, False, "CARD", None, "1111"),
    ("50100123456789", Kind.ORDER, False, None, None, "50100123456789"),
    ("Balu77@YBL", Kind.VPA, True, "UPI", "YESB", "balu77@ybl"),
    ("balu@newapp", Kind.VPA, True, "UPI", None, "balu@newapp"),
    ("balu@example.com", Kind.EMAIL, False, None, None, "balu@example.com"),
    ("sbin0001234", Kind.IFSC, True, None, "SBIN", "SBIN0001234"),
    ("SBINO001234", Kind.IFSC, False, None, "SBIN", "SBINO001234"),
    ("ABCPE1234F", Kind.PAN, False, None, None, "ABCPE1234F"),
    ("http://x.example/1", Kind.LINK, False, None, None, "http://x.example/1"),
    ("hello", Kind.UNKNOWN, False, None, None, "hello"),
]


@pytest.mark.req("S1.7")
@pytest.mark.parametrize(("typed", "kind", "sound", "rail", "bank", "kept"), TABLE, ids=[row[0] for row in TABLE])
def test_a_typed_number_is_recognised(typed, kind, sound, rail, bank, kept):
    found = recognise(typed)
    assert (found.kind, found.sound, found.rail, found.bank, found.value) == (kind, sound, rail, bank, kept)
    assert found.message is not None
    assert found.message.hi != found.message.en or kind is Kind.VPA


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("53O693O93I82", "530693093182"), ("5306930931BZ", "530693093182"), ("SBIN4261530OO123", "SBIN426153000123"),
     ("SBINO001234", "SBIN0001234")],
)  # fmt: skip
def test_a_letter_among_digits_is_offered_corrected_and_not_corrected_silently(typed, offered):
    found = recognise(typed)
    assert found.suggestion == offered
    assert found.value == typed
    assert not found.sound


def test_a_miscount_shows_the_digits_in_groups():
    message = recognise("53069309318").message
    assert message is not None
    assert "5306 9309 318" in message.en
    assert "11" in message.hi


def test_an_account_already_given_is_not_taken_for_a_reference():
    found = recognise("012345678901", known_accounts=frozenset({"12345678901"}))
    assert found.kind is Kind.ACCOUNT


def test_nothing_typed_says_nothing():
    assert recognise("  ").kind is Kind.EMPTY
    assert recognise("").message is None


def test_handles_lead_to_app_and_bank():
    vpa = vpa_of("asha.verma@okhdfcbank")
    assert vpa is not None
    assert (vpa.app, vpa.bank) == ("Google Pay", "HDFC")
    assert vpa_of("asha@example.com") is None
    assert len(HANDLES) >= 130


@given(st.text(max_size=60))
def test_no_text_is_refused_or_breaks_the_table(typed):
    found = recognise(typed)
    assert (found.message is None) is (found.kind is Kind.EMPTY)


@given(st.text(alphabet="0123456789", min_size=1, max_size=30))
def test_digits_typed_are_never_changed_except_a_card(typed):
    found = recognise(typed)
    assert found.value == typed or found.kind in (Kind.CARD, Kind.PHONE)
