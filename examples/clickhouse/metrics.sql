-- The table media_metrics: what media_sessions computes, kept. A query reads it
-- with FINAL: the row with the most events of a session is the last one.

CREATE TABLE media_metrics
ENGINE = ReplacingMergeTree(events)
ORDER BY session
AS SELECT * FROM media_sessions WHERE events = 0;
