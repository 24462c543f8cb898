"""A complaint's story as people read it: what went along in brackets gets words, the own words stay as they are."""

from __future__ import annotations

import re

from thaam.language.text import Text

_BESIDE = re.compile(r"^\[(receiver|bank|SMS|safety): (.*?)\](?=\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^\[(\d\d\.\d\d\.\d{4}, \d\d:\d\d) hrs, ([^\]\n]*)\](?=\n|\Z)", re.MULTILINE)
_CALLED = {
    "receiver": Text("पाने वाला", "Receiver"),
    "bank": Text("बैंक", "Bank"),
    "SMS": Text("बैंक का SMS", "The bank's SMS"),
    "safety": Text("सुरक्षा", "Safety"),
}
_SAFETY = {
    "upi": Text("UPI बंद", "UPI blocked"),
    "card": Text("कार्ड बंद", "card blocked"),
    "netbanking": Text("नेट-बैंकिंग बंद", "net-banking blocked"),
    "screen": Text("स्क्रीन शेयर ऐप हटाया", "screen-share app removed"),
}
_CITIZEN, _OFFICER = Text("शिकायतकर्ता", "the complainant"), Text("अधिकारी", "an officer")


def story_words(story: str, lang: str) -> str:
    """The whole story for a page in that language."""

    def beside(match: re.Match[str]) -> str:
        what, value = match.groups()
        if what == "safety":
            value = ", ".join(_SAFETY[word].in_(lang) for word in value.split(", ") if word in _SAFETY)
        return f"{_CALLED[what].in_(lang)}: {value}"

    def heading(match: re.Match[str]) -> str:
        who = _CITIZEN if match[2] == "citizen" else _OFFICER
        return f"{match[1]}, {who.in_(lang)}:"

    return _HEADING.sub(heading, _BESIDE.sub(beside, story))


def has_own_words(story: str) -> bool:
    """Whether the reporter, or somebody for them, told what happened: an SMS that came along is not that."""
    return bool(_HEADING.sub("", _BESIDE.sub("", story)).strip())
