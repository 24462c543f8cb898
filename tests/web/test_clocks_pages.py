"""Pages of clocks, rules and holidays: due times explain themselves, what bounced is listed, a holiday moves clocks."""

import datetime as dt

import pytest

from banking import files, order, says
from cast import NOON, running_as
from thaam.clocks.models import Clock, Holiday, Moved
from thaam.clocks.watching import watch
from thaam.journal.ids import new_id
from thaam.wire.messages import CannotMatch
from web.test_bank_doors import posted, signed_in

pytestmark = pytest.mark.django_db


def test_the_page_of_an_order_says_how_its_due_time_came_about():
    order_ = posted()
    page = signed_in("bank_clerk", "DEMO2").get(f"/en/bank/order/{order_.pk}").content.decode()
    assert "How this due time came about" in page
    assert "30 minutes" in page
    assert "golden hour of I4C" in page


def test_an_order_that_came_back_stands_still_with_its_reason_and_can_go_on():
    with running_as("thaam_loops"):
        files()
        asked = order("DEMO2")
        says("DEMO2", CannotMatch(new_id(), asked.id, NOON, "not_found", "all of November"), at=NOON)
        watch({}, NOON + dt.timedelta(minutes=5))
    desk = signed_in("operator")
    page = desk.get("/en/desk/clocks?view=back").content.decode()
    assert "paused: with us" in page
    assert "back with the sender" in page
    with running_as("thaam_loops"):
        clock = Clock.objects.get(about="order", subject=asked.id)
    assert desk.post(f"/en/desk/clocks/{clock.pk}", {"resume": "1"}).status_code == 302
    with running_as("thaam_loops"):
        assert clock.pauses.filter(until_at=None).count() == 0


def test_a_clock_of_the_law_is_started_by_hand_and_ended_with_words_only():
    with running_as("thaam_loops"):
        complaint = files()
    desk = signed_in("investigator")
    desk.post("/en/desk/clocks/begin", {"number": complaint.number, "name": "zero_fir_regular"})
    with running_as("thaam_loops"):
        clock = Clock.objects.get(name="zero_fir_regular")
        assert clock.due_at - clock.started_at == dt.timedelta(days=3)
    assert "Ours to do" in desk.get("/en/desk/clocks?view=ours").content.decode()
    desk.post(f"/en/desk/clocks/{clock.pk}", {"words": ""})
    with running_as("thaam_loops"):
        assert Clock.objects.get(pk=clock.pk).ended_at is None
    desk.post(f"/en/desk/clocks/{clock.pk}", {"words": "FIR 12/2026"})
    with running_as("thaam_loops"):
        assert Clock.objects.get(pk=clock.pk).ended_words == "FIR 12/2026"


def test_a_holiday_added_on_the_page_shows_what_moved():
    from thaam.clocks.running import start_clock

    with running_as("thaam_loops"):
        start_clock(
            name="information_statement", about="order", subject=new_id(), jurisdiction="IN-CG",
            start=dt.datetime.now(tz=dt.UTC), by="test",
        )  # fmt: skip
    keeper = signed_in("administrator")
    days = [dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=n) for n in range(1, 5)]
    refused = keeper.post("/en/directory/calendar", {"place": "IN-CG", "day": str(days[0]), "title": "Vote"})
    assert refused.status_code == 422
    for day in days:
        keeper.post(
            "/en/directory/calendar", {"place": "IN-CG", "day": str(day), "title": "Vote", "source": "Gazette 7"}
        )
    page = keeper.get("/en/directory/calendar").content.decode()
    assert "Gazette 7" in page
    assert "statements and KYC are due within" in page, "the rule in words"
    with running_as("thaam_loops"):
        assert Moved.objects.exists()
        first = Holiday.objects.earliest("day")
    keeper.post("/en/directory/calendar", {"drop": first.pk})
    with running_as("thaam_loops"):
        assert not Holiday.objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize("lang", ["hi", "en"])
def test_anybody_may_read_every_rule_with_its_source(client, lang):
    page = client.get(f"/{lang}/directory/rules?place=IN-KL").content.decode()
    assert "Dr Sajeer v RBI" in page
    assert "Khalsa Medical Store" in page
