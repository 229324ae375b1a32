#!/usr/bin/env python3
# count-results: adds up what `meson test` has found.
#
#   count-results.py [--failed] FAILED [TESTLOG.json...]
#
# FAILED: what has failed besides. Prints `N passed, N failed, N skipped`, and
# fails if anything did, or nothing was run. A test that was run again
# (TESTLOG.json has another beside it, TESTLOG.json.again) counts as it ended
# then, and is named. With --failed it prints the names of what failed, a line
# each, and nothing else.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import sys

PASSED = ("OK", "EXPECTEDFAIL")
SKIPPED = ("SKIP",)


def read_results(name):
    """The tests of a log by name, with how they ended."""
    if not os.path.exists(name):
        return {}
    with open(name, encoding="utf-8") as log:
        return {entry["name"]: entry["result"]
                for entry in map(json.loads, log)}


def main():
    arguments = sys.argv[1:]
    only_failed = arguments[0] == "--failed"
    if only_failed:
        arguments = arguments[1:]
    passed, failed, skipped = 0, int(arguments[0]), 0
    for name in arguments[1:]:
        results = read_results(name)
        again = read_results(name + ".again")
        for test, result in {**results, **again}.items():
            if test in again and not only_failed:
                print(f"{test} was run again: {results[test]}, then {result}")
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
