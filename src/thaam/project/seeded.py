"""What the people of a demo's past agreed on, planned and put up; seeding.py gives it through the verbs."""

from __future__ import annotations

from thaam.coordination.meetings import Point
from thaam.coordination.models import AgendaItem, Material, Meeting
from thaam.language.text import Text

AGENDA = tuple(
    Point(AgendaItem.Type.OWN, text)
    for text in (
        Text("हर शाखा के नोडल अधिकारी की सूची", "The list of each branch's nodal officer"),
        Text("रोक लगाने और हटाने में लगा समय", "Time taken to hold and to lift a hold"),
        Text("इस माह ठगी के नए तरीके", "New tricks of this month"),
    )
)
# Text, where it comes from, which bank owes it (-1: the police)
DECIDED = (
    (
        Text(
            "हर शाखा में एक नोडल अधिकारी नामित हो, नाम और मोबाइल सूची में रहे",
            "Every branch names one nodal officer, with mobile, in the list",
        ),
        "Hamirpur 01.06",
        0,
    ),
    (Text("खाता खोलते समय ग्राहक को जागरूकता पर्चा दिया जाए", "The leaflet is given to whoever opens an account"), "", 1),
    (Text("ATM फ़ुटेज माँगने पर उसी दिन मिले", "ATM footage is given on the day it is asked for"), "", 2),
    (Text("रोक और रोक हटाने के अनुरोध दो घंटे में निपटें", "Orders to hold and release are dealt with in two hours"), "", 3),
    (
        Text("हर थाने में हेल्प डेस्क और अलग स्वागत कक्ष हो", "Every station has a help desk and a reception room"),
        "Jaipur 31.08",
        -1,
    ),
)
PEOPLE = ("अनिल वर्मा", "सरिता साहू", "जावेद खान", "रेखा ठाकुर", "मनोज पटेल", "किरण गुप्ता", "सुरेश निषाद", "फ़रहत अंसारी")
# Kind, title, in how many days, place, link
COMING = (
    (
        Meeting.Type.VIDEO_REVIEW,
        Text("मुख्य सचिव की वीडियो समीक्षा", "The Chief Secretary's video review"),
        4,
        "वीडियो कॉन्फ़्रेंस",
        "https://meet.example/review",
    ),
    (
        Meeting.Type.SEMINAR,
        Text("बैंकों के तकनीकी स्टाफ़ की गोष्ठी", "Seminar of the banks' technical staff"),
        12,
        "पुलिस लाइन, दुर्ग",
        "",
    ),
    (Meeting.Type.TRADERS, Text("व्यापारी संगठनों के साथ बैठक", "Meeting with trade bodies"), 8, "चैंबर भवन, रायपुर", ""),
)
# Audience, place, how many days ago (below zero: to come), people reached
EVENTS = (
    ("schools", "शासकीय उच्चतर माध्यमिक विद्यालय, भिलाई", 40, 420), ("colleges", "विज्ञान महाविद्यालय, दुर्ग", 33, 310),
    ("trade_bodies", "चैंबर ऑफ़ कॉमर्स, रायपुर", 26, 140), ("doctors", "IMA भवन, बिलासपुर", 19, 85),
    ("public_meetings", "साप्ताहिक बाज़ार, राजनांदगाँव", 12, 600), ("social_forums", "सोशल मीडिया लाइव", 6, 2_300),
    ("camp", "ग्राम पंचायत अंडा", 5, 260), ("helpline_publicity", "1930 के बोर्ड, 40 थाने और 12 बस अड्डे", 20, 0),
    ("schools", "केंद्रीय विद्यालय, रायपुर", -6, 0), ("public_meetings", "ज़िला पंचायत सभागार, कोरबा", -11, 0),
)  # fmt: skip
# Kind, title, text, link
MATERIAL = (
    (
        Material.Type.FILM,
        Text("छोटी फ़िल्म: एक कॉल", "Short film: one call"),
        Text("", ""),
        "https://film.example/one-call",
    ),
    (
        Material.Type.IMAGE,
        Text("डिजिटल अरेस्ट ठगी है", "Digital arrest is a fraud"),
        Text("वीडियो कॉल पर कोई गिरफ़्तार नहीं करता। फ़ोन काटिए।", "Nobody is arrested by video call. Hang up."),
        "",
    ),
    (
        Material.Type.IMAGE,
        Text("KYC के नाम पर ठगी", "KYC fraud"),
        Text("बैंक फ़ोन पर KYC नहीं करता। लिंक न खोलिए।", "No bank does KYC by phone. Open no link."),
        "",
    ),
)
