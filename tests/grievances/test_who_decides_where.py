"""The ladder's officers decide where the complaint behind the hold lies: the district's in the district, the state's in
the state; and the database shows an objection and a restoration nowhere else once an office owns the complaint."""

from __future__ import annotations

import datetime as dt

import pytest

from banking import Rs, debit, files, hold_answer, order, says
from cast import NOON, running_as
from thaam.complaints.models import Complaint
from thaam.grievances.deciding import NotTheirPlace, NotTheirStage, decide, decides_here
from thaam.grievances.lodging import lodge
from thaam.grievances.models import Objection
from thaam.grievances.stages import Stage
from thaam.holds.models import Hold
from thaam.journal.ids import new_id
from thaam.parties.desks import seated
from thaam.parties.models import Office, Officer
from thaam.restoration.applying import apply, verify
from thaam.restoration.approving import approve
from thaam.restoration.models import Application, Restoration
from thaam.restoration.proposing import propose
from thaam.restoration.roles import NotTheirPlace as NotApprovedHere

pytestmark = pytest.mark.django_db
CG, UP = "Chhattisgarh", "Uttar Pradesh"
PLACES = {"raipur": ("Raipur", CG), "durg": ("Durg", CG), "state": ("", CG), "kanpur": ("Kanpur Nagar", UP)}
REASONS = "The bill matches the credit and nothing speaks against the holder."


def at_place(place, role):
    district, state = PLACES[place]
    office, _ = Office.objects.get_or_create(
        code=place, defaults={"name_hi": place, "name_en": place, "district": district, "state": state}
    )
    return Officer.objects.get_or_create(username=f"{role} {place}", defaults={"role": role, "office": office})[0]


@pytest.fixture
def objected():
    """A complaint of Raipur, owned by a station there; its hold is objected to."""
    with running_as("thaam_loops"):
        complaint = files(debit(Rs(6_400)), district="Raipur")
        says("DEMO2", hold_answer(order("DEMO2"), account="ACC-CHARU"))
        Complaint.objects.filter(pk=complaint.pk).update(office=at_place("raipur", "investigator").office)
        Hold.objects.update(expires_at=NOON + dt.timedelta(days=90), provisional=False)
        return lodge(
            objection_id=new_id(), hold_id=Hold.objects.get().pk, reason="goods", words="", name="C",
            mobile="9123456780", lang="hi", at=NOON,
        ).objection  # fmt: skip


# who may decide at each rung of an objection whose complaint a station in Raipur owns
MATRIX = {
    Stage.OFFICER: {("investigator", "raipur"), ("investigator", "durg"), ("investigator", "state"),
                    ("supervisor", "raipur"), ("supervisor", "durg"), ("supervisor", "state")},
    Stage.DISTRICT: {("supervisor", "raipur")},
    Stage.STATE: {("supervisor", "raipur"), ("supervisor", "durg"), ("supervisor", "state"),
                  ("approver", "raipur"), ("approver", "durg"), ("approver", "state")},
}  # fmt: skip


@pytest.mark.req("S0.9", "S1.7")
@pytest.mark.parametrize("stage", list(MATRIX))
def test_every_rung_is_decided_by_its_role_in_its_place_and_by_nobody_else(objected, stage):
    with running_as("thaam_loops"):
        Objection.objects.update(stage=stage)
        found = Objection.objects.get()
        for role in (role.value for role in Officer.Role if role != Officer.Role.BANK_CLERK):
            for place in PLACES:
                officer = at_place(place, role)
                if (role, place) in MATRIX[stage]:
                    assert decides_here(found, officer), (role, place)
                    continue
                with pytest.raises(NotTheirStage):
                    decide(objection_id=found.pk, officer=officer, outcome="rejected", reasons=REASONS, at=NOON)
        with pytest.raises(NotTheirPlace):
            far = at_place("kanpur", "supervisor")
            decide(objection_id=found.pk, officer=far, outcome="rejected", reasons=REASONS, at=NOON)
        role, place = sorted(MATRIX[stage])[0]
        decide(objection_id=found.pk, officer=at_place(place, role), outcome="rejected", reasons=REASONS, at=NOON)


def test_of_a_complaint_no_office_owns_the_district_is_where_its_reporter_lives(objected):
    with running_as("thaam_loops"):
        Complaint.objects.update(office=None, district="Durg")
        Objection.objects.update(stage=Stage.DISTRICT)
        found = Objection.objects.get()
        assert [place for place in PLACES if decides_here(found, at_place(place, "supervisor"))] == ["durg"]
        Complaint.objects.update(district="somewhere")
        assert all(decides_here(found, at_place(place, "supervisor")) for place in PLACES), "no place is known"


@pytest.mark.req("S0.9", "S0.10")
def test_the_database_shows_an_objection_and_a_restoration_only_in_the_state_that_owns_the_complaint(objected):
    with running_as("thaam_loops"):
        complaint = Complaint.objects.get()
        apply(
            application_id=new_id(), complaint_id=complaint.pk, to_bank="DEMO1", to_account="A", holder_name="Asha",
            undertaking=True, proved=True, fir_number="", at=NOON,
        )  # fmt: skip
        desks = {place: at_place(place, "supervisor").desk for place in PLACES}
    seen = {}
    for place, desk in desks.items():
        with running_as("thaam_app"), seated(desk):
            seen[place] = (Objection.objects.count(), Application.objects.count())
    assert seen == {"raipur": (1, 1), "durg": (1, 1), "state": (1, 1), "kanpur": (0, 0)}
    with running_as("thaam_app"), seated(f"complaint:{complaint.pk}"):
        assert Application.objects.count() == 1, "the victim at the own desk"
    with running_as("thaam_app"), seated("partner:DEMO2"):
        assert (Objection.objects.count(), Application.objects.count()) == (1, 0), "the bank of the hold"


@pytest.mark.req("S0.10", "S1.17")
def test_a_supervisor_approves_a_return_in_the_own_district_an_approver_in_the_own_state():
    with running_as("thaam_loops"):
        complaint = files(debit(Rs(6_400)), district="Raipur")
        says("DEMO2", hold_answer(order("DEMO2"), account="ACC-BALU"))
        Complaint.objects.update(office=at_place("raipur", "investigator").office)
        Hold.objects.update(expires_at=NOON + dt.timedelta(days=90), provisional=False)
        asked = apply(
            application_id=new_id(), complaint_id=complaint.pk, to_bank="DEMO1", to_account="A", holder_name="Asha",
            undertaking=True, proved=True, fir_number="", at=NOON,
        )  # fmt: skip
        proposer = at_place("raipur", "investigator")
        verify(application_id=asked.pk, officer=proposer, at=NOON)
        made = propose(
            restoration_id=new_id(), claim_id=complaint.debits.get().pk, hold_id=Hold.objects.get().pk,
            to_bank="DEMO1", to_account="A", officer=proposer, words="", at=NOON,
        )  # fmt: skip
        for role, place in (("supervisor", "durg"), ("supervisor", "kanpur"), ("approver", "kanpur")):
            with pytest.raises(NotApprovedHere):
                approve(restoration_id=made.pk, officer=at_place(place, role), at=NOON)
        approve(restoration_id=made.pk, officer=at_place("raipur", "supervisor"), at=NOON)
        assert Restoration.objects.get().state == "approved"
