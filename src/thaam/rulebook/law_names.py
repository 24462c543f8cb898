"""What a law, a court or an authority is called in Hindi, found in a source that is written in English.

The reference itself stays as it is: whoever looks it up needs its own words.
"""

from __future__ import annotations

import re

_SECTION = r"(?:,? (?P<what>section|sections|rule) (?P<number>\d+(?:\([0-9a-z]+\))*(?:-\(\d+\))?(?: and \d+)?))?"
_WHAT = {"section": "धारा", "sections": "धाराएँ", "rule": "नियम"}
# English in the source: Hindi name. Longer names stand before shorter ones they contain.
_NAMES = (
    (r"Bharatiya Nagarik Suraksha Sanhita 2023|BNSS(?: 2023)?", "भारतीय नागरिक सुरक्षा संहिता 2023"),
    (r"Code of Criminal Procedure 1973", "दंड प्रक्रिया संहिता 1973"),
    (r"Telecommunications \(Telecom Cyber Security\) Rules 2024", "दूरसंचार (दूरसंचार साइबर सुरक्षा) नियम 2024"),
    (r"Telecommunications Act 2023", "दूरसंचार अधिनियम 2023"),
    (r"Information Technology Act 2000", "सूचना प्रौद्योगिकी अधिनियम 2000"),
    (r"Intermediary Rules 2021", "सूचना प्रौद्योगिकी (मध्यवर्ती) नियम 2021"),
    (r"Legal Services Authorities Act 1987", "विधिक सेवा प्राधिकरण अधिनियम 1987"),
    (r"DPDP Rules 2025", "डिजिटल व्यक्तिगत डेटा संरक्षण नियम 2025"),
    (r"CERT-In directions", "CERT-In के निर्देश"),
    (r"RBI Integrated Ombudsman Scheme 2021", "भारतीय रिज़र्व बैंक की एकीकृत लोकपाल योजना 2021"),
    (r"(?<!v )\bRBI\b(?! figure)", "भारतीय रिज़र्व बैंक"),
    (r"Allahabad High Court", "इलाहाबाद उच्च न्यायालय"),
    (r"Kerala High Court", "केरल उच्च न्यायालय"),
    (r"Bombay HC", "बॉम्बे उच्च न्यायालय"),
    (r"SOP of 2 January 2026", "2 जनवरी 2026 की मानक कार्यविधि (SOP)"),
    (r"Telangana's SOP", "तेलंगाना की मानक कार्यविधि (SOP)"),
    (r"e-Zero FIR", "गृह मंत्रालय की ई-ज़ीरो FIR पहल"),
    (r"CFCFRMS", "राष्ट्रीय साइबर ठगी प्रणाली (CFCFRMS)"),
)
_ANY = re.compile(
    "|".join(f"(?P<n{place}>{english})" for place, (english, _) in enumerate(_NAMES)).join(("(?:", ")")) + _SECTION
)


def named_in_hindi(source: str) -> str:
    """The laws, courts and authorities a source names, in Hindi with their sections; "" when it names none."""
    found: list[str] = []
    for match in _ANY.finditer(source):
        place = next(place for place in range(len(_NAMES)) if match[f"n{place}"])
        name = _NAMES[place][1]
        if match["what"]:
            name += f", {_WHAT[match['what']]} {match['number'].replace(' and ', ' और ')}"
        if name not in found:
            found.append(name)
    return "; ".join(found)
