# driver: a player that does as it is told, in a process of its own.
#
#   driver.py CONFIG.json
#
# Reads commands from stdin and writes answers and events to stdout, a line of
# JSON each. What it plays with is one of the classes at the end: playbin,
# playbin3, GstPlay, or a pipeline in gst-launch's syntax. As an application
# should it pauses while buffering, unless `buffering` is "ignore".
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

PATIENCE = 60 * Gst.SECOND
STATES = {"ready": Gst.State.READY, "paused": Gst.State.PAUSED,
          "playing": Gst.State.PLAYING}


def say(**what):
    os.write(1, (json.dumps(what) + "\n").encode())


def make(factory, **properties):
    element = Gst.ElementFactory.make(factory)
    for name, value in properties.items():
        Gst.util_set_object_arg(element, name.replace("_", "-"), str(value))
    return element


def make_heartbeat(config):
    heartbeat = make("mediaheartbeat", name="heartbeat")
    set_up_heartbeat(heartbeat, config)
    return heartbeat


def set_up_heartbeat(heartbeat, config):
    for name, value in config["properties"].items():
        Gst.util_set_object_arg(heartbeat, name, str(value))
    heartbeat.connect("notify::playback-state", lambda element, _: say(
        event="state", state=element.get_property("playback-state").value_nick))


