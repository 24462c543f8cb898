"""How the paise of a hold stand, each with a name, what happens next and by when: nothing is ever just "pending".

What may be done to them is decided in money/marks.py; the verbs beside this module ask there before they write.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from thaam.journal.gathering import open_gathering
from thaam.language.text import Text
from thaam.money import marks as rules
from thaam.money import ranges as sets
from thaam.money.marks import Marks, Standing
from thaam.money.ranges import Ranges
from thaam.rulebook.clocks import due_at

from .models import Entry, Hold, Release, Repayment


@dataclass(frozen=True, slots=True)
class Part:
    """Paise that stand alike: the name, the next step, and the moment by which it comes or came."""

    name: Text
    next: Text
    ranges: Ranges
    by_at: dt.datetime

    @property
    def paise(self) -> int:
        """How many."""
        return sets.total(self.ranges)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a matter stands for the person it is about: its name, the next step, and the moment by which that comes.

    `yours` says that this person is the one to act, `over` that nothing more will happen (`by_at` is when it ended).
    """

    name: Text
    next: Text
    by_at: dt.datetime
    yours: bool = False
    over: bool = False


TEXT: dict[Standing, tuple[Text, Text]] = {
    Standing.FREE: (
        Text(hi="रुका", en="held"),
        Text(hi="आदेश न आए तो रोक अपने-आप हटेगी", en="without an order the hold ends by itself"),
    ),
    Standing.CONTESTED: (
        Text(hi="आपत्ति चल रही है", en="under objection"),
        Text(hi="आपत्ति का निर्णय, या रोक की तारीख", en="the decision on the objection, or the hold's end"),
    ),
    Standing.PROMISED: (
        Text(hi="वापसी का प्रस्ताव", en="proposed for restoration"),
        Text(hi="दूसरे अधिकारी की मंज़ूरी, या रोक की तारीख", en="the second officer's word, or the hold's end"),
    ),
    Standing.BEING_PAID: (
        Text(hi="बैंक को लौटाने का आदेश गया", en="the bank is ordered to pay it back"),
        Text(hi="बैंक भुगतान करेगा और UTR बताएगा", en="the bank pays and tells the reference"),
    ),
    Standing.GOING_BACK: (
        Text(hi="रोक हटाने का आदेश गया", en="the bank is ordered to let it go"),
        Text(hi="बैंक रोक हटाएगा", en="the bank lifts the hold"),
    ),
}
ENDED: dict[Entry.Type, tuple[Text, Text]] = {
    Entry.Type.LOWERED: (
        Text(hi="बैंक ने घटाया", en="lowered by the bank"),
        Text(hi="बैंक के जवाब के अनुसार खोज आगे", en="followed on as the bank's answer says"),
    ),
    Entry.Type.RELEASED: (
        Text(hi="खाताधारक को छोड़ा गया", en="released to the holder"),
        Text(hi="कुछ बाकी नहीं", en="nothing is left to do"),
    ),
    Entry.Type.EXPIRED: (
        Text(hi="समय पूरा, रोक हटी", en="ended by law"),
        Text(hi="कुछ बाकी नहीं", en="nothing is left to do"),
    ),
    Entry.Type.RESTORED: (
        Text(hi="शिकायतकर्ता को लौटाया गया", en="paid back to the victim"),
        Text(hi="60 दिन में आपत्ति हो सकती है", en="it can be contested within 60 days"),
    ),
    Entry.Type.BROKEN: (
        Text(hi="बैंक से निकल गया", en="let out by the bank"),
        Text(hi="बैंक जवाब देगा", en="the bank has to answer for it"),
    ),
}


def marks_of(hold: Hold, *, at: dt.datetime) -> Marks:
    """What lies on the paise held at that moment: two queries."""
    held = hold.held_at(at)
    releases, repayments = _orders_of(hold)
    going = sets.union(*(each.ranges for each in releases if each.done_at is None))
    paying = sets.union(*(each.ranges for each in repayments if each.paid_at is None and each.refused_at is None))
    return Marks(
        held=held,
        contested=sets.intersect(hold.contested, held),
        earmarked=sets.intersect(hold.earmarked, held),
        going=sets.intersect(going, held),
        paying=sets.intersect(paying, held),
    )


def parts_of(hold: Hold, *, at: dt.datetime) -> list[Part]:
    """Every paisa this hold ever kept, by how it stands. Read-only.

    What is past its end counts as ended by law even before anybody has written it down.
    """
    found = []
    for standing, ranges in rules.standings(marks_of(hold, at=at)).items():
        if ranges:
            name, then = TEXT[standing]
            found.append(Part(name, then, ranges, _by(hold, standing)))
    for entry in hold.entries.exclude(kind=Entry.Type.HELD).filter(at__lte=at).order_by("at", "id"):
        name, then = ENDED[Entry.Type(entry.kind)]
        found.append(Part(name, then, entry.ranges, entry.at))
    if hold.held and at >= hold.expires_at:
        name, then = ENDED[Entry.Type.EXPIRED]
        found.append(Part(name, then, hold.held, hold.expires_at))
    return found


def _orders_of(hold: Hold) -> tuple[list[Release], list[Repayment]]:
    """What was ordered of this hold, what the open gathering has not written yet included."""
    if rows := open_gathering():
        return rows.all_of(Release, "hold_id", hold.pk), rows.all_of(Repayment, "hold_id", hold.pk)
    return list(hold.releases.all()), list(hold.repayments.all())


def _by(hold: Hold, standing: Standing) -> dt.datetime:
    """When it changes at the latest: the bank's time for an order, the hold's own end for everything else."""
    ordered: list[dt.datetime] = []
    if standing is Standing.GOING_BACK:
        ordered = list(hold.releases.filter(done_at=None).values_list("ordered_at", flat=True))
    elif standing is Standing.BEING_PAID:
        ordered = list(hold.repayments.filter(paid_at=None, refused_at=None).values_list("ordered_at", flat=True))
    if not ordered:
        return hold.expires_at
    due = max(due_at("order_execute_within", jurisdiction=hold.jurisdiction, start=each) for each in ordered)
    return min(due, hold.expires_at)
