-- The table that players insert into. One row is one event of one session, as
-- docs/design/wire-events.md#members describes it.
--
-- It works from ClickHouse 18.16 on. current.sql adds what that version lacks.

CREATE TABLE media_events
(
  id UUID,
  session UUID,
  seq UInt32,
  ts Int64,
  type String,
  playhead Float64,
  installation String,
  content_id String,
  content_name String,
  content_type String,
  stream_type String,
  player String,
  channel String,
  app_version String,
  library_version String,
  visitor_id String,
  length Float64,
  resume UInt8,
  ad_break_name String,
  ad_break_index UInt32,
  ad_break_offset Float64,
  ad_id String,
  ad_name String,
  ad_length Float64,
  ad_position UInt32,
  chapter_name String,
  chapter_index UInt32,
  chapter_offset Float64,
  chapter_length Float64,
  state_name String,
  error_id String,
  error_source String,
  bitrate Nullable(Int64),
  dropped_frames Nullable(Int64),
  fps Nullable(Int64),
  time_to_start Nullable(Int64),
  received DateTime MATERIALIZED now()
)
-- An event that is sent again has the same session, ts and id. It is removed
-- when parts are merged, and by FINAL in a query at once.
ENGINE = ReplacingMergeTree()
PARTITION BY toYYYYMM(toDateTime(intDiv(ts, 1000), 'UTC'))
ORDER BY (session, ts, id);
