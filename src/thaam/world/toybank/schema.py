"""The tables of one toy bank, and how its file is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS account (
    account TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    mobile TEXT,
    class TEXT NOT NULL CHECK (class IN ('NORMAL', 'POOL')),
    opening_paise INTEGER NOT NULL,
    limit_paise INTEGER NOT NULL DEFAULT 0 CHECK (limit_paise >= 0),
    limit_stated INTEGER NOT NULL DEFAULT 0,
    balance_paise INTEGER NOT NULL,
    lien_paise INTEGER NOT NULL DEFAULT 0 CHECK (lien_paise >= 0),
    last_seq INTEGER NOT NULL DEFAULT 0,
    closed INTEGER NOT NULL DEFAULT 0,
    frozen INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS posting (
    position INTEGER PRIMARY KEY,
    posted_us INTEGER NOT NULL,
    account TEXT NOT NULL,
    seq INTEGER NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('D', 'C')),
    amount_paise INTEGER NOT NULL CHECK (amount_paise > 0),
    balance_after_paise INTEGER NOT NULL,
    tx_ref TEXT NOT NULL,
    channel TEXT NOT NULL,
    counterparty_bank TEXT,
    counterparty_account TEXT,
    reverses_tx_ref TEXT,
    detail TEXT,
    payment_lo INTEGER NOT NULL DEFAULT 0,
    payment_amount_paise INTEGER
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS posting_account ON posting (account, seq);
CREATE INDEX IF NOT EXISTS posting_tx_ref ON posting (tx_ref, side);
CREATE INDEX IF NOT EXISTS posting_reverses ON posting (reverses_tx_ref) WHERE reverses_tx_ref IS NOT NULL;

CREATE TABLE IF NOT EXISTS lien (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    account TEXT NOT NULL,
    placed_paise INTEGER NOT NULL,
    amount_paise INTEGER NOT NULL CHECK (amount_paise >= 0 AND amount_paise <= placed_paise),
    position INTEGER NOT NULL,
    placed_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS transfer (
    id TEXT PRIMARY KEY,
    tx_ref TEXT NOT NULL UNIQUE,
    from_account TEXT NOT NULL,
    to_bank TEXT NOT NULL,
    to_account TEXT NOT NULL,
    amount_paise INTEGER NOT NULL,
    channel TEXT NOT NULL,
    reverses_tx_ref TEXT,
    detail TEXT,
    sent_us INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('in_flight', 'delivered', 'returned', 'left'))
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS transfer_due ON transfer (due_us) WHERE state = 'in_flight';

CREATE TABLE IF NOT EXISTS act (id TEXT PRIMARY KEY, asked TEXT NOT NULL, answer TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""


def open_bank_file(path: Path) -> sqlite3.Connection:
    """Open (or create) one bank's file. WAL: what was committed survives SIGKILL; readers never block the writer."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.executescript(TABLES)
    return db
