"""Reasons to look twice are found after filing, refuse nobody, and are settled in an officer's name."""

import datetime as dt

import pytest

from banking import NOON, Rs, debit, files
from officers import devi
from thaam.complaints.correcting import withdraw
from thaam.complaints.models import Doubt
from thaam.complaints.triage import (
    BAIT,
    REPEAT,
    SAME_PAYMENT,
    WITHDRAWN,
    doubts_about,
    look_twice,
    reason_of,
    settle_doubt,
)
from thaam.holds.models import Hold, Release
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact

pytestmark = pytest.mark.django_db


def report(n, *, mobile="9826041234", paise=5_000_000, reference=None, vpa="shop@demo2", at=NOON):
    return files(debit(paise, reference=reference or f"UTR00000{n:04d}", payee_vpa=vpa), mobile=mobile, at=at)


def test_an_ordinary_report_raises_no_doubt():
    assert doubts_about(report(1)) == {}


def test_the_third_report_of_one_mobile_is_looked_at_twice():
    for n in (1, 2):
        assert REPEAT not in doubts_about(report(n, vpa=f"s{n}@demo2"))
    assert doubts_about(report(3, vpa="s3@demo2")) == {REPEAT: 3}


def test_a_mobile_that_took_reports_back_is_remembered():
    withdraw(complaint_id=report(1).pk, words="समझौता", by="citizen", at=NOON)
    assert doubts_about(report(2, vpa="other@demo2")) == {WITHDRAWN: 1}


def test_tiny_sums_to_one_shop_from_several_mobiles_look_like_bait():
    report(1, mobile="9826000001", paise=Rs(100))
    assert doubts_about(report(2, mobile="9826000002", paise=Rs(200))) == {BAIT: 2}
    assert doubts_about(report(3, mobile="9826000003", paise=Rs(90_000))) == {}


def test_the_same_payment_told_from_another_mobile_is_named():
    report(1, mobile="9826000001", reference="UTR000009999")
    assert doubts_about(report(2, mobile="9826000002", reference="UTR000009999")) == {SAME_PAYMENT: 1}


def test_a_doubt_is_written_once_says_why_and_is_settled_by_an_officer():
    report(1, mobile="9826000001", paise=Rs(100))
    report(2, mobile="9826000002", paise=Rs(100))
    for _ in range(2):
        for fact in Fact.objects.filter(kind=Kind.COMPLAINT_FILED).order_by("id"):
            look_twice(fact, NOON)
    first, second = Doubt.objects.filter(kind=BAIT)
    assert "2" in reason_of(second).hi
    settle_doubt(doubt_id=second.pk, words="दुकान से बात हुई", officer=devi(), at=NOON)
    settle_doubt(doubt_id=second.pk, words="फिर से", officer=devi(), at=NOON + dt.timedelta(hours=1))
    second.refresh_from_db()
    assert (second.settled_words, second.settled_at) == ("दुकान से बात हुई", NOON)
    assert Fact.objects.filter(kind=Kind.COMPLAINT_DOUBT_SETTLED).count() == 1
    assert first.settled_at is None


def test_taking_a_report_back_releases_what_it_alone_holds():
    from banking import hold_answer, order, run_timers, says

    complaint = report(1)
    says("DEMO2", hold_answer(order("DEMO2")))
    assert Hold.objects.get().held_paise == Rs(50_000)
    withdraw(complaint_id=complaint.pk, words="पैसा मिल गया", by="citizen", at=NOON)
    run_timers(NOON)
    assert Release.objects.filter(hold=Hold.objects.get()).exists()
