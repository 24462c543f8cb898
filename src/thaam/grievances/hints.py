"""What speaks for an innocent holder, as hints beside the file. A hint never decides, and none of them ever denies.

Each hint says what was seen and which way it points: `for` the holder, or `look`: somebody has to look closer. There is
no third way; what is not known makes no hint at all.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from thaam.chase.models import Trail
from thaam.chase.reading import claims_on_hold
from thaam.files.models import File
from thaam.holds.models import Hold
from thaam.language import rupees
from thaam.language.text import Text
from thaam.rulebook.rules import day_in_india

from .models import Finding, Objection

OLD_ACCOUNT_DAYS = 2 * 365
TINY_SHARE_PERCENT = 5
FAR_HOP = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing seen, in words, and which way it points."""

    name: str
    points: Literal["for", "look"]
    text: Text


def hints_of(objection: Objection, *, at: dt.datetime) -> list[Hint]:
    """All that can be said from what is on file. Read-only."""
    found: list[Hint] = []
    finding = objection.findings.order_by("-at", "-id").first()
    if File.objects.filter(about=f"objection:{objection.pk}").exists():
        found.append(
            Hint("proof", "for", Text("बिल, चैट या डिलीवरी का काग़ज़ लगा है", "A bill, chat or delivery paper is attached"))
        )
    if finding is not None:
        found += _of_bank(finding, objection, at)
    if objection.hold is not None:
        found += _of_hold(objection.hold, finding)
    return found


def _of_bank(finding: Finding, objection: Objection, at: dt.datetime) -> list[Hint]:
    found = []
    opened = finding.account_opened_on
    if opened is not None:
        days = (day_in_india(objection.lodged_at) - opened).days
        years, months = divmod(max(days, 0), 365)[0], max(days, 0) // 30
        if days >= OLD_ACCOUNT_DAYS:
            found.append(Hint("age", "for", Text(f"खाता {years} साल पुराना है", f"The account is {years} years old")))
        elif days < 180:
            words = Text(f"खाता सिर्फ़ {months} महीने पुराना है", f"The account is only {months} months old")
            found.append(Hint("age", "look", words))
    for value, yes, no in (
        (
            finding.credit_matches,
            Text("बैंक: जमा रकम बिल से मिलती है", "The bank: the credit matches the bill"),
            Text("बैंक: जमा रकम बिल से नहीं मिलती", "The bank: the credit does not match the bill"),
        ),
        (
            finding.usual_use,
            Text("बैंक: खाते का चलन रोज़ जैसा है", "The bank: the account's use is as usual"),
            Text("बैंक: खाते का चलन बदला हुआ है", "The bank: the account's use has changed"),
        ),
        (
            finding.kyc_in_order,
            Text("बैंक: KYC ठीक है", "The bank: the KYC is in order"),
            Text("बैंक: KYC में कमी है", "The bank: the KYC is lacking"),
        ),
    ):
        if value is not None:
            found.append(Hint("bank", "for" if value else "look", yes if value else no))
    return found


def _of_hold(hold: Hold, finding: Finding | None) -> list[Hint]:
    found = []
    held = hold.held_paise
    if finding is not None and finding.usable_paise:
        percent = 100 * held / (held + finding.usable_paise)
        if percent <= TINY_SHARE_PERCENT:
            words = Text(
                f"रोक खाते के पैसे का बस {percent:.1f}% है ({rupees.full(held)})",
                f"The hold is only {percent:.1f}% of the account's money ({rupees.full(held)})",
            )
            found.append(Hint("share", "for", words))
    hops = Trail.objects.filter(payment_id=hold.payment_id).values_list("hop", flat=True)
    hop = min(hops, default=0)
    if hop >= FAR_HOP:
        words = Text(f"यह खाता कड़ी {hop} पर है, ठगी से {hop - 1} लेन-देन दूर", f"This account is at hop {hop} of the trail")
        found.append(Hint("hop", "for", words))
    if hold.book is not None:
        others = _complaints_on(hold.book, except_hold=hold)
        if others:
            words = Text(
                f"इसी खाते पर {others} और शिकायतों का पैसा रुका है",
                f"Money of {others} more complaints is held on this account",
            )
            found.append(Hint("inflow", "look", words))
        else:
            found.append(
                Hint("inflow", "for", Text("इस खाते पर और कोई शिकायत नहीं", "No other complaint is about this account"))
            )
    return found


def _complaints_on(book: Any, *, except_hold: Hold) -> int:
    mine = {claim.chase_id for claim in claims_on_hold(except_hold.pk)}
    others = {
        claim.chase_id for hold in book.holds.exclude(pk=except_hold.pk) if hold.answer_revision is not None
        for claim in claims_on_hold(hold.pk)
    }  # fmt: skip
    return len(others - mine)
