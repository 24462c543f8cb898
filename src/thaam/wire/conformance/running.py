"""Run all cases against one bank: connect, play, judge, report."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from thaam.wire import keys
from thaam.wire.conformance import rules
from thaam.wire.conformance.harness import Harness, HarnessFailed
from thaam.wire.conformance.holdcases import CASES, Ask, HoldCase, Part
from thaam.wire.conformance.kit import Failed, Kit, check
from thaam.wire.conformance.platform import KitPlatform
from thaam.wire.messages import HoldAnswer, Line, Located, PaymentId


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case: kept or not, and why not."""

    id: str
    ok: bool
    why: str


def run_all(
    *,
    harness: Harness,
    platform: KitPlatform,
    address: str,
    patience: float,
    brief: float = 4.0,
    only: Iterable[str] = (),
) -> list[Verdict]:
    """Every case in order (or only those named), then the door rules over the whole run. Progress goes to stderr.

    Raises HarnessFailed when the bank cannot even be connected.
    """
    connected = harness.connect(
        platform_url=address, platform_keys={platform.key.key_id: keys.public_text(platform.key.public)}
    )
    platform.bank_keys.update({name: keys.public_from_text(text) for name, text in connected.keys.items()})
    if not platform.wait_for(lambda: platform.takes or platform.breaches, seconds=max(30.0, patience)):
        raise HarnessFailed(f"the node has not asked for its mailbox at {address}")
    kit = Kit(platform, harness, connected.bank, patience, brief)
    wanted = set(only)
    verdicts = []
    plays: list[tuple[str, Any]] = [(case.id, lambda kit, case=case: play(kit, case)) for case in CASES]
    for name, rule in [*plays, *rules.RULES.items()]:
        if not wanted or name in wanted:
            kit.begin()
            verdicts.append(_judged(name, kit, rule))
    for name in rules.DOOR_RULES:
        if not wanted or name in wanted:
            breaches = [why for rule, why in platform.breaches if rule == name]
            more = f" (and {len(breaches) - 1} more)" if len(breaches) > 1 else ""
            verdicts.append(_told(Verdict(name, not breaches, breaches[0] + more if breaches else "")))
    return verdicts


def play(kit: Kit, case: HoldCase) -> None:
    """One hold case. Raises Failed with the first thing that is not as expected."""
    kit.load(case.rows, opening_paise=case.opening_paise)
    if case.own_lien_paise:
        kit.harness.place_lien(id=kit.name("L"), account=kit.name("A"), amount_paise=case.own_lien_paise)
    held = 0
    for ask, expected in zip(case.asks, case.expects, strict=True):
        payment = kit.payment(ask.reference, ask.amount_paise, channel=ask.channel, days_ago=ask.days_ago)
        if ask.locate:
            _check_located(kit, payment)
            continue
        answer = kit.held(kit.hold_order(payment, ask.ranges, floor_paise=ask.floor_paise))
        _check_lines(kit, ask, answer, expected)
        held += sum(part.paise for part in expected if part.kind == "held")
        check(answer.account == kit.name("A"), f"the account is {answer.account}, not {kit.name('A')}")
    if not case.asks[0].locate:
        kit.expect_lien(held + case.own_lien_paise)


def _check_located(kit: Kit, payment: PaymentId) -> None:
    sent = PaymentId(payment.rail, payment.reference, payment.date, payment.amount_paise, kit.bank, "KITN")
    order = kit.locate(sent)
    kit.platform.post(order)
    answer = kit.answer_to(order.id, Located)
    told = (answer.found, answer.account, answer.mobile_matches)
    check(told == (True, kit.name("V"), True), f"found, account, mobile_matches are {told}")


def _check_lines(kit: Kit, ask: Ask, answer: HoldAnswer, expected: tuple[Part, ...]) -> None:
    left = list(answer.lines)
    for part in expected:
        fitting = [line for line in left if _fits(kit, line, part)]
        paise = sum(line.amount_paise for line in fitting)
        wanted = f"{part.kind}{': ' + part.says if part.says else ''} {part.paise} paise"
        where = "" if part.lo is None else f" at [{part.lo}, {part.lo + part.paise})"
        check(paise == part.paise, f"{ask.reference}: expected {wanted}{where}, told {_words(answer.lines)}")
        left = [line for line in left if line not in fitting]
    check(not left, f"{ask.reference}: beyond what is expected: {_words(tuple(left))}")


def _fits(kit: Kit, line: Line, part: Part) -> bool:
    if line.kind != part.kind or (part.says is not None and part.says not in (line.reason, line.terminal_kind)):
        return False
    if part.lo is not None and not (part.lo <= line.lo and line.hi <= part.lo + part.paise):
        return False
    if part.particulars is not None and line.particulars != part.particulars:
        return False
    if part.into is not None:
        # Wherever the line begins inside the part, its place in the next payment moves with it.
        child = (part.child_lo or 0) + line.lo - (part.lo or 0)
        return line.payment is not None and line.payment.reference == kit.name(part.into) and line.child_lo == child
    return True


def _words(lines: tuple[Line, ...]) -> str:
    def one(line: Line) -> str:
        says = line.reason or line.terminal_kind or ""
        into = f" into {line.payment.reference} at {line.child_lo}" if line.payment else ""
        return f"{line.kind} {says} [{line.lo}, {line.hi}){into}".replace("  ", " ")

    return "; ".join(map(one, lines))


def _judged(name: str, kit: Kit, rule: Any) -> Verdict:
    try:
        rule(kit)
    except Failed as why:
        return _told(Verdict(name, False, str(why)))
    except HarnessFailed as why:
        return _told(Verdict(name, False, f"the harness: {why}"))
    return _told(Verdict(name, True, ""))


def _told(verdict: Verdict) -> Verdict:
    print(f"{'ok  ' if verdict.ok else 'FAIL'} {verdict.id} {verdict.why}".rstrip(), file=sys.stderr)  # noqa: T201 progress
    return verdict
