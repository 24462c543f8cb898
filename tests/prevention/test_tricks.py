"""Which three tricks a story sounds like, near-duplicates, and which tricks grow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.prevention.printing import bands_of, likeness, minima_of
from thaam.prevention.trends import compared, grew
from thaam.prevention.tricks import UnknownTrick, suggest, trick_of, tricks

STORIES = [
    ("job.task", "मुझे टेलीग्राम पर टास्क देकर पैसे लगवाए, पहले 200 रुपये मिले फिर 50 हजार ले लिए"),
    ("job.task", "Telegram par rating dene ka kaam diya, phir prepaid task bola aur 80000 le liye"),
    ("job.task", "They offered a part time job liking videos, then asked for money to unlock my earnings"),
    ("threat.arrest", "mujhe video call par police wale ne dara diya bola aapka aadhar money laundering me use hua"),
    ("threat.arrest", "सीबीआई अधिकारी बनकर डिजिटल अरेस्ट किया और किसी को मत बताना बोला"),
    ("threat.arrest", "A caller posed as a CBI officer, kept me on camera for two days and said there is a warrant"),
    ("threat.parcel", "A man said he is from FedEx and there are drugs in my parcel"),
    ("threat.parcel", "कूरियर वाले ने बोला मेरे पार्सल में ड्रग्स पकड़े गए हैं"),
    ("phone.apk", "whatsapp par shadi card apk file aayi, khola to phone hack ho gaya aur account se 90000 kat gaye"),
    ("phone.apk", "आरटीओ चालान की फाइल आई, लिंक दबाया तो फोन हैक हो गया"),
    ("phone.remote", "बिजली बिल के नाम पर ऐनीडेस्क डाउनलोड कराया और स्क्रीन शेयर से पैसे निकाले"),
    ("phone.care", "गूगल से फोनपे कस्टमर केयर का नंबर निकाला, उसने पैसे काट लिए"),
    ("phone.care", "searched google for the bank's customer care number and the person who answered took my money"),
    ("trade.olx", "olx par fan becha, army officer bola QR scan karo"),
    ("trade.olx", "ओएलएक्स पर सोफा बेच रही थी, फौजी बनकर क्यूआर भेजा"),
    ("trade.lottery", "KBC ki lottery lagi bolkar 25 lakh ka inaam bataya aur tax jama karwaya"),
    ("trade.gaming", "महादेव ऐप पर सट्टा लगवाकर पैसे ले लिए"),
    ("trade.shop", "इंस्टाग्राम पेज से ऑनलाइन शॉपिंग की, सामान नहीं आया"),
    ("bank.aeps", "मेरे खाते से अंगूठे की छाप से पैसे निकल गए"),
    ("bank.kyc", "खाता बंद हो जाएगा बोलकर केवाईसी अपडेट के नाम पर लिंक भेजा"),
    ("bank.sim", "mera sim band ho gaya aur network chala gaya, baad me khate se paise gaye"),
    ("bank.otp", "credit card ki limit badhane ke naam par OTP share karwa liya"),
    ("threat.sextortion", "लड़की ने वीडियो कॉल किया फिर वीडियो वायरल करने की धमकी दी"),
    ("threat.loanapp", "instant loan app se 3000 liye, ab photo morph karke contacts ko bhej rahe hain"),
    ("invest.app", "शेयर मार्केट के ग्रुप में जोड़ा, ट्रेडिंग ऐप में मुनाफ़ा दिखा पर निकाल नहीं पा रहा"),
    ("invest.crypto", "USDT crypto me lagaya, coin kharidwaye, ab wallet se nikal nahi raha"),
    ("invest.romance", "matrimonial site par videsh ka dost bana, gift parcel customs me atka bolkar paise mange"),
    ("job.abroad", "Kanada me job lagane ke naam par visa fees li"),
    ("work.boss", "कलेक्टर साहब की फोटो लगाकर व्हाट्सऐप से पैसे माँगे"),
    ("work.email", "supplier ka email hack karke invoice me bank account change kar diya"),
    ("threat.family", "भतीजा बनकर फोन किया कि एक्सीडेंट हो गया, पैसे भेजो, पहचाना नहीं क्या"),
]  # fmt: skip


@pytest.mark.req("S0.11", "S1.2")
def test_the_right_trick_is_among_the_three_offered_and_reasons_are_words_of_the_list():
    """Invented stories in three ways of writing: top-1 and top-3 as measured, so that a change is noticed."""
    first = three = 0
    for code, story in STORIES:
        offered = suggest(story)
        first += bool(offered) and offered[0].trick.code == code
        three += code in [each.trick.code for each in offered]
        assert len(offered) <= 3
        assert all(set(each.reasons) <= set(each.trick.says) for each in offered)
    assert three >= 0.93 * len(STORIES)
    assert first >= 0.80 * len(STORIES)


def test_a_story_that_says_nothing_gets_no_suggestion_and_an_unknown_code_is_named():
    assert suggest("") == []
    assert suggest("paise chale gaye pata nahi kaise") == []
    with pytest.raises(UnknownTrick):
        trick_of("nothing.such")


def test_every_trick_has_two_languages_and_words_of_its_own():
    for trick in tricks().values():
        assert trick.text.hi != trick.text.en
        assert len(trick.says) >= 5


@given(st.text(max_size=300))
def test_no_text_breaks_the_suggestions_or_the_print(text):
    suggest(text)
    assert len(bands_of(minima_of(text))) in (0, 16)


def test_one_script_told_twice_is_alike_and_two_tricks_are_not():
    script = (
        "मुझे टेलीग्राम पर एक लड़की का मैसेज आया कि घर बैठे काम मिलेगा होटल को रेटिंग देनी है पहले पैसे मिले फिर "
        "प्रीपेड टास्क के नाम पर {} रुपये {} बैंक में जमा कराए और अब पैसे नहीं निकल रहे"
    )
    one, other = minima_of(script.format("50,000", "एक")), minima_of(script.format("1,20,000", "दो"))
    assert likeness(one, other) > 0.6
    assert set(bands_of(one)) & set(bands_of(other))
    third = minima_of(STORIES[3][1] + " " + STORIES[5][1])
    assert likeness(one, third) < 0.2
    assert minima_of("too short") == []


@pytest.mark.req("S2.5")
def test_growth_is_told_with_its_numbers_and_never_from_a_handful():
    trick = trick_of("phone.apk")
    assert compared(trick, 20, 4, 100, 100).grows
    assert not compared(trick, 4, 0, 100, 100).grows
    assert not compared(trick, 20, 18, 100, 100).grows
    # twice as many complaints of everything is no trend
    assert not compared(trick, 40, 20, 200, 100).grows
    told = compared(trick, 20, 10, 100, 100)
    assert told.low < told.ratio < told.high
    assert told.ratio == pytest.approx(2.0)


@pytest.mark.req("S0.11", "S2.5")
def test_a_trick_has_grown_when_its_share_has_by_more_than_chance_explains_and_it_was_told_of_often_enough():
    assert grew(9, 1, 135, 126), "one, then nine"
    assert not grew(24, 16, 135, 126), "half as many again happens by itself about every fifth time"
    assert not grew(4, 0, 135, 126), "of a handful nothing is said"
    assert not grew(20, 10, 200, 100), "a busier month is no trend"
    assert not grew(1, 9, 126, 135), "it has become rarer"
    assert not grew(30, 0, 30, 0), "there is no month before"
