-- What is played, and how much of it: by content.
SELECT
  content_id,
  count() AS viewings,
  sum(sessions) AS sessions,
  sum(content_completes) AS completes,
  round(avg(content_time), 1) AS average_s,
  sum(progress_25) AS reached_25,
  sum(progress_50) AS reached_50,
  sum(progress_95) AS reached_95
FROM media_viewings
GROUP BY content_id
ORDER BY viewings DESC, content_id
LIMIT 20;
