"""A post that ends without a successor is reminded of once; a successor, or a far end, sends nothing."""

import datetime as dt

import pytest

from cast import NOON, bank
from thaam.nodal.loop import remind
from thaam.parties.models import Nodal
from thaam.work.models import Job

pytestmark = pytest.mark.django_db


def officer(mobile, until_on, duty="primary"):
    return Nodal.objects.create(
        bank=bank("DEMO2"), duty=duty, name="Rao", mobile=mobile, from_on=dt.date(2026, 1, 1), until_on=until_on
    )


@pytest.mark.req("S0.6")
def test_an_ending_post_is_reminded_of_once():
    officer("9000000001", NOON.date() + dt.timedelta(days=20))
    officer("9000000002", NOON.date() + dt.timedelta(days=60), "deputy")
    officer("9000000003", NOON.date() + dt.timedelta(days=10), "night")
    Nodal.objects.create(
        bank=bank("DEMO2"), duty="night", name="Next", mobile="9000000004", from_on=NOON.date() + dt.timedelta(days=11)
    )
    remind({}, NOON)
    remind({}, NOON + dt.timedelta(hours=12))
    [job] = Job.objects.filter(key__startswith="post ends:")
    assert job.payload["to"] == "9000000001"
    assert "15.12.2026" in job.payload["text"]
