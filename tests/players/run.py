#!/usr/bin/env python3
# run: real players that nobody here wrote, under the tracer: WebKitGTK, gst123, Quod
# Libet, Rhythmbox and Totem. What the server gets is compared with what the player did, and where
# the player itself says that it was.
#
#   run.py BUILD [CASE…]
#
# Each player has a virtual screen and a session bus of its own. A case whose player is
# not installed is skipped; without any of them, so is the test. Needs xvfb,
# dbus-daemon, and gir1.2-webkit2-4.1, gst123, totem, or playerctl and quodlibet or
# rhythmbox-plugins.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "programs"))

from helper import helpers_of, wait_until  # noqa: E402
from pages import Pages  # noqa: E402
from server import PATIENCE, Server  # noqa: E402

SKIPPED = 77
LENGTH = 4  # of the clip, seconds
NEAR = 0.4  # seconds: what a player says may be a little old
SESSION = ["dbus-run-session", "--", "xvfb-run", "-a"]

BUILD = PLUGINS = None
faults = []


def check(good, text):
    if not good:
        faults.append(text)
        print("FAULT:", text)


class Case:
    """A folder, a server, and the environment of a player."""

    def __init__(self, name, folder):
        self.name = name
        self.folder = folder / name
        self.folder.mkdir()
        self.state = self.folder / "state"
        self.server = Server()
        self.clip = folder / "clip.webm"
        self.tone = folder / "tone.ogg"

    def environment(self):
        return {
            **os.environ,
            "GST_PLUGIN_PATH_1_0": PLUGINS,
            "GST_REGISTRY_1_0": str(self.folder.parent / "registry.bin"),
            "GST_TRACERS": "mediaheartbeattracer(collection-server="
                           f"{self.server.uri},state-dir={self.state})",
            "MEDIAHEARTBEAT_HELPER":
                str(BUILD / "src/helper/mediaheartbeat-helper"),
            "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder),
            "TERM": "xterm", "no_proxy": "*",
        }

    def events(self):
        """Of all media, one after the other: (type, playhead), without pings
        and what repeats the one before."""
        found = []
        for events in list(self.server.events.values()):
            for event in events:
                kind = event["eventType"]
                if kind not in ("ping", "stateStart", "stateEnd") and (
                        not found or found[-1][0] != kind):
                    found.append((kind, event["playerTime"]["playhead"]))
        return found

    def wait_for(self, kind, count=1):
        wait_until(lambda: sum(event[0] == kind for event in self.events())
                   >= count, f"{self.name}: no {kind}: {self.events()}")

    def check(self, *wanted):
        """@wanted: type and playhead of each."""
        found = self.events()
        good = len(found) == len(wanted) and all(
            kind == other and abs(at - about) < NEAR
            for (kind, at), (other, about) in zip(found, wanted))
        check(good, f"{self.name}: {found} instead of {wanted}")
        print(f"{self.name}:", " ".join(f"{kind} {at:.3f}"
                                        for kind, at in found))


# ---- WebKitGTK ----

def browse(case, page):
    """Returns what the page's player did."""
    pages = Pages(str(case.folder.parent))
    subprocess.run([*SESSION, "/usr/bin/python3", HERE / "web.py",
                    f"{pages.uri}/{page}.html"], check=True,
                   env=case.environment(), timeout=PATIENCE,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"{case.name}: page:", pages.told)
    return pages.told


def where(told, what):
    """Where the player was at the first of these."""
    return next((at for name, at in told if name == what), -1)


def case_web_video(case):
    paused = where(browse(case, "video"), "pause")
    case.wait_for("sessionComplete")
    check(0.5 < paused < LENGTH, f"{case.name}: paused at {paused}")
    case.check(("sessionStart", 0), ("play", 0), ("pauseStart", paused),
               ("play", paused), ("sessionComplete", LENGTH))


