#!/usr/bin/env python3
# Tests of mediaheartbeat-replay --fleet: the traffic of many players, as figures
# and as requests.
#
#     tests/examples/fleet.py build/examples/replay/mediaheartbeat-replay \
#         build/examples/collector/mediaheartbeat-collector
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import collections
import http.server
import json
import subprocess
import sys
import tempfile
import threading

PROTOCOLS = ("media-collection", "media-edge", "events", "cmcd")
# What some of the protocols need; the others do not read it.
CONFIG = {"datastream-id": "ds-1", "channel": "kiosk", "player-name": "fleet",
          "tracking-server": "t.example", "report-suite": "suite",
          "org-id": "0123456789ABCDEF01234567@AdobeOrg"}

replay, collector = sys.argv[1:3]
faults = []


def expect(what, wanted, got):
    if got != wanted:
        faults.append(f"{what}: {got!r} instead of {wanted!r}")


def run(*options, **config):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({**CONFIG, **config}, file)
        file.flush()
        return subprocess.run([replay, "--config", file.name, *options],
                              capture_output=True, text=True, check=False)


def figures(text):
    """The lines of a name, two spaces and a number."""
    found = {}
    for line in text.splitlines():
        name, value = line[:28].strip(), line[28:].split()
        found[name] = float(value[0])
    return found


def count(protocol, *options, **config):
    done = run("--fleet", "50", "--protocol", protocol, *options, **config)
    expect(f"{protocol} {options}: status", 0, done.returncode)
    return figures(done.stdout)


def check_figures():
    """Viewers do the same whatever the protocol is; nothing gets lost."""
    for protocol in PROTOCOLS:
        got = count(protocol)
        for name, wanted in (("players", 50), ("seconds", 3600),
                             ("sessions", 106), ("sessions resumed", 1),
                             ("calls refused", 0), ("hits", HITS),
                             ("hits taken", HITS), ("hits given up", 0),
                             ("hits waiting", 0), ("requests that failed", 0)):
            expect(f"{protocol}: {name}", wanted, got[name])
        if protocol in ("media-collection", "media-edge"):
            expect(f"{protocol}: requests", HITS, got["requests"])
        else:
            expect(f"{protocol}: joined", True, got["requests"] < HITS)


def check_seed():
    first = run("--fleet", "20", "--seed", "7").stdout
    expect("the same seed", first, run("--fleet", "20", "--seed", "7").stdout)
    expect("another seed", False,
           first == run("--fleet", "20", "--seed", "8").stdout)


def check_settings():
    """The settings of a player count: fewer requests, fewer bytes."""
    plain = count("events")
    rare = count("events", **{"send-interval": 60})
    small = count("events", **{"send-interval": 60, "compress": True})
    expect("send-interval", True, rare["requests"] < plain["requests"] / 4)
    expect("send-interval: hits", plain["hits"], rare["hits taken"])
    expect("compress: requests", rare["requests"], small["requests"])
    expect("compress", True, small["bytes"] < rare["bytes"] / 2)
    slow = count("cmcd", **{"ping-interval": 60})
    expect("ping-interval", True, slow["hits"] < plain["hits"] / 2)


def check_idle():
    """A pause that is longer than the time-out closes the session; the viewer
    goes on with another one."""
    got = count("events", **{"idle-timeout": 60})
    expect("idle-timeout: resumed", True, got["sessions resumed"] > 10)


class Rows(http.server.BaseHTTPRequestHandler):
    """Takes rows, and keeps them."""

    rows = []
    lengths = []
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.lengths.append(len(body))
        self.rows.extend(json.loads(line) for line in body.splitlines())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        pass


