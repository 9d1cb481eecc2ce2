-- Orders, the money seen at the bank, and what is owed to merchants as news.
-- Amounts are whole paise, times are milliseconds since 1970. The rules that must hold whatever
-- the code does stand here: checks, unique keys, and triggers for "final" and "append-only".

CREATE TABLE orders (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT    NOT NULL UNIQUE CHECK (length(id) = 32),
    merchant_id    TEXT    NOT NULL,
    reference      TEXT    NOT NULL,
    flow           TEXT    NOT NULL,
    status         TEXT    NOT NULL CHECK (status IN ('PENDING', 'SUCCESS', 'EXPIRED', 'FAILED')),
    amount_paise   INTEGER NOT NULL CHECK (amount_paise > 0),
    -- NULL: never asked for. 0: asked for, but none was left.
    discount_paise INTEGER CHECK (discount_paise >= 0 AND discount_paise < amount_paise),
    payable_paise  INTEGER NOT NULL
        GENERATED ALWAYS AS (amount_paise - coalesce(discount_paise, 0)) STORED,
    payee_vpa      TEXT    NOT NULL,
    -- The same in lower case, to compare by.
    payee_key      TEXT    NOT NULL,
    payee_name     TEXT    NOT NULL,
    deeplink       TEXT    NOT NULL,
    success_url    TEXT,
    note           TEXT,
    -- Why it failed, for a person.
    reason         TEXT,
    paid_utr       TEXT,
    created_at_ms  INTEGER NOT NULL,
    -- NULL: no deadline.
    expires_at_ms  INTEGER CHECK (expires_at_ms > created_at_ms),
    closed_at_ms   INTEGER,
    UNIQUE (merchant_id, reference),
    CHECK ((status = 'PENDING') = (closed_at_ms IS NULL)),
    CHECK (paid_utr IS NULL OR status = 'SUCCESS')
) STRICT;

-- Two open orders never owe the same discounted amount.
CREATE UNIQUE INDEX orders_discounted ON orders (merchant_id, payee_key, payable_paise)
    WHERE status = 'PENDING' AND discount_paise > 0;
CREATE INDEX orders_payable ON orders (merchant_id, payee_key, payable_paise);
CREATE INDEX orders_amount ON orders (merchant_id, payee_key, amount_paise);
CREATE INDEX orders_overdue ON orders (expires_at_ms) WHERE status = 'PENDING';
CREATE INDEX orders_listed ON orders (merchant_id, seq);
CREATE INDEX orders_status ON orders (status);

CREATE TRIGGER orders_success_is_final BEFORE UPDATE OF status ON orders
    WHEN OLD.status = 'SUCCESS' AND NEW.status <> 'SUCCESS'
    BEGIN SELECT raise(ABORT, 'a paid order stays paid'); END;

-- Everything that happened to an order, in order.
CREATE TABLE order_events (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id  TEXT    NOT NULL REFERENCES orders (id),
    at_ms     INTEGER NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('created', 'discount', 'claim', 'page', 'status')),
    detail    TEXT    NOT NULL,
    -- What moved the order: the same input is taken once.
    input_key TEXT,
    UNIQUE (order_id, input_key)
) STRICT;

CREATE TRIGGER order_events_are_not_changed BEFORE UPDATE ON order_events
    BEGIN SELECT raise(ABORT, 'order_events is append-only'); END;
CREATE TRIGGER order_events_are_not_removed BEFORE DELETE ON order_events
    BEGIN SELECT raise(ABORT, 'order_events is append-only'); END;

-- News for merchants, written in the transaction that made it true and delivered later.
CREATE TABLE outbox (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT    NOT NULL UNIQUE CHECK (length(id) = 32),
    merchant_id     TEXT    NOT NULL,
    type            TEXT    NOT NULL CHECK (
        type IN ('order.succeeded', 'order.expired', 'order.failed', 'credit.unmatched')),
    order_id        TEXT    REFERENCES orders (id),
    utr             TEXT,
    created_at_ms   INTEGER NOT NULL,
    delivered_at_ms INTEGER
) STRICT;

CREATE INDEX outbox_waiting ON outbox (seq) WHERE delivered_at_ms IS NULL;

-- Money seen at the bank. It pays at most one order, and an order is paid by at most one.
CREATE TABLE credits (
    seq              INTEGER PRIMARY KEY AUTOINCREMENT,
    merchant_id      TEXT    NOT NULL,
    utr              TEXT    NOT NULL CHECK (length(utr) = 12),
    amount_paise     INTEGER NOT NULL CHECK (amount_paise > 0),
    payee_key        TEXT    NOT NULL,
    payer_vpa        TEXT,
    note             TEXT,
    received_at_ms   INTEGER,
    recorded_at_ms   INTEGER NOT NULL,
    order_id         TEXT    UNIQUE REFERENCES orders (id),
    matched_by       TEXT CHECK (matched_by IN ('reference', 'claim', 'amount', 'merchant')),
    unmatched_reason TEXT,
    UNIQUE (merchant_id, utr),
    CHECK ((order_id IS NULL) = (matched_by IS NULL))
) STRICT;

CREATE INDEX credits_unmatched ON credits (merchant_id, seq) WHERE order_id IS NULL;

-- UTRs that customers typed: claims, never proof. Several orders may claim one.
CREATE TABLE claims (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id      TEXT    NOT NULL REFERENCES orders (id),
    merchant_id   TEXT    NOT NULL,
    utr           TEXT    NOT NULL CHECK (length(utr) = 12),
    claimed_at_ms INTEGER NOT NULL,
    UNIQUE (order_id, utr)
) STRICT;

CREATE INDEX claims_utr ON claims (merchant_id, utr);

-- What each POST of a merchant was answered, kept in the transaction that did its work.
CREATE TABLE idempotency_keys (
    merchant_id   TEXT    NOT NULL,
    key           TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint   TEXT    NOT NULL,
    status        INTEGER NOT NULL,
    body          TEXT    NOT NULL,
    created_at_ms INTEGER NOT NULL,
    PRIMARY KEY (merchant_id, key)
) STRICT;

CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at_ms);
