"""What a bank must answer to hold orders: the rows of its ledger, what is asked, and the expected paise under LIFO.

Each case is data: the kit plays it, docs/wire/hold-cases.md is made from it. Amounts are paise; names (A, P1, T1) are
made unique for each run.
"""

from __future__ import annotations

from dataclasses import dataclass, field

RUPEE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the tested bank's ledger. `whole_paise`: the payment's amount when the credit carries only a part."""

    side: str
    account: str
    amount_paise: int
    reference: str
    channel: str = "UPI"
    detail: str | None = None
    reverses: str | None = None
    days_ago: int = 0
    whole_paise: int | None = None
    to_other_bank: bool = True


@dataclass(frozen=True, slots=True)
class Ask:
    """A hold order for `ranges` of the payment `reference`, or with `locate` the question to the payer's bank."""

    reference: str
    amount_paise: int
    ranges: tuple[tuple[int, int], ...]
    floor_paise: int = 0
    channel: str = "UPI"
    days_ago: int = 0
    locate: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Expected: so many paise of one kind; with `lo` exactly `[lo, lo + paise)`; `says` is the reason or terminal kind.

    `into` is the reference of the payment they went into, at `child_lo`.
    """

    kind: str
    paise: int
    lo: int | None = None
    says: str | None = None
    into: str | None = None
    child_lo: int | None = None
    particulars: str | None = None


@dataclass(frozen=True, slots=True)
class HoldCase:
    """One case: a name, a sentence, the ledger, what is asked in turn, and what each answer must say."""

    id: str
    words: str
    rows: tuple[Row, ...]
    asks: tuple[Ask, ...]
    expects: tuple[tuple[Part, ...], ...]
    own_lien_paise: int = 0
    opening_paise: dict[str, int] = field(default_factory=dict)


def _credit(amount: int, reference: str = "P1", account: str = "A", **more: object) -> Row:
    return Row("C", account, amount * RUPEE, reference, **more)  # type: ignore[arg-type]


def _debit(amount: int, reference: str = "T1", account: str = "A", **more: object) -> Row:
    return Row("D", account, amount * RUPEE, reference, **more)  # type: ignore[arg-type]


def _ask(amount: int, reference: str = "P1", lo: int = 0, hi: int | None = None, **more: object) -> Ask:
    end = amount if hi is None else hi
    return Ask(reference, amount * RUPEE, ((lo * RUPEE, end * RUPEE),), **more)  # type: ignore[arg-type]


def _held(amount: int, lo: int | None = 0) -> Part:
    return Part("held", amount * RUPEE, None if lo is None else lo * RUPEE)


def _onward(amount: int, lo: int, into: str = "T1", child: int = 0) -> Part:
    return Part("onward", amount * RUPEE, lo * RUPEE, into=into, child_lo=child * RUPEE)


def _gone(kind: str, amount: int, lo: int, particulars: str) -> Part:
    return Part("terminal", amount * RUPEE, lo * RUPEE, says=kind, particulars=particulars)


# Eight of the ten first specified; the other two, the empty order and the re-run, are rules (rules.py).
TEN = (
    HoldCase(
        "hold-traced-or-balance",
        "The smaller of what is traced and what the bank can hold: Rs 1,000 are traced, the bank has a lien of its own"
        " of Rs 300 on the account, so Rs 700 are held and Rs 300 are seen.",
        (_credit(1_000),),
        (_ask(1_000),),
        ((_held(700, None), Part("seen", 300 * RUPEE, says="other_lien")),),
        own_lien_paise=300 * RUPEE,
    ),
    HoldCase(
        "hold-two-debits-summed",
        "Two disputed debits reached the account, Rs 300 and then Rs 200; Rs 150 went on. The newest money goes first:"
        " Rs 300 of the one and Rs 50 of the other are held, Rs 350 together.",
        (_credit(300), _credit(200, "P2"), _debit(150)),
        (_ask(300), _ask(200, "P2")),
        ((_held(300),), (_held(50), _onward(150, 50))),
    ),
    HoldCase(
        "hold-old-payment",
        "A payment of 400 days ago is found in the archive like one of today.",
        (_credit(1_000, days_ago=400), _credit(50, "S1", days_ago=399), _debit(20, days_ago=398)),
        (_ask(1_000, days_ago=400),),
        ((_held(1_000),),),
    ),
    HoldCase(
        "hold-part-then-onward",
        "Rs 600 of Rs 1,000 went on by one payment: Rs 400 are held, the upper Rs 600 are paise 0 to Rs 600 of it.",
        (_credit(1_000), _debit(600)),
        (_ask(1_000),),
        ((_held(400), _onward(600, 400)),),
    ),
    HoldCase(
        "hold-falls-short",
        "The disputed payment was Rs 1,000, only Rs 700 of it were credited here: they are held and the rest is"
        " `unexplained: not_found`, so that the answer balances and an officer looks.",
        (_credit(700, whole_paise=1_000 * RUPEE),),
        (_ask(1_000),),
        ((_held(700), Part("unexplained", 300 * RUPEE, 700 * RUPEE, says="not_found")),),
    ),
    HoldCase(
        "hold-nothing-left",
        "Everything went on: nothing is held, the whole is onward.",
        (_credit(1_000), _debit(1_000)),
        (_ask(1_000),),
        ((_onward(1_000, 0),),),
    ),
    HoldCase(
        "hold-payer-side",
        "The question to the payer's bank: the debit is found, the account and whether the mobile number is its"
        " holder's are told.",
        (_debit(1_000, "P1", account="V"),),
        (_ask(1_000, locate=True),),
        ((Part("located", 1_000 * RUPEE),),),
        opening_paise={"V": 5_000 * RUPEE},
    ),
    HoldCase(
        "hold-payee-side",
        "All of it is still here: all of it is held.",
        (_credit(1_000),),
        (_ask(1_000),),
        ((_held(1_000),),),
    ),
)

MORE = (
    HoldCase(
        "hold-part-of-payment",
        "Only Rs 200 to Rs 500 of the payment are asked for: only those are held.",
        (_credit(1_000),),
        (_ask(1_000, lo=200, hi=500),),
        ((_held(300, 200),),),
    ),
    HoldCase(
        "hold-not-older-money",
        "The holder's own Rs 500 were there first; Rs 100 are held, the Rs 500 stay free.",
        (_credit(500, "S1"), _credit(100)),
        (_ask(100),),
        ((_held(100),),),
    ),
    HoldCase(
        "hold-not-later-salary",
        "The stolen Rs 100 went on; a salary of Rs 500 came later and is not touched.",
        (_credit(100), _debit(100), _credit(500, "S1")),
        (_ask(100),),
        ((_onward(100, 0),),),
    ),
    HoldCase(
        "hold-newest-spent-first",
        "A salary of Rs 500 came after the stolen Rs 100 and Rs 300 of it were spent: all Rs 100 are held.",
        (_credit(100), _credit(500, "S1"), _debit(300)),
        (_ask(100),),
        ((_held(100),),),
    ),
    HoldCase(
        "hold-dip-below",
        "A debit of Rs 550 takes the salary of Rs 500 and the top Rs 50 of the stolen Rs 100, which are its lowest.",
        (_credit(100), _credit(500, "S1"), _debit(550)),
        (_ask(100),),
        ((_held(50), _onward(50, 50)),),
    ),
    HoldCase(
        "hold-atm",
        "Rs 400 were drawn in cash: a terminal line with the machine and the time.",
        (_credit(1_000), _debit(400, channel="ATM", detail="ATM KIT0001")),
        (_ask(1_000),),
        ((_held(600), _gone("CASH_ATM", 400, 600, "ATM KIT0001")),),
    ),
    HoldCase(
        "hold-shop-without-record",
        "Rs 400 were spent in a shop of which the bank has no record: exactly `not recorded`.",
        (_credit(1_000), _debit(400, channel="POS")),
        (_ask(1_000),),
        ((_held(600), _gone("PURCHASE", 400, 600, "not recorded")),),
    ),
    HoldCase(
        "hold-floor",
        "Rs 50 are here and the floor of the order is Rs 100: seen, and left to the holder.",
        (_credit(50),),
        (_ask(50, floor_paise=100 * RUPEE),),
        ((Part("seen", 50 * RUPEE, 0, says="floor"),),),
    ),
    HoldCase(
        "hold-given-back",
        "The payee's bank sent Rs 400 back: the top Rs 400 of the payment are returned.",
        (_credit(1_000), _debit(400, "P1/R1", reverses="P1")),
        (_ask(1_000),),
        ((_held(600), Part("returned", 400 * RUPEE, 600 * RUPEE)),),
    ),
    HoldCase(
        "hold-two-onward",
        "Two payments went on, Rs 300 and then Rs 200: the first took the top Rs 300, the second the Rs 200 below.",
        (_credit(1_000), _debit(300), _debit(200, "T2")),
        (_ask(1_000),),
        ((_held(500), _onward(200, 500, "T2"), _onward(300, 700)),),
    ),
)

CASES: tuple[HoldCase, ...] = (*TEN, *MORE)


def page() -> str:
    """docs/wire/hold-cases.md: every case with its rows and paise."""
    parts = [
        "The ten first specified are 1 to 8 here and the rules `order-empty-refused` and `order-repeated-adds-nothing`"
        " ([rules.md](rules.md)).\n"
    ]
    for number, case in enumerate(CASES, 1):
        parts.append(f"\n## {number}. `{case.id}`\n\n{case.words}\n\n| row | account | | paise | payment | says |\n")
        parts.append("|---|---|---|---|---|---|\n")
        for at, row in enumerate(case.rows, 1):
            parts.append(
                f"| {at} | {row.account} | {_side(row)} | {row.amount_paise:,} | {row.reference} | {_notes(row)} |\n"
            )
        if case.own_lien_paise:
            parts.append(f"\nThe bank's own lien on A: {case.own_lien_paise:,} paise.\n")
        for account, paise in case.opening_paise.items():
            parts.append(f"\nOpening balance of {account}: {paise:,} paise.\n")
        for ask, expected in zip(case.asks, case.expects, strict=True):
            parts.append(f"\n{_asked(ask)} Answer: {'; '.join(map(_told, expected))}.\n")
    return "".join(parts)


def _side(row: Row) -> str:
    return "credit" if row.side == "C" else "debit"


def _notes(row: Row) -> str:
    notes = [row.channel] if row.channel != "UPI" else []
    notes += [row.detail] if row.detail else []
    notes += [f"gives back part of {row.reverses}"] if row.reverses else []
    notes += [f"{row.days_ago} days ago"] if row.days_ago else []
    notes += [f"part of a payment of {row.whole_paise:,}"] if row.whole_paise else []
    return ", ".join(notes)


def _asked(ask: Ask) -> str:
    if ask.locate:
        return f"`LocatePayment` for {ask.reference}, {ask.amount_paise:,} paise."
    ranges = ", ".join(f"[{lo:,}, {hi:,})" for lo, hi in ask.ranges)
    floor = f", floor {ask.floor_paise:,}" if ask.floor_paise else ""
    return f"`HoldOrder` for {ranges} of {ask.reference} ({ask.amount_paise:,} paise{floor})."


def _told(part: Part) -> str:
    says = f": {part.says}" if part.says else ""
    where = "" if part.lo is None else f" [{part.lo:,}, {part.lo + part.paise:,})"
    into = f" into {part.into} from its paisa {part.child_lo:,}" if part.into else ""
    words = f" ({part.particulars})" if part.particulars else ""
    return f"{part.kind}{says} {part.paise:,} paise{where}{into}{words}"
