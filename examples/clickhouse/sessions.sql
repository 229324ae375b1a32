-- The view media_sessions: one row for each session, with the metrics that Adobe
-- reports. The rules are those of docs/guide/collector.md#metrics, and the tests
-- hold both to the same values.
--
-- ClickHouse 18.16 has no window functions. So the events of a session become
-- arrays, sorted by time, with one element for each event. Every function below
-- goes through such arrays side by side. No lambda uses an array as a whole:
-- ClickHouse would copy that array for each element.
--
-- A flag such as in_break is a running sum that never goes below 0: an event
-- that sets it adds 1, and an event that clears it takes off more than was added.

CREATE VIEW media_sessions AS
SELECT
  session,
  installation,
  content_id,
  content_name,
  content_type,
  content_length,
  is_live,
  player,
  channel,
  app_version,
  first_ts,
  last_ts,
  toDateTime(intDiv(first_ts, 1000), 'UTC') AS started,
  toDateTime(intDiv(last_ts, 1000), 'UTC') AS last_event,
  has_ended,
  events,
  lost_events,
  if(content_resumes, 0, 1) AS media_starts,
  content_resumes,
  content_starts,
  -- Over are sessions that have ended, and those that sent nothing for 10 minutes.
  content_starts = 0 AND (has_ended OR last_ts / 1000 + 600 < toUInt32(now()))
    AS drops_before_start,
  content_completes,
  content_time,
  content_time + ad_time AS media_time,
  ad_time,
  chapter_time,
  pause_count,
  pause_time,
  buffer_count,
  buffer_time,
  stall_count,
  stall_time,
  time_to_start,
  if(has_length, highest_started * 100 >= content_length * 10, NULL)
    AS progress_10,
  if(has_length, highest_started * 100 >= content_length * 25, NULL)
    AS progress_25,
  if(has_length, highest_started * 100 >= content_length * 50, NULL)
    AS progress_50,
  if(has_length, highest_started * 100 >= content_length * 75, NULL)
    AS progress_75,
  if(has_length, highest_started * 100 >= content_length * 95, NULL)
    AS progress_95,
  if(has_length, content_time / content_length, NULL)
    AS average_minute_audience,
  unique_time,
  toUInt32(floor((content_time + ad_time) / 1800)) + 1 AS estimated_streams,
  if(rate_time > 0, rate_sum / rate_time / 1000, NULL) AS average_bitrate,
  if(rate_time > 0, concat(
      toString(toInt64(floor(rate_sum / rate_time / 100000) * 100)), '-',
      toString(toInt64(floor(rate_sum / rate_time / 100000) * 100 + 99))), NULL)
    AS average_bitrate_bucket,
  bitrate_changes,
  dropped_frames,
  error_count,
  external_errors,
  ad_count,
  ad_completes,
  chapter_count,
  chapter_completes,
  if(content_starts AND NOT is_live, concat(
      '[', toString(toInt64(floor(lowest / 300) * 5)),
      '-', toString(toInt64(floor(highest / 300) * 5 + 5)), ']'), NULL)
    AS content_segment,
  content_time + ad_time + pause_time + buffer_time +
    ifNull(time_to_start, 0) / 1000 AS playback_time
