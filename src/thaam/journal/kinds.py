"""Every kind of fact, `subject:what happened`. Any package's owner adds members; one list keeps the words apart."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The value is stored for ever: a kind may be retired, never renamed."""

    # parties
    KEY_ENROLLED = "key:enrolled"
    KEY_ANNOUNCED = "key:announced"
    KEY_REVOKED = "key:revoked"
    OFFICER_ADDED = "officer:added"
    # mailbox
    ORDER_POSTED = "order:posted"
    ORDER_ANSWERED = "order:answered"
    ORDER_LAPSED = "order:lapsed"
    ORDER_CANCELLED = "order:cancelled"
    ANSWER_KEPT = "answer:kept"
    ANSWER_CONFLICT = "answer:conflict"
    ANSWER_REFUSED = "answer:refused"
    # work
    JOB_DEAD = "job:dead"
    # complaints and the chase
    COMPLAINT_FILED = "complaint:filed"
    COMPLAINT_CONFIRMED = "complaint:confirmed"
    COMPLAINT_ATTESTED = "complaint:attested"
    COMPLAINT_CORRECTED = "complaint:corrected"
    COMPLAINT_WITHDRAWN = "complaint:withdrawn"
    CODE_SENT = "code:sent"
    CHASE_STARTED = "chase:started"
    CHASE_ADVANCED = "chase:advanced"
    CHASE_QUIET = "chase:quiet"
    # holds
    HOLD_ASKED = "hold:asked"
    HOLD_HELD = "hold:held"
    HOLD_NOT_HELD = "hold:not held"
    HOLD_AMENDED = "hold:amended"
    HOLD_RELEASE_ORDERED = "hold:release ordered"
    HOLD_RELEASED = "hold:released"
    HOLD_EXPIRED = "hold:expired"
    HOLD_BROKEN = "hold:broken"
    # restoration
    RESTORATION_PROPOSED = "restoration:proposed"
    RESTORATION_APPROVED = "restoration:approved"
    RESTORATION_PAID = "restoration:paid"
    # notices
    NOTICE_SENT = "notice:sent"
    NOTICE_FAILED = "notice:failed"
