-- How long events take to arrive, in whole seconds.
SELECT
  count() AS events,
  quantileExact(0.5)(toUInt32(received) - intDiv(ts, 1000)) AS half,
  quantileExact(0.99)(toUInt32(received) - intDiv(ts, 1000)) AS most,
  max(toUInt32(received) - intDiv(ts, 1000)) AS longest
FROM media_events FINAL;
