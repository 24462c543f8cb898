"""Times as people read them, always in India's time: words for citizens, 24 hours for staff, dd.mm.yyyy on paper.

All verbs take aware datetimes and the moment "now" they are read at; nothing here looks at a clock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

IST = timezone(timedelta(hours=5, minutes=30), "IST")

MONTHS_HI = "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर".split()
MONTHS_EN = "January February March April May June July August September October November December".split()
DAYS_HI = "सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार".split()
DAYS_EN = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def in_ist(at: datetime) -> datetime:
    """The same moment on India's clock; a time without a zone is a bug and is refused."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(IST)


def day_words(on: date, lang: str, *, year: bool = True) -> str:
    """1 जून 2026 / 1 June 2026: the month in words, so that 01.06 is never read as January."""
    month = (MONTHS_EN if lang == "en" else MONTHS_HI)[on.month - 1]
    return f"{on.day} {month} {on.year}" if year else f"{on.day} {month}"


def weekday(on: date, lang: str) -> str:
    """सोमवार / Monday."""
    return (DAYS_EN if lang == "en" else DAYS_HI)[on.weekday()]


def _part_of_day(hour: int) -> str:
    if hour < 4 or hour >= 20:
        return "रात"
    if hour < 12:
        return "सुबह"
    return "दोपहर" if hour < 16 else "शाम"


def bare_time(at: datetime) -> str:
    """2:05, twelve hours and nothing else: for a column where the day and its part are said elsewhere."""
    there = in_ist(at)
    return f"{(there.hour - 1) % 12 + 1}:{there.minute:02d}"


def time_words(at: datetime, lang: str) -> str:
    """दोपहर 2:05 बजे / 2:05 pm."""
    there = in_ist(at)
    if lang == "en":
        return f"{bare_time(at)} {'am' if there.hour < 12 else 'pm'}"
    return f"{_part_of_day(there.hour)} {bare_time(at)} बजे"


def when_words(at: datetime, now: datetime, lang: str) -> str:
    """आज दोपहर 2:05 बजे; कल, then "1 जून, दोपहर 2:05 बजे"; the year only when it is another one."""
    there, here = in_ist(at), in_ist(now)
    days = (here.date() - there.date()).days
    clock = time_words(at, lang)
    if days == 0:
        return f"today {clock}" if lang == "en" else f"आज {clock}"
    # Hindi says कल for yesterday and for tomorrow; a coming day is therefore given by its date.
    if days == 1:
        return f"yesterday {clock}" if lang == "en" else f"कल {clock}"
    if days == -1 and lang == "en":
        return f"tomorrow {clock}"
    return f"{day_words(there.date(), lang, year=there.year != here.year)}, {clock}"


def span_words(span: timedelta, lang: str) -> str:
    """37 मिनट, 2 घंटे, 3 दिन: the largest whole unit, at least "1 मिनट" (less is said as such by `ago_words`)."""
    minutes = max(int(span.total_seconds()) // 60, 0)
    if minutes < 60:
        return _unit(max(minutes, 1), ("मिनट", "मिनट"), "minute", lang)
    if minutes < 24 * 60:
        return _unit(minutes // 60, ("घंटा", "घंटे"), "hour", lang)
    return _unit(minutes // (24 * 60), ("दिन", "दिन"), "day", lang)


def _unit(count: int, hindi: tuple[str, str], english: str, lang: str) -> str:
    if lang == "en":
        return f"{count} {english}" + ("" if count == 1 else "s")
    return f"{count} {hindi[0] if count == 1 else hindi[1]}"


def ago_words(at: datetime, now: datetime, lang: str) -> str:
    """37 मिनट पहले / 37 minutes ago; अभी / just now within a minute, and for a clock slightly ahead of ours."""
    if now - at < timedelta(minutes=1):
        return "just now" if lang == "en" else "अभी"
    span = span_words(now - at, lang)
    return f"{span} ago" if lang == "en" else f"{span} पहले"


def citizen_time(at: datetime, now: datetime, lang: str) -> str:
    """आज दोपहर 2:05 बजे (37 मिनट पहले), for the last day; older times without the bracket."""
    said = when_words(at, now, lang)
    return f"{said} ({ago_words(at, now, lang)})" if timedelta(0) <= now - at < timedelta(hours=24) else said


def staff_time(at: datetime, now: datetime | None = None, lang: str = "hi") -> str:
    """14:05, with the day in words when it is not today's."""
    there = in_ist(at)
    clock = f"{there:%H:%M}"
    if now is None or in_ist(now).date() == there.date():
        return clock
    return f"{day_words(there.date(), lang, year=in_ist(now).year != there.year)}, {clock}"


def print_time(at: datetime, lang: str) -> str:
    """दिनांक 01.06.2026, समय 14:05 बजे / 01.06.2026, 14:05 hrs, as office papers write it."""
    there = in_ist(at)
    if lang == "en":
        return f"{there:%d.%m.%Y}, {there:%H:%M} hrs"
    return f"दिनांक {there:%d.%m.%Y}, समय {there:%H:%M} बजे"
