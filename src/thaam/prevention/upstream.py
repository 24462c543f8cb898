"""Find everybody else who paid a found mule, and have their own bank warn them: once, in plain words.

A mule is found when an officer or a bank agreed to a mark on an account, when enough independent reports put it on the
watch list, or when its own bank reports it. Nobody's name is asked for: the mule's bank names payments, each payer's
bank warns its customer. Who has complained already is not warned. Law: rulebook `law about warn`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from thaam.complaints.models import Debit
from thaam.holds.models import Book
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.mailbox.models import Answer
from thaam.mailbox.posting import post
from thaam.parties.models import Bank
from thaam.prevention.models import PayersAsked, PayersTold, Warning, WarningTold
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import law, rule
from thaam.suspects.models import Identifier, Sighting
from thaam.suspects.naming import IdentifierKind, name_of
from thaam.suspects.weighing import Word, weight_of
from thaam.wire import codec
from thaam.wire.messages import Basis, IssuedBy, PayersAnswer, PayersRequest, PaymentId, Warned, WarnOrder

_BECAUSE = {
    Kind.IDENTIFIER_MARKED: "marked", Kind.IDENTIFIER_WATCHED: "watched", Kind.IDENTIFIER_SEEN: "its bank's word",
}  # fmt: skip
ISSUED = IssuedBy("THAAM", "rulebook")
WORDS = Text(
    hi=(
        "{bank} से सूचना: {day} को आपने {sum} का भुगतान किया था (UTR {reference})। वह खाता ठगी की शिकायतों में आया है। "
        "अगर आप इस व्यक्ति को नहीं जानते, तो और पैसा न भेजें और 1930 पर अभी बात करें। यह आप पर आरोप नहीं है। "
        "हम OTP, PIN या फीस नहीं माँगते।"
    ),
    en=(
        "From {bank}: on {day} you paid {sum} (UTR {reference}). That account appears in fraud complaints. If you do "
        "not know this person, send no more money and call 1930 now. You are not accused of anything. "
        "We never ask for OTP, PIN or a fee."
    ),
)


def see_found_account(fact: Fact, at: dt.datetime) -> None:
    """A mark or a watch on an account, or its own bank's word that a person gave: ask its bank who else paid."""
    if fact.kind == Kind.IDENTIFIER_SEEN and fact.data.get("reason") != Sighting.Reason.LOOKS_MULE:
        return
    identifier = Identifier.objects.filter(pk=fact.about.partition(":")[2]).first()
    if identifier is None or identifier.kind != IdentifierKind.ACCOUNT.value:
        return
    if fact.kind == Kind.IDENTIFIER_SEEN and not _said_by_its_bank(identifier):
        return
    because = _BECAUSE[Kind(fact.kind)]
    ask_for_payers(identifier=identifier, because=because, by="loop:work", at=at)


def _said_by_its_bank(identifier: Identifier) -> bool:
    """The account's own bank reported it and somebody there looked; a score alone warns nobody."""
    source = f"bank:{identifier.name.partition('/')[0]}"
    said = identifier.sightings.filter(source=source, reason=Sighting.Reason.LOOKS_MULE, withdrawn=None)
    return any(one.confidence >= weight_of(Word.BANK_LOOKED, at=one.noted_at) for one in said)


@transaction.atomic
def ask_for_payers(
    *, identifier: Identifier, because: str, by: str, at: dt.datetime, jurisdiction: str = "IN"
) -> PayersAsked | None:
    """Ask the account's bank for the payments into it in the rulebook's window; once a day and account.

    None when the bank is not in the network."""
    code, _, number = identifier.name.partition("/")
    bank = Bank.objects.filter(code=code, in_network=True).first()
    if bank is None:
        return None
    account = _token_of(bank, number)
    order_id = id_from("payers", identifier.id, at.date().isoformat())
    if known := PayersAsked.objects.filter(id=order_id).first():
        return known
    window = rule("upstream_window_days", jurisdiction=jurisdiction, on=at).value
    last = identifier.payers_asked.order_by("-to_at").first()
    from_at = max(at - dt.timedelta(days=window), last.to_at) if last else at - dt.timedelta(days=window)
    if from_at >= at:
        return last
    ground = law("warn", jurisdiction=jurisdiction, on=at)
    message = PayersRequest(
        id=order_id, account=account, from_at=from_at, to_at=at,
        basis=Basis(jurisdiction, ground.section, ground.authority, str(identifier.id)[:8]), issued_by=ISSUED,
        issued_at=at, execute_before=due_at("upstream_time", jurisdiction=jurisdiction, start=at),
    )  # fmt: skip
    post(partner=bank.code, message=message, at=at, by=by)
    asked = PayersAsked.objects.create(
        id=order_id, identifier=identifier, bank=bank, account=account, from_at=from_at, to_at=at, because=because,
        by=by, at=at,
    )  # fmt: skip
    record(Kind.PAYERS_ASKED, about=f"identifier:{identifier.id}", by=by, at=at, bank=bank.code)
    return asked


def _token_of(bank: Bank, number: str) -> str:
    """The account as its bank writes it: the registry's one spelling has lost leading zeros, spaces and dashes."""
    wanted = f"{bank.code}/{number}"
    written = Book.objects.filter(bank=bank, account__endswith=number[-4:]).values_list("account", flat=True)
    told = Debit.objects.filter(payee_bank=bank.code, payee_account__endswith=number[-4:])
    for token in (*written, *told.values_list("payee_account", flat=True)):
        if name_of(IdentifierKind.ACCOUNT, f"{bank.code}/{token}") == wanted:
            return token
    return number


