"""What an SP must know now: silent banks, ageing holds, overdue objections and requests, repeats, unanswered calls.

Every threshold is a rule of the rulebook. Who reviews a district or a division gets what is late there: a hold, an
objection and a request lie where the complaint behind them does. `morning_lines` picks three for one office (S3.1,
S3.3, S3.7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, Q

from thaam.complaints.models import Complaint
from thaam.evidence.models import Asked
from thaam.grievances.models import Objection
from thaam.holds.models import Hold
from thaam.language import rupees
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.oversight.beside import calls_between, helpline_of
from thaam.oversight.places import Scope
from thaam.oversight.taking import district_code_of
from thaam.parties.models import Bank
from thaam.rulebook.rules import rule
from thaam.suspects.models import Identifier

LISTED = 20
LOOKED_AT = 5000


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to look at: how many, how much, since when; `weight` orders lines of different kinds."""

    kind: str
    text: Text
    count: int
    paise: int = 0
    since: dt.datetime | None = None
    about: str = ""
    weight: int = 0


def _value(name: str, at: dt.datetime) -> int:
    return rule(name, jurisdiction="IN", on=at).value


def _numbers(references: Iterable[str], scope: Scope | None) -> set[str] | None:
    """Those of the complaints (by number) that lie where `scope` reviews; None where that is everywhere."""
    if scope is None or scope.codes is None:
        return None
    rows = Complaint.objects.filter(number__in=set(references)).values_list("number", "district")
    return {number for number, name in rows if district_code_of(name, scope.state_code) in scope.codes}


def silent_banks(at: dt.datetime, scope: Scope | None = None) -> list[Line]:
    """Banks with orders open for longer than rule `bank_silent` and nothing answered since the oldest of them."""
    before = at - dt.timedelta(hours=_value("bank_silent", at))
    waiting = Order.objects.filter(kind="HoldOrder", state=Order.State.OPEN, posted_at__lt=before)
    if scope is not None and not scope.whole:
        holds = Hold.objects.filter(pk__in=waiting.values("id")).order_by("asked_at")[:LOOKED_AT]
        about = dict(holds.values_list("pk", "reference"))
        ours = _numbers(about.values(), scope) or set()
        waiting = waiting.filter(id__in=[pk for pk, number in about.items() if number in ours])
    rows = waiting.values("partner_id").annotate(n=Count("id"), since=Min("posted_at")).order_by("since")[:LISTED]
    names = Bank.objects.in_bulk([row["partner_id"] for row in rows])
    return [
        Line(
            "silent",
            Text(
                f"{names[row['partner_id']].name_hi}: {row['n']} अनुरोध बिना जवाब",
                f"{names[row['partner_id']].name_en}: {row['n']} orders unanswered",
            ),
            row["n"],
            since=row["since"],
            about=f"bank:{row['partner_id']}",
            weight=100 + row["n"],
        )
        for row in rows
    ]


def ageing_holds(at: dt.datetime, scope: Scope | None = None) -> list[Line]:
    """Holds that still hold money, older than rule `hold_ageing`, for which nobody has proposed a restoration; by bank,
    the soonest end first."""
    old = at - dt.timedelta(days=_value("hold_ageing", at))
    found = Hold.objects.filter(asked_at__lt=old, expires_at__gt=at, repayments=None).exclude(held=())
    if (ours := _numbers(found.values_list("reference", flat=True)[:LOOKED_AT], scope)) is not None:
        found = found.filter(reference__in=ours)
    by_bank: dict[str, list[Hold]] = {}
    for hold in found.select_related("bank").order_by("expires_at")[:2000]:
        by_bank.setdefault(hold.bank_id, []).append(hold)
    lines = []
    for code, holds in by_bank.items():
        paise = sum(hold.held_paise for hold in holds)
        days = (holds[0].expires_at - at).days
        when = Text(f"{days} दिन में", f"in {days} days") if days else Text("आज", "today")
        lines.append(
            Line(
                "ageing",
                Text(
                    f"{holds[0].bank.name_hi}: {rupees.short(paise, 'hi')} की {len(holds)} रोक, पहली {when.hi} हटेगी",
                    f"{holds[0].bank.name_en}: {len(holds)} holds of {rupees.short(paise, 'en')}, "
                    f"the first ends {when.en}",
                ),
                len(holds),
                paise,
                holds[0].asked_at,
                f"bank:{code}",
                80 + max(0, 30 - days),
            )
        )
    return sorted(lines, key=lambda line: -line.paise)[:LISTED]


