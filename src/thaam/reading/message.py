"""One bank message in, one reading out: fields, the characters each came from, or the reason for refusing.

Order: normalise -> blank advice -> sums -> blank products and balances -> direction -> refuse rules ->
own account, reference, rail, other side, bank, time. A reading is a suggestion for a person; nothing acts on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from thaam.reading import refusals
from thaam.reading.accounts import Shown, shown_in
from thaam.reading.amounts import Kind, Mention, mentions_in, payment_among
from thaam.reading.banks import bank_by_sender, bank_in, is_phone_number
from thaam.reading.direction import Direction, direction_of
from thaam.reading.masking import blank, without_advice, without_inner_dots, without_products
from thaam.reading.normal import Normal, normalise
from thaam.reading.rails import rail_of
from thaam.reading.reference import Numbered, reference_in
from thaam.reading.refusals import Refusal
from thaam.reading.when import When, when_in
from thaam.reading.whom import whom_in

_WALLET = re.compile(
    r"(?i)\bwallet\b|pay\s+balance|paytm\s+balance|pay\s?later|\bslice\b|lazypay|simpl\b|fastag|post\s?paid\b|upi\s*lite|ola\s?money"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says. `spans` are half-open offsets in the original message; `confidence` 0..1 a field;
    `refusal` is set exactly when `is_transaction` is False. `time` is ISO 8601 with +05:30, or a date."""

    is_transaction: bool
    direction: str | None = None
    amount_paise: int | None = None
    reference: str | None = None
    account_last4: str | None = None
    balance_paise: int | None = None
    counterparty: str | None = None
    bank: str | None = None
    rail: str | None = None
    time: str | None = None
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    refusal: Refusal | None = None


def read_message(message: str, *, sender: str | None = None) -> Reading:
    """Read one message of a bank (or of somebody pretending to be one). Never raises for any text."""
    normal = normalise(message)
    if not normal.text.strip():
        return Reading(False, refusal=refusals.EMPTY)
    body = without_advice(normal.text)
    mentions = mentions_in(body)
    payment = payment_among(body, mentions)
    verbs = _for_verbs(body, mentions, payment)
    direction = direction_of(verbs)
    foreign = next((mention for mention in mentions if mention.kind is Kind.FOREIGN), None)
    accounts = shown_in(_without_sums(body, mentions), direction.way if direction else None)
    reference = reference_in(_without_sums(body, mentions))
    when = when_in(body)
    anchored = bool(accounts or reference or _WALLET.search(body))
    told = bool(direction and (direction.strong or (accounts and _standing(mentions))))
    finished = bool((payment or foreign) and told and anchored)
    if sender and is_phone_number(sender):
        return Reading(False, refusal=refusals.NOT_A_BANK)
    if refusals.OTP_SHOWN.search(normal.text):
        return Reading(False, bank=bank_by_sender(sender or ""), refusal=refusals.OTP)
    if refusals.LINK_BAIT.search(normal.text):
        return Reading(False, bank=bank_by_sender(sender or ""), refusal=refusals.LURE)
    refusal = _refusal(body, sender or "", finished, mentions, payment or foreign, direction, accounts, reference)
    if refusal is not None:
        return Reading(False, bank=bank_by_sender(sender or ""), refusal=refusal)
    assert direction is not None
    return _reading(normal, body, sender or "", mentions, payment, direction, accounts, reference, when)


def _refusal(
    body: str,
    sender: str,
    finished: bool,
    mentions: list[Mention],
    payment: Mention | None,
    direction: Direction | None,
    accounts: list[Shown],
    reference: Numbered | None,
) -> Refusal | None:
    refusal = refusals.refusal_of(
        without_inner_dots(body), finished=finished, known_sender=bank_by_sender(sender) is not None
    )
    if refusal is not None:
        return refusal
    if payment is None:
        return refusals.BALANCE_ONLY if _standing(mentions) else refusals.NO_AMOUNT
    if direction is None:
        return refusals.BALANCE_ONLY if _standing(mentions) else refusals.NOT_DONE
    known = bank_by_sender(sender) if sender else None
    if not accounts and not reference and not _WALLET.search(body):
        named = known or bank_in(body, None)
        if not (named and direction.strong):
            return refusals.NO_ANCHOR
    return None


