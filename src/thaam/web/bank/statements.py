"""A statement the clerk has at hand fills the answer's lines: traced, exact, and only a proposal until it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from thaam.evidence.statements import DoesNotAddUp, read_statement
from thaam.evidence.tracing import DraftLine, NotInStatement, draft_answer
from thaam.files.sheets import UnreadableSheet
from thaam.language.rupees import full
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.web.bank.kinds import WHATS
from thaam.web.bank.ledger import Typed
from thaam.web.bank.pasted import Read
from thaam.web.shared.fields import Wrong

BYTES_MAX = 10_000_000
_BY_TERMINAL = {what.word: what.name for what in WHATS.values() if what.wire == "terminal"}


def traced(file: Any, order: Order, asked: Iterable[tuple[int, int]], *, account: str) -> Read:
    """The lines a statement gives for this order. What is still there is proposed as held. Raises Wrong."""
    content = file.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        raise Wrong(Text("फ़ाइल 10 MB से बड़ी है।", "The file is over 10 MB."))
    wanted = list(asked)
    try:
        statement = read_statement(content, file_name=file.name or "", bank=order.partner_id, account=account or "A")
        draft = draft_answer(statement, payment=order.message.payment, asked=wanted, account=account or "A")
    except (UnreadableSheet, NotInStatement) as why:
        raise Wrong(why.text) from why
    except DoesNotAddUp as why:
        sums = {"row": why.row, "expected": full(why.expected_paise), "stated": full(why.stated_paise)}
        raise Wrong(Text(why.text.in_("hi", **sums), why.text.in_("en", **sums))) from why
    read = Read(account=account)
    if draft.closing_paise is not None and draft.closing_paise > 0:
        read.balance = full(draft.closing_paise).lstrip("₹")
    left = sum(hi - lo for lo, hi in wanted)
    # what left last took the highest paise: in that order the form's arithmetic finds the same ranges again
    for line in sorted(draft.lines, key=lambda each: -each.hi):
        row = _row(line)
        left -= line.paise
        row.left_paise = left
        read.rows.append(row)
    return read


def _row(line: DraftLine) -> Typed:
    row = Typed(amount=full(line.paise).lstrip("₹"), paise=line.paise, whole_paise=line.paise)
    if line.kind == "here":
        row.what = "hold"
    elif line.kind == "returned":
        row.what = "returned"
    elif line.kind == "terminal":
        row.what = _BY_TERMINAL.get(line.terminal or "", "unknown")
        row.particulars = f"{line.words} {line.on:%d.%m.%Y}" if line.on else line.words
    elif line.posting is not None and line.on is not None:
        row.what, row.rail, row.reference = "transfer", line.posting.channel, line.posting.tx_ref
        row.on, row.bank = line.on.isoformat(), line.ifsc
        row.whole = full(line.posting.whole_paise).lstrip("₹")
    return row
