"""A year and more of a state's complaints before today, invented: who was cheated where, how, when they told, and what
became of the money. Pure data with a seed; project/history.py writes it as rows. No Django.

Believable, not real: districts by their people, more in towns; most fraud between noon and night; the sooner a report,
the more is held; banks answer faster as the months go by.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from thaam.language.dates import IST
from thaam.world import names

HOURS = (2, 1, 1, 1, 1, 1, 2, 3, 5, 7, 9, 10, 10, 9, 8, 8, 9, 10, 12, 13, 12, 9, 6, 3)
CHANNELS = (("phone", 55), ("web", 25), ("desk", 15), ("bank", 5))
# (words of a story, weight, middle of the loss in rupees)
TRICKS = (
    ("वीडियो कॉल पर नक़ली पुलिस ने डिजिटल अरेस्ट बताकर पैसे भिजवाए।", 6, 180_000),
    ("शेयर ट्रेडिंग में निवेश पर मोटे मुनाफ़े का लालच देकर पैसे लिए।", 14, 120_000),
    ("घर बैठे टास्क का काम बताकर टेलीग्राम पर पैसे लगवाए।", 15, 45_000),
    ("पार्सल कस्टम में फँसा बताकर पैसे लिए।", 6, 30_000),
    ("लोन ऐप से फ़ोटो लेकर धमकाया और पैसे लिए।", 7, 9_000),
    ("गूगल पर मिले कस्टमर केयर नंबर ने रिफंड के नाम पर पैसे काटे।", 12, 22_000),
    ("अश्लील वीडियो से ब्लैकमेल किया।", 5, 12_000),
    ("KYC अपडेट न हुई तो खाता बंद हो जाएगा, यह कहकर पैसे काटे।", 9, 28_000),
    ("APK फ़ाइल खोलते ही खाते से पैसे कट गए।", 9, 65_000),
    ("पुराना सामान बेचते समय क्यूआर भेजकर पैसे काटे।", 8, 8_000),
    ("लॉटरी में इनाम का लालच दिया।", 3, 15_000),
    ("परिचित बनकर अस्पताल के नाम पर पैसे माँगे।", 4, 20_000),
    ("कार्ड का OTP पूछकर पैसे काटे।", 10, 25_000),
    ("", 5, 15_000),
)
# From the last whole month on this trick spreads, so that a review of the past has something true to warn of.
SPREADS, TIMES = "APK", 4
RAILS = (("UPI", 70), ("IMPS", 20), ("NEFT", 6), ("CARD", 4))


@dataclass(frozen=True, slots=True)
class Loss:
    """One debit and what became of its paise, in order from the first: (state, paise, why). They add up to it."""

    amount_paise: int
    paid_at: dt.datetime
    rail: str
    reference: str
    payer_bank: str
    payer_last4: str
    payee_bank: str
    payee_account: str
    parts: tuple[tuple[str, int, str], ...]
    held_at: dt.datetime | None
    ended_at: dt.datetime | None
    answered_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """One complaint of the past."""

    number: int
    filed_at: dt.datetime
    channel: str
    district: str
    name: str
    mobile: str
    lang: str
    story: str
    withdrawn: bool
    losses: tuple[Loss, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class PastCall:
    """One call to the helpline: milliseconds of wait and handling, None where there is none."""

    key: str
    offered_at: dt.datetime
    outcome: str
    wait_ms: int
    handling_ms: int | None
    caller: str


def complaints(
    *, first: dt.date, end: dt.datetime, a_month: int, weights: Mapping[str, int], banks: Sequence[str], seed: int
) -> Iterator[Told]:
    """Complaints from the first day of a month until `end` (aware). `a_month` is the number in the last month; earlier
    ones have fewer. `weights` are districts by name with their share."""
    picked = random.Random(seed)
    months = _months(first, end)
    speed = {bank: 4 + 9 * n for n, bank in enumerate(banks)}
    n = 0
    for at, (start, stop) in enumerate(months):
        share = 0.45 + 0.55 * (at + 1) / len(months)
        count = round(a_month * share * (0.94 + 0.12 * picked.random()))
        if stop == end:
            count = round(count * (stop - start).days / 30) or 1
        tricks = _tricks(spread=at >= len(months) - 2)
        moments = sorted(_moment(picked, start, stop) for _ in range(count))
        for filed_at in moments:
            n += 1
            yield _told(picked, n, filed_at, end, tricks, weights, banks, speed, at / max(1, len(months) - 1))


def _tricks(*, spread: bool) -> dict[tuple[str, int], int]:
    """Story and middle sum of each trick with its share of the complaints."""
    return {
        (story, middle): weight * (TIMES if spread and story.startswith(SPREADS) else 1)
        for story, weight, middle in TRICKS
    }


def _told(
    picked: random.Random,
    n: int,
    filed_at: dt.datetime,
    now: dt.datetime,
    tricks: Mapping[tuple[str, int], int],
    weights: Mapping[str, int],
    banks: Sequence[str],
    speed: Mapping[str, int],
    progress: float,
) -> Told:
    district = picked.choices(list(weights), list(weights.values()))[0]
    story, middle = picked.choices(list(tricks), list(tricks.values()))[0]
    delay = min(picked.lognormvariate(8.7 - 1.1 * progress, 1.7), 40 * 86400.0)
    paid_at = filed_at - dt.timedelta(seconds=max(90.0, delay))
    losses = []
    for k in range(picked.choices((1, 2, 3), (80, 15, 5))[0]):
        paise = 100 * max(500, round(picked.lognormvariate(0, 0.9) * middle / 10) * 10)
        losses.append(
            _loss(picked, n, k, paise, paid_at + dt.timedelta(minutes=k), filed_at, now, banks, speed, progress)
        )
    person = names.person(picked)
    lang = "hi" if picked.random() < 0.85 else "en"
    return Told(
        number=n,
        filed_at=filed_at,
        channel=picked.choices([c for c, _ in CHANNELS], [w for _, w in CHANNELS])[0],
        district=district,
        name=person.hi if lang == "hi" else person.en,
        mobile=names.mobile(700_000_000 + n),
        lang=lang,
        story=story,
        withdrawn=picked.random() < 0.01,
        losses=tuple(losses),
    )


def _loss(
    picked: random.Random,
    n: int,
    k: int,
    paise: int,
    paid_at: dt.datetime,
    filed_at: dt.datetime,
    now: dt.datetime,
    banks: Sequence[str],
    speed: Mapping[str, int],
    progress: float,
) -> Loss:
    payer, payee = picked.choice(banks), picked.choice(banks)
    minutes = picked.lognormvariate(0, 0.9) * speed[payee] * (1.8 - progress)
    if picked.random() < 0.045:
        minutes += picked.uniform(1500, 6000)  # found only after days
    answers = picked.random() < 0.97
    answered_at = filed_at + dt.timedelta(minutes=minutes) if answers else None
    late = (filed_at - paid_at).total_seconds()
    share = 0.5 if late < 1800 else 0.36 if late < 3600 else 0.17 if late < 21600 else 0.07 if late < 86400 else 0.01
    share = min(0.98, share * (0.55 + 0.75 * progress))
    held = 0
    if answers and answered_at and answered_at < now and picked.random() < share + 0.04:
        held = min(paise, round(paise * min(1.0, picked.uniform(0.3, 1.3)) / 100) * 100)
    parts: list[tuple[str, int, str]] = []
    held_at = ended_at = None
    if held:
        held_at = answered_at
        assert held_at is not None
        parts, ended_at = _became(picked, held, held_at, now)
    rest = paise - held
    if answered_at is None or answered_at >= now:
        parts.append(("asked", rest, ""))
        answered_at = None
    elif rest:
        unexplained = rest if picked.random() < 0.07 else 0
        returned = rest - unexplained if picked.random() < 0.02 else 0
        gone = rest - unexplained - returned
        why = picked.choices(("CASH_ATM", "PURCHASE", "CRYPTO", "CHEQUE"), (60, 22, 12, 6))[0]
        parts += [("gone", gone, why), ("returned", returned, "refund"), ("unexplained", unexplained, "not_found")]
    rail = picked.choices([r for r, _ in RAILS], [w for _, w in RAILS])[0]
    return Loss(
        amount_paise=paise,
        paid_at=paid_at,
        rail=rail,
        reference=f"{payer[:4]}N{n:06d}{k:05d}" if rail == "NEFT" else f"9{n:07d}{k:04d}",
        payer_bank=payer,
        payer_last4=f"{picked.randrange(10_000):04d}",
        payee_bank=payee,
        payee_account=f"H{picked.randrange(10**9):09d}",
        parts=tuple(part for part in parts if part[1]),
        held_at=held_at,
        ended_at=ended_at,
        answered_at=answered_at,
    )


def _became(
    picked: random.Random, held: int, held_at: dt.datetime, now: dt.datetime
) -> tuple[list[tuple[str, int, str]], dt.datetime | None]:
    """Held money is returned to the victim, released to its holder, ended by the clock of 90 days, or still held."""
    expires_at = held_at + dt.timedelta(days=90)
    fate = picked.random()
    if fate < 0.34 and (back := held_at + dt.timedelta(days=picked.randrange(18, 80))) < now:
        return [("restored", held, "")], back
    if fate < 0.44 and (freed := held_at + dt.timedelta(days=picked.randrange(4, 30))) < now:
        return [("released", held, "objection")], freed
    if expires_at < now:
        return [("released", held, "expired")], expires_at
    return [("held", held, "")], None


def calls(*, first: dt.date, end: dt.datetime, a_day: int, seed: int) -> Iterator[PastCall]:
    """Calls to the helpline: busiest in the evening, where waits are longest and callers give up."""
    picked = random.Random(seed)
    days = (end.astimezone(IST).date() - first).days
    for day in range(days):
        on = first + dt.timedelta(days=day)
        progress = day / max(1, days)
        for n in range(round(a_day * (0.6 + 0.4 * progress) * picked.uniform(0.85, 1.15))):
            hour = picked.choices(range(24), HOURS)[0]
            at = dt.datetime(on.year, on.month, on.day, hour, picked.randrange(60), picked.randrange(60), tzinfo=IST)
            crowd = HOURS[hour] / 13 * (1.35 - 0.5 * progress)
            wait = round(1000 * picked.expovariate(1 / (4 + 34 * crowd * crowd)))
            patience = 1000 * picked.expovariate(1 / 150)
            lost = wait > patience
            yield PastCall(
                key=f"past-{on:%Y%m%d}-{n:05d}",
                offered_at=at.astimezone(dt.UTC),
                outcome="excluded" if lost and patience < 4000 else "abandoned" if lost else "answered",
                wait_ms=round(patience) if lost else wait,
                handling_ms=None if lost else round(1000 * picked.lognormvariate(5.1, 0.5)),
                caller=names.mobile(800_000_000 + picked.randrange(10**7)),
            )


def _months(first: dt.date, end: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
    found = []
    start = dt.datetime(first.year, first.month, 1, tzinfo=IST)
    while start < end:
        after = (start + dt.timedelta(days=32)).replace(day=1)
        found.append((start.astimezone(dt.UTC), min(after.astimezone(dt.UTC), end)))
        start = after
    return found


def _moment(picked: random.Random, start: dt.datetime, stop: dt.datetime) -> dt.datetime:
    day = start + dt.timedelta(days=picked.randrange(max(1, (stop - start).days)))
    hour = picked.choices(range(24), HOURS)[0]
    here = day.astimezone(IST).replace(hour=hour, minute=picked.randrange(60), second=picked.randrange(60))
    return min(max(here.astimezone(dt.UTC), start), stop - dt.timedelta(minutes=1))
