#!/usr/bin/env python3
# clickhouse-view: the view media_sessions of examples/clickhouse has the values
# that the collector computes of the same rows. They are those of all scenarios,
# and of hundreds of sessions that are made by chance.
#
#     tests/examples/clickhouse/view.py --build build --engine chdb
#     tests/examples/clickhouse/view.py --build build --engine server
#
# Skipped where the engine is missing.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import engine
import sample

SKIPPED = 77

# The collector's JSON has three decimals.
ROUNDING = 0.00051

# Of the view, and of the collector. What depends on whether a session is closed is
# not here: the collector goes by when it heard of it, the view by its last event.
METRICS = {
    "media_starts": "mediaStarts",
    "content_resumes": "contentResumes",
    "content_starts": "contentStarts",
    "content_completes": "contentCompletes",
    "content_time": "contentTimeSpent",
    "media_time": "mediaTimeSpent",
    "ad_time": "adTimeSpent",
    "chapter_time": "chapterTimeSpent",
    "pause_count": "pauseEvents",
    "pause_time": "totalPauseDuration",
    "buffer_count": "bufferEvents",
    "buffer_time": "totalBufferDuration",
    "stall_count": "stallEvents",
    "stall_time": "totalStallingDuration",
    "time_to_start": "timeToStart",
    "progress_10": "progress10",
    "progress_25": "progress25",
    "progress_50": "progress50",
    "progress_75": "progress75",
    "progress_95": "progress95",
    "average_minute_audience": "averageMinuteAudience",
    "unique_time": "uniqueTimePlayed",
    "estimated_streams": "estimatedStreams",
    "average_bitrate": "averageBitrate",
    "average_bitrate_bucket": "averageBitrateBucket",
    "bitrate_changes": "bitrateChanges",
    "dropped_frames": "droppedFrames",
    "error_count": "errorEvents",
    "external_errors": "externalErrors",
    "ad_count": "adCount",
    "ad_completes": "adCompletes",
    "chapter_count": "chapterCount",
    "chapter_completes": "chapterCompletes",
    "content_segment": "contentSegment",
    "playback_time": "playbackTimeSpent",
}


class Collector:
    def __init__(self, build):
        self.folder = tempfile.TemporaryDirectory()
        port_file = Path(self.folder.name) / "port"
        self.process = subprocess.Popen(
            [build / "examples/collector/mediaheartbeat-collector",
             "--port", "0", "--port-file", port_file],
            stdout=subprocess.DEVNULL)
        if not engine.wait_for(port_file.exists, self.process):
            raise engine.EngineError("the collector does not start")
        self.url = f"http://127.0.0.1:{port_file.read_text('utf-8').strip()}"
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}))

    def send(self, rows):
        for first in range(0, len(rows), 200):
            body = "".join(json.dumps(row) + "\n"
                           for row in rows[first:first + 200])
            self.opener.open(urllib.request.Request(
                self.url + "/events", body.encode("utf-8"),
                {"Content-Type": "application/x-ndjson"}), timeout=30).close()

    def session(self, session):
        with self.opener.open(f"{self.url}/sessions/{session}",
                              timeout=30) as answer:
            return json.load(answer)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


VIEWS = ("media_sessions", "media_player_states", "media_viewings",
         "media_metrics FINAL")
FILES = ("sessions.sql", "states.sql", "viewings.sql", "metrics.sql")
QUERIES = sorted(path.name for path in (engine.EXAMPLE / "queries").iterdir())


def from_server(rows):
    """The rows of each of VIEWS, and then of each of QUERIES."""
    with tempfile.TemporaryDirectory() as folder:
        server = engine.Server(folder)
        try:
            server.start()
            server.run_files("events.sql", *FILES)
            # Twice, as after a lost answer.
            for _ in range(2):
                server.insert(rows)
            server.run_files("refresh.sql")
            return [server.select(text) for text in questions()]
        finally:
            server.stop()


def from_chdb(rows, modules):
    chdb = engine.Chdb(modules)
    if not chdb.fetch():
        skip(f"{engine.CHDB} cannot be fetched")
    chdb.add_files("events.sql", "current.sql", *FILES)
    for _ in range(2):
        chdb.add_rows(rows)
    chdb.add_files("refreshed.sql")
    for what in ("REFRESH", "WAIT"):
        chdb.add(f"SYSTEM {what} VIEW media_metrics_refresh")
    n_before = len(chdb.work)
    for text in questions():
        chdb.add(f"{text} SETTINGS output_format_json_quote_64bit_integers=0")
    return [[json.loads(line) for line in text.splitlines()]
            for text in chdb.run()[n_before:]]


