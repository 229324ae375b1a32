#!/usr/bin/env python3
# player: a small player that reports what it plays, in Python.
#
#   player.py [--fake] URI COLLECTOR [START]
#
# Plays URI from START on (seconds, where it was left earlier), reports to the
# server COLLECTOR, and tells it of what no pipeline shows: an ad break with two
# ads, a chapter, and that the player is muted. player.c with --timeline and
# player.js do the same. --fake plays to nowhere: no hardware needed.
#
# Needs GST_PLUGIN_PATH, and PyGObject (python3-gi, gir1.2-gstreamer-1.0).
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402


def structure(name, fields):
    result = Gst.Structure.new_empty(name)
    for field, value in fields.items():
        result.set_value(field, value)
    return result


class Player:
    def __init__(self, uri, collector, start, fake):
        self.start = start
        self.resuming = start > 0
        self.playing = False
        self.loop = GLib.MainLoop()
        self.failed = False
        self.heartbeat = Gst.ElementFactory.make("mediaheartbeat")
        self.heartbeat.set_property("collection-server", collector)
        # The session that comes resumes an earlier one.
        self.heartbeat.set_property("resumed", self.resuming)
        # The program ends here: what was said last may take its time.
        self.heartbeat.set_property("flush-timeout", 5000)

        self.playbin = Gst.ElementFactory.make("playbin")
        self.playbin.set_property("uri", uri)
        self.playbin.set_property("audio-filter", self.heartbeat)
        if fake:
            for name in ("audio-sink", "video-sink"):
                sink = Gst.ElementFactory.make("fakesink")
                sink.set_property("sync", True)
                self.playbin.set_property(name, sink)
        bus = self.playbin.get_bus()
        bus.add_signal_watch()
        bus.connect("message", self.on_message)

        # When, in seconds after the start, and what then.
        self.timeline = [
            (1.5, self.mute),
            (2.0, self.start_ad_break),
            (3.0, self.start_second_ad),
            (4.0, self.end_ad_break),
            (4.5, self.unmute),
            (5.0, self.start_chapter),
            (6.0, self.end_chapter),
        ]

    # What the pipeline does not show. Names and arguments of the calls are in
    # docs/reference/calls.md; where one is refused, a warning on the bus
    # says why.

    def track(self, call, **arguments):
        self.heartbeat.emit("track", call, structure("details", arguments))

    # The element sees this by itself as well; who tells of it has the say.

    def mute(self):
        self.playbin.set_property("mute", True)
        self.track("stateStart", name="mute")

    def unmute(self):
        self.playbin.set_property("mute", False)
        self.track("stateEnd", name="mute")

    def start_ad_break(self):
        self.track("adBreakStart", name="Mid-roll", position=1,
                   startTime=self.start + 2.0)
        self.track("adStart", id="ad-1", name="First ad", position=1,
                   length=1.0, metadata=structure("metadata", {
                       "a.media.ad.advertiser": "Example",
                       "placement": "stitched"}))

    def start_second_ad(self):
        self.track("adComplete")
        self.track("adStart", id="ad-2", name="Second ad", position=2,
                   length=1.0)

    def end_ad_break(self):
        self.track("adComplete")
        self.track("adBreakComplete")

    def start_chapter(self):
        self.track("chapterStart", name="Chapter 1", position=1, length=1.0,
                   startTime=self.start + 5.0)

    def end_chapter(self):
        self.track("chapterComplete")

    # Playing.

    def on_timer(self):
        known, position = self.playbin.query_position(Gst.Format.TIME)
        while (known and self.timeline and
               position >= (self.start + self.timeline[0][0]) * Gst.SECOND):
            _, act = self.timeline.pop(0)
            act()
        return GLib.SOURCE_CONTINUE

    def on_prerolled(self):
        """To where it was left; then, the second time, play."""
        if self.resuming:
            self.resuming = False
            self.playbin.seek_simple(
                Gst.Format.TIME, Gst.SeekFlags.FLUSH | Gst.SeekFlags.ACCURATE,
                int(self.start * Gst.SECOND))
        elif not self.playing:
            self.playing = True
            self.playbin.set_state(Gst.State.PLAYING)
            GLib.timeout_add(20, self.on_timer)

    def on_message(self, _bus, message):
        if message.has_name("media-heartbeat"):
            hit = message.get_structure()
            print(f"{hit.get_value('event'):15} {hit.get_value('playhead'):8.3f}"
                  f"{'  RESUME' if hit.get_value('resume') else ''}")
        elif message.type == Gst.MessageType.ASYNC_DONE:
            self.on_prerolled()
        elif message.type == Gst.MessageType.WARNING:
            print("warning:", message.parse_warning()[0].message,
                  file=sys.stderr)
        elif message.type == Gst.MessageType.ERROR:
            print("error:", message.parse_error()[0].message, file=sys.stderr)
            self.failed = True
            self.loop.quit()
        elif message.type == Gst.MessageType.EOS:
            self.loop.quit()

    def run(self):
        self.playbin.set_state(Gst.State.PAUSED)
        self.loop.run()
        self.playbin.set_state(Gst.State.NULL)
        return 1 if self.failed else 0


def main():
    arguments = [text for text in sys.argv[1:] if text != "--fake"]
    if len(arguments) not in (2, 3):
        print("usage: player.py [--fake] URI COLLECTOR [START]",
              file=sys.stderr)
        sys.exit(2)
    Gst.init(None)
    player = Player(arguments[0], arguments[1],
                    float(arguments[2]) if len(arguments) > 2 else 0.0,
                    "--fake" in sys.argv)
    sys.exit(player.run())


if __name__ == "__main__":
    main()
