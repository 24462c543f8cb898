"""The shapes that docs/wire shows of what comes back are the shapes that come back."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bank_api.test_door import _posted, demo1  # noqa: F401 - a fixture
from cast import hold_answer, hold_order, running_as
from thaam.journal.sequencing import Sequencer
from thaam.parties.keys import platform_key
from thaam.wire.client import BankClient, Refused

pytestmark = pytest.mark.django_db
GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "wire" / "README.md").read_text(encoding="utf-8")


def shown(name: str) -> dict[str, Any]:
    found = re.search(rf"<!-- shape:{name} -->\n```json\n(.*?)\n```", GUIDE, re.DOTALL)
    assert found, name
    shape: dict[str, Any] = json.loads(found[1])
    return shape


def shape_of(value: Any) -> Any:
    """Names and types; an object of any content (the order) and an empty list say nothing."""
    if isinstance(value, dict):
        return {name: type(each) if name == "message" else shape_of(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    return type(value)


def test_a_page_a_receipt_and_a_refusal_have_the_shapes_the_guide_shows(demo1: BankClient) -> None:  # noqa: F811
    order = _posted()
    receipt = demo1.send(hold_answer(order))
    with running_as("thaam_loops"):
        Sequencer(platform_key()).number(at=datetime.datetime.now(datetime.UTC))
    page = demo1._ask("GET", "/api/v1/mailbox?after=0", b"", {})
    assert shape_of(page) == shape_of(shown("page"))
    assert page["next"] == page["receipts"][-1]["position"]
    assert set(shown("receipt")) == set(receipt.__slots__)  # type: ignore[attr-defined]
    with pytest.raises(Refused) as refused:
        demo1.send(hold_answer(hold_order(9)))
    assert shape_of(refused.value.document) == shape_of(shown("refusal"))
