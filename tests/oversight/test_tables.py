"""Figures come from one snapshot, add up in every direction, and a published table never points at one person."""

import datetime as dt
import random

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from banking import Rs, debit, files, hold_answer, order, says
from cast import NOON
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.oversight import press, speed
from thaam.oversight.models import STATES, Counted, CountedOrder, Snapshot
from thaam.oversight.modus import modus_of
from thaam.oversight.reckoning import reckon
from thaam.oversight.tables import (
    DoesNotAddUp,
    Figures,
    Table,
    channel_table,
    check_together,
    complaints_behind,
    district_table,
)
from thaam.oversight.taking import take_snapshot
from thaam.oversight.typed import Typed, judge
from thaam.wire.parts import Line

DAY = NOON.date()


def snapshot(**changes):
    wanted = {
        "snapshot_id": new_id(),
        "from_on": DAY.replace(day=1),
        "to_on": DAY + dt.timedelta(days=1),
        "state_code": 22,
        "by": "officer:1",
        "at": NOON + dt.timedelta(hours=2),
    }
    return take_snapshot(**(wanted | changes))


@pytest.fixture
def counted(db):
    """A snapshot of 400 made-up complaints over all districts of one state and four channels."""
    picked = random.Random(7)
    made = Snapshot.objects.create(
        id=new_id(), name="SN-2606-01", state_code=22, from_on=dt.date(2026, 5, 1), to_on=dt.date(2026, 6, 1),
        taken_at=NOON, definitions="x", digest="x",
    )  # fmt: skip
    codes = [378, 387, 375, 382, 388, None]
    rows = []
    for n in range(400):
        parts = {f"{state}_paise": picked.randrange(0, 10**7) for state in STATES}
        rows.append(
            Counted(
                snapshot=made, complaint=f"{n:011d}", district_code=picked.choice(codes),
                channel=picked.choice(["web", "phone", "desk", "bank"]), payer_bank="SBIN", filed_at=NOON,
                withdrawn=False, reported_paise=sum(parts.values()), same_day_paise=parts["held_paise"] // 2,
                reported_after_s=picked.randrange(0, 200_000), held_after_s=picked.randrange(0, 9_000), **parts,
            )
        )  # fmt: skip
    rows[0].district_code = 646
    Counted.objects.bulk_create(rows)
    reckon(made, divisions={"durg": [378, 646]})
    return made


@pytest.mark.django_db
@pytest.mark.req("S4.2")
def test_a_snapshot_counts_what_the_accounts_say_to_the_paisa():
    files(debit(Rs(50_000)), district="Kawardha")
    asked = order("DEMO2")
    cash = Line("terminal", Rs(31_200), Rs(50_000), terminal_kind="CASH_ATM", particulars="D17")
    says(
        "DEMO2",
        hold_answer(asked, Line("held", 0, Rs(31_200), lien_reference="L1"), cash),
        at=NOON + dt.timedelta(minutes=4),
    )
    files(debit(Rs(10_000), reference="UTR000000002"), district="nowhere", channel="phone")
    taken = snapshot()
    table = district_table(taken)
    assert table.rows[382] == Figures(
        complaints=1, reported=Rs(50_000), held=Rs(31_200), gone=Rs(18_800), same_day=Rs(31_200)
    )
    assert table.rows[None] == Figures(complaints=1, reported=Rs(10_000), asked=Rs(10_000))
    assert table.total.reported == Rs(60_000)
    assert 378 in table.not_reported
    check_together([table, channel_table(taken)])
    assert speed.median_held_after_s(taken) == 240


