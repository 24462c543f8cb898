"""Reading what people type: each verb returns the value or raises `Wrong` with a sentence that says what to do.

Used by the citizen's report, the operator's console and the station desk alike, so that the same slip gets the
same words everywhere. Digits of any script are accepted. Nothing here is a hard stop for a doubtful reference:
`look_at_reference` only says what it looks like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from thaam.journal.ids import new_id
from thaam.language.dates import IST, in_ist
from thaam.language.numbers import grouped, latin_digits, only_digits
from thaam.language.rupees import NotAnAmount, read_rupees
from thaam.language.text import Text

OLDEST = timedelta(days=3650)
STORY_SIGNS_MAX = 5000


class Wrong(ValueError):
    """What was typed cannot be taken as it is; `text` says what is wrong and how to put it right."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def id_of(typed: str | None) -> str | None:
    """The id a form carried, or None when it carried none."""
    try:
        return str(UUID(typed or ""))
    except ValueError:
        return None


def id_or_new(typed: str | None) -> str:
    """The id the page carried (a form pressed twice is one act), or a fresh one when it carried none."""
    try:
        return str(UUID(typed or ""))
    except ValueError:
        return new_id()


def number_of(typed: str | None, *, otherwise: int = 0) -> int:
    """The whole number an address or a form carried, or `otherwise` when it is none that anything of ours has."""
    return int(typed) if typed and len(typed) <= 9 and typed.isascii() and typed.isdigit() else otherwise


def one_line(typed: str | None, *, most: int) -> str:
    """Printable text on one line, cut at `most` signs; control signs and NULs are dropped."""
    plain = "".join(sign if sign.isprintable() else " " for sign in typed or "")
    return " ".join(plain.split())[:most]


def read_amount(typed: str | None) -> int:
    """Paise."""
    try:
        return read_rupees(typed or "")
    except NotAnAmount as refused:
        raise Wrong(refused.text) from refused


def read_mobile(typed: str | None) -> str:
    """Ten digits of an Indian mobile number, with or without +91 or 0 in front."""
    digits = only_digits(typed or "")
    if len(digits) == 12 and digits.startswith("91"):
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("0"):
        digits = digits[1:]
    if not digits:
        raise Wrong(Text("अपना मोबाइल नंबर लिखें। इसी पर खबर मिलेगी।", "Enter your mobile number. News will come to it."))
    if len(digits) != 10:
        raise Wrong(
            Text(
                f"मोबाइल नंबर 10 अंक का होता है। आपने {len(digits)} लिखे।",
                f"A mobile number has 10 digits. You entered {len(digits)}.",
            )
        )
    if digits[0] not in "6789":
        raise Wrong(
            Text(
                "मोबाइल नंबर 6, 7, 8 या 9 से शुरू होता है। अंक फिर से देखें।",
                "A mobile number starts with 6, 7, 8 or 9. Check the digits.",
            )
        )
    return digits


def read_last4(typed: str | None) -> str:
    """The last digits of an own account, at most four; "" when left empty."""
    digits = only_digits(typed or "")
    if digits and len(digits) < 3:
        raise Wrong(
            Text("खाते के अंतिम 4 अंक लिखें, या खाली छोड़ दें।", "Enter the last 4 digits of the account, or leave it empty.")
        )
    return digits[-4:]


WHEN = (
    ("now", Text("अभी", "Just now")),
    ("hour", Text("1 घंटे में", "Within an hour")),
    ("today", Text("आज", "Today")),
    ("yesterday", Text("कल", "Yesterday")),
    ("date", Text("और पहले", "Earlier")),
)


@dataclass(frozen=True, slots=True)
class PaidAt:
    """When the money left; `exact` is false when only the day or a rough hour is known."""

    at: datetime
    exact: bool


def read_when(choice: str | None, on: str | None, clock: str | None, *, now: datetime) -> PaidAt:
    """The moment of a debit from a choice (`WHEN`), a date (yyyy-mm-dd) and a time (hh:mm), India's clock."""
    here = in_ist(now)
    if choice == "now":
        return PaidAt(now, exact=False)
    if choice == "hour":
        return PaidAt(max(now - timedelta(minutes=30), _midnight(here)), exact=False)
    if choice == "today":
        chosen = here.date()
    elif choice == "yesterday":
        chosen = here.date() - timedelta(days=1)
    elif choice == "date" or on:
        chosen = read_date(on)
    else:
        raise Wrong(Text("पैसा कब गया? एक विकल्प चुनें।", "When did the money go? Choose one."))
    at_time = _read_clock(clock)
    if at_time is None:
        middle = datetime.combine(chosen, time(12, 0), IST)
        paid = PaidAt(min(middle, now) if chosen == here.date() else middle, exact=False)
    else:
        paid = PaidAt(datetime.combine(chosen, at_time, IST), exact=True)
    if paid.at > now + timedelta(minutes=5):
        raise Wrong(
            Text("यह समय अभी आया नहीं है। तारीख और समय फिर से देखें।", "This time is in the future. Check the date and time.")
        )
    if paid.at < now - OLDEST:
        raise Wrong(
            Text("यह तारीख 10 साल से भी पुरानी है। साल फिर से देखें।", "This date is more than 10 years old. Check the year.")
        )
    return paid


