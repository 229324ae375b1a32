-- A cluster, second part: on each server, in `default`, what players and people use.
--
-- A session is on one shard, so each shard computes the metrics of its own sessions,
-- and media_sessions only puts the rows together. Then run viewings.sql here: one
-- viewing may have sessions on several shards.

CREATE TABLE media_events AS shard.media_events
ENGINE = Distributed(media, shard, media_events, cityHash64(toString(session)));

-- Each server makes it, so it cannot be sent along with the row.
ALTER TABLE media_events DROP COLUMN received;

CREATE TABLE media_sessions AS shard.media_sessions
ENGINE = Distributed(media, shard, media_sessions);

CREATE TABLE media_player_states AS shard.media_player_states
ENGINE = Distributed(media, shard, media_player_states);
