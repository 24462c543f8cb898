"""Judge a table somebody typed: does it add up, are places places, is a district in it twice?

The fixture is the state's table of 2021 (S4.3, S4.7): rows adding to 27,49,236 under a stated 26,04,000, two channels
among the districts, one district by two names, another with two figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from thaam.language import rupees
from thaam.language.text import Text
from thaam.parties.districts import TwoPlaces, find_district

_CHANNELS = ("helpline", "citizen", "1930", "155260", "portal", "web", "police station", "हेल्पलाइन", "नागरिक", "पोर्टल")


@dataclass(frozen=True, slots=True)
class Typed:
    """One typed line: a name and an amount in paise; `where` says which part of the document it stands in."""

    name: str
    amount_paise: int | None
    where: str = "table"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the table really holds. `faults` is empty when it may be published."""

    by_district: dict[int, int]
    by_channel: dict[str, int]
    unknown: tuple[str, ...]
    sum_paise: int
    faults: tuple[Text, ...]

    @property
    def may_be_published(self) -> bool:
        """Nothing is wrong with it."""
        return not self.faults


def judge(lines: Iterable[Typed], *, stated_total_paise: int | None, state_code: int) -> Judged:
    """Sort the lines into districts and channels, add them up, and name what does not fit.

    Lines of `where == "table"` make the sum; the others (the text around it) are only compared with it.
    """
    by_district: dict[int, int] = {}
    by_channel: dict[str, int] = {}
    unknown: list[str] = []
    said: dict[int | str, dict[str, int]] = {}
    faults: list[Text] = []
    for line in lines:
        if line.amount_paise is None:
            continue  # not reported is not zero
        key = _key(line.name, state_code)
        said.setdefault(key, {}).setdefault(line.where, 0)
        said[key][line.where] += line.amount_paise
        if line.where != "table":
            continue
        if isinstance(key, int):
            if key in by_district:
                faults.append(
                    Text(
                        hi=f"{line.name}: यह ज़िला तालिका में दो बार है।",
                        en=f"{line.name}: this district is in the table twice.",
                    )
                )
            by_district[key] = by_district.get(key, 0) + line.amount_paise
        elif key.startswith("channel:"):
            by_channel[line.name] = by_channel.get(line.name, 0) + line.amount_paise
        else:
            unknown.append(line.name)
            by_channel.setdefault(line.name, 0)
            by_channel[line.name] += line.amount_paise
    whole = sum(by_district.values()) + sum(by_channel.values())
    if stated_total_paise is not None and stated_total_paise != whole:
        gap = whole - stated_total_paise
        more_hi, more_en = ("ज़्यादा", "more") if gap > 0 else ("कम", "less")
        faults.append(
            Text(
                hi=f"पंक्तियों का जोड़ {rupees.full(whole)} है, लिखा {rupees.full(stated_total_paise)}: "
                f"{rupees.full(abs(gap))} {more_hi}।",
                en=f"The rows add to {rupees.full(whole)}, stated is {rupees.full(stated_total_paise)}: "
                f"{rupees.full(abs(gap))} {more_en}.",
            )
        )
    if by_channel and by_district:
        names = ", ".join(by_channel)
        faults.append(Text(hi=f"ज़िलों के बीच माध्यम भी हैं: {names}।", en=f"Channels stand among the districts: {names}."))
    for key, places in said.items():
        if len(set(places.values())) > 1:
            told = " / ".join(rupees.full(paise) for paise in dict.fromkeys(places.values()))
            name = _display(key)
            faults.append(Text(hi=f"{name}: दो आँकड़े, {told}।", en=f"{name}: two figures, {told}."))
    return Judged(by_district, by_channel, tuple(unknown), whole, tuple(faults))


def _key(name: str, state_code: int) -> int | str:
    try:
        found = find_district(name, state_code=state_code)
    except TwoPlaces:
        found = None
    if found:
        return found.code
    low = name.casefold()
    if any(word in low for word in _CHANNELS):
        return "channel:" + next(word for word in _CHANNELS if word in low)
    return f"unknown:{low}"


def _display(key: int | str) -> str:
    if isinstance(key, int):
        from thaam.parties.districts import districts

        return districts()[key].name_en
    return key.partition(":")[2]
