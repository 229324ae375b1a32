#!/usr/bin/env python3
# costs: what players, trackers, hits and the start of a program cost, each beside
# what it is to be measured against.
#
#   costs.py [--quick | --check] BENCH-PLAYERS BENCH-CORE PLUGIN-FOLDER
#
# Prints one table. Figures that depend on how busy the machine is are taken several
# times, in turn with those of the peer, and the least is printed; of the processor time
# of 200 players the median, and that of the differences. It fails only where a run
# fails: the goals are for a machine that does nothing else. With --check each run is
# too short for its figures to mean anything: a test has all of them run to their end.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import collections
import contextlib
import os
import resource
import shutil
import statistics
import subprocess
import tempfile

ELEMENT = "mediaheartbeat"
PEER = "identity"

# How many there are of each, and how long they run, in seconds.
Size = collections.namedtuple(
    "Size", "rest players rounds seconds settle many many_seconds many_settle "
    "trackers trackers_seconds hits hit_rounds starts")
FULL = Size(rest=(70, 30), players=200, rounds=5, seconds=20, settle=12,
            many=2000, many_seconds=60, many_settle=30,
            trackers=10000, trackers_seconds=15,
            hits=3000, hit_rounds=6, starts=30)
QUICK = FULL._replace(rest=(15, 20), rounds=2, seconds=10, many_seconds=20,
                      trackers_seconds=10, hit_rounds=2, starts=10)
CHECK = Size(rest=(1, 1), players=40, rounds=1, seconds=1, settle=1,
             many=60, many_seconds=12, many_settle=1,
             trackers=100, trackers_seconds=1,
             hits=300, hit_rounds=1, starts=1)


