"""The victim's own step (ask for the held money, say where to pay it, sign the undertaking) and the officer's check."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.chase.counting import account_of
from thaam.chase.models import Claim
from thaam.complaints.models import Complaint
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money.partition import State
from thaam.parties.models import Officer

from .models import Application, Path, Restoration
from .roles import MAY_VERIFY, check_role

PROVES = ("matches", "by_sight")  # words of pennies.Checked that speak for the account without a code


class NothingToRestore(Exception):
    """None of this complaint's money is held now."""


class UndertakingMissing(Exception):
    """The bond that the money is theirs, and comes back if it was not, has to be accepted."""


class NotVerified(Exception):
    """The victim has applied, and nobody has checked papers and account yet: that comes first."""


class NotProved(Exception):
    """Nothing shows that the account is the victim's: no code from their mobile, no word of the bank, no passbook."""


class OtherAccount(Exception):
    """The victim named another account than this one; nobody but the victim changes it, by applying anew."""


class VerifiedAlready(Exception):
    """The papers were found in order, and no payment on them has come to nothing since."""


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
    proved: bool = False,
) -> Application:
    """File the application once (a repeat of the id returns it).

    `proved` when a code sent to the complaint's mobile for this account came back: the link of the SMS alone names no
    account that money may go to.
    Raises what check_may_apply raises.
    """
    if earlier := Application.objects.filter(pk=application_id).first():
        return earlier
    complaint = Complaint.objects.get(pk=complaint_id)
    check_may_apply(complaint, undertaking=undertaking, at=at)
    application = Application(
        id=application_id,
        complaint=complaint,
        to_bank=to_bank,
        to_account=to_account,
        holder_name=holder_name,
        fir_number=fir_number,
        path=path or (Path.FIR if fir_number.strip() else Path.POLICE),
        undertaking=True,
        proved_at=at if proved else None,
        applied_at=at,
    )
    application.save(force_insert=True)
    record(Kind.RESTORATION_APPLIED, about=f"complaint:{complaint.pk}", by="citizen", at=at)
    return application


def check_may_apply(complaint: Complaint, *, undertaking: bool, at: dt.datetime) -> None:
    """Whether an application can be filed now. Read-only.

    Raises UndertakingMissing, NothingToRestore, AppliedAlready.
    """
    if not undertaking:
        raise UndertakingMissing(str(complaint.pk))
    claims = Claim.objects.filter(chase_id=complaint.pk).select_related("partition")
    if not any(account_of(claim, at=at).totals()[State.HELD] for claim in claims):
        raise NothingToRestore(complaint.number)
    if Application.objects.filter(complaint=complaint, refused_at=None).exists():
        raise AppliedAlready(complaint.number)


@transaction.atomic
def verify(*, application_id: Any, officer: Officer, at: dt.datetime) -> Application:
    """An officer has checked papers, account and the suspect account's holder. Locks the row.

    Raises NotAllowed; NotProved while neither a code nor the bank the money left nor a passbook speaks for the account.
    """
    check_role(officer, MAY_VERIFY)
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.verified_at is None:
        if application.proved_at is None and application.checked not in PROVES:
            raise NotProved(str(application.pk))
        application.verified_by, application.verified_at = officer, at
        application.save(update_fields=["verified_by", "verified_at"])
        record(
            Kind.RESTORATION_VERIFIED, about=f"complaint:{application.complaint_id}", by=f"officer:{officer.pk}", at=at
        )
    return application


@transaction.atomic
def refuse_application(*, application_id: Any, officer: Officer, words: str, at: dt.datetime) -> Application:
    """Papers or account are not in order: say what is missing; the victim can apply anew with it. Locks the row.

    What was verified comes back too once a payment to that account came to nothing (the bank could not pay, the second
    officer said no) and nothing else is under way: only the victim can name another account.
    Raises NotAllowed, ValueError without words, VerifiedAlready.
    """
    check_role(officer, MAY_VERIFY)
    if len(words.strip()) < 10:
        raise ValueError("say what is missing, so that it can be put right")
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.verified_at is not None and not came_to_nothing(application):
        raise VerifiedAlready(str(application.pk))
    if application.refused_at is None:
        application.refused_at, application.refused_words = at, words.strip()[:500]
        application.save(update_fields=["refused_at", "refused_words"])
        record(
            Kind.APPLICATION_REFUSED, about=f"complaint:{application.complaint_id}", by=f"officer:{officer.pk}", at=at,
            words=application.refused_words,
        )  # fmt: skip
    return application


def came_to_nothing(application: Application) -> bool:
    """Whether a payment proposed since it was verified failed or was refused, and none is proposed or ordered now."""
    since = Restoration.objects.filter(
        claim__chase_id=application.complaint_id, to_account=application.to_account,
        proposed_at__gte=application.verified_at,
    )  # fmt: skip
    states = {one.state for one in since.select_related("repayment")}
    return bool(states & {"failed", "refused"}) and not states & {"proposed", "approved"}


def check_account(claim: Claim, *, to_bank: str, to_account: str) -> None:
    """Money goes to the account the victim named and an officer checked, where the victim has named one.

    Without an application (a court named the account, a recovery is shared) the second officer sees that there is none.
    Raises NotVerified, OtherAccount.
    """
    application = Application.objects.filter(complaint_id=claim.chase_id, refused_at=None).first()
    if application is None:
        return
    if application.verified_at is None:
        raise NotVerified(str(application.pk))
    if (application.to_bank, application.to_account) != (to_bank, to_account):
        raise OtherAccount(f"{to_bank}/{to_account}")
