"""Check the letters: each paper and its data are the ones whose digests the journal tells of."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from thaam.journal.kinds import Kind
from thaam.journal.models import Pending
from thaam.letters.models import Letter
from thaam.letters.typesetting import digest_of
from thaam.wire.fields import Moment


def letter_records() -> Iterator[dict[str, Any]]:
    """Every letter's digests, computed now from what is kept, as records of an export (journal/verifying.py)."""
    young = set(Pending.objects.filter(fact__kind=Kind.LETTER_WRITTEN).values_list("fact__data__letter", flat=True))
    for letter in Letter.objects.order_by("number").iterator(200):
        yield {
            "letter": {
                "number": letter.number,
                "digest": digest_of(letter.data),
                "paper_digest": sha256(bytes(letter.paper)).hexdigest(),
                "template": letter.template,
                "about": letter.about,
                "by": letter.by,
                "written_at": Moment().dump(letter.written_at),
                "pending": letter.number in young,
            }
        }


def findings() -> Iterator[str]:
    """One sentence for every letter whose own row contradicts its bytes; the export asks the journal as well."""
    for letter in Letter.objects.order_by("number").iterator(200):
        if digest_of(letter.data) != letter.digest or sha256(bytes(letter.paper)).hexdigest() != letter.paper_digest:
            yield f"letter {letter.number}: its data or its paper is not what its digest says"
        if letter.lang != letter.data.get("lang", letter.lang):
            yield f"letter {letter.number}: it is written in {letter.data['lang']}, not in {letter.lang}"
