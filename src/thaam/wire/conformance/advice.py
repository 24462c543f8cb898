"""For each case of the conformance kit: what usually causes a failure, what to do, and where the guide says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a failed case, and the section of docs/wire/README.md it stands in."""

    section: str
    do: str


_LIFO = (
    "Compare with the rows and paise of this case in hold-cases.md. Rebuild the account as a pile: a credit lies on "
    "top, a debit takes from the top, refunds are taken from the very payment they give back. Neither balances nor "
    "other liens decide which paise are here; they only cap what can be held."
)

ADVICE: dict[str, Advice] = {
    "order-empty-refused": Advice(
        "5",
        "Check an order before acting on it: without amount, ranges, basis, officer, time or expiry answer "
        "CannotMatch `needs_order`, `searched` beginning with `empty_order`. Place no lien.",
    ),
    "order-repeated-adds-nothing": Advice(
        "1",
        "Keep the ids of orders you have taken. For a known id send the stored answer again, byte for byte; ask your "
        "core for the lien under that id before placing one.",
    ),
    "order-lapsed": Advice(
        "7",
        "Compare `execute_before` with your clock (corrected by the measured offset) before the first step, and "
        "answer CannotMatch `lapsed_unexecuted`.",
    ),
    "order-tombstone": Advice(
        "5",
        "Look at `state` in the mailbox before carrying an order out; remember cancelled ids for ever, so that the "
        "order is not carried out when it comes again.",
    ),
    "order-cancelled": Advice(
        "5",
        "Lift the whole lien, then answer ReleaseDone with reason `cancelled` for all paise held.",
    ),
    "order-amended-down": Advice(
        "5",
        "Lift what the amendment no longer asks for. Send the next HoldAnswer (revision + 1, `replaces` the one "
        "before, `order_revision` of the amendment), then Acknowledged to the amendment.",
    ),
    "order-confirmed": Advice(
        "5",
        "Change only the terms you keep: no lien moves, no new HoldAnswer; answer Acknowledged.",
    ),
    "order-prolonged": Advice(
        "7",
        "Take the new `expires_at` when you take the amendment, if the hold has not ended yet; your expiry job must "
        "read the changed time.",
    ),
    "order-of-later-kind": Advice(
        "5",
        "Skip mailbox items whose `kind` you do not know, and go on with the next position.",
    ),
    "hold-expired": Advice(
        "7",
        "Run a job of your own that lifts liens at `expires_at`, and send ReleaseDone `expired`.",
    ),
    "hold-expired-alone": Advice(
        "7",
        "The expiry job must not need the platform: store `expires_at` with the lien and release by your clock; send "
        "the message when the platform can be reached.",
    ),
    "hold-released-in-part": Advice(
        "5",
        "Lift exactly the ranges of the release order; the rest stays under the lien.",
    ),
    "hold-restored-once": Advice(
        "5",
        "Use the order's id as the idempotency key of the payout. Look the payee up before the money leaves the lien; "
        "answer RestoreDone with the identity of the payment made.",
    ),
    "hold-held-earlier": Advice(
        "6",
        "Paise already under a lien of ours are a `held` line with `hold_order_id` of the earlier order; place no "
        "second lien.",
    ),
    "payment-in-flight": Advice(
        "5",
        "A payment of today that has not posted is Expected, not CannotMatch. When it posts, hold it and send the "
        "HoldAnswer without being asked again.",
    ),
    "payment-not-found": Advice(
        "7",
        "After two banking days a payment that never came is CannotMatch `not_found`.",
    ),
    "payment-amount-differs": Advice(
        "2",
        "Match on rail, reference, day and amount. Answer CannotMatch with the code the case names; say in `searched` "
        "where you looked.",
    ),
    "payment-date-differs": Advice(
        "2",
        "Match on rail, reference, day and amount; the day is India's. Answer CannotMatch with the code the case "
        "names; say in `searched` where you looked.",
    ),
    "payment-ambiguous": Advice(
        "2",
        "Two credits fit: choose neither unless `payee_hint` names one. Answer CannotMatch with the code the case "
        "names; say in `searched` where you looked.",
    ),
    "payment-not-ours": Advice(
        "2",
        "`payee_bank` names another bank: `not_ours`. Answer CannotMatch with the code the case names; say in "
        "`searched` where you looked.",
    ),
    "locate-mobile": Advice(
        "5",
        "Find the debit in your own ledger, compare the registered mobile (last ten digits), and answer Located with "
        "`mobile_matches`; never send the number.",
    ),
    "late-credit-told": Advice(
        "5",
        "Watch accounts with a hold; a new credit is told with LateCredit and held under no order.",
    ),
    "freeze-to-hold": Advice(
        "5",
        "Place the hold first, then lift the freeze of the whole account, then answer HoldAnswer.",
    ),
    "information-answered": Advice(
        "5",
        "Answer InformationAnswer, or Acknowledged while your people look.",
    ),
    "watch-told": Advice(
        "5",
        "Acknowledge the watch, place nothing; when the paise move, send a HoldAnswer with the lines.",
    ),
    "notice-acknowledged": Advice(
        "5",
        "Answer Acknowledged and show the words to your people.",
    ),
    "receipt-lost": Advice(
        "5",
        "Keep each answer in an outbox, bytes and signature, until its receipt is there; send exactly those again. A "
        "new signature of HTTP is right, another body is not.",
    ),
    "node-killed": Advice(
        "6",
        "Write down each of the four steps before you take it, under the order's id, and finish what was begun at "
        "start, before reading anything else.",
    ),
    "clock-wrong": Advice(
        "3",
        "On `stale` read `now`, sign again with the difference, and send it as `thaam-clock-offset`, covered by the "
        "signature.",
    ),
    "order-false": Advice(
        "5",
        "Verify the detached JWS of every order with the pinned keys before acting; go on behind it.",
    ),
    "response-false": Advice(
        "3",
        "Verify every response (status, digest, and the request it answers) with the pinned keys.",
    ),
    "refused-goes-on": Advice(
        "10",
        "After 400, 404, 413, 415 or 422 take the message out of the outbox, keep it with its refusal for your people, "
        "and send the next one.",
    ),
    "journal-shorter": Advice(
        "8",
        "Keep every checkpoint; a position below one you have seen means that the platform has lost its end: stop, "
        "carry nothing out, call.",
    ),
    "copy-told": Advice(
        "10",
        "`same_id_other_content` says that another copy of this node has answered: send and carry out nothing more "
        "until people have found out which copy is the true one.",
    ),
    "journal-forked": Advice(
        "8",
        "Keep every checkpoint; a shorter one or another root at the same position means stop and call.",
    ),
    "request-signed": Advice(
        "3",
        "Work through the example of section 3 with the seed given there, line by line.",
    ),
    "nonce-fresh": Advice(
        "3",
        "Draw 18 random bytes for every request that may change something; also for a repeat.",
    ),
    "answer-well-formed": Advice(
        "2",
        "Validate against openapi.json before sending; compare with the golden file in examples/.",
    ),
    "answer-evidence": Advice(
        "3",
        "Sign `base64url(header).body` with exactly the header of step 5, over the bytes you send.",
    ),
    "answer-balances": Advice(
        "6",
        "The lines must cover the asked ranges once, sorted, without gap or overlap. What you cannot explain is a "
        "line `unexplained`, never left out.",
    ),
    "same-id-same-content": Advice(
        "1",
        "Make an id once with the content it names; derive it from the order and the step.",
    ),
}


def advice_on(case: str) -> Advice:
    """What to do about this case; hold cases share one word on the pile."""
    return ADVICE.get(case, Advice("6", _LIFO))
