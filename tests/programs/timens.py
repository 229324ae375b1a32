#!/usr/bin/env python3
# timens: players with different clocks share a state directory: one of them
# lives in a time namespace where the machine has been up for eight hours more,
# as if it had slept, or, the other way round, had been started anew.
#
#   timens.py
#
# A process cannot be put to sleep without the machine; what it does when it
# wakes up is in tests/src/delivery/test-timens.c and mh_test_sleep(). Here: nothing that
# one player leaves to the next goes by the time since the machine was started.
# Skipped where the kernel has no time namespaces for us. Needs the environment
# of the tests (tests/meson.build).
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import shutil
import subprocess
import sys
import tempfile

from server import PATIENCE, Server

SKIPPED = 77
HOURS = 8
NAMESPACES = (["unshare", "--time"], ["unshare", "--user", "--map-root-user",
                                      "--time"])

faults = []


def fault(text):
    faults.append(text)
    print(text)


def uptime(prefix):
    result = subprocess.run([*prefix, "cat", "/proc/uptime"], check=False,
                            capture_output=True, text=True)
    return float(result.stdout.split()[0]) if result.returncode == 0 else None


def find_namespace():
    """The words before a command that make it live later."""
    for command in NAMESPACES if shutil.which("unshare") else ():
        command = [*command, "--boottime", str(HOURS * 3600)]
        there = uptime(command)
        if there is not None and there - uptime([]) > (HOURS - 1) * 3600:
            return command
    return None


class Player:
    def __init__(self, prefix, server, state, media, buffers=-1):
        command = [*prefix, "gst-launch-1.0", "-m", "audiotestsrc",
                   "samplesperbuffer=441", f"num-buffers={buffers}", "!",
                   "audio/x-raw,rate=44100", "!", "mediaheartbeat",
                   f"collection-server={server.uri}", f"state-dir={state}",
                   f"media-id={media}", "flush-timeout=30000", "!",
                   "fakesink", "sync=true"]
        print("#", " ".join(command))
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True)

    def wait_plays(self):
        """With the second of them the first is safe."""
        seen = 0
        for line in self.process.stdout:
            seen += "event=(string)play," in line
            if seen == 2:
                return
        fault("it does not play")

    def end(self, killed):
        if killed:
            self.process.kill()
        self.process.communicate(timeout=PATIENCE)


def check(server, media, first, last, batches=0):
    types = server.types(media)
    times = server.times(media)
    print(f"{media}: {' '.join(types)}")
    if types[:len(first)] != first or (last and types[-1] != last):
        fault(f"{media}: {types}")
    if times != sorted(set(times)):
        fault(f"{media}: times {times}")
    # By UTC it was a moment ago: nothing is too late.
    if server.batches != batches:
        fault(f"{media}: {server.batches} batches")


def leave_and_deliver(server, directory, name, one, other):
    """One is killed, and the other delivers what it has left."""
    state = f"{directory}/{name}"
    server.be_silent(True)
    player = Player(one, server, state, f"{name}-killed")
    player.wait_plays()
    player.end(killed=True)
    server.be_silent(False)
    player = Player(other, server, state, f"{name}-next", buffers=30)
    player.end(killed=False)
    check(server, f"{name}-killed", ["sessionStart", "play"], None)
    check(server, f"{name}-next", ["sessionStart"], "sessionComplete")
    # The clock of the wall is the same for both.
    gap = (server.times(f"{name}-next")[0] -
           server.times(f"{name}-killed")[-1]) / 1000
    if not 0 <= gap < 3600:
        fault(f"{name}: {gap} s between the two")


def live_together(server, directory, later):
    """Nobody takes what a living one has."""
    state = f"{directory}/together"
    one = Player(later, server, state, "together-later")
    one.wait_plays()
    other = Player([], server, state, "together-now", buffers=30)
    other.end(killed=False)
    check(server, "together-now", ["sessionStart"], "sessionComplete")
    one.end(killed=True)
    types = server.types("together-later")
    if types.count("sessionStart") != 1:
        fault(f"together-later: {types}")


def main():
    later = find_namespace()
    if not later or not shutil.which("gst-launch-1.0"):
        print("needs time namespaces, unshare and gst-launch-1.0")
        sys.exit(SKIPPED)
    server = Server()
    with tempfile.TemporaryDirectory(prefix="mh-timens-") as directory:
        leave_and_deliver(server, directory, "slept", [], later)
        leave_and_deliver(server, directory, "restarted", later, [])
        live_together(server, directory, later)
    server.close()
    print(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