class Player:
    """What all of them can do, with self.pipeline and self.heartbeat."""

    def __init__(self, config):
        self.config = config
        self.wanted = Gst.State.PLAYING
        self.live = False
        self.buffering = False
        self.waits = []
        self.rounds = 0
        self.collection = None
        self.set_up()
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message", self.on_message)

    # ---- what the pipeline says ----

    def on_message(self, _, message):
        if message.type == Gst.MessageType.EOS:
            say(event="eos", position=self.position())
        elif message.type == Gst.MessageType.ERROR:
            say(event="error", position=self.position(),
                text=message.parse_error()[0].message)
        elif message.type == Gst.MessageType.BUFFERING:
            self.on_buffering(message.parse_buffering())
        elif message.type == Gst.MessageType.STREAM_START and \
                message.src == self.pipeline:
            say(event="stream-start")
        elif message.type == Gst.MessageType.STREAM_COLLECTION:
            self.collection = message.parse_stream_collection()
        elif message.type == Gst.MessageType.SEGMENT_DONE and \
                message.src == self.pipeline and self.rounds > 0:
            self.next_round(Gst.SeekFlags.SEGMENT)

    def on_buffering(self, percent):
        if self.live or self.config.get("buffering") == "ignore":
            return
        if percent < 100 and not self.buffering:
            self.buffering = True
            if self.wanted == Gst.State.PLAYING:
                self.pipeline.set_state(Gst.State.PAUSED)
            say(event="buffering", position=self.position())
        elif percent == 100 and self.buffering:
            self.buffering = False
            say(event="buffered", position=self.position())
            if self.wanted == Gst.State.PLAYING:
                self.pipeline.set_state(Gst.State.PLAYING)

    def position(self):
        known, position = self.pipeline.query_position(Gst.Format.TIME)
        return position / Gst.SECOND if known else None

    def settle(self):
        """Until the pipeline is where it was told to be, seeks included."""
        self.pipeline.get_state(PATIENCE)

    def find_paused(self):
        _, state, pending = self.pipeline.get_state(0)
        paused = state == Gst.State.PAUSED and \
            pending == Gst.State.VOID_PENDING
        return self.position() if paused else None

    def wait(self, number, find):
        """Answers with what find() returns once it is not None."""
        def look():
            found = find()
            if found is None:
                return GLib.SOURCE_CONTINUE
            say(reply=number, value=found)
            return GLib.SOURCE_REMOVE
        if look():
            GLib.timeout_add(20, look)

    # ---- commands: answer, or None where the answer comes later ----

    def do_start(self, number, state="playing"):
        self.wanted = STATES[state]
        self.live = (self.pipeline.set_state(self.wanted) ==
                     Gst.StateChangeReturn.NO_PREROLL)
        say(reply=number)

    def do_position(self, number):
        say(reply=number, value=self.position())

    def do_running(self, number):
        """Where it would be had it played all the time since it began."""
        time = self.pipeline.get_clock().get_time()
        say(reply=number,
            value=(time - self.pipeline.get_base_time()) / Gst.SECOND)

    def do_hangs(self, number):
        _, state, pending = self.pipeline.get_state(0)
        say(reply=number, value=not self.buffering and
            self.wanted == Gst.State.PLAYING and
            state == Gst.State.PAUSED and pending == Gst.State.PLAYING)

    def do_until(self, number, position, backwards=False):
        def find():
            now = self.position()
            reached = now is not None and (
                now <= position if backwards else now >= position)
            return now if reached else None
        self.wait(number, find)

    def do_frozen(self, number, milliseconds):
        """Until the position has stood still for so long."""
        last = [None, 0]

        def find():
            now, at = self.position(), GLib.get_monotonic_time() / 1000
            if now != last[0]:
                last[:] = now, at
            return now if at - last[1] >= milliseconds else None
        self.wait(number, find)

    def do_wait(self, number, milliseconds):
        """As a viewer who does nothing."""
        GLib.timeout_add(milliseconds, lambda: say(reply=number))

    def do_pause(self, number):
        self.wanted = Gst.State.PAUSED
        self.pipeline.set_state(Gst.State.PAUSED)
        if not self.buffering:
            self.settle()
        say(reply=number, value=self.position())

    def do_pause_now(self, number):
        """Without waiting: a sink that has no data does not get there."""
        self.wanted = Gst.State.PAUSED
        self.pipeline.set_state(Gst.State.PAUSED)
        say(reply=number, value=self.position())

    def do_play(self, number):
        self.wanted = Gst.State.PLAYING
        if not self.buffering:
            self.pipeline.set_state(Gst.State.PLAYING)
        say(reply=number, value=self.position())

    def seek(self, target, rate=1.0):
        time = round(target * Gst.SECOND)
        start, stop = (time, -1) if rate > 0 else (0, time)
        return self.pipeline.seek(
            rate, Gst.Format.TIME, Gst.SeekFlags.FLUSH | Gst.SeekFlags.ACCURATE,
            Gst.SeekType.SET, start, Gst.SeekType.SET, stop)

    def do_seek(self, number, target):
        self.seek(target)
        say(reply=number)

    def do_settle(self, number):
        self.settle()
        say(reply=number, value=self.position())

    def do_paused(self, number):
        """Until it is, seeks included."""
        self.wait(number, self.find_paused)

    def do_scrub(self, number, targets, interval):
        targets = list(targets)

        def step():
            self.seek(targets.pop(0))
            if targets:
                return GLib.SOURCE_CONTINUE
            say(reply=number)
            return GLib.SOURCE_REMOVE
        GLib.timeout_add(interval, step)

    def do_rate(self, number, rate):
        position = self.position()
        self.seek(position, rate)
        say(reply=number, value=position)

    def do_instant_rate(self, number, rate):
        self.pipeline.seek(
            rate, Gst.Format.TIME, Gst.SeekFlags.INSTANT_RATE_CHANGE,
            Gst.SeekType.NONE, 0, Gst.SeekType.NONE, 0)
        say(reply=number, value=self.position())

    def next_round(self, flags):
        """As browsers repeat their media: the last round is an ordinary one."""
        self.rounds -= 1
        if self.rounds == 0:
            flags &= ~Gst.SeekFlags.SEGMENT
        self.pipeline.seek(1.0, Gst.Format.TIME, flags, Gst.SeekType.SET, 0,
                           Gst.SeekType.SET, -1)

    def do_loop(self, number, rounds):
        self.rounds = rounds
        self.next_round(Gst.SeekFlags.SEGMENT | Gst.SeekFlags.FLUSH)
        self.settle()
        say(reply=number)

    def do_video(self, number, on):
        """playbin3 selects its streams."""
        streams = map(self.collection.get_stream,
                      range(self.collection.get_size()))
        self.pipeline.send_event(Gst.Event.new_select_streams(
            [stream.get_stream_id() for stream in streams
             if on or stream.get_stream_type() == Gst.StreamType.AUDIO]))
        say(reply=number)

    def do_step(self, number, milliseconds):
        self.pipeline.send_event(Gst.Event.new_step(
            Gst.Format.TIME, milliseconds * Gst.MSECOND, 1.0, True, False))
        self.settle()
        say(reply=number, value=self.position())

    def do_get(self, number, name):
        value = self.heartbeat.get_property(name)
        if isinstance(value, Gst.Structure):
            value = {value.nth_field_name(i):
                     value.get_value(value.nth_field_name(i))
                     for i in range(value.n_fields())}
        elif hasattr(value, "value_nick"):
            value = value.value_nick
        say(reply=number, value=value)

    def do_stop(self, number):
        position = self.position()
        self.stop()
        say(reply=number, value=position)

    def do_uri(self, number, uri):
        """Another one, through READY."""
        position = self.position()
        self.pipeline.set_state(Gst.State.READY)
        # Of what the one before has said: that it buffers, above all.
        self.pipeline.get_bus().set_flushing(True)
        self.pipeline.get_bus().set_flushing(False)
        self.pipeline.set_property("uri", uri)
        self.buffering = False
        self.wanted = Gst.State.PLAYING
        self.pipeline.set_state(Gst.State.PLAYING)
        say(reply=number, value=position)

    def stop(self):
        self.pipeline.set_state(Gst.State.NULL)


