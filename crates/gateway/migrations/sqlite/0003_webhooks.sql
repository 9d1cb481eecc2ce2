-- The outbox is delivered: how often it was tried, when next, and when nobody tries any more.

ALTER TABLE outbox ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN next_at_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN given_up_at_ms INTEGER;
-- What the last try came to, in a few words.
ALTER TABLE outbox ADD COLUMN last_answer TEXT;

DROP INDEX outbox_waiting;
CREATE INDEX outbox_due ON outbox (next_at_ms)
    WHERE delivered_at_ms IS NULL AND given_up_at_ms IS NULL;
CREATE INDEX outbox_listed ON outbox (merchant_id, seq);
