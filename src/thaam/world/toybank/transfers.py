"""Payments between toy banks, in three steps that each survive a kill: debit and note it, credit, mark delivered.

The credit is idempotent under the payment's id, so a courier killed between two steps repeats the last one. A payment
that cannot be credited comes back to the payer with a reference of its own.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from thaam.language.dates import IST
from thaam.world.toybank.bank import Bank, check_channel
from thaam.world.toybank.liens import reduce_lien
from thaam.world.toybank.references import fresh_reference
from thaam.world.toybank.refusals import Refused, check_amount
from thaam.world.toybank.rows import Answer, to_us


def send(
    *,
    bank: Bank,
    id: str,
    from_account: str,
    to_bank: str,
    to_account: str,
    amount_paise: int,
    channel: str,
    at: datetime,
    delay_seconds: float,
    hosted: bool,
    tx_ref: str | None = None,
    detail: str | None = None,
) -> Answer:
    """Debit the payer and note the payment as in flight (or left, when the payee's bank is not `hosted`).

    Raises Refused: unknown_account, account_closed, insufficient_funds, reference_used, bad_request.
    """
    check_amount(amount_paise)
    check_channel(channel)
    asked = {
        "send": [from_account, to_bank, to_account],
        "amount_paise": amount_paise,
        "channel": channel,
        "tx_ref": tx_ref,
        "detail": detail,
    }

    def do(db: sqlite3.Connection) -> Answer:
        note = {"reverses_tx_ref": None, "detail": detail, "channel": channel}
        reference = tx_ref or fresh_reference(db, bank=bank.code, id=id, channel=channel, at=at)
        return _debit_and_note(
            db, bank, id, reference, from_account, to_bank, to_account, amount_paise, at, delay_seconds, hosted, note
        )

    return bank.once(id=f"send:{id}", asked=asked, do=do)


def refund(*, bank: Bank, id: str, tx_ref: str, amount_paise: int, at: datetime, hosted: Any) -> Answer:
    """The payee's bank sends back part of a payment it received, as `<reference>/R1`, `/R2` ... `hosted(bank)` -> bool.

    Raises Refused: unknown_payment, more_than_left, insufficient_funds.
    """
    check_amount(amount_paise)

    def do(db: sqlite3.Connection) -> Answer:
        credit = db.execute("SELECT * FROM posting WHERE tx_ref = ? AND side = 'C'", (tx_ref,)).fetchone()
        if credit is None or credit["counterparty_account"] is None:
            raise Refused("unknown_payment", f"no credit {tx_ref} with a payer at {bank.code}")
        count, gone = _reversed_so_far(db, tx_ref, side="D")
        if amount_paise > credit["amount_paise"] - gone:
            raise Refused("more_than_left", f"{credit['amount_paise'] - gone} paise of {tx_ref} are left to refund")
        note = {"reverses_tx_ref": tx_ref, "detail": "refund", "channel": credit["channel"]}
        payer_bank, payer = credit["counterparty_bank"], credit["counterparty_account"]
        reference = f"{tx_ref}/R{count + 1}"
        return _debit_and_note(
            db,
            bank,
            id,
            reference,
            credit["account"],
            payer_bank,
            payer,
            amount_paise,
            at,
            0.0,
            hosted(payer_bank),
            note,
        )

    return bank.once(id=f"send:{id}", asked={"refund": tx_ref, "amount_paise": amount_paise}, do=do)


def reverse(*, bank: Bank, id: str, tx_ref: str, amount_paise: int, at: datetime) -> Answer:
    """The payer's bank gives back part of a debit of its own (a failed ATM payout). Raises Refused as `refund`."""
    check_amount(amount_paise)

    def do(db: sqlite3.Connection) -> Answer:
        debit = db.execute("SELECT * FROM posting WHERE tx_ref = ? AND side = 'D'", (tx_ref,)).fetchone()
        if debit is None:
            raise Refused("unknown_payment", f"no debit {tx_ref} at {bank.code}")
        count, gone = _reversed_so_far(db, tx_ref, side="C")
        if amount_paise > debit["amount_paise"] - gone:
            raise Refused("more_than_left", f"{debit['amount_paise'] - gone} paise of {tx_ref} are left to reverse")
        return bank.write(
            db,
            account=debit["account"],
            side="C",
            amount_paise=amount_paise,
            at=at,
            channel=debit["channel"],
            tx_ref=f"{tx_ref}/R{count + 1}",
            reverses_tx_ref=tx_ref,
            detail="reversal",
        )

    return bank.once(id=f"reverse:{id}", asked={"reverse": tx_ref, "amount_paise": amount_paise}, do=do)


def pay_out(
    *,
    bank: Bank,
    id: str,
    lien_id: str,
    amount_paise: int,
    to_bank: str,
    to_account: str,
    at: datetime,
    hosted: bool,
) -> Answer:
    """Pay money under a lien to another account: the lien shrinks and the debit is posted in one transaction.

    Raises Refused: unknown_lien, more_than_left, account_closed.
    """
    check_amount(amount_paise)

    def do(db: sqlite3.Connection) -> Answer:
        lien = reduce_lien(db, id=lien_id, amount_paise=amount_paise)
        note = {"reverses_tx_ref": None, "detail": f"paid back under lien {lien['number']}", "channel": "IMPS"}
        reference = fresh_reference(db, bank=bank.code, id=id, channel="IMPS", at=at)
        return _debit_and_note(
            db,
            bank,
            id,
            reference,
            lien["account"],
            to_bank,
            to_account,
            amount_paise,
            at,
            0.0,
            hosted,
            note,
            under_lien=True,
        )

    asked = {"pay_out": lien_id, "amount_paise": amount_paise, "to": [to_bank, to_account]}
    return bank.once(id=f"send:{id}", asked=asked, do=do)


def deliver(*, sender: Bank, payee: Bank, id: str, at: datetime) -> str:
    """Credit a payment in flight to its payee, or bring it back when that account cannot take it; the new state.

    The caller holds the courier's lock, so that a payment is never delivered and brought back at once.
    """
    note = find_transfer(bank=sender, id=id)
    if note is None or note["state"] != "in_flight":
        return "unknown" if note is None else str(note["state"])
    try:
        payee.post_credit(
            id=_arrival_id(sender, id),
            account=note["to_account"],
            amount_paise=note["amount_paise"],
            channel=note["channel"],
            tx_ref=note["tx_ref"],
            at=at,
            counterparty_bank=sender.code,
            counterparty_account=note["from_account"],
            reverses_tx_ref=note["reverses_tx_ref"],
            detail=note["detail"],
        )
    except Refused as refused:
        if refused.code not in ("unknown_account", "account_closed"):
            raise
        return _bring_back(sender, note, at)
    with sender.transaction() as db:
        db.execute("UPDATE transfer SET state = 'delivered' WHERE id = ?", (id,))
    return "delivered"


def bring_back(*, sender: Bank, payee: Bank | None, id: str, at: datetime) -> str:
    """The rail returns a payment in flight to its payer. Raises Refused unknown_payment, not_in_flight."""
    note = find_transfer(bank=sender, id=id)
    if note is None:
        raise Refused("unknown_payment", f"no payment {id} from {sender.code}")
    if note["state"] == "returned":
        return "returned"
    arrived = payee is not None and payee.did(_arrival_id(sender, id))
    if note["state"] == "delivered" or arrived:
        raise Refused("not_in_flight", f"{id} has been delivered")
    return _bring_back(sender, note, at)


def due_transfers(*, bank: Bank, at: datetime) -> list[str]:
    """Ids of payments in flight whose time has come, oldest first."""
    with bank.reading() as db:
        rows = db.execute(
            "SELECT id FROM transfer WHERE state = 'in_flight' AND due_us <= ? ORDER BY due_us, id", (to_us(at),)
        ).fetchall()
    return [row["id"] for row in rows]


def find_transfer(*, bank: Bank, id: str) -> Answer | None:
    """A payment sent by this bank, with its state."""
    with bank.reading() as db:
        row = db.execute("SELECT * FROM transfer WHERE id = ?", (id,)).fetchone()
    return None if row is None else dict(row)


def _debit_and_note(
    db: sqlite3.Connection,
    bank: Bank,
    id: str,
    tx_ref: str,
    from_account: str,
    to_bank: str,
    to_account: str,
    amount_paise: int,
    at: datetime,
    delay_seconds: float,
    hosted: bool,
    note: dict[str, Any],
    *,
    under_lien: bool = False,
) -> Answer:
    posting = bank.write(
        db,
        account=from_account,
        side="D",
        amount_paise=amount_paise,
        at=at,
        tx_ref=tx_ref,
        counterparty_bank=to_bank,
        counterparty_account=to_account,
        under_lien=under_lien,
        **note,
    )
    due = at + timedelta(seconds=delay_seconds)
    db.execute(
        "INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            id,
            tx_ref,
            from_account,
            to_bank,
            to_account,
            amount_paise,
            note["channel"],
            note["reverses_tx_ref"],
            note["detail"],
            to_us(at),
            to_us(due),
            "in_flight" if hosted else "left",
        ),
    )
    payment = {
        "rail": note["channel"],
        "reference": tx_ref,
        "date": at.astimezone(IST).date().isoformat(),
        "amount_paise": amount_paise,
        "payer_bank": bank.code,
        "payee_bank": to_bank,
    }
    return {"id": id, "tx_ref": tx_ref, "position": posting["position"], "payment": payment}


