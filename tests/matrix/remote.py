# remote: the test's side of driver.py.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import pathlib
import subprocess
import threading

from collector import PATIENCE

DRIVER = pathlib.Path(__file__).with_name("driver.py")


class Died(Exception):
    """The player has died, or does not answer."""


class Remote:
    """A driver; config is what driver.py takes."""

    def __init__(self, trial, config):
        self.trial = trial
        self.number = 0
        self.replies = {}
        self.events = []
        self.ended = False
        self.stats = None
        self.changed = threading.Condition()
        config = {**config, "properties": trial.properties}
        with open(trial.directory / "player.log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [trial.environment.python, str(DRIVER), json.dumps(config)],
                env=trial.environment.variables(trial), text=True, bufsize=1,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            with self.changed:
                if "reply" in said:
                    self.replies[said["reply"]] = said.get("value")
                else:
                    self.events.append(said)
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait_for(self, find, what):
        with self.changed:
            self.changed.wait_for(
                lambda: self.ended or find(), timeout=PATIENCE)
            if not find():
                raise Died(f"{what}: "
                           f"{'it has died' if self.ended else 'no answer'}")

    def call(self, command, **arguments):
        self.number += 1
        number = self.number
        self.process.stdin.write(json.dumps(
            {"do": command, "number": number, **arguments}) + "\n")
        self.wait_for(lambda: number in self.replies, command)
        value = self.replies[number]
        self.trial.note(f"  {command} {arguments or ''} → {value}")
        return value

    def event(self, name, n=1, **fields):
        """The n-th event of that name and with these fields."""
        wanted = {"event": name, **fields}

        def find():
            return [event for event in self.events
                    if wanted.items() <= event.items()]
        self.wait_for(lambda: len(find()) >= n, f"{name} {fields or ''}")
        event = find()[n - 1]
        self.trial.note(f"  event {event}")
        return event

    def count(self, name, **fields):
        wanted = {"event": name, **fields}
        with self.changed:
            return sum(wanted.items() <= event.items() for event in self.events)

    # ---- what cases use ----

    def start(self, **arguments):
        self.call("start", **arguments)

    def until(self, position, **arguments):
        return self.call("until", position=position, **arguments)

    def position(self):
        return self.call("position")

    def pause(self):
        return self.call("pause")

    def play(self):
        return self.call("play")

    def seek(self, target):
        return self.call("seek", target=target)

    def get(self, name):
        return self.call("get", name=name)

    def stop(self):
        return self.call("stop")

    def hangs(self):
        """Told to play, and for good on its way there."""
        return self.call("hangs")

    def wait_end(self):
        """Where the media ended."""
        return self.event("eos")["position"]

    def close(self):
        self.stats = self.call("get", name="stats")
        self.process.stdin.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Died("it does not leave") from None
        self.reader.join()

    def check(self, trial):
        """After it has left: what it says of itself."""
        if self.process.returncode != 0:
            trial.fail(f"the player ended with {self.process.returncode}")
        for name in ("failed", "dropped", "refused"):
            if self.stats[name] != 0:
                trial.fail(f"stats: {name}={self.stats[name]}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
