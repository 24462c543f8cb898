-- What a core on PostgreSQL offers the node, with one trigger that carries requests out at once.
-- core_account, core_posting and core_lien stand for the bank's own tables; make the two views over yours.
-- Give the node a role that may SELECT the views, and SELECT and INSERT (id, kind, account, hold_id, amount_paise,
-- to_bank, to_account, reference) on thaam_request, and nothing else. Money is whole paise.

CREATE TABLE core_account (
    account text PRIMARY KEY, mobile text, opening_paise bigint NOT NULL, limit_paise bigint,
    balance_paise bigint NOT NULL, pool boolean NOT NULL DEFAULT false, closed boolean NOT NULL DEFAULT false,
    frozen boolean NOT NULL DEFAULT false
);
CREATE TABLE core_posting (
    position bigint PRIMARY KEY, account text NOT NULL, seq bigint NOT NULL, tx_ref text NOT NULL,
    side text NOT NULL, amount_paise bigint NOT NULL, channel text NOT NULL, posted_at timestamptz NOT NULL,
    counterparty_bank text, counterparty_account text, balance_after_paise bigint, reverses_tx_ref text, detail text
);
CREATE TABLE core_lien (
    id text PRIMARY KEY, number bigint GENERATED ALWAYS AS IDENTITY, account text NOT NULL, paise bigint NOT NULL
);

-- 1. What the node reads. position must have no gap that is filled later: number postings where they are ordered,
--    under one lock, never from a sequence that several transactions draw from.
CREATE VIEW thaam_posting AS
SELECT *, 0 AS payment_lo, NULL::bigint AS payment_amount_paise FROM core_posting;

CREATE VIEW thaam_account AS
SELECT a.account, a.mobile, a.opening_paise, a.limit_paise, a.balance_paise, a.pool, a.closed,
       coalesce(l.paise, 0)::bigint AS lien_paise,
       (a.balance_paise + coalesce(a.limit_paise, 0) - coalesce(l.paise, 0))::bigint AS available_paise
FROM core_account a LEFT JOIN (SELECT account, sum(paise) AS paise FROM core_lien GROUP BY account) l USING (account);

-- 2. What the node asks for. The core fills in state, done_paise, reference, position, rail, paid_on, why.
CREATE TABLE thaam_request (
    id text PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('place', 'lift', 'unfreeze', 'pay')),
    account text, hold_id text, amount_paise bigint, to_bank text, to_account text,
    asked_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'done', 'refused')),
    done_paise bigint, reference text, position bigint, rail text, paid_on date, why text
);

-- 3. How this core carries a request out: in the transaction that asks for it, under the lock that orders postings.
CREATE FUNCTION thaam_carry_out() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lien core_lien%ROWTYPE;
    free bigint;
BEGIN
    LOCK TABLE core_posting IN EXCLUSIVE MODE;
    IF EXISTS (SELECT 1 FROM thaam_request r WHERE r.id = NEW.id) THEN
        RETURN NULL;  -- asked before: a request is carried out once
    END IF;
    NEW.position := (SELECT coalesce(max(p.position), 0) FROM core_posting p);
    NEW.state := 'done';
    IF NEW.kind = 'place' THEN
        SELECT available_paise INTO free FROM thaam_account a WHERE a.account = NEW.account;
        IF free IS NULL THEN
            NEW.state := 'refused'; NEW.why := 'no such account'; RETURN NEW;
        END IF;
        INSERT INTO core_lien (id, account, paise)
        VALUES (NEW.id, NEW.account, greatest(0, least(NEW.amount_paise, free))) RETURNING * INTO lien;
        NEW.done_paise := lien.paise;
        NEW.reference := 'LIEN' || lien.number;
    ELSIF NEW.kind = 'unfreeze' THEN
        UPDATE core_account SET frozen = false WHERE account = NEW.account;
    ELSE
        UPDATE core_lien SET paise = paise - NEW.amount_paise
        WHERE id = NEW.hold_id AND paise >= NEW.amount_paise RETURNING * INTO lien;
        IF lien.id IS NULL THEN
            NEW.state := 'refused'; NEW.why := 'less is under the lien'; RETURN NEW;
        END IF;
        IF NEW.kind = 'pay' THEN
            NEW.position := NEW.position + 1;
            NEW.rail := 'IMPS';
            NEW.reference := 'PAY' || NEW.position;
            NEW.paid_on := (now() AT TIME ZONE 'Asia/Kolkata')::date;
            UPDATE core_account SET balance_paise = balance_paise - NEW.amount_paise WHERE account = lien.account;
            INSERT INTO core_posting
            SELECT NEW.position, lien.account, 1 + coalesce(max(seq), 0), NEW.reference, 'D', NEW.amount_paise, 'IMPS',
                   now(), NEW.to_bank, NEW.to_account,
                   (SELECT balance_paise FROM core_account a WHERE a.account = lien.account), NULL, NULL
            FROM core_posting p WHERE p.account = lien.account;
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER thaam_carry_out BEFORE INSERT ON thaam_request FOR EACH ROW EXECUTE FUNCTION thaam_carry_out();
