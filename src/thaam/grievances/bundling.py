"""Ask for the court's copy of an objection: a fact; the letters' loop sets the paper from the file as it stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record

from .models import Objection


@transaction.atomic
def ask_for_bundle(*, objection_id: Any, by: str, at: dt.datetime) -> None:
    """Owe the paper. The holder may ask at any time, an officer too; each copy says as of when it is."""
    objection = Objection.objects.get(pk=objection_id)
    record(Kind.BUNDLE_ASKED, about=f"objection:{objection.pk}", by=by, at=at)
