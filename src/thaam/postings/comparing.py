"""The rules side by side for the claims of a file: two lot rules exactly, four reports from joint runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from thaam.language.rupees import full
from thaam.language.text import Text
from thaam.money.explaining import EXPLAINED
from thaam.money.rules import JointRun, PoisonRun, Report, Step, Sum
from thaam.money.trace import Rule, Trail, trace
from thaam.postings.files import ENDS, ClaimAsked
from thaam.postings.index import PostingsIndex
from thaam.postings.tracing import claimed_ranges

COLUMNS = (
    Text(
        hi="held: अब भी किसी खाते में; gone: नकद, ख़रीद या विदेश, बैंकों से बाहर; unknown: इस फ़ाइल से पता नहीं।",
        en="held: still in some account; gone: cash, purchases, abroad; unknown: this file does not tell.",
    ),
    Text(
        hi="तीनों का जोड़ पूरा दावा है (poison को छोड़कर: उसमें held केवल ऊपरी सीमा है)। रकम पैसे में है, सौ पैसे का एक रुपया।",
        en="The three make up the claim (under poison, held is an upper bound). Sums are in paise, 100 a rupee.",
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One rule's row in the table of a claim; paise."""

    rule: str
    held: int
    terminal: int
    unknown: int
    accounts: int
    payments: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The table of one claim."""

    claim: ClaimAsked
    claimed: int
    lines: tuple[Line, ...]


def compare(
    index: PostingsIndex, claims: Sequence[ClaimAsked], *, as_of: int | None, use_reported: bool
) -> tuple[list[Compared], dict[str, int]]:
    """A table a claim, and for each rule the number of accounts where all claims together exceed the balance.

    That number is 0 whenever no two claims are about the same paise: money stolen twice counts for
    both victims. Poison claims whole balances for every claim, so there it shows why poison holds nothing.
    """
    cuts = {claim.claim_id: claim.reported_at if use_reported else as_of for claim in claims}
    found = {claim.claim_id: claimed_ranges(index, claim) for claim in claims}
    known = [claim for claim in claims if found[claim.claim_id] is not None]
    tables: dict[str, list[Line]] = {claim.claim_id: [] for claim in known}
    over: dict[str, int] = {}
    for rule in Rule:
        held: dict[int, int] = {}
        for claim in known:
            payment, ranges = found[claim.claim_id] or (0, ())
            trail = trace(index, payment=payment, ranges=ranges, rule=rule, cut=cuts[claim.claim_id], max_hops=None)
            tables[claim.claim_id].append(_line(str(rule), trail))
            for part in trail.held:
                held[part.account] = held.get(part.account, 0) + part.hi - part.lo
        over[str(rule)] = _exceeding(index, held)
    for report in Report:
        held = {}
        for claim_id, at in _joint(index, report, known, found, cuts):
            tables[claim_id].append(Line(str(report), at.held, at.terminal, at.unknown, len(at.accounts), at.payments))
            for account, paise in at.accounts.items():
                held[account] = held.get(account, 0) + paise
        over[str(report)] = _exceeding(index, held)
    return [
        Compared(claim, sum(hi - lo for lo, hi in (found[claim.claim_id] or (0, ()))[1]), tuple(tables[claim.claim_id]))
        for claim in known
    ], over


def legend() -> Iterator[str]:
    """What the columns of the tables mean, once before them."""
    for sentence in COLUMNS:
        yield sentence.hi
        yield sentence.en
    yield ""


def as_text(compared: Compared) -> Iterator[str]:
    """The table of one claim as lines of text, amounts in paise, with a sentence a rule in both languages."""
    claim = compared.claim
    yield f"{claim.claim_id}  {claim.tx_ref}  {compared.claimed} paise ({full(compared.claimed)})"
    yield f"  {'rule':<12}{'held':>16}{'gone':>16}{'unknown':>16}{'accounts':>10}{'payments':>10}"
    for line in compared.lines:
        yield (
            f"  {line.rule:<12}{line.held:>16}{line.terminal:>16}{line.unknown:>16}"
            f"{line.accounts:>10}{line.payments if line.payments >= 0 else '-':>10}"
        )
    yield ""
    for line in compared.lines:
        sentence = EXPLAINED[line.rule]
        yield f"  {line.rule:<12}{sentence.hi}"
        yield f"  {'':<12}{sentence.en}"
    yield ""


def _line(rule: str, trail: Trail) -> Line:
    totals = trail.totals()
    accounts = {part.account for part in trail.held}
    payments = {part.payment for part in trail.payments}
    return Line(rule, totals["held"], totals["terminal"], totals["unknown"], len(accounts), len(payments))


def _exceeding(index: PostingsIndex, held: dict[int, int]) -> int:
    """Accounts where more is claimed than they hold at the end of the file."""
    return sum(paise > index.balance(account) for account, paise in held.items())


def _joint(
    index: PostingsIndex,
    report: Report,
    claims: Sequence[ClaimAsked],
    found: dict[str, tuple[int, tuple[tuple[int, int], ...]] | None],
    cuts: dict[str, int | None],
) -> Iterator[tuple[str, Sum]]:
    """Each claim's sums at its own cut, from one run over all claims in the order of the ledgers' clocks."""
    run = PoisonRun() if report is Report.POISON else JointRun(report)
    for claim in claims:
        payment, ranges = found[claim.claim_id] or (0, ())
        run.dispute(claim_id=claim.claim_id, payment=payment, paise=sum(hi - lo for lo, hi in ranges))
    waiting = sorted(
        ((cut, claim_id) for claim_id, cut in cuts.items() if cut is not None and found[claim_id]), reverse=True
    )
    clocks, places = index.in_time()
    for clock, place, account, payment in zip(
        clocks.tolist(), places.tolist(), index.account[places].tolist(), index.payment[places].tolist(), strict=True
    ):
        while waiting and waiting[-1][0] < clock:
            _, claim_id = waiting.pop()
            yield claim_id, run.sum_of(claim_id)
        if run.touches(account, payment):
            run.post(_step(index, place, account, payment))
    late = {claim_id for _, claim_id in waiting}
    for claim in claims:
        if cuts[claim.claim_id] is None or claim.claim_id in late:
            yield claim.claim_id, run.sum_of(claim.claim_id)


def _step(index: PostingsIndex, place: int, account: int, payment: int) -> Step:
    debit = bool(index.is_debit[place])
    return Step(
        account=account,
        debit=debit,
        amount=int(index.amounts[place]),
        payment=payment,
        whole=index.amount(payment),
        before=index.balance_before(account, place),
        terminal=ENDS[index.ends[place]] if debit else None,
        pool=index.is_pool(account),
    )