class Bench:
    """Runs the programs, each with a state directory of its own."""

    def __init__(self, options, folder):
        self.players = options.players
        self.core = options.core
        self.plugin = options.plugin
        self.size = options.size
        self.folder = folder
        self.n_runs = 0
        self.env = {**os.environ, "GST_PLUGIN_PATH_1_0": options.plugin,
                    "GST_REGISTRY_1_0": os.path.join(folder, "registry")}

    def new_folder(self):
        self.n_runs += 1
        path = os.path.join(self.folder, str(self.n_runs))
        os.mkdir(path)
        return path

    def start(self, command):
        env = {**self.env, "XDG_STATE_HOME": self.new_folder()}
        return subprocess.Popen(command, env=env, text=True,
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE)

    @staticmethod
    def finish(process):
        output, _ = process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"{' '.join(process.args)} failed")
        return {name: float(number) for name, number in
                (pair.split("=") for pair in output.split())}

    def run(self, *command):
        return self.finish(self.start(list(command)))

    @contextlib.contextmanager
    def server(self):
        process = subprocess.Popen([self.core, "serve"], text=True,
                                   stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate()


def row(what, ours, peer, result, goal):
    print(f"| {what} | {ours} | {peer} | {result} | {goal} |", flush=True)


# ---- one player, at rest ----

STATES = (
    ("plays", ["--state", "playing"], [], "≤ 1"),
    ("is paused", ["--state", "paused"], [], "0.1 (pings)"),
    ("is paused, and its session was ended for that", ["--state", "paused"],
     ["idle-timeout=1"], "0"),
    ("has ended", ["--state", "ended"], [], "0"),
    ("is closed", ["--state", "closed"], [], "0"),
)


class Wakeups:
    """All of them at once, and while other things are measured: they sleep."""

    def __init__(self, bench):
        settle, seconds = bench.size.rest
        times = ["-s", str(settle), "-t", str(seconds)]
        self.bench = bench
        self.runs = [
            [bench.start([bench.players, *times, *state, ELEMENT, *properties]),
             bench.start([bench.players, *times, *state, PEER])]
            for _, state, properties, _ in STATES]

    def finish(self):
        for (what, _, _, goal), pair in zip(STATES, self.runs):
            ours, peer = (self.bench.finish(process)["wakeups"]
                          for process in pair)
            row(f"wake-ups a second, a player that {what}", f"{ours:.2f}",
                f"{PEER}: {peer:.2f}", f"{ours - peer:+.2f}", goal)


# ---- many players ----

LATE = "how late pings are, ms: half of them, 99 %, all"
# Of 200 players, which ping each 10 s.
REQUESTS = 20


def cost_rows(n, what, runs, peers):
    cpu, peer, own = (statistics.median(run[name] for run in some) / 1e4
                      for some, name in ((runs, "cpu"), (peers, "cpu"),
                                         (runs, "own")))
    more = statistics.median(run["cpu"] - other["cpu"]
                             for run, other in zip(runs, peers)) / 1e4
    row(f"{n} players {what}, % of a core", f"{cpu:.2f}", f"{PEER}: {peer:.2f}",
        f"{more:+.2f}", "≤ +1.5")
    row("of it, the plugin's own threads", f"{own:.2f}", f"{PEER}: 0.00", "", "")


def memory_row(what, runs, peers):
    row(f"memory of each {what}, KiB", f"{runs:.1f}", f"{PEER}: {peers:.1f}",
        f"{runs - peers:+.1f}", "≤ +16")


def players(bench):
    size = bench.size
    count = ["-n", str(size.players), "-s", str(size.settle),
             "-t", str(size.seconds)]
    n_few = size.players // 4
    few = ["-n", str(n_few), "-s", str(size.settle // 2), "-t", "1"]
    with bench.server() as uri:
        elements = {PEER: [PEER], "alone": [ELEMENT],
                    "server": [ELEMENT, f"collection-server={uri}"]}
        runs = {name: [] for name in elements}
        for _ in range(size.rounds):
            for name, element in elements.items():
                runs[name].append(bench.run(bench.players, *count, *element))
        memory = {name: bench.run(bench.players, *few, *element)["rss"]
                  for name, element in elements.items()}
        soup = bench.run(bench.core, "paced", uri, str(REQUESTS),
                         str(size.seconds))["cpu"]
    # Of the players that are more: without what the process needs once.
    each = {name: (min(run["rss"] for run in runs[name]) - memory[name]) /
            (size.players - n_few) for name in runs}
    for name, what in (("alone", "without a server"), ("server", "with one")):
        cost_rows(size.players, what, runs[name], runs[PEER])
        memory_row(what, each[name], each[PEER])
    row(f"libsoup alone, {REQUESTS} requests a second, % of a core", "–",
        f"{soup * REQUESTS / 1e4:.2f}", "", "")


def very_many_players(bench):
    size = bench.size
    with bench.server() as uri:
        run = bench.run(bench.players, "-n", str(size.many),
                        "-s", str(size.many_settle),
                        "-t", str(size.many_seconds),
                        ELEMENT, f"collection-server={uri}")
    row(f"{size.many} players with a server, % of a core",
        f"{run['cpu'] / 1e4:.1f}", "–", "", "")
    row("to stop all of them, ms", f"{run['stopped']:.0f}", "–", "", "")
    row(LATE, f"{run['late50']:.0f}, {run['late99']:.0f}, "
        f"{run['latest']:.0f}", "–", "", "99 % ≤ 100")


# ---- trackers, without pipelines ----

def trackers(bench):
    count, seconds = str(bench.size.trackers), str(bench.size.trackers_seconds)
    with bench.server() as uri:
        for where, what in (("-", "without a server"), (uri, "with one")):
            run = bench.run(bench.core, "trackers", where, count, seconds)
            row(f"{count} trackers {what}, % of a core",
                f"{run['cpu'] / 1e4:.2f}", "–", "", "")
            row("memory of each, KiB", f"{run['rss'] / 1024:.1f}", "–", "",
                "≤ 16")
            row(LATE,
                f"{run['late50']:.1f}, {run['late99']:.1f}, "
                f"{run['latest']:.1f}", "–", "", "99 % ≤ 100")


# ---- hits ----

def pair(bench, rounds, ours, peer):
    """Returns: the least processor time for one of each."""
    runs = [(bench.run(*ours())["cpu"], bench.run(*peer())["cpu"])
            for _ in range(rounds)]
    return tuple(min(column) for column in zip(*runs))


def hits(bench):
    rounds, n = bench.size.hit_rounds, str(bench.size.hits)
    with bench.server() as uri:
        ours, peer = pair(bench, rounds,
                          lambda: (bench.core, "sender", uri, n),
                          lambda: (bench.core, "soup", uri, n))
    row("a hit sent, µs of processor time", f"{ours:.0f}",
        f"libsoup alone: {peer:.0f}", f"{peer / ours:.2f} of it", "≥ 0.9")
    ours, peer = pair(bench, rounds,
                      lambda: (bench.core, "store", bench.new_folder(), n),
                      lambda: (bench.core, "sqlite", bench.new_folder(), n))
    row("a hit stored, µs of processor time", f"{ours:.1f}",
        f"SQLite alone: {peer:.1f}", f"{peer / ours:.2f} of it", "≥ 0.8")


# ---- start ----

LAUNCH = "gst-launch-1.0 -q audiotestsrc num-buffers=1 !"


def launch(env, description):
    """Returns: milliseconds of processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(LAUNCH.split() + description.split(), env=env, check=True,
                   stdin=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime -
                   before.ru_utime - before.ru_stime)


def start(bench):
    if not shutil.which("gst-launch-1.0"):
        print("skipped: there is no gst-launch-1.0")
        return
    without = {**bench.env, "GST_PLUGIN_PATH_1_0": "",
               "GST_REGISTRY_1_0": os.path.join(bench.folder, "registry-without")}
    state = {**bench.env, "XDG_STATE_HOME": bench.new_folder()}
    commands = {"not installed": (without, "fakesink"),
                "installed": (state, "fakesink"),
                PEER: (state, f"{PEER} ! fakesink"),
                ELEMENT: (state, f"{ELEMENT} ! fakesink")}
    times = {name: [] for name in commands}
    for turn in range(1 + bench.size.starts):
        for name, command in commands.items():
            took = launch(*command)
            if turn > 0:  # the first makes the registry
                times[name].append(took)
    least = {name: min(times[name]) for name in times}
    for ours, peer, what, goal in (
            ("installed", "not installed", "when it is only installed", "0"),
            (ELEMENT, PEER, "with the element", "≤ +3")):
        row(f"start and end of gst-launch {what}, ms of processor time",
            f"{least[ours]:.1f}", f"{peer}: {least[peer]:.1f}",
            f"{least[ours] - least[peer]:+.1f}", goal)


def main():
    parser = argparse.ArgumentParser()
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--quick", dest="size", action="store_const",
                       const=QUICK, default=FULL, help="fewer and shorter runs")
    sizes.add_argument("--check", dest="size", action="store_const",
                       const=CHECK, help="only whether all of them run")
    parser.add_argument("players")
    parser.add_argument("core")
    parser.add_argument("plugin")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mh-costs-") as folder:
        bench = Bench(options, folder)
        # The first run of all scans the plugins.
        bench.run(bench.players, "-s", "1", "-t", "1", ELEMENT)
        print("| what | with us | peer | more, or part | goal |\n"
              "| --- | --- | --- | --- | --- |")
        sleepers = Wakeups(bench)
        trackers(bench)
        hits(bench)
        sleepers.finish()
        for part in (players, very_many_players, start):
            part(bench)


if __name__ == "__main__":
    main()
