-- Events that are missing or late: what can be trusted.
SELECT
  count() AS sessions,
  sum(lost_events) AS missing,
  sum(has_ended = 0) AS without_end
FROM media_sessions;
