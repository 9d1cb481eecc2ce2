-- The schema of `../sqlite`, all its steps, for PostgreSQL; what each column is for stands there too.
-- Amounts are whole paise, times are milliseconds since 1970, every number has 64 bits. The rules that
-- must hold whatever the code does stand here: checks, unique keys, and triggers for "final" and
-- "append-only".

CREATE TABLE orders (
    seq            BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id             TEXT    NOT NULL UNIQUE CHECK (length(id) = 32),
    merchant_id    TEXT    NOT NULL,
    reference      TEXT    NOT NULL,
    flow           TEXT    NOT NULL,
    status         TEXT    NOT NULL CHECK (status IN ('PENDING', 'SUCCESS', 'EXPIRED', 'FAILED')),
    amount_paise   BIGINT  NOT NULL CHECK (amount_paise > 0),
    -- NULL: never asked for. 0: asked for, but none was left.
    discount_paise BIGINT  CHECK (discount_paise >= 0 AND discount_paise < amount_paise),
    payable_paise  BIGINT  NOT NULL
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
    -- Who is asked to approve, masked; for collect requests.
    payer          TEXT,
    -- What a mandate charges now; its link names only the ceiling of later charges.
    charged_now_paise BIGINT CHECK (charged_now_paise > 0),
    created_at_ms  BIGINT  NOT NULL,
    -- NULL: no deadline.
    expires_at_ms  BIGINT  CHECK (expires_at_ms > created_at_ms),
    closed_at_ms   BIGINT,
    UNIQUE (merchant_id, reference),
    CHECK ((status = 'PENDING') = (closed_at_ms IS NULL)),
    CHECK (paid_utr IS NULL OR status = 'SUCCESS')
);

-- Two open orders never owe the same discounted amount.
CREATE UNIQUE INDEX orders_discounted ON orders (merchant_id, payee_key, payable_paise)
    WHERE status = 'PENDING' AND discount_paise > 0;
CREATE INDEX orders_payable ON orders (merchant_id, payee_key, payable_paise);
CREATE INDEX orders_amount ON orders (merchant_id, payee_key, amount_paise);
CREATE INDEX orders_overdue ON orders (expires_at_ms) WHERE status = 'PENDING';
CREATE INDEX orders_listed ON orders (merchant_id, seq);
CREATE INDEX orders_status ON orders (status);

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END
$$;

CREATE TRIGGER orders_success_is_final BEFORE UPDATE OF status ON orders
    FOR EACH ROW WHEN (OLD.status = 'SUCCESS' AND NEW.status <> 'SUCCESS')
    EXECUTE FUNCTION refuse('a paid order stays paid');

-- Everything that happened to an order, in order.
CREATE TABLE order_events (
    seq       BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id  TEXT    NOT NULL REFERENCES orders (id),
    at_ms     BIGINT  NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('created', 'discount', 'claim', 'page', 'status')),
    detail    TEXT    NOT NULL,
    -- What moved the order: the same input is taken once.
    input_key TEXT,
    UNIQUE (order_id, input_key)
);

CREATE TRIGGER order_events_are_kept BEFORE UPDATE OR DELETE ON order_events
    FOR EACH ROW EXECUTE FUNCTION refuse('order_events is append-only');

-- News for merchants, written in the transaction that made it true and delivered later.
CREATE TABLE outbox (
    seq             BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE CHECK (length(id) = 32),
    merchant_id     TEXT    NOT NULL,
    type            TEXT    NOT NULL CHECK (
        type IN ('order.succeeded', 'order.expired', 'order.failed', 'credit.unmatched')),
    order_id        TEXT    REFERENCES orders (id),
    utr             TEXT,
    created_at_ms   BIGINT  NOT NULL,
    delivered_at_ms BIGINT,
    tries           BIGINT  NOT NULL DEFAULT 0,
    next_at_ms      BIGINT  NOT NULL DEFAULT 0,
    given_up_at_ms  BIGINT,
    -- What the last try came to, in a few words.
    last_answer     TEXT
);