FROM
(
  -- From arrays to sums. Times are seconds from here on.
  SELECT
    session, installation, content_id, content_name, content_type,
    content_length, is_live, player, channel, app_version, first_ts, last_ts,
    content_resumes, events, lost_events, time_to_start, dropped_frames,
    error_count, external_errors, lowest, highest,
    NOT is_live AND content_length > 0 AS has_length,
    arrayExists(k -> k IN ('sessionEnd', 'sessionComplete'), type_a)
      AS has_ended,
    arrayExists(k -> k = 'sessionComplete', type_a) AS content_completes,
    arrayExists(s -> s > 0, started_a) AS content_starts,
    arrayReduce('max', arrayMap((p, s) -> if(s > 0, p, -1.), playhead_a,
        started_a)) AS highest_started,
    greatest(arraySum((d, m) -> if(m, d, 0), dt_a, main_a) / 1000 -
        arraySum(s -> if(s > 0, s, 0), stall_a) / 1000, 0) AS content_time,
    arraySum((d, a, y) -> if(a AND y, d, 0), dt_a, ad_a, playing_a) / 1000
      AS ad_time,
    arraySum((d, c, m) -> if(c AND m, d, 0), dt_a, chapter_a, main_a) / 1000
      AS chapter_time,
    arraySum((d, s) -> if(s, d, 0), dt_a, paused_a) / 1000 AS pause_time,
    arraySum((d, s) -> if(s, d, 0), dt_a, buffering_a) / 1000 AS buffer_time,
    arrayCount((s, before) -> s AND NOT before, paused_a,
      arrayPushFront(arrayPopBack(paused_a), 0)) AS pause_count,
    arrayCount((s, before) -> s AND NOT before, buffering_a,
      arrayPushFront(arrayPopBack(buffering_a), 0)) AS buffer_count,
    arrayCount(s -> s >= 0, stall_a) AS stall_count,
    arraySum(s -> if(s > 0, s, 0), stall_a) / 1000 AS stall_time,
    arrayCount(k -> k = 'bitrateChange', type_a) AS bitrate_changes,
    arrayCount((k, b) -> k = 'adStart' AND b, type_a, break_a) AS ad_count,
    arrayCount((k, before) -> k = 'adComplete' AND before, type_a,
      arrayPushFront(arrayPopBack(ad_a), 0)) AS ad_completes,
    arrayCount(k -> k = 'chapterStart', type_a) AS chapter_count,
    arrayCount((k, before) -> k = 'chapterComplete' AND before, type_a,
      arrayPushFront(arrayPopBack(chapter_a), 0)) AS chapter_completes,
    -- What was played, as the part of the content that intervals cover.
    arraySum((x, next, covers) -> if(covers > 0, next - x, 0.),
      edge_x, arrayPopFront(arrayPushBack(edge_x, 0.)),
      arrayCumSum(edge_step)) AS unique_time,
    -- Each bitrate, times what was played until the next one.
    arraySum((r, played, next) -> r * (next - played), rate_a, rate_played,
      arrayPopFront(arrayPushBack(rate_played, played_all))) AS rate_sum,
    if(empty(rate_played), 0, played_all - rate_played[1]) AS rate_time
  FROM
  (
    SELECT
      *,
      arrayMap((from_t, next_t, last_t, from_i, next_i, m) ->
          if(m AND next_i - from_i >= 3 AND last_t - from_t >= 2000,
            next_t - from_t, -1),
        run_t, arrayPopFront(arrayPushBack(run_t, ts_a[-1])),
        arrayPopFront(arrayPushBack(run_before, ts_a[-1])), run_i,
        arrayPopFront(arrayPushBack(run_i, toInt64(length(ts_a)) + 1)),
        run_main) AS stall_a,
      arrayMap(x -> tupleElement(x, 1), edges) AS edge_x,
      arrayMap(x -> tupleElement(x, 2), edges) AS edge_step,
      arrayFilter(r -> r >= 0, bitrate_a) AS rate_a,
      arrayFilter((p, r) -> r >= 0, played_a, bitrate_a) AS rate_played,
      arraySum((d, y) -> if(y, d, 0), dt_a, playing_a) AS played_all
    FROM
    (
      SELECT
        *,
        -- A run is a row of events that show the same playhead while content
        -- plays. Others are runs of one event each.
        arrayFilter((t, n) -> n, ts_a, new_a) AS run_t,
        arrayFilter((t, n) -> n, arrayPushFront(arrayPopBack(ts_a),
            toInt64(0)), new_a) AS run_before,
        arrayFilter((i, n) -> n, arrayMap(i -> toInt64(i),
            arrayEnumerate(ts_a)), new_a) AS run_i,
        arrayFilter((m, n) -> n, main_a, new_a) AS run_main,
        -- A playhead that jumps is a seek: until then it went on playing.
        arraySort(arrayConcat(
          arrayFilter((x, m) -> m,
            arrayMap(p -> (p, toInt8(1)), playhead_a), main_a),
          arrayFilter((x, m) -> m,
            arrayMap((p, next, d) -> (p + if(next - p >= 0 AND
                  next - p <= d / 1000 * 1.5 + 1, next - p, d / 1000),
                toInt8(-1)),
              playhead_a,
              arrayPopFront(arrayPushBack(playhead_a, playhead_a[-1])), dt_a),
            main_a))) AS edges,
        -- Milliseconds played before each event.
        arrayPushFront(arrayPopBack(arrayCumSum((d, y) -> if(y, d, 0),
              dt_a, playing_a)), toInt64(0)) AS played_a
      FROM
      (
        SELECT
          *,
          arrayMap((m, m_before, p, p_before) ->
              NOT (m AND m_before AND p = p_before),
            main_a, arrayPushFront(arrayPopBack(main_a), 0), playhead_a,
            arrayPushFront(arrayPopBack(playhead_a), -1.)) AS new_a
        FROM
        (
          SELECT
            *,
            arrayMap((s, b) -> s AND NOT b, playing_a, break_a) AS main_a,
            arrayCumSum((k, b) -> k = 'play' AND NOT b, type_a, break_a)
              AS started_a,
            arrayMap(x -> x > 0, arrayCumSumNonNegative(arrayMap((k, b) ->
                  multiIf(k = 'adStart' AND b, 1,
                    k IN ('adComplete', 'adSkip', 'adBreakStart',
                      'adBreakComplete'), -1000000000, 0),
                type_a, break_a))) AS ad_a
          FROM
          (
            SELECT
              *,
              -- Until the next event, milliseconds.
              arrayPopFront(arrayPushBack(arrayDifference(ts_a), toInt64(0)))
                AS dt_a,
              arrayMap(x -> x > 0, arrayCumSumNonNegative(arrayMap(k ->
                    multiIf(k = 'play', 1, k IN ('pauseStart', 'bufferStart',
                        'sessionEnd', 'sessionComplete'), -1000000000, 0),
                  type_a))) AS playing_a,
              arrayMap(x -> x > 0, arrayCumSumNonNegative(arrayMap(k ->
                    multiIf(k = 'pauseStart', 1, k IN ('play', 'bufferStart',
                        'sessionEnd', 'sessionComplete'), -1000000000, 0),
                  type_a))) AS paused_a,
              arrayMap(x -> x > 0, arrayCumSumNonNegative(arrayMap(k ->
                    multiIf(k = 'bufferStart', 1, k IN ('play', 'pauseStart',
                        'sessionEnd', 'sessionComplete'), -1000000000, 0),
                  type_a))) AS buffering_a,
              arrayMap(x -> x > 0, arrayCumSumNonNegative(arrayMap(k ->
                    multiIf(k = 'adBreakStart', 1,
                      k = 'adBreakComplete', -1000000000, 0),
                  type_a))) AS break_a,
              arrayMap(x -> x > 0, arrayCumSumNonNegative(arrayMap(k ->
                    multiIf(k = 'chapterStart', 1,
                      k IN ('chapterComplete', 'chapterSkip'), -1000000000, 0),
                  type_a))) AS chapter_a
            FROM
            (
              SELECT
                session, installation, content_id, content_name,
                content_type, content_length, player, channel, app_version,
                content_resumes, first_ts, last_ts, events, lost_events,
                time_to_start, dropped_frames, error_count, external_errors,
                lowest, highest,
                content_length >= 86400 OR content_type IN ('live', 'linear')
                  AS is_live,
                arrayMap(e -> tupleElement(e, 1), steps) AS ts_a,
                arrayMap(e -> tupleElement(e, 3), steps) AS type_a,
                arrayMap(e -> tupleElement(e, 4), steps) AS playhead_a,
                arrayMap(e -> tupleElement(e, 5), steps) AS bitrate_a
              FROM
              (
                SELECT
                  session,
                  max(installation) AS installation,
                  max(content_id) AS content_id,
                  max(content_name) AS content_name,
                  max(content_type) AS content_type,
                  max(length) AS content_length,
                  max(resume) AS content_resumes,
                  max(player) AS player,
                  max(channel) AS channel,
                  max(app_version) AS app_version,
                  min(ts) AS first_ts,
                  max(ts) AS last_ts,
                  count() AS events,
                  max(seq) + 1 - uniqExact(seq) AS lost_events,
                  argMax(time_to_start, (ts, seq)) AS time_to_start,
                  argMax(dropped_frames, (ts, seq)) AS dropped_frames,
                  countIf(type = 'error') AS error_count,
                  countIf(type = 'error' AND
                      error_source NOT IN ('', 'player')) AS external_errors,
                  min(playhead) AS lowest,
                  max(playhead) AS highest,
                  arraySort(groupArray((ts, seq, type, playhead,
                        ifNull(bitrate, -1)))) AS steps
                FROM media_events FINAL
                GROUP BY session
              )
            )
          )
        )
      )
    )
  )
);