def _midnight(here: datetime) -> datetime:
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


def read_date(typed: str | None) -> date:
    """A day as browsers (2026-06-01) or offices (01.06.2026) write it."""
    plain = latin_digits(typed or "").strip()
    if not plain:
        raise Wrong(Text("तारीख लिखें।", "Enter the date."))
    for shape, order in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})", (0, 1, 2)),
        (r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", (2, 1, 0)),
    ):
        if found := re.fullmatch(shape, plain):
            year, month, day = (int(found.groups()[place]) for place in order)
            try:
                return date(year, month, day)
            except ValueError:
                break
    raise Wrong(Text("तारीख ऐसे लिखें: 01.06.2026।", "Write the date like 01.06.2026."))


def day_or_none(typed: str | None) -> date | None:
    """A day from a date field (yyyy-mm-dd); None when it is empty or is none."""
    try:
        return date.fromisoformat(typed or "")
    except ValueError:
        return None


def moment_or_none(typed: str | None) -> datetime | None:
    """A moment from a date-and-time field, on India's clock unless it says another; None when there is none."""
    try:
        at = datetime.fromisoformat(typed or "")
    except ValueError:
        return None
    return at.replace(tzinfo=IST) if at.tzinfo is None else at


def _read_clock(typed: str | None) -> time | None:
    plain = latin_digits(typed or "").strip()
    if not plain:
        return None
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::\d{2})?\s*(am|pm)?", plain, flags=re.IGNORECASE)
    if found:
        hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise Wrong(Text("समय ऐसे लिखें: 14:05।", "Write the time like 14:05."))


_VPA = re.compile(r"[a-zA-Z0-9.\-_]{2,256}@[a-zA-Z][a-zA-Z0-9]{1,63}")
_IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")


def read_vpa(typed: str | None) -> str:
    """A UPI address, lower case; "" when left empty."""
    plain = latin_digits(one_line(typed, most=330)).replace(" ", "").lower()
    if plain and not _VPA.fullmatch(plain):
        raise Wrong(Text("UPI आईडी में @ होता है, जैसे naam@bank।", "A UPI id has an @ in it, for example name@bank."))
    return plain


def read_ifsc(typed: str | None) -> str:
    """An IFSC; "" when left empty."""
    plain = latin_digits(one_line(typed, most=40)).replace(" ", "").upper()
    if plain and not _IFSC.fullmatch(plain):
        if len(plain) == 11 and plain[4] == "O" and _IFSC.fullmatch(plain[:4] + "0" + plain[5:]):
            return plain[:4] + "0" + plain[5:]  # the letter O where the fixed zero stands
        raise Wrong(
            Text(
                "IFSC 11 अक्षर का होता है, पाँचवाँ हमेशा शून्य, जैसे ABCD0123456।",
                "An IFSC has 11 characters and the fifth is a zero, for example ABCD0123456.",
            )
        )
    return plain


def read_account(typed: str | None) -> str:
    """An account number as text, leading zeros kept; "" when left empty."""
    plain = re.sub(r"[\s-]", "", latin_digits(one_line(typed, most=80)))
    if plain and not re.fullmatch(r"[A-Za-z0-9]{4,34}", plain):
        raise Wrong(Text("खाता नंबर में सिर्फ़ अंक लिखें।", "An account number has only digits."))
    return plain


def read_name(typed: str | None, *, most: int = 120) -> str:
    """A person's or shop's name as typed, on one line."""
    plain = one_line(typed, most=most + 1)
    if len(plain) > most:
        raise Wrong(Text(f"नाम {most} अक्षर तक लिखें।", f"Keep the name within {most} letters."))
    return plain


def read_story(typed: str | None) -> str:
    """Several lines in the person's own words; too long is said with the count, and nothing is cut."""
    plain = "".join(
        sign for sign in (typed or "").replace("\r\n", "\n") if sign.isprintable() or sign in "\n\t"
    ).strip()
    if len(plain) > STORY_SIGNS_MAX:
        raise Wrong(
            Text(
                f"यह {grouped(len(plain))} अक्षर का है। यहाँ {grouped(STORY_SIGNS_MAX)} तक लिखें, बाकी बाद में।",
                f"This has {grouped(len(plain))} letters. Keep to {grouped(STORY_SIGNS_MAX)}; add the rest later.",
            )
        )
    return plain