CREATE INDEX outbox_due ON outbox (next_at_ms)
    WHERE delivered_at_ms IS NULL AND given_up_at_ms IS NULL;
CREATE INDEX outbox_listed ON outbox (merchant_id, seq);

-- Money seen at the bank. It pays at most one order, and an order is paid by at most one.
CREATE TABLE credits (
    seq              BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merchant_id      TEXT    NOT NULL,
    utr              TEXT    NOT NULL CHECK (length(utr) = 12),
    amount_paise     BIGINT  NOT NULL CHECK (amount_paise > 0),
    payee_key        TEXT    NOT NULL,
    payer_vpa        TEXT,
    note             TEXT,
    received_at_ms   BIGINT,
    recorded_at_ms   BIGINT  NOT NULL,
    order_id         TEXT    UNIQUE REFERENCES orders (id),
    matched_by       TEXT CHECK (matched_by IN ('reference', 'claim', 'amount', 'merchant')),
    unmatched_reason TEXT,
    UNIQUE (merchant_id, utr),
    CHECK ((order_id IS NULL) = (matched_by IS NULL))
);

CREATE INDEX credits_listed ON credits (merchant_id, seq);
CREATE INDEX credits_unmatched ON credits (merchant_id, seq) WHERE order_id IS NULL;

-- UTRs that customers typed: claims, never proof. Several orders may claim one.
CREATE TABLE claims (
    seq           BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id      TEXT    NOT NULL REFERENCES orders (id),
    merchant_id   TEXT    NOT NULL,
    utr           TEXT    NOT NULL CHECK (length(utr) = 12),
    claimed_at_ms BIGINT  NOT NULL,
    UNIQUE (order_id, utr)
);

CREATE INDEX claims_utr ON claims (merchant_id, utr);

-- What each POST of a merchant was answered, kept in the transaction that did its work.
CREATE TABLE idempotency_keys (
    merchant_id   TEXT    NOT NULL,
    key           TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint   TEXT    NOT NULL,
    status        BIGINT  NOT NULL,
    body          TEXT    NOT NULL,
    created_at_ms BIGINT  NOT NULL,
    PRIMARY KEY (merchant_id, key)
);

CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at_ms);

-- PhonePe: what was asked for, under which id, and when to look again. The row is written before the
-- call is made, so a process that dies in between finds it again and asks what became of it.
CREATE TABLE phonepe_attempts (
    seq            BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- transactionId or authRequestId.
    transaction_id TEXT    NOT NULL UNIQUE CHECK (length(transaction_id) BETWEEN 32 AND 35),
    order_id       TEXT    NOT NULL REFERENCES orders (id),
    number         BIGINT  NOT NULL CHECK (number BETWEEN 1 AND 9),
    -- What is asked for, as JSON; the amount stands in the order.
    ask            TEXT    NOT NULL,
    -- new: PhonePe does not know it. unsure: PhonePe may know it. open: PhonePe knows it. done.
    state          TEXT    NOT NULL CHECK (state IN ('new', 'unsure', 'open', 'done')),
    -- When PhonePe was first asked; the ladder counts from here.
    started_at_ms  BIGINT,
    -- How often in a row nothing was learnt.
    tries          BIGINT  NOT NULL DEFAULT 0,
    -- When somebody looks next; moved ahead by whoever is looking, so that nobody else does.
    next_at_ms     BIGINT  NOT NULL,
    -- When nobody looks any more.
    ends_at_ms     BIGINT  NOT NULL,
    UNIQUE (order_id, number),
    CHECK (state = 'new' OR started_at_ms IS NOT NULL OR state = 'done')
);

CREATE INDEX phonepe_attempts_due ON phonepe_attempts (next_at_ms) WHERE state <> 'done';
CREATE INDEX phonepe_attempts_state ON phonepe_attempts (state);
