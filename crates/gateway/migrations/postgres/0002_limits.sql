-- Rate limits that all processes share. A row is there only while somebody asks more than one process
-- lets pass by itself.
CREATE TABLE meters (
    -- What is limited, and whose calls.
    name            TEXT   PRIMARY KEY,
    -- When it will have run down: it has nothing to say after that.
    runs_down_at_ms BIGINT NOT NULL
);

CREATE INDEX meters_age ON meters (runs_down_at_ms);
