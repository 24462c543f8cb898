"""Fill the demo's 1930 room: words of the last shift, a call to make. Made up, written through the verbs."""

from __future__ import annotations

import datetime

from thaam.helpline.handing_over import hand_over
from thaam.helpline.models import Task
from thaam.helpline.tasks import make_task
from thaam.journal.ids import id_from
from thaam.parties.models import Officer

_WORDS = (
    ("operator", "कावेरी सहकारी बैंक फ़ोन पर ही जवाब देता है, सुबह 10 बजे के बाद। गंगा बैंक का सिस्टम रात में दो बार धीमा हुआ।"),
    ("devi", "कल साइबर थाना दुर्ग से दो शिकायतें लौटीं: पता रायपुर का था। सौंपने से पहले ज़िला पूछें।"),
)
_CALLS = (
    ("6000012345", "UTR ढूँढ रहे हैं, SMS मिलते ही बताएँगे", 10),
    ("6000054321", "बैंक में थे, शाम को बात करेंगे", 240),
)


def fill_room(*, officers: dict[str, Officer], at: datetime.datetime) -> None:
    """Handovers and call-backs. Safe to repeat: each has one id."""
    for number, (username, words) in enumerate(_WORDS):
        hand_over(handover_id=id_from("demo handover", number), words=words, officer=officers[username], at=at)
    for mobile, words, minutes in _CALLS:
        make_task(
            task_id=id_from("demo call back", mobile),
            kind=Task.Type.CALL_BACK,
            mobile=mobile,
            words=words,
            due_at=at + datetime.timedelta(minutes=minutes),
            by="demo",
            at=at,
        )
