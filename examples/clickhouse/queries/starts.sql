-- Starts, completes and time spent, by day.
SELECT
  toDate(started, 'UTC') AS day,
  sum(media_starts) AS starts,
  sum(content_starts AND NOT content_resumes) AS content_starts,
  sum(drops_before_start) AS dropped,
  sum(content_completes) AS completes,
  round(sum(content_time), 1) AS content_s,
  round(sum(ad_time), 1) AS ad_s
FROM media_sessions
GROUP BY day
ORDER BY day;
