"""Every kind of fact that the log of a complaint can show has words a person reads, in both languages."""

import re
from pathlib import Path

import thaam
from thaam.journal.kinds import Kind
from thaam.web.shared.facts import FACTS

RECORDED = re.compile(r"record\(\s*Kind\.([A-Z_]+),\s*about=([^,]+),")


def test_no_line_of_a_complaints_log_shows_the_name_of_a_kind():
    found = {"FILE_KEPT"}  # kept about whatever the caller says: a complaint's paper is
    for path in Path(thaam.__file__).parent.rglob("*.py"):
        found |= {name for name, about in RECORDED.findall(path.read_text()) if '"complaint:{' in about}
    assert len(found) > 20, "the facts about complaints are found in the source"
    assert sorted(name for name in found if str(Kind[name]) not in FACTS) == []
