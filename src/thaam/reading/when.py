"""The time a message gives, in India's time. A date without a clock stays a date; one without a year is not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_HINDI_MONTHS = {
    "जन": 1, "फर": 2, "फ़र": 2, "मार्च": 3, "अप्रै": 4, "मई": 5, "जून": 6, "जुला": 7, "अग": 8, "सित": 9, "अक्": 10, "नव": 11, "दिस": 12,
}  # fmt: skip
_NAME = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*"
_DATES = tuple(
    re.compile("(?i)" + pattern)
    for pattern in (
        r"(?<![\d/.-])(?P<year>20\d\d)[-/.:](?P<month>\d{1,2})[-/.:](?P<day>\d{1,2})(?!\d)",
        r"(?<![\d/.-])(?P<day>\d{1,2})[-/.:](?P<month>\d{1,2})[-/.:](?P<year>20\d\d|\d\d)(?![\d])",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-/\s.,']*{_NAME}[-/\s.,']*(?P<year>20\d\d|\d\d)(?![\d:])",
        rf"\b{_NAME}[-/\s.]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-/\s,.]+(?P<year>20\d\d)(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})[-\s]*(?P<month>{'|'.join(_HINDI_MONTHS)})[^\d\s]*[-\s,]*(?P<year>20\d\d|\d\d)(?!\d)",
    )
)
_CLOCK = re.compile(
    r"(?i)(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\.\d+)?\s*(?P<half>[ap]\.?m\b)?(?![\d:])"
)
_BETWEEN = re.compile(r"(?i)(?:\s|[,:;|\-@T()]|at|on|hrs|ist|बजे|time)*")


@dataclass(frozen=True, slots=True)
class When:
    """ISO 8601: "2026-06-02T13:58:07+05:30", or "2026-06-02" where the message gives no clock."""

    iso: str
    start: int
    end: int


def when_in(text: str) -> When | None:
    """The first valid date of the text with the clock that stands beside it."""
    for match, day in sorted(_days(text), key=lambda found: found[0].start()):
        for clock in _clocks_beside(text, match):
            at = _time(clock)
            if at is not None:
                return When(
                    f"{day.isoformat()}T{at.isoformat()}+05:30",
                    min(match.start(), clock.start()),
                    max(match.end(), clock.end()),
                )
        return When(day.isoformat(), match.start(), match.end())
    return None


def _clocks_beside(text: str, day: re.Match[str]) -> list[re.Match[str]]:
    between = _BETWEEN.match(text, day.end())
    after = _CLOCK.match(text, between.end() if between else day.end())
    before = [
        clock
        for clock in re.compile(r"(?<![\d:.])" + _CLOCK.pattern.removeprefix("(?i)"), re.I).finditer(
            text, 0, day.start()
        )
        if _BETWEEN.fullmatch(text, clock.end(), day.start())
    ]
    return ([after] if after else []) + before


def _days(text: str) -> list[tuple[re.Match[str], date]]:
    found: list[tuple[re.Match[str], date]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = match["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS.get(month[:3]) or _HINDI_MONTHS.get(match["month"]) or 0
            year = int(match["year"])
            try:
                found.append((match, date(year if year > 99 else 2000 + year, number, int(match["day"]))))
            except ValueError:
                continue
    return found


def _time(clock: re.Match[str]) -> time | None:
    hour, half = int(clock["hour"]), (clock["half"] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    if half.startswith("a") and hour == 12:
        hour = 0
    try:
        return time(hour, int(clock["minute"]), int(clock["second"] or 0))
    except ValueError:
        return None
