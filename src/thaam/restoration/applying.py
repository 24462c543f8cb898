"""The victim's own step (ask for the held money, say where to pay it, sign the undertaking) and the officer's check."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.chase.models import Claim
from thaam.complaints.models import Complaint
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.parties.models import Officer

from .models import Application, Path
from .roles import MAY_VERIFY, check_role


class NothingToRestore(Exception):
    """None of this complaint's money is held now."""


class UndertakingMissing(Exception):
    """The bond that the money is theirs, and comes back if it was not, has to be accepted."""


class AppliedAlready(Exception):
    """There is an open application for this complaint."""


@transaction.atomic
def apply(
    *,
    application_id: Any,
    complaint_id: Any,
    to_bank: str,
    to_account: str,
    holder_name: str,
    undertaking: bool,
    fir_number: str,
    at: dt.datetime,
    path: str = "",
) -> Application:
    """File the application once (a repeat of the id returns it).

    Raises UndertakingMissing, NothingToRestore, AppliedAlready.
    """
    if earlier := Application.objects.filter(pk=application_id).first():
        return earlier
    if not undertaking:
        raise UndertakingMissing(str(complaint_id))
    complaint = Complaint.objects.get(pk=complaint_id)
    claims = Claim.objects.filter(chase_id=complaint_id).select_related("partition")
    if not any(sets.total(claim.partition.held) for claim in claims):
        raise NothingToRestore(complaint.number)
    if Application.objects.filter(complaint=complaint, refused_at=None).exists():
        raise AppliedAlready(complaint.number)
    application = Application(
        id=application_id,
        complaint=complaint,
        to_bank=to_bank,
        to_account=to_account,
        holder_name=holder_name,
        fir_number=fir_number,
        path=path or (Path.FIR if fir_number.strip() else Path.POLICE),
        undertaking=True,
        applied_at=at,
    )
    application.save(force_insert=True)
    record(Kind.RESTORATION_APPLIED, about=f"complaint:{complaint.pk}", by="citizen", at=at)
    return application


@transaction.atomic
def verify(*, application_id: Any, officer: Officer, at: dt.datetime) -> Application:
    """An officer has checked papers, account and the suspect account's holder. Raises NotAllowed. Locks the row."""
    check_role(officer, MAY_VERIFY)
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.verified_at is None:
        application.verified_by, application.verified_at = officer, at
        application.save(update_fields=["verified_by", "verified_at"])
        record(
            Kind.RESTORATION_VERIFIED, about=f"complaint:{application.complaint_id}", by=f"officer:{officer.pk}", at=at
        )
    return application
