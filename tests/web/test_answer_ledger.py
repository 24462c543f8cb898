"""A clerk's sums become lines that partition what was asked, to the paisa."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.web.bank import ledger
from thaam.wire.messages import InvalidMessage, PaymentId

WHOLE = 49_999_00


def rows(*lines, asked=WHOLE):
    post = {}
    for place, line in enumerate(lines):
        for name, value in line.items():
            post[f"{name}_{place}"] = value
    return ledger.read_rows(post, asked_paise=asked)


HOLD = {"what": "hold", "amount": "31,200", "lien": "CB/771-204"}
MOVED = {
    "what": "transfer",
    "amount": "12000",
    "bank": "DEMO3",
    "rail": "IMPS",
    "reference": "5306 9311 0042",
    "on": "2026-06-01",
}
CASH = {"what": "atm", "amount": "6799", "particulars": "CNDG0417 Durg 14:05"}


@pytest.mark.req("S1.7")
def test_three_lines_run_down_to_nothing_left():
    given_rows = rows(HOLD, MOVED, CASH)
    assert [row.left_paise for row in given_rows] == [18_799_00, 6_799_00, 0]
    assert ledger.why_not_yet(given_rows, WHOLE) is None
    lines = ledger.lines_of(given_rows, asked=[(0, WHOLE)], payer_bank="DEMO2", allocated={})
    assert [(line.kind, line.hi - line.lo) for line in lines] == [
        ("held", 31_200_00),
        ("terminal", 6_799_00),
        ("onward", 12_000_00),
    ]
    assert lines[0].lo == 0
    assert lines[-1].hi == WHOLE
    assert lines[-1].payment.payee_bank == "DEMO3"


def test_a_rupee_too_much_says_so_and_is_not_sent():
    why = ledger.why_not_yet(rows({**HOLD, "amount": "31201"}, MOVED, CASH), WHOLE)
    assert "₹1 ज़्यादा" in why.hi


def test_what_is_left_is_named():
    assert "₹6,799" in ledger.why_not_yet(rows(HOLD, MOVED), WHOLE).en


def test_cash_without_where_and_a_transfer_without_its_number_are_refused():
    bad = rows({**CASH, "particulars": ""}, {**MOVED, "reference": "", "bank": ""})
    assert "particulars" in bad[0].wrong
    assert {"reference", "bank"} <= set(bad[1].wrong)
    assert ledger.why_not_yet(bad, WHOLE) is not None


def test_a_second_victim_of_one_outgoing_payment_gets_the_paise_below_the_first():
    child = PaymentId("IMPS", "530693110042", date(2026, 6, 1), 20_000_00, "DEMO2", "DEMO3")
    given_rows = rows({**MOVED, "whole": "20000"}, {**HOLD, "amount": "37999"})
    lines = ledger.lines_of(
        given_rows, asked=[(0, WHOLE)], payer_bank="DEMO2", allocated={child: [(15_000_00, 20_000_00)]}
    )
    onward = [line for line in lines if line.kind == "onward"]
    assert [(line.child_lo, line.hi - line.lo) for line in onward] == [(3_000_00, 12_000_00)]


def test_more_than_the_outgoing_payment_has_left_is_refused():
    child = PaymentId("IMPS", "530693110042", date(2026, 6, 1), 12_000_00, "DEMO2", "DEMO3")
    with pytest.raises(InvalidMessage):
        ledger.lines_of(
            rows(MOVED, {**HOLD, "amount": "37999"}),
            asked=[(0, WHOLE)],
            payer_bank="DEMO2",
            allocated={child: [(0, 5_000_00)]},
        )


@given(
    sums=st.lists(st.integers(1, 10_000_00), min_size=1, max_size=6),
    kinds=st.lists(st.sampled_from(["hold", "atm", "small", "unknown", "returned"]), min_size=6, max_size=6),
    gap=st.integers(0, 500),
)
def test_any_ledger_that_balances_partitions_the_asked_ranges(sums, kinds, gap):
    total = sum(sums)
    cut = total // 2
    asked = [(0, cut), (cut + gap, total + gap)] if cut else [(gap, total + gap)]
    typed = [
        {"what": kind, "amount": f"{paise // 100}.{paise % 100:02d}", "particulars": "x"}
        for kind, paise in zip(kinds, sums, strict=False)
    ]
    lines = ledger.lines_of(rows(*typed, asked=total), asked=asked, payer_bank="DEMO2", allocated={})
    covered = []
    for line in lines:
        if covered and covered[-1][1] == line.lo:
            covered[-1] = (covered[-1][0], line.hi)
        else:
            assert not covered or line.lo > covered[-1][1]
            covered.append((line.lo, line.hi))
    joined = [(0, total)] if cut and not gap else asked
    assert covered == joined
