"""The closed list of reasons for which a toy bank refuses a request."""

from __future__ import annotations

STATUS_OF = {
    "bad_request": 400,
    "unknown_bank": 404,
    "unknown_account": 404,
    "unknown_payment": 404,
    "unknown_lien": 404,
    "same_id_other_content": 409,
    "account_exists": 409,
    "account_closed": 409,
    "account_frozen": 409,
    "insufficient_funds": 409,
    "more_than_left": 409,
    "reference_used": 409,
    "not_in_flight": 409,
}


class Refused(Exception):
    """The bank did nothing; `code` is one of STATUS_OF, `why` a plain sentence."""

    def __init__(self, code: str, why: str) -> None:
        assert code in STATUS_OF, code
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why


def check_amount(amount_paise: object) -> int:
    """The amount as a positive whole number of paise (bool, float and text are refused; at most 10^15)."""
    if type(amount_paise) is not int or not 0 < amount_paise <= 10**15:
        raise Refused("bad_request", f"amount_paise must be a positive whole number, not {amount_paise!r}")
    return amount_paise
