"""Words for whoever opens an account, and for a picture to share (S0.5, S0.15, S2.6)."""

from __future__ import annotations

from typing import Any

from thaam.language.text import Text

TITLE = Text("नया खाता? ये सात बातें याद रखिए", "A new account? Remember these seven")
LINES = (
    Text(
        "OTP, PIN, CVV और पासवर्ड किसी को न बताइए। बैंक या पुलिस कभी नहीं माँगते।",
        "Tell nobody your OTP, PIN, CVV or password. Banks and police never ask.",
    ),
    Text("पैसा पाने के लिए PIN या QR की ज़रूरत नहीं होती।", "To receive money you need neither PIN nor QR code."),
    Text(
        "अनजान लिंक या ऐप न खोलिए; स्क्रीन किसी को न दिखाइए।",
        "Open no unknown link or app; share your screen with nobody.",
    ),
    Text(
        "वीडियो कॉल पर गिरफ़्तारी नहीं होती। “डिजिटल अरेस्ट” ठगी है।",
        "Nobody is arrested by video call. “Digital arrest” is a fraud.",
    ),
    Text("बिना मेहनत मोटी कमाई का वादा ठगी है।", "A promise of easy money is a fraud."),
    Text(
        "अपना खाता, SIM या कार्ड किराए पर न दीजिए। यह अपराध है।", "Never lend your account, SIM or card. It is a crime."
    ),
    Text(
        "बैंक का नंबर कार्ड या पासबुक से देखिए, इंटरनेट की खोज से नहीं।",
        "Take your bank's number from card or passbook, not from a search.",
    ),
)
NOW = Text("पैसा कट जाए तो उसी मिनट कॉल कीजिए", "If money is gone, call the same minute")
DOORS = Text("या पोर्टल पर, या सबसे नज़दीक के थाने में", "or on the portal, or at the nearest police station")
SLIP = Text(
    "मुझे खाता खोलते समय साइबर ठगी से बचाव की जानकारी दी गई और यह पर्चा मिला।",
    "When I opened my account I was told how to be safe from cyber fraud and was given this leaflet.",
)
BLANKS = (
    Text("ग्राहक के हस्ताक्षर", "Customer's signature"),
    Text("शाखा और तारीख", "Branch and date"),
    Text("बैंक कर्मी", "Bank employee"),
)
FOOT = Text("ठगी हो तो तुरंत 1930", "Cheated? Call 1930 at once")
CHANNELS = (
    Text("1930 पर कॉल कीजिए। यह सेवा दिन-रात चलती है।", "Call 1930. The line is open day and night."),
    Text("यहीं वेबसाइट पर शिकायत कीजिए, लॉगिन नहीं चाहिए।", "Report on this website; no sign-in is needed."),
    Text("सबसे नज़दीक के थाने की साइबर हेल्प डेस्क पर जाइए।", "Go to the cyber help desk of the nearest police station."),
)


def leaflet_data(lang: str) -> dict[str, Any]:
    """What leaflet.typ prints."""
    return {
        "lang": lang,
        "title": TITLE.in_(lang),
        "lines": [line.in_(lang) for line in LINES],
        "now": NOW.in_(lang),
        "doors": DOORS.in_(lang),
        "slip": SLIP.in_(lang),
        "blanks": [blank.in_(lang) for blank in BLANKS],
        "number": "",
        "date": "",
        "issued": [2026, 1, 1],
        "office": {"name": "", "contact": ""},
        "to": {"name": "", "line": ""},
        "signatory": {"name": "", "office": ""},
        "verify_url": "https://thaam.example/",
    }


def share_data(title: str, text: str, lang: str) -> dict[str, Any]:
    """What share.typ draws."""
    return {"lang": lang, "title": title, "text": text, "foot": FOOT.in_(lang)}
