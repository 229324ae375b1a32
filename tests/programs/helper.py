#!/usr/bin/env python3
# helper: programs that hold libsoup 2 have the helper program deliver for them.
#
#   helper.py DUMMY HELPER
#
# DUMMY is a library that makes a program look as if it held libsoup 2 (libsoup 3
# would abort it), HELPER the helper program. Each case has a state directory of
# its own. Needs the environment of the tests (tests/meson.build).
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from server import PATIENCE, Server

SKIPPED = 77
TONE = ["audiotestsrc", "samplesperbuffer=441"]
RATE = ["!", "audio/x-raw,rate=44100", "!"]
SINK = ["!", "fakesink", "sync=true"]
DUMMY = HELPER = None
SUPPRESSIONS = Path(__file__).resolve().parent.parent / "valgrind.supp"

faults = []


def check(good, text):
    if not good:
        faults.append(text)
        print("FAULT:", text)


# ---- players ----

def start(server, state, media, buffers, *properties, soup2=True, env=None):
    """A player in a state directory; 10 ms for each buffer."""
    command = ["gst-launch-1.0", "-q", *TONE, f"num-buffers={buffers}", *RATE,
               "mediaheartbeat", f"collection-server={server.uri}",
               f"state-dir={state}", f"media-id={media}", *properties, *SINK]
    environment = {**os.environ, "MEDIAHEARTBEAT_HELPER": HELPER,
                   **(env or {})}
    if soup2:
        environment["LD_PRELOAD"] = DUMMY
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE,
                            text=True)


def finish(player):
    """Returns what it has written to stderr."""
    return player.communicate(timeout=PATIENCE)[1]


# ---- the helper program ----

def helpers_of(state):
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(state).encode() in arguments and any(
                b"mediaheartbeat-helper" in argument
                for argument in arguments[:-2]):
            found.append(process)
    return found


def wait_until(condition, what):
    """Waits for something that no other side tells of."""
    tick = threading.Event()
    for _ in range(PATIENCE * 20):
        if condition():
            return True
        tick.wait(0.05)
    check(False, what)
    return False


def wait_gone(state, name):
    wait_until(lambda: not helpers_of(state), f"{name}: it does not end")
    check(not (Path(state) / "helper.sock").exists(),
          f"{name}: it has left its socket")


def links_of(folder):
    """Where the links in a folder go, but for those that vanish meanwhile."""
    found = set()
    for link in folder.iterdir():
        try:
            found.add(os.readlink(link))
        except FileNotFoundError:
            pass
    return found


def rows(state, table):
    """How many there are in the database."""
    with sqlite3.connect(Path(state) / "hits.db") as base:
        return base.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def stop(state):
    for process in helpers_of(state):
        os.kill(int(process.name), signal.SIGKILL)


# ---- the cases ----

def check_types(server, media, last, name):
    types = server.types(media)
    check(types[:1] == ["sessionStart"] and types[-1:] == [last] and
          types.count("sessionStart") == 1, f"{name}: {types}")
    # A hit that comes twice has the same time.
    times = server.times(media)
    check(times == sorted(set(times)), f"{name}: {types} at {times}")
    print(f"{name}: {' '.join(types)}")


def case_whole(server, state):
    """Sent while it plays; the helper program ends by itself."""
    player = start(server, state, "whole", 200)
    server.wait_for("whole", "play")
    check(player.poll() is None, "whole: came only at the end")
    check(len(helpers_of(state)) == 1, "whole: no helper program")
    check(finish(player) == "", "whole: it complains")
    server.wait_for("whole", "sessionComplete")
    check_types(server, "whole", "sessionComplete", "whole")
    wait_gone(state, "whole")
    check(rows(state, "hits") == 0, "whole: hits are left")


def case_short(server, state):
    """It ends before the helper program has begun to send, or right after."""
    finish(start(server, state, "short", 1, "flush-timeout=0"))
    server.wait_for("short", "sessionComplete")
    check_types(server, "short", "sessionComplete", "short")
    wait_gone(state, "short")


def case_killed(server, state):
    """What waits when it is killed is delivered without another player."""
    player = start(server, state, "killed", 2000)
    server.wait_for("killed", "play")
    server.be_silent(True)
    server.wait_unanswered()
    player.kill()
    finish(player)
    server.be_silent(False)
    wait_gone(state, "killed")
    check(rows(state, "hits") == 0, "killed: hits are left")
    types = server.types("killed")
    check(types.count("sessionStart") == 1 and types.count("play") >= 2,
          f"killed: {types}")
    print(f"killed: {' '.join(types)}")


