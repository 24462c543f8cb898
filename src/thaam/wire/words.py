"""The closed word lists of the protocol and the annotated types built on them.

Readers must tolerate that a later version adds words; this version refuses what it does not know.
"""

from __future__ import annotations

from typing import Annotated

from thaam.wire import problems
from thaam.wire.fields import OneOf, Pattern, Whole
from thaam.wire.fields import Words as Readable

RAILS = (
    "UPI", "IMPS", "NEFT", "RTGS", "CARD", "ATM", "AEPS", "POS", "CHEQUE", "CASH", "FEE", "INTERNAL", "CRYPTO",
    "FOREIGN",
)  # fmt: skip
LINE_KINDS = ("held", "onward", "terminal", "seen", "returned", "unexplained")
TERMINAL_KINDS = (
    "CASH_ATM", "CASH_BRANCH", "CHEQUE", "AEPS", "PURCHASE", "CARD_OR_LOAN", "FEE_TAX", "CRYPTO", "FOREIGN",
    "INTERNAL_GL", "CLOSED", "OVERDRAFT_REPAID", "LIEN_BREACHED", "REPAID_TO_OTHER_VICTIM",
)  # fmt: skip
SEEN_REASONS = (
    "floor", "too_wide", "merchant", "exempt_minimum", "no_power", "watched", "other_lien", "released",
)  # fmt: skip
UNEXPLAINED_REASONS = (
    "not_found", "not_in_file", "in_flight", "banks_disagree", "outside_network", "pool", "order_inconsistent",
    "hop_limit", "unposted_movement",
)  # fmt: skip
EXACTNESS = ("exact", "lagged")
RANGES_KINDS = ("exact", "assigned")
RULES = ("lifo", "fifo", "amount_only")
CANNOT_MATCH = (
    "not_found", "ambiguous", "amount_differs", "date_differs", "not_ours", "closed", "needs_order", "cancelled",
    "lapsed_unexecuted",
)  # fmt: skip
CANCEL_REASONS = ("withdrawn", "duplicate", "false_report", "form_fault", "not_confirmed", "superseded", "ordered")
RELEASE_REASONS = (
    "objection_upheld", "victim_made_good", "form_fault", "court_order", "not_confirmed", "false_report",
    "holder_cleared", "ordered",
)  # fmt: skip
RELEASED_BECAUSE = ("ordered", "expired", "cancelled", "amended", "not_confirmed")
INFORMATION = (
    "particulars", "statement", "kyc", "footage", "beneficiary", "settlement_report", "sub_ledger", "balance", "other",
)  # fmt: skip
NOTICES = (
    "banks_disagree", "hold_missing", "key_rotation", "reconciliation", "late_answer", "terminal_check", "to_holder",
    "other",
)  # fmt: skip
SUSPICIONS = ("mule_pattern", "victim_complaint", "kyc_mismatch", "dormant_active", "listed", "scored", "other")
BLOCK_ACTIONS = ("verify_again", "block", "unblock", "take_down")
BLOCKABLE = ("phone", "imei", "header", "url", "app", "social", "email")
BLOCK_RESULTS = ("verified", "not_verified", "blocked", "unblocked", "taken_down", "refused", "not_ours")
WARNED_BY = ("app", "sms", "call", "email", "branch")
OWN_HOLD_REASONS = ("suspected_fraud", "customer_report", "law", "other")

NOT_RECORDED = "not recorded"

Id = Annotated[
    str, Pattern(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "a UUID in lower case", 36)
]
Bank = Annotated[str, Pattern(r"[A-Za-z0-9][A-Za-z0-9_-]{0,23}", "a bank's short code", 24)]
BlockableName = Annotated[str, Pattern(r"[!-~]{1,500}", "the identifier in its one spelling, no spaces", 500)]
Count = Annotated[int, Whole(least=0, most=1_000_000)]
Paise = Annotated[int, Whole(least=1, too_small=problems.AMOUNT_NOT_POSITIVE)]
PaiseOrZero = Annotated[int, Whole(least=0)]
Position = Annotated[int, Whole(least=0)]
Revision = Annotated[int, Whole(least=1, most=1_000_000)]
Reference = Annotated[str, Pattern(r"[!-~]{1,64}", "a bank reference: visible ASCII, no spaces", 64)]
Account = Annotated[str, Pattern(r"[!-~]{1,64}", "an account token or address: visible ASCII, no spaces", 64)]
Last4 = Annotated[str, Pattern(r"[0-9]{4}", "the last four digits", 4)]
Mobile = Annotated[str, Pattern(r"\+?[0-9]{8,15}", "digits, an optional leading +", 16)]
Jurisdiction = Annotated[str, Pattern(r"[A-Z]{2,12}(-[A-Z0-9]{1,8})?", "such as IN or IN-CG", 21)]
Digest = Annotated[str, Pattern(r"[0-9a-f]{64}", "SHA-256 in lower-case hex", 64)]
PublicKeyText = Annotated[str, Pattern(r"[A-Za-z0-9_-]{43}", "base64url of the 32 bytes of an Ed25519 public key", 43)]
SignatureText = Annotated[str, Pattern(r"[A-Za-z0-9_-]{86}", "base64url of the 64 bytes of an Ed25519 signature", 86)]
Short = Annotated[str, Readable(120)]
Long = Annotated[str, Readable(2_000)]

Rail = Annotated[str, OneOf(RAILS)]
LineKind = Annotated[str, OneOf(LINE_KINDS)]
TerminalKind = Annotated[str, OneOf(TERMINAL_KINDS)]
LineReason = Annotated[str, OneOf(tuple(dict.fromkeys(SEEN_REASONS + UNEXPLAINED_REASONS)))]
Exactness = Annotated[str, OneOf(EXACTNESS)]
RangesKind = Annotated[str, OneOf(RANGES_KINDS)]
HoldingRule = Annotated[str, OneOf(RULES)]
CannotMatchCode = Annotated[str, OneOf(CANNOT_MATCH)]
CancelReason = Annotated[str, OneOf(CANCEL_REASONS)]
ReleaseReason = Annotated[str, OneOf(RELEASE_REASONS)]
ReleasedBecause = Annotated[str, OneOf(RELEASED_BECAUSE)]
InformationKind = Annotated[str, OneOf(INFORMATION)]
NoticeCode = Annotated[str, OneOf(NOTICES)]
Suspicion = Annotated[str, OneOf(SUSPICIONS)]
OwnHoldReason = Annotated[str, OneOf(OWN_HOLD_REASONS)]
BlockAction = Annotated[str, OneOf(BLOCK_ACTIONS)]
BlockableKind = Annotated[str, OneOf(BLOCKABLE)]
BlockResult = Annotated[str, OneOf(BLOCK_RESULTS)]
WarnedBy = Annotated[str, OneOf(WARNED_BY)]
