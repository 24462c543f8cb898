"""The demo's directory and queues: filled through the verbs, twice without harm, and no bank page is empty."""

from datetime import UTC, datetime

import pytest

from thaam.complaints.models import Paper, Person
from thaam.helpline.models import Handover, Task
from thaam.mailbox.models import Order
from thaam.parties.models import Branch, Nodal, Office, Officer
from thaam.project import filling
from thaam.work.models import Job

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)


def test_the_demo_is_filled_once_and_a_bank_without_a_system_has_orders_to_answer(settings, tmp_path):
    settings.DATA, settings.FILES = tmp_path, tmp_path / "files"
    filling.fill(at=AT)
    counts = (Branch.objects.count(), Nodal.objects.count(), Office.objects.count(), Officer.objects.count())
    filling.fill(at=AT)
    assert (Handover.objects.count(), Task.objects.count()) == (2, 2)
    assert (Paper.objects.count(), Person.objects.count()) == (3, 9)
    assert counts == (Branch.objects.count(), Nodal.objects.count(), Office.objects.count(), Officer.objects.count())
    assert Branch.objects.count() > 20
    assert Officer.objects.get(username="sahyog").bank_id == "SAHYOG"
    from thaam.chase import loop

    for job in Job.objects.filter(kind__in=loop.timers, run_at__lte=AT):
        loop.timers[job.kind](job.payload, AT)
    assert Order.objects.filter(partner_id="SAHYOG", kind="HoldOrder").count() == 3
    assert not Order.objects.filter(partner_id="SAHYOG", kind="LocatePayment").exists()
