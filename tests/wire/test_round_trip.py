"""Every message survives the wire; a message that breaks a rule cannot be made or read."""

from __future__ import annotations

import pytest

from thaam.wire import codec
from thaam.wire.messages import ANSWERS, KINDS, ORDERS, UNASKED, Message
from wire_cast import EXAMPLES


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda each: type(each).__name__)
def test_a_message_comes_back_from_the_wire_as_it_went(message: Message) -> None:
    assert codec.decode(codec.encode(message)) == message


def test_every_kind_has_an_example_and_belongs_to_one_direction() -> None:
    assert {type(each).__name__ for each in EXAMPLES} == set(KINDS)
    assert sorted([*ORDERS, *ANSWERS, *UNASKED]) == sorted(KINDS)
