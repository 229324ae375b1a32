#!/usr/bin/env python3
# Tests of mediaheartbeat-replay as a program: what its options do.
#
#     tests/examples/replay.py build/examples/replay/mediaheartbeat-replay
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import shlex
import subprocess
import sys
import tempfile

PROTOCOLS = ("media-collection", "media-edge", "events", "cmcd")
CALLS = "".join(json.dumps(call) + "\n" for call in (
    {"at": 0, "call": "sessionStart",
     "media": {"id": "film", "name": "Film", "length": 60,
               "streamType": "vod", "mediaType": "video"}},
    {"at": 300, "call": "play"},
    {"at": 900, "call": "sessionEnd"}))

# MH_TEST_WRAPPER is a command that runs a program that the kernel cannot run.
replay = [*shlex.split(os.environ.get("MH_TEST_WRAPPER", "")), sys.argv[1]]
faults = []


def run(config, *options):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(config, file)
        file.flush()
        return subprocess.run(
            [*replay, "--config", file.name, *options], input=CALLS,
            capture_output=True, text=True, check=False)


def expect(what, wanted, got):
    if got != wanted:
        faults.append(f"{what}: {got!r} instead of {wanted!r}")


def names_of(text):
    return [name for name in ("channel", "player-name", "datastream-id")
            if name in text.rpartition("not set:")[2]]


def check_no_server():
    """Bodies have no host in them, so none has to be set."""
    for protocol in PROTOCOLS:
        for config in ({}, {"datastream-id": "d"}, {"collection-server": ""}):
            done = run(config, "--protocol", protocol)
            where = f"{protocol} {config}"
            expect(f"{where}: status", 0, done.returncode)
            expect(f"{where}: bodies", 3, len(done.stdout.splitlines()))


def check_same_bodies():
    """A server changes nothing but the flag that says whether it is https."""
    for protocol in PROTOCOLS:
        config = {"channel": "c", "player-name": "p", "datastream-id": "d"}
        without = run(config, "--protocol", protocol).stdout
        config["collection-server"] = "https://a.example"
        given = run(config, "--protocol", protocol).stdout
        expect(protocol, without,
               given.replace('"analytics.enableSSL":true,', ""))


def check_warnings():
    """What the server would need, and is not set, is told."""
    for config, missing in (
            ({}, ["channel", "player-name", "datastream-id"]),
            ({"channel": "c", "player-name": "p"}, ["datastream-id"]),
            ({"channel": "c", "player-name": "p", "datastream-id": "d"}, [])):
        done = run(config, "--protocol", "media-edge")
        expect(f"media-edge {config}", missing, names_of(done.stderr))
        expect(f"media-edge {config}: a warning", bool(missing),
               done.stderr.startswith("warning: "))
    done = run({"collection-server": "ftp://a.example"},
               "--protocol", "media-collection")
    expect("ftp: told", True, "collection-server" in done.stderr)
    expect("ftp: status", 0, done.returncode)


def check_malformed():
    """A file that cannot be meant is refused, and by no signal."""
    call = json.loads(CALLS.splitlines()[0])
    for text in (
            "[" * 200000, "", "5", '{"calls":[],"expect":[]} {}',
            '{"calls":5,"expect":5}', '{"calls":null,"expect":null}',
            '{"calls":[],"expect":[5]}', '{"calls":[],"expect":[{}]}',
            '{"calls":[],"expect":[{"session":"x"}]}',
            '{"calls":[],"expect":[{"session":-1}]}',
            '{"calls":[],"expect":[{"session":0,"params":5}]}',
            json.dumps({"calls": [call],
                        "expect": [{"session": 0, "index": "x"}]})):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(text)
            file.flush()
            done = subprocess.run([*replay, "--scenario", file.name],
                                  capture_output=True, text=True, check=False)
        expect(f"scenario {text[:60]}: status", 2, done.returncode)
        expect(f"scenario {text[:60]}: lines", 1,
               len((done.stdout + done.stderr).splitlines()))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write("[" * 200000)
        file.flush()
        done = subprocess.run([*replay, "--config", file.name], input=CALLS,
                              capture_output=True, text=True, check=False)
    expect("config: status", 2, done.returncode)
    done = subprocess.run([*replay, "--fleet", "0"], input=CALLS,
                          capture_output=True, text=True, check=False)
    expect("a fleet of nobody: status", 2, done.returncode)


check_malformed()
check_no_server()
check_same_bodies()
check_warnings()
for fault in faults:
    print(fault)
sys.exit(1 if faults else 0)
