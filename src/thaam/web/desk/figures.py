"""What the desk's pages read: complaints with their accounts, the trail as rows and as lanes. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from thaam.chase.counting import account_of
from thaam.chase.models import Claim, Trail
from thaam.chase.reading import Row, trail_of
from thaam.complaints.models import Complaint
from thaam.web.desk.lanes import Exit, Flow, Spot
from thaam.web.shared.banks import names_of
from thaam.web.shared.money import Part, parts_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One complaint in a list: its sums by state, which add up to `claimed_paise`."""

    complaint: Complaint
    claimed_paise: int
    totals: dict[str, int]

    @property
    def parts(self) -> list[Part]:
        """For the bar."""
        return parts_of(self.totals, staff=True)


def standings_of(complaints: Iterable[Complaint], *, at: datetime) -> list[Standing]:
    """Complaints with their accounts; two queries however many."""
    complaints = list(complaints)
    found: dict[Any, tuple[int, dict[str, int]]] = {}
    claims = Claim.objects.filter(chase_id__in=[each.pk for each in complaints]).select_related("partition")
    for claim in claims:
        account = account_of(claim, at=at)
        whole, totals = found.get(claim.chase_id, (0, {}))
        for state, paise in account.totals().items():
            totals[state.value] = totals.get(state.value, 0) + paise
        found[claim.chase_id] = (whole + account.amount_paise, totals)
    return [Standing(each, *found.get(each.pk, (0, {}))) for each in complaints]


def sum_of(standings: Iterable[Standing]) -> Standing | None:
    """All of them together, for a sum row; None when there are none."""
    standings = list(standings)
    if not standings:
        return None
    totals: dict[str, int] = {}
    for each in standings:
        for state, paise in each.totals.items():
            totals[state] = totals.get(state, 0) + paise
    return Standing(standings[0].complaint, sum(each.claimed_paise for each in standings), totals)


def rows_of(complaint: Complaint, *, at: datetime) -> list[Row]:
    """The trail's rows: by claim, hop and size."""
    return trail_of(complaint.pk, at=at)


def lanes_parts(complaint: Complaint, rows: list[Row], *, lang: str) -> tuple[list[Spot], list[Flow], list[Exit]]:
    """The rows gathered by receiving account: cards, edges between them, exits. Sums are the claim's paise."""
    codes = {code for row in rows for code in (row.payment.payer_bank, row.payment.payee_bank) if code}
    names = names_of(codes, lang)
    spots: dict[str, Spot] = {}
    key_of: dict[Any, str] = {}
    exits: dict[str, Exit] = {}
    for row in rows:
        bank = row.payment.payee_bank or ""
        key = f"{bank}{row.account_masked}".replace("•", "") if row.account_masked else str(row.payment.pk)
        key_of[row.payment.pk] = key
        spot = spots.setdefault(
            key, Spot(key, row.hop, names.get(bank, bank) or "?", row.account_masked.replace("••••", "··"), 0, {})
        )
        spot.hop = min(spot.hop, row.hop)
        spot.in_paise += row.carried_paise
        if row.onward_paise:
            spot.parts["onward"] = spot.parts.get("onward", 0) + row.onward_paise
        for stop in row.stops:
            spot.parts[stop.state.value] = spot.parts.get(stop.state.value, 0) + stop.paise
            if stop.state.value == "gone":
                _leave(exits, key, stop)
    flows: dict[tuple[str, str], int] = {}
    victims = _victims(rows)
    for claim_id, payment_id, lo, hi, parent_id in Trail.objects.filter(claim__chase_id=complaint.pk).values_list(
        "claim_id", "payment_id", "lo", "hi", "parent_id"
    ):
        target = key_of.get(payment_id)
        source = key_of.get(parent_id) if parent_id else victims.get(claim_id)
        if target and source:
            flows[(source, target)] = flows.get((source, target), 0) + hi - lo
    return (
        [*_spots_of(victims, rows, names), *spots.values()],
        [Flow(a, b, paise) for (a, b), paise in flows.items() if a != b],
        list(exits.values()),
    )


def _leave(exits: dict[str, Exit], key: str, stop: Any) -> None:
    name = f"{key}-{stop.why}-{stop.particulars}"
    if name in exits:
        exits[name].paise += stop.paise
    else:
        exits[name] = Exit(name, key, stop.why, stop.particulars, stop.paise)


def _victims(rows: list[Row]) -> dict[Any, str]:
    """The victim's card of each claim, by the bank the money left from."""
    first = [row for row in rows if row.hop == 1]
    return {row.claim_id: f"victim-{row.payment.payer_bank}" for row in first}


def _spots_of(victims: dict[Any, str], rows: list[Row], names: dict[str, str]) -> list[Spot]:
    cards: dict[str, Spot] = {}
    for row in rows:
        if row.hop != 1 or row.claim_id not in victims:
            continue
        key, bank = victims[row.claim_id], row.payment.payer_bank
        card = cards.setdefault(key, Spot(key, 0, names.get(bank, bank), "", 0, {}))
        card.in_paise += row.carried_paise
        card.parts["onward"] = card.parts.get("onward", 0) + row.carried_paise
    return list(cards.values())
