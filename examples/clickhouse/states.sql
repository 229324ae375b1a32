-- The view media_player_states: of each session, how often each player state
-- (mute, full screen, captions …) began, and for how long it was set, in seconds.

CREATE VIEW media_player_states AS
SELECT
  session,
  state_name,
  arrayCount((on, before) -> on AND NOT before, on_a,
    arrayPushFront(arrayPopBack(on_a), 0)) AS state_count,
  arraySum((on, t, next) -> if(on, next - t, 0), on_a, ts_a,
    arrayPopFront(arrayPushBack(ts_a, last_ts))) / 1000 AS state_time
FROM
(
  SELECT
    session,
    state_name,
    arraySort(groupArray((ts, seq, type = 'stateStart'))) AS steps,
    arrayMap(s -> tupleElement(s, 1), steps) AS ts_a,
    arrayMap(s -> tupleElement(s, 3), steps) AS on_a
  FROM media_events FINAL
  WHERE type IN ('stateStart', 'stateEnd')
  GROUP BY session, state_name
) AS changes
ANY LEFT JOIN
(
  SELECT session, max(ts) AS last_ts FROM media_events GROUP BY session
) AS ends USING session;