def questions():
    return ([f"SELECT * FROM {view}" for view in VIEWS] +
            [engine.statements(f"queries/{name}")[0] for name in QUERIES])


def skip(reason):
    print(reason)
    sys.exit(SKIPPED)


def differs(ours, theirs):
    if ours is None or theirs is None or isinstance(theirs, str):
        return ours != theirs
    return abs(ours - theirs) > ROUNDING


def compare_metrics(row, told):
    metrics = {metric["id"]: metric.get("value") for metric in told["metrics"]}
    for column, metric in METRICS.items():
        if differs(row[column], metrics.get(metric)):
            yield f"{column}: {row[column]}, collector {metrics.get(metric)}"
    # All of them are days old.
    if row["drops_before_start"] == row["content_starts"]:
        yield f"drops_before_start: {row['drops_before_start']}"


def compare_states(rows, told):
    ours = {row["state_name"]: row for row in rows}
    # The collector lists no state that has only ended.
    theirs = {state["name"]: state for state in told["playerStates"]}
    for name, row in ours.items():
        state = theirs.get(name, {"count": 0, "time": 0})
        if row["state_count"] != state["count"] or differs(
                row["state_time"], state["time"]):
            yield f"state {row}, collector {state}"
    if set(theirs) - set(ours):
        yield f"states {set(theirs) - set(ours)} are missing"


def compare_viewing(ids, told):
    theirs = [session["id"] for session in told["viewing"]]
    if ids != theirs:
        yield f"viewing {ids}, collector {theirs}"


def compare(sessions, states, viewings, collector):
    """Lines, one for each value that is not the collector's."""
    viewing_of = {session: row["session_ids"] for row in viewings
                  for session in row["session_ids"]}
    for row in sessions:
        session = row["session"]
        told = collector.session(session)
        for fault in (
                *compare_metrics(row, told),
                *compare_states([state for state in states
                                 if state["session"] == session], told),
                *compare_viewing(viewing_of[session], told)):
            yield f"{session}: {fault}"


def list_untold(sessions, states, viewings):
    """What no session has shows nothing about how it is computed."""
    for column in METRICS:
        if all(row[column] in (None, 0, False) for row in sessions):
            yield f"{column}: not in any session"
    if not any(row["state_time"] for row in states):
        yield "no player states"
    if max(row["sessions"] for row in viewings) < 3:
        yield "no viewing of three sessions"


def most_at_once(sessions):
    changes = sorted([(row["first_ts"], 1) for row in sessions] +
                     [(row["last_ts"] + 1, -1) for row in sessions])
    n = most = 0
    for _, change in changes:
        n += change
        most = max(most, n)
    return most


def compare_rest(sessions, metrics, answers):
    """What is kept of the view, and what the queries make of it."""
    def order(row):
        return row["session"]

    if sorted(metrics, key=order) != sorted(sessions, key=order):
        yield "media_metrics has something else"
    for name, rows in answers.items():
        if not rows:
            yield f"{name}: no rows"
    starts = sum(row["starts"] for row in answers["starts.sql"])
    if starts != sum(row["media_starts"] for row in sessions):
        yield f"starts.sql: {starts}"
    peak = answers["peak.sql"][0]["most"]
    if peak != most_at_once(sessions):
        yield f"peak.sql: {peak}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--modules", type=Path)
    parser.add_argument("--engine", choices=["chdb", "server"], required=True)
    options = parser.parse_args()
    if options.engine == "server" and not engine.has_server():
        skip("clickhouse-server is missing")
    if options.engine == "chdb" and engine.Chdb.missing():
        skip("missing: " + ", ".join(engine.Chdb.missing()))
    rows = sample.rows_of(
        options.build / "examples/replay/mediaheartbeat-replay")
    sessions, states, viewings, metrics, *answers = (
        from_server(rows) if options.engine == "server" else
        from_chdb(rows, options.modules or options.build / "tests/npm-chdb"))
    collector = Collector(options.build)
    try:
        collector.send(rows)
        faults = [
            *compare(sessions, states, viewings, collector),
            *list_untold(sessions, states, viewings),
            *compare_rest(sessions, metrics, dict(zip(QUERIES, answers)))]
    finally:
        collector.stop()
    n_sessions = len({row["session"] for row in rows})
    if len(sessions) != n_sessions:
        faults.append(f"{len(sessions)} sessions instead of {n_sessions}")
    for line in faults[:40]:
        print(line)
    print(f"{len(rows)} rows, {n_sessions} sessions in {len(viewings)} viewings,"
          f" {len(METRICS)} metrics of each: {len(faults)} differ")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
