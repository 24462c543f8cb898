"""What people are told, word for word. First the fact, then the number, the rupees, one link; the brand at the end.

Hindi SMS are Unicode: 70 signs alone, 67 a part; English ones GSM: 160 alone, 153 a part. At most three parts in Hindi
and two in English, measured by a test with full-length values (ux.md 6.5; TRAI: variables of at most 30 signs).
"""

from __future__ import annotations

from dataclasses import dataclass

from thaam.language.text import Text

BRAND = "THAAM"


@dataclass(frozen=True, slots=True)
class Wording:
    """One event's text. An urgent one goes out at any hour, the others wait for the morning."""

    event: str
    text: Text
    urgent: bool = False


_ALL = (
    Wording(
        "V1",
        Text(
            hi="शिकायत {number} दर्ज। ₹{sum} रोकने का अनुरोध {bank} को {time} बजे भेजा गया। स्थिति: {url} "
            "हम OTP, PIN या फीस कभी नहीं माँगते। -{brand}",
            en="Complaint {number} registered. Request to hold Rs {sum} sent to {bank} at {time}. Status: {url} "
            "We never ask for OTP, PIN or fees. -{brand}",
        ),
        urgent=True,
    ),
    Wording(
        "V1-pending",
        Text(
            hi="शिकायत {number} दर्ज। पुष्टि होते ही बैंक को अनुरोध जाएगा। स्थिति: {url} "
            "हम OTP, PIN या फीस कभी नहीं माँगते। -{brand}",
            en="Complaint {number} registered. The request goes to the bank once confirmed. Status: {url} "
            "We never ask for OTP, PIN or fees. -{brand}",
        ),
        urgent=True,
    ),
    Wording(
        "V2",
        Text(
            hi="शिकायत {number}: {bank} ने ₹{held} रोक दिए हैं। बाकी ₹{rest} की खोज जारी है। स्थिति: {url} -{brand}",
            en="Complaint {number}: {bank} has held Rs {held}. Tracing the other Rs {rest}. Status: {url} -{brand}",
        ),
        urgent=True,
    ),
    Wording(
        "V2-all",
        Text(
            hi="शिकायत {number}: {bank} ने ₹{held} रोक दिए हैं। स्थिति: {url} -{brand}",
            en="Complaint {number}: {bank} has held Rs {held}. Status: {url} -{brand}",
        ),
        urgent=True,
    ),
    Wording(
        "V2-sum",
        Text(
            hi="शिकायत {number}: पूरी रकम का पता चल गया। कुल ₹{held} रुके हैं, ₹{gone} निकल चुके हैं। स्थिति: {url} -{brand}",
            en="Complaint {number}: every rupee is accounted for. Rs {held} held in all, Rs {gone} gone. Status: {url} "
            "-{brand}",
        ),
        urgent=True,
    ),
    Wording(
        "V3",
        Text(
            hi="शिकायत {number}: पैसा {bank} से आगे जा चुका था। अगले {count} बैंक को अनुरोध भेज दिया गया है। "
            "स्थिति: {url} -{brand}",
            en="Complaint {number}: the money had already left {bank}. Requests sent to {count} more bank(s). "
            "Status: {url} -{brand}",
        ),
    ),
    Wording(
        "V4",
        Text(
            hi="शिकायत {number}: दिया गया लेन-देन नंबर बैंक में नहीं मिला। बैंक का SMS देखकर ठीक करें: {url} "
            "या 1930 पर कॉल करें। -{brand}",
            en="Complaint {number}: the transaction number was not found at the bank. Check the bank SMS and correct "
            "it: {url} or call 1930. -{brand}",
        ),
        urgent=True,
    ),
    Wording(
        "V5",
        Text(
            hi="शिकायत {number}: जाँच अधिकारी {officer}, {office}. बयान या कागज़ के लिए वही संपर्क करेंगे। "
            "स्थिति: {url} -{brand}",
            en="Complaint {number}: investigating officer {officer}, {office}. Only this office will ask for a "
            "statement or papers. Status: {url} -{brand}",
        ),
    ),
    Wording(
        "V-merged",
        Text(
            hi="शिकायत {number} और {kept} एक ही मामले की हैं, इसलिए दोनों एक कर दी गईं। अब शिकायत नंबर {kept} चलेगा। "
            "आपको कुछ नहीं करना है। {url} -{brand}",
            en="Complaints {number} and {kept} tell of one matter and were made one. From now on number {kept} counts. "
            "You need not do anything. {url} -{brand}",
        ),
    ),
    Wording(
        "V6",
        Text(
            hi="शिकायत {number}: रोके गए ₹{held} वापस पाने का आवेदन अब खुल गया है। {url} पर आवेदन करें। कोई फीस नहीं। -{brand}",
            en="Complaint {number}: you can now apply to get back the held Rs {held}. No fee. {url} -{brand}",
        ),
    ),
    Wording(
        "V7",
        Text(
            hi="पैसा वापसी {number}: चरण {step}/7 पूरा। अगला कदम और तारीख यहाँ देखें: {url} -{brand}",
            en="Money return {number}: step {step} of 7 done. Next step and date: {url} -{brand}",
        ),
    ),
    Wording(
        "V8",
        Text(
            hi="शिकायत {number}: ₹{sum} आपके खाते में लौटा दिए गए हैं। बैंक SMS से मिलान करें। -{brand}",
            en="Complaint {number}: Rs {sum} returned to your account. Match with your bank SMS. -{brand}",
        ),
    ),
    Wording(
        "V9",
        Text(
            hi="शिकायत {number}: ₹{held} की रोक {day} को 90 दिन पूरे करेगी। उससे पहले वापसी का आवेदन करें: {url} -{brand}",
            en="Complaint {number}: the hold of Rs {held} completes 90 days on {day}. Apply before then: {url} "
            "-{brand}",
        ),
    ),
    Wording(
        "M1",
        Text(
            hi="आपके खाते में ₹{held} पर रोक लगी है (खाता बाकी रकम के लिए चालू है)। कारण, आदेश और आपत्ति: {url} -{brand}",
            en="A hold of Rs {held} is on your account (rest is usable). Reason, order, how to object: {url} -{brand}",
        ),
    ),
    Wording(
        "M2",
        Text(
            hi="आपत्ति {number} दर्ज। बैंक {day} तक जाँच करेगा, फिर अधिकारी निर्णय देंगे। स्थिति: {url} -{brand}",
            en="Objection {number} registered. The bank checks by {day}, then an officer decides. Status: {url} "
            "-{brand}",
        ),
        urgent=True,
    ),
    Wording(
        "M3",
        Text(
            hi="आपत्ति {number}: {officer} {day} {time} बजे वीडियो कॉल करेंगे। समय बदलें: {url} कॉल पर OTP/PIN न बताएँ। "
            "-{brand}",
            en="Objection {number}: {officer} will video-call on {day} at {time}. Change: {url} Never share OTP/PIN on "
            "a call. -{brand}",
        ),
    ),
    Wording(
        "M3-asked",
        Text(
            hi="आपत्ति {number}: अधिकारी ने काग़ज़ या जवाब माँगा है। {day} तक भेजें: {url} -{brand}",
            en="Objection {number}: the officer asks for a paper or an answer. Send it by {day}: {url} -{brand}",
        ),
    ),
    Wording(
        "M-open",
        Text(
            hi="आपत्ति {number}: {bank} ने आपका बाकी खाता खोल दिया है। सिर्फ़ ₹{held} रुके हैं। {url} -{brand}",
            en="Objection {number}: {bank} has opened the rest of your account. Only Rs {held} is held. {url} -{brand}",
        ),
        urgent=True,
    ),
    Wording(
        "M4b",
        Text(
            hi="आपत्ति {number}: {bank} ने ₹{held} की रोक हटा दी है। रकम अब आप इस्तेमाल कर सकते हैं। -{brand}",
            en="Objection {number}: {bank} has removed the hold of Rs {held}. You can use the money now. -{brand}",
        ),
        urgent=True,
    ),
    Wording(
        "M7",
        Text(
            hi="आपत्ति {number}: 90 दिन में कोई आदेश नहीं आया, तो ₹{held} की रोक {day} को हटेगी। {url} -{brand}",
            en="Objection {number}: without an order in 90 days the hold of Rs {held} is removed on {day}. {url} "
            "-{brand}",
        ),
    ),
    Wording(
        "M4",
        Text(
            hi="आपत्ति {number}: ₹{held} की रोक हटाने का आदेश {bank} को {time} बजे भेजा गया। -{brand}",
            en="Objection {number}: order to remove the hold of Rs {held} sent to {bank} at {time}. -{brand}",
        ),
        urgent=True,
    ),
    Wording(
        "M5",
        Text(
            hi="आपत्ति {number}: रोक जारी रहेगी। लिखित कारण, और {day} तक अपील: {url} -{brand}",
            en="Objection {number}: the hold continues. Written reasons, and appeal until {day}: {url} -{brand}",
        ),
    ),
    Wording(
        "M6",
        Text(
            hi="आपत्ति {number}: तय समय में निर्णय नहीं हुआ, मामला ऊपर के अधिकारी को गया। {day} तक निर्णय: {url} -{brand}",
            en="Objection {number}: not decided in time, so it has gone to the higher officer, due by {day}. {url} "
            "-{brand}",
        ),
    ),
    Wording(
        "M6-silent",
        Text(
            hi="आपत्ति {number}: किसी स्तर पर निर्णय नहीं हुआ। रोक {day} को अपने आप हटेगी। आगे क्या कर सकते हैं: {url} -{brand}",
            en="Objection {number}: nobody decided in time. The hold ends by itself on {day}. What you can do: {url} "
            "-{brand}",
        ),
    ),
    Wording(
        "M-ended",
        Text(
            hi="आपत्ति {number}: रोक हट चुकी है, इसलिए मामला बंद हुआ। पूरा हाल: {url} -{brand}",
            en="Objection {number}: the hold has ended, so the matter is closed. All about it: {url} -{brand}",
        ),
    ),
    Wording(
        "V-back",
        Text(
            hi="शिकायत {number}: वापसी के आवेदन में कमी है। क्या ठीक करना है, यहाँ देखकर फिर भेजें: {url} -{brand}",
            en="Complaint {number}: your application lacks something. See what, and send it again: {url} -{brand}",
        ),
    ),
    Wording(
        "V-anew",
        Text(
            hi="शिकायत {number}: ₹{sum} की वापसी अभी नहीं हो पाई, रकम रुकी हुई है। अधिकारी फिर प्रस्ताव देंगे: {url} -{brand}",
            en="Complaint {number}: the return of Rs {sum} failed; it stays held and is proposed anew: {url} -{brand}",
        ),
    ),
    Wording(
        "V-contest",
        Text(
            hi="शिकायत {number}: आपको लौटी रकम पर किसी ने आपत्ति की है। हाल और आपका पक्ष: {url} -{brand}",
            en="Complaint {number}: somebody contests the money returned to you. State, and your side: {url} -{brand}",
        ),
    ),
    Wording(
        "V-contest-end",
        Text(
            hi="शिकायत {number}: लौटी रकम पर आपत्ति का निर्णय हो गया। कारण और अगला कदम: {url} -{brand}",
            en="Complaint {number}: the contest about your money is decided. Reasons, next step: {url} -{brand}",
        ),
    ),
)
WORDINGS = {wording.event: wording for wording in _ALL}
PARTS_MAX = {"hi": 3, "en": 2}

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = set("^{}\\[~]|€")


def parts_of(text: str) -> int:
    """How many SMS the text takes (3GPP TS 23.038, 23.040): GSM 7-bit where every sign allows it, else UCS-2."""
    if all(sign in _GSM or sign in _GSM_TWICE for sign in text):
        length, alone, part = len(text) + sum(sign in _GSM_TWICE for sign in text), 160, 153
    else:
        length, alone, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= alone else -(-length // part)
