"""Tables of the node's own file (records.py): what it was asked, how far it is, what it answered."""

from __future__ import annotations

TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Orders as taken from the mailbox. outcome is NULL until the order is carried out.
CREATE TABLE IF NOT EXISTS taken (
    position INTEGER PRIMARY KEY, order_id TEXT NOT NULL, kind TEXT NOT NULL, revision INTEGER NOT NULL,
    state TEXT NOT NULL, body BLOB NOT NULL, jws TEXT NOT NULL, fault TEXT, taken_us INTEGER NOT NULL, outcome TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS taken_order ON taken (order_id);
CREATE INDEX IF NOT EXISTS taken_open ON taken (position) WHERE outcome IS NULL;

-- A hold order as it stands after its amendments. state: open, waiting (for the credit), held, ended.
CREATE TABLE IF NOT EXISTS hold (
    order_id TEXT PRIMARY KEY, body BLOB NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL,
    reference TEXT NOT NULL, expires_us INTEGER NOT NULL, answer_revision INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER NOT NULL DEFAULT 1, answered_order_revision INTEGER NOT NULL DEFAULT 0, why TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS hold_reference ON hold (reference);
CREATE INDEX IF NOT EXISTS hold_expiry ON hold (expires_us) WHERE state IN ('open', 'waiting', 'held');

-- One lien in the core: part of a hold order on one credit. step: placing, placed, done.
CREATE TABLE IF NOT EXISTS leg (
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL, attempt INTEGER NOT NULL, account TEXT NOT NULL,
    credit_position INTEGER NOT NULL, wanted TEXT NOT NULL, step TEXT NOT NULL, placed_paise INTEGER,
    lien_reference TEXT, lien_position INTEGER, exact INTEGER NOT NULL DEFAULT 1, kept_paise INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS leg_order ON leg (order_id);
CREATE INDEX IF NOT EXISTS leg_credit ON leg (credit_position);
CREATE INDEX IF NOT EXISTS leg_account ON leg (account) WHERE kept_paise > 0;
CREATE INDEX IF NOT EXISTS leg_open ON leg (id) WHERE step <> 'done';

-- Money on its way out of a hold. kind: release, restore, broken; step: going, done, refused.
CREATE TABLE IF NOT EXISTS ending (
    id TEXT PRIMARY KEY, cause TEXT NOT NULL, kind TEXT NOT NULL, leg_id TEXT NOT NULL, ranges TEXT NOT NULL,
    paise INTEGER NOT NULL, to_bank TEXT, to_account TEXT, step TEXT NOT NULL, paid TEXT, why TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ending_cause ON ending (cause);
CREATE INDEX IF NOT EXISTS ending_open ON ending (id) WHERE step = 'going';

CREATE TABLE IF NOT EXISTS tombstone (order_id TEXT PRIMARY KEY, why TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS watch (
    order_id TEXT PRIMARY KEY, body BLOB NOT NULL, account TEXT NOT NULL, until_us INTEGER NOT NULL,
    answer_revision INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Postings that concern an order, noticed before they are taken into the ledger. kind: awaited, late, debit, refund;
-- at position 0, about an order: refused (its answer no longer counts), anew (a copy of this node gave another).
CREATE TABLE IF NOT EXISTS noticed (
    position INTEGER NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL, PRIMARY KEY (position, kind, about)
) STRICT, WITHOUT ROWID;

-- The outbox. A row is never changed but for its receipt, and its signature when our key is another by then.
CREATE TABLE IF NOT EXISTS answer (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, order_id TEXT, kind TEXT NOT NULL,
    body BLOB NOT NULL, jws TEXT NOT NULL, made_us INTEGER NOT NULL, receipt TEXT, fact_position INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS answer_unsent ON answer (number) WHERE receipt IS NULL;
CREATE INDEX IF NOT EXISTS answer_unplaced ON answer (number) WHERE fact_position IS NULL AND receipt IS NOT NULL;

CREATE TABLE IF NOT EXISTS checkpoint (position INTEGER PRIMARY KEY, root TEXT NOT NULL, body TEXT NOT NULL) STRICT;
"""
