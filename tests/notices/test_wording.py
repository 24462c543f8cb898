"""Every text exists in both languages, fits its parts with full-length values, and starts with the fact."""

import string

import pytest

from thaam.complaints.confirming import ACCOUNT_SMS, OTP_SMS, TAKE_BACK_SMS
from thaam.notices.wording import BRAND, PARTS_MAX, WORDINGS, parts_of

# As long as these get: 30 signs is TRAI's limit for a variable.
SAMPLE = {
    "number": "2606 1234 567",
    "kept": "2606 1234 568",
    "sum": "1,95,000",
    "held": "1,31,200",
    "rest": "12,000",
    "gone": "1,12,000",
    "bank": {"hi": "एचडीएफसी बैंक", "en": "HDFC Bank"},
    "time": "14:41",
    "url": "th.gov.in/s/8K2M4P7Q9R",
    "officer": "Meenakshi Ramakrishnan Sahu IP",
    "office": "Cyber police station Durg",
    "count": "2",
    "step": "5",
    "day": "30.08.2026",
    "brand": BRAND,
}


@pytest.mark.parametrize("lang", ["hi", "en"])
@pytest.mark.parametrize("event", sorted(WORDINGS))
def test_a_text_fits_its_parts(event, lang):
    # a bank's name is cut at TRAI's 30 signs; the longest fits too
    values = SAMPLE | {"bank": {"hi": "छत्तीसगढ़ राज्य ग्रामीण बैंक लि", "en": "Chhattisgarh Rajya Gramin Bank"}[lang]}
    text = WORDINGS[event].text.in_(lang, **values)
    assert parts_of(text) <= PARTS_MAX[lang], f"{len(text)} signs"
    assert text.endswith(f"-{BRAND}")


@pytest.mark.parametrize("lang", ["hi", "en"])
@pytest.mark.parametrize("wording", [OTP_SMS, ACCOUNT_SMS, TAKE_BACK_SMS])
def test_the_otp_fits_its_parts_and_is_called_otp(lang, wording):
    text = wording.in_(lang, number=SAMPLE["number"], code="123456", tail="1234")
    assert parts_of(text) <= PARTS_MAX[lang]
    assert "OTP" in text
    assert "कोड" not in text
    assert " code" not in text


@pytest.mark.parametrize("event", sorted(WORDINGS))
def test_both_languages_say_the_same_things(event):
    def places(words):
        return {name for _, name, _, _ in string.Formatter().parse(words) if name}

    text = WORDINGS[event].text
    assert places(text.hi) == places(text.en)


@pytest.mark.parametrize("event", ["V1", "V1-pending"])
def test_the_first_message_says_that_we_never_ask(event):
    assert "कभी नहीं माँगते" in WORDINGS[event].text.hi
    assert "never ask" in WORDINGS[event].text.en


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("क" * 70, 1),
        ("क" * 71, 2),
        ("[" * 81, 2),
        ("", 1),
    ],
)
def test_parts_are_counted_as_the_networks_do(text, parts):
    assert parts_of(text) == parts
