-- The most viewers at one instant, and when that was.
SELECT
  arrayReduce('max', viewers) AS most,
  toDateTime(intDiv(arrayFirst((t, n) -> n = most, times, viewers), 1000), 'UTC')
    AS at
FROM
(
  SELECT
    arrayMap(c -> tupleElement(c, 1), changes) AS times,
    arrayCumSum(arrayMap(c -> tupleElement(c, 2), changes)) AS viewers
  FROM
  (
    SELECT arraySort(arrayConcat(
        groupArray((first_ts, toInt32(1))),
        groupArray((last_ts + 1, toInt32(-1))))) AS changes
    FROM media_sessions
  )
);
