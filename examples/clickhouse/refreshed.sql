-- The same as refresh.sql, done by a current server itself (24.10 or later). A view
-- that is run by each INSERT could not do it: it sees the rows that are inserted,
-- and not the session.

CREATE MATERIALIZED VIEW media_metrics_refresh
REFRESH EVERY 5 MINUTE APPEND TO media_metrics AS
SELECT * FROM media_sessions
WHERE session IN (
  SELECT session FROM media_events WHERE received > now() - 600);
