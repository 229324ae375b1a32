#!/usr/bin/env python3
# program: the collector's options --expect and --keep, as one types them.
#
#   program.py --build BUILD-DIRECTORY
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import http.client
import json
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

START = {
    "analytics.trackingServer": "a", "analytics.reportSuite": "b",
    "visitor.marketingCloudOrgId": "c", "media.id": "film",
    "media.length": 60, "media.contentType": "vod", "media.playerName": "e",
    "media.channel": "f"}

SCENARIO = {"name": "short", "expect": [
    {"session": 0, "eventType": "sessionStart", "playhead": 0, "ts": 0,
     "params": {"media.id": "film"}},
    {"session": 0, "eventType": "play", "playhead": 0, "ts": 100},
    {"session": 0, "eventType": "sessionEnd", "playhead": 5, "ts": 5000}]}

TS = 1700000000000


class Collector:
    def __init__(self, build, *options):
        self.process = subprocess.Popen(
            [build / "examples/collector/mediaheartbeat-collector", "--port",
             "0", *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(line.rpartition(":")[2]) if line else 0

    def post(self, path, event):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("POST", path, json.dumps(event),
                           {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def start(self):
        answer = self.post("/api/v1/sessions", {
            "eventType": "sessionStart", "params": START,
            "playerTime": {"playhead": 0, "ts": TS}})
        assert answer.status == 201, answer.status
        return answer.headers["Location"] + "/events"

    def send(self, path, kind, at, playhead):
        return self.post(path, {"eventType": kind, "playerTime": {
            "playhead": playhead, "ts": TS + at}}).status

    def wait(self, end=False):
        """(exit status, standard error)."""
        if end:
            self.process.send_signal(signal.SIGTERM)
        errors = self.process.communicate(timeout=60)[1]
        return self.process.returncode, errors


def check(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r}, not {wanted!r}")


def test_agrees(build, folder):
    collector = Collector(build, "--expect", folder / "short.json")
    path = collector.start()
    check(collector.send(path, "play", 100, 0), 204, "play")
    # The last one has its answer before the program ends.
    check(collector.send(path, "sessionEnd", 5200, 5), 204, "sessionEnd")
    check(collector.wait(), (0, ""), "the end")


def test_differs(build, folder):
    collector = Collector(build, "--expect", folder / "short.json")
    path = collector.start()
    check(collector.send(path, "pauseStart", 100, 0), 204, "pauseStart")
    status, errors = collector.wait()
    check(status, 1, "status")
    check(errors.rpartition("short.json: ")[2],
          "session 0, event 1, play: pauseStart came instead\n", "errors")


def test_is_incomplete(build, folder):
    collector = Collector(build, "--expect", folder / "short.json")
    collector.start()
    status, errors = collector.wait(end=True)
    check(status, 1, "status")
    check(errors.rpartition("short.json: ")[2],
          "session 0, event 1, play: it has not come\n", "errors")


# A player in one line: posts events as sh can do it, with python3.
PLAYER = """
import http.client, json, os, sys
address = os.environ["MEDIAHEARTBEAT_COLLECTOR"].partition("//")[2]
def post(path, kind, at, playhead, **more):
    c = http.client.HTTPConnection(address)
    c.request("POST", path, json.dumps({"eventType": kind, "playerTime": {
        "playhead": playhead, "ts": 1700000000000 + at}, **more}),
        {"Content-Type": "application/json"})
    return c.getresponse().headers["Location"]
path = post("/api/v1/sessions", "sessionStart", 0, 0,
            params=json.loads(sys.argv[1])) + "/events"
for event in sys.argv[3:]:
    kind, at = event.split(":")
    post(path, kind, int(at), int(at) / 1000)
sys.exit(int(sys.argv[2]))
"""


def run_player(build, folder, status, *events):
    collector = Collector(
        build, "--expect", folder / "short.json", "--", sys.executable, "-c",
        PLAYER, json.dumps(START), status, *events)
    status, errors = collector.wait()
    return status, errors.rpartition(": ")[2].strip()


def test_runs_a_command(build, folder):
    check(run_player(build, folder, "0", "play:100", "sessionEnd:5000"),
          (0, ""), "a good one")
    check(run_player(build, folder, "0", "play:100", "pauseStart:5000"),
          (1, "pauseStart came instead"), "one that differs")
    check(run_player(build, folder, "0", "play:100"),
          (1, "it has not come"), "one that does too little")
    check(run_player(build, folder, "3", "play:100", "sessionEnd:5000"),
          (1, "the command has failed"), "one that fails")


def test_says_what_is_wrong_with_files(build, folder):
    other = folder / "other.json"
    other.write_text("[]")
    for options in (["--expect", other], ["--keep", other],
                    ["--expect", folder / "none.json"],
                    ["--keep", folder / "none/kept.db"], ["--page-all"], ["argument"],
                    ["--expect", folder / "short.json", "--",
                     folder / "none"]):
        collector = Collector(build, *options)
        status, errors = collector.wait()
        check((status, errors.startswith("mediaheartbeat-collector: ")),
              (1, True), str(options))


def test_manual_has_each_option(build, folder):
    examples = Path(__file__).resolve().parents[3] / "examples"
    for name in ("collector", "replay"):
        program = build / f"examples/{name}/mediaheartbeat-{name}"
        if not program.exists():
            continue
        text = subprocess.run([program, "--help"], capture_output=True,
                              text=True, check=True).stdout
        options = re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", text, re.MULTILINE)
        manual = (examples / name / f"mediaheartbeat-{name}.1").read_text(
            encoding="utf-8").replace("\\-", "-")
        check([option for option in options if option not in manual], [],
              f"options that the manual of {name} does not have")
        check(len(options) > 2, True, "options found")


def test_killed_one_has_lost_nothing(build, folder):
    kept = folder / "kept.db"
    collector = Collector(build, "--keep", kept)
    path = collector.start()
    check(collector.send(path, "play", 100, 0), 204, "play")
    collector.process.kill()
    collector.wait()
    collector = Collector(build, "--keep", kept)
    connection = http.client.HTTPConnection("127.0.0.1", collector.port)
    connection.request("GET", "/sessions")
    row = json.load(connection.getresponse())["sessions"][0]
    connection.close()
    check((row["id"], row["events"]), (path.split("/")[4], 2), "the session")
    # It goes on, and what it has is known.
    check(collector.send(path, "play", 100, 0), 400, "the same again")
    check(collector.send(path, "sessionEnd", 5000, 5), 204, "sessionEnd")
    check(collector.wait(end=True), (0, ""), "the end")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    build = parser.parse_args().build
    tests = [test for name, test in globals().items()
             if name.startswith("test_")]
    failed = 0
    print(f"1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "short.json").write_text(json.dumps(SCENARIO))
            try:
                test(build, folder)
                print(f"ok {number} {test.__name__}")
            except (AssertionError, OSError) as error:
                print(f"not ok {number} {test.__name__}\n# {error}")
                failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
