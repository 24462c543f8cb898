"""`thaam extract --stdin-jsonl`: bank messages in, what they say out, one line for each line."""

from __future__ import annotations

import argparse
import json
import sys

from thaam.reading.message import Reading, read_message

KEYS = (
    "direction", "amount_paise", "reference", "account_last4", "balance_paise", "counterparty", "bank", "rail", "time",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--stdin-jsonl", action="store_true", required=True, help='read {"id","message","sender"} a line from stdin'
    )


def run(args: argparse.Namespace) -> int:
    """Write one JSON line for each input line; a line that cannot be read says so and does not stop the rest."""
    del args
    out = sys.stdout.buffer
    for raw in sys.stdin.buffer:
        out.write(answer_line(raw))
        out.flush()
    return 0


def answer_line(raw: bytes) -> bytes:
    """The answer to one input line, newline included; never raises."""
    asked_id: object = None
    try:
        asked = json.loads(raw.decode("utf-8-sig", errors="replace"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return _line(None, Reading(False), "not_json: the line is not a JSON object")
    if not isinstance(asked, dict):
        return _line(None, Reading(False), "not_json: the line is not a JSON object")
    asked_id = asked.get("id")
    message, sender = asked.get("message"), asked.get("sender")
    if not isinstance(message, str):
        return _line(asked_id, Reading(False), 'no_message: the line has no text under "message"')
    try:
        reading = read_message(message, sender=sender if isinstance(sender, str) else None)
    except Exception as problem:  # a reader of strangers' text must not stop a batch; the line says what broke
        return _line(asked_id, Reading(False), f"unreadable: {type(problem).__name__}")
    refusal = reading.refusal
    return _line(asked_id, reading, f"{refusal.code}: {refusal.reason.en}" if refusal else None)


def _line(asked_id: object, reading: Reading, why_not: str | None) -> bytes:
    answer: dict[str, object] = {"id": asked_id, "is_transaction": reading.is_transaction}
    answer |= {key: getattr(reading, key) for key in KEYS}
    answer["spans"] = {name: list(span) for name, span in reading.spans.items()}
    answer["why_not"] = why_not
    try:
        return (json.dumps(answer, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:  # half a surrogate pair in the id or a name
        return (json.dumps(answer) + "\n").encode()


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
