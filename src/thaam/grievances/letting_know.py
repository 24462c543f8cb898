"""A hold is over: the holder hears of it from their bank, as they heard that it began. Nothing about anybody else."""

from __future__ import annotations

import datetime as dt

from thaam.holds.asking import mandate_of
from thaam.holds.models import Entry, Hold
from thaam.journal.ids import id_from
from thaam.journal.models import Fact
from thaam.language import rupees
from thaam.language.dates import in_ist
from thaam.language.text import Text
from thaam.mailbox.posting import post
from thaam.wire.messages import Notice

from .models import Told

_GONE = Text(
    hi="आपके खाते में {sum} से रोक {at} को हट गई। अब यह रकम आप इस्तेमाल कर सकते हैं। संदर्भ: {code}",
    en="The hold of {sum} on your account ended at {at}. You can use this money again. Reference: {code}",
)
_PART = Text(
    hi="आपके खाते में {sum} से रोक {at} को हट गई; {rest} पर रोक बाकी है। संदर्भ: {code}",
    en="The hold of {sum} on your account ended at {at}; {rest} stays on hold. Reference: {code}",
)


def tell_it_ended(fact: Fact, at: dt.datetime) -> None:
    """Send the bank the words for its customer, once for each release or expiry; only a holder who was told before."""
    hold = Hold.objects.get(pk=fact.about.removeprefix("hold:"))
    told = Told.objects.filter(hold=hold).first()
    if told is None:
        return
    ended = (Entry.Type.RELEASED, Entry.Type.EXPIRED)
    entry = Entry.objects.filter(hold=hold, kind__in=ended, at__lte=fact.at).order_by("-at").first()
    if entry is None:
        return
    rest = hold.held_at(at)
    words = _PART if rest else _GONE
    filled = {
        "sum": rupees.full(entry.amount_paise),
        "at": f"{in_ist(entry.at):%d-%m-%Y %H:%M}",
        "rest": rupees.full(sum(hi - lo for lo, hi in rest)),
        "code": told.code,
    }
    notice = Notice(
        id=id_from("ended", entry.pk),
        code="to_holder",
        about_order_id=str(hold.pk),
        words=f"{words.in_('hi', **filled)}\n{words.in_('en', **filled)}",
        issued_by=mandate_of(hold).issued_by,
        issued_at=entry.at,
    )
    post(partner=hold.bank_id, message=notice, at=at, by="loop:work")
