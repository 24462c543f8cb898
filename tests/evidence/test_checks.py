"""Banks are not believed blindly: a drawn share of claims is proved, and a settlement file decides between two."""

import datetime as dt

import pytest
from django.test import override_settings

from banking import LAKH, files, hold_answer, located, order, orders, run_timers, says, states
from cast import NOON, an_id, bank
from thaam.chase.deciding import disputed_payments
from thaam.chase.models import Payment
from thaam.complaints.models import Complaint
from thaam.evidence.models import Asked, Settled, TerminalCheck
from thaam.evidence.receiving import record_information
from thaam.evidence.sampling import AlreadyJudged, by_bank, draw_terminals, is_drawn, judge, judge_proof
from thaam.evidence.settlement import WrongRow, read_settlement
from thaam.files.sheets import UnreadableSheet
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Answer
from thaam.rulebook.terminals import lacks
from thaam.wire import codec
from thaam.wire.messages import CannotMatch, InformationAnswer
from thaam.wire.parts import Line

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(minutes=5)


def cash(hi: int = LAKH, *, particulars: str = "ATM AX1234 14:05") -> Line:
    return Line("terminal", 0, hi, terminal_kind="CASH_ATM", particulars=particulars)


def tell(name: str, verb, at: dt.datetime = LATER) -> None:
    """Let a reader of the journal deal with every fact of this kind."""
    for fact in Fact.objects.filter(kind=name).order_by("at", "id"):
        verb(fact, at)


@pytest.fixture
def claimed() -> Complaint:
    """Asha's lakh ended as cash, says DEMO2; the seed is one that draws the claim."""
    complaint = files()
    run_timers(NOON)
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    asked = order("DEMO2")
    line = cash()
    for n in range(400):
        secret = f"secret-{n}"
        with override_settings(SECRET_KEY=secret):
            if is_drawn(order_id=asked.id, line=line, place="IN", at=LATER):
                break
    assert says("DEMO2", hold_answer(asked, line)) == ""
    with override_settings(SECRET_KEY=secret):
        tell("answer:kept", draw_terminals)
    return complaint


def replies(what: str, words: str | None, *, found: bool = True) -> None:
    """DEMO2 answers the request of this kind."""
    asked = Asked.objects.get(what=what)
    message = InformationAnswer(new_id(), str(asked.order_id), LATER, found, words, ())
    raw = codec.encode(message)
    keep(partner="DEMO2", message=message, raw=raw, jws="x..y", at=LATER)
    record_information(Answer.objects.get(id=message.id), LATER)
    tell("information:got", judge_proof)


@pytest.mark.parametrize(
    ("kind", "particulars", "missing"),
    [
        ("CASH_ATM", "ATM AX1234 14:05", ()),
        ("CASH_ATM", "AX1234", ("time",)),
        ("CASH_ATM", "somewhere at 14:05", ("machine",)),
        ("CASH_ATM", "not recorded", ("machine", "time")),
        ("CHEQUE", "cheque 004512 to Ramesh", ()),
        ("CHEQUE", "a cheque", ("cheque",)),
        ("PURCHASE", "Sharma Jewellers", ()),
        ("PURCHASE", "17", ("name",)),
        ("FEE_TAX", "not recorded", ()),
        ("LIEN_BREACHED", "not recorded", ()),
    ],
)
def test_the_rulebook_says_what_particulars_must_name(kind: str, particulars: str, missing: tuple[str, ...]) -> None:
    assert lacks(kind, particulars, on=NOON) == missing


@pytest.mark.req("S1.8")
def test_a_drawn_claim_of_cash_is_asked_for_its_particulars_and_its_camera_once(claimed: Complaint) -> None:
    check = TerminalCheck.objects.get()
    assert (check.bank_id, check.kind, check.amount_paise, check.lacks) == ("DEMO2", "CASH_ATM", LAKH, [])
    assert {asked.what for asked in check.asked.all()} == {"particulars", "footage"}
    tell("answer:kept", draw_terminals)
    assert len(orders("DEMO2", "InformationRequest")) == 2


def test_about_the_share_of_the_rulebook_is_drawn_and_claims_without_particulars_more_often() -> None:
    drawn = {"full": 0, "thin": 0}
    for n in range(2_000):
        for name, line in (("full", cash()), ("thin", cash(particulars="not recorded"))):
            drawn[name] += is_drawn(order_id=an_id(n), line=line, place="IN", at=NOON)
    assert 60 < drawn["full"] < 145  # 5 in 100
    assert 430 < drawn["thin"] < 570  # 25 in 100


def test_another_secret_draws_other_claims_and_the_same_secret_the_same() -> None:
    def drawn(secret: str) -> set[int]:
        with override_settings(SECRET_KEY=secret):
            return {n for n in range(500) if is_drawn(order_id=an_id(n), line=cash(), place="IN", at=NOON)}

    assert drawn("one") == drawn("one") != drawn("two")


@pytest.mark.req("S1.7")
def test_a_liar_that_calls_a_transfer_cash_is_found_by_its_own_record_and_not_believed(claimed: Complaint) -> None:
    assert states(claimed) == {"gone": LAKH}
    replies("particulars", "UPI 2026-06-01T08:29:00+00:00 not recorded")
    check = TerminalCheck.objects.get()
    assert (check.result, check.result_by) == ("false", "bank:DEMO2")
    assert states(claimed) == {"unexplained": LAKH}
    assert order("DEMO2", "Notice").code == "terminal_check"
    assert by_bank() == [{"bank": "DEMO2", "asked": 0, "proved": 0, "not_proved": 0, "false": 1, "false_paise": LAKH}]
    assert Fact.objects.get(kind="terminal:false").data["amount_paise"] == LAKH
    with pytest.raises(AlreadyJudged):
        judge(check_id=check.pk, result="proved", words="", by="officer:1", at=LATER)