def serve_rows():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Rows)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def check_rows(got):
    """The server has what the figures say: each row once, each session whole."""
    sessions = collections.defaultdict(list)
    for row in Rows.rows:
        sessions[row["session"]].append(row["seq"])
    expect("rows", got["hits"], len(Rows.rows))
    expect("requests of rows", got["requests"], len(Rows.lengths))
    expect("bytes of rows", got["bytes"], sum(Rows.lengths))
    expect("ids", len(Rows.rows), len({row["id"] for row in Rows.rows}))
    expect("installations", 30, len({row["installation"] for row in Rows.rows}))
    expect("sessions of rows", got["sessions"], len(sessions))
    for name, numbers in sessions.items():
        expect(f"session {name}", list(range(len(numbers))), numbers)
    ends = [row for row in Rows.rows
            if row["type"] in ("sessionEnd", "sessionComplete")]
    expect("ends", len(sessions), len(ends))


def check_send():
    server = serve_rows()
    address = f"http://127.0.0.1:{server.server_port}"
    done = run("--fleet", "30", "--seconds", "900", "--protocol", "events",
               "--send", **{"collection-server": address})
    expect("--send: status", 0, done.returncode)
    check_rows(figures(done.stdout))
    # A rate can be lower than what is asked for, and is never higher. The time
    # is rounded to a tenth of a second, and the first request is free.
    done = run("--fleet", "5", "--seconds", "60", "--protocol", "events",
               "--send", "--rate", "40", **{"collection-server": address})
    expect("--rate: status", 0, done.returncode)
    got = figures(done.stdout)
    expect("--rate", True,
           got["requests"] - 1 <= 40 * (got["sent in"] + 0.05))
    server.shutdown()
    server.server_close()


def check_away():
    """A server that is not there: nothing is lost on the way to it."""
    done = run("--fleet", "3", "--seconds", "60", "--protocol", "events",
               "--send", **{"collection-server": "http://127.0.0.1:9"})
    got = figures(done.stdout)
    expect("away: status", 1, done.returncode)
    expect("away: taken", 0, got["hits taken"])
    expect("away: waiting", got["hits"], got["hits waiting"])
    expect("away: told", True, "failed" in done.stderr)


def start_collector(refused):
    """Returns the process, its address, and the lines that it prints from now
    on, with the thread that reads them."""
    process = subprocess.Popen([collector, "--port", "0", "--json"],
                               stdout=subprocess.PIPE, stderr=refused, text=True)
    port = process.stdout.readline().rpartition(":")[2].strip()
    events = []
    reader = threading.Thread(target=events.extend, args=(process.stdout,))
    reader.start()
    return process, f"http://127.0.0.1:{port}", events, reader


def check_collector(protocol, path):
    """The collector, which is strict, takes every protocol's requests."""
    with tempfile.TemporaryFile("w+") as refused:
        process, address, events, reader = start_collector(refused)
        done = run("--fleet", "10", "--seconds", "900", "--protocol", protocol,
                   "--send", **{"collection-server": address + path})
        process.terminate()
        process.wait()
        reader.join()
        process.stdout.close()
        refused.seek(0)
        expect(f"{protocol}: refused", "", refused.read())
    expect(f"{protocol}: status {done.stderr}", 0, done.returncode)
    expect(f"{protocol}: events", figures(done.stdout)["hits"], len(events))


def check_options():
    for options, word in ((("--fleet", "-1"), "--fleet"),
                          (("--fleet", "1", "--seconds", "0"), "--seconds"),
                          (("--fleet", "1", "--rate", "-1"), "--rate"),
                          (("--fleet", "1", "--send"), "collection-server")):
        done = run(*options)
        expect(f"{options}: status", 2, done.returncode)
        expect(f"{options}: told", True, word in done.stderr)
    done = run("--fleet", "1", "--send",
               **{"collection-server": "http://server.example"})
    expect("plain http: status", 2, done.returncode)


HITS = 17275

check_figures()
check_seed()
check_settings()
check_idle()
check_send()
check_away()
for name, path in zip(PROTOCOLS, ("", "", "/events", "/cmcd")):
    check_collector(name, path)
check_options()
for fault in faults[:20]:
    print(fault)
sys.exit(1 if faults else 0)
