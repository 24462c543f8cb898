"""A bank's key on its way in: what one officer has heard read, until a second one confirms it.

The bank sends its public key by whatever way; on the telephone it reads the fingerprint, an officer compares, another
confirms. Until then the key counts for nothing.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction

from thaam.language.text import Text
from thaam.parties.keys import KeyKnown, OneOfficerOnly, enrol_key
from thaam.parties.models import Bank, KeyOffer, Officer, PartnerKey
from thaam.wire import keys

ALREADY = Text("यह चाबी पहले से दर्ज है, या किसी और बैंक की है।", "This key is on file already, or belongs to another bank.")
SAME_OFFICER = Text("दूसरे अधिकारी को मिलाना है।", "Another officer has to compare it.")
NO_KEY = Text(
    "यह सार्वजनिक चाबी नहीं है: base64url में 32 बाइट, 43 अक्षर।",
    "This is no public key: 32 bytes in base64url, 43 characters.",
)


@transaction.atomic
def offer_key(*, offer_id: Any, bank: Bank, public_text: str, officer: Officer, at: datetime.datetime) -> KeyOffer:
    """Write down the key whose fingerprint `officer` has compared; the same id again is the same offer.

    Raises keys.BadKey, KeyKnown (also while another offer of this key waits).
    """
    if earlier := KeyOffer.objects.filter(pk=offer_id).first():
        return earlier
    public = keys.public_from_text(public_text.strip())
    raw = public.public_bytes_raw()
    waits = KeyOffer.objects.filter(public_key=raw, ended_at=None).exists()
    if waits or PartnerKey.objects.filter(key_id=keys.key_id_of(public)).exists():
        raise KeyKnown(keys.key_id_of(public))
    offer = KeyOffer(id=offer_id, bank=bank, public_key=raw, read_by=officer, read_at=at)
    offer.save(force_insert=True)
    return offer


@transaction.atomic
def confirm_offer(*, offer_id: Any, officer: Officer, at: datetime.datetime) -> PartnerKey | None:
    """The second officer has compared the fingerprint too: the key counts from now. None for an offer that is over.

    Locks the offer. Raises OneOfficerOnly, KeyKnown.
    """
    offer = _waiting(offer_id)
    if offer is None:
        return None
    if offer.read_by_id == officer.pk:
        raise OneOfficerOnly(officer.username)
    public = keys.PublicKey.from_public_bytes(bytes(offer.public_key))
    row = enrol_key(partner=offer.bank_id, public_key=public, read_by=offer.read_by, confirmed_by=officer, at=at)
    _end(offer, at)
    return row


@transaction.atomic
def drop_offer(*, offer_id: Any, at: datetime.datetime) -> None:
    """The fingerprint was another, or nobody calls back: the offer is over. A repeat changes nothing."""
    offer = _waiting(offer_id)
    if offer is not None:
        _end(offer, at)


def _waiting(offer_id: Any) -> KeyOffer | None:
    waiting = KeyOffer.objects.select_for_update(of=("self",)).select_related("read_by")
    return waiting.filter(pk=offer_id, ended_at=None).first()


def _end(offer: KeyOffer, at: datetime.datetime) -> None:
    offer.ended_at = at
    offer.save(update_fields=["ended_at"])
