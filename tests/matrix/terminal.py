# terminal: gst-play-1.0 and gst-launch-1.0 under a pseudo terminal.
#
# They are told what to do by keys and Ctrl-C, as by a user, and what they show
# is what is known of them: the position, ten times a second.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import fcntl
import os
import pty
import re
import subprocess
import termios
import threading

from collector import PATIENCE
from remote import Died

POSITION = re.compile(r"(\d+):(\d\d):(\d\d\.\d+) / [\d:.]+")
ENDED = re.compile(r"Execution ended after (\d+):(\d\d):(\d\d\.\d+)")
# How much later than shown a position may be.
LAG = 0.3


def seconds(match):
    hours, minutes, rest = match.groups()[:3]
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def set_up_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """A program and its terminal."""

    def __init__(self, trial, command):
        self.trial = trial
        self.text = ""
        self.ended = False
        self.stopped = False
        self.changed = threading.Condition()
        trial.note("  " + " ".join(command))
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, preexec_fn=set_up_terminal,
            env={**trial.environment.variables(trial), "TERM": "xterm"})
        self.slave = os.ttyname(slave)
        os.close(slave)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:  # the last one has closed it
                data = b""
            with self.changed:
                self.text += data.decode(errors="replace")
                self.ended = not data
                self.changed.notify_all()
                if self.ended:
                    return

    def find(self, pattern, start=0):
        """The last match beyond that much text."""
        found = None
        for found in re.finditer(pattern, self.text[start:]):
            pass
        return found

    def wait_for(self, find, what):
        with self.changed:
            self.changed.wait_for(
                lambda: self.ended or find(), timeout=PATIENCE)
            found = find()
        if not found:
            raise Died(f"{what}: not shown; {self.text[-300:]!r}")
        self.trial.note(f"  {what} → {found.group()}")
        return found

    def press(self, keys):
        """Returns how much had been shown before."""
        with self.changed:
            shown = len(self.text)
        os.write(self.master, keys.encode())
        self.wait_read()
        self.trial.note(f"  key {keys!r}")
        return shown

    def wait_read(self):
        """Until the keys have been read: two at once are none of its own."""
        slave = os.open(self.slave, os.O_RDWR | os.O_NOCTTY)
        waiting = b"\1"
        while any(waiting) and self.process.poll() is None:
            with self.changed:
                self.changed.wait(0.005)
            waiting = fcntl.ioctl(slave, termios.FIONREAD, b"\0\0\0\0")
        os.close(slave)

    def show(self, pattern, start=0):
        return self.wait_for(lambda: self.find(pattern, start), pattern)

    def position(self):
        with self.changed:
            shown = self.find(POSITION)
        return seconds(shown) if shown else 0

    def until(self, position, start=None):
        """Until it is there, by what is shown from now, or start, on."""
        with self.changed:
            start = len(self.text) if start is None else start

        def reached():
            shown = self.find(POSITION, start)
            return shown if shown and seconds(shown) >= position else None
        return seconds(self.wait_for(reached, f"until {position}"))

    def hangs(self):
        """Shows for good that it is at 0."""
        with self.changed:
            shown = self.find(POSITION)
        return bool(shown) and seconds(shown) == 0

    def wait_end(self):
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Died("it does not leave") from None
        self.reader.join()

    def close(self):
        self.wait_end()

    def check(self, trial):
        if not self.stopped and self.process.returncode < 0:
            trial.fail(f"the player ended with {self.process.returncode}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        os.close(self.master)
        (self.trial.directory / "terminal.log").write_text(
            self.text.replace("\r", "\n"), encoding="utf-8")


class GstPlay(Terminal):
    """exact: its seeks go where they are told to, and not to the keyframe, the
    page or the segment before that."""

    RIGHT = "\x1b[C"
    # What an arrow moves by, of the duration.
    ARROW = 0.08
    # From a keyframe to the next, in the files of media.py, or from page to page.
    UNIT = 0.6

    def __init__(self, trial, command, exact):
        super().__init__(trial, command)
        self.exact = exact

    def pause(self):
        shown = self.press(" ")
        line = self.show(POSITION.pattern + r" Paused", shown)
        return seconds(line)

    def play(self):
        self.press(" ")

    def next(self):
        at = self.position()
        self.press("n")
        return at, at + LAG

    def first(self, to, unit=UNIT):
        """Where it may be after a seek to that: that, or a unit before it."""
        return to if self.exact else max(0, to - unit)

    def arrow(self, duration, unit=UNIT):
        """A seek; returns where to."""
        at = self.position()
        self.press(self.RIGHT)
        to = at + duration * self.ARROW
        return self.first(to, unit), to + LAG

    def stop(self):
        at = self.position()
        self.press("q")
        return at, at + LAG


class GstLaunch(Terminal):
    def interrupt(self):
        """Ctrl-C; returns for how long it has played."""
        self.stopped = True
        shown = self.press("\x03")
        return seconds(self.show(ENDED, shown))

    def stop(self):
        return self.interrupt()


__all__ = ["GstLaunch", "GstPlay"]
