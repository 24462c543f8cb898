"""The closed list of problems the bank protocol answers with (RFC 9457 problem documents).

A code never changes its meaning; a new situation gets a new code. docs/wire shows the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thaam.language.text import Text

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of refusal: a stable code, the HTTP status it travels with, and its sentence."""

    code: str
    status: int
    title: Text

    def document(
        self, *, detail: str | None = None, pointer: str | None = None, correlation_id: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """The RFC 9457 document: `type`, `title`, `status`, `code`, and where in the body it hurts (`pointer`)."""
        found: dict[str, Any] = {
            "type": f"urn:thaam:problem:{self.code}",
            "title": self.title.en,
            "title_hi": self.title.hi,
            "status": self.status,
            "code": self.code,
        }
        extra = {"detail": detail, "pointer": pointer, "instance": correlation_id, **more}
        found.update({name: value for name, value in extra.items() if value is not None})
        return found


PROBLEMS: dict[str, Problem] = {}


def _problem(code: str, status: int, hi: str, en: str) -> Problem:
    PROBLEMS[code] = problem = Problem(code, status, Text(hi=hi, en=en))
    return problem


# The body cannot be read.
NOT_UTF8 = _problem("not_utf8", 400, "संदेश UTF-8 में नहीं है", "The body is not plain UTF-8")
MALFORMED_JSON = _problem("malformed_json", 400, "संदेश सही JSON नहीं है", "The body is not well-formed JSON")
DUPLICATE_KEY = _problem("duplicate_key", 400, "एक ही नाम दो बार आया है", "A name appears twice in one object")
TOO_DEEP = _problem("too_deep", 400, "संदेश बहुत गहराई तक उलझा है", "The body is nested too deeply")
TOO_LARGE = _problem("too_large", 413, "संदेश बहुत बड़ा है", "The body is too large")
MEDIA_TYPE = _problem("media_type", 415, "संदेश application/json होना चाहिए", "The body must be application/json")

# The body can be read and does not fit the schema.
UNKNOWN_KIND = _problem("unknown_kind", 422, "यह संदेश किस तरह का है, पता नहीं", "This kind of message is not known")
UNKNOWN_VERSION = _problem("unknown_version", 422, "संदेश का यह संस्करण मान्य नहीं", "This version is not known")
UNKNOWN_FIELD = _problem("unknown_field", 422, "संदेश में अनजान नाम है", "The message has a field that is not known")
MISSING_FIELD = _problem("missing_field", 422, "संदेश में ज़रूरी जानकारी नहीं है", "A required field is missing")
WRONG_TYPE = _problem("wrong_type", 422, "जानकारी ग़लत प्रकार की है", "A field has the wrong type")
NOT_AN_INTEGER = _problem("not_an_integer", 422, "संख्या पूर्णांक होनी चाहिए", "A number must be a whole number")
NUMBER_TOO_LARGE = _problem("number_too_large", 422, "संख्या सीमा से बाहर है", "A number is out of its limits")
BAD_VALUE = _problem("bad_value", 422, "यह मान स्वीकार नहीं है", "A field has a value that is not accepted")

# The message fits the schema and breaks a rule of money, law or time.
AMOUNT_NOT_POSITIVE = _problem(
    "amount_not_positive", 422, "रकम शून्य से ज़्यादा होनी चाहिए", "An amount must be more than zero"
)
BAD_RANGES = _problem(
    "bad_ranges",
    422,
    "रकम के हिस्से क्रम में और अलग-अलग नहीं हैं",
    "Ranges must be non-empty, sorted, apart and inside the payment",
)
AMOUNT_DIFFERS = _problem(
    "amount_differs", 422, "रकम हिस्सों के जोड़ के बराबर नहीं है", "The amount is not the sum of the ranges"
)
EMPTY_ORDER = _problem(
    "empty_order",
    422,
    "रोक के अनुरोध में रकम, हिस्से, कानूनी आधार, अधिकारी या समय नहीं है",
    "A hold order lacks its amount, ranges, legal basis, officer, time or expiry",
)
BAD_TIMES = _problem("bad_times", 422, "समय का क्रम सही नहीं है", "The times of the message are out of order")
SAME_OFFICER = _problem(
    "same_officer", 422, "पैसा लौटाने के लिए दो अलग अधिकारी चाहिए", "A restoration needs two different officers"
)
NOTHING_CHANGED = _problem("nothing_changed", 422, "बदलाव में कुछ बदला नहीं है", "An amendment changes nothing")
BAD_LINE = _problem(
    "bad_line",
    422,
    "जवाब की पंक्ति में ज़रूरी बात नहीं है या फ़ालतू है",
    "A line lacks what its kind needs, or carries what it must not",
)
PARTICULARS_MISSING = _problem(
    "particulars_missing", 422, "पैसा कहाँ गया, इसका ब्योरा नहीं है", "A terminal line comes without its particulars"
)
LINES_DO_NOT_BALANCE = _problem(
    "lines_do_not_balance", 422, "जवाब का जोड़ पूछी गई रकम से मेल नहीं खाता", "The lines do not add up to what was asked"
)

# Who signed, and when.
NOT_SIGNED = _problem("not_signed", 401, "संदेश पर हस्ताक्षर नहीं है", "The request is not signed")
BAD_SIGNATURE = _problem("bad_signature", 401, "हस्ताक्षर सही नहीं है", "The signature does not hold")
NOT_COVERED = _problem("not_covered", 401, "हस्ताक्षर ज़रूरी हिस्सों पर नहीं है", "The signature does not cover what it must")
UNKNOWN_KEY = _problem("unknown_key", 401, "यह चाबी पंजीकृत नहीं है", "The signing key is not known or not valid now")
DIGEST_DIFFERS = _problem("digest_differs", 401, "संदेश का डाइजेस्ट मेल नहीं खाता", "The digest does not match the body")
STALE = _problem("stale", 401, "हस्ताक्षर का समय सीमा से बाहर है", "The signature is outside the time window")
NONCE_USED = _problem(
    "nonce_used", 409, "यह नॉन्स पहले ही काम में आ चुका है", "The nonce was already used for another request"
)
NOT_EVIDENCE = _problem(
    "not_evidence", 401, "संदेश का JWS हस्ताक्षर नहीं है या सही नहीं है", "The detached JWS is missing or does not hold"
)

# What may be done now.
UNKNOWN_ORDER = _problem("unknown_order", 404, "यह अनुरोध मिला नहीं", "No such order")
SAME_ID_OTHER_CONTENT = _problem(
    "same_id_other_content", 409, "इसी पहचान से दूसरी बात पहले आ चुकी है", "The same id was used for other content"
)
ANSWER_CONFLICT = _problem(
    "answer_conflict", 409, "इस अनुरोध का दूसरा जवाब पहले से खुला है", "Another answer to this order stands"
)
ORDER_CLOSED = _problem("order_closed", 409, "यह अनुरोध बंद हो चुका है", "The order is closed")
ORDER_LAPSED = _problem(
    "order_lapsed", 409, "अनुरोध का समय निकल चुका है", "The order lapsed; the only answer is lapsed_unexecuted"
)
BAD_REVISION = _problem(
    "bad_revision", 409, "संशोधन का क्रमांक सही नहीं है", "The revision does not follow the one that stands"
)

# The door itself.
NOT_FOUND = _problem("not_found", 404, "यह पता नहीं है", "No such address")
BAD_QUERY = _problem("bad_query", 400, "पते की जानकारी सही नहीं है", "A query parameter is wrong")
METHOD_NOT_ALLOWED = _problem("method_not_allowed", 405, "यह तरीका यहाँ मान्य नहीं", "This method is not allowed here")
RATE_LIMITED = _problem("rate_limited", 429, "बहुत ज़्यादा अनुरोध; थोड़ा रुकिए", "Too many requests; wait as told")
UNAVAILABLE = _problem("unavailable", 503, "सेवा अभी उपलब्ध नहीं; फिर कोशिश कीजिए", "Not available now; try again")
INTERNAL = _problem("internal", 500, "हमारी ओर से गड़बड़ हुई", "Something went wrong on our side")

_THEN = {
    "too_large": "send less: lines that say the same can be joined; more than 1 MiB is never right",
    "lines_do_not_balance": "compute again: cover the asked ranges once; what you cannot explain is `unexplained`",
    "particulars_missing": "say where, or exactly `not recorded`",
    "stale": "take `now` from this document, sign again with the difference (section 3)",
    "unknown_key": "check which key signs; enrolled, announced, not revoked? call the platform's officers",
    "nonce_used": "draw a new nonce and send the same body again",
    "not_evidence": "sign the exact bytes you send, with exactly the header of section 3",
    "unknown_order": "keep the refusal and go on: the order was never yours",
    "same_id_other_content": "stop the node: a copy of it has said something else under this id",
    "answer_conflict": "read which answer stands; only a revision that `replaces` it is taken",
    "order_closed": "let go what is held under the order, say `ReleaseDone` `cancelled`",
    "order_lapsed": "let go what is held under the order, say `ReleaseDone` `cancelled`",
    "rate_limited": "wait `retry-after` seconds, send the same bytes again; nothing of it was kept",
    "unavailable": "wait `retry-after` seconds, send the same bytes again",
    "internal": "wait a little, send the same bytes again; if it stays, name `instance` to us",
}
_THEN_BY_STATUS = {
    400: "correct the program: these bytes will never be taken",
    401: "correct the signature; repeating the same will not help",
    404: "correct the address",
    405: "use a method `allow` names",
    409: "a person must look",
    413: "send less",
    415: "send `application/json`",
    422: "correct the message where `pointer` says; these bytes will never be taken",
    429: "wait",
    500: "send again later",
    503: "send again later",
}


def then(problem: Problem) -> str:
    """What an implementer's program does after this refusal, in one sentence."""
    return _THEN.get(problem.code) or _THEN_BY_STATUS[problem.status]
