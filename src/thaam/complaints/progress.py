"""How a complaint stands, for the person who made it: where every rupee is, whose turn it is, what happened when.

Everything is derived from the accounts of its claims and the hold book; nothing is stored here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from thaam.chase.counting import account_of
from thaam.chase.models import Chase, Claim, Trail
from thaam.holds.models import Entry, Hold
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.language import rupees
from thaam.language.text import Text
from thaam.money import ranges as sets
from thaam.money.partition import State
from thaam.money.ranges import Ranges
from thaam.parties.banks import bank_name
from thaam.parties.models import Bank
from thaam.rulebook.clocks import due_at

from .models import Complaint, Debit


@dataclass(frozen=True, slots=True)
class DebitStands:
    """One debit and its account: paise in each of the eight states, which add up to `claimed_paise`."""

    debit: Debit
    claimed_paise: int
    totals: dict[State, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """Who must act now: "you", "bank" (with its code and name), "office" or "nobody"; since when, due when."""

    who: str
    bank: str
    name: Text
    what: Text
    since_at: dt.datetime
    due_at: dt.datetime | None
    clock: str = ""  # the rule of the rulebook that gave the time


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline. `stated_at` is the bank's own time where it differs from ours."""

    at: dt.datetime
    text: Text
    kind: str
    paise: int = 0
    stated_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything the citizen's page shows."""

    complaint: Complaint
    chase_state: str
    quiet_at: dt.datetime | None
    debits: tuple[DebitStands, ...]
    totals: dict[State, int]
    claimed_paise: int
    turn: Turn
    moments: tuple[Moment, ...]
    holds_end_at: dt.datetime | None


def progress_of(complaint: Complaint, at: dt.datetime) -> Progress:
    """The complaint as it stands at `at`. Read-only. Raises DoesNotAddUp rather than show a wrong figure."""
    chase = Chase.objects.get(pk=complaint.pk)
    claims = list(chase.claims.select_related("partition", "payment", "debit").order_by("number"))
    stands = []
    for claim in claims:
        account = account_of(claim, at=at)
        stands.append(DebitStands(claim.debit, account.amount_paise, account.totals()))
    totals = {state: sum(stand.totals[state] for stand in stands) for state in State}
    mine = _mine(chase)
    holds = list(Hold.objects.filter(payment_id__in=list(mine)).select_related("bank").order_by("asked_at"))
    holds = [hold for hold in holds if not sets.disjoint(hold.asked, mine[hold.payment_id])]
    live = [hold.expires_at for hold in holds if hold.held_at(at)]
    outside = banks_not_joined(complaint)
    rung = banks_rung(complaint) if outside else {}
    return Progress(
        complaint=complaint,
        chase_state=chase.state,
        quiet_at=chase.quiet_at,
        debits=tuple(stands),
        totals=totals,
        claimed_paise=sum(stand.claimed_paise for stand in stands),
        turn=_turn(complaint, chase, claims, totals, holds, at, to_ring=outside, rung=rung),
        moments=tuple(_moments(complaint, chase, holds, mine, at, rung, explained=not totals[State.UNEXPLAINED])),
        holds_end_at=min(live, default=None),
    )


def _mine(chase: Chase) -> dict[Any, Ranges]:
    """The paise of each payment this complaint passes: what other victims have there is not told."""
    found: dict[Any, Ranges] = {}
    for payment_id, lo, hi in Trail.objects.filter(claim__chase=chase).values_list("payment_id", "lo", "hi"):
        found[payment_id] = sets.union(found.get(payment_id, ()), [(lo, hi)])
    return found


# what is asked of a reporter whose money is held; whether it was done, restoration knows (waiting.standing_turn)
APPLY = Text(
    hi="रुका हुआ पैसा वापस पाने के लिए आवेदन दीजिए। कोई फीस नहीं लगती।",
    en="Apply to get back the money that is held. There is no fee.",
)
_NOBODY = Text(hi="", en="")
_YOU = Text(hi="आप", en="You")
_OFFICE = Text(hi="1930 हेल्पडेस्क", en="The 1930 help desk")


def _turn(
    complaint: Complaint,
    chase: Chase,
    claims: list[Claim],
    totals: dict[State, int],
    holds: list[Hold],
    at: dt.datetime,
    *,
    to_ring: list[str],
    rung: dict[str, dt.datetime],
) -> Turn:
    """Whose move it is, the first that applies: the person's own, a bank's, the office's, nobody's."""
    return (
        _your_turn(complaint, claims)
        or _banks_turn(complaint, chase, claims, totals, holds)
        or _rest(chase, totals, at, to_ring, rung)
    )


