"""The one place that turns an error of a verb into a problem a bank can read (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import IntegrityError
from django.http.request import UnreadablePostError

from thaam.mailbox import keeping, posting
from thaam.parties import keys
from thaam.wire import problems
from thaam.wire.codec import BadMessage
from thaam.wire.fields import InvalidMessage, Moment
from thaam.wire.jws import BadEvidence
from thaam.wire.problems import Problem
from thaam.wire.signing import BadSignature


class Refusal(Exception):
    """A refusal this package itself decides on: a problem and, if it helps, one sentence."""

    def __init__(self, problem: Problem, detail: str | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.detail = detail
        self.retry_after = retry_after


# What a verb may raise, and what the bank is told. A tidy test sees that every error of a reachable verb is here.
PROBLEM_OF: dict[type[Exception], Problem] = {
    posting.SameIdOtherContent: problems.SAME_ID_OTHER_CONTENT,
    keeping.UnknownOrder: problems.UNKNOWN_ORDER,
    keeping.NotYours: problems.UNKNOWN_ORDER,  # whether another bank has such an order is nobody's business
    keeping.AnswerConflict: problems.ANSWER_CONFLICT,
    keeping.NotLookedAt: problems.UNAVAILABLE,  # to be sent again, by whoever has the newest files
    keeping.OrderLapsed: problems.ORDER_LAPSED,
    keeping.OrderClosed: problems.ORDER_CLOSED,
    keys.NoSuchKey: problems.UNKNOWN_KEY,
    keys.KeyKnown: problems.SAME_ID_OTHER_CONTENT,
    IntegrityError: problems.SAME_ID_OTHER_CONTENT,  # two messages took one id in the same moment
    RequestDataTooBig: problems.TOO_LARGE,
    UnreadablePostError: problems.MALFORMED_JSON,
    DisallowedHost: problems.BAD_SIGNATURE,
}


def document_of(error: Exception, *, correlation_id: str | None = None) -> dict[str, Any] | None:
    """The problem document of a refusal, or None for an error that is ours."""
    if isinstance(error, BadMessage | InvalidMessage):
        pointer = getattr(error, "pointer", None) or None
        return error.problem.document(
            detail=getattr(error, "detail", None), pointer=pointer, correlation_id=correlation_id
        )
    if isinstance(error, BadSignature):
        # A client whose clock is wrong learns ours, signs with the offset and is served.
        more = {"now": Moment().dump(error.now)} if error.now else {}
        return error.problem.document(detail=error.detail, correlation_id=correlation_id, **more)
    if isinstance(error, BadEvidence | Refusal):
        return error.problem.document(detail=error.detail, correlation_id=correlation_id)
    for kind, problem in PROBLEM_OF.items():
        if isinstance(error, kind):
            return problem.document(correlation_id=correlation_id)
    return None
