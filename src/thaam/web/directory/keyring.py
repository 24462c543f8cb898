"""One bank's signing keys: enrolled by two officers who compare the fingerprint, and revoked by any one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.mailbox.models import Answer
from thaam.parties import offering
from thaam.parties.keys import KeyKnown, NoSuchKey, OneOfficerOnly, keys_of, revoke_key
from thaam.parties.models import Bank, KeyOffer, PartnerKey
from thaam.web.shared.audience import for_directory, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import id_or_new, moment_or_none, one_line
from thaam.wire import jws, keys

_NO_REASON = Text("कारण लिखें।", "Write the reason.")
_NO_TIME = Text("समय समझ में नहीं आया, या आगे का है।", "This time cannot be read, or lies ahead.")
# Of so many of the newest words of a bank it is looked which were signed with a key in other hands.
WORDS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """A key as the page shows it: its fingerprint, whether it counts now, and what it signed while in other hands."""

    row: PartnerKey
    fingerprint: str
    counts: bool
    doubtful: int


@for_directory
def keyring(request: HttpRequest, code: str) -> HttpResponse:
    """The keys of a bank; a new one offered, confirmed or dropped; one revoked."""
    bank = Bank.objects.filter(code=code).first()
    if bank is None:
        raise Http404
    now, wrong = datetime.now(tz=UTC), {}
    if request.method == "POST":
        what = request.POST.get("what")
        wrong = _revoke(request, code, now) if what == "revoke" else _enrol(request, bank, what or "", now)
        if not wrong:
            return redirect("directory:keys", code=code)
    me = officer_of(request)
    offers = KeyOffer.objects.filter(bank=bank, ended_at=None).select_related("read_by").order_by("read_at")
    context = {
        "tab": "coverage",
        "bank": bank,
        "keys": [_shown(row, now) for row in keys_of(code)],
        "offers": [(each, _fingerprint(each.public_key), each.read_by_id == me.pk) for each in offers],
        "new_id": new_id(),
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "directory/keys.html", context, status=422 if wrong else 200)


def _enrol(request: HttpRequest, bank: Bank, what: str, now: datetime) -> dict[str, Text]:
    me, offer_id = officer_of(request), id_or_new(request.POST.get("offer", ""))
    try:
        if what == "offer":
            text = one_line(request.POST.get("public_key"), most=80)
            offering.offer_key(offer_id=offer_id, bank=bank, public_text=text, officer=me, at=now)
        elif what == "confirm":
            if offering.confirm_offer(offer_id=offer_id, officer=me, at=now) is not None:
                _say(request, Text("चाबी दर्ज हुई और अब मान्य है।", "The key is enrolled and counts from now."))
        elif what == "drop":
            offering.drop_offer(offer_id=offer_id, at=now)
    except keys.BadKey:
        return {"public_key": offering.NO_KEY}
    except KeyKnown:
        return {"public_key": offering.ALREADY}
    except OneOfficerOnly:
        return {"public_key": offering.SAME_OFFICER}
    return {}


def _revoke(request: HttpRequest, code: str, now: datetime) -> dict[str, Text]:
    """From now on the key counts for nothing; from the time given it was in other hands."""
    key_id = request.POST.get("key", "")
    reason = one_line(request.POST.get("reason"), most=300)
    if not reason:
        return {"reason": _NO_REASON}
    since = moment_or_none(request.POST.get("since"))
    if request.POST.get("since") and (since is None or since > now):
        return {"since": _NO_TIME}
    if not PartnerKey.objects.filter(key_id=key_id, partner=code).exists():
        raise Http404
    try:
        revoke_key(
            key_id=key_id, by=f"officer:{officer_of(request).pk}", at=now, compromised_from_at=since, reason=reason
        )
        _say(request, Text("चाबी रद्द हुई। इससे अब कुछ नहीं माना जाएगा।", "The key is revoked and counts for nothing."))
    except NoSuchKey:
        pass  # somebody was quicker
    return {}


def _shown(row: PartnerKey, now: datetime) -> Shown:
    ends = (row.valid_to_at, row.revoked_at, row.compromised_from_at)
    counts = row.valid_from_at <= now and not any(end is not None and end <= now for end in ends)
    return Shown(row, _fingerprint(row.public_key), counts, _doubtful(row))


def _doubtful(row: PartnerKey) -> int:
    """How many words of the bank were kept under this key after it was in other hands: no evidence, to be looked at."""
    if row.compromised_from_at is None:
        return 0
    between = Q(received_at__gte=row.compromised_from_at, received_at__lt=row.revoked_at)
    words = Answer.objects.filter(between, partner=row.partner).order_by("-received_at")[:WORDS_MAX]
    return sum(jws.signed_by(word.jws) == row.key_id for word in words)


def _fingerprint(raw: bytes | memoryview) -> str:
    return keys.fingerprint(keys.PublicKey.from_public_bytes(bytes(raw)))


def _say(request: HttpRequest, text: Text) -> None:
    messages.success(request, text.in_(lang_of(request)))
