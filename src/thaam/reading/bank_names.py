"""Names of banks that are in no directory of ours: the IFSC list's, and for the well-known ones how Hindi says them."""

from __future__ import annotations

from thaam.reading.banks import bank_table

# As people say them; the IFSC list has English names only. Others are shown in English on Hindi pages too.
_IN_HINDI = {
    "SBIN": "भारतीय स्टेट बैंक (SBI)", "PUNB": "पंजाब नेशनल बैंक", "BARB": "बैंक ऑफ़ बड़ौदा", "CNRB": "केनरा बैंक",
    "UBIN": "यूनियन बैंक", "BKID": "बैंक ऑफ़ इंडिया", "IDIB": "इंडियन बैंक", "CBIN": "सेंट्रल बैंक ऑफ़ इंडिया",
    "IOBA": "इंडियन ओवरसीज़ बैंक", "UCBA": "यूको बैंक", "MAHB": "बैंक ऑफ़ महाराष्ट्र", "PSIB": "पंजाब एंड सिंध बैंक",
    "HDFC": "HDFC बैंक", "ICIC": "ICICI बैंक", "UTIB": "एक्सिस बैंक", "KKBK": "कोटक महिंद्रा बैंक", "YESB": "येस बैंक",
    "INDB": "इंडसइंड बैंक", "IDFB": "IDFC फ़र्स्ट बैंक", "FDRL": "फ़ेडरल बैंक", "IBKL": "IDBI बैंक", "RATN": "RBL बैंक",
    "BDBL": "बंधन बैंक", "AUBL": "AU स्मॉल फ़ाइनेंस बैंक", "SIBL": "साउथ इंडियन बैंक", "KARB": "कर्नाटक बैंक",
    "KVBL": "करूर वैश्य बैंक", "CIUB": "सिटी यूनियन बैंक", "JAKA": "जम्मू एंड कश्मीर बैंक", "DCBL": "DCB बैंक",
    "TMBL": "तमिलनाड मर्केंटाइल बैंक", "CSBK": "CSB बैंक", "DLXB": "धनलक्ष्मी बैंक", "NTBL": "नैनीताल बैंक",
    "ESFB": "इक्विटास स्मॉल फ़ाइनेंस बैंक", "UJVN": "उज्जीवन स्मॉल फ़ाइनेंस बैंक", "JSFB": "जना स्मॉल फ़ाइनेंस बैंक",
    "UTKS": "उत्कर्ष स्मॉल फ़ाइनेंस बैंक", "SURY": "सूर्योदय स्मॉल फ़ाइनेंस बैंक", "ESMF": "ESAF स्मॉल फ़ाइनेंस बैंक",
    "AIRP": "एयरटेल पेमेंट्स बैंक", "IPOS": "इंडिया पोस्ट पेमेंट्स बैंक", "FINO": "फ़िनो पेमेंट्स बैंक",
    "PYTM": "पेटीएम पेमेंट्स बैंक", "JIOP": "जियो पेमेंट्स बैंक", "NSPB": "NSDL पेमेंट्स बैंक",
    "HSBC": "HSBC बैंक", "SCBL": "स्टैंडर्ड चार्टर्ड बैंक", "CITI": "सिटी बैंक", "DBSS": "DBS बैंक",
    "SRCB": "सारस्वत सहकारी बैंक", "COSB": "कॉसमॉस सहकारी बैंक", "SVCB": "SVC सहकारी बैंक",
}  # fmt: skip
WELL_KNOWN = tuple(_IN_HINDI)
"""IFSC letters of the banks most people have, the largest first."""


def listed_name(code: str, lang: str) -> str:
    """The bank's name by its IFSC letters; the code itself when the list does not know it."""
    if lang == "hi" and code in _IN_HINDI:
        return _IN_HINDI[code]
    row = bank_table().get(code)
    return row.name if row else code
