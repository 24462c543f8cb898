"""What a first visitor finds on the pages of justice: holders of demo accounts object, victims apply, officers decide;
and a bank says which of its accounts is a mule's, so that whoever else paid into it is warned.

A job of the demo alone. It waits until real holds of the played frauds are there and then does, once each and through
the same verbs as the pages, what people would do in days. Everything here is invented.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count

from thaam.chase.reading import claims_on_hold
from thaam.complaints.models import Complaint
from thaam.grievances import bundling, climbing, consenting, deciding, lodging, opening
from thaam.grievances.models import Objection
from thaam.grievances.telling import tell_holder
from thaam.holds.models import Book, Hold
from thaam.journal.ids import id_from
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Answer
from thaam.money import ranges as sets
from thaam.parties.keys import platform_key
from thaam.parties.models import Officer
from thaam.restoration import applying, approving, intimating, pooling, proposing, recovering, registering
from thaam.restoration.models import Application, CourtOrder, Intimation, Recovery
from thaam.wire import codec, jws
from thaam.wire.messages import SuspiciousAccount
from thaam.work.scheduling import schedule

ACT = "demo:justice"
AGAIN = datetime.timedelta(seconds=30)
SMALL_PAISE = 50_000_00
PLAYED = datetime.timedelta(hours=12)
HOLDERS = (
    ("goods", "मैंने अपनी दुकान से मोबाइल बेचा था, बिल नंबर 214।", "चारू मोबाइल सेंटर"),
    ("work", "यह मेरी ड्राइविंग की मज़दूरी है, हर हफ़्ते इसी तरह आती है।", "रमेश साहू"),
    ("whole_account", "छोटी-सी रकम के लिए पूरा खाता बंद है, दुकान नहीं चल पा रही।", "गीता किराना"),
    ("family", "भाई ने घर के ख़र्च के लिए भेजे थे।", "सलमा बानो"),
)
REASONS = (
    "खाताधारक ने बिल संख्या 214, डिलीवरी की रसीद और ग्राहक से हुई बातचीत दिखाई। रकम और तारीख जमा से मिलती हैं।\n"
    "ऐसा कोई तथ्य नहीं मिला जिससे लगे कि उन्हें ठगी का पता था। इसलिए रोक हटाई जाती है।"
)


def act(payload: dict[str, Any], at: datetime.datetime) -> None:
    """Do the next thing that can be done, and look again in half a minute while something is left."""
    if _next(at):
        schedule(kind=ACT, key=f"{ACT}:{at.isoformat()}", run_at=at + AGAIN)


def _next(at: datetime.datetime) -> bool:
    """One act a time, so that the pages fill as in life. False when the story is told."""
    objections = Objection.objects.count()
    small = [
        hold
        # the months before are invented: no bank of the demo has their money, so only what was played is acted on
        for hold in Hold.objects.filter(asked_at__gt=at - PLAYED).exclude(held=()).order_by("asked_at")
        if 0 < sets.total(pooling.free_of(hold, at=at)) == hold.held_paise < SMALL_PAISE
    ]
    if objections < len(HOLDERS):
        if small:
            _object(small[0], objections, at)
        return True
    steps = (
        _bank_looks,
        _officer_decides,
        _victim_applies,
        _restored,
        _court_writes,
        _magistrate,
        _recovered,
        _bank_reports,
    )
    return any(step(small, at) for step in steps)


def _object(hold: Hold, number: int, at: datetime.datetime) -> None:
    reason, words, name = HOLDERS[number]
    tell_holder(hold_id=hold.pk, at=at)
    objection = lodging.lodge(
        objection_id=id_from("demo objection", number), hold_id=hold.pk, reason=reason, words=words, name=name,
        mobile=f"98270{number:05d}", lang="hi", at=at,
    ).objection  # fmt: skip
    if reason == "whole_account":
        opening.ask_to_open(objection_id=objection.pk, at=at)
    if offices := consenting.associations():
        consenting.consent(objection_id=objection.pk, office=offices[0], at=at)


def _bank_looks(small: list[Hold], at: datetime.datetime) -> bool:
    waiting = Objection.objects.filter(stage="bank", closed_at=None).order_by("lodged_at")
    if waiting.count() <= 1:
        return False  # one stays with the bank, for whoever signs in there
    found = waiting[0]
    climbing.forward(
        objection_id=found.pk, bank=found.bank_id, words="खाता 9 साल पुराना, चलन सामान्य, जमा बिल से मिलती है।",
        by=f"bank:{found.bank_id}", at=at, advice="remove", kyc_in_order=True, credit_matches=True, usual_use=True,
        account_opened_on=at.date().replace(year=at.year - 9, day=1), usable_paise=84_500_00,
    )  # fmt: skip
    return True


def _officer_decides(small: list[Hold], at: datetime.datetime) -> bool:
    found = Objection.objects.filter(stage="officer", closed_at=None).order_by("lodged_at").first()
    if found is None or Objection.objects.exclude(outcome="").exists():
        return False  # the others wait for whoever signs in as the investigator
    officer = Officer.objects.get(username="investigator")
    deciding.decide(objection_id=found.pk, officer=officer, outcome="upheld", reasons=REASONS, at=at)
    bundling.ask_for_bundle(objection_id=found.pk, by="holder", at=at)
    return True


def _victim_applies(small: list[Hold], at: datetime.datetime) -> bool:
    if Application.objects.count() >= 2 or len(small) <= Application.objects.count():
        return False
    for hold in small:
        claim = next(iter(claims_on_hold(hold.pk)), None)
        complaint = Complaint.objects.filter(pk=claim.chase_id).first() if claim else None
        if complaint is None or complaint.applications.exists():
            continue
        debit = complaint.debits.order_by("number")[0]
        applying.apply(
            application_id=id_from("demo application", complaint.pk), complaint_id=complaint.pk,
            to_bank=debit.payer_bank, to_account=_account_of(complaint.mobile, debit.payer_bank),
            holder_name=complaint.name, undertaking=True, fir_number="", proved=True, at=at,
        )  # fmt: skip
        return True
    return False


def _account_of(mobile: str, bank: str) -> str:
    """The account a played victim really has (world/plots.py names accounts so): a bank pays back into no other."""
    place = bank.removeprefix("DEMO")
    return f"{int(place) if place.isdecimal() else 0:02d}{5_000_000_000 + int(mobile[-9:]) - 700_000_000}"


def _restored(small: list[Hold], at: datetime.datetime) -> bool:
    """The first application is verified, proposed and approved; the second waits for whoever signs in."""
    application = Application.objects.order_by("applied_at").first()
    if application is None or application.verified_at is not None:
        return False
    investigator, approver = (Officer.objects.get(username=name) for name in ("investigator", "approver"))
    applying.verify(application_id=application.pk, officer=investigator, at=at)
    for hold in small:
        claim = next((each for each in claims_on_hold(hold.pk) if each.chase_id == application.complaint_id), None)
        if claim is None:
            continue
        try:
            made = proposing.propose(
                restoration_id=id_from("demo restoration", hold.pk), claim_id=claim.pk, hold_id=hold.pk,
                to_bank=application.to_bank, to_account=application.to_account, officer=investigator,
                words="काग़ज़ और खाता जाँचे गए", at=at,
            )  # fmt: skip
        except (proposing.CompetingClaims, proposing.OverClaimed, proposing.NotTheirs, proposing.FirNeeded):
            continue
        approving.approve(restoration_id=made.pk, officer=approver, at=at)
        break
    return True


def _court_writes(small: list[Hold], at: datetime.datetime) -> bool:
    hold = small[-1] if small else None
    if CourtOrder.objects.exists() or hold is None or hold.book is None:
        return False
    told = registering.Told(hold.bank_id, hold.book.account, hold.held_paise)
    registering.enter(
        order_id=id_from("demo court order", hold.pk), what="keep", court="न्यायिक मजिस्ट्रेट प्रथम श्रेणी, दुर्ग (डेमो)",
        number="88/2026", dated_on=at.date(), deadline_at=None, until_at=hold.expires_at + datetime.timedelta(days=60),
        accounts=[told], jurisdiction="IN-CG", officer=Officer.objects.get(username="investigator"), at=at,
    )  # fmt: skip
    return True


def _magistrate(small: list[Hold], at: datetime.datetime) -> bool:
    owed = Intimation.objects.filter(told_at=None).order_by("due_at").first()
    if owed is None or Intimation.objects.exclude(told_at=None).exists():
        return False
    officer = Officer.objects.get(username="investigator")
    intimating.ask_for_paper(intimation_id=owed.pk, officer=officer, at=at)
    court = "न्यायिक मजिस्ट्रेट प्रथम श्रेणी, दुर्ग (डेमो)"
    intimating.record_told(intimation_id=owed.pk, officer=officer, court=court, reference="साइबर/412", at=at)
    return True


def _recovered(small: list[Hold], at: datetime.datetime) -> bool:
    if Recovery.objects.exists():
        return False
    recovering.enter_recovery(
        recovery_id=id_from("demo recovery"), amount_paise=45_000_00, recovered_on=at.date(), memo="जब्ती 17/2026",
        kept_at="ज़िला कोषालय, दुर्ग (डेमो)", words="दो गिरफ़्तार, नकद बरामद",
        officer=Officer.objects.get(username="investigator"), at=at,
    )  # fmt: skip
    return True


def _bank_reports(small: list[Hold], at: datetime.datetime) -> bool:
    """The bank's officer has looked at the account most complaints led to and reports it: its other payers are warned.

    The nightly looking of a node says nothing about so few accounts (node/looking.py); a person's report does.
    """
    if Answer.objects.filter(kind="SuspiciousAccount").exists():
        return False
    objected = Hold.objects.filter(pk__in=Objection.objects.exclude(hold=None).values("hold")).exclude(book=None)
    led = Hold.objects.filter(asked_at__gt=at - PLAYED, bank__in_network=True).exclude(book=None)
    by_account = led.exclude(book__in=objected.values("book")).values("book")
    most = by_account.annotate(n=Count("reference", distinct=True)).order_by("-n", "book").first()
    if most is None:
        return False
    book = Book.objects.get(pk=most["book"])
    words = "कई अनजान लोगों से जमा, उसी दिन आगे भेजा; ग्राहक ने कारण नहीं बताया"
    message = SuspiciousAccount(id_from("demo mule", book.pk), at, book.account, "mule_pattern", words, at)
    raw = codec.encode(message)
    keep(partner=book.bank_id, message=message, raw=raw, jws=jws.sign_detached(raw, platform_key()), at=at)
    return True
