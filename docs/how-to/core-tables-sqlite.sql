-- What a core on SQLite offers the node, with triggers that carry requests out at once.
-- The first two tables stand for the bank's own; make the two views over yours. Money is whole paise.

CREATE TABLE core_account (
    account TEXT PRIMARY KEY, mobile TEXT, opening_paise INTEGER NOT NULL, limit_paise INTEGER,
    balance_paise INTEGER NOT NULL, pool INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0,
    frozen INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE core_posting (
    position INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, seq INTEGER NOT NULL, tx_ref TEXT NOT NULL,
    side TEXT NOT NULL, amount_paise INTEGER NOT NULL, channel TEXT NOT NULL, posted_at TEXT NOT NULL,
    counterparty_bank TEXT, counterparty_account TEXT, balance_after_paise INTEGER, reverses_tx_ref TEXT, detail TEXT
);
CREATE TABLE core_lien (
    id TEXT PRIMARY KEY, number INTEGER NOT NULL, account TEXT NOT NULL, paise INTEGER NOT NULL
);

-- 1. What the node reads.
CREATE VIEW thaam_posting AS
SELECT *, 0 AS payment_lo, NULL AS payment_amount_paise FROM core_posting;

CREATE VIEW thaam_account AS
SELECT a.account, a.mobile, a.opening_paise, a.limit_paise, a.balance_paise, a.pool, a.closed,
       coalesce((SELECT sum(paise) FROM core_lien l WHERE l.account = a.account), 0) AS lien_paise,
       a.balance_paise + coalesce(a.limit_paise, 0)
         - coalesce((SELECT sum(paise) FROM core_lien l WHERE l.account = a.account), 0) AS available_paise
FROM core_account a;

-- 2. What the node asks for. The core fills in state, done_paise, reference, position, rail, paid_on, why.
CREATE TABLE thaam_request (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('place', 'lift', 'unfreeze', 'pay')),
    account TEXT, hold_id TEXT, amount_paise INTEGER, to_bank TEXT, to_account TEXT,
    asked_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    state TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'done', 'refused')),
    done_paise INTEGER, reference TEXT, position INTEGER, rail TEXT, paid_on TEXT, why TEXT
);

-- 3. How this core carries a request out: in the transaction that asks for it.
CREATE TRIGGER thaam_place AFTER INSERT ON thaam_request WHEN NEW.kind = 'place' BEGIN
    INSERT INTO core_lien
    SELECT NEW.id, (SELECT count(*) + 1 FROM core_lien), NEW.account, max(0, min(NEW.amount_paise, available_paise))
    FROM thaam_account WHERE account = NEW.account;
    UPDATE thaam_request SET
        state = CASE WHEN EXISTS (SELECT 1 FROM core_lien WHERE id = NEW.id) THEN 'done' ELSE 'refused' END,
        why = 'no such account',
        done_paise = (SELECT paise FROM core_lien WHERE id = NEW.id),
        reference = (SELECT 'LIEN' || number FROM core_lien WHERE id = NEW.id),
        position = (SELECT coalesce(max(position), 0) FROM core_posting)
    WHERE id = NEW.id;
END;

CREATE TRIGGER thaam_lift AFTER INSERT ON thaam_request WHEN NEW.kind = 'lift' BEGIN
    UPDATE core_lien SET paise = paise - NEW.amount_paise WHERE id = NEW.hold_id AND paise >= NEW.amount_paise;
    UPDATE thaam_request SET
        state = CASE WHEN changes() = 1 THEN 'done' ELSE 'refused' END, why = 'less is under the lien',
        position = (SELECT coalesce(max(position), 0) FROM core_posting)
    WHERE id = NEW.id;
END;

CREATE TRIGGER thaam_unfreeze AFTER INSERT ON thaam_request WHEN NEW.kind = 'unfreeze' BEGIN
    UPDATE core_account SET frozen = 0 WHERE account = NEW.account;
    UPDATE thaam_request SET state = 'done' WHERE id = NEW.id;
END;

CREATE TRIGGER thaam_pay AFTER INSERT ON thaam_request WHEN NEW.kind = 'pay' BEGIN
    UPDATE thaam_request SET state = 'refused', why = 'less is under the lien' WHERE id = NEW.id
        AND NOT EXISTS (SELECT 1 FROM core_lien WHERE id = NEW.hold_id AND paise >= NEW.amount_paise);
    UPDATE core_lien SET paise = paise - NEW.amount_paise WHERE id = NEW.hold_id AND paise >= NEW.amount_paise;
    INSERT INTO core_posting (account, seq, tx_ref, side, amount_paise, channel, posted_at, counterparty_bank,
                              counterparty_account, balance_after_paise)
    SELECT l.account, 1 + (SELECT coalesce(max(seq), 0) FROM core_posting p WHERE p.account = l.account),
           'PAY' || (SELECT 1 + coalesce(max(position), 0) FROM core_posting), 'D', NEW.amount_paise, 'IMPS',
           strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'), NEW.to_bank, NEW.to_account,
           (SELECT balance_paise - NEW.amount_paise FROM core_account a WHERE a.account = l.account)
    FROM core_lien l, thaam_request r WHERE l.id = NEW.hold_id AND r.id = NEW.id AND r.state = 'asked';
    UPDATE core_account SET balance_paise = balance_paise - NEW.amount_paise
    WHERE account = (SELECT account FROM core_lien WHERE id = NEW.hold_id)
      AND (SELECT state FROM thaam_request WHERE id = NEW.id) = 'asked';
    UPDATE thaam_request SET state = 'done', rail = 'IMPS',
        position = (SELECT max(position) FROM core_posting),
        reference = (SELECT tx_ref FROM core_posting ORDER BY position DESC LIMIT 1),
        paid_on = date('now', '+330 minutes')
    WHERE id = NEW.id AND state = 'asked';
END;
