"""The rules of docs/wire as cases, by name: each plays one situation and raises Failed when the bank breaks the rule.

The order matters at the end only: cases that make the kit lie come last, since a bank may rightly stop.
"""

from __future__ import annotations

from collections.abc import Callable

from thaam.wire.conformance import holdrules, orderrules, trustrules
from thaam.wire.conformance.kit import Kit

RULES: dict[str, Callable[[Kit], None]] = {
    "order-empty-refused": orderrules.empty_order,
    "order-repeated-adds-nothing": orderrules.repeated_order,
    "order-lapsed": orderrules.lapsed_order,
    "order-tombstone": orderrules.tombstone,
    "order-cancelled": orderrules.cancelled,
    "order-amended-down": orderrules.amended_down,
    "order-confirmed": orderrules.confirmed,
    "order-prolonged": orderrules.prolonged,
    "order-of-later-kind": orderrules.later_kind,
    "hold-expired": holdrules.expired,
    "hold-expired-alone": holdrules.expired_alone,
    "hold-released-in-part": holdrules.released_in_part,
    "hold-restored-once": holdrules.restored,
    "hold-held-earlier": holdrules.held_earlier,
    "payment-in-flight": holdrules.in_flight,
    "payment-not-found": holdrules.not_found,
    "payment-amount-differs": holdrules.amount_differs,
    "payment-date-differs": holdrules.date_differs,
    "payment-ambiguous": holdrules.ambiguous,
    "payment-not-ours": holdrules.not_ours,
    "locate-mobile": holdrules.locate_mobile,
    "late-credit-told": holdrules.late_credit,
    "freeze-to-hold": orderrules.freeze_to_hold,
    "information-answered": orderrules.information,
    "watch-told": orderrules.watched,
    "notice-acknowledged": orderrules.noticed,
    "receipt-lost": trustrules.lost_receipt,
    "refused-goes-on": trustrules.refused_goes_on,
    "node-killed": trustrules.killed,
    "clock-wrong": trustrules.wrong_clock,
    "order-false": trustrules.false_order,
    "response-false": trustrules.false_response,
    "journal-forked": trustrules.forked_journal,
    "journal-shorter": trustrules.shorter_journal,
    "copy-told": trustrules.copy_told,
}

# Kept on every request of the whole run; a breach is named with the first request that showed it.
DOOR_RULES: dict[str, str] = {
    "request-signed": "Every request is signed over method, target and digest, in time, by a key of the bank.",
    "nonce-fresh": "A nonce is used for one request only.",
    "answer-well-formed": "Every message is strict JSON of a known kind and keeps the rules of its kind.",
    "answer-evidence": "Every message carries a detached JWS of the bank over its exact bytes.",
    "answer-balances": "The lines of a HoldAnswer partition the asked ranges to the paisa.",
    "same-id-same-content": "An id is never used again for other content.",
}
