"""The demo's past: written once through rows and verbs, and no page of the review is empty after it."""

import datetime as dt
import re

import pytest

from cast import running_as
from thaam.coordination.models import Bulletin, CampaignEvent, Decision, Inspection, Meeting, TraderProblem
from thaam.holds.verifying import findings
from thaam.oversight.models import OfficeLine, OpenData, PressNote, Snapshot
from thaam.parties.models import Officer
from thaam.project import filling
from thaam.project.seeding import seed

NOW = dt.datetime(2026, 11, 25, 6, 30, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_a_demo_gets_a_past_once_and_its_review_is_not_empty(settings, tmp_path, client):
    settings.DATA = tmp_path
    filling.fill(at=NOW)
    said = []
    for _ in range(2):
        seed(data=tmp_path, months=3, a_month=150, now=NOW, say=said.append)
    assert said[0] != "0 complaints carried over"
    assert said[4] == "0 complaints carried over"
    assert list(findings()) == []
    assert Snapshot.objects.count() == 3
    for model, least in (
        (Meeting, 6), (Decision, 3), (Inspection, 11), (CampaignEvent, 11), (TraderProblem, 2), (PressNote, 1),
        (OpenData, 1), (OfficeLine, 1), (Bulletin, 1),
    ):  # fmt: skip
        assert model.objects.count() >= least, model.__name__
    assert "APK" in Bulletin.objects.exclude(approved_by=None).get().title_en, "of what spreads the bulletin warns"
    client.force_login(Officer.objects.get(username="reviewer"))
    with running_as("thaam_app"):
        for path in (
            "",
            "districts",
            "banks",
            "helpline",
            "helpline/roster",
            "helpline/watch",
            "modus",
            "restoration",
            "meetings",
        ):
            page = client.get(f"/hi/review/{path}")
            words = re.sub(r"<[^>]+>", " ", page.content.decode())
            assert page.status_code == 200
            assert "स्नैपशॉट नहीं है" not in words, path
        assert (
            b"%PDF" in client.get(f"/hi/review/pack/{Snapshot.objects.order_by('-from_on').first().name}").content[:8]
        )
