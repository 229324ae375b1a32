# trial: one host in one case: the player, the collector, and what is expected.
#
# A case names the hits in the order in which they must come; each hit() waits
# for the next one and compares it, so that it is a point of synchronisation as
# well. Pings are left out, but for ping(). over() makes sure that nothing else
# has come.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import time

from collector import PATIENCE, Collector
from server import Server

# How far a playhead may be from the position that it should show, seconds.
TOLERANCE = 0.3


class Mismatch(Exception):
    """The plugin, or the player, did something else."""


class Hung(Exception):
    """The player itself does not go on: GStreamer 1.22 may lose the change to
    PLAYING of one that is paused for buffering just as it is ready."""


class Trial:
    def __init__(self, host, media, environment):
        self.host = host
        self.media = media
        self.directory = environment.directory
        self.collector = Collector(environment.collector, self.directory)
        self.environment = environment
        self.properties = {"collection-server": self.collector.uri,
                           "flush-timeout": 20000}
        self.options = {}
        self.variables = {}  # more environment variables of the player
        # What is asked of the pipeline, and when: quiet/quiet.c.
        self.questions = self.directory / "questions.log"
        self.tracers = [f"mhquiet(log={self.questions})"]
        self.player = None
        self.server = None
        self.session = -1
        self.index = 0
        self.notes = []
        self.errors = []  # of playheads, seconds, where one position is right

    # ---- set-up ----

    def serve(self, **options):
        """A server of the media directory; see server.Server."""
        self.server = Server(self.media.directory, **options)
        return self.server

    def launch(self, uri=None, **options):
        """Starts the player: on its host's own media, unless told."""
        self.player = self.host.start(
            self, uri or self.media.uri(self.host.media), **options)
        return self.player

    def begin(self, uri=None, until=1.5, **options):
        """Plays from the start until the content has started, which sends
        another play."""
        self.launch(uri, **options)
        self.hit("sessionStart", 0)
        self.hit("play", 0)
        self.hit("play", 1)
        self.player.until(until)
        return self.player

    # ---- what is expected ----

    def note(self, text):
        self.notes.append(text)

    def fail(self, text):
        raise Mismatch(text)

    def current(self, ping=False):
        sessions = self.collector.sessions()
        if not 0 <= self.session < len(sessions):
            return []
        return [hit for hit in sessions[self.session]
                if (hit.event == "ping") == ping]

    def find(self):
        hits = self.current()
        return hits[self.index] if self.index < len(hits) else None

    def hit(self, event, playhead=None, resume=False, tolerance=TOLERANCE):
        """The next hit. playhead: seconds, or (from, to), or any."""
        if event == "sessionStart":
            self.session += 1
            self.index = 0
        wanted = f"{event} {playhead}{' RESUME' if resume else ''}"
        hit = self.collector.wait_for(self.find)
        self.note(f"{wanted}: {hit}")
        if hit is None and self.player.hangs():
            raise Hung(f"{wanted} did not come, as the player hangs")
        if hit is None:
            self.fail(f"{wanted} did not come")
        if hit.event != event or hit.resume != resume:
            self.fail(f"{hit} instead of {wanted}")
        self.near(f"{event}", hit.playhead, playhead, tolerance)
        self.index += 1
        return hit

    def near(self, what, value, wanted, tolerance=TOLERANCE):
        if wanted is None:
            return
        low, high = wanted if isinstance(wanted, tuple) else (wanted, wanted)
        if low == high:
            self.errors.append((abs(value - low), what))
        if not low - tolerance <= value <= high + tolerance:
            self.fail(f"{what} at {value:.3f}, not at {wanted}")

    def ping(self, after=0):
        """The next ping of this session whose time stamp is beyond after."""
        def find():
            return next((hit for hit in self.current(ping=True)
                         if hit.ts > after), None)
        ping = self.collector.wait_for(find)
        if ping is None:
            self.fail("no ping")
        self.note(f"ping: {ping}")
        return ping

    def ping_ts(self):
        """Of the latest, or 0."""
        return max((hit.ts for hit in self.current(ping=True)), default=0)

    def same(self, what, value, wanted):
        self.note(f"{what}: {value}")
        if value != wanted:
            self.fail(f"{what} is {value}, not {wanted}")

    # ---- the end ----

    def stop(self):
        """Stops the player: sessionEnd where it was."""
        self.hit("sessionEnd", self.player.stop())
        self.over()

    def over(self):
        """The player leaves; nothing but what was expected has come."""
        self.player.close()
        self.collector.close()
        sessions = self.collector.sessions()
        if self.find() is not None:
            self.fail(f"{self.find()}: not expected")
        if len(sessions) != self.session + 1:
            self.fail(f"{len(sessions)} sessions, not {self.session + 1}")
        for hits in sessions:
            if any(hit.ts >= after.ts for hit, after in zip(hits, hits[1:])):
                self.fail("time stamps do not rise")
        if self.collector.refusals():
            self.fail(f"refused: {self.collector.refusals()}")
        self.check_questions()
        self.player.check(self)

    def check_questions(self):
        """The plugin has asked nothing soon after a change."""
        asked = self.questions.read_text(encoding="utf-8").splitlines()
        early = [line for line in asked if line.startswith("BAD")]
        self.note(f"{len(asked)} questions")
        if early:
            self.fail(f"too soon: {', '.join(early)}")

    def close(self):
        """Whatever has happened."""
        if self.player:
            self.player.kill()
        if self.server:
            self.server.close()
        if self.collector.process.poll() is None:
            self.collector.close()

    def sequence(self):
        """What has arrived, a line a session."""
        return "\n".join("  " + ", ".join(
            f"{hit} @{(hit.ts - hits[0].ts) / 1000:.3f}" for hit in hits)
            for hits in self.collector.sessions())


def utc_second():
    """Of the day: where live media is."""
    return time.time() % 86400


__all__ = ["Hung", "Mismatch", "PATIENCE", "TOLERANCE", "Trial", "utc_second"]