def _bring_back(sender: Bank, note: Answer, at: datetime) -> str:
    with sender.transaction() as db:
        state = db.execute("SELECT state FROM transfer WHERE id = ?", (note["id"],)).fetchone()["state"]
        if state == "in_flight":
            sender.write(
                db,
                account=note["from_account"],
                side="C",
                amount_paise=note["amount_paise"],
                at=at,
                even_closed=True,
                channel=note["channel"],
                tx_ref=f"{note['tx_ref']}/R1",
                reverses_tx_ref=note["tx_ref"],
                counterparty_bank=note["to_bank"],
                counterparty_account=note["to_account"],
                detail="returned by the rail",
            )
            db.execute("UPDATE transfer SET state = 'returned' WHERE id = ?", (note["id"],))
    return "returned"


def _reversed_so_far(db: sqlite3.Connection, tx_ref: str, *, side: str) -> tuple[int, int]:
    row = db.execute(
        "SELECT count(*) AS times, coalesce(sum(amount_paise), 0) AS paise FROM posting"
        " WHERE reverses_tx_ref = ? AND side = ?",
        (tx_ref, side),
    ).fetchone()
    return int(row["times"]), int(row["paise"])


def _arrival_id(sender: Bank, id: str) -> str:
    return f"in:{sender.code}:{id}"