def test_a_record_that_agrees_and_names_machine_and_time_is_proof(claimed: Complaint) -> None:
    replies("particulars", "ATM 2026-06-01T14:05:00+05:30 AX1234")
    assert TerminalCheck.objects.get().result == "proved"
    assert states(claimed) == {"gone": LAKH}


def test_a_bank_that_has_nothing_to_show_has_not_proved_it(claimed: Complaint) -> None:
    replies("footage", None, found=False)
    assert TerminalCheck.objects.get().result == "not proved"


def test_a_bank_that_is_silent_past_the_clock_has_not_proved_it(claimed: Complaint) -> None:
    from thaam.evidence.receiving import note_overdue

    asked = Asked.objects.get(what="particulars")
    note_overdue({"order_id": asked.order_id}, asked.due_at)
    tell("information:overdue", judge_proof, asked.due_at)
    assert TerminalCheck.objects.get().result == "not proved"


# -- two banks disagree

HEAD = b"rail,reference,amount,payer_bank,payee_bank,status\n"


@pytest.fixture
def disputed() -> Payment:
    """DEMO1 has located Asha's debit; DEMO2 says that it never came."""
    files()
    run_timers(NOON)
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    says("DEMO2", CannotMatch(new_id(), order("DEMO2").id, NOON, "not_found", "looked everywhere"))
    (payment,) = disputed_payments()
    return payment


def row(payment: Payment, status: str = "settled", **changes: str) -> bytes:
    amount = f"{payment.amount_paise // 100}.{payment.amount_paise % 100:02}"
    cells = {"rail": payment.rail, "reference": payment.reference, "amount": amount, "payer_bank": payment.payer_bank,
             "payee_bank": payment.payee_bank or "", "status": status} | changes  # fmt: skip
    return ",".join(cells.values()).encode() + b"\n"


def reads(bank_code: str, payment: Payment, *rows: bytes, on: dt.date | None = None):
    return read_settlement(
        bank=bank_code,
        on=on or payment.on,
        content=HEAD + b"".join(rows),
        file_name="day.csv",
        by="officer:1",
        at=LATER,
    )


@pytest.mark.req("S1.12")
def test_a_credit_that_the_deniers_own_file_shows_is_asked_for_again(disputed: Payment) -> None:
    before = len(orders("DEMO2"))
    assert [verdict for _, verdict in reads("DEMO2", disputed, row(disputed)).decided] == ["existed"]
    assert len(orders("DEMO2")) == before + 1
    assert disputed_payments() == []
    fact = Fact.objects.get(kind="payment:decided")
    assert (fact.data["verdict"], fact.data["wrong_bank"]) == ("existed", "DEMO2")


def test_a_debit_that_the_claimants_own_file_lacks_never_was(disputed: Payment) -> None:
    complaint = Complaint.objects.get()
    assert [verdict for _, verdict in reads("DEMO1", disputed).decided] == ["never was"]
    assert states(complaint) == {"unexplained": disputed.amount_paise}
    assert Fact.objects.get(kind="payment:decided").data["wrong_bank"] == "DEMO1"


def test_a_payment_that_went_back_between_the_banks_is_returned(disputed: Payment) -> None:
    reads("DEMO1", disputed, row(disputed, "returned"))
    assert states(Complaint.objects.get()) == {"returned": disputed.amount_paise}


def test_one_banks_own_word_of_another_day_or_sum_decides_nothing(disputed: Payment) -> None:
    assert reads("DEMO1", disputed, row(disputed)).decided == ()  # the claimant repeats itself
    assert reads("DEMO2", disputed).decided == ()  # the denier repeats itself
    assert reads("DEMO2", disputed, row(disputed), on=disputed.on - dt.timedelta(days=1)).decided == ()
    assert reads("DEMO2", disputed, row(disputed, amount="1.00")).decided == ()
    assert disputed_payments() == [disputed]


def test_the_same_file_twice_is_read_once(disputed: Payment) -> None:
    assert reads("DEMO1", disputed, row(disputed)).fresh
    assert not reads("DEMO1", disputed, row(disputed)).fresh
    assert Settled.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"rail": "POST"},
        {"reference": "a b"},
        {"amount": "x"},
        {"amount": "-1"},
        {"payer_bank": "a b"},
        {"payer_bank": "DEMO7", "payee_bank": "DEMO8"},
        {"status": "perhaps"},
    ],
)
def test_a_file_with_one_wrong_row_proves_nothing_at_all(disputed: Payment, change: dict[str, str]) -> None:
    with pytest.raises(WrongRow):
        reads("DEMO1", disputed, row(disputed), row(disputed, **change))
    assert not Settled.objects.exists()


def test_a_file_of_another_shape_is_refused(disputed: Payment) -> None:
    bank("DEMO1")
    with pytest.raises(UnreadableSheet):
        read_settlement(bank="DEMO1", on=NOON.date(), content=b"a,b\n1,2\n", file_name="x.csv", by="officer:1", at=NOON)
