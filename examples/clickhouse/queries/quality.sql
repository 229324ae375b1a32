-- Quality by application and version: ratios are of the time that was watched.
SELECT
  player,
  app_version,
  count() AS sessions,
  round(sum(buffer_time) / (sum(media_time) + sum(buffer_time)), 4)
    AS buffering_ratio,
  round(sum(stall_time) / (sum(media_time) + sum(stall_time)), 4)
    AS stall_ratio,
  round(avg(time_to_start)) AS start_ms,
  round(quantile(0.9)(time_to_start)) AS start_ms_90,
  round(avg(average_bitrate)) AS kbit_s,
  sum(dropped_frames) AS dropped_frames,
  round(sum(error_count > 0) / count(), 4) AS with_errors
FROM media_sessions
GROUP BY player, app_version
ORDER BY sessions DESC;
