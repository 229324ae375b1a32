#!/usr/bin/env python3
# run: each host in each case, against the example collector.
#
#   run.py --build BUILD [--host H] [--case C] [--repeat N] [--jobs N]
#          [--part N/M] [--again N] [--verbose]
#
# H and C may be patterns, such as 'playbin*', and be given several times. N/M is
# the N-th of M parts of the trials. With --again, a trial that fails is run N times
# more at most, until it does not: players play in real time, and a machine that is
# busy makes a player buffer, or seek slowly. Each of these is named in a line that
# begins with `again: `.
# Prints a table: ok, FAIL, – (the host cannot do that). What failed is shown
# with what arrived; BUILD/tests/matrix/HOST/CASE-N has the logs. Fails if
# anything did.
# Exits with 77, a skip, where the players or PyGObject are missing.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import fcntl
import os
import pathlib
import shutil
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch

import cases_adaptive  # noqa: F401  pylint: disable=unused-import
import cases_endings  # noqa: F401  pylint: disable=unused-import
import cases_live  # noqa: F401  pylint: disable=unused-import
import cases_network  # noqa: F401  pylint: disable=unused-import
import cases_sessions  # noqa: F401  pylint: disable=unused-import
from cases import CASES
from hosts import HOSTS
from media import Media
from remote import Died
from trial import Hung, Mismatch, Trial

SKIP = 77
OK, FAILED, NOT_APPLICABLE = "ok", "FAIL", "–"


class Environment:
    """What a trial is run in."""

    def __init__(self, build, python):
        self.build = build
        self.python = python
        self.collector = str(
            build / "examples/collector/mediaheartbeat-collector")
        self.top = build / "tests" / "matrix"
        self.directory = None

    def of(self, host, case, n):
        child = Environment(self.build, self.python)
        child.directory = self.top / host.name / f"{case.name}-{n}"
        shutil.rmtree(child.directory, ignore_errors=True)
        child.directory.mkdir(parents=True)
        return child

    def variables(self, trial=None):
        """Of a player: this build's plugin, nothing of the user's."""
        directory = trial.directory if trial else self.top
        return {
            **os.environ,
            "GST_PLUGIN_PATH_1_0": f"{self.build / 'plugin'}:"
                                   f"{self.top / 'quiet'}",
            "GST_TRACERS": ";".join(trial.tracers) if trial else "",
            "GST_REGISTRY_1_0": str(self.top / "registry.bin"),
            "GST_REGISTRY_UPDATE": "no" if trial else "yes",
            "GST_DEBUG": "mediaheartbeat:7",
            "GST_DEBUG_FILE": str(directory / "debug.log"),
            "GST_DEBUG_NO_COLOR": "1",
            "XDG_STATE_HOME": str(directory / "state"),
            "XDG_CACHE_HOME": str(self.top / "cache"),
            "XDG_RUNTIME_DIR": str(directory),
            "no_proxy": "*",
            "G_DEBUG": "fatal-criticals",
            "GIO_USE_PROXY_RESOLVER": "dummy",
            "GIO_USE_VFS": "local",
            "GSETTINGS_BACKEND": "memory",
            "LC_ALL": "C.UTF-8",
            **(trial.variables if trial else {}),
        }


class Result:
    def __init__(self, host, case):
        self.host = host
        self.case = case
        self.verdict = OK
        self.reason = ""
        self.text = ""
        self.seconds = 0
        self.errors = []
        self.hung = 0
        self.again = 0  # how often it was run again


def run_once(environment, media, host, case, n):
    result = Result(host, case)
    trial = Trial(host, media, environment.of(host, case, n))
    begun = time.monotonic()
    try:
        case.run(trial)
    except Hung as problem:
        result.verdict, result.reason, result.hung = FAILED, str(problem), 1
    except (Mismatch, Died) as problem:
        result.verdict, result.reason = FAILED, str(problem)
    except Exception:  # pylint: disable=broad-except
        result.verdict, result.reason = FAILED, traceback.format_exc()
    finally:
        trial.close()
    result.seconds = time.monotonic() - begun
    result.errors = trial.errors
    result.text = (f"arrived:\n{trial.sequence()}\nsteps:\n  " +
                   "\n  ".join(trial.notes))
    return result