@transaction.atomic
def take_payers(answer: Answer, at: dt.datetime) -> None:
    """The mule's bank named payments: ask each payer's bank to warn its customer, unless they complained already."""
    message = codec.decode(bytes(answer.body))
    assert isinstance(message, PayersAnswer)
    asked = PayersAsked.objects.filter(id=message.order_id, bank_id=answer.partner_id).first()
    if asked is None or PayersTold.objects.filter(asked=asked).exists():
        return
    complained = 0
    for payment in message.payments:
        if _complained(payment):
            complained += 1
        else:
            _warn(asked, payment, at)
    PayersTold.objects.create(
        asked=asked, many=len(message.payments), complained=complained, complete=message.complete, at=at
    )


def _complained(payment: PaymentId) -> bool:
    return Debit.objects.filter(
        reference=payment.reference, payer_bank=payment.payer_bank, amount_paise=payment.amount_paise,
        complaint__withdrawn_at=None,
    ).exists()  # fmt: skip


def _warn(asked: PayersAsked, payment: PaymentId, at: dt.datetime, jurisdiction: str = "IN") -> Warning | None:
    from thaam.language import rupees
    from thaam.language.dates import day_words

    bank = Bank.objects.filter(code=payment.payer_bank, in_network=True).first()
    if bank is None:
        return None
    identity = (payment.rail, payment.reference, payment.date.isoformat(), payment.amount_paise, bank.code)
    order_id = id_from("warn", *identity)
    try:
        with transaction.atomic():
            warning, fresh = Warning.objects.get_or_create(
                bank=bank, rail=payment.rail, reference=payment.reference, paid_on=payment.date,
                amount_paise=payment.amount_paise, defaults={"id": order_id, "asked": asked, "at": at},
            )  # fmt: skip
    except IntegrityError:
        return None
    if not fresh:
        return warning
    ground = law("warn", jurisdiction=jurisdiction, on=at)
    words = {
        lang: WORDS.in_(
            lang, bank=bank.name(lang), day=day_words(payment.date, lang), sum=rupees.full(payment.amount_paise),
            reference=payment.reference,
        )
        for lang in ("hi", "en")
    }  # fmt: skip
    order = WarnOrder(
        id=order_id, payment=payment, words_hi=words["hi"], words_en=words["en"],
        basis=Basis(jurisdiction, ground.section, ground.authority, str(asked.id)[:8]), issued_by=ISSUED, issued_at=at,
        execute_before=due_at("upstream_time", jurisdiction=jurisdiction, start=at),
    )  # fmt: skip
    post(partner=bank.code, message=order, at=at, by="loop:work")
    return warning


@transaction.atomic
def take_warned(answer: Answer, at: dt.datetime) -> None:
    """The payer's bank says whether its customer knows now."""
    message = codec.decode(bytes(answer.body))
    assert isinstance(message, Warned)
    warning = Warning.objects.filter(id=message.order_id, bank_id=answer.partner_id).first()
    if warning is None or WarningTold.objects.filter(warning=warning).exists():
        return
    WarningTold.objects.create(warning=warning, reached=message.told, way=message.way or "", at=at)
    if message.told:
        record(
            Kind.VICTIM_WARNED, about=f"identifier:{warning.asked.identifier_id}", by=f"bank:{answer.partner_id}",
            at=at, way=message.way,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """What warning brought, as counted: no rate without its numbers.

    `came` are warned people who then complained about the warned payment (money that can still be held).
    `paid_again` are those who complained of a payment to the same account made *after* the warning.
    `before` are complaints whose victim paid the account again before anybody warned: what warning is compared with.
    """

    accounts: int
    payments: int
    already_complained: int
    asked: int
    reached: int
    reached_paise: int
    came: int
    paid_again: int
    before: int
    before_again: int

    @property
    def avoided(self) -> float | None:
        """Later complaints avoided among the reached, if they had paid again as often as the unwarned did."""
        if not self.before:
            return None
        return max(0.0, self.reached * self.before_again / self.before - self.paid_again)


def figures() -> Figures:
    """Counted now, over everything."""
    told = list(PayersTold.objects.all())
    reached = list(WarningTold.objects.filter(reached=True).select_related("warning__asked"))
    came = again = 0
    for each in reached:
        warning = each.warning
        mine = Debit.objects.filter(
            reference=warning.reference, payer_bank=warning.bank_id, amount_paise=warning.amount_paise
        ).select_related("complaint")
        complaint = next((debit.complaint for debit in mine if debit.complaint.filed_at >= each.at), None)
        if complaint is not None:
            came += 1
            again += complaint.debits.filter(paid_at__gt=each.at, payee_account=warning.asked.account).exists()
    victims: dict[tuple[object, str], int] = {}
    for complaint_id, account in Debit.objects.filter(
        payee_account__in=PayersAsked.objects.values("account"), complaint__withdrawn_at=None
    ).values_list("complaint_id", "payee_account"):
        victims[complaint_id, account] = victims.get((complaint_id, account), 0) + 1
    return Figures(
        accounts=PayersAsked.objects.values("identifier_id").distinct().count(),
        payments=sum(each.many for each in told),
        already_complained=sum(each.complained for each in told),
        asked=Warning.objects.count(),
        reached=len(reached),
        reached_paise=sum(each.warning.amount_paise for each in reached),
        came=came,
        paid_again=again,
        before=len(victims),
        before_again=sum(count > 1 for count in victims.values()),
    )
