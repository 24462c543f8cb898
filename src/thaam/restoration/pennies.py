"""Is the account to pay into the victim's own? Asked of the victim's bank (the "penny check"), or seen by an officer.

Two adapters of one question. `AskBank` sends an InformationRequest about the disputed debit to the bank the money left:
the answer is signed evidence, and no rupee moves. `BySight` is the officer who looked at passbook or cancelled cheque.
A check that differs is shown beside the approval; it never denies by itself.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any, Protocol

from django.db import models, transaction

from thaam.chase.models import Claim
from thaam.chase.payments import identity_of
from thaam.complaints.models import Complaint
from thaam.evidence.asking import ask_for_information
from thaam.evidence.models import Asked
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.parties.models import Bank, Officer
from thaam.wire.parts import IssuedBy

from .models import Application
from .roles import MAY_VERIFY, check_role


class Checked(models.TextChoices):
    """What is known of the account."""

    WAITING = "waiting"  # the bank was asked
    MATCHES = "matches"
    DIFFERS = "differs"
    NOT_FOUND = "not_found"
    BY_SIGHT = "by_sight"  # an officer saw the passbook


class PennyCheck(Protocol):
    """A way to find out whose account it is."""

    def ask(self, application: Application, *, at: dt.datetime) -> bool:
        """Begin; False when this way is not open for the account."""


class AskBank:
    """Ask the bank the money left. Only for an account at that bank: another one knows nothing of the debit."""

    def ask(self, application: Application, *, at: dt.datetime) -> bool:
        """Send the request; its answer comes through the journal (see_answer)."""
        complaint = application.complaint
        debit = complaint.debits.filter(payer_bank=application.to_bank).order_by("number").first()
        if debit is None or not Bank.objects.filter(pk=application.to_bank, in_network=True).exists():
            return False
        payment = _payment_of(complaint, debit.number)
        if payment is None or not payment.reference:
            return False
        order_id = id_from("penny check", application.pk)
        ask_for_information(
            order_id=order_id, bank=application.to_bank, what="beneficiary", payment=payment,
            account=application.to_account,
            words="Did this debit leave this account, and in which name is it? Answer with the name only.",
            happened_at=debit.paid_at, complaint=complaint.number, jurisdiction=complaint.jurisdiction,
            issued_by=IssuedBy(office="1930", officer="platform"), by="platform", at=at,
        )  # fmt: skip
        application.check_order_id = order_id
        application.checked, application.checked_at = Checked.WAITING, at
        application.save(update_fields=["check_order_id", "checked", "checked_at"])
        return True


ADAPTERS: tuple[PennyCheck, ...] = (AskBank(),)


@transaction.atomic
def see_applied(fact: Fact, at: dt.datetime) -> None:
    """A victim applied: the first way that is open is asked; where none is, it is left to an officer's eyes."""
    complaint_id = fact.about.removeprefix("complaint:")
    for application in Application.objects.filter(complaint_id=complaint_id, refused_at=None, checked=""):
        any(adapter.ask(application, at=at) for adapter in ADAPTERS)


@transaction.atomic
def see_answer(fact: Fact, at: dt.datetime) -> None:
    """The bank answered a request for information: if it was about an account of ours, compare the names."""
    order_id = fact.about.removeprefix("order:")
    application = Application.objects.filter(check_order_id=order_id, checked=Checked.WAITING).first()
    if application is None:
        return
    got = Asked.objects.get(order_id=order_id).got.order_by("-at").first()
    if got is None:
        return
    if not got.found:
        application.checked = Checked.NOT_FOUND
    else:
        same = names_agree(application.holder_name, got.words)
        application.checked = Checked.MATCHES if same else Checked.DIFFERS
    application.checked_words, application.checked_at = got.words[:200], at
    application.save(update_fields=["checked", "checked_words", "checked_at"])
    record(
        Kind.ACCOUNT_CHECKED, about=f"complaint:{application.complaint_id}", by=fact.by, at=at,
        result=str(application.checked),
    )  # fmt: skip


@transaction.atomic
def check_by_sight(*, application_id: Any, officer: Officer, words: str, at: dt.datetime) -> Application:
    """An officer saw the passbook or the cancelled cheque, and writes what it says. Raises NotAllowed, ValueError."""
    check_role(officer, MAY_VERIFY)
    if not words.strip():
        raise ValueError("say which paper was seen, and the name on it")
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    application.checked, application.checked_at = Checked.BY_SIGHT, at
    application.checked_words = words.strip()[:200]
    application.save(update_fields=["checked", "checked_words", "checked_at"])
    record(
        Kind.ACCOUNT_CHECKED, about=f"complaint:{application.complaint_id}", by=f"officer:{officer.pk}", at=at,
        result=str(application.checked),
    )  # fmt: skip
    return application


_TITLES = frozenset("mr mrs ms shri smt sri kumari dr m/s श्री श्रीमती सुश्री कुमारी डॉ".split())


def names_agree(one: str, other: str) -> bool:
    """Whether two names are one person's as banks write them: order, case, titles and initials do not matter.

    Only within one script: a Hindi and a Latin name are not guessed at, an officer looks.
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return False
    shorter, longer = sorted((first, second), key=len)
    left = list(longer)
    for word in shorter:
        fit = next((each for each in left if each == word), None)
        if fit is None:
            fit = next((each for each in left if min(len(each), len(word)) == 1 and each[0] == word[0]), None)
        if fit is None:
            return False
        left.remove(fit)
    return any(len(word) > 1 and word in longer for word in shorter)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return [word for word in re.split(r"[\s.,/()'-]+", plain) if word and word not in _TITLES]


def _payment_of(complaint: Complaint, number: int) -> Any:
    claim = Claim.objects.filter(chase_id=complaint.pk, number=number).select_related("payment").first()
    return identity_of(claim.payment) if claim else None
