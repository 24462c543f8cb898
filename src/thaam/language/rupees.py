"""Money as people read it: ₹27,49,236 in full, ₹27.49 लाख in short, and the words under a typed sum.

Everything takes int paise. The short form truncates, so that it never claims more than there is; the
fixed vectors are in the design (ux.md 1.5) and in tests/language. Library "compact" forms are not
used: they print a thousand million as "ख॰" in Hindi and "KCr" in English.
"""

from __future__ import annotations

import re

from thaam.language.numbers import grouped, latin_digits
from thaam.language.text import Text

UNKNOWN = "—"
LAKH, CRORE = 1_00_000, 1_00_00_000
WORDS_END_RUPEES = 1000 * CRORE
"""Nobody reads a larger sum aloud; no single debit is larger either, so `read_rupees` stops here too."""

_HINDI = (
    "शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस "
    "बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस "
    "तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस "
    "चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास "
    "पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ "
    "साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर "
    "सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी "
    "अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी "
    "नब्बे इक्यानवे बानवे तिरानवे चौरानवे पंचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे"
).split()
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_ENGLISH_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
_STEPS = ((CRORE, "करोड़", "crore"), (LAKH, "लाख", "lakh"), (1000, "हज़ार", "thousand"), (100, "सौ", "hundred"))


def full(paise: int | None) -> str:
    """₹1,95,000; paise only when there are any (₹1,234.50); unknown and negative are "—"."""
    if paise is None or paise < 0:
        return UNKNOWN
    rupees, rest = divmod(paise, 100)
    return f"₹{grouped(rupees)}" + (f".{rest:02d}" if rest else "")


def short(paise: int | None, lang: str) -> str:
    """₹1.95 लाख / ₹1.95 lakh: two places, cut and never rounded up; below one lakh the whole rupees."""
    if paise is None or paise < 0:
        return UNKNOWN
    rupees = paise // 100
    for unit, hindi, english in ((CRORE, "करोड़", "crore"), (LAKH, "लाख", "lakh")):
        if rupees >= unit:
            whole, hundredths = divmod(rupees * 100 // unit, 100)
            places = f".{hundredths:02d}".rstrip("0") if hundredths else ""
            return f"₹{grouped(whole)}{places} {english if lang == 'en' else hindi}"
    return f"₹{grouped(rupees)}"


def words(paise: int | None, lang: str) -> str:
    """The sum as spoken: "एक लाख पंचानवे हज़ार रुपये"; "—" when unknown, negative or too large to say."""
    if paise is None or paise < 0 or paise // 100 >= WORDS_END_RUPEES:
        return UNKNOWN
    rupees, rest = divmod(paise, 100)
    if lang == "en":
        parts = [_count(rupees, lang), "rupee" if rupees == 1 else "rupees"] if rupees or not rest else []
        if rest:
            parts += [_count(rest, lang), "paisa" if rest == 1 else "paise"]
    else:
        parts = [_count(rupees, lang), "रुपया" if rupees == 1 else "रुपये"] if rupees or not rest else []
        if rest:
            parts += [_count(rest, lang), "पैसा" if rest == 1 else "पैसे"]
    return " ".join(parts)


def _count(number: int, lang: str) -> str:
    """A whole number in words, Indian steps; recursive only above 99 crore."""
    parts: list[str] = []
    for unit, hindi, english in _STEPS:
        if number >= unit:
            parts += [_count(number // unit, lang), english if lang == "en" else hindi]
            number %= unit
    if number or not parts:
        parts.append(_below_hundred(number, lang))
    return " ".join(parts)


def _below_hundred(number: int, lang: str) -> str:
    if lang != "en":
        return _HINDI[number]
    if number < 20:
        return _ENGLISH[number]
    tens, ones = divmod(number, 10)
    return _ENGLISH_TENS[tens] + (f"-{_ENGLISH[ones]}" if ones else "")


class NotAnAmount(ValueError):
    """What was typed is not a sum of money we can take; `text` says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


_UNITS = {
    **dict.fromkeys(("हज़ार", "हजार", "thousand"), 1000),
    **dict.fromkeys(("लाख", "lakh", "lac", "lakhs"), LAKH),
    **dict.fromkeys(("करोड़", "crore", "crores"), CRORE),
}
_SHAPE = re.compile(r"(\d[\d,\s]*)(?:\.(\d*))?\s*([^\d\s.,]*)")


def read_rupees(typed: str) -> int:
    """Paise of a sum as typed: digits of any script, commas, ₹, "/-", "1.95 लाख". Raises NotAnAmount."""
    plain = latin_digits(typed).replace("\u00a0", " ").strip()
    if not plain:
        raise NotAnAmount(Text("रकम लिखें, जैसे 49,999।", "Enter the amount, for example 49,999."))
    if len(plain) > 60:
        raise NotAnAmount(Text("सिर्फ़ रकम लिखें, जैसे 49,999।", "Enter only the amount, for example 49,999."))
    if plain.startswith(("-", "−", "–")):
        raise NotAnAmount(Text("रकम शून्य से ज़्यादा होनी चाहिए।", "The amount must be more than zero."))
    plain = re.sub(r"^(₹|rs\.?|inr|रु\.?|रुपये|रू\.?)\s*", "", plain, flags=re.IGNORECASE)
    plain = re.sub(r"\s*(/-|/=|₹|rupees|रुपये|रुपए|रु\.?)$", "", plain, flags=re.IGNORECASE)
    shape = _SHAPE.fullmatch(plain)
    unit = 1 if shape and not shape[3] else _UNITS.get(shape[3].lower(), 0) if shape else 0
    if not shape or not unit:
        raise NotAnAmount(Text("रकम अंकों में लिखें, जैसे 49,999।", "Write the amount in digits, for example 49,999."))
    whole, fraction = re.sub(r"[,\s]", "", shape[1]), shape[2] or ""
    if unit == 1 and len(fraction) > 2:
        raise NotAnAmount(Text("पैसे दो अंकों तक लिखें, जैसे 49,999.50।", "Write paise in two digits, for example 49,999.50."))
    if len(whole) > 15 or len(fraction) > 7:
        raise _too_large()
    scale: int = 10 ** len(fraction)
    paise = (int(whole) * scale + int(fraction or 0)) * unit * 100 // scale
    if paise <= 0:
        raise NotAnAmount(Text("रकम शून्य से ज़्यादा होनी चाहिए।", "The amount must be more than zero."))
    if paise // 100 >= WORDS_END_RUPEES:
        raise _too_large()
    return paise


def _too_large() -> NotAnAmount:
    return NotAnAmount(
        Text(
            "यह रकम बहुत बड़ी है। अंक फिर से देखें, या 1930 पर कॉल करें।",
            "This amount is too large. Check the digits, or call 1930.",
        )
    )