def _your_turn(complaint: Complaint, claims: list[Claim]) -> Turn | None:
    if complaint.withdrawn_at is not None:
        what = Text(hi="शिकायत वापस ले ली गई।", en="The complaint was taken back.")
        if complaint.merged_into:
            what = Text(
                hi=f"यही मामला शिकायत {complaint.merged_into} में भी है। दोनों को एक कर दिया गया, आगे का काम उसी में होगा।",
                en=f"Complaint {complaint.merged_into} tells of the same matter. The two are one; work goes on there.",
            )
        return Turn("nobody", "", _NOBODY, what, complaint.withdrawn_at, None)
    if complaint.confirmed_at is None:
        due = due_at("call_back", jurisdiction=complaint.jurisdiction, start=complaint.filed_at)
        what = Text(
            hi="SMS में आया OTP लिखिए। OTP न आए तो हम आपको फ़ोन करेंगे।",
            en="Enter the OTP from the SMS. If it does not come, we call you.",
        )
        return Turn("you", "", _YOU, what, complaint.filed_at, due, "call_back")
    if any(not claim.debit.reference for claim in claims):
        what = Text(
            hi="लेन-देन का नंबर (UTR) जोड़िए, ताकि बैंक उसे ढूँढ सके।",
            en="Add the transaction number (UTR) so that the bank can find it.",
        )
        return Turn("you", "", _YOU, what, complaint.confirmed_at, None)
    return None


def _banks_turn(
    complaint: Complaint, chase: Chase, claims: list[Claim], totals: dict[State, int], holds: list[Hold]
) -> Turn | None:
    place = complaint.jurisdiction
    if open_holds := [hold for hold in holds if hold.state == "asked"]:
        hold = min(open_holds, key=lambda hold: hold.asked_at)
        what = Text(hi="पैसा रोकना और जवाब देना", en="Hold the money and answer")
        due = due_at("bank_answer_due", jurisdiction=place, start=hold.asked_at)
        return Turn("bank", hold.bank_id, _name(hold.bank), what, hold.asked_at, due, "bank_answer_due")
    if totals[State.ASKED] and chase.started_at is not None and (bank := _not_located(claims)):
        what = Text(hi="आपका लेन-देन ढूँढना", en="Find your payment")
        due = due_at("bank_answer_due", jurisdiction=place, start=chase.started_at)
        return Turn("bank", bank.code, _name(bank), what, chase.started_at, due, "bank_answer_due")
    return None


def _rest(
    chase: Chase, totals: dict[State, int], at: dt.datetime, to_ring: list[str], rung: dict[str, dt.datetime]
) -> Turn:
    office = Turn(
        "office", "", _OFFICE, Text("पैसे का रास्ता पूरा करना", "Follow the money to its end"), chase.started_at or at, None
    )
    first = to_ring if totals[State.ASKED] or totals[State.UNEXPLAINED] else []
    if first:
        names = [", ".join(bank_name(code, lang) for code in first) for lang in ("hi", "en")]
        ring = Text(
            hi=f"{names[0]} को फ़ोन करना: यह बैंक अभी थाम से नहीं जुड़ा। आप भी अपने बैंक को फ़ोन करें।",
            en=f"Ring {names[1]}, which has not joined Thaam. Call your own bank too.",
        )
        told = Text(
            hi=f"{names[0]} को फ़ोन पर बताया जा चुका है। बैंक का जवाब 1930 आपको बताएगा।",
            en=f"{names[1]} was told by telephone. 1930 lets you know what the bank answers.",
        )
        office = replace(office, what=ring if set(first) - set(rung) else told)
    if totals[State.ASKED]:
        return office
    if totals[State.HELD]:
        return Turn("you", "", _YOU, APPLY, chase.quiet_at or at, None)
    if first:
        return office
    what = Text(hi="अभी किसी को कुछ नहीं करना है।", en="Nobody has to act right now.")
    return Turn("nobody", "", _NOBODY, what, chase.quiet_at or at, None)


def _not_located(claims: list[Claim]) -> Bank | None:
    """The payer's bank we wait for before anybody can be asked to hold."""
    for claim in claims:
        if claim.locate_id is not None and not claim.payment.located:
            return Bank.objects.filter(code=claim.payment.payer_bank).first()
    return None


def _name(bank: Bank) -> Text:
    return Text(hi=bank.name_hi, en=bank.name_en)


