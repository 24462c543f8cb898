"""Passkeys of officers (WebAuthn): a key in a phone, a laptop or a security stick stands for the code of the app.

The private key never leaves the device; a page on another host cannot use it, so that a look-alike sign-in page gets
nothing. Challenges are kept by the caller between the two halves (the session). RP id is the host of PUBLIC_URL.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    UserVerificationRequirement,
)

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Officer, Passkey

PASSKEYS_MAX = 8


class PasskeyRefused(Exception):
    """The device's answer does not fit: another site, another challenge, another key, or one that was copied."""

    text = Text(
        "पासकी से पहचान नहीं हुई। दोबारा कोशिश करें, या ऐप का कोड लिखें।",
        "The passkey was not recognised. Try again, or type the code of your app.",
    )


def begin_passkey(officer: Officer) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options for `navigator.credentials.create` and the state to keep until complete_passkey()."""
    user = PublicKeyCredentialUserEntity(
        id=str(officer.pk).encode(), name=officer.username, display_name=officer.name("en")
    )
    options, state = _server().register_begin(
        user, credentials=_credentials(officer), user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), state


@transaction.atomic
def complete_passkey(
    *, officer: Officer, state: Mapping[str, Any], response: Mapping[str, Any], name: str, by: str, at: dt.datetime
) -> Passkey:
    """Keep the public half of the key the device made; fact "second factor:set". Raises PasskeyRefused."""
    try:
        made = _server().register_complete(dict(state), response)
        credential = made.credential_data
    except (ValueError, KeyError, TypeError) as problem:
        raise PasskeyRefused from problem
    if credential is None or officer.passkeys.count() >= PASSKEYS_MAX:
        raise PasskeyRefused
    passkey = Passkey.objects.create(
        id=credential.credential_id.hex(),
        officer=officer,
        name=name[:60],
        credential=bytes(credential),
        signatures=made.counter,
        made_at=at,
    )
    record(Kind.SECOND_FACTOR_SET, about=f"officer:{officer.pk}", by=by, at=at, what="passkey")
    return passkey


def begin_entering(officer: Officer) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options for `navigator.credentials.get` and the state to keep until let_in()."""
    options, state = _server().authenticate_begin(
        _credentials(officer), user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), state


@transaction.atomic
def let_in(*, officer: Officer, state: Mapping[str, Any], response: Mapping[str, Any], at: dt.datetime) -> Passkey:
    """The device signed our challenge with one of the officer's keys. Locks the key's row. Raises PasskeyRefused.

    A counter that does not grow means that the key was copied: it is refused (a device that always says 0 has none).
    """
    try:
        used = _server().authenticate_complete(dict(state), _credentials(officer), response)
        data = AuthenticatorData(_bytes_of(response, "authenticatorData"))
    except (ValueError, KeyError, TypeError) as problem:
        raise PasskeyRefused from problem
    except Exception as problem:
        # cryptography's InvalidSignature is no ValueError
        if type(problem).__name__ != "InvalidSignature":
            raise
        raise PasskeyRefused from problem
    passkey = Passkey.objects.select_for_update(of=("self",)).get(pk=used.credential_id.hex(), officer=officer)
    if (data.counter or passkey.signatures) and data.counter <= passkey.signatures:
        raise PasskeyRefused
    passkey.signatures, passkey.used_at = data.counter, at
    passkey.save(update_fields=["signatures", "used_at"])
    return passkey


@transaction.atomic
def drop_passkey(*, officer: Officer, passkey_id: str, by: str, at: dt.datetime) -> None:
    """Forget one key: the device is lost or given away. Fact "second factor:dropped". A repeat changes nothing."""
    if Passkey.objects.filter(pk=passkey_id, officer=officer).delete()[0]:
        record(Kind.SECOND_FACTOR_DROPPED, about=f"officer:{officer.pk}", by=by, at=at, what="passkey")


def has_passkey(officer: Officer) -> bool:
    """Whether this officer may sign in with a passkey."""
    return Passkey.objects.filter(officer=officer).exists()


def challenge_of(response: Mapping[str, Any]) -> bytes:
    """The challenge a response answers, for logs and tests."""
    return CollectedClientData(_bytes_of(response, "clientDataJSON")).challenge


def _credentials(officer: Officer) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(each.credential)) for each in officer.passkeys.all()]


def _server() -> Fido2Server:
    ours = urlsplit(settings.PUBLIC_URL)
    host = ours.hostname or "localhost"
    rp = PublicKeyCredentialRpEntity(id="localhost" if host == "127.0.0.1" else host, name="Thaam")
    return Fido2Server(rp, verify_origin=lambda origin: _is_ours(origin, rp.id or ""))


def _is_ours(origin: str, host: str) -> bool:
    """Our host over TLS; over plain HTTP only on the machine itself."""
    parts = urlsplit(origin)
    return parts.hostname == host and (parts.scheme == "https" or host == "localhost")


def _bytes_of(response: Mapping[str, Any], name: str) -> bytes:
    from fido2.utils import websafe_decode

    return websafe_decode(str(response["response"][name]))
