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
    DIRECTORY_IMPORTED = "directory:imported"
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
    CLAIM_CONFIRMED = "claim:confirmed"
    CLAIM_DENIED = "claim:denied"
    CLAIM_NUMBER_DIFFERS = "claim:number differs"
    CLAIM_MOVED = "claim:moved"
    BANKS_DISAGREE = "banks:disagree"
    CREDIT_LATE = "credit:late"
    # holds
    HOLD_ASKED = "hold:asked"
    HOLD_HELD = "hold:held"
    HOLD_NOT_HELD = "hold:not held"
    HOLD_AMENDED = "hold:amended"
    HOLD_RELEASE_ORDERED = "hold:release ordered"
    HOLD_RELEASED = "hold:released"
    HOLD_EXPIRED = "hold:expired"
    HOLD_BROKEN = "hold:broken"
    HOLD_LOWERED = "hold:lowered"
    HOLD_RESTORED = "hold:restored"
    HOLD_EARMARKED = "hold:earmarked"
    HOLD_EARMARK_DROPPED = "hold:earmark dropped"
    HOLD_CONTESTED = "hold:contested"
    HOLD_CONTEST_SETTLED = "hold:contest settled"
    # restoration
    RESTORATION_PROPOSED = "restoration:proposed"
    RESTORATION_APPROVED = "restoration:approved"
    RESTORATION_PAID = "restoration:paid"
    RESTORATION_REFUSED = "restoration:refused"
    RESTORATION_DECLINED = "restoration:declined"
    RESTORATION_APPLIED = "restoration:applied"
    RESTORATION_VERIFIED = "restoration:verified"
    # files and evidence
    FILE_KEPT = "file:kept"
    INFORMATION_ASKED = "information:asked"
    INFORMATION_GOT = "information:got"
    INFORMATION_OVERDUE = "information:overdue"
    # coordination
    MEETING_PLANNED = "meeting:planned"
    MEETING_CLOSED = "meeting:closed"
    DECISION_TAKEN = "decision:taken"
    DECISION_CLOSED = "decision:closed"
    SUGGESTION_MADE = "suggestion:made"
    SUGGESTION_ANSWERED = "suggestion:answered"
    BULLETIN_DRAFTED = "bulletin:drafted"
    BULLETIN_SENT = "bulletin:sent"
    CAMPAIGN_PLANNED = "campaign:planned"
    CAMPAIGN_HELD = "campaign:held"
    INSPECTION_MADE = "inspection:made"
    FINDING_CLOSED = "finding:closed"
    TRADER_PROBLEM_RAISED = "trader problem:raised"
    TRADER_PROBLEM_ANSWERED = "trader problem:answered"
    # notices
    LETTER_WRITTEN = "letter:written"
    NOTICE_SENT = "notice:sent"
    NOTICE_FAILED = "notice:failed"
