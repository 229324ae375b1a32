-- How often each ad began.
SELECT
  ad_id,
  count() AS starts
FROM media_events FINAL
WHERE type = 'adStart'
GROUP BY ad_id
ORDER BY starts DESC, ad_id
LIMIT 20;
