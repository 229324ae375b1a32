# collector: the example collector as a child process, and what arrived there.
#
# Hits are kept by session, each with its event, playhead and time stamp. A test
# waits for the n-th of a session; nothing here knows what is expected.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import subprocess
import threading
import time

PATIENCE = 60  # seconds; what takes longer has failed


class Hit:
    def __init__(self, line):
        raw = json.loads(line)
        self.raw = raw
        self.session = raw["session"]
        self.event = raw["eventType"]
        self.playhead = float(raw["playerTime"]["playhead"])
        self.ts = raw["playerTime"]["ts"]
        params = raw.get("params", {})
        self.resume = bool(params.get("media.resume"))
        self.media = params.get("media.id")
        self.arrived = time.monotonic()

    def __str__(self):
        return (f"{self.event} {self.playhead:.3f}"
                f"{' RESUME' if self.resume else ''}")


class Collector:
    """Runs until close(). `changed` is notified at each hit."""

    def __init__(self, program, directory):
        self.refusals_path = directory / "refusals"
        self.hits = []
        self.changed = threading.Condition()
        with open(self.refusals_path, "w", encoding="utf-8") as refusals:
            self.process = subprocess.Popen(
                [program, "--json", "--port", "0"], text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=refusals)
        first = self.process.stdout.readline()
        self.uri = first.split()[-1]
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            hit = Hit(line)
            with self.changed:
                self.hits.append(hit)
                self.changed.notify_all()

    def sessions(self):
        """Lists of hits, a list a session, in the order of their beginning.

        A session's hits arrive in their order, those of two sessions do not."""
        with self.changed:
            sessions = {}
            for hit in self.hits:
                sessions.setdefault(hit.session, []).append(hit)
        return sorted(sessions.values(), key=lambda hits: hits[0].ts)

    def wait_for(self, find, patience=PATIENCE):
        """What find() returns once it is not None, or None in the end."""
        end = time.monotonic() + patience
        while True:
            with self.changed:
                seen = len(self.hits)
            found = find()
            if found is not None:
                return found
            with self.changed:
                if len(self.hits) == seen and not self.changed.wait(
                        max(0, end - time.monotonic())):
                    return None

    def refusals(self):
        return self.refusals_path.read_text(encoding="utf-8").strip()

    def close(self):
        """After this everything that has arrived is in `hits`."""
        self.process.terminate()
        self.reader.join()
        self.process.wait()
        self.process.stdout.close()
