#!/usr/bin/env python3
# clickhouse-delivery: players with protocol=events and ClickHouse. What
# they tell arrives, and each event is there once: also where answers are lost,
# where the server is killed and comes back, where a player has ended meanwhile,
# and where a row is such that the table does not take it.
#
#     tests/examples/clickhouse/delivery.py --build build [--engine chdb]
#
# `server` is Debian's clickhouse-server, `chdb` a current engine by npm. It is skipped
# where the engine is not to be had.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import signal
import sys
import tempfile
from pathlib import Path

import engine
from players import Players
from relay import Relay

SKIPPED = 77
STRICT = "media_events_strict"

n_checks = 0
n_faults = 0


def check(holds, what):
    global n_checks, n_faults
    n_checks += 1
    n_faults += not holds
    print(f"{'ok' if holds else 'not ok'} {n_checks} - {what}", flush=True)


def told(relay, media_id):
    """All rows of the content's sessions that a player has sent: id to row."""
    with relay.changed:
        rows = [row for request in relay.requests for row in request.rows]
    sessions = {row["session"] for row in rows
                if row.get("content_id") == media_id}
    return {row["id"]: row for row in rows if row["session"] in sessions}


def stored(server, media_id, relay, table="media_events"):
    ids = ", ".join(f"'{row_id}'" for row_id in told(relay, media_id))
    return server.select(f"SELECT id, seq, type FROM {table} FINAL "
                         f"WHERE toString(id) IN ({ids}) ORDER BY ts")


def is_done(relay, server, media_id):
    """Whether the end of the content's session is stored."""
    def happens(requests):
        rows = told(relay, media_id)
        last = [row["id"] for row in rows.values()
                if row["type"] == "sessionComplete"]
        return any(last and last[0] in request.ids and request.status == 200
                   for request in requests)
    return relay.wait_for(happens)


def check_whole(server, relay, media_id, without=()):
    """Each event of the session once, in the data base."""
    check(is_done(relay, server, media_id), f"{media_id}: the end has arrived")
    rows = stored(server, media_id, relay)
    types = [row["type"] for row in rows]
    check([row["seq"] for row in rows] == list(range(len(rows))),
          f"{media_id}: {len(rows)} events, each once: {types}")
    check(types[:2] == ["sessionStart", "play"] and
          types[-1] == "sessionComplete", f"{media_id}: from start to end")


def check_lost(server, relay):
    check_whole(server, relay, "lost")
    with relay.changed:
        lost = [request for request in relay.requests if request.is_lost]
        others = [request for request in relay.requests
                  if not request.is_lost]
    check(len(lost) >= 2 and all(request.status == 200 for request in lost),
          f"lost: {len(lost)} requests were taken, and the player not told")
    again = {row_id for request in others for row_id in request.ids}
    check(all(request.ids <= again for request in lost),
          "lost: their events were sent again")


def check_poison(server, relay, player):
    check(is_done(relay, server, "poison"),
          "poison: what follows the row that is wrong arrives")
    rows = stored(server, "poison", relay, STRICT)
    sent = told(relay, "poison")
    missing = [row["type"] for row_id, row in sent.items()
               if row_id not in {row["id"] for row in rows}]
    check(missing == ["sessionStart"],
          f"poison: {len(rows)} rows are there, without {missing}")
    warnings = [line for line in player.stdout if line.startswith("WARNING")]
    check(len(warnings) == 1 and "Cannot parse" in warnings[0],
          f"poison: the player is told why: {warnings}")


def has_failed(media_id, relay, times):
    """Whether so many requests of it have met no server."""
    def happens(requests):
        ids = set(told(relay, media_id))
        return sum(1 for request in requests
                   if request.status is None and request.ids & ids) >= times
    return relay.wait_for(happens)


def play_meanwhile(server, relay, players):
    """One player plays on while the server is away, another one comes and goes."""
    players.start("outage", 9)
    check(relay.wait_for(lambda requests: any(
        request.status == 200 for request in requests
        if request.ids & set(told(relay, "outage")))),
        "outage: it begins")
    server.stop(signal.SIGKILL)
    ended = players.start("ended", 2, flush_timeout=1)
    check(has_failed("outage", relay, 2), "outage: the server is away")
    check(ended.wait(60) == 0, "ended: its player has left meanwhile")
    before = len(relay.requests)
    server.start()
    return before


def check_outage(server, relay, before):
    check_whole(server, relay, "outage")
    with relay.changed:
        since = [request for request in relay.requests[before:]
                 if request.status == 200]
    n_rows = [len(request.rows) for request in since]
    check(max(n_rows) > 2, f"outage: caught up in requests of {n_rows} rows")


def run(server, relay, players):
    server.run_files("events.sql", *server.files, "sessions.sql")
    server.query(f"CREATE TABLE {STRICT} AS media_events")
    server.query(f"ALTER TABLE {STRICT} MODIFY COLUMN app_version UInt32")
    relay.lose.add("lost")
    players.start("plain", 4)
    players.start("lost", 4)
    poison = players.start("poison", 4, STRICT, app_version="2.0-beta")
    check_whole(server, relay, "plain")
    check_lost(server, relay)
    check_poison(server, relay, poison)
    before = play_meanwhile(server, relay, players)
    check_outage(server, relay, before)
    # Its own player is gone: another one delivers what it has left.
    players.start("later", 3)
    check_whole(server, relay, "ended")
    check_whole(server, relay, "later")
    row = server.select("SELECT count() AS n, sum(lost_events) AS lost, "
                        "min(content_time) AS least FROM media_sessions")[0]
    check(row["n"] == 5 and row["lost"] == 0 and row["least"] > 1,
          f"the metrics of all sessions: {row}")


def missing(name, chdb):
    """What the engine lacks."""
    if name == "server":
        return None if engine.has_server() else "clickhouse-server"
    if chdb.missing():
        return chdb.missing()[0]
    return None if chdb.fetch() else engine.CHDB


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--engine", choices=("server", "chdb"),
                        default="server")
    options = parser.parse_args()
    chdb = engine.Chdb(options.build.resolve() / "tests/npm-chdb")
    if missing(options.engine, chdb):
        print(f"1..0 # SKIP {missing(options.engine, chdb)} is missing")
        sys.exit(0)
    with tempfile.TemporaryDirectory() as folder:
        server = (engine.Server(f"{folder}/clickhouse")
                  if options.engine == "server" else
                  engine.ChdbServer(chdb.modules, f"{folder}/clickhouse"))
        relay = Relay(server.port)
        players = Players(options.build.resolve(), folder, relay.url)
        try:
            server.start()
            run(server, relay, players)
        finally:
            players.stop()
            relay.stop()
            server.stop()
    print(f"1..{n_checks}")
    sys.exit(1 if n_faults else 0)


main()
