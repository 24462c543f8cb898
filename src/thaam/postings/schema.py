"""Tables of a node's store.

Money is int paise, times are int microseconds UTC, ids of accounts and holds are small ints.
"""

from __future__ import annotations

import sqlite3

VERSION = 1

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL UNIQUE,
    level INTEGER NOT NULL DEFAULT 0,      -- height of the pile now
    last_k INTEGER NOT NULL DEFAULT 0,
    open_k INTEGER NOT NULL DEFAULT 0,
    stated INTEGER NOT NULL DEFAULT 0,     -- 1: the bank stated the opening
    opening_paise INTEGER NOT NULL DEFAULT 0,
    limit_paise INTEGER NOT NULL DEFAULT 0,
    pool INTEGER NOT NULL DEFAULT 0,
    cuts INTEGER NOT NULL DEFAULT 0,       -- how many CUT rows the pile has
    last_seq INTEGER NOT NULL DEFAULT 0,
    clock INTEGER NOT NULL DEFAULT 0,      -- running maximum of posted_at
    balance_paise INTEGER                  -- last balance the bank stated
);

-- The pile (thaam.money.lots.Row), rows of one account side by side on disk.
CREATE TABLE pile (
    account INTEGER NOT NULL, k INTEGER NOT NULL, kind INTEGER NOT NULL, level INTEGER NOT NULL,
    amount INTEGER NOT NULL, source INTEGER NOT NULL, stamp INTEGER NOT NULL, child_lo INTEGER NOT NULL,
    bottom INTEGER NOT NULL, hold INTEGER NOT NULL, below INTEGER NOT NULL, lower INTEGER NOT NULL,
    clock INTEGER NOT NULL,
    PRIMARY KEY (account, k)
) WITHOUT ROWID;

CREATE TABLE cut (account INTEGER NOT NULL, k INTEGER NOT NULL, PRIMARY KEY (account, k)) WITHOUT ROWID;

CREATE TABLE release (
    hold INTEGER NOT NULL, k INTEGER NOT NULL, credit_k INTEGER NOT NULL, lo INTEGER NOT NULL,
    hi INTEGER NOT NULL, offset_paise INTEGER NOT NULL,
    PRIMARY KEY (hold, k, lo)
) WITHOUT ROWID;

CREATE TABLE posting (
    position INTEGER PRIMARY KEY,
    account INTEGER NOT NULL, k INTEGER NOT NULL, seq INTEGER NOT NULL, tx_ref TEXT NOT NULL, side TEXT NOT NULL,
    amount INTEGER NOT NULL, channel TEXT NOT NULL, posted_at INTEGER NOT NULL,
    counterparty_bank TEXT, counterparty_account TEXT, balance_after INTEGER, reverses_tx_ref TEXT, detail TEXT,
    payment_lo INTEGER NOT NULL, payment_amount INTEGER,
    refunded INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX posting_tx_ref ON posting (tx_ref);

CREATE TABLE hold (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, account INTEGER NOT NULL);

-- What became of held paise; lo, hi are paise of the payment. Append-only.
CREATE TABLE hold_entry (
    hold INTEGER NOT NULL, kind TEXT NOT NULL, credit INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    PRIMARY KEY (hold, kind, credit, lo)
) WITHOUT ROWID;

CREATE TABLE restoration (
    account INTEGER NOT NULL, tx_ref TEXT NOT NULL, hold INTEGER NOT NULL, amount INTEGER NOT NULL,
    posted INTEGER NOT NULL DEFAULT 0,     -- position of its debit, 0 until it posts
    PRIMARY KEY (account, tx_ref)
) WITHOUT ROWID;

CREATE TABLE watch (
    name TEXT PRIMARY KEY, account INTEGER NOT NULL, credit INTEGER NOT NULL, lo_hi TEXT NOT NULL,
    here INTEGER NOT NULL, seen_k INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX watch_account ON watch (account);
"""


def connect(path: str, *, synchronous: str = "NORMAL") -> sqlite3.Connection:
    """Open the store, making it when it is new. WAL: a crash loses at most whole transactions, never half of one."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA synchronous = {synchronous}")
    # A batch touches about a page a posting, all over the file; pages touched again before a checkpoint go once.
    db.execute("PRAGMA wal_autocheckpoint = 16384")
    db.execute("PRAGMA cache_size = -262144")
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("PRAGMA mmap_size = 4294967296")
    if db.execute("PRAGMA user_version").fetchone()[0] == 0:
        db.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
    return db
