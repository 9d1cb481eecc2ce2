-- Every second somebody asks which order's time is over. Of two indices that begin with the status,
-- SQLite took the one that does not know the deadline, and read every open order. Now there is one.
DROP INDEX orders_status;
DROP INDEX orders_overdue;
CREATE INDEX orders_standing ON orders (status, expires_at_ms);