@pytest.mark.django_db
def test_a_snapshot_is_frozen_and_a_row_that_does_not_add_up_is_refused_by_the_database(counted):
    with pytest.raises(ProgrammingError), transaction.atomic():
        Counted.objects.filter(snapshot=counted).update(held_paise=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row = Counted.objects.filter(snapshot=counted).first()
        row.pk, row.complaint, row.held_paise = None, "x", row.held_paise + 1
        row.save(force_insert=True)


@pytest.mark.django_db
def test_every_number_opens_its_complaints_with_the_same_total(counted):
    for code, row in district_table(counted).rows.items():
        behind = list(complaints_behind(counted, district_code=code))
        assert len(behind) == row.complaints
        assert sum(c.reported_paise for c in behind) == row.reported


@given(st.lists(st.lists(st.integers(0, 10**12), min_size=8, max_size=8), max_size=20), st.integers(1, 5))
def test_any_way_to_part_complaints_sums_to_the_whole(rows, groups):
    parts = dict.fromkeys(range(groups), Figures())
    whole = Figures()
    for n, amounts in enumerate(rows):
        one = Figures(complaints=1, reported=sum(amounts), **dict(zip(STATES, amounts, strict=True)))
        parts[n % groups] = parts[n % groups].plus(one)
        whole = whole.plus(one)
    assert Table("SN", "x", parts, whole).total == whole
    if whole.complaints:
        with pytest.raises(DoesNotAddUp):
            Table("SN", "x", parts, whole.plus(Figures(complaints=1)))


@pytest.mark.django_db
def test_in_public_no_row_is_small_and_the_total_stays(counted):
    table = district_table(counted)
    assert min(row.complaints for row in table.rows.values()) < 5
    public = table.for_the_public()
    assert min(row.complaints for row in public.rows.values()) >= 5
    assert public.total == table.total


@pytest.mark.django_db
def test_a_bank_with_few_orders_is_shown_but_not_ranked():
    made = Snapshot.objects.create(
        id=new_id(), name="SN-2606-02", from_on=DAY, to_on=DAY, taken_at=NOON, definitions="x", digest="x"
    )

    def ordered(bank, minutes, count):
        CountedOrder.objects.bulk_create(
            CountedOrder(
                snapshot=made, order_id=new_id(), bank=bank, bank_kind="bank",
                asked_at=NOON - dt.timedelta(hours=3), due_at=NOON - dt.timedelta(hours=2),
                answered_at=minutes and NOON - dt.timedelta(hours=3) + dt.timedelta(minutes=minutes),
            )
            for _ in range(count)
        )  # fmt: skip

    ordered("FAST", 5, 30)
    ordered("SLOW", 90, 30)
    ordered("RARE", 1, 3)
    ordered("MUTE", None, 25)
    reckon(made, divisions={})
    league = speed.bank_league(made)
    assert [s.bank for s in league] == ["FAST", "SLOW", "MUTE", "RARE"]
    assert (league[0].on_clock_percent, league[0].median_minutes) == (100, 5)
    assert league[2].silent == 25
    assert not league[3].ranked


@pytest.mark.django_db
def test_the_curve_and_the_grid_count_everybody_once(counted):
    assert sum(n for _, _, n in speed.golden_curve(counted)) == 400
    assert sum(map(sum, speed.week_of_hours(counted))) == 400


@pytest.mark.django_db
@pytest.mark.req("S0.1", "S4.6")
def test_a_press_note_carries_the_snapshots_figures_and_needs_two_people(counted):
    prose = Text(
        hi="समन्वय बैठक में हर शाखा में नोडल अधिकारी नामित करने का निर्णय हुआ।", en="Every branch names a nodal officer."
    )
    note = press.write_note(
        note_id=new_id(), snapshot=counted, place=Text(hi="जनपद दुर्ग", en="Durg"), district_code=378, prose=prose,
        by="officer:1", at=NOON,
    )  # fmt: skip
    with pytest.raises(press.NotPublishable):
        press.release_note(note=note, by="officer:1", at=NOON)
    released = press.release_note(note=note, by="officer:2", at=NOON)
    assert released.released_by == "officer:2"
    row = district_table(counted).rows[378]
    assert note.facts["held"] == row.held_ever
    assert "माह मई 2026" in press.text_of(note, "hi")
    assert "SN-2606-01" in press.text_of(note, "en")


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["₹5 लाख बचाए गए", "फ़ोन 98260 41234", "ramesh@ybl को", "money recovered"])
def test_a_press_note_with_a_wrong_verb_or_a_persons_data_is_refused(counted, words):
    with pytest.raises(press.NotPublishable):
        press.write_note(
            note_id=new_id(), snapshot=counted, place=Text(hi="x", en="x"), district_code=378,
            prose=Text(hi=words, en="x"), by="officer:1", at=NOON,
        )  # fmt: skip


@pytest.mark.django_db
def test_a_press_note_about_few_complaints_is_refused(counted):
    with pytest.raises(press.NotPublishable):
        press.facts_of(counted, district_code=646)


@pytest.mark.req("S0.11")
def test_a_story_tells_its_trick_or_none():
    assert modus_of("वीडियो कॉल पर डिजिटल अरेस्ट का डर दिखाया") == "digital_arrest"
    assert modus_of("They asked for my OTP") == "call_otp"
    assert modus_of("गूगल पर मिले कस्टमर केयर नंबर ने पैसे काटे") == "customer_care", "not the customs"
    assert modus_of("पैकेट कस्टम में फँसा बताया") == "courier"
    assert modus_of("a simple thing") == ""
    assert modus_of("") == ""


@pytest.mark.django_db
def test_seed_fours_rows_are_refused_with_the_difference():
    told = [Typed(name, rupees * 100) for name, rupees in SEED_4.items()]
    judged = judge(told, stated_total_paise=26_04_000_00, state_code=22)
    assert judged.sum_paise == 27_49_236_00
    assert not judged.may_be_published
    assert any("1,45,236" in fault.en for fault in judged.faults)


SEED_4 = {
    "Balod": 40_000, "Dhamtari": 1_00_000, "Balodabazar": 1_95_000, "Durg": 1_53_000, "Bastar": 1_05_000,
    "Jashpur": 1_50_000, "Bemetara": 1_39_000, "Kabirdham": 2_08_000, "Bijapur": 12_000, "Kanker": 66_000,
    "Bilaspur": 45_000, "Koriya": 35_000, "Dantewada": 36_000, "Mahasamund": 55_236,
    "Cyber helpline number": 1_55_000, "Raigarh": 42_000, "Raipur": 5_82_000, "Rajnandgaon": 3_47_000,
    "Surajpur": 45_000, "Citizen": 2_39_000,
}  # fmt: skip
