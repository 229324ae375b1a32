#!/usr/bin/env python3
# pipewire: a player seeks while its sound goes to PipeWire: the position goes on
# after each seek, with the element, with the tracer, and with neither.
#
#   pipewire.py [--with none|element|tracer] [--repeat N]
#
# pulsesink's clock must not be read within some milliseconds after the stream
# runs again: with PipeWire's server it may take a time that is too large, and
# the position stands still until real time has caught up.
#
# PipeWire runs in a runtime directory of its own and plays into a null sink. The
# test is skipped where it is not installed or does not start. Needs the
# environment of the tests (tests/meson.build).
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
PATIENCE = 60
PROGRAMS = ["dbus-run-session", "pipewire", "wireplumber", "pipewire-pulse"]
INSIDE = "MH_TEST_INSIDE_DBUS_SESSION"

# The output of mopidy, and what playbin takes by itself.
OUTPUTS = ["queue ! tee name=t ! queue ! pulsesink", "pulsesink"]
PLAYERS = 2  # for each of these, at the same time
SEEKS = 12  # of each player; every third while it is paused
LENGTH = 60  # seconds of media

NULL_SINK = """
context.objects = [
  { factory = adapter
    args = {
      factory.name = support.null-audio-sink
      node.name = "null"
      media.class = "Audio/Sink"
      audio.position = "FL,FR"
      object.linger = true
    }
  }
]
"""