class Playbin(Player):
    def set_up(self):
        config = self.config
        self.heartbeat = make_heartbeat(config)
        self.pipeline = make(config["factory"], uri=config["uri"])
        for name, value in config.get("playbin", {}).items():
            Gst.util_set_object_arg(self.pipeline, name, str(value))
        self.set_sinks()
        self.pipeline.set_property(config["slot"], self.heartbeat)
        if "next" in config:
            self.set_next(config["next"])

    def set_next(self, uri):
        """Another one when this one is about to finish."""
        waiting = [uri]

        def on_about_to_finish(playbin):
            if waiting:
                playbin.set_property("uri", waiting.pop())
        self.pipeline.connect("about-to-finish", on_about_to_finish)

    def set_sinks(self):
        for slot, factory in (("audio-sink", "fakeaudiosink"),
                              ("video-sink", "fakevideosink")):
            self.pipeline.set_property(slot, make(factory))


class Launch(Player):
    """A pipeline in gst-launch's syntax."""

    def set_up(self):
        self.pipeline = Gst.parse_launch(self.config["pipeline"])
        self.heartbeat = self.pipeline.get_by_name("heartbeat")
        set_up_heartbeat(self.heartbeat, self.config)


class GstPlayPlayer(Playbin):
    """GstPlay, told through its own functions; it handles BUFFERING itself."""

    def set_up(self):
        gi.require_version("GstPlay", "1.0")
        from gi.repository import GstPlay
        self.play = GstPlay.Play.new(None)
        self.adapter = GstPlay.PlaySignalAdapter.new(self.play)
        self.adapter.connect("buffering", self.on_play_buffering)
        self.pipeline = self.play.get_pipeline()
        self.heartbeat = make_heartbeat(self.config)
        for name, value in self.config.get("playbin", {}).items():
            Gst.util_set_object_arg(self.pipeline, name, str(value))
        self.set_sinks()
        self.pipeline.set_property(self.config["slot"], self.heartbeat)
        self.play.set_uri(self.config["uri"])

    def on_buffering(self, percent):
        pass

    def on_play_buffering(self, _, percent):
        if percent < 100 and not self.buffering:
            self.buffering = True
            say(event="buffering", position=self.position())
        elif percent == 100 and self.buffering:
            self.buffering = False
            say(event="buffered", position=self.position())

    def do_start(self, number, state="playing"):
        (self.play.play if state == "playing" else self.play.pause)()
        say(reply=number)

    def do_pause(self, number):
        self.play.pause()
        if self.buffering:
            say(reply=number, value=self.position())
        else:
            self.wait(number, self.find_paused)

    def do_play(self, number):
        self.play.play()
        say(reply=number, value=self.position())

    def seek(self, target, rate=1.0):
        self.play.seek(round(target * Gst.SECOND))

    def do_rate(self, number, rate):
        self.play.set_rate(rate)
        say(reply=number, value=self.position())

    def do_uri(self, number, uri):
        position = self.position()
        self.play.set_uri(uri)
        self.play.play()
        say(reply=number, value=position)

    def stop(self):
        self.play.stop()


KINDS = {"playbin": Playbin, "launch": Launch, "gstplay": GstPlayPlayer}


def main():
    Gst.init(None)
    player = KINDS[json.loads(sys.argv[1])["kind"]](json.loads(sys.argv[1]))
    loop = GLib.MainLoop()

    def on_line(channel, _):
        status, line = channel.read_line()[:2]
        if status != GLib.IOStatus.NORMAL:
            player.stop()
            player.pipeline.set_state(Gst.State.NULL)
            loop.quit()
            return GLib.SOURCE_REMOVE
        command = json.loads(line)
        getattr(player, "do_" + command.pop("do"))(**command)
        return GLib.SOURCE_CONTINUE

    channel = GLib.IOChannel.unix_new(0)
    GLib.io_add_watch(channel, GLib.PRIORITY_DEFAULT,
                      GLib.IOCondition.IN | GLib.IOCondition.HUP, on_line)
    say(event="ready")
    loop.run()


if __name__ == "__main__":
    main()