def case_two(server, state):
    """Two players have one helper program."""
    players = [start(server, state, media, 150) for media in ("one", "two")]
    for media in ("one", "two"):
        server.wait_for(media, "play")
    check(len(helpers_of(state)) == 1,
          f"two: {len(helpers_of(state))} helper programs")
    for media, player in zip(("one", "two"), players):
        finish(player)
        server.wait_for(media, "sessionComplete")
        check_types(server, media, "sessionComplete", "two")
    wait_gone(state, "two")


def case_died(server, state):
    """A helper program that is killed is started again."""
    player = start(server, state, "died", 400)
    server.wait_for("died", "play")
    # What it has not answered yet would be sent again.
    wait_until(lambda: rows(state, "hits") == 0, "died: hits are kept")
    stop(state)
    finish(player)
    server.wait_for("died", "sessionComplete")
    check_types(server, "died", "sessionComplete", "died")
    wait_gone(state, "died")


def case_environment(server, state):
    """It inherits nothing but what it needs of the environment."""
    read, write = os.pipe()
    os.set_inheritable(write, True)
    needed = {name: f"/nowhere/{name}" for name in
              ("DCONF_PROFILE", "DESKTOP_SESSION", "LD_LIBRARY_PATH",
               "XDG_CURRENT_DESKTOP")}
    player = start(server, state, "env", 150, env={"SECRET": "1", **needed})
    server.wait_for("env", "play")
    for process in helpers_of(state):
        check(os.getsid(int(process.name)) != os.getsid(0), "env: our session")
        names = (process / "environ").read_bytes()
        check(b"SECRET" not in names and b"LD_PRELOAD" not in names and
              b"GST_" not in names, f"env: {names}")
        for name, value in needed.items():
            check(f"{name}={value}".encode() in names.split(b"\0"),
                  f"env: {name} is missing")
        files = links_of(process / "fd")
        check(not any(name.startswith("pipe:") for name in files),
              f"env: {files}")
    os.close(read)
    os.close(write)
    finish(player)
    wait_gone(state, "env")


def case_descriptors(server, state):
    """It closes what it was given, whatever it was started by."""
    read, write = os.pipe()
    name = os.readlink(f"/proc/self/fd/{write}")
    status = subprocess.run([HELPER, state], pass_fds=[write]).returncode
    check(status == 3, f"descriptors: {status} without a directory")
    os.mkdir(state, mode=0o700)
    status = subprocess.run([HELPER, state], pass_fds=[write]).returncode
    check(status == 0, f"descriptors: {status}")
    found = helpers_of(state)
    check(len(found) == 1, f"descriptors: {len(found)} helper programs")
    for process in found:
        files = links_of(process / "fd")
        check(name not in files, f"descriptors: {name} in {files}")
    os.close(read)
    os.close(write)
    wait_gone(state, "descriptors")


def case_fork(server, state):
    """One that cannot go into the background says so."""
    os.mkdir(state, mode=0o700)
    library = Path(f"{state}-no-fork.so")
    source = Path(f"{state}-no-fork.c")
    source.write_text("int fork (void) { return -1; }\n")
    if not shutil.which("cc"):
        print("fork: no compiler")
        return
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source],
                   check=True)
    status = subprocess.run([HELPER, state], stderr=subprocess.PIPE,
                            env={**os.environ, "LD_PRELOAD": str(library)}
                            ).returncode
    check(status == 1, f"fork: {status}")
    check(not (Path(state) / "helper.sock").exists(),
          "fork: it has left its socket")


def case_opt_out(server, state):
    """What the helper program has taken over is deleted."""
    server.be_silent(True)
    player = start(server, state, "out", 2000)
    server.wait_unanswered()
    player.kill()
    finish(player)
    wait_until(lambda: rows(state, "hits") > 0, "out: nothing is stored")
    # A player whose visitor opts out, and which could send by itself.
    finish(start(server, state, "out", 20, "privacy=opt-out", soup2=False))
    wait_until(lambda: rows(state, "hits") == 0, "out: hits are left")
    server.be_silent(False)
    wait_gone(state, "out")
    check("play" not in server.types("out"), f"out: {server.types('out')}")


class Guarded(ThreadingHTTPServer):
    """Says nothing, then takes all that comes with an authorization."""

    def __init__(self, address):
        super().__init__((address, 0), Guard)
        self.daemon_threads = True
        self.silent = True
        self.asked = threading.Event()
        self.refused = self.taken = 0
        self.uri = f"http://{address}:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Players leave as they like."""


