#!/usr/bin/env python3
# overhead: what the element, and the tracer, cost for each buffer, in
# instructions.
#
#   overhead.py PATH-TO-BENCH-PUSH
#
# Counts the instructions of two runs of bench-push, of different lengths, with
# callgrind; the slope between them, less that of the same pipeline without an
# element, is what the element costs, start and stop not included. Prints a
# table and what it means for the project's goals. It fails only where a run
# fails: the numbers depend on GStreamer's version and the compiler.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ELEMENTS = ("mediaheartbeat", "identity silent=true", "benchminimal")
NONE = "none"
# Mode of bench-push, shorter run, longer run, what it is.
MODES = (
    ("fakesrc", 20000, 120000, "fakesrc, no time stamps"),
    ("fakesrc-time", 20000, 120000, "fakesrc, time stamps"),
    ("push", 20000, 120000, "bare source, time stamps"),
    ("list", 4000, 24000, "bare source, lists of 32"),
)
# The goals: at most this part of identity's cost, and of the cost of an
# element that does nothing.
OF_IDENTITY = 0.46
OF_MINIMAL = 1.08

# The tracer, over one that does nothing: mode, shorter run, longer run, what it
# is.
TRACED = (
    ("push", 20000, 120000, "a push that is not playback"),
    ("media", 20000, 120000, "a push of a playback pipeline"),
    ("media-list", 4000, 24000, "a list of a playback pipeline"),
)
TRACERS = (
    {},
    {"BENCH_TRACER": "empty"},
    {"GST_TRACERS": "mediaheartbeattracer"},
)
OF_TRACER = 100


def count(program, mode, length, element, env):
    """Instructions of one run."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
               program, mode, str(length)] + element.split()
    run = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                         env={**os.environ, **env})
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not collected:
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr}")
    return int(collected.group(1))


def slope(program, mode, shorter, longer, element, env):
    """Instructions for each buffer, or list."""
    return (count(program, mode, longer, element, env) -
            count(program, mode, shorter, element, env)) / (longer - shorter)


def measure(program):
    """(mode, element or number of a tracer) → instructions for each buffer of
    the whole pipeline."""
    # The first run of all scans the plugins, which is not to be done twice at
    # a time, nor counted.
    for element in ELEMENTS:
        subprocess.run([program, "push", "1"] + element.split(), check=True,
                       stdin=subprocess.DEVNULL)
    jobs = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for mode, shorter, longer, _ in MODES:
            for element in (NONE,) + ELEMENTS:
                jobs[mode, element] = pool.submit(
                    slope, program, mode, shorter, longer, element, {})
        for mode, shorter, longer, _ in TRACED:
            for i, env in enumerate(TRACERS):
                jobs[mode, i] = pool.submit(
                    slope, program, mode, shorter, longer, NONE, env)
        return {key: job.result() for key, job in jobs.items()}


def print_tracer(slopes):
    print("\nInstructions per push, under a tracer")
    print(f"{'':32}{'none':>7}{'that does nothing':>19}{'ours':>7}"
          f"{'of that ours':>14}")
    for mode, _, _, title in TRACED:
        none, empty, ours = (slopes[mode, i] for i in range(len(TRACERS)))
        verdict = "met" if ours - empty <= OF_TRACER else "missed"
        print(f"{title:32}{none:7.0f}{empty:19.0f}{ours:7.0f}"
              f"{ours - empty:14.0f}")
        print(f"  goal (at most {OF_TRACER}): {verdict}")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: overhead.py PATH-TO-BENCH-PUSH")
    if not shutil.which("valgrind"):
        print("valgrind is missing")
        sys.exit(77)
    slopes = measure(sys.argv[1])
    print("Instructions per buffer (per list in the last row), over those of "
          "the pipeline without X")
    print(f"{'':26}{'no X':>7}{'X = ours':>10}{'identity':>10}{'minimal':>9}"
          f"{'/identity':>11}{'/minimal':>10}")
    cost = {}
    for mode, _, _, title in MODES:
        base = slopes[mode, NONE]
        ours, identity, minimal = (
            slopes[mode, element] - base for element in ELEMENTS)
        cost[mode] = ours
        print(f"{title:26}{base:7.0f}{ours:10.0f}{identity:10.0f}{minimal:9.0f}"
              f"{ours / identity:11.3f}{ours / minimal:10.3f}")
        if mode != "list":
            met = (ours <= OF_IDENTITY * identity and
                   ours <= OF_MINIMAL * minimal)
            verdict = "met" if met else "missed"
            if not met and minimal > OF_IDENTITY * identity:
                verdict += ", as by an element that does nothing"
            print(f"  goal (at most {OF_IDENTITY} and {OF_MINIMAL}): {verdict}")
    print(f"A list costs {cost['list'] / cost['push']:.3f} times what a buffer "
          "costs.")
    print_tracer(slopes)


if __name__ == "__main__":
    main()