def case_web_loop(case):
    """Each round is a session. The page leaves in the third one. Where it is then is
    known from the clock: WebKit tells pages 0 or 4 in all rounds but the first,
    and leaves out some of their events."""
    browse(case, "loop")
    case.wait_for("sessionEnd")
    once = (("sessionStart", 0), ("play", 0), ("sessionComplete", LENGTH))
    times = [time for media in case.server.events for time in
             case.server.times(media)]
    left = (times[-1] - times[0]) / 1000 - 2 * LENGTH
    check(0 < left < LENGTH, f"{case.name}: left at {left}")
    case.check(*once, *once, *once[:2], ("sessionEnd", left))


def case_web_mse(case):
    ended = where(browse(case, "mse"), "ended")
    case.wait_for("sessionComplete")
    check(abs(ended - LENGTH) < NEAR, f"{case.name}: ended at {ended}")
    case.check(("sessionStart", 0), ("play", 0), ("sessionComplete", LENGTH))


# ---- gst123 ----

def case_gst123(case):
    """Space pauses, and goes on."""
    master, slave = pty.openpty()
    player = subprocess.Popen(
        ["gst123", "-x", case.tone], stdin=slave, stdout=slave,
        stderr=slave, env=case.environment(), start_new_session=True)
    os.close(slave)
    threading.Thread(target=drain, args=(master,), daemon=True).start()
    case.wait_for("play")
    os.write(master, b" ")
    case.wait_for("pauseStart")
    os.write(master, b" ")
    player.wait(PATIENCE)
    case.wait_for("sessionComplete")
    paused = case.events()[2][1] if len(case.events()) > 2 else -1
    check(0 < paused < LENGTH, f"{case.name}: paused at {paused}")
    case.check(("sessionStart", 0), ("play", 0), ("pauseStart", paused),
               ("play", paused), ("sessionComplete", LENGTH))


def drain(master):
    try:
        while os.read(master, 65536):
            pass
    except OSError:  # the player has closed it
        pass


# ---- those that hold libsoup 2 on Debian 12: the helper program sends for them ----

QUODLIBET = """[player]
gst_pipeline = fakesink sync=true
[plugins]
active_plugins = mpris
"""


