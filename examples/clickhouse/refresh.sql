-- Computes the sessions again of which something came in the last ten minutes.
-- ClickHouse 18.16 has no refreshed views: run this from cron every five minutes.

INSERT INTO media_metrics
SELECT * FROM media_sessions
WHERE session IN (
  SELECT session FROM media_events WHERE received > now() - 600);
