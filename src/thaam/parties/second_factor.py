"""The second factor of a sign-in: a code from the officer's phone, or one of ten recovery codes on paper.

The secret is kept sealed with a key derived from SECRET_KEY, recovery codes only as digests (each has 80 random
bits, so nothing slower is needed). All checks that change a row do so in one conditional UPDATE: of two requests
with the same code exactly one is let in.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties import totp
from thaam.parties.models import Officer, RecoveryCode, SecondFactor

SECRET_BYTES = 20  # RFC 4226, 4: 160 bits
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
WRONG_MAX = 10
WRONG_WINDOW = dt.timedelta(minutes=15)


class WrongCode(Exception):
    """Not a code of this officer, or one that was used already; which of the two is not told."""

    text = Text(
        hi="यह कोड सही नहीं है, या एक बार इस्तेमाल हो चुका है। ऐप में अगला कोड आने दें और वही लिखें।",
        en="This code is not right, or was used already. Wait for the next code in the app and type that one.",
    )


class TooManyWrong(Exception):
    """Ten wrong codes for one officer within fifteen minutes, from whatever address."""

    text = Text(
        hi="बहुत बार ग़लत कोड लिखा गया। 15 मिनट बाद फिर कोशिश करें।",
        en="Too many wrong codes were typed. Try again in 15 minutes.",
    )


def new_secret() -> bytes:
    """A fresh secret to show to an officer; it counts only after set_up()."""
    return secrets.token_bytes(SECRET_BYTES)


def seal(secret: bytes) -> bytes:
    """Encrypted and authenticated (Fernet) with a key derived from SECRET_KEY for this purpose only."""
    return _key().encrypt(secret)


def unseal(sealed: bytes) -> bytes:
    """The secret again. Raises WrongCode when sealed under another SECRET_KEY; recovery codes still work then."""
    try:
        return _key().decrypt(sealed)
    except InvalidToken as problem:
        raise WrongCode from problem


def has_second_factor(officer: Officer) -> bool:
    """Whether this officer has set one up."""
    return SecondFactor.objects.filter(officer=officer).exists()


def is_asked(officer: Officer) -> bool:
    """Whether a password alone is not enough: by setting for everybody, and always for who has set one up."""
    return bool(settings.SECOND_FACTOR) or has_second_factor(officer)


@transaction.atomic
def set_up(*, officer: Officer, secret: bytes, code: str, by: str, at: dt.datetime) -> list[str]:
    """Take `secret` into use when `code` shows that the phone has it; ten recovery codes, told this once.

    Codes of an earlier set-up no longer count. Raises WrongCode.
    """
    step = totp.step_for(secret, _tidy(code), at=at)
    if step is None:
        raise WrongCode
    kept = {"sealed": seal(secret), "last_step": step, "set_up_at": at, "wrong": 0, "wrong_from_at": None}
    SecondFactor.objects.update_or_create(officer=officer, defaults=kept)
    RecoveryCode.objects.filter(officer=officer, used_at=None).update(used_at=at)
    codes = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(officer=officer, digest=_digest(officer, each)) for each in codes)
    record(Kind.SECOND_FACTOR_SET, about=f"officer:{officer.pk}", by=by, at=at)
    return ["-".join(code[n : n + 4] for n in range(0, len(code), 4)) for code in codes]


def check(*, officer: Officer, code: str, at: dt.datetime) -> None:
    """Let a code of the phone pass, once. Raises WrongCode or TooManyWrong; what was counted stays counted."""
    factor = _open(officer, at)
    step = totp.step_for(unseal(bytes(factor.sealed)), _tidy(code), at=at, after=factor.last_step)
    passed = step is not None and SecondFactor.objects.filter(officer=officer, last_step__lt=step).update(
        last_step=step, wrong=0, wrong_from_at=None
    )
    if not passed:
        _count_wrong(officer, at)
        raise WrongCode


def use_recovery_code(*, officer: Officer, code: str, at: dt.datetime) -> int:
    """Let a recovery code pass, once; how many are left. Raises WrongCode or TooManyWrong."""
    _open(officer, at)
    mine = RecoveryCode.objects.filter(officer=officer, used_at=None)
    with transaction.atomic():
        used = mine.filter(digest=_digest(officer, _tidy(code).upper())).update(used_at=at)
        if used:
            SecondFactor.objects.filter(officer=officer).update(wrong=0, wrong_from_at=None)
            left = mine.count()
            about = f"officer:{officer.pk}"
            record(Kind.RECOVERY_CODE_USED, about=about, by=about, at=at, left=left)
            return left
    _count_wrong(officer, at)
    raise WrongCode


@transaction.atomic
def drop(*, officer: Officer, by: str, at: dt.datetime) -> None:
    """Forget a lost phone: the next sign-in sets up a new one. Nothing happens when none was set up."""
    dropped, _ = SecondFactor.objects.filter(officer=officer).delete()
    RecoveryCode.objects.filter(officer=officer, used_at=None).update(used_at=at)
    if dropped:
        record(Kind.SECOND_FACTOR_DROPPED, about=f"officer:{officer.pk}", by=by, at=at)


def _open(officer: Officer, at: dt.datetime) -> SecondFactor:
    factor = SecondFactor.objects.filter(officer=officer).first()
    if factor is None:
        raise WrongCode
    if factor.wrong >= WRONG_MAX and factor.wrong_from_at and at - factor.wrong_from_at < WRONG_WINDOW:
        raise TooManyWrong
    return factor


def _count_wrong(officer: Officer, at: dt.datetime) -> None:
    mine = SecondFactor.objects.filter(officer=officer)
    over = Q(wrong_from_at=None) | Q(wrong_from_at__lte=at - WRONG_WINDOW)
    if not mine.filter(over).update(wrong=1, wrong_from_at=at):
        mine.update(wrong=F("wrong") + 1)
    if mine.filter(wrong=WRONG_MAX).exists():
        with transaction.atomic():
            record(Kind.SECOND_FACTOR_REFUSED, about=f"officer:{officer.pk}", by="sign-in", at=at, wrong=WRONG_MAX)


def _key() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"thaam second factor 1")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))


def _digest(officer: Officer, code: str) -> str:
    return hashlib.sha256(f"{officer.pk}|{code}".encode()).hexdigest()


def _tidy(code: str) -> str:
    return "".join(sign for sign in code[:64] if sign.isascii() and sign.isalnum())
