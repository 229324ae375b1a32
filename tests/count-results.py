#!/usr/bin/env python3
# count-results: adds up what `meson test` has found.
#
#   count-results.py FAILED [TESTLOG.json...]
#
# FAILED: what has failed besides. Prints `N passed, N failed, N skipped`, and
# fails if anything did, or nothing was run.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import sys

PASSED = ("OK", "EXPECTEDFAIL")
SKIPPED = ("SKIP",)


def main():
    passed, failed, skipped = 0, int(sys.argv[1]), 0
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as log:
            for line in log:
                result = json.loads(line)["result"]
                if result in PASSED:
                    passed += 1
                elif result in SKIPPED:
                    skipped += 1
                else:
                    failed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
