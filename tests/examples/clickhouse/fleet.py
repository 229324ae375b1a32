#!/usr/bin/env python3
# fleet: what one of Debian's clickhouse-server takes of a fleet of players
# (mediaheartbeat-replay --fleet), by how long the players collect. It is run by
# hand. The processor's time does not depend on what else the machine does; the rest
# does.
#
#     tests/examples/clickhouse/fleet.py --build build
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import json
import re
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

import engine

# send-interval, players, seconds: some thousand requests each.
FLEETS = ((0, 50, 600), (10, 50, 600), (60, 250, 600), (600, 500, 1800),
          (3600, 500, 3600))
TICKS = 100  # of a second, of /proc

TITLES = ("`send-interval`", "players", "seconds of theirs", "requests",
          "rows a request", "requests/s", "rows/s",
          "ms of processor a request", "rows a second of processor",
          "rows sent", "rows there")


def processor_time(pid):
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2]
    return sum(int(ticks) for ticks in fields.split()[11:13]) / TICKS


def send(replay, folder, server, fleet):
    """The figures that the fleet prints."""
    interval, n_players, seconds = fleet
    query = urllib.parse.urlencode({"query": engine.INSERT[0],
                                    **engine.INSERT[1]},
                                   quote_via=urllib.parse.quote)
    config = Path(folder, "fleet.json")
    config.write_text(json.dumps({"collection-server": f"{server.url}?{query}",
                                  "send-interval": interval}), "utf-8")
    text = subprocess.run(
        [replay, "--fleet", str(n_players), "--seconds", str(seconds),
         "--protocol", "events", "--send", "--config", config],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name.strip(): float(value) for name, value in re.findall(
        r"^(\D+?) {2,}([0-9.]+)", text, flags=re.MULTILINE)}


def measure(replay, folder, server, fleet):
    server.query("TRUNCATE TABLE media_events")
    before = processor_time(server.process.pid)
    got = send(replay, folder, server, fleet)
    used = processor_time(server.process.pid) - before
    there = server.select("SELECT count() AS n FROM media_events FINAL")[0]["n"]
    n_requests, n_rows = got["requests"], got["hits"]
    cells = (*fleet, int(n_requests), f"{n_rows / n_requests:.1f}",
             f"{n_requests / got['sent in']:.0f}",
             f"{n_rows / got['sent in']:.0f}",
             f"{used / n_requests * 1000:.1f}", f"{n_rows / used:.0f}",
             int(n_rows), there)
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)
    return there == n_rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=Path)
    replay = (parser.parse_args().build.resolve() /
              "examples/replay/mediaheartbeat-replay")
    with tempfile.TemporaryDirectory() as folder:
        server = engine.Server(folder)
        try:
            server.start()
            server.run_files("events.sql")
            print("| " + " | ".join(TITLES) + " |\n|" + " --- |" * len(TITLES))
            whole = [measure(replay, folder, server, fleet)
                     for fleet in FLEETS]
        finally:
            server.stop()
    sys.exit(0 if all(whole) else 1)


main()
