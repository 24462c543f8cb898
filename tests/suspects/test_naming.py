"""One spelling for each identifier; names across scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.suspects.folding import fold_name, names_agree
from thaam.suspects.naming import IdentifierKind as K
from thaam.suspects.naming import NotAnIdentifier, digest_of, name_of

SAME = [
    (K.PHONE, ["98765 43210", "+91-9876543210", "09876543210", "९८७६५४३२१०"], "9876543210"),
    (K.PHONE, ["+855 12 345 678", "0085512345678"], "+85512345678"),
    (K.ACCOUNT, ["sbin/00012345678901", "SBIN / 12345-678901"], "SBIN/12345678901"),
    (K.VPA, ["Balu77@YBL", " balu77@ybl "], "balu77@ybl"),
    (K.URL, ["https://www.Bad-Site.example/pay/?x=1#y", "bad-site.example/pay"], "bad-site.example/pay"),
    (K.EMAIL, ["B.alu+x@Gmail.com", "balu@googlemail.com"], "balu@gmail.com"),
    (K.IMEI, ["49-015420-323751-8", "490154203237518"], "490154203237518"),
    (K.CARD, ["4111 1111 1111 1111", "411111*1111"], "411111*1111"),
    (K.HEADER, ["VM-ABCDEF-S", "abcdef"], "ABCDEF"),
    (K.SOCIAL, ["Telegram: @Balu_1", "telegram:balu_1"], "telegram:balu_1"),
    (K.APP, ["com.Example.App"], "com.example.app"),
    (K.PERSON, ["MOHD RAFIQ", "मोहम्मद रफ़ीक", "Rafiq Mohammad"], "muhamad rapik"),
]


@pytest.mark.req("S3.7")
@pytest.mark.parametrize(("kind", "spellings", "name"), SAME, ids=[row[2] for row in SAME])
def test_all_spellings_are_one_name(kind, spellings, name):
    assert {name_of(kind, spelling) for spelling in spellings} == {name}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (K.PHONE, "12345"), (K.PHONE, "1234567890"), (K.ACCOUNT, "12345678901"), (K.IMEI, "490154203237519"),
        (K.VPA, "balu@example.com"), (K.URL, "hello"), (K.URL, "http://[x"), (K.CARD, "4111111111111112"),
        (K.SOCIAL, "myspace:balu"), (K.PERSON, "..."), (K.HEADER, "+919876543210"), (K.APP, "app"),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_told_in_both_languages(kind, typed):
    with pytest.raises(NotAnIdentifier) as told:
        name_of(kind, typed)
    assert told.value.text.hi != told.value.text.en


@given(st.sampled_from(list(K)), st.text(max_size=80))
def test_a_name_is_its_own_name_and_no_text_breaks_it(kind, typed):
    try:
        name = name_of(kind, typed)
    except NotAnIdentifier:
        return
    assert name_of(kind, name) == name or kind is K.PERSON
    assert len(digest_of(kind, name)) == 32


PAIRS = [
    ("Asha Verma", "आशा वर्मा"), ("Ramesh Kumar Sahu", "रमेश कुमार साहू"), ("Sunita Devi", "सुनीता देवी"),
    ("Balu Singh", "बालू सिंह"), ("Choudhary Ajay", "अजय चौधरी"), ("Shaikh Salim", "शेख सलीम"),
    ("Lakshmi Bai", "लक्ष्मी बाई"), ("Vikas Yadav", "विकास यादव"), ("Md. Irfan", "मोहम्मद इरफान"),
    ("Ganesh", "गणेश"), ("Pooja Sharma", "पूजा शर्मा"), ("Zakir Hussain", "जाकिर हुसैन"), ("Mohd Rafiq", "मोहम्मद रफ़ीक"),
    ("Deepak Gupta", "दीपक गुप्ता"), ("Santosh Mishra", "संतोष मिश्रा"), ("Radheshyam", "राधेश्याम"),
    ("Phoolchand Patel", "फूलचंद पटेल"), ("Savitri Bai", "सावित्री बाई"), ("Manish Agrawal", "मनीष अग्रवाल"),
    ("Rajesh Tiwari", "राजेश तिवारी"),
]  # fmt: skip


def test_names_are_found_across_scripts_with_few_false_agreements():
    """Recall over the pairs, and false agreements over all crossings of different people."""
    found = sum(names_agree(latin, hindi) for latin, hindi in PAIRS)
    wrong = sum(
        names_agree(one[0], other[1])
        for place, one in enumerate(PAIRS)
        for two, other in enumerate(PAIRS)
        if place != two
    )
    assert found >= 18
    assert wrong <= 1
    assert fold_name("साइबर") == fold_name("साईबर")
    assert not names_agree("Suresh Patel", "Ramesh Patel")
    assert not names_agree("Asha Verma", "Usha Verma")
