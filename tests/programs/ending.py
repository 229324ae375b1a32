#!/usr/bin/env python3
# ending: gst-launch-1.0 and gst-play-1.0 are ended by Ctrl-C and `q` while the
# server does not answer: they end at once, and the next player delivers what
# they have left.
#
#   ending.py
#
# At once: before the request under way is given up, after which there would be
# another. Needs the environment of the tests (tests/meson.build).
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import fcntl
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import termios
import threading
import wave

from server import PATIENCE, Server

SKIPPED = 77
TONE = ["audiotestsrc", "samplesperbuffer=441", "!",
        "audio/x-raw,rate=44100", "!"]
SINK = ["!", "fakesink", "sync=true"]

faults = []


def fault(text):
    faults.append(text)
    print(text)


def heartbeat(server, state, media, flush):
    return ["mediaheartbeat", f"collection-server={server.uri}",
            f"state-dir={state}", f"media-id={media}",
            f"flush-timeout={flush}"]


def become_terminals():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Program:
    """Runs in a terminal of its own."""

    def __init__(self, command, variables):
        print("#", " ".join(command))
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, preexec_fn=become_terminals,
            env={**os.environ, "TERM": "xterm", **variables})
        os.close(slave)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        try:
            while os.read(self.master, 65536):
                pass
        except OSError:  # the last one has closed it
            pass

    def end(self, keys):
        """Returns whether it has ended by itself."""
        os.write(self.master, keys)
        try:
            return self.process.wait(PATIENCE) >= 0
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False
        finally:
            self.reader.join()
            os.close(self.master)


def make_sound(path):
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000 * 2 * 600))


def run_case(name, command, variables, keys, last, server, state):
    server.be_silent(True)
    program = Program(command, variables)
    if not server.wait_unanswered():
        fault(f"{name}: no request")
    if not program.end(keys):
        fault(f"{name}: does not end by itself")
    if server.unanswered != 1:
        fault(f"{name}: {server.unanswered} requests before it has ended")
    server.be_silent(False)
    # It has time enough to deliver all there is.
    subprocess.run(
        ["gst-launch-1.0", "-q", *TONE[:1], "num-buffers=20", *TONE[1:],
         *heartbeat(server, state, f"after-{name}", 30000), *SINK],
        check=True, timeout=PATIENCE)
    types = server.types(name)
    if types[:1] != ["sessionStart"] or types[-1:] != [last]:
        fault(f"{name}: {types}")
    if types.count("sessionStart") != 1 or types.count(last) != 1:
        fault(f"{name}: {types}")
    if server.times(name) != sorted(set(server.times(name))):
        fault(f"{name}: times {server.times(name)}")
    if server.types(f"after-{name}")[-1:] != ["sessionComplete"]:
        fault(f"{name}: the next: {server.types(f'after-{name}')}")
    print(f"{name}: {' '.join(types)}")


def main():
    if not all(map(shutil.which, ("gst-launch-1.0", "gst-play-1.0"))):
        print("needs gst-launch-1.0 and gst-play-1.0")
        sys.exit(SKIPPED)
    server = Server()
    with tempfile.TemporaryDirectory(prefix="mh-ending-") as directory:
        state = os.path.join(directory, "state")
        sound = os.path.join(directory, "sound.wav")
        make_sound(sound)

        def launch(name, *options):
            return ["gst-launch-1.0", *options, *TONE,
                    *heartbeat(server, state, name, 100), *SINK]
        run_case("launch", launch("launch"), {}, b"\x03", "sessionEnd",
                 server, state)
        run_case("launch-e", launch("launch-e", "-e"), {}, b"\x03",
                 "sessionComplete", server, state)
        run_case("play", ["gst-play-1.0", "--audiosink",
                          "fakesink sync=true", sound],
                 {"GST_TRACERS": f'mediaheartbeattracer(collection-server='
                  f'"{server.uri}",state-dir="{state}",media-id=play,'
                  'flush-timeout=100,filter="playbin*")'},
                 b"q", "sessionEnd", server, state)
    server.close()
    print(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
