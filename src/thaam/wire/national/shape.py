"""The JSON shape between banks and the national system, as observed: a request out of our order, an update in and out.

Pure: plain values in and out. Keys we do not know are carried in `others`, never dropped.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from thaam.wire.messages import FreezeToHoldOrder, HoldOrder
from thaam.wire.national.lines import rupees
from thaam.wire.national.rows import NationalRow, action_of_type, actions, paise_in, status_of

# our field = key of a transaction of the update
_KEYS = {
    "reference": "root_rrn_transaction_id",
    "reference_out": "rrn_transaction_id",
    "account": "root_account_number",
    "amount": "amount",
    "disputed": "disputed_amount",
    "at": "transaction_datetime",
    "to_bank": "payee_bank",
    "to_account": "payee_account_number",
    "to_ifsc": "ifsc_code",
    "remarks": "remarks",
    "status": "status_code",
    "atm_id": "atm_id",
    "place": "place_of_atm",
    "mid": "mid",
    "tid": "tid",
    "approval_code": "approval_code",
    "merchant_name": "merchant_name",
    "cheque_no": "cheque_no",
}
_FIELD = {key: name for name, key in _KEYS.items()}
_MEANT = {"txn_type", "txn_type_id"}


class NotAnUpdate(ValueError):
    """The JSON is no status update of this shape; the message says which key is missing or of the wrong type."""


@dataclass(slots=True)
class Update:
    """One status update: whose complaint, the bank's own job, its rows, and keys without a place here."""

    acknowledgement: str
    job_id: str
    rows: list[NationalRow] = field(default_factory=list)
    others: dict[str, Any] = field(default_factory=dict)

    @property
    def unread(self) -> list[str]:
        """What was carried along without being understood."""
        told = [f"{key} = {value}" for key, value in self.others.items()]
        for row in self.rows:
            told += [f"{row.place}: {key} = {value}" for key, value in row.others.items()]
            told += [f"{row.place}: {name} cannot be read ({value})" for name, value in row.faults.items()]
        return told

    @property
    def cannot(self) -> str | None:
        """Our cannot-match code, when every transaction of the update says that nothing was found."""
        codes = [status_of(row.cells.get("status", "00")).get("cannot") for row in self.rows]
        return codes[0] if codes and all(codes) else None


def request_of(
    order: HoldOrder | FreezeToHoldOrder, *, layer: int = 1, time_ist: dt.time | None = None
) -> dict[str, Any]:
    """A hold order as the request a bank's national interface takes. Nothing about the victim: those keys are empty."""
    payment = order.payment
    disputed = sum(each.hi - each.lo for each in order.ranges)
    return {
        "acknowledgement_no": order.basis.reference,
        "sub_category": "",
        "instrument": {
            "requestor": order.issued_by.office,
            "payer_bank": payment.payer_bank,
            "payer_bank_code": 0,
            "mode_of_payment": "CREDIT",
            "payer_mobile_number": "",
            "payer_account_number": "",
            "state": "",
            "district": "",
            "transaction_type": payment.rail,
            "wallet": "",
            "incidents": [
                {
                    "amount": rupees(payment.amount_paise),
                    "rrn": payment.reference,
                    "transaction_date": payment.date.isoformat(),
                    "transaction_time": f"{time_ist:%H:%M:%S}" if time_ist else "",
                    "disputed_amount": rupees(disputed),
                    "layer": layer,
                }
            ],
        },
    }


def read_update(said: Any) -> Update:
    """A bank's status update. Raises NotAnUpdate."""
    if not isinstance(said, dict) or not isinstance(said.get("transactions"), list):
        raise NotAnUpdate("no list of transactions")
    acknowledgement = str(said.get("acknowledgement_no") or "").strip()
    if not acknowledgement:
        raise NotAnUpdate("no acknowledgement_no")
    known = {"acknowledgement_no", "job_id", "transactions"}
    update = Update(
        acknowledgement, str(said.get("job_id") or ""), others={k: v for k, v in said.items() if k not in known}
    )
    for number, each in enumerate(said["transactions"], start=1):
        if not isinstance(each, dict):
            raise NotAnUpdate(f"transaction {number} is no object")
        update.rows.append(_row(each, acknowledgement, number))
    return update


def _row(each: dict[str, Any], acknowledgement: str, number: int) -> NationalRow:
    action = action_of_type(each.get("txn_type_id"))
    row = NationalRow(action.kind if action else "other", {"acknowledgement": acknowledgement}, place=f"row {number}")
    if action is None:
        row.others |= {key: str(each[key]) for key in _MEANT if key in each}
    for key, value in each.items():
        if key in _MEANT or value is None or value == "":
            continue
        name = _FIELD.get(key)
        if name:
            row.cells[name] = str(value)
        else:
            row.others[key] = str(value)
    for name in ("amount", "disputed"):
        if row.cells.get(name) and paise_in(row.cells[name]) is None:
            row.faults[name] = row.cells[name]
    return row


def write_update(update: Update) -> dict[str, Any]:
    """The update again, with every key it came with."""
    return {
        "acknowledgement_no": update.acknowledgement,
        "job_id": update.job_id,
        **update.others,
        "transactions": [_transaction(row) for row in update.rows],
    }


def _transaction(row: NationalRow) -> dict[str, Any]:
    action = actions()[row.kind]
    told: dict[str, Any] = {"txn_type": action.txn_type, "txn_type_id": action.txn_type_id}
    told |= {key: row.cells[name] for name, key in _KEYS.items() if name in row.cells}
    told.setdefault("status_code", "00")
    return told | row.others
