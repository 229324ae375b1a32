#!/usr/bin/env python3
# input: what the collector takes, refuses, and writes of what players send.
#
#   input.py --build BUILD-DIRECTORY
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NOW = int(time.time() * 1000)
DAY = 24 * 60 * 60 * 1000
LARGEST = 9223372036854775807

EDGE_START = {
    "eventType": "media.sessionStart", "timestamp": "2023-11-28T20:00:00.000Z",
    "mediaCollection": {"playhead": 0, "sessionDetails": {
        "name": "i", "playerName": "p", "length": 60, "channel": "c",
        "contentType": "vod"}}}

API_START = {
    "analytics.trackingServer": "a", "analytics.reportSuite": "b",
    "visitor.marketingCloudOrgId": "c", "media.id": "film",
    "media.length": 60, "media.contentType": "vod", "media.playerName": "e",
    "media.channel": "f"}


def reject(constant):
    raise ValueError(f"{constant} is not JSON")


class Collector:
    def __init__(self, build, *options):
        self.process = subprocess.Popen(
            [build / "examples/collector/mediaheartbeat-collector", "--port",
             "0", *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        line = self.process.stdout.readline().decode()
        self.port = int(line.rpartition(":")[2]) if line else 0

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        status, _, errors = self.end()
        if not kind:
            check((status, b"CRITICAL" in errors), (0, False), errors)

    def request(self, method, path, body=None, kind=None, **headers):
        """(status, headers, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=20)
        if kind:
            headers["Content-Type"] = kind
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, answer.headers, text

    def post(self, path, body, kind, **headers):
        """(status, what the answer says)."""
        status, _, text = self.request("POST", path, body, kind, **headers)
        return status, text.decode()

    def rows(self, *rows):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        return self.post("/events", text, "application/x-ndjson")

    def cmcd(self, line):
        return self.post("/cmcd", line, "application/cmcd")

    def edge(self, xdm, query="?configId=d", **headers):
        return self.post(
            "/ee/va/v1/" + xdm["eventType"].partition(".")[2] + query,
            json.dumps({"events": [{"xdm": xdm}]}), "text/plain", **headers)

    def api_start(self, playhead=0, ts=NOW, **params):
        return self.post("/api/v1/sessions", json.dumps({
            "eventType": "sessionStart",
            "playerTime": {"playhead": playhead, "ts": ts},
            "params": {**API_START, **params}}), "application/json")

    def get(self, path):
        text = self.request("GET", path)[2].decode()
        return json.loads(text, parse_constant=reject)

    def session(self, name):
        return self.get("/sessions/" + name)

    def end(self):
        """(exit status, standard output, standard error), the first time."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        output, errors = self.process.communicate(timeout=60)
        return self.process.returncode, output, errors


def row(seq=0, ts=None, kind="ping", **more):
    return {"id": f"i{seq}", "session": "s", "seq": seq,
            "ts": NOW + seq * 1000 if ts is None else ts, "type": kind,
            "playhead": seq, **more}


def cloud(data=None, **more):
    return {"specversion": "1.0", "id": "i0", "source": "urn:x",
            "type": "gst-media-heartbeat.play", "subject": "s",
            "time": "2023-11-28T20:00:00.000Z",
            "data": {"seq": 0, "playhead": 1, **(data or {})}, **more}


def line(sn="0", ts=NOW, sid="s", e="e=ps", sta="sta=p", v="2", **more):
    keys = [e, f'sid="{sid}"', f"sn={sn}", f"ts={ts}", f"v={v}"]
    if sta:
        keys.append(sta)
    return ",".join(keys + [f"{key}={value}" for key, value in more.items()])


def check(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r}, not {wanted!r}")


def check_refused(answer, word, what):
    if answer[0] != 400 or word not in answer[1]:
        raise AssertionError(f"{what}: {answer!r}, not 400 with {word!r}")


def counts(session):
    """(events that count, repeated, out of order, missing)."""
    flags = [event["flags"] for event in session["events"]]
    row = session["session"]
    check(sum("repeated" in each for each in flags), row["repeated"], "flags")
    return (sum("repeated" not in each for each in flags), row["repeated"],
            row["outOfOrder"], row.get("missing"))


def metric(session, name):
    return next(each["value"] for each in session["metrics"]
                if each["id"] == name)


# ---- order and repetition ----

def test_equal_times(build, folder):
    with Collector(build) as collector:
        rows = [row(0, NOW, "play"), row(1, NOW, "error", error_id="x"),
                row(2, NOW, "error", error_id="x")]
        check(collector.rows(*rows)[0], 200, "rows")
        session = collector.session("s")
        check(counts(session), (3, 0, 0, 0), "counts")
        check(metric(session, "errorEvents"), 2, "errors")


def test_earlier_times(build, folder):
    with Collector(build) as collector:
        collector.rows(row(0, NOW, "play"), row(2, NOW + 2000, "pauseStart"))
        collector.rows(row(1, NOW + 1000, "error", error_id="x"))
        session = collector.session("s")
        check([event["event"]["eventType"] for event in session["events"]],
              ["play", "error", "pauseStart"], "events")
        check(counts(session), (3, 0, 1, 0), "counts")
        check(session["session"]["playback"], "paused", "state")


def test_repeated_row(build, folder):
    with Collector(build) as collector:
        first = row(0, kind="error", error_id="x")
        # By its id alone, whatever else is in it.
        second = {**first, "ts": NOW + 9, "playhead": 7}
        check(collector.rows(first, row(1), second)[0], 200, "rows")
        check(collector.rows(first)[0], 200, "once more")
        # An id is that of its session.
        check(collector.rows({**first, "session": "t"})[0], 200, "other")
        session = collector.session("s")
        check(counts(session), (2, 2, 0, 0), "counts")
        check(metric(session, "errorEvents"), 1, "errors")
        check(counts(collector.session("t")), (1, 0, 0, 0), "the other's")
        text = collector.request("GET", "/metrics")[2].decode()
        check(re.search(r"events_repeated_total (\d+)", text)[1], "2", "total")
        check(re.search(r'events_total{type="error"} (\d+)', text)[1], "2",
              "errors of both sessions")
        output = collector.end()[1].decode()
        check(output.count("REPEATED"), 2, "lines")


def test_repeated_line(build, folder):
    with Collector(build) as collector:
        check(collector.cmcd(line("0")), (204, ""), "first")
        check(collector.cmcd(line("0", NOW + 5)), (204, ""), "again")
        check(collector.cmcd(line("1", sta="sta=a")), (204, ""), "equal ts")
        check(collector.cmcd(line("2", NOW - 1, e="e=t")), (204, ""), "earlier")
        session = collector.session("s")
        check(counts(session)[:3], (3, 1, 1), "counts")


def test_repeated_json(build, folder):
    with Collector(build, "--json") as collector:
        collector.rows(row(0), row(0))
        _, output, errors = collector.end()
        check(len(output.splitlines()), 1, "lines")
        check(b"REPEATED" in errors, True, "stderr")


def test_repeated_after_restart(build, folder):
    keep = folder / "again.db"
    with Collector(build, "--keep", keep) as collector:
        collector.rows(row(0), row(1), row(1))
    with Collector(build, "--keep", keep) as collector:
        check(counts(collector.session("s")), (2, 1, 0, 0), "kept")
        collector.rows(row(1), row(2))
        check(counts(collector.session("s")), (3, 2, 0, 0), "counts")


def test_absurd_time(build, folder):
    with Collector(build) as collector:
        for ts in (LARGEST, NOW + DAY + 60000, -1, 0):
            check_refused(collector.rows(row(0, ts)), "ts", f"row {ts}")
            check_refused(collector.cmcd(line("0", ts)), "ts", f"cmcd {ts}")
            check_refused(collector.api_start(ts=ts), "ts", f"api {ts}")
        check_refused(collector.post("/events", json.dumps(cloud(
            time="2999-01-01T00:00:00Z")), "application/cloudevents+json"),
            "time", "cloud event")
        check_refused(collector.edge(
            {**EDGE_START, "timestamp": "2999-01-01T00:00:00Z"}), "timestamp",
            "edge")
        check(collector.rows(row(0, NOW + DAY - 60000), row(1, NOW))[0], 200,
              "a clock that is ahead")
        check(counts(collector.session("s"))[0], 2, "events")


def test_gap(build, folder):
    with Collector(build) as collector:
        collector.rows(row(3), row(4), row(7))
        session = collector.session("s")
        check(counts(session), (3, 0, 0, 2), "counts")
        check([event["flags"] for event in session["events"]],
              [[], [], ["after a gap"]], "flags")
        collector.rows(row(6))
        check(counts(collector.session("s")), (4, 0, 1, 1), "filled")
        check([each["id"] for each in
               collector.get("/sessions?wrong=1")["sessions"]], ["s"], "wrong")


# ---- what is written ----

def test_ids_on_the_terminal(build, folder):
    with Collector(build) as collector:
        for name in ("\x1b[2J", "a\nb", "\u202e\x9b", "ok"):
            check(collector.rows({**row(0), "session": name})[0], 200, name)
        check(collector.cmcd(line(sid="cre\r\x1b[2J"))[0], 204, "cmcd")
        output = collector.end()[1].decode()
    check([c for c in output if ord(c) < 32 and c != "\n" or 127 <= ord(c) < 160
           or c == "\u202e"], [], "control characters")
    lines = output.splitlines()
    check(len(lines), 5, "lines")
    check("  \\u001b[2J  start      ping" in lines[0], True, lines[0])
    check("  cre\\u000d\\u001b[2J  playing    play" in lines[4], True, lines[4])


def test_numbers(build, folder):
    keep = folder / "numbers.db"
    with Collector(build, "--keep", keep) as collector:
        for text in ("1e22", "1e308", "-1", "1000000000000001", '"1"', "null"):
            body = json.dumps(row(0)).replace('"playhead": 0',
                                              f'"playhead": {text}')
            check_refused(collector.post("/events", body, "application/json"),
                          "playhead", text)
            body = json.dumps(row(0, kind="sessionStart", length=5)).replace(
                '"length": 5', f'"length": {text}')
            if text != "-1":
                check_refused(collector.post("/events", body,
                                             "application/json"), "length", text)
        for value in (1e22, 1e300):
            check_refused(collector.api_start(value), "playhead", value)
            check_refused(collector.api_start(**{"media.length": value}),
                          "media.length", value)
        check_refused(collector.edge({**EDGE_START, "mediaCollection": {
            **EDGE_START["mediaCollection"], "playhead": 10 ** 16}}),
            "playhead", "edge")
        # The smallest of what is taken, and the largest.
        check(collector.rows({**row(0), "playhead": 1e-10},
                             {**row(1), "playhead": 1e15})[0], 200, "rows")
        session = collector.session("s")
        check([event["event"]["playerTime"]["playhead"]
               for event in session["events"]], [1e-10, 1e15], "playheads")
        collector.get("/sessions")
    database = sqlite3.connect(keep)
    for text, in database.execute("SELECT event FROM reports"):
        if text:
            json.loads(text, parse_constant=reject)
    database.close()


def test_not_utf8(build, folder):
    with Collector(build) as collector:
        body = line().encode().replace(b'sid="s"', b'sid="\xff\xfe"')
        check_refused(collector.cmcd(body), "UTF-8", "cmcd")
        check_refused(collector.cmcd(line().encode() + b"\0"), "UTF-8", "NUL")
        check_refused(collector.rows({**row(0), "session": "\ud800"}),
                      "half a character", "surrogate")
        check(collector.rows({**row(0), "session": "\U0001f600"})[0], 200,
              "a pair")
        check(collector.get("/sessions")["sessions"][0]["id"],
              "\U0001f600", "name")


def test_long_ids(build, folder):
    with Collector(build) as collector:
        check(collector.rows({**row(0), "session": 256 * "x"})[0], 200, "row")
        check(collector.cmcd(line(sid=256 * "y"))[0], 204, "cmcd")
        check_refused(collector.rows({**row(0), "session": 257 * "x"}),
                      "session", "row")
        check_refused(collector.rows({**row(0), "id": 257 * "x"}), "id", "id")
        check_refused(collector.cmcd(line(sid=257 * "x")), "sid", "cmcd")
        check(len(collector.get("/sessions")["sessions"]), 2, "sessions")


# ---- what is refused ----

def test_rows(build, folder):
    with Collector(build) as collector:
        for member, value in (
                ("id", 7), ("id", ""), ("session", None), ("seq", -1),
                ("seq", 1.5), ("playhead", -1), ("playhead", None),
                ("type", "nothing"), ("ts", 1.5), ("bitrate", "x"),
                ("bitrate", -1), ("dropped_frames", -1), ("time_to_start", -1),
                ("content_name", 7)):
            check_refused(collector.rows({**row(0), member: value}),
                          member + ":", f"{member} {value}")
        answer = collector.post("/events", json.dumps(
            [row(0), {**row(1), "seq": -1}]), "application/json")
        check_refused(answer, "event 1: seq:", "place")
        check(collector.get("/sessions")["sessions"], [], "sessions")


def test_cloud_events(build, folder):
    kind = "application/cloudevents+json"
    with Collector(build) as collector:
        for member, event in (
                ("specversion:", cloud(specversion="0.3")),
                ("specversion:", cloud(specversion=1.0)),
                ("sequence:", cloud(sequence="0000000001")),
                ("sequence:", cloud(sequence=0)),
                ("source:", cloud(source="")), ("subject:", cloud(subject="")),
                ("time:", cloud(time="yesterday")), ("id:", cloud(id=7)),
                ("type:", cloud(type="play")), ("data:", cloud() | {"data": 7}),
                ("seq:", cloud({"seq": -1})),
                ("playhead:", cloud({"playhead": -1}))):
            check_refused(collector.post("/events", json.dumps(event), kind),
                          member, json.dumps(event))
        check(collector.post("/events", json.dumps(
            cloud(sequence="0000000000")), kind)[0], 200, "a right one")


def test_lines(build, folder):
    with Collector(build) as collector:
        for key, text in (
                ("v", line(v="1")), ("v", line(v="2.0")), ("ts", line(ts="1.5")),
                ("ts", line(ts="x")), ("sn", line("-1")),
                ("sn", line("1.5")), ("sn", line("0").replace("sn=0,", "")),
                ("e", line(e="e=zz")), ("sta", line(sta="sta=zz")),
                ("sta", line(sta="")), ("pt", line(pt="1.5")),
                ("pt", line(pt=LARGEST)), ("sid", line(sid=""))):
            check_refused(collector.cmcd(text), f"line 1: {key}", text)
        for name in "abe abs ae as b bc c ce e h m pc pe pr ps rr sk t um".split():
            check(collector.cmcd(line("0", e="e=" + name, cen='"x"'))[0], 204,
                  name)
        for name in "adefkpqrsw":
            check(collector.cmcd(line("1", sta="sta=" + name))[0], 204, name)


def test_edge(build, folder):
    with Collector(build) as collector:
        for query in ("", "?configId=", "?configid=d", "?x"):
            check_refused(collector.edge(EDGE_START, query), "configId", query)
        for member in ("bitrate", "droppedFrames", "timeToStart"):
            check_refused(collector.edge({**EDGE_START, "mediaCollection": {
                **EDGE_START["mediaCollection"],
                "qoeDataDetails": {member: -1}}}), member, member)
        long = {**EDGE_START, "more": 65536 * "x"}
        check_refused(collector.edge(long), "64 KB", "a long body")
        long["more"] = 65000 * "x"
        check(collector.edge(long)[0], 200, "one that fits")


def test_edge_origin(build, folder):
    with Collector(build) as collector:
        for origin in ("https://example.com", "null", "http://localhost.a.com",
                       "http://192.168.1.1"):
            check(collector.edge(EDGE_START, Origin=origin)[0], 403, origin)
        for origin in ("http://localhost:8000", "http://127.0.0.1", "http://[::1]"):
            check(collector.edge(EDGE_START, Origin=origin)[0], 200, origin)


# ---- the page's paths ----

def test_methods(build, folder):
    with Collector(build) as collector:
        for path in ("/", "/sessions", "/metrics"):
            status, headers, text = collector.request("HEAD", path)
            get = collector.request("GET", path)
            check((status, text), (200, b""), "HEAD " + path)
            check(headers["Content-Type"], get[1]["Content-Type"], path)
            if path == "/":
                check(headers["Content-Length"], str(len(get[2])), "length")
        check(collector.request("HEAD", "/changes")[0], 200, "HEAD /changes")
        check(collector.request("HEAD", "/sessions/none")[0], 404, "none")
        for path in ("/", "/sessions", "/sessions/x", "/changes", "/metrics"):
            for method in ("POST", "PUT", "DELETE", "OPTIONS"):
                status, headers, _ = collector.request(method, path)
                check((status, headers["Allow"]), (405, "GET, HEAD"),
                      f"{method} {path}")
        status, headers, _ = collector.request("GET", "/forget")
        check((status, headers["Allow"]), (405, "POST"), "GET /forget")
        # What a player sends whose server has no path.
        check([entry["reason"] for entry in
               collector.get("/sessions")["refusals"]],
              ["rows go to /events, and CMCD to /cmcd"], "refusals")


# ---- --keep ----

def test_keep_mode(build, folder):
    keep = folder / "mode.db"
    old = os.umask(0)
    try:
        with Collector(build, "--keep", keep) as collector:
            collector.rows(row(0))
            for path in folder.glob("mode.db*"):
                check(oct(path.stat().st_mode & 0o777), "0o600", path.name)
        keep.chmod(0o644)
        with Collector(build, "--keep", keep) as collector:
            check(oct(keep.stat().st_mode & 0o777), "0o600", "an old one")
    finally:
        os.umask(old)


def test_keep_once(build, folder):
    keep = folder / "once.db"
    for _ in range(2):
        with Collector(build, "--keep", keep) as collector:
            second = Collector(build, "--keep", keep)
            check(second.port, 0, "port")
            status, _, errors = second.end()
            check(status, 1, "status")
            check(b"once.db: another collector has the file open" in errors,
                  True, errors)
            check(collector.rows(row(0))[0], 200, "the first one goes on")


def test_keep_nothing(build, folder):
    collector = Collector(build, "--keep", "")
    status, _, errors = collector.end()
    check((status, b"--keep" in errors), (1, True), errors)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--only")
    options = parser.parse_args()
    tests = [(name[5:], function) for name, function in globals().items()
             if name.startswith("test_") and options.only in (None, name[5:])]
    failed = 0
    print(f"1..{len(tests)}")
    for number, (name, function) in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(options.build, Path(folder))
                print(f"ok {number} {name}", flush=True)
            except Exception as error:
                failed += 1
                print(f"not ok {number} {name}", flush=True)
                print(f"# {type(error).__name__}: {error}"[:600], flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
