-- What ClickHouse 18.16 does not have, for a current server (24.10 or later):
-- run it after events.sql, before sessions.sql. It adds the two members that are
-- objects, keeps events for 13 months, and makes repeated words cheap.

ALTER TABLE media_events
  ADD COLUMN metadata Map(LowCardinality(String), String) AFTER resume,
  ADD COLUMN customer_ids Map(LowCardinality(String), String) AFTER visitor_id;

ALTER TABLE media_events
  MODIFY COLUMN type LowCardinality(String),
  MODIFY COLUMN content_type LowCardinality(String),
  MODIFY COLUMN stream_type LowCardinality(String),
  MODIFY COLUMN player LowCardinality(String),
  MODIFY COLUMN channel LowCardinality(String),
  MODIFY COLUMN app_version LowCardinality(String),
  MODIFY COLUMN library_version LowCardinality(String);

ALTER TABLE media_events
  MODIFY TTL toDateTime(intDiv(ts, 1000), 'UTC') + INTERVAL 13 MONTH;
