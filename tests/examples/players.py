#!/usr/bin/env python3
# players: the three example players, as they are, each against a collector of
# its own, with the same clip: what arrives must be the same.
#
#   players.py --build BUILD [--verbose]
#
# What is the player's own is not compared: its name, its installation, how long
# it took to start, and of each playhead what a timer may be late by.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "matrix"))

from collector import Collector  # noqa: E402
from media import RECIPES, Media  # noqa: E402
from run import find_python  # noqa: E402

SKIPPED = 77
PATIENCE = 60  # seconds
START = 1.0
TOLERANCE = 0.3

# Event, and where the calls of the players ask for it.
WANTED = [
    ("sessionStart", 1.0), ("play", 1.0), ("play", 2.0), ("stateStart", 2.5),
    ("adBreakStart", 3.0), ("adStart", 3.0), ("play", 3.0),
    ("adComplete", 4.0), ("adStart", 4.0), ("play", 4.0),
    ("adComplete", 5.0), ("adBreakComplete", 5.0), ("play", 5.0),
    ("stateEnd", 5.5), ("chapterStart", 6.0), ("chapterComplete", 7.0),
    ("sessionComplete", 8.0),
]

# What says who and what is meant, and must have come through.
NAMES = {
    "stateStart": {"media.state.name": "mute"},
    "adBreakStart": {"media.ad.podFriendlyName": "Mid-roll",
                     "media.ad.podIndex": 1, "media.ad.podSecond": 3},
    "chapterStart": {"media.chapter.friendlyName": "Chapter 1",
                     "media.chapter.index": 1, "media.chapter.length": 1,
                     "media.chapter.offset": 6},
}
ADS = [
    ({"media.ad.id": "ad-1", "media.ad.name": "First ad",
      "media.ad.length": 1, "media.ad.podPosition": 1,
      "media.ad.advertiser": "Example"}, {"placement": "stitched"}),
    ({"media.ad.id": "ad-2", "media.ad.name": "Second ad",
      "media.ad.length": 1, "media.ad.podPosition": 2}, {}),
]

OWN = ("appInstallationId", "media.playerName", "media.ad.playerName")

faults = []


def fault(text):
    faults.append(text)
    print(text)


class Run:
    """A player at work, and the collector that it reports to."""

    def __init__(self, name, arguments, build, directory, clip):
        self.name = name
        self.hits = []
        directory = directory / name
        directory.mkdir(parents=True, exist_ok=True)
        self.collector = Collector(
            build / "examples/collector/mediaheartbeat-collector", directory)
        words = {"CLIP": clip, "COLLECTOR": self.collector.uri,
                 "START": str(START)}
        arguments = [word.format(**words) for word in arguments]
        print("#", name + ":", " ".join(arguments))
        self.process = subprocess.Popen(
            arguments, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self):
        try:
            self.output, self.errors = self.process.communicate(
                timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.output, self.errors = self.process.communicate()
            fault(f"{self.name}: does not come to an end")
        self.collector.close()
        self.hits = list(self.collector.hits)
        if self.process.returncode != 0:
            fault(f"{self.name}: exits with {self.process.returncode}")
        if "warning:" in self.errors:
            fault(f"{self.name}: complains")
        if self.collector.refusals():
            fault(f"{self.name}: refused: {self.collector.refusals()}")

    def show(self):
        print(f"{self.name}:")
        for hit in self.hits:
            print(f"    {hit}")
        print(self.errors, end="")


def check_names(run):
    ads = iter(ADS)
    for hit in run.hits:
        params = hit.raw.get("params", {})
        custom = hit.raw.get("customMetadata", {})
        wanted = NAMES.get(hit.event, {})
        if hit.event == "adStart":
            wanted, wanted_custom = next(ads)
            if custom != wanted_custom:
                fault(f"{run.name}: {hit}: customMetadata {custom}")
        for name, value in wanted.items():
            if params.get(name) != value:
                fault(f"{run.name}: {hit}: {name} is {params.get(name)!r}")


def check(run):
    """That it is the sequence that the players are written for."""
    events = [hit.event for hit in run.hits]
    if events != [event for event, _ in WANTED]:
        fault(f"{run.name}: {' '.join(events)}")
        return
    if len({hit.session for hit in run.hits}) != 1:
        fault(f"{run.name}: more than one session")
    if not run.hits[0].resume:
        fault(f"{run.name}: the session does not resume another")
    for hit, (_, playhead) in zip(run.hits, WANTED):
        if not playhead - 0.1 <= hit.playhead <= playhead + TOLERANCE:
            fault(f"{run.name}: {hit}: not at {playhead}")
    check_names(run)


def of_all(hit):
    """What all players must say."""
    params = {name: value for name, value in hit.raw.get("params", {}).items()
              if name not in OWN}
    return hit.event, params, hit.raw.get("customMetadata", {})


def compare(one, other):
    for first, second in zip(one.hits, other.hits):
        if of_all(first) != of_all(second):
            fault(f"{one.name}: {of_all(first)}\n{other.name}: "
                  f"{of_all(second)}")
        if abs(first.playhead - second.playhead) > TOLERANCE:
            fault(f"{one.name}: {first}, {other.name}: {second}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    python = find_python()
    if not python or not shutil.which("gjs"):
        print("needs PyGObject and gjs")
        sys.exit(SKIPPED)

    directory = options.build / "tests" / "examples"
    directory.mkdir(parents=True, exist_ok=True)
    # Made anew: this is where plugins are looked for, before three do.
    Media.run(RECIPES["ogg"], directory / "clip.ogg", 8)
    examples = ROOT / "examples"
    players = {
        "C": [str(options.build / "examples/mediaheartbeat-player"),
              "--timeline", "--fake", "--resume", "{START}",
              "--set", "collection-server={COLLECTOR}",
              "--set", "flush-timeout=5000", "{CLIP}"],
        "Python": [python, str(examples / "player.py"), "--fake", "{CLIP}",
                   "{COLLECTOR}", "{START}"],
        "JavaScript": ["gjs", "-m", str(examples / "player.js"), "--fake",
                       "{CLIP}", "{COLLECTOR}", "{START}"],
    }
    runs = [Run(name, arguments, options.build, directory,
                (directory / "clip.ogg").as_uri())
            for name, arguments in players.items()]
    for run in runs:
        run.finish()
        check(run)
    if not faults:
        for other in runs[1:]:
            compare(runs[0], other)
    if faults or options.verbose:
        for run in runs:
            run.show()
    print(f"{len(runs)} players, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
