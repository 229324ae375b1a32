#!/usr/bin/env python3
# clickhouse-cluster: the cluster of examples/clickhouse: two shards of two replicas.
# While players send, the replica that they send to is killed, and then both of the
# other shard. When all are back, nothing is lost, each event is there once, replicas
# agree, and the metrics are those that the collector computes.
#
#     tests/examples/clickhouse/cluster.py --build build
#
# It is run by hand: five servers and six players take a minute, or two where others
# work as well. Skipped without clickhouse-server, zookeeper and java.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import engine
import sample
import view
from players import Players
from relay import Relay

NAMES = ("s1r1", "s1r2", "s2r1", "s2r2")
N_PLAYERS = 6
LONG = 180  # seconds, for replicas to have the same
N_PORTS = 50
CHUNK = 500  # rows of a request, as a player sends at most

n_checks = 0
n_faults = 0


def check(holds, what):
    global n_checks, n_faults
    n_checks += 1
    n_faults += not holds
    print(f"{'ok' if holds else 'not ok'} {n_checks} - {what}", flush=True)


def missing():
    if not engine.has_server():
        return "clickhouse-server"
    if not Path("/usr/share/java/zookeeper.jar").exists():
        return "zookeeper"
    return None if shutil.which("java") else "java"


class Cluster:
    def __init__(self, folder):
        self.folder = folder
        self.port = free_ports()
        self.servers = {name: engine.Server(folder, self.port + 10 * number)
                        for number, name in enumerate(NAMES)}
        self.process = None
        self.again = []

    def start(self):
        self.process = self.run("cluster.sh", self.folder, str(self.port))
        self.wait_for(lambda: all(self.is_ready(name) for name in NAMES))
        subprocess.run([engine.EXAMPLE / "cluster-tables.sh", str(self.port)],
                       check=True)

    @staticmethod
    def run(name, *arguments):
        return subprocess.Popen([engine.EXAMPLE / name, *arguments],
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def is_ready(self, name):
        """Whether it answers, and has found zookeeper."""
        try:
            return bool(self.servers[name].query(
                "SELECT name FROM system.zookeeper WHERE path = '/'"))
        except (OSError, engine.EngineError):
            return False

    def wait_for(self, happens):
        if not engine.wait_for(happens, self.process):
            raise engine.EngineError("the cluster does not get there")

    def kill(self, *names):
        for name in names:
            pid = int(Path(self.folder, f"{name}.pid").read_text("utf-8"))
            os.kill(pid, signal.SIGKILL)
        self.wait_for(lambda: not any(self.servers[name].answers()
                                      for name in names))

    def restart(self, *names):
        self.again += [self.run("cluster.sh", "--start", name, self.folder,
                                str(self.port)) for name in names]
        self.wait_for(lambda: all(self.is_ready(name) for name in names))

    def count(self, name, table="shard.media_events"):
        try:
            return self.servers[name].select(
                f"SELECT count() AS n FROM {table} FINAL")[0]["n"]
        except (OSError, engine.EngineError):
            return -1

    def stop(self):
        for name in (*NAMES, "zookeeper"):
            try:
                pid = int(Path(self.folder, f"{name}.pid").read_text("utf-8"))
                os.kill(pid, signal.SIGKILL)
            except (OSError, ValueError):
                continue
        for process in (*self.again, self.process):
            if process is not None:
                process.wait()


def is_free(port):
    with socket.socket() as listener:
        try:
            listener.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_ports():
    """A port with as many behind it as cluster.sh takes. They are none of those that
    connections get: a server that is started again has to find its own free."""
    for port in random.sample(range(10000, 32000, N_PORTS), 50):
        if all(is_free(port + number) for number in range(N_PORTS)):
            return port
    raise engine.EngineError("no free ports")


class Load:
    """The rows of sample, sent in parts by way of the relay. One request of each
    part is sent twice, as after a lost answer. What is not taken is sent again with
    the next part, as players do."""

    def __init__(self, rows, relay):
        self.relay = relay
        self.chunks = [rows[first:first + CHUNK]
                       for first in range(0, len(rows), CHUNK)]
        self.n_per_part = -(-len(self.chunks) // 5)
        self.refused = []

    def send_part(self):
        part = self.refused + self.chunks[:self.n_per_part]
        self.chunks = self.chunks[self.n_per_part:]
        self.refused = []
        for chunk in (*part, *part[:1]):
            self.send(chunk)

    def send(self, chunk):
        try:
            engine.Server("", self.relay.http.server_address[1]).insert(chunk)
        except (OSError, engine.EngineError):
            self.refused.append(chunk)

    def is_done(self):
        self.send_part()
        return not self.refused


def send_with_faults(cluster, load):
    load.send_part()
    cluster.kill("s1r1")
    load.send_part()
    cluster.kill("s2r1", "s2r2")
    load.send_part()
    check(load.refused, "a shard is away: rows for it are not taken")
    check(cluster.count("s1r2", "media_events") == -1,
          "a shard is away: the whole cannot be read")
    check(cluster.servers["s1r2"].query(
        "SELECT count() > 0 FROM media_sessions",
        skip_unavailable_shards=1).strip() == "1",
        "a shard is away: what is on the other one can be read")
    cluster.restart("s2r1", "s2r2")
    load.send_part()
    cluster.restart("s1r1")
    load.send_part()
    cluster.wait_for(load.is_done)


def sent_ids(relay):
    with relay.changed:
        return {row["id"] for request in relay.requests for row in request.rows}


def list_set_aside(folder):
    """What servers did not take back when they were started again."""
    for pattern in ("*/data/data/*/media_events/*/broken/*",
                    "*/data/data/*/media_events/detached/*",
                    "*/data/data/default/media_events/*/*.bin"):
        for path in Path(folder).glob(pattern):
            print(f"# set aside: {path.relative_to(folder)}")


def tell_missing(cluster, relay):
    """How it went with what is not there."""
    there = {row["id"] for row in cluster.servers["s1r1"].select(
        "SELECT id FROM media_events")}
    for request in relay.requests:
        for row in request.rows:
            if row["id"] not in there:
                print(f"# missing: {row}, answered {request.status}")
                list_set_aside(cluster.folder)
    for reason in relay.passed:
        print(f"# asked the next one: {reason.decode('utf-8', 'replace')[:150]}")


def check_events(cluster, relay):
    relay.wait_for_rest()
    n_sent = len(sent_ids(relay))
    engine.wait_for(lambda: cluster.count("s1r1", "media_events") == n_sent,
                    cluster.process)
    engine.wait_for(lambda: cluster.count("s1r1") == cluster.count("s1r2") and
                    cluster.count("s2r1") == cluster.count("s2r2"),
                    cluster.process, LONG)
    tell_missing(cluster, relay)
    counts = {name: cluster.count(name) for name in NAMES}
    check(counts["s1r1"] == counts["s1r2"] and
          counts["s2r1"] == counts["s2r2"] and min(counts.values()) > 0,
          f"replicas have the same: {counts}")
    for name in NAMES:
        n_events = cluster.count(name, "media_events")
        n_ids = cluster.servers[name].select(
            "SELECT uniqExact(id) AS n FROM media_events")[0]["n"]
        check(n_events == n_ids == n_sent,
              f"{name}: {n_sent} events sent, {n_events} there, {n_ids} IDs")


def check_players(cluster):
    rows = cluster.servers["s2r2"].select(
        "SELECT count() AS n, sum(lost_events) AS lost, sum(has_ended) AS ended "
        "FROM media_sessions WHERE content_id LIKE 'player-%'")[0]
    check(rows == {"n": N_PLAYERS, "lost": 0, "ended": N_PLAYERS},
          f"the players' sessions are whole: {rows}")


def check_metrics(cluster, rows, build):
    collector = view.Collector(build)
    try:
        collector.send(rows)
        ours = [[row for row in cluster.servers["s2r1"].select(
                     f"SELECT * FROM {name}")
                 if not str(row.get("content_id")).startswith("player-")]
                for name in view.VIEWS[:3]]
        faults = list(view.compare(*ours, collector))
    finally:
        collector.stop()
    for fault in faults[:10]:
        print(f"# {fault}")
    check(not faults and len(ours[0]) == len({row["session"] for row in rows}),
          f"{len(ours[0])} sessions, {len(ours[2])} viewings: "
          f"{len(faults)} values differ from the collector's")


def run(cluster, relay, players, build):
    cluster.start()
    rows = sample.rows_of(build / "examples/replay/mediaheartbeat-replay")
    running = [players.start(f"player-{number}", 20)
               for number in range(N_PLAYERS)]
    send_with_faults(cluster, Load(rows, relay))
    check(all(player.wait(120) == 0 for player in running),
          "the players have ended")
    # They may have left something to the next one.
    players.start("later", 2).wait(60)
    check_events(cluster, relay)
    check_players(cluster)
    later = sessions_of(relay, "later")
    rows += [row for request in relay.requests for row in request.rows
             if row["session"] in later]
    check_metrics(cluster, list({row["id"]: row for row in rows}.values()),
                  build)


def sessions_of(relay, media_id):
    return {row["session"] for request in relay.requests
            for row in request.rows if row.get("content_id") == media_id}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=Path)
    build = parser.parse_args().build.resolve()
    if missing():
        print(f"1..0 # SKIP {missing()} is missing")
        sys.exit(0)
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(folder)
        relay = Relay(*(server.port for server in cluster.servers.values()))
        players = Players(build, folder, relay.url)
        try:
            run(cluster, relay, players, build)
        finally:
            players.stop()
            relay.stop()
            cluster.stop()
    print(f"1..{n_checks}")
    sys.exit(1 if n_faults else 0)


main()
