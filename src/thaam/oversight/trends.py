"""What changes: each trick this month against the month before, with n; a draft of a bulletin from it (S0.11, S2.5)."""

from __future__ import annotations

from dataclasses import dataclass

from thaam.language import dates, rupees
from thaam.language.text import Text
from thaam.oversight.models import Snapshot
from thaam.oversight.modus import modus_name
from thaam.oversight.tables import Figures, modus_table
from thaam.oversight.taking import month_of
from thaam.prevention.trends import grew


@dataclass(frozen=True, slots=True)
class Trend:
    """One trick in the newest whole month and in the one before."""

    code: str
    name: Text
    now: Figures
    before: Figures
    snapshot: Snapshot

    @property
    def change_percent(self) -> float | None:
        """Change of the number of complaints; None when there were none before."""
        return (
            100 * (self.now.complaints - self.before.complaints) / self.before.complaints
            if self.before.complaints
            else None
        )

    @property
    def figures(self) -> dict[str, object]:
        """The locked facts of a bulletin."""
        return {
            "snapshot": self.snapshot.name,
            "modus": self.code,
            "n": self.now.complaints,
            "before": self.before.complaints,
            "reported": self.now.reported,
            "held": self.now.held_ever,
        }


def about() -> tuple[Snapshot | None, Snapshot | None]:
    """The two whole months compared: the newest and the one before it."""
    newest: list[Snapshot] = []
    for each in Snapshot.objects.order_by("-from_on", "-taken_at")[:40]:
        if month_of(each) and (not newest or each.from_on != newest[-1].from_on):
            newest.append(each)
        if len(newest) == 2:
            break
    return (newest[0] if newest else None), (newest[1] if len(newest) > 1 else None)


def sheet() -> list[Trend]:
    """Every trick of both months, most complaints first."""
    now, before = about()
    if now is None:
        return []
    here, there = modus_table(now).rows, modus_table(before).rows if before else {}
    found = [
        Trend(code, modus_name(code), here.get(code, Figures()), there.get(code, Figures()), now)
        for code in {*here, *there}
    ]
    return sorted(found, key=lambda trend: (-trend.now.complaints, trend.code))


def rising() -> list[Trend]:
    """Tricks whose share of the month's complaints grew by more than chance explains (prevention.trends.grew); the
    steepest first. A busier month is no trend, and of what was told a handful of times nothing is said."""
    rows = sheet()
    of_now, of_before = (sum(getattr(each, side).complaints for each in rows) for side in ("now", "before"))
    found = [
        trend for trend in rows if trend.code and grew(trend.now.complaints, trend.before.complaints, of_now, of_before)
    ]
    return sorted(found, key=lambda trend: -(trend.change_percent or 1e9))


def _inside(name: str) -> str:
    """A name inside a sentence: "Digital arrest" begins small, "APK, remote app" does not."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def draft_of(trend: Trend) -> tuple[Text, Text]:
    """Title and body of a bulletin: what grew, by how much, on how many complaints, what was held. No person in it."""
    first = trend.snapshot.from_on
    month = Text(f"{dates.MONTHS_HI[first.month - 1]} {first.year}", f"{dates.MONTHS_EN[first.month - 1]} {first.year}")
    n, before, change = trend.now.complaints, trend.before.complaints, trend.change_percent
    change_words = (
        Text(f"पिछले माह {before} थीं, {change:.0f} % ज़्यादा", f"{before} the month before, {change:.0f} % more")
        if change is not None
        else Text("पिछले माह एक भी नहीं थी", "none the month before")
    )
    title = Text(f"सावधान: {trend.name.hi} की शिकायतें बढ़ीं", f"Beware: more complaints of {_inside(trend.name.en)}")
    body = Text(
        f"{month.hi} में इस तरीके की {n} शिकायतें मिलीं ({change_words.hi})। इनमें "
        f"{rupees.short(trend.now.reported, 'hi')} की ठगी बताई गई, "
        f"{rupees.short(trend.now.held_ever, 'hi')} पर रोक लगी। "
        "खाता खोलते और बड़ी रकम भेजते समय ग्राहक से इस तरीके के बारे में पूछिए; शक हो तो 1930 पर बताइए।",
        f"In {month.en} {n} complaints told of this trick ({change_words.en}). They reported "
        f"{rupees.short(trend.now.reported, 'en')}, of which {rupees.short(trend.now.held_ever, 'en')} were held. "
        "Ask customers about it when an account is opened or a large sum is sent; in doubt, call 1930.",
    )
    return title, body
