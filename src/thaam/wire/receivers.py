"""Who learns what: every field of every message, the one who receives it, and why they need it.

A field that no receiver needs has no place on the wire. No order names the victim or tells the story, no bank learns
earlier hops or the numbers of other people's claims. A test walks this table against the message classes.
"""

from __future__ import annotations

from typing import Any

from thaam.wire.fields import Many, Part, fields_of
from thaam.wire.messages import ANSWERS, KINDS, ORDERS

PAYER_BANK = "the bank the disputed payment left"
HOLDING_BANK = "the bank the payment came to"
ANY_BANK = "the bank concerned"
OPERATOR = "the telecom operator, registrar or store that gave it out"
PLATFORM = "the platform"

RECEIVER: dict[str, str] = {
    "LocatePayment": PAYER_BANK,
    "HoldOrder": HOLDING_BANK,
    "AmendOrder": HOLDING_BANK,
    "CancelOrder": HOLDING_BANK,
    "ReleaseOrder": HOLDING_BANK,
    "RestoreOrder": HOLDING_BANK,
    "FreezeToHoldOrder": HOLDING_BANK,
    "InformationRequest": ANY_BANK,
    "BalanceWatch": HOLDING_BANK,
    "Notice": ANY_BANK,
    "BlockOrder": OPERATOR,
    "PayersRequest": HOLDING_BANK,
    "WarnOrder": PAYER_BANK,
    **dict.fromkeys(sorted(set(KINDS) - ORDERS), PLATFORM),
}

_PAYMENT = {
    "rail": "to look in the right ledger",
    "reference": "to find the payment",
    "date": "to find it when references repeat",
    "amount_paise": "to tell it from a namesake",
    "payer_bank": "to know whose reference it is",
    "payee_bank": "to know whose credit it is",
}
_BASIS = {
    "jurisdiction": "whose law and clocks apply",
    "section": "the ground the bank acts on",
    "authority": "who may order it",
    "reference": "the complaint or court number the bank quotes to its customer",
}
_ISSUED_BY = {"office": "whom the bank calls back", "officer": "who answers for the order"}
_RANGES = {"lo": "which paise of the payment", "hi": "which paise of the payment"}
_LINE = {
    "kind": "what became of these paise",
    "lo": "which paise",
    "hi": "which paise",
    "child_lo": "which paise of the next payment they are",
    "terminal_kind": "how the money left the banks",
    "particulars": "where to look for the person or the goods",
    "reason": "why it is not held, or not known",
    "lien_reference": "the bank's own number of the hold, for its records and ours",
    "hold_order_id": "that an earlier order of ours already holds these paise",
}

# Words for a field's last name, or for `Message.field` where one message means something of its own.
WHY: dict[str, str] = {
    "id": "to know a repetition",
    "order_id": "which order is answered",
    "hold_order_id": "which hold is meant",
    "about_order_id": "which order is meant",
    "revision": "which of several stands",
    "order_revision": "which revision of the order was carried out",
    "replaces": "which answer no longer stands",
    "amount_paise": "how much, to check the ranges",
    "floor_paise": "below which sum nothing is held",
    "provisional": "that the debit is not confirmed yet",
    "payee_hint": "to find the account when the reference is not enough",
    "execute_before": "after which the order must not be carried out",
    "expires_at": "when the hold ends by itself",
    "watch_until": "when the watch ends by itself",
    "due_at": "by when an answer is owed",
    "issued_at": "when it was said",
    "answered_at": "when it was said, by the bank's clock",
    "reported_at": "when it was said, by the bank's clock",
    "placed_at": "since when the holder cannot use the money",
    "seen_at": "when it was noticed",
    "keeps_claim": "whether the same paise may be asked for again",
    "reason": "why, to tell the customer and to count",
    "account": "the bank's own token for the account, to keep one book for it",
    "position": "up to where the bank had read its ledger",
    "exactness": "whether that position is exact",
    "rule_applied": "by which rule the paise were told apart",
    "ranges_kind": "whether the ranges were traced or assigned",
    "found": "whether there is such a thing",
    "mobile_matches": "whether the report is credible, without learning the number",
    "code": "why, from a closed list",
    "searched": "where the bank looked",
    "words": "what cannot be put in a code",
    "file_digests": "to recognise the files that follow by another way",
    "what": "what is asked for",
    "to_bank": "where the money goes back to",
    "to_account": "where the money goes back to",
    "mobile": "to call the victim back",
    "branch": "where the victim stands",
    "lien_reference": "the bank's own number of the hold",
    "freeze_reference": "which freeze ends",
    "payer_account_last4": "to find the customer",
    "public_key": "to verify what the bank will sign",
    "valid_from_at": "from when on",
    "proof": "that the bank has the private half",
    "action": "what is to be done with it",
    "identifier": "which number, device, page or app",
    "reports": "how many independent reports stand behind it",
    "evidence_digest": "to tell later which list of reports the order rests on, without seeing it",
    "review_at": "when it is looked at again",
    "result": "what was done",
    "done_at": "since when",
    "from_at": "from when on",
    "to_at": "until when",
    "complete": "whether that is all of them",
    "words_hi": "what to tell the customer, in Hindi",
    "words_en": "what to tell the customer, in English",
    "told": "whether the customer knows",
    "way": "by which way the customer was told",
    "PayersRequest.account": "which account of the bank's own",
    "LocatePayment.payer_mobile": "to compare with its own customer's number; sent to no other bank",
    "LocatePayment.payer_account_last4": "to find its own customer; sent to no other bank",
    "RestoreOrder.to_account": "the victim's account, told only when money is on its way to it",
    "FreezeToHoldOrder.account": "which frozen account",
    "InformationRequest.account": "which account of the bank's own",
}
_PARTS: dict[str, dict[str, str]] = {
    "PaymentId": _PAYMENT,
    "Basis": _BASIS,
    "IssuedBy": _ISSUED_BY,
    "Range": _RANGES,
    "Line": _LINE,
    "HoldShown": {
        "hold_order_id": "which hold differs",
        "revision": "which revision the bank carries out",
        "lo": "which paise it holds",
        "hi": "which paise it holds",
    },
}


def leaves_of(cls: type[Any], at: str = "") -> list[tuple[str, str, str]]:
    """Every leaf field of a message as (dotted path, owning class, field name); lists are marked `[]`."""
    found: list[tuple[str, str, str]] = []
    for field in fields_of(cls):
        rule, path = field.rule, f"{at}{field.name}"
        if isinstance(rule, Many):
            rule, path = rule.item, path + "[]"
        if isinstance(rule, Part):
            found += leaves_of(rule.cls, path + ".")
        else:
            found.append((path, cls.__name__, field.name))
    return found


def why(kind: str, owner: str, name: str) -> str:
    """Why the receiver of message `kind` needs field `name` of class `owner`. KeyError when nobody said why."""
    if owner in _PARTS:
        return _PARTS[owner][name]
    return WHY.get(f"{kind}.{name}") or WHY[name]


def table() -> list[tuple[str, str, str, str]]:
    """(message, receiver, field, why) for all of it, in the order of the specification."""
    return [
        (kind, RECEIVER[kind], path, why(kind, owner, name))
        for kind, cls in KINDS.items()
        for path, owner, name in leaves_of(cls)
    ]


def direction(kind: str) -> str:
    """`order`, `answer` or `unasked`."""
    return "order" if kind in ORDERS else "answer" if kind in ANSWERS else "unasked"
