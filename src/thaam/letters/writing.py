"""Write a letter once: data, digest, paper and fact together. Asked again for the same thing, the first is given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from thaam.complaints.models import Complaint
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.letters.models import Letter
from thaam.letters.numbering import new_number, printed
from thaam.letters.typesetting import digest_of, typeset


class NoSuchLetter(LookupError):
    """Nobody wrote a letter of this number."""

    text = Text(
        hi="इस नंबर का कोई पत्र हमने नहीं भेजा। काग़ज़ नक़ली हो सकता है: 1930 पर कॉल कीजिए।",
        en="We sent no letter of this number. The paper may be false: call 1930.",
    )


@transaction.atomic
def write_letter(
    *, letter_id: str, template: str, about: str, lang: str, data: dict[str, Any], by: str, at: dt.datetime
) -> Letter:
    """Write one letter about a thing ("complaint:<id>", "hold:<id>"); one of a kind, thing and language exists.

    `data` is what the template asks for besides number, dates and verification, which are added here. At most one
    number in ten million repeats; then the database refuses and the loop tries again.
    """
    if known := Letter.objects.filter(template=template, about=about, lang=lang).first():
        return known
    number = new_number(template, at)
    here = at.astimezone(IST)
    filled = {
        **data,
        "lang": lang,
        "number": printed(number),
        "date": f"{here:%d.%m.%Y, %H:%M}",
        "issued": [here.year, here.month, here.day],
        "verify_url": f"{settings.PUBLIC_URL}/verify/{number}",
    }
    digest = digest_of(filled)
    paper = typeset(template, data=filled, digest=digest)
    letter = Letter.objects.create(
        id=letter_id,
        number=number,
        template=template,
        about=about,
        lang=lang,
        data=filled,
        digest=digest,
        paper=paper,
        paper_digest=sha256(paper).hexdigest(),
        by=by,
        written_at=at,
    )
    record(
        Kind.LETTER_WRITTEN,
        about=about,
        by=by,
        at=at,
        letter=number,
        template=template,
        digest=digest,
        paper_digest=letter.paper_digest,
    )
    return letter


def receipt_about(complaint: Complaint) -> Letter | None:
    """The receipt written for this complaint in its reporter's language; None until it was confirmed and written."""
    about = f"complaint:{complaint.pk}"
    return Letter.objects.filter(template="receipt", about=about, lang=complaint.lang).first()


@dataclass(frozen=True, slots=True)
class Known:
    """What anybody who holds a paper may learn about its number: kind, time, and the digests to compare."""

    number: str
    template: str
    written_at: dt.datetime
    digest: str
    paper_digest: str

    def is_genuine(self, paper: bytes) -> bool:
        """Whether these bytes are the paper we wrote, unchanged."""
        return sha256(paper).hexdigest() == self.paper_digest


def find_letter(number: str) -> Known:
    """What is known of the letter a person holds; spaces and case do not matter. Raises NoSuchLetter.

    Works at no desk: the database function behind it shows nothing else.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, template, written_at, digest, paper_digest FROM letter_known(%s)",
            ["".join(number.split()).upper()[:20]],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoSuchLetter(number)
    return Known(*row)
