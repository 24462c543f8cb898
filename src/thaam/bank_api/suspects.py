"""A bank's door to the registry: the signed list for screening at home, questions about new accounts and payments."""

from __future__ import annotations

import re
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest

from thaam.bank_api.door import Answered, Caller, asked_by, for_banks
from thaam.bank_api.problems import Refusal
from thaam.journal.ids import id_from
from thaam.parties.keys import platform_key
from thaam.suspects.asking import PURPOSES, Asked, TooManyAtOnce, ask_many
from thaam.suspects.looking_up import TooMany
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier
from thaam.suspects.publishing import NoSuchVersion, delta_since
from thaam.wire import codec, problems
from thaam.wire.fields import Moment

# Look-ups are counted by the hour.
HOUR_SECONDS = 3600
VALUE_MAX = 300


@for_banks("GET")
def published(request: HttpRequest, body: bytes, caller: Caller) -> Answered:
    """The signed delta from the version the bank holds (`from`, 0 for nothing) to the newest."""
    told = asked_by(request, "from").get("from", "0")
    if re.fullmatch("[0-9]{1,9}", told) is None:
        raise Refusal(problems.BAD_QUERY, "only from, one whole number")
    try:
        delta = delta_since(int(told), key=platform_key())
    except NoSuchVersion:
        raise Refusal(problems.NOT_FOUND, "this version is not kept: take the whole list, from=0") from None
    return 200, {"body": delta.body.decode(), "jws": delta.jws}


@for_banks("POST")
def screen(request: HttpRequest, body: bytes, caller: Caller) -> Answered:
    """`{"purpose": "account_opening", "identifiers": [{"kind": "phone", "value": "9876500001"}]}`: levels with reasons.

    Nothing is decided here: a level is a reason to look, an account may be opened with extra checks."""
    if request.content_type != "application/json":
        raise Refusal(problems.MEDIA_TYPE)
    purpose, typed = _question(body)
    question_id = id_from("screen", caller.verified.keyid, caller.verified.nonce or caller.at.isoformat())
    try:
        found = ask_many(
            question_id=question_id, typed=typed, by=f"bank:{caller.partner}", purpose=purpose, at=caller.at
        )
    except (NotAnIdentifier, TooManyAtOnce) as slip:
        raise Refusal(problems.BAD_VALUE, slip.text.en) from slip
    except TooMany as slip:
        raise Refusal(problems.RATE_LIMITED, slip.text.en, retry_after=HOUR_SECONDS) from slip
    except IntegrityError as again:
        # the audit row of this question stands already: the same request, or another under its nonce
        raise Refusal(problems.NONCE_USED) from again
    return 200, {"answers": [_told(each) for each in found]}


def _question(body: bytes) -> tuple[str, list[tuple[IdentifierKind, str]]]:
    told = codec.parse(body)
    try:
        purpose, identifiers = told["purpose"], told["identifiers"]
        if type(identifiers) is not list or not all(type(each["value"]) is str for each in identifiers):
            raise TypeError("a list of texts is needed")
        if len(told) != 2 or any(len(each) != 2 for each in identifiers):
            raise TypeError("a name that is not known")
        if not identifiers or any(len(each["value"]) > VALUE_MAX for each in identifiers):
            raise TypeError("nothing is asked, or a text longer than any identifier")
        typed = [(IdentifierKind(each["kind"]), each["value"]) for each in identifiers]
    except (ValueError, KeyError, TypeError):
        raise Refusal(problems.WRONG_TYPE, "purpose and 1 to 200 identifiers, each with kind and value alone") from None
    if not all(value.isprintable() for _, value in typed):
        raise Refusal(problems.BAD_VALUE, "no control characters")
    if type(purpose) is not str or purpose not in PURPOSES:
        raise Refusal(problems.BAD_VALUE, f"purpose is one of {', '.join(PURPOSES)}")
    return purpose, typed


def _told(asked: Asked) -> dict[str, Any]:
    standing = asked.standing
    return {
        "kind": asked.kind.value,
        "level": standing.level.name.lower(),
        "reasons": [{"hi": each.hi, "en": each.en} for each in standing.reasons],
        "counters": standing.counters,
        "until": Moment().dump(standing.until) if standing.until else None,
        "advice": {"hi": standing.advice.hi, "en": standing.advice.en},
        "checks": {"hi": asked.checks.hi, "en": asked.checks.en},
    }