class Desktop:
    """A session with a player in it, which runs what is written to it."""

    def __init__(self, case):
        self.case = case
        self.shell = subprocess.Popen(
            [*SESSION, "sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=case.environment())

    def do(self, command):
        """Returns what it prints."""
        self.shell.stdin.write(f"{command}\necho; echo done\n")
        self.shell.stdin.flush()
        said = ""
        for line in self.shell.stdout:
            if line == "done\n":
                break
            said += line
        return said

    def start(self, command):
        """A player that MPRIS has by its case's name."""
        self.do(f"{command} >/dev/null 2>&1 &")
        wait_until(lambda: self.case.name in self.do("playerctl --list-all"),
                   f"{self.case.name}: it does not start")

    def control(self, command):
        return self.do(f"playerctl --player={self.case.name} {command}")

    def position(self):
        said = re.search(r"[\d.]+", self.control("position"))
        return float(said[0]) if said else -1

    def quit(self, command):
        self.do(command)
        self.shell.stdin.close()
        self.shell.wait(PATIENCE)


def told(case, index, said):
    """Where that event was, if the player says no more than whole seconds."""
    at = case.events()[index][1] if len(case.events()) > index else -1
    check(int(at) == said, f"{case.name}: {said} s and not {at}")
    return at


def control(case, player, quit, target=0.5, whole=False):
    """What plays is paused, goes on, is sought in, and paused again."""
    case.wait_for("play")
    player.control("pause")
    case.wait_for("pauseStart")
    paused = player.position()
    player.control("play")
    case.wait_for("play", 2)
    player.control(f"position {target}")
    case.wait_for("play", 3)
    print(f"{case.name}: {len(helpers_of(case.state))} helper program")
    player.control("pause")
    case.wait_for("pauseStart", 3)
    last = player.position()
    player.quit(quit)
    case.wait_for("sessionEnd")
    found = case.events()
    before = found[4][1] if len(found) > 4 else -1
    if whole:
        paused, last = told(case, 2, paused), told(case, 6, last)
    case.check(("sessionStart", 0), ("play", 0), ("pauseStart", paused),
               ("play", paused), ("pauseStart", before), ("play", target),
               ("pauseStart", last), ("sessionEnd", last))


def case_quodlibet(case):
    config = case.folder / ".config/quodlibet"
    config.mkdir(parents=True)
    (config / "config").write_text(QUODLIBET)
    player = Desktop(case)
    player.start("quodlibet --run")
    player.do(f"quodlibet --play-file={case.tone}")
    control(case, player, "quodlibet --quit")


def case_rhythmbox(case):
    player = Desktop(case)
    player.start("rhythmbox")
    player.do(f"rhythmbox-client --no-start --play-uri={case.tone.as_uri()}")
    control(case, player, "rhythmbox-client --quit", target=1, whole=True)


def case_totem(case):
    """To the end, with a pause. (Its MPRIS is a plugin that is off.)"""
    player = Desktop(case)
    player.do(f"totem {case.clip} >/dev/null 2>&1 &")
    case.wait_for("play")
    player.do("totem --pause")
    case.wait_for("pauseStart")
    player.do("totem --play")
    case.wait_for("sessionComplete")
    player.quit("totem --quit")
    paused = case.events()[2][1] if len(case.events()) > 2 else -1
    check(0 < paused < LENGTH, f"{case.name}: paused at {paused}")
    case.check(("sessionStart", 0), ("play", 0), ("pauseStart", paused),
               ("play", paused), ("sessionComplete", LENGTH))


# ---- all of them ----

def has_webkit():
    return subprocess.run(
        ["/usr/bin/python3", "-c", "import gi; "
         "gi.require_version('WebKit2', '4.1'); "
         "gi.require_version('Gtk', '3.0')"],
        stderr=subprocess.DEVNULL).returncode == 0


def has(*programs):
    return lambda: all(map(shutil.which, programs))


CASES = {
    "web-video": (case_web_video, has_webkit),
    "web-loop": (case_web_loop, has_webkit),
    "web-mse": (case_web_mse, has_webkit),
    "gst123": (case_gst123, has("gst123")),
    "quodlibet": (case_quodlibet, has("quodlibet", "playerctl")),
    "rhythmbox": (case_rhythmbox, has("rhythmbox", "playerctl")),
    "totem": (case_totem, has("totem")),
}


def launch(*description):
    subprocess.run(["gst-launch-1.0", "-q", *" ".join(description).split()],
                   check=True)


def make_media(folder):
    launch(f"videotestsrc num-buffers={25 * LENGTH} ! video/x-raw,width=160,"
           "height=120,framerate=25/1 ! vp8enc deadline=1 keyframe-max-dist=25"
           " ! webmmux ! filesink location=" f"{folder}/clip.webm")
    launch(f"audiotestsrc num-buffers={10 * LENGTH} samplesperbuffer=4410 !"
           "audio/x-raw,rate=44100 ! vorbisenc ! oggmux ! filesink location=",
           f"{folder}/tone.ogg")


def scan(folder):
    subprocess.run(
        ["gst-inspect-1.0", "mediaheartbeat"], check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "GST_PLUGIN_PATH_1_0": PLUGINS,
             "GST_REGISTRY_1_0": f"{folder}/registry.bin"})


def run(name, folder):
    function, is_here = CASES[name]
    if not is_here():
        print(f"{name}: skipped, the player is not installed")
        return False
    case = Case(name, folder)
    try:
        function(case)
    except Exception as error:
        check(False, f"{name}: {error!r}")
    wait_until(lambda: not helpers_of(case.state), f"{name}: helper program")
    return True


def main():
    global BUILD, PLUGINS
    BUILD = Path(sys.argv[1]).resolve()
    # The second one has a sink that makes no sound, and keeps time.
    PLUGINS = f"{BUILD / 'plugin'}:{BUILD / 'tests/matrix/quiet'}"
    names = sys.argv[2:] or list(CASES)
    if not has("xvfb-run", "dbus-run-session", "gst-launch-1.0")():
        print("needs xvfb-run, dbus-run-session and gst-launch-1.0")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory(prefix="mh-players-") as directory:
        folder = Path(directory)
        make_media(folder)
        scan(folder)
        ran = [run(name, folder) for name in names]
    sys.exit(1 if faults else 0 if any(ran) else SKIPPED)


if __name__ == "__main__":
    main()
