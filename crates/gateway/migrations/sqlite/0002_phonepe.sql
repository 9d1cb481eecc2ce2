-- PhonePe: what was asked for, under which id, and when to look again.

-- Who is asked to approve, masked; for collect requests.
ALTER TABLE orders ADD COLUMN payer TEXT;

-- One row for each id that PhonePe was given, or is about to be given: the row is written before the
-- call is made, so a process that dies in between finds it again and asks what became of it.
CREATE TABLE phonepe_attempts (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    -- transactionId or authRequestId.
    transaction_id TEXT    NOT NULL UNIQUE CHECK (length(transaction_id) BETWEEN 32 AND 35),
    order_id       TEXT    NOT NULL REFERENCES orders (id),
    number         INTEGER NOT NULL CHECK (number BETWEEN 1 AND 9),
    -- What is asked for, as JSON; the amount stands in the order.
    ask            TEXT    NOT NULL,
    -- new: PhonePe does not know it. unsure: PhonePe may know it. open: PhonePe knows it. done.
    state          TEXT    NOT NULL CHECK (state IN ('new', 'unsure', 'open', 'done')),
    -- When PhonePe was first asked; the ladder counts from here.
    started_at_ms  INTEGER,
    -- How often in a row nothing was learnt.
    tries          INTEGER NOT NULL DEFAULT 0,
    -- When somebody looks next; moved ahead by whoever is looking, so that nobody else does.
    next_at_ms     INTEGER NOT NULL,
    -- When nobody looks any more.
    ends_at_ms     INTEGER NOT NULL,
    UNIQUE (order_id, number),
    CHECK (state = 'new' OR started_at_ms IS NOT NULL OR state = 'done')
) STRICT;

CREATE INDEX phonepe_attempts_due ON phonepe_attempts (next_at_ms) WHERE state <> 'done';
-- For the numbers that operators read.
CREATE INDEX phonepe_attempts_state ON phonepe_attempts (state);
