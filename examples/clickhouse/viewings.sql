-- The view media_viewings: sessions that resume each other as one viewing, as on
-- the collector's page. A session that is closed in a long pause has no end that
-- a viewer would call one: the next session of the same content on the same
-- installation goes on with it, if it has the flag resume. Where one of the two is
-- not told, nothing is known to go on.

CREATE VIEW media_viewings AS
SELECT
  installation,
  content_id,
  number AS viewing,
  max(tupleElement(step, 3)) AS content_name,
  max(tupleElement(step, 4)) AS content_length,
  max(tupleElement(step, 5)) AS is_live,
  count() AS sessions,
  arrayMap(s -> tupleElement(s, 2), arraySort(groupArray(
        (tupleElement(step, 1), tupleElement(step, 2))))) AS session_ids,
  toDateTime(intDiv(min(tupleElement(step, 1)), 1000), 'UTC') AS started,
  toDateTime(intDiv(max(tupleElement(step, 6)), 1000), 'UTC') AS last_event,
  max(tupleElement(step, 8)) AS content_starts,
  max(tupleElement(step, 9)) AS content_completes,
  sum(tupleElement(step, 10)) AS content_time,
  sum(tupleElement(step, 11)) AS media_time,
  sum(tupleElement(step, 12)) AS pause_time,
  sum(tupleElement(step, 13)) AS buffer_time,
  sum(tupleElement(step, 14)) AS stall_time,
  sum(tupleElement(step, 15)) AS error_count,
  max(tupleElement(step, 16)) AS progress_10,
  max(tupleElement(step, 17)) AS progress_25,
  max(tupleElement(step, 18)) AS progress_50,
  max(tupleElement(step, 19)) AS progress_75,
  max(tupleElement(step, 20)) AS progress_95
FROM
(
  -- One row for each content of each installation. `numbers` has, for each of its
  -- sessions, how many have begun anew until then.
  SELECT
    installation,
    content_id,
    arraySort(groupArray((first_ts, session, content_name, content_length,
          is_live, last_ts, content_resumes, content_starts, content_completes,
          content_time, media_time, pause_time, buffer_time, stall_time,
          error_count, ifNull(progress_10, 0), ifNull(progress_25, 0),
          ifNull(progress_50, 0), ifNull(progress_75, 0),
          ifNull(progress_95, 0)))) AS steps,
    arrayCumSum((s, i) -> tupleElement(s, 7) = 0 OR i = 1 OR
          installation = '' OR content_id = '', steps,
      arrayEnumerate(steps)) AS numbers
  FROM media_sessions
  GROUP BY installation, content_id
)
ARRAY JOIN steps AS step, numbers AS number
GROUP BY installation, content_id, number;
