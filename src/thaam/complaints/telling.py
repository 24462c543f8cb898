"""A disputed debit as told, made clean: digits of any script, spaces gone, one sentence when something is wrong."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace

from thaam.language.text import Text
from thaam.parties.banks import bank_of_vpa
from thaam.wire.words import RAILS

AMOUNT_PAISE_MAX = 10**13  # Rs 10,000 crore: no single debit is larger
DEBITS_MAX = 50
STORY_MAX = 1_000_000
_FUTURE = dt.timedelta(minutes=10)


class CannotFile(ValueError):
    """Something told cannot be right. `field` names it, `text` says it to the person in both languages."""

    def __init__(self, field: str, text: Text) -> None:
        super().__init__(f"{field}: {text.en}")
        self.field = field
        self.text = text


@dataclass(frozen=True, slots=True)
class DebitTold:
    """One debit. Unknown things are empty; `claimed_paise` below the amount disputes only its top paise."""

    amount_paise: int
    paid_at: dt.datetime
    rail: str
    reference: str
    payer_bank: str
    payer_last4: str = ""
    payee_bank: str = ""
    payee_account: str = ""
    payee_vpa: str = ""
    claimed_paise: int | None = None


def cleaned(told: DebitTold, *, at: dt.datetime) -> DebitTold:
    """The debit with digits of one script and no spaces; the payee's bank filled in from a UPI address.

    Raises CannotFile.
    """
    _check_amount(told.amount_paise)
    claimed = told.amount_paise if told.claimed_paise is None else told.claimed_paise
    if not 0 < claimed <= told.amount_paise:
        raise CannotFile(
            "claimed_paise",
            Text(hi="विवादित रकम कटी रकम से ज़्यादा नहीं हो सकती।", en="You cannot claim more than was debited."),
        )
    if told.paid_at.tzinfo is None:
        raise CannotFile("paid_at", Text(hi="समय पूरा नहीं है।", en="The time is incomplete."))
    if told.paid_at > at + _FUTURE:
        raise CannotFile(
            "paid_at",
            Text(
                hi="यह समय अभी आया नहीं है। तारीख़ और समय देख लें।",
                en="This time is in the future. Please check date and time.",
            ),
        )
    if told.rail not in RAILS:
        raise CannotFile("rail", Text(hi="पैसा किस तरह गया, यह चुनें।", en="Choose how the money went."))
    if not told.payer_bank:
        raise CannotFile("payer_bank", Text(hi="अपना बैंक चुनें।", en="Choose your bank."))
    vpa = _token(told.payee_vpa).lower()
    payee_bank = told.payee_bank
    if not payee_bank and vpa and (found := bank_of_vpa(vpa)):
        payee_bank = found.code
    last4 = _token(told.payer_last4)[-4:]
    if last4 and not re.fullmatch(r"[0-9]{4}", last4):
        raise CannotFile("payer_last4", Text(hi="खाते के आख़िरी 4 अंक लिखें।", en="Write the last 4 digits of the account."))
    return replace(
        told,
        claimed_paise=claimed,
        reference=_visible("reference", told.reference),
        payer_last4=last4,
        payee_bank=payee_bank,
        payee_account=_visible("payee_account", told.payee_account),
        payee_vpa=_visible("payee_vpa", vpa),
    )


def clean_mobile(mobile: str) -> str:
    """Ten digits of an Indian mobile number. Raises CannotFile."""
    digits = re.sub(r"\D", "", _token(mobile))
    digits = digits[-10:] if len(digits) in (10, 11, 12, 13) else digits
    if not re.fullmatch(r"[6-9][0-9]{9}", digits):
        raise CannotFile("mobile", Text(hi="10 अंकों का मोबाइल नंबर लिखें।", en="Write a mobile number of 10 digits."))
    return digits


def clean_words(field: str, words: str, most: int) -> str:
    """Text without control characters that no database or letter can carry. Raises CannotFile when too long."""
    kept = "".join(sign for sign in words if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
    if len(kept) > most:
        raise CannotFile(
            field, Text(hi=f"यह बहुत लंबा है: {most} अक्षरों तक लिखें।", en=f"This is too long: at most {most} characters.")
        )
    return kept


def _check_amount(amount_paise: int) -> None:
    if type(amount_paise) is not int or amount_paise <= 0:
        raise CannotFile(
            "amount_paise", Text(hi="रकम शून्य से ज़्यादा होनी चाहिए।", en="The amount must be more than zero.")
        )
    if amount_paise > AMOUNT_PAISE_MAX:
        raise CannotFile(
            "amount_paise", Text(hi="रकम बहुत बड़ी है। अंक देख लें।", en="The amount is too large. Please check the digits.")
        )


def _token(words: str) -> str:
    """Without spaces, digits of every script as 0-9."""
    return "".join(
        str(unicodedata.decimal(sign, sign)) for sign in unicodedata.normalize("NFKC", words) if not sign.isspace()
    )


def _visible(field: str, words: str) -> str:
    token = _token(words)
    if token and not re.fullmatch(r"[!-~]{1,64}", token):
        raise CannotFile(
            field, Text(hi="इसमें सिर्फ़ अंग्रेज़ी अक्षर और अंक हो सकते हैं।", en="Only Latin letters and digits, please.")
        )
    return token
