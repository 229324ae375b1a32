#!/usr/bin/env python3
# cmcd-library: the lines of protocol=cmcd for every scenario, through the
# validator of the library that web players use (@svta/cml-cmcd of npm). Skipped
# without npm, or where the library cannot be fetched.
#
#     tests/src/protocol/cmcd-library.py --replay build/tests/mediaheartbeat-replay \
#         --modules build/tests/npm
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent
LIBRARY = "@svta/cml-cmcd@2.7.0"
SKIPPED = 77

SCRIPT = """
import { validateCmcdEvents } from '@svta/cml-cmcd';
import { readFileSync } from 'fs';
const lines = readFileSync(0, 'utf8').split('\\n').filter(line => line);
let bad = 0;
for (const line of lines) {
  const result = validateCmcdEvents(line);
  if (result.valid && result.issues.length === 0) continue;
  bad++;
  console.log(line, JSON.stringify(result.issues));
}
const whole = validateCmcdEvents(lines.slice(0, 500).join('\\n'));
if (!whole.valid) { bad++; console.log(JSON.stringify(whole.issues)); }
if (validateCmcdEvents('e=ps,v=2').valid) { bad++; console.log('takes all'); }
console.log(`${lines.length} lines, ${bad} with issues`);
process.exit(bad ? 1 : 0);
"""


def fetch(modules):
    if (modules / "node_modules/@svta/cml-cmcd").is_dir():
        return True
    modules.mkdir(parents=True, exist_ok=True)
    (modules / "package.json").write_text("{}\n", "utf-8")
    return subprocess.run(
        ["npm", "install", "--prefix", str(modules), LIBRARY],
        capture_output=True, check=False, timeout=120).returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--replay", required=True)
    parser.add_argument("--modules", required=True, type=Path)
    options = parser.parse_args()
    if not shutil.which("npm") or not shutil.which("node"):
        print("npm is missing")
        sys.exit(SKIPPED)
    if not fetch(options.modules):
        print(f"{LIBRARY} cannot be fetched")
        sys.exit(SKIPPED)
    lines = ""
    for path in sorted((ROOT / "tests/scenarios").glob("*.json")):
        calls = json.loads(path.read_text("utf-8"))["calls"]
        lines += subprocess.run(
            [options.replay, "--protocol", "cmcd"], check=True, text=True,
            input="".join(json.dumps(call) + "\n" for call in calls),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    script = options.modules / "validate.mjs"
    script.write_text(SCRIPT, "utf-8")
    done = subprocess.run(["node", str(script)], input=lines, text=True,
                          check=False)
    sys.exit(done.returncode)


main()
