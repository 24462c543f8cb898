"""Money as people read it: the fixed vectors of the design, and what may be typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.language.numbers import grouped, in_groups, latin_digits
from thaam.language.rupees import NotAnAmount, full, read_rupees, short, words

VECTORS = [
    (0, "₹0", "₹0", "₹0", "शून्य रुपये"),
    (999, "₹999", "₹999", "₹999", "नौ सौ निन्यानवे रुपये"),
    (55236, "₹55,236", "₹55,236", "₹55,236", "पचपन हज़ार दो सौ छत्तीस रुपये"),
    (195000, "₹1,95,000", "₹1.95 लाख", "₹1.95 lakh", "एक लाख पंचानवे हज़ार रुपये"),
    (2749236, "₹27,49,236", "₹27.49 लाख", "₹27.49 lakh", "सत्ताईस लाख उनचास हज़ार दो सौ छत्तीस रुपये"),
    (10000000, "₹1,00,00,000", "₹1 करोड़", "₹1 crore", "एक करोड़ रुपये"),
    (529690000000, "₹5,29,69,00,00,000", "₹52,969 करोड़", "₹52,969 crore", "—"),
]


@pytest.mark.parametrize(("rupees", "in_full", "short_hi", "short_en", "words_hi"), VECTORS)
def test_the_vectors_of_the_design_hold(rupees, in_full, short_hi, short_en, words_hi):
    paise = rupees * 100
    assert full(paise) == in_full
    assert short(paise, "hi") == short_hi
    assert short(paise, "en") == short_en
    assert words(paise, "hi") == words_hi


def test_unknown_and_negative_sums_are_a_dash():
    for say in (full, lambda paise: short(paise, "hi"), lambda paise: words(paise, "hi")):
        assert say(None) == "—"
        assert say(-1) == "—"


def test_the_short_form_never_claims_more_than_there_is():
    assert short(1_99_999_99, "hi") == "₹1.99 लाख"
    assert short(99_99_999_99, "en") == "₹99.99 lakh"


def test_paise_are_said_only_when_there_are_any():
    assert full(123450) == "₹1,234.50"
    assert words(123450, "hi") == "एक हज़ार दो सौ चौंतीस रुपये पचास पैसे"
    assert words(100, "hi") == "एक रुपया"
    assert words(1, "hi") == "एक पैसा"
    assert words(4_99_99_00, "en") == "forty-nine thousand nine hundred ninety-nine rupees"


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_a_sum_typed_as_we_print_it_reads_back(paise):
    assert read_rupees(full(paise)) == paise


def test_the_hundred_number_words_are_all_different():
    spoken = {words(each * 100, "hi") for each in range(100)}
    assert len(spoken) == 100


@pytest.mark.parametrize(
    ("typed", "paise"),
    [
        ("49999", 4999900),
        ("४९,९९९", 4999900),
        ("₹ 1,95,000.5", 19500050),
        ("Rs. 500/-", 50000),
        ("1.95 लाख", 19500000),
        ("2 crore", 2_00_00_000_00),
        ("10 हज़ार", 1000000),
        ("500 करोड़", 500_00_00_000_00),
    ],
)
@pytest.mark.req("S2.8")
def test_a_sum_is_read_as_people_type_it(typed, paise):
    assert read_rupees(typed) == paise


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-5", "0", "0.00", "12.345", "abc", "1e9", "nan", "१२३abc", "9" * 30, "99999999999999", "1.2.3", "½"],
)
def test_what_is_no_sum_is_refused_with_a_sentence_in_both_languages(typed):
    with pytest.raises(NotAnAmount) as refused:
        read_rupees(typed)
    assert refused.value.text.hi.endswith("।")
    assert refused.value.text.en.endswith(".")


def test_digits_of_any_script_become_latin():
    assert latin_digits("५३०६ ৯৩০ ９３") == "5306 930 93"


def test_grouping_is_indian_and_identifiers_are_cut_for_reading():
    assert grouped(-1234567) == "-12,34,567"
    assert in_groups("530693093182", 4) == ["5306", "9309", "3182"]
    assert in_groups("26061234567", 4, 4, 3) == ["2606", "1234", "567"]
