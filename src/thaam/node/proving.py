"""Have the platform prove that its journal has only grown: each head it signed before is the beginning of its newest.

A page of the mailbox gives away a shorter head, or another one at a position seen before (checking.py). A journal
that was rewritten and has grown past those looks well there, but cannot lead to the heads we keep (RFC 6962 2.1.2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from thaam.node.checking import PlatformWentBack
from thaam.node.parts import Parts
from thaam.wire.checkpoints import BadCheckpoint, check_consistency
from thaam.wire.client import BankClient

_NEXT = "prove_at"
_AGAIN = timedelta(minutes=1)


def prove_if_due(parts: Parts, client: BankClient, *, random: Callable[[int], bytes], at: datetime) -> int:
    """Ask for the proof once in `prove_hours`; how many heads were proven.

    Asked for are the first head we ever saw, the last, and one in between by chance (`random` gives that many bytes):
    a platform cannot know which of its signatures it will be held to. Raises PlatformWentBack; Unreachable,
    NotThePlatform, Refused: then it is due again in a minute.
    """
    due = parts.records.get(_NEXT)
    if due is None:
        _wait(parts, at + timedelta(hours=parts.limits.prove_hours))
        return 0
    if at < datetime.fromisoformat(due):
        return 0
    _wait(parts, at + _AGAIN)
    heads = parts.records.heads_to_prove(int.from_bytes(random(8)))
    for position, root in heads.items():
        newest, proof = client.head_since(position)
        try:
            check_consistency(
                first=position,
                first_root=bytes.fromhex(root),
                second=newest.position,
                second_root=bytes.fromhex(newest.root),
                path=list(proof),
            )
        except BadCheckpoint as why:
            raise PlatformWentBack(
                f"the journal at {newest.position} does not begin with what was signed at {position}: {why}"
            ) from why
        parts.records.keep_head(newest)
    _wait(parts, at + timedelta(hours=parts.limits.prove_hours))
    return len(heads)


def _wait(parts: Parts, until: datetime) -> None:
    parts.records.put(_NEXT, until.isoformat())
