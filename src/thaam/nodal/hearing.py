"""Write down who said an answer on the telephone, beside the answer itself: the operator who read and the clerk."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.mailbox.models import Answer, Order
from thaam.nodal.models import Heard
from thaam.parties.models import Officer


class NobodyNamed(ValueError):
    """An answer by telephone needs the clerk's name and post."""

    text = Text(hi="बैंक में किसने जवाब दिया: नाम और पद दोनों लिखें।", en="Who answered at the bank: enter name and post.")


class NotKept(LookupError):
    """The answer itself is not in the mailbox: keep it first."""


@transaction.atomic
def note_heard(
    *,
    answer_id: str,
    order: Order,
    operator: Officer,
    clerk_name: str,
    clerk_post: str,
    called: str,
    at: dt.datetime,
) -> Heard:
    """Both names for an answer that was just kept; written again it is the first. Raises NobodyNamed, NotKept."""
    if not clerk_name.strip() or not clerk_post.strip():
        raise NobodyNamed(answer_id)
    if not Answer.objects.filter(pk=answer_id, order_id=order.pk).exists():
        raise NotKept(answer_id)
    heard, new = Heard.objects.get_or_create(
        answer_id=answer_id,
        defaults={
            "order": order,
            "operator": operator.username,
            "operator_name": operator.name("en"),
            "clerk_name": clerk_name.strip(),
            "clerk_post": clerk_post.strip(),
            "called": called,
            "at": at,
        },
    )
    if new:
        record(
            Kind.ANSWER_HEARD, about=f"order:{order.pk}", by=f"officer:{operator.pk}", at=at,
            answer=answer_id, clerk=heard.clerk_name, post=heard.clerk_post, operator=operator.username,
        )  # fmt: skip
    return heard