def overdue_objections(at: dt.datetime, scope: Scope | None = None) -> list[Line]:
    """Open objections past their clock, by the step of the ladder where they wait."""
    late = Objection.objects.filter(closed_at=None, due_at__lt=at)
    references = late.exclude(hold=None).values_list("hold__reference", flat=True)[:LOOKED_AT]
    if (ours := _numbers(references, scope)) is not None:
        late = late.filter(hold__reference__in=ours)
    rows = late.values("stage").annotate(n=Count("id"), since=Min("due_at")).order_by("since")
    words = {
        "bank": Text("बैंक", "the bank"),
        "officer": Text("जाँच अधिकारी", "the officer"),
        "district": Text("ज़िला", "the district"),
        "state": Text("राज्य", "the state"),
    }
    return [
        Line(
            "objection",
            Text(
                f"{words.get(row['stage'], Text('?', '?')).hi} के पास {row['n']} आपत्तियाँ समय से बाहर",
                f"{row['n']} objections overdue at {words.get(row['stage'], Text('?', '?')).en}",
            ),
            row["n"],
            since=row["since"],
            about="objections",
            weight=90 + row["n"],
        )
        for row in rows
    ]


def overdue_requests(at: dt.datetime, scope: Scope | None = None) -> list[Line]:
    """Information asked of banks (footage, settlement, statements) past its clock and not complete, by bank."""
    late = Asked.objects.filter(due_at__lt=at).exclude(got__complete=True)
    if (ours := _numbers(late.values_list("complaint", flat=True)[:LOOKED_AT], scope)) is not None:
        late = late.filter(complaint__in=ours)
    rows = (
        Order.objects.filter(id__in=list(late.values_list("order_id", flat=True)[:LOOKED_AT]))
        .values("partner_id")
        .annotate(n=Count("id"), since=Min("posted_at"))
        .order_by("-n")[:LISTED]
    )
    names = Bank.objects.in_bulk([row["partner_id"] for row in rows])
    return [
        Line(
            "request",
            Text(
                f"{names[row['partner_id']].name_hi}: {row['n']} कागज़ या फ़ुटेज समय से बाहर",
                f"{names[row['partner_id']].name_en}: {row['n']} papers or footage overdue",
            ),
            row["n"],
            since=row["since"],
            about=f"bank:{row['partner_id']}",
            weight=60 + row["n"],
        )
        for row in rows
    ]


def repeat_identifiers(at: dt.datetime) -> list[dict[str, object]]:
    """Accounts, numbers and handles that stand in at least `repeat_identifier` different sources, most first."""
    least = _value("repeat_identifier", at)
    found = (
        Identifier.objects.annotate(
            sources=Count("sightings__source", distinct=True), last=Max("sightings__seen_at"), first=F("first_at")
        )
        .filter(Q(sources__gte=least))
        .order_by("-sources", "-last")[:100]
    )
    return [
        {"kind": one.kind, "name": one.name, "sources": one.sources, "first": one.first_at, "last": one.last}
        for one in found
    ]


def helpline_line(at: dt.datetime) -> list[Line]:
    """Yesterday's calls, when fewer than rule `answer_rate_least` percent were answered."""
    here = at.astimezone(IST)
    today = here.replace(hour=0, minute=0, second=0, microsecond=0)
    figures = helpline_of(calls_between(today - dt.timedelta(days=1), today))
    if not figures or not figures["offered"]:
        return []
    rate = 100 * figures["answered"] / figures["offered"]
    if rate >= _value("answer_rate_least", at):
        return []
    return [
        Line(
            "helpline",
            Text(
                f"कल 1930 की {figures['offered']} कॉल में से {rate:.0f} % ही उठीं",
                f"Yesterday only {rate:.0f} % of {figures['offered']} calls to 1930 were answered",
            ),
            int(figures["abandoned"]),
            about="helpline",
            weight=150,
        )
    ]


def everything(at: dt.datetime, scope: Scope | None = None) -> list[Line]:
    """All lines, the heaviest first. The helpline is the state's and told to who reviews the state."""
    repeats = repeat_identifiers(at)
    lines = [
        *(helpline_line(at) if scope is None or scope.whole else ()),
        *silent_banks(at, scope),
        *overdue_objections(at, scope),
        *ageing_holds(at, scope),
        *overdue_requests(at, scope),
    ]
    if repeats:
        lines.append(
            Line(
                "repeat",
                Text(
                    f"{len(repeats)} खाते या नंबर कई शिकायतों में; सबसे ज़्यादा {repeats[0]['sources']} में",
                    f"{len(repeats)} accounts or numbers in several complaints; the most in {repeats[0]['sources']}",
                ),
                len(repeats),
                about="repeat",
                weight=70 + len(repeats),
            )
        )
    return sorted(lines, key=lambda line: -line.weight)


def morning_lines(at: dt.datetime, scope: Scope | None = None) -> list[Text]:
    """The three lines of a morning: at most one of each kind, so that one silent bank does not hide an overdue
    objection."""
    picked: list[Text] = []
    kinds: set[str] = set()
    for line in everything(at, scope):
        if line.kind not in kinds:
            kinds.add(line.kind)
            picked.append(line.text)
        if len(picked) == 3:
            break
    return picked or [Text("आज सुबह कोई देर नहीं है।", "Nothing is late this morning.")]
