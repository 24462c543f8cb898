"""Letters: the same data gives the same paper, in both languages, and nothing typed becomes markup."""

import io

import pypdf
import pytest

from thaam.letters.typesetting import TEMPLATES, UnknownTemplate, digest_of, typeset

COMMON = {
    "number": "N 2606 0931",
    "title": "आपके खाते में ₹6,400 पर रोक की सूचना",
    "date": "01.06.2026, 16:52",
    "issued": [2026, 6, 1],
    "lang": "hi",
    "office": {"name": "साइबर थाना दुर्ग (डेमो)", "contact": "फ़ोन 1930"},
    "to": {"name": "नमूना ट्रेडर्स", "line": "खाता •••• 7731"},
    "signatory": {"name": "प्रभारी अधिकारी", "office": "साइबर थाना दुर्ग (डेमो)"},
    "verify_url": "https://thaam.example/verify/N26060931",
    "opening": "बैंक ने केवल ₹6,400 पर रोक लगाई है।",
    "bar": {"share": 0.13, "held": "रोक ₹6,400", "usable": "₹41,220", "total": "₹47,620"},
    "facts": [{"label": "कितनी रकम", "value": "₹6,400", "more": "UPI से जमा"}],
    "steps": ["आपत्ति करें।"],
}


def set_(template, **changes):
    data = COMMON | changes
    return typeset(template, data=data, digest=digest_of(data))


@pytest.mark.parametrize("template", sorted(TEMPLATES))
@pytest.mark.parametrize("lang", ["hi", "en"])
def test_every_template_sets_in_both_languages_as_one_page_of_pdf_a(template, lang):
    paper = set_(template, lang=lang)
    read = pypdf.PdfReader(io.BytesIO(paper))
    assert len(read.pages) == 1
    assert b"pdfaid" in paper or "pdfaid" in str(read.xmp_metadata.stream.get_data())
    assert read.metadata.title == COMMON["title"]


def test_the_same_data_gives_the_same_bytes():
    assert set_("notice") == set_("notice")


def test_what_a_person_typed_is_printed_and_never_run():
    hostile = '#read("/etc/passwd") *bold* $x$ #panic("no")'
    text = pypdf.PdfReader(io.BytesIO(set_("receipt", lang="en", opening=hostile))).pages[0].extract_text()
    assert '#read("/etc/passwd")' in text.replace("\n", " ")
    assert "root:" not in text


def test_a_letter_that_does_not_exist_is_refused():
    with pytest.raises(UnknownTemplate):
        typeset("../base", data=COMMON, digest="0" * 64)


def test_the_digest_changes_with_any_word_of_the_data():
    assert digest_of(COMMON) != digest_of(COMMON | {"opening": "x"})