class Guard(BaseHTTPRequestHandler):
    def log_message(self, format, *args):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.set()
        if self.server.silent:
            return
        good = self.headers["Authorization"] == "Bearer mh"
        self.server.taken += good
        self.server.refused += not good
        self.send_response(204 if good else 401)
        self.end_headers()


def leave(server, state, name, *properties):
    """A player that is killed before the server has taken anything."""
    player = start(server, state, name, 2000, "protocol=events",
                   'authorization="Bearer mh"', *properties)
    check(server.asked.wait(PATIENCE), f"{name}: nothing comes")
    player.kill()
    finish(player)
    server.silent = False
    wait_gone(state, name)
    check(rows(state, "hits") == 0, f"{name}: hits are left")
    check(server.taken > 0 and server.refused == 0,
          f"{name}: {server.taken} taken, {server.refused} refused")


def case_authorization(server, state):
    """What is left is sent with the player's authorization."""
    leave(Guarded("127.0.0.1"), state, "authorization")


def case_http(server, state):
    """And over plain http, where the player allows that."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address = probe.getsockname()[0]
        except OSError:
            print("http: no address but that of loopback")
            return
    leave(Guarded(address), state, "http", "allow-http=true")


def case_valgrind(server, state):
    """The helper program makes no mistake that valgrind knows."""
    if not shutil.which("valgrind"):
        print("valgrind: not installed")
        return
    program = Path(f"{state}-mediaheartbeat-helper")
    program.write_text(
        "#!/bin/sh\nexec valgrind --quiet --leak-check=full "
        "--errors-for-leak-kinds=definite --show-leak-kinds=definite "
        f"--suppressions={SUPPRESSIONS} --log-file={state}-log.%p "
        f'{HELPER} "$@"\n')
    program.chmod(0o700)
    player = start(server, state, "valgrind", 400, "flush-timeout=10000",
                   env={"MEDIAHEARTBEAT_HELPER": str(program)})
    server.wait_for("valgrind", "play")
    server.be_silent(True)
    server.wait_unanswered()
    player.kill()
    finish(player)
    server.be_silent(False)
    wait_gone(state, "valgrind")
    check(rows(state, "hits") == 0, "valgrind: hits are left")
    logs = list(Path(state).parent.glob(f"{Path(state).name}-log.*"))
    check(len(logs) == 2, f"valgrind: {logs}")
    for log in logs:
        check(log.read_text() == "", f"valgrind: {log.read_text()}")


def case_missing(server, state):
    """There is no helper program: one line says so, and hits are kept."""
    said = finish(start(server, state, "missing", 100,
                        env={"MEDIAHEARTBEAT_HELPER": "/nowhere/helper"}))
    check(said.count("\n") == 1 and "libsoup 2" in said and
          "/nowhere/helper" in said, f"missing: {said!r}")
    check(rows(state, "hits") > 0, "missing: no hits are kept")
    check(server.types("missing") == [], "missing: it was sent")
    print("missing:", said.strip())


def case_directory(server, state):
    """Nobody else may write where the helper program listens."""
    os.mkdir(state)
    os.chmod(state, 0o777)
    said = finish(start(server, state, "directory", 100))
    check("everybody may write into it" in said, f"directory: {said!r}")
    check(not {"hits.db", "helper.sock"} & set(os.listdir(state)),
          f"directory: {os.listdir(state)}")
    for arguments in ([], [state, state], ["relative"]):
        check(subprocess.run([HELPER, *arguments], stderr=subprocess.PIPE)
              .returncode == 2, f"directory: takes {arguments}")
    check(subprocess.run([HELPER, state], stderr=subprocess.PIPE).returncode
          == 3, "directory: it listens where everybody may write")


CASES = (case_whole, case_short, case_killed, case_two, case_died,
         case_environment, case_descriptors, case_fork, case_opt_out,
         case_authorization, case_http,
         case_valgrind, case_missing, case_directory)


def run(case, directory):
    state = os.path.join(directory, case.__name__)
    try:
        case(Server(), state)
    except Exception as error:
        check(False, f"{case.__name__}: {error!r}")
    finally:
        stop(state)


def main():
    global DUMMY, HELPER
    DUMMY, HELPER = map(os.path.abspath, sys.argv[1:3])
    if not shutil.which("gst-launch-1.0"):
        print("needs gst-launch-1.0")
        sys.exit(SKIPPED)
    # Elements are scanned for without the dummy: some need libsoup 3.
    subprocess.run(["gst-inspect-1.0", "mediaheartbeat"], check=True,
                   stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(prefix="mh-helper-") as directory:
        threads = [threading.Thread(target=run, args=(case, directory))
                   for case in CASES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