def _standing(mentions: list[Mention]) -> bool:
    return any(mention.kind in (Kind.BALANCE, Kind.LIMIT) for mention in mentions)


def _for_verbs(body: str, mentions: list[Mention], payment: Mention | None) -> str:
    """The text in which verbs are looked for: products blanked, and "Rs 500 CR" of balances."""
    text = without_inner_dots(without_products(body))
    for mention in mentions:
        if mention is payment:
            continue
        tail = re.match(r"(?i)\s*(?:cr|dr)\b\.?", text[mention.end :])
        if tail:
            text = blank(text, mention.end, mention.end + tail.end())
    return text


def _without_sums(body: str, mentions: list[Mention]) -> str:
    for mention in mentions:
        body = body[: mention.start] + "," * (mention.end - mention.start) + body[mention.end :]
    return body


def _reading(
    normal: Normal,
    body: str,
    sender: str,
    mentions: list[Mention],
    payment: Mention | None,
    direction: Direction,
    accounts: list[Shown],
    reference: Numbered | None,
    when: When | None,
) -> Reading:
    spans: dict[str, tuple[int, int]] = {"direction": normal.span(direction.start, direction.end)}
    confidence: dict[str, float] = {"direction": 0.95 if direction.strong else 0.6}
    if payment is not None:
        spans["amount_paise"] = normal.span(payment.start, payment.end)
        confidence["amount_paise"] = 0.97 if payment.marked else 0.8
    account = accounts[0] if accounts else None
    if account is not None:
        spans["account_last4"] = normal.span(account.start, account.end)
        confidence["account_last4"] = 0.95 if len(accounts) == 1 else 0.8
    if reference is not None:
        spans["reference"] = normal.span(reference.start, reference.end)
        confidence["reference"] = 0.95 if re.fullmatch(r"\d{12}", reference.reference) else 0.75
    balance = next((mention for mention in mentions if mention.kind is Kind.BALANCE), None)
    if balance is not None:
        spans["balance_paise"] = normal.span(balance.start, balance.end)
    rail = rail_of(body)
    if rail is not None:
        spans["rail"] = normal.span(rail[1], rail[2])
    whom = whom_in(body, direction.way)
    if whom is not None:
        spans["counterparty"] = normal.span(whom.start, whom.end)
        confidence["counterparty"] = 0.6
    bank = bank_by_sender(sender)
    confidence["bank"] = 0.95
    if bank is None:
        named = bank_in(normal.text, account.start if account else None)
        if named is not None:
            bank = named[0]
            spans["bank"] = normal.span(named[1], named[2])
        confidence["bank"] = 0.8 if named is not None else 0.0
    if when is not None:
        spans["time"] = normal.span(when.start, when.end)
    return Reading(
        True,
        direction=direction.way,
        amount_paise=payment.paise if payment else None,
        reference=reference.reference if reference else None,
        account_last4=account.last4 if account else None,
        balance_paise=balance.paise if balance else None,
        counterparty=whom.name if whom else None,
        bank=bank,
        rail=rail[0] if rail else _rail_by_reference(reference, account),
        time=when.iso if when else None,
        spans=spans,
        confidence=confidence,
    )


def _rail_by_reference(reference: Numbered | None, account: Shown | None) -> str | None:
    if account is not None and account.card:
        return "CARD"
    if reference is None:
        return None
    if re.fullmatch(r"[A-Z]{4}R\d{17}", reference.reference):
        return "RTGS"
    if re.fullmatch(r"[A-Z]{4}[A-Z0-9]\d{11}", reference.reference):
        return "NEFT"
    return "UPI" if re.fullmatch(r"\d{12}", reference.reference) else None
