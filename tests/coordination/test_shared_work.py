"""Bulletins, campaigns, inspections and traders' problems: two people, dates, and no personal data."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from cast import running_as
from thaam.clocks.calendar import add_holiday
from thaam.clocks.models import Clock
from thaam.clocks.running import find_clock
from thaam.coordination import bulletins, campaigns, inspecting, traders
from thaam.coordination.inspecting import Seen
from thaam.coordination.models import Bulletin, BulletinCopy, CampaignEvent, Finding, Inspection
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.parties.desks import seated
from thaam.parties.models import Bank, Office, Officer

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 1, 6, 30, tzinfo=dt.UTC)
TITLE = Text(hi="नौकरी के नाम पर ठगी", en="Fraud in the name of jobs")
BODY = Text(hi="पिछले हफ़्ते 41 मामले, ₹2,82,000 का नुकसान।", en="41 complaints last week, a loss of ₹2,82,000.")


@pytest.fixture
def durg():
    return Office.objects.create(code="DURG", name_hi="दुर्ग", name_en="Durg", district="Durg")


@pytest.fixture
def devi(durg):
    return Officer.objects.create(username="devi", office=durg)


@pytest.fixture
def esha(durg):
    return Officer.objects.create(username="esha", office=durg)


@pytest.fixture
def canara():
    return Bank.objects.create(code="CNRB", name_hi="केनरा", name_en="Canara")


def a_bulletin(devi, body=BODY):
    return bulletins.draft_bulletin(bulletin_id=new_id(), title=TITLE, body=body, figures={"n": 41}, by=devi, at=AT)


@pytest.mark.req("S0.11", "S2.5")
def test_a_bulletin_is_approved_by_another_and_read_once(devi, esha, canara, durg):
    draft = a_bulletin(devi)
    with pytest.raises(bulletins.SamePerson):
        bulletins.approve_bulletin(bulletin=draft, banks=[canara], offices=[durg], by=devi, at=AT)
    copies = bulletins.approve_bulletin(bulletin=draft, banks=[canara], offices=[durg], by=esha, at=AT)
    assert len(copies) == 2
    with pytest.raises(bulletins.AlreadySent):
        bulletins.approve_bulletin(bulletin=draft, banks=[canara], offices=[], by=esha, at=AT)
    assert bulletins.note_read(copy=copies[0], by="bank:CNRB", at=AT)
    assert not bulletins.note_read(copy=copies[0], by="bank:CNRB", at=AT)


def test_the_database_too_refuses_a_bulletin_approved_by_its_author(devi):
    draft = a_bulletin(devi)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(id=draft.id).update(approved_by=devi, approved_at=AT)


@pytest.mark.parametrize(
    "words", ["फ़ोन 98260 41234 से कॉल", "ramesh77@ybl पर भेजा", "खाता 11091010234567", "mail a.b@example.org"]
)
def test_a_bulletin_with_personal_data_is_refused(devi, words):
    with pytest.raises(bulletins.PersonalData):
        a_bulletin(devi, Text(hi=words, en="x"))


def test_a_bank_sees_only_bulletins_sent_to_it(devi, esha, canara):
    other = Bank.objects.create(code="HDFC", name_hi="एचडीएफसी", name_en="HDFC")
    mine, theirs = a_bulletin(devi), a_bulletin(devi)
    bulletins.approve_bulletin(bulletin=mine, banks=[canara], offices=[], by=esha, at=AT)
    bulletins.approve_bulletin(bulletin=theirs, banks=[other], offices=[], by=esha, at=AT)
    with running_as("thaam_app"), seated("partner:CNRB"):
        assert [str(b.id) for b in Bulletin.objects.all()] == [str(mine.id)]
        assert BulletinCopy.objects.count() == 1
    with running_as("thaam_app"):
        assert Bulletin.objects.count() == 0


@pytest.mark.req("S0.13", "S2.6")
def test_a_campaign_event_is_held_on_a_day_that_has_come_and_says_its_reach(devi):
    event = campaigns.plan_event(
        event_id=new_id(),
        audience=CampaignEvent.Audience.SCHOOLS,
        place="शासकीय विद्यालय, सुपेला",
        planned_on=dt.date(2026, 6, 5),
        by=devi,
        at=AT,
    )
    held = {"event": event, "note": "फ़िल्म दिखाई", "by": devi, "today": dt.date(2026, 6, 5), "at": AT}
    with pytest.raises(campaigns.NotYetHeld):
        campaigns.note_held(held_on=dt.date(2026, 6, 6), reach=200, **held)
    with pytest.raises(campaigns.BadReach):
        campaigns.note_held(held_on=dt.date(2026, 6, 5), reach=-1, **held)
    campaigns.note_held(held_on=dt.date(2026, 6, 5), reach=200, **held)
    event.refresh_from_db()
    assert event.reach == 200


def all_ok(name, **changes):
    seen = {item.code: Seen(Finding.Result.OK) for item in inspecting.checklists()[name].items}
    return seen | changes


def visit(devi, canara, seen, place="शाखा सुपेला", inspection_id=None, visited_at=AT):
    return inspecting.record_visit(
        inspection_id=inspection_id or new_id(),
        checklist=inspecting.checklists()["branch"],
        seen=seen,
        place=place,
        bank=canara,
        station=None,
        visited_at=visited_at,
        by=devi,
        at=AT,
    )


@pytest.mark.req("S1.4", "S1.9", "S1.10", "S1.11", "S1.19", "S1.20", "S1.21", "S1.22", "S3.9")
def test_the_checklists_ask_everything_the_meetings_asked():
    asked = {item.source for checklist in inspecting.checklists().values() for item in checklist.items}
    assert asked >= {"S1.4", "S1.9", "S1.10", "S1.11", "S1.19", "S1.20", "S1.21", "S1.22", "S3.9", "S0.5", "S0.6"}


def test_a_visit_answers_every_item_and_a_fault_has_a_date(devi, canara):
    with pytest.raises(inspecting.Incomplete) as left:
        visit(devi, canara, {"guard": Seen(Finding.Result.OK)})
    assert "cctv_backup" in left.value.items
    with pytest.raises(inspecting.Incomplete):
        visit(devi, canara, all_ok("branch", alarm=Seen(Finding.Result.NOT_OK)))


def test_a_visit_sent_twice_counts_once_and_with_other_content_is_refused(devi, canara):
    first = new_id()
    fault = Seen(Finding.Result.NOT_OK, due_on=dt.date(2026, 6, 9))
    visit(devi, canara, all_ok("branch", alarm=fault), inspection_id=first)
    visit(devi, canara, all_ok("branch", alarm=fault), inspection_id=first)
    assert Inspection.objects.count() == 1
    with pytest.raises(inspecting.OtherContent):
        visit(devi, canara, all_ok("branch"), inspection_id=first)


def test_the_score_rests_on_the_latest_visit_of_each_place(devi, canara):
    fault = Seen(Finding.Result.NOT_OK, due_on=dt.date(2026, 6, 9))
    visit(devi, canara, all_ok("branch", alarm=fault, fire=fault))
    assert inspecting.score_percent(list(Inspection.objects.all())) == pytest.approx(100 * 11 / 13)
    assert len(inspecting.open_faults(bank=canara)) == 2
    visit(devi, canara, all_ok("branch"), visited_at=AT + dt.timedelta(days=1))
    assert inspecting.score_percent(list(Inspection.objects.all())) == 100
    assert inspecting.score_percent([]) is None
    inspecting.put_right(finding=inspecting.open_faults(bank=canara)[0], note="नया अलार्म", by="bank:CNRB", at=AT)
    assert len(inspecting.open_faults(bank=canara)) == 1


@pytest.mark.req("S2.9")
def test_a_traders_problem_has_a_named_officer_and_a_clock(devi, durg):
    problem = traders.raise_problem(
        problem_id=new_id(),
        association="नमूना व्यापार मंडल",
        text="खाते पर रोक का कारण नहीं बताया",
        contact="सचिव",
        office=durg,
        nodal_officer=devi,
        jurisdiction="IN-CG",
        by=devi,
        at=AT,
    )
    assert problem.due_at > AT + dt.timedelta(days=15)
    late = problem.due_at + dt.timedelta(seconds=1)
    assert [str(p.id) for p in traders.overdue_problems(at=late)] == [problem.id]
    traders.answer_problem(problem=problem, solved=True, text="बैंक ने पाँच बातें बताईं", by=devi, at=AT)
    assert list(traders.overdue_problems(at=late)) == []
    with pytest.raises(traders.AlreadyAnswered):
        traders.answer_problem(problem=problem, solved=True, text="x", by=devi, at=AT)


def test_a_new_holiday_moves_a_traders_problem_and_whoever_looks_sees_the_new_date(devi, durg):
    told = {"association": "नमूना मंडल", "text": "खाता बंद", "contact": "सचिव", "office": durg, "nodal_officer": devi,
            "jurisdiction": "IN-CG", "by": devi}  # fmt: skip
    problem = traders.raise_problem(problem_id=new_id(), at=AT, **told)
    was = problem.due_at
    add_holiday(
        jurisdiction="IN-CG", day=dt.date(2026, 6, 8), title="राज्य की छुट्टी", source="अधिसूचना 9", by="officer:1", at=AT
    )
    assert traders.problems().get(pk=problem.pk).ends_at == was + dt.timedelta(days=1)
    assert list(traders.overdue_problems(at=was + dt.timedelta(hours=1))) == []
    with running_as("thaam_app"), seated(f"association:{durg.pk}"):
        assert traders.problems().get(pk=problem.pk).ends_at == was + dt.timedelta(days=1), "who brought it sees it too"
        assert not Clock.objects.exclude(about="trader_problem").exists()
    later = traders.raise_problem(problem_id=new_id(), at=AT, **told)
    assert later.due_at == was + dt.timedelta(days=1), "a problem brought after the holiday was added counts it as well"
    traders.answer_problem(problem=later, solved=True, text="x", by=devi, at=AT)
    assert find_clock(name="trader_problem", about="trader_problem", subject=later.pk).ended_at == AT


def test_what_was_written_is_never_rewritten(devi, canara):
    visit(devi, canara, all_ok("branch"))
    with pytest.raises(ProgrammingError), transaction.atomic():
        Finding.objects.update(result=Finding.Result.NOT_APPLICABLE)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Inspection.objects.filter(place="शाखा सुपेला").update(place="x")
