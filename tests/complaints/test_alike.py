"""Two reports of one matter: shown once, judged once, made one without letting go of the money."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from banking import debit, files, run_timers
from cast import bank, running_as
from thaam.complaints.alike import CannotMerge, alike, judge, judgements_of, merge
from thaam.complaints.models import Complaint, Judgement
from thaam.holds.models import Hold
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.parties.models import Handle, Office, Officer

pytestmark = pytest.mark.django_db


def now():
    return datetime.now(tz=UTC)


@pytest.fixture
def devi():
    with running_as("thaam_loops"):
        office, _ = Office.objects.get_or_create(
            code="HELPLINE", defaults={"name_hi": "हेल्पलाइन", "name_en": "Helpline"}
        )
        Handle.objects.get_or_create(handle="demo2", bank=bank("DEMO2"))
        return Officer.objects.create(username="devi", role="operator", office=office)


def like(*debits, **words):
    return files(*debits, at=now(), **words)


def test_the_same_payment_told_twice_is_a_certain_likeness_and_an_unlike_one_is_none(devi):
    with running_as("thaam_loops"):
        first = like(name="Asha")
        again = like(name="Husband of Asha", mobile="9876500000")
        like(debit(reference="530699999999", payee_vpa="", amount_paise=7_00), mobile="9876511111")
        found = alike(again)
        assert [(each.other.pk, each.certain) for each in found] == [(first.pk, True)]


def test_a_judged_pair_is_not_asked_about_again_and_stays_in_the_journal_of_both(devi):
    with running_as("thaam_loops"):
        first, again = like(), like(mobile="9876500000")
        judge(complaint_id=again.pk, other_id=first.pk, verdict=Judgement.Verdict.APART, officer=devi, at=now())
        assert alike(first) == alike(again) == []
        judge(complaint_id=first.pk, other_id=again.pk, verdict=Judgement.Verdict.RING, officer=devi, at=now())
        assert [each.verdict for each in judgements_of(first)] == ["ring"]
        facts = Fact.objects.filter(kind=Kind.COMPLAINT_COMPARED)
        assert sorted(fact.data["verdict"] for fact in facts) == ["apart", "apart", "ring", "ring"]


def test_merging_keeps_the_confirmed_report_its_hold_and_every_debit_told(devi):
    with running_as("thaam_loops"):
        first = like()
        other = debit(reference="530699999999", amount_paise=9_000_00)
        again = like(debit(), other, mobile="9876500000", confirmed=False)
        kept = merge(complaint_id=first.pk, other_id=again.pk, officer=devi, at=now())
        run_timers(now())
        assert kept.pk == first.pk
        assert sorted(each.amount_paise for each in kept.debits.all()) == sorted([debit().amount_paise, 9_000_00])
        gone = Complaint.objects.get(pk=again.pk)
        assert (gone.merged_into, gone.withdrawn_at is not None) == (first.number, True)
        assert {hold.state for hold in Hold.objects.all()} == {"asked"}
        assert alike(kept) == []


def test_a_hold_of_the_merged_report_goes_on_for_the_one_that_stays(devi):
    with running_as("thaam_loops"):
        first = like(confirmed=False)
        again = like(mobile="9876500000")
        asked = Hold.objects.get()
        kept = merge(complaint_id=first.pk, other_id=again.pk, officer=devi, at=now())
        assert kept.pk == again.pk  # the confirmed one, although it came later
        run_timers(now())
        asked.refresh_from_db()
        assert asked.state == "asked"


def test_a_report_taken_back_is_not_merged_nor_one_into_itself(devi):
    with running_as("thaam_loops"):
        first, again = like(), like(mobile="9876500000")
        merge(complaint_id=first.pk, other_id=again.pk, officer=devi, at=now())
        with pytest.raises(CannotMerge):
            merge(complaint_id=first.pk, other_id=again.pk, officer=devi, at=now())
        with pytest.raises(CannotMerge):
            merge(complaint_id=first.pk, other_id=first.pk, officer=devi, at=now())


@pytest.fixture
def desk(devi):
    client = Client()
    client.force_login(devi)
    return client


def test_the_pages_offer_the_judgement_and_the_other_reporter_reads_where_it_goes_on(desk):
    with running_as("thaam_loops"):
        first, again = like(), like(mobile="9876500000")
    page = desk.get(f"/hi/desk/call/{again.pk}").content.decode()
    assert "शायद यही मामला" in page
    assert "अलग मोबाइल" in page
    answer = desk.post(f"/hi/desk/complaint/{again.pk}/alike/{first.pk}", {"verdict": "same", "from": "call"})
    assert answer.headers["Location"] == f"/hi/desk/call/{first.pk}"
    assert "शायद यही मामला" not in desk.get(f"/hi/desk/call/{first.pk}").content.decode()
    assert "एक ही मामला" in desk.get(f"/hi/desk/complaint/{first.pk}").content.decode()
    citizen = Client().get(f"/hi/s/{again.link}").content.decode()
    assert first.number in citizen
    assert "वापस ले ली गई" not in citizen
    assert "रोक हटी" not in citizen  # its money is not let go: it is the other complaint's now


def test_not_the_same_said_during_the_call_is_remembered_when_it_is_sent(desk):
    with running_as("thaam_loops"):
        first = like()
        told = first.debits.get()
    form = {
        "call_id": "", "mobile": "9876500000", "amount_0": "49999", "choice_0": "now", "bank_0": "DEMO1",
        "reference_0": told.reference, "apart": str(first.pk), "to_0": "",
    }  # fmt: skip
    assert desk.post("/hi/desk/call", form).status_code == 302
    with running_as("thaam_loops"):
        again = Complaint.objects.get(mobile="9876500000")
        assert [each.verdict for each in judgements_of(again)] == ["apart"]


def test_the_last_hand_counts_and_whoever_overwrote_a_word_can_put_it_back(desk, devi):
    with running_as("thaam_loops"):
        filed = like()
        other = Officer.objects.create(username="bela", first_name="बेला", role="operator", office=devi.office)
    bela = Client()
    bela.force_login(other)
    page = f"/hi/desk/call/{filed.pk}"
    bela.post(page, {"name": "Asha Devi", "seen_name": "Asha", "district": "Raipur", "seen_district": "Raipur"})
    # a page opened before: the untouched field does not undo hers, the touched one does and says so
    desk.post(page, {"name": "Asha", "seen_name": "Asha", "district": "Durg", "seen_district": "Raipur"})
    with running_as("thaam_loops"):
        assert Complaint.objects.filter(name="Asha Devi", district="Durg").exists()
    said = desk.post(page, {"name": "Aasha", "seen_name": "Asha"}, headers={"X-Live": "1"}).json()
    assert [(each["theirs"], each["mine"], each["who"]) for each in said["overwrote"]] == [
        ("Asha Devi", "Aasha", "बेला")
    ]
    desk.post(page, {"name": "Asha Devi", "seen_name": "Aasha"})
    with running_as("thaam_loops"):
        assert Complaint.objects.filter(name="Asha Devi").exists()


@pytest.mark.parametrize(("hours", "alike_still"), [(47, True), (49, False)])
def test_how_long_one_mobile_is_thought_to_tell_one_matter_twice_is_the_rulebooks_and_is_said(devi, hours, alike_still):
    apart = now() - timedelta(hours=hours)
    with running_as("thaam_loops"):
        first = files(debit(reference="", payee_bank="", paid_at=apart), at=apart)
        again = like(debit(reference="", payee_bank="", paid_at=apart))
        found = [each for each in alike(again) if each.other.pk == first.pk]
    assert bool(found) is alike_still
    if found:
        assert "48 घंटे में" in found[0].why[0].hi
        assert "within 48 hours" in found[0].why[0].en


@pytest.mark.parametrize(("minutes", "debits"), [(59, 1), (61, 2)])
def test_payments_without_a_number_are_one_up_to_an_hour_apart(devi, minutes, debits):
    with running_as("thaam_loops"):
        paid = now() - timedelta(hours=5)
        first = like(debit(reference="", paid_at=paid))
        again = like(debit(reference="", paid_at=paid + timedelta(minutes=minutes)), mobile="9876500000")
        kept = merge(complaint_id=first.pk, other_id=again.pk, officer=devi, at=now())
        assert kept.debits.count() == debits
