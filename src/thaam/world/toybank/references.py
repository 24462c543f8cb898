"""References of payments as the rails write them: 12 digits (RRN) for UPI and IMPS, UTR for NEFT and RTGS."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import datetime

from thaam.language.dates import IST
from thaam.world.toybank.refusals import Refused


def fresh_reference(db: sqlite3.Connection, *, bank: str, id: str, channel: str, at: datetime) -> str:
    """A reference of the rail's own shape, derived from the id: RRN for UPI and IMPS, UTR for NEFT and RTGS."""
    for attempt in range(100):
        digest = hashlib.sha256(f"{bank}/{id}/{attempt}".encode()).digest()
        number = int.from_bytes(digest[:16], "big")
        day = at.astimezone(IST)
        prefix = (bank + "XXXX")[:4]
        if channel == "RTGS":
            reference = f"{prefix}R5{day:%Y%m%d}{number % 10**8:08d}"
        elif channel in ("NEFT", "INTERNAL", "CHEQUE"):
            reference = f"{prefix}N{day:%y%j}{number % 10**6:06d}"
        else:
            reference = f"{number % 9 + 1}{number // 9 % 10**11:011d}"
        if not reference_used(db, reference):
            return reference
    raise Refused("reference_used", f"no free reference for {id}")


def reference_used(db: sqlite3.Connection, tx_ref: str) -> bool:
    """Whether this bank already has a debit with that reference (a reference is unique per payment)."""
    return db.execute("SELECT 1 FROM posting WHERE tx_ref = ? AND side = 'D' LIMIT 1", (tx_ref,)).fetchone() is not None