def run_one(environment, media, host, case, n, again):
    """Once more where the player hung: that says nothing of the plugin. And @again
    times more at most where it fails."""
    result = run_once(environment, media, host, case, n)
    hung, n_again = result.hung, 0
    while result.verdict == FAILED and n_again < max(again, hung):
        n_again += 1
        print(f"again: {host.name} {case.name}: {result.reason}\n{result.text}")
        result = run_once(environment, media, host, case,
                          f"{n}-again-{n_again}")
        hung |= result.hung
    result.hung, result.again = hung, n_again
    return result


def find_python():
    """One that has PyGObject: the first one may be another than Debian's."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import gi"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


def matches(name, patterns):
    return not patterns or any(fnmatch(name, pattern) for pattern in patterns)


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--host", action="append")
    parser.add_argument("--case", action="append")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--part", default="1/1")
    parser.add_argument("--again", type=int, default=0)
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


def prepare(environment):
    """What is done once, for all, also those of another run.py."""
    environment.top.mkdir(parents=True, exist_ok=True)
    media = Media(environment.top / "media")
    with open(environment.top / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Nobody else scans for plugins.
        subprocess.run(["gst-inspect-1.0", "mediaheartbeat"], check=True,
                       env=environment.variables(), stdout=subprocess.DEVNULL)
        media.make()
    return media


def print_table(hosts, cases, results):
    width = max(len(case.name) for case in cases)
    print("\n".join(f"{'':{width}}  {'   |' * n} {host.name}"
                    for n, host in enumerate(hosts)))
    for case in cases:
        cells = []
        for host in hosts:
            of_both = [result for result in results
                       if (result.host, result.case) == (host, case)]
            failed = any(r.verdict == FAILED for r in of_both)
            cells.append(FAILED if failed else OK if of_both
                         else NOT_APPLICABLE)
        print(f"{case.name:{width}}  " + "".join(f"{c:>4}" for c in cells))


def print_errors(results):
    """How far the playheads were from the positions that they should show."""
    errors = sorted(((error, f"{result.host.name} {result.case.name} {what}")
                     for result in results
                     for error, what in result.errors), reverse=True)
    beyond = sum(error > 0.05 for error, _ in errors)
    print(f"{len(errors)} playheads compared, {beyond} off by more than 0.05 s")
    for error, where in errors[:5]:
        print(f"  {error:.3f} s: {where}")


def report(result, verbose):
    print(f"{result.verdict} {result.host.name} {result.case.name} "
          f"{result.seconds:.1f} s {result.reason}")
    if verbose or result.verdict == FAILED:
        print(result.text)
    sys.stdout.flush()


def main():
    arguments = parse_arguments()
    sys.stdout.reconfigure(encoding="utf-8")
    python = find_python()
    missing = [name for name in ("gst-launch-1.0", "gst-play-1.0")
               if not shutil.which(name)]
    if missing or not python:
        print(f"missing: {' '.join(missing) or 'PyGObject'}")
        sys.exit(SKIP)
    environment = Environment(arguments.build.resolve(), python)
    media = prepare(environment)
    hosts = [host for host in HOSTS if matches(host.name, arguments.host)]
    cases = [case for case in CASES.values()
             if matches(case.name, arguments.case)]
    trials = [(host, case, n) for n in range(arguments.repeat)
              for host in hosts for case in cases if case.fits(host)]
    first, parts = map(int, arguments.part.split("/"))
    with ThreadPoolExecutor(arguments.jobs) as pool:
        jobs = [pool.submit(run_one, environment, media, *trial,
                            arguments.again)
                for trial in trials[first - 1::parts]]
        results = []
        for job in jobs:
            results.append(job.result())
            report(results[-1], arguments.verbose)
    print_table(hosts, cases, results)
    print_errors(results)
    failed = sum(result.verdict == FAILED for result in results)
    hung = sum(result.hung for result in results)
    again = sum(result.again > 0 for result in results)
    print(f"{len(results) - failed} ok, {failed} failed"
          + (f"; {again} were run again" if again else "")
          + (f"; {hung} times the player hung" if hung else ""))
    sys.exit(1 if failed or not results else 0)


if __name__ == "__main__":
    main()
