"""What a kept answer says, as the message of the wire it is."""

from __future__ import annotations

from typing import Any, TypeVar

from thaam.journal.gathering import open_gathering
from thaam.mailbox.models import Answer
from thaam.wire import codec

M = TypeVar("M")


def message_of(answer: Answer) -> Any:
    """The message; within one gathering it is read once."""
    rows = open_gathering()
    if rows is None:
        return codec.decode(bytes(answer.body))
    return rows.once(("said", answer.pk), lambda: codec.decode(bytes(answer.body)))


def said_in(answer: Answer, kind: type[M]) -> M:
    """The message of a kept answer. Its kind is what the loop chose the verb by, so another is a fault of ours."""
    message = message_of(answer)
    if not isinstance(message, kind):
        raise TypeError(f"answer {answer.pk} is a {type(message).__name__}, not a {kind.__name__}")
    return message
