"""However a victim comes in, day or night, at home or in a field, the money is asked for the same way."""

import pytest

from banking import Rs
from officers import office, officer
from thaam.complaints.adding import add_debit, note_camp
from thaam.complaints.confirming import attest
from thaam.complaints.filing import file_complaint
from thaam.complaints.handing import answer_offer, offer
from thaam.complaints.seeing import can_see
from thaam.helpline.models import Task
from thaam.helpline.ringing import join_call, take_event
from thaam.helpline.tasks import open_tasks
from thaam.journal.ids import new_id
from thaam.parties.models import Office


def taken_down(world, victim, debit, *, channel, by):
    """Somebody at a telephone or a desk writes down what the victim says and answers for it."""
    complaint = file_complaint(
        complaint_id=new_id(), lang="hi", channel=channel, mobile=victim.mobile, name=victim.name, district="Raipur",
        story="", debits=[debit], by=f"officer:{by.pk}", at=world.at,
    )  # fmt: skip
    return attest(complaint_id=complaint.pk, officer=by, at=world.at)


@pytest.mark.req("S0.14", "S2.8", "S3.10", "S4.5")
def test_at_home_on_the_phone_or_at_a_camp_it_is_one_kind_of_record_and_the_same_hold(world):
    victims = [world.victim(name) for name in ("asha", "bela", "chanda")]
    debits = [world.stolen(victim, Rs(10_000), to=f"B/mule{n}") for n, victim in enumerate(victims)]
    at_home = world.files(victims[0], debits[0])
    on_the_phone = taken_down(world, victims[1], debits[1], channel="phone", by=officer("aarti", "operator"))
    at_a_camp = taken_down(world, victims[2], debits[2], channel="desk", by=officer("irfan", "constable"))
    note_camp(complaint_id=at_a_camp.pk, camp="DURG-0210", by="officer:1", at=world.at)
    world.run_until_quiet()
    for complaint in (at_home, on_the_phone, at_a_camp):
        assert world.states(complaint) == {"held": Rs(10_000)}
        assert len(complaint.number) == 11
    assert [world.lien(f"B/mule{n}") for n in range(3)] == [Rs(10_000)] * 3
    world.check_books()


@pytest.mark.req("S4.4", "S0.14")
def test_a_call_that_breaks_at_night_is_called_back_and_a_debit_remembered_later_is_held_too(world):
    asha, aarti, other = world.victim(), officer("aarti", "operator"), officer("bela", "operator")
    debit = world.stolen(asha, Rs(40_000), to="B/balu")
    second = world.stolen(asha, Rs(15_000), to="C/m7")
    for event in ("ringing", "answered", "ended"):
        take_event(ring_id="night-1", event=event, caller=asha.mobile, agent="aarti", at=world.at)
    assert [task.mobile for task in open_tasks(aarti, world.at)] == [asha.mobile]
    assert not open_tasks(other, world.at).exists()

    take_event(ring_id="night-2", event="answered", caller=asha.mobile, agent="aarti", at=world.at)
    complaint = taken_down(world, asha, debit, channel="phone", by=aarti)
    join_call(ring_id="night-2", complaint=complaint, officer=aarti, at=world.at)
    take_event(ring_id="night-2", event="ended", caller=asha.mobile, agent="aarti", at=world.at)
    assert not Task.objects.filter(done_at=None).exists()
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(40_000)}

    add_debit(complaint_id=complaint.pk, told=second, by=f"officer:{aarti.pk}", at=world.at)
    attest(complaint_id=complaint.pk, officer=aarti, at=world.at)
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(55_000)}
    world.check_books()


@pytest.mark.req("S4.5", "S1.15")
def test_a_far_station_takes_anybody_down_and_the_money_waits_for_no_file(world):
    asha = world.victim()
    pune = Office.objects.create(code="PUNE", name_hi="पुणे", name_en="Pune", state="Maharashtra")
    durg = office("DURG")
    Office.objects.filter(pk=durg.pk).update(state="Chhattisgarh")
    durg.refresh_from_db()
    there, here = officer("pawar", "constable"), officer("meera", "investigator")
    there.office, here.office = pune, durg
    there.save(), here.save()
    debit = world.stolen(asha, Rs(25_000), to="B/balu")
    complaint = taken_down(world, asha, debit, channel="desk", by=there)
    world.run_until_quiet()
    assert world.states(complaint) == {"held": Rs(25_000)}

    handing = offer(
        handing_id=new_id(), complaint_id=complaint.pk, to_office=durg, words="पता दुर्ग का", officer=there, at=world.at
    )
    answer_offer(handing_id=handing.pk, accept=True, words="", officer=here, at=world.at)
    complaint.refresh_from_db()
    assert complaint.office == durg
    assert can_see(here, complaint)
    assert can_see(there, complaint), "who took it down still reads it"
    assert world.states(complaint) == {"held": Rs(25_000)}
