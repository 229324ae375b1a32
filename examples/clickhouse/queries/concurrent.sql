-- Viewers at the same time, by minute.
--
-- They are the sessions that told something in that minute and had not ended. A ping
-- comes every 10 s, also in a pause; of downloaded content it comes every 50 s.
SELECT
  toStartOfMinute(toDateTime(intDiv(ts, 1000), 'UTC')) AS minute,
  uniqExact(session) AS viewers,
  uniqExact(installation) AS installations
FROM media_events
WHERE type NOT IN ('sessionEnd', 'sessionComplete')
GROUP BY minute
ORDER BY minute;