_ENTRY_TEXT = {
    Entry.Type.HELD: Text(hi="{bank} ने {sum} रोक लिए", en="{bank} is holding {sum}"),
    Entry.Type.LOWERED: Text(hi="{bank} ने बताया: {sum} अब वहाँ नहीं हैं", en="{bank} corrected: {sum} are not there"),
    Entry.Type.RELEASED: Text(
        hi="{bank} ने {sum} खाताधारक को छोड़ दिए", en="{bank} released {sum} to the account holder"
    ),
    Entry.Type.EXPIRED: Text(
        hi="{sum} पर रोक की समय-सीमा पूरी हुई ({bank})", en="The hold on {sum} ended by its time limit ({bank})"
    ),
    Entry.Type.RESTORED: Text(hi="{bank} ने {sum} वापस किए", en="{bank} paid {sum} back"),
    Entry.Type.BROKEN: Text(hi="रोक के बावजूद {sum} निकल गए ({bank})", en="{sum} left in spite of the hold ({bank})"),
}
_ACCOUNTED_FOR = Text(hi="पूरी रकम का पता चल गया", en="Every rupee is accounted for")
_ALL_ANSWERED = Text(hi="जिन बैंकों से पूछा, सबका जवाब आ गया", en="Every bank that was asked has answered")
_ASKED_TEXT = Text(hi="{bank} से {sum} रोकने को कहा", en="Asked {bank} to hold {sum}")


def _moments(
    complaint: Complaint,
    chase: Chase,
    holds: list[Hold],
    mine: dict[Any, Ranges],
    at: dt.datetime,
    rung: dict[str, dt.datetime],
    *,
    explained: bool,
) -> list[Moment]:
    moments = [Moment(complaint.filed_at, Text(hi="शिकायत दर्ज हुई", en="Complaint filed"), "filed")]
    if complaint.confirmed_at:
        moments.append(
            Moment(complaint.confirmed_at, Text(hi="शिकायत की पुष्टि हुई", en="Complaint confirmed"), "confirmed")
        )
    for hold in holds:
        paise = sets.total(sets.intersect(hold.asked, mine[hold.payment_id]))
        moments.append(Moment(hold.asked_at, _filled(_ASKED_TEXT, hold.bank, paise), "asked", paise))
    entries = Entry.objects.filter(hold__in=holds).select_related("hold__bank").order_by("at")
    for entry in entries:
        paise = sets.total(sets.intersect(entry.ranges, mine[entry.hold.payment_id]))
        if paise:
            text = _filled(_ENTRY_TEXT[Entry.Type(entry.kind)], entry.hold.bank, paise)
            stated_at = entry.stated_at if abs(entry.stated_at - entry.at) > dt.timedelta(minutes=1) else None
            moments.append(Moment(entry.at, text, entry.kind, paise, stated_at))
    if chase.quiet_at and (explained or holds):
        moments.append(Moment(chase.quiet_at, _ACCOUNTED_FOR if explained else _ALL_ANSWERED, "quiet"))
    for code, rung_at in rung.items():
        called = Text(
            f"1930 ने {bank_name(code, 'hi')} से फ़ोन पर बात की", f"1930 spoke to {bank_name(code, 'en')} by telephone"
        )
        moments.append(Moment(rung_at, called, "rung"))
    if complaint.withdrawn_at:
        ended = Text(hi="शिकायत वापस ली गई", en="Complaint taken back")
        if complaint.merged_into:
            ended = Text(
                hi=f"शिकायत {complaint.merged_into} के साथ एक हुई", en=f"Made one with complaint {complaint.merged_into}"
            )
        moments.append(Moment(complaint.withdrawn_at, ended, "withdrawn"))
    return sorted((moment for moment in moments if moment.at <= at), key=lambda moment: moment.at)


def _filled(text: Text, bank: Bank, paise: int) -> Text:
    return Text(
        hi=text.in_("hi", bank=bank.name("hi"), sum=rupees.full(paise)),
        en=text.in_("en", bank=bank.name("en"), sum=rupees.full(paise)),
    )


UNKNOWN_BANK = "UNKNOWN"
"""The code of a bank that nobody has recognised yet (web/shared/banks.py)."""


def banks_not_joined(complaint: Complaint) -> list[str]:
    """Codes of the banks to be asked first about this complaint's debits that no order reaches: they must be rung."""
    first = {debit.payee_bank or debit.payer_bank for debit in complaint.debits.all()} - {UNKNOWN_BANK, ""}
    return sorted(first - set(Bank.objects.filter(code__in=first, in_network=True).values_list("code", flat=True)))


def banks_rung(complaint: Complaint) -> dict[str, dt.datetime]:
    """Banks that an operator has rung about this complaint because no order reaches them, each with the last time."""
    facts = Fact.objects.filter(about=f"complaint:{complaint.pk}", kind=Kind.BANK_RUNG).order_by("at")
    return {str(fact.data["bank"]): fact.at for fact in facts}
