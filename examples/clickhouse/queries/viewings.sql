-- Resumed sessions as one viewing: those of more than one session.
SELECT
  installation,
  content_id,
  sessions,
  started,
  last_event,
  round(content_time, 1) AS content_s,
  round(pause_time, 1) AS pause_s,
  content_completes AS completed
FROM media_viewings
WHERE sessions > 1
ORDER BY started
LIMIT 20;
