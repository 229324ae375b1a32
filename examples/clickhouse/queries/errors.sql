-- Errors, and how many viewers have met them.
SELECT
  error_id,
  error_source,
  count() AS errors,
  uniqExact(installation) AS installations
FROM media_events FINAL
WHERE type = 'error'
GROUP BY error_id, error_source
ORDER BY errors DESC, error_id
LIMIT 20;