def find_python():
    """One that has GStreamer's bindings: not each that is first on PATH has."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import gi"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return skip("no Python with gi")


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


# ---- a player, in a process of its own ----

def play(config):
    import gi
    gi.require_version("Gst", "1.0")
    from gi.repository import GLib, Gst
    Gst.init(None)
    loop = GLib.MainLoop()
    pipeline = Gst.ElementFactory.make("playbin")
    pipeline.set_property("uri", config["uri"])
    pipeline.set_property(
        "audio-sink", Gst.parse_bin_from_description(config["output"], True))
    if config["element"]:
        heartbeat = Gst.ElementFactory.make("mediaheartbeat")
        for name, value in config["properties"].items():
            Gst.util_set_object_arg(heartbeat, name, value)
        pipeline.set_property("audio-filter", heartbeat)
    frozen = []

    def fail(_, message):
        print(json.dumps({"error": message.parse_error()[0].message}))
        os._exit(1)

    def position():
        return pipeline.query_position(Gst.Format.TIME)[1]

    def seek(n):
        paused = n % 3 == 2
        if paused:
            pipeline.set_state(Gst.State.PAUSED)
            pipeline.get_state(Gst.CLOCK_TIME_NONE)
        target = (3 + n * 7 % (LENGTH - 20)) * Gst.SECOND
        pipeline.seek_simple(Gst.Format.TIME, Gst.SeekFlags.FLUSH, target)
        if paused:
            GLib.timeout_add(300, resume, n)
        else:
            GLib.timeout_add(1300, look, n)
        return GLib.SOURCE_REMOVE

    def resume(n):
        pipeline.set_state(Gst.State.PLAYING)
        GLib.timeout_add(1300, look, n)
        return GLib.SOURCE_REMOVE

    def look(n):
        GLib.timeout_add(400, compare, n, position())
        return GLib.SOURCE_REMOVE

    def compare(n, before):
        if position() == before:
            frozen.append(n)
        if n + 1 < SEEKS:
            seek(n + 1)
        else:
            loop.quit()
        return GLib.SOURCE_REMOVE

    bus = pipeline.get_bus()
    bus.add_signal_watch()
    bus.connect("message::error", fail)
    pipeline.set_state(Gst.State.PLAYING)
    pipeline.get_state(PATIENCE * Gst.SECOND)
    GLib.timeout_add(1500, seek, 0)
    loop.run()
    pipeline.set_state(Gst.State.NULL)
    print(json.dumps({"frozen": frozen}))


# ---- PipeWire ----

class PipeWire:
    """Its programs, with a null sink, in a runtime directory of their own."""

    def __init__(self, directory):
        self.directory = directory
        self.processes = []
        drop_in = directory / "config" / "pipewire" / "pipewire.conf.d"
        drop_in.mkdir(parents=True)
        (drop_in / "null.conf").write_text(NULL_SINK)
        runtime = directory / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ.update(
            XDG_RUNTIME_DIR=str(runtime), PULSE_RUNTIME_PATH=str(runtime / "pulse"),
            PULSE_SERVER=f"unix:{runtime}/pulse/native",
            XDG_CONFIG_HOME=str(directory / "config"))
        self.start("pipewire", runtime / "pipewire-0")
        self.start("wireplumber", None)
        self.start("pipewire-pulse", runtime / "pulse" / "native")

    def start(self, program, socket):
        with open(self.directory / f"{program}.log", "wb") as log:
            self.processes.append(subprocess.Popen(
                [program], stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        until = time.monotonic() + PATIENCE
        while socket and not socket.exists():
            if self.processes[-1].poll() is not None or \
                    time.monotonic() > until:
                self.close()
                skip(f"{program} does not start")
            try:
                self.processes[-1].wait(0.05)
            except subprocess.TimeoutExpired:
                pass

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()


# ---- what is compared ----

def command(way, uri, output, state):
    properties = {"collection-server": "http://127.0.0.1:9", "state-dir": state,
                  "flush-timeout": "0"}
    variables = dict(os.environ)
    variables.pop("GST_TRACERS", None)
    if way == "tracer":
        variables["GST_TRACERS"] = "mediaheartbeattracer({})".format(
            ",".join(f"{name}={value}" for name, value in properties.items()))
    config = {"uri": uri, "output": output, "element": way == "element",
              "properties": properties}
    return [find_python(), __file__, "--play", json.dumps(config)], variables


def try_way(way, uri, directory):
    """Returns how many seeks froze, and how many there were."""
    players = []
    for n in range(PLAYERS * len(OUTPUTS)):
        words, variables = command(way, uri, OUTPUTS[n % len(OUTPUTS)],
                                   str(directory / f"state-{n}"))
        players.append(subprocess.Popen(words, env=variables, text=True,
                                        stdout=subprocess.PIPE))
    results = [json.loads(player.communicate(timeout=5 * PATIENCE)[0])
               for player in players]
    for result in results:
        if "error" in result:
            skip(f"pulsesink: {result['error']}")
    print(f"# {way}: frozen {[result['frozen'] for result in results]}",
          flush=True)
    return sum(len(result["frozen"]) for result in results), \
        SEEKS * len(players)


def make_media(directory):
    path = directory / "clip.ogg"
    subprocess.run(
        ["gst-launch-1.0", "-q", "audiotestsrc", f"num-buffers={LENGTH * 100}",
         "samplesperbuffer=441", "volume=0.1", "!",
         "audio/x-raw,rate=44100,channels=1", "!", "vorbisenc", "!", "oggmux",
         "!", "filesink", f"location={path}"], check=True)
    return path.as_uri()


def run(arguments):
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        uri = make_media(directory)
        pipewire = PipeWire(directory)
        try:
            for way in arguments.ways or ["none", "element", "tracer"]:
                for _ in range(arguments.repeat):
                    frozen, seeks = try_way(way, uri, directory)
                    print(f"{way}: {frozen} of {seeks} frozen", flush=True)
                    # Without the plugin it is the server that freezes.
                    if way == "none" and frozen:
                        skip("it freezes without the plugin")
                    faults += frozen
        finally:
            pipewire.close()
    return 1 if faults else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--with", dest="ways", action="append",
                        choices=["none", "element", "tracer"])
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--play")
    arguments = parser.parse_args()
    if arguments.play:
        play(json.loads(arguments.play))
        return 0
    for program in PROGRAMS:
        if not shutil.which(program):
            skip(f"{program} is not installed")
    if INSIDE not in os.environ:
        # WirePlumber wants a session bus.
        return subprocess.run(
            ["dbus-run-session", "--", sys.executable, *sys.argv], check=False,
            env={**os.environ, INSIDE: "1"}).returncode
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
