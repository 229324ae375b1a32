#!/usr/bin/env python3
# count-results: adds up what `meson test` has found.
#
#   count-results.py [--failed] FAILED [TESTLOG.json | P,F,S...]
#
# FAILED: what has failed besides. P,F,S: what has passed, failed and been skipped
# elsewhere. Prints `N passed, N failed, N skipped`, and fails if anything did, or
# nothing was run. A test that was run again (TESTLOG.json has another beside it,
# TESTLOG.json.again) counts as it ended last, and is named with each result. What was
# skipped, a test or a case of one, is named with its reason, and so is a case that a
# test has run again by itself. With --failed it prints the names of what failed, a
# line each, and nothing else.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import re
import sys

PASSED = ("OK", "EXPECTEDFAIL")
SKIPPED = ("SKIP",)
COUNTS = re.compile(r"\d+,\d+,\d+")


def read_entries(name):
    """What meson says of each test in a log and in those run again, in order."""
    entries = {}
    for log_name in (name, name + ".again"):
        if not os.path.exists(log_name):
            continue
        with open(log_name, encoding="utf-8") as log:
            for entry in map(json.loads, log):
                entries.setdefault(entry["name"], []).append(entry)
    return entries


def list_skipped(entry):
    """What a test has skipped: `case: reason` for each case in its TAP, or
    the last thing it said where all of it was skipped."""
    lines = (entry.get("stdout") or "").splitlines()
    cases = [re.split(r"\s#\s*skip\s*", line, maxsplit=1, flags=re.I)
             for line in lines if re.match(r"ok .*\s#\s*skip", line, re.I)]
    if cases:
        return [f"{case.split()[-1]}: {reason}" for case, reason in cases]
    if entry["result"] in SKIPPED:
        return lines[-1:] or ["no reason given"]
    return []


def print_again(test, entry):
    """The trials of a test that it has run again by itself (tests/matrix/run.py)."""
    for line in (entry.get("stdout") or "").splitlines():
        if line.startswith("again: "):
            print(f"{test}: run again: {line[len('again: '):]}")


def print_skipped(test, entry):
    for skipped in list_skipped(entry):
        print(f"{test}: skipped: {skipped}")


def main():
    arguments = sys.argv[1:]
    only_failed = arguments[0] == "--failed"
    if only_failed:
        arguments = arguments[1:]
    passed, failed, skipped = 0, int(arguments[0]), 0
    elsewhere = [name for name in arguments[1:] if COUNTS.fullmatch(name)]
    for counts in elsewhere:
        more = [int(count) for count in counts.split(",")]
        passed, failed, skipped = (
            passed + more[0], failed + more[1], skipped + more[2])
    for name in arguments[1:]:
        if name in elsewhere:
            continue
        for test, entries in read_entries(name).items():
            results = [entry["result"] for entry in entries]
            result = results[-1]
            if len(results) > 1 and not only_failed:
                print(f"{test} was run again: {', then '.join(results)}")
            if not only_failed:
                print_skipped(test, entries[-1])
                print_again(test, entries[-1])
            if result in PASSED:
                passed += 1
            elif result in SKIPPED:
                skipped += 1
            else:
                failed += 1
                if only_failed:
                    print(test.split(" / ")[-1])
    if only_failed:
        return
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
