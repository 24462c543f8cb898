"""One good message of every kind: the golden files of docs/wire/examples, and where tests of the wire start from.

The people and banks are invented; the keys are made from counted bytes and protect nothing.
"""

from __future__ import annotations

import datetime as dt

from thaam.wire import keys
from thaam.wire import messages as m
from thaam.wire.rotation import next_key

AT = dt.datetime(2026, 11, 25, 9, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)

PLATFORM = keys.from_seed(bytes(range(32)), key_id="platform-1")
DEMO1 = keys.from_seed(bytes(range(1, 33)), key_id="demo1-1")
DEMO2 = keys.from_seed(bytes(range(2, 34)), key_id="demo2-1")


def uid(number: int) -> str:
    """A well-formed UUIDv7 with a chosen last part."""
    return f"019abc00-0000-7000-8000-{number:012x}"


DEBIT = m.PaymentId("UPI", "633012345678", dt.date(2026, 11, 25), 1_00_000_00, "DEMO1", "DEMO2")
ONWARD = m.PaymentId("IMPS", "633012345999", dt.date(2026, 11, 25), 70_000_00, "DEMO2", "DEMO3")
BASIS = m.Basis("IN-CG", "BNSS 106", "Cyber police station, Raipur", "26116000017")
DEVI = m.IssuedBy("Raipur helpline desk", "Devi Sahu")
ESHA = m.IssuedBy("Raipur range", "Esha Verma")
ALL = (m.Range(0, 1_00_000_00),)

LOCATE = m.LocatePayment(uid(1), DEBIT, "4321", "9000000001", BASIS, DEVI, AT, AT + HOUR)
HOLD = m.HoldOrder(
    uid(2), 1, DEBIT, ALL, 1_00_000_00, 100_00, True, "balu@demo2", BASIS, DEVI, AT, AT + HOUR, AT + DAY
)  # fmt: skip
LINES = (
    m.Line("onward", 0, 20_000_00, payment=ONWARD, child_lo=50_000_00),
    m.Line("held", 20_000_00, 60_000_00, lien_reference="L-77"),
    m.Line("terminal", 60_000_00, 75_000_00, terminal_kind="CASH_ATM", particulars="ATM S1AW0007 25 Nov 15:10"),
    m.Line("seen", 75_000_00, 75_100_00, reason="floor"),
    m.Line("returned", 75_100_00, 80_000_00),
    m.Line("unexplained", 80_000_00, 1_00_000_00, reason="not_found"),
)
HOLD_ANSWER = m.HoldAnswer(uid(12), uid(2), AT, 1, None, "demo2-0007", 41, LINES, "exact", "lifo", "exact")
PART = (m.Range(20_000_00, 60_000_00),)

EXAMPLES: tuple[m.Message, ...] = (
    LOCATE,
    HOLD,
    m.AmendOrder(uid(3), uid(2), 2, None, None, False, AT + 3 * DAY, None, DEVI, AT + HOUR),
    m.CancelOrder(uid(4), uid(2), "withdrawn", DEVI, AT + HOUR),
    m.ReleaseOrder(
        uid(5), uid(2), PART, 40_000_00, "objection_upheld", False, BASIS, DEVI, AT + HOUR, AT + 2 * HOUR
    ),
    m.RestoreOrder(
        uid(6), uid(2), PART, 40_000_00, "DEMO1", "demo1-0001", BASIS, DEVI, ESHA, AT + HOUR, AT + DAY
    ),
    m.FreezeToHoldOrder(
        uid(7), "demo2-0007", "FRZ-12", DEBIT, ALL, 1_00_000_00, BASIS, DEVI, AT, AT + HOUR, AT + DAY
    ),
    m.InformationRequest(
        uid(8), "footage", DEBIT, "demo2-0007", "Camera of ATM S1AW0007, 25 Nov 15:00 to 15:20", AT + 7 * DAY,
        BASIS, DEVI, AT,
    ),
    m.BalanceWatch(uid(9), DEBIT, ALL, BASIS, DEVI, AT, AT + 7 * DAY),
    m.Notice(uid(10), "banks_disagree", uid(2), "The payer's bank reports another amount.", DEVI, AT),
    m.Located(uid(11), uid(1), AT, True, DEBIT, "demo1-0001", True),
    HOLD_ANSWER,
    m.Expected(uid(13), uid(2), AT, DEBIT),
    m.Acknowledged(uid(14), uid(4), AT),
    m.CannotMatch(uid(15), uid(2), AT, "ambiguous", "Two credits of 25 Nov carry this reference."),
    m.ReleaseDone(uid(16), uid(5), AT, uid(2), PART, 40_000_00, "ordered"),
    m.RestoreDone(
        uid(17), uid(6), AT, uid(2), PART, 40_000_00,
        m.PaymentId("NEFT", "DEMO2N26330000001", dt.date(2026, 11, 26), 40_000_00, "DEMO2", "DEMO1"),
    ),
    m.InformationAnswer(uid(18), uid(8), AT, True, "Two minutes of video kept.", ("ab" * 32,)),
    m.OwnHold(uid(19), AT, "demo2-0009", DEBIT, 5_000_00, "L-99", "suspected_fraud", AT, AT + DAY),
    m.SuspiciousAccount(uid(20), AT, "demo2-0010", "mule_pattern", "40 small credits in one hour", AT),
    m.CustomerReport(uid(21), AT, (DEBIT,), "9000000001", "4321", "Raipur main branch"),
    m.LateCredit(uid(22), AT, uid(2), "demo2-0007", ONWARD),
    m.HoldBroken(uid(23), AT, uid(2), PART, 40_000_00),
    m.HoldsDiffer(uid(24), AT, (m.HoldShown(uid(2), 1, PART), m.HoldShown(uid(25), 0, ()))),
    next_key(id=uid(26), at=AT, bank="DEMO2", key=keys.from_seed(bytes(range(3, 35))), valid_from_at=AT + DAY),
    m.BlockOrder(
        uid(27), "block", "phone", "9000000077", 5, "cd" * 32, "Used in five complaints of one kind.", BASIS, ESHA, AT,
        AT + DAY, AT + 90 * DAY,
    ),
    m.BlockAnswer(uid(28), uid(27), AT + HOUR, "blocked", None, AT + HOUR),
    m.PayersRequest(uid(29), "demo2-0007", AT - 3 * DAY, AT, BASIS, DEVI, AT, AT + HOUR),
    m.PayersAnswer(uid(30), uid(29), AT + HOUR, (DEBIT,), True),
    m.WarnOrder(
        uid(31), DEBIT, "जिस खाते में आपने पैसा भेजा, वह ठगी में पकड़ा गया है। 1930 पर बात करें।",
        "The account you paid was found in a fraud. Call 1930.", BASIS, DEVI, AT, AT + HOUR,
    ),
    m.Warned(uid(32), uid(31), AT + HOUR, True, "sms"),
)  # fmt: skip
