#!/usr/bin/env python3
# bodies: what the protocols send for every scenario, held against what the back
# ends take. The bodies come from mediaheartbeat-replay --protocol.
#
#     tests/src/protocol/bodies.py --replay build/tests/mediaheartbeat-replay
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is missing")
    sys.exit(77)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent

CONFIG = {
    "collection-server": "https://a.example",
    "datastream-id": "ds-1",
    "app-installation-id": "9f2d4a1e-5c7b-4e0a-8d0d-2f6f0b6f3a11",
    "player-name": "player",
    "channel": "channel",
    "app-version": "1.0",
    "marketing-cloud-user-id": "123",
}

breaches = []
n_bodies = 0


def breach(where, text):
    breaches.append(f"{where}: {text}")


def bodies_of(replay, protocol, scenario):
    """The lines of output for the calls of a scenario."""
    calls = "".join(json.dumps(call) + "\n" for call in scenario["calls"])
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        json.dump(CONFIG, config)
        config.flush()
        done = subprocess.run(
            [replay, "--protocol", protocol, "--config", config.name],
            input=calls, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


# ---- Media Edge ----

SCHEMA = json.loads((HERE / "media-edge.schema.json").read_text("utf-8"))


def validator_of(event):
    return jsonschema.Draft7Validator(
        {**SCHEMA, "oneOf": [{"$ref": f"#/definitions/request/{event}"}]})


VALIDATORS = {event: validator_of(event)
              for event in SCHEMA["definitions"]["request"]}


def check_edge(where, line):
    body = json.loads(line)
    event = body["events"][0]["xdm"]["eventType"].removeprefix("media.")
    for error in VALIDATORS[event].iter_errors(body):
        breach(where, f"{error.message[:300]} in {line}")


def check_examples():
    """Those of the document, and that the schema does not take everything."""
    text = (ROOT / "docs/design/wire-media-edge.md").read_text("utf-8")
    examples = re.findall(r"`(\w+)`\n\n```json\n(.*)\n```", text)
    if {name for name, _ in examples} != set(VALIDATORS):
        breach("docs/design/wire-media-edge.md", "not one example for each event")
    for name, line in examples:
        check_edge(f"example {name}", line)
        wrong = line.replace('"playhead":', '"playHead":')
        if not list(VALIDATORS[name].iter_errors(json.loads(wrong))):
            breach(f"example {name}", "the schema takes anything")


# ---- events ----

TEXT = {"type": "string", "minLength": 1}
WHOLE = {"type": "integer"}
NUMBER = {"type": "number"}
TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
UUID = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}


def row_schema(event):
    """docs/design/wire-events.md#members"""
    parts = {
        "sessionStart": ({
            "content_id": TEXT, "content_name": TEXT, "content_type": TEXT,
            "stream_type": {"enum": ["audio", "video"]}, "length": NUMBER,
            "resume": {"type": "boolean"}, "player": TEXT, "channel": TEXT,
            "app_version": TEXT, "library_version": TEXT, "visitor_id": TEXT,
            "customer_ids": TEXTS, "metadata": TEXTS},
            ["content_id", "length", "resume"]),
        "adBreakStart": ({
            "ad_break_name": TEXT, "ad_break_index": WHOLE,
            "ad_break_offset": NUMBER}, ["ad_break_index", "ad_break_offset"]),
        "adStart": ({
            "ad_id": TEXT, "ad_name": TEXT, "ad_length": NUMBER,
            "ad_position": WHOLE, "metadata": TEXTS}, ["ad_id"]),
        "chapterStart": ({
            "chapter_name": TEXT, "chapter_index": WHOLE,
            "chapter_offset": NUMBER, "chapter_length": NUMBER,
            "metadata": TEXTS}, ["chapter_index"]),
        "stateStart": ({"state_name": TEXT}, ["state_name"]),
        "stateEnd": ({"state_name": TEXT}, ["state_name"]),
        "error": ({"error_id": TEXT, "error_source": TEXT}, ["error_id"]),
    }
    members, required = parts.get(event, ({}, []))
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "session", "seq", "ts", "type", "playhead",
                     "installation"] + required,
        "properties": {
            "id": UUID, "session": UUID, "seq": {**WHOLE, "minimum": 0},
            "ts": WHOLE, "type": {"const": event},
            "playhead": {**NUMBER, "minimum": 0}, "installation": UUID,
            "bitrate": WHOLE, "dropped_frames": WHOLE, "fps": WHOLE,
            "time_to_start": WHOLE, **members}}


def check_row(where, line):
    row = json.loads(line)
    for error in jsonschema.Draft7Validator(
            row_schema(row["type"])).iter_errors(row):
        breach(where, f"{error.message[:300]} in {line}")
    seen = SEEN.setdefault((where, row["session"]), [])
    if row["seq"] != len(seen) or row["id"] in seen:
        breach(where, f"no next event in {line}")
    seen.append(row["id"])


SEEN = {}

# ---- CMCD ----

STRING = r'"(?:[ !#-\[\]-~]|\\["\\])*"'
LIST = r"\(\d+;[va]\)"
KEYS = {
    "br": LIST, "bs": None, "bsa": LIST, "bsd": LIST, "bsda": LIST,
    "cen": STRING, "cid": STRING, "dfa": r"\d+",
    "e": "ps|t|bc|e|m|um|pe|pc|ce|abs|abe|as|ae|sk",
    "ec": rf"\({STRING}\)", "msd": r"\d+",
    "org.gst-mediaheartbeat-ad": STRING,
    "org.gst-mediaheartbeat-chapter": STRING,
    "org.gst-mediaheartbeat-resume": "y",
    "org.gst-mediaheartbeat-state": STRING, "pt": r"\d+", "sf": "o",
    "sid": STRING, "sn": r"\d+", "st": "[vl]", "sta": "[spakreqf]",
    "ts": r"\d{13}", "v": "2"}
MEMBER = re.compile(
    rf"([a-z][a-z0-9.-]*)(?:=({STRING}|\((?:{STRING}|[^)\"]*)\)|[^,]*))?(?:,|$)")
NEEDED = {"bc": "br", "e": "ec", "ce": "cen", "ps": "sta"}


def check_line(where, line):
    """docs/design/wire-cmcd.md#keys: names, order, and string or token."""
    members = MEMBER.findall(line)
    if ",".join(f"{k}={v}" if v else k for k, v in members) != line:
        breach(where, f"cannot be read: {line}")
        return
    keys = [key for key, _ in members]
    if keys != sorted(set(keys)):
        breach(where, f"keys are not in order: {line}")
    for key, value in members:
        form = KEYS.get(key, "no such key")
        if not (value == "" if form is None else re.fullmatch(form, value)):
            breach(where, f"{key} in {line}")
    found = dict(members)
    for key in ["cid", "e", "sid", "sn", "sta", "ts", "v",
                NEEDED.get(found.get("e"), "e")]:
        if key not in found:
            breach(where, f"no {key} in {line}")
    if "bs" in found and (found["e"], found["sta"]) != ("ps", "p"):
        breach(where, f"rebuffering ends with a play: {line}")
    if len(found.get("cid", "")) > 130:
        breach(where, f"cid is too long in {line}")

CHECKS = {"media-edge": check_edge, "events": check_row, "cmcd": check_line}


def main():
    global n_bodies
    parser = argparse.ArgumentParser()
    parser.add_argument("--replay", required=True)
    options = parser.parse_args()

    check_examples()
    scenarios = sorted((ROOT / "tests/scenarios").glob("*.json"))
    for path in scenarios:
        scenario = json.loads(path.read_text("utf-8"))
        for protocol, check in CHECKS.items():
            lines = bodies_of(options.replay, protocol, scenario)
            if len(lines) < 2:
                breach(path.name, f"{protocol}: {len(lines)} bodies")
            for line in lines:
                check(f"{path.name}: {protocol}", line)
                n_bodies += 1
    for text in breaches:
        print(text)
    print(f"{n_bodies} bodies of {len(scenarios)} scenarios, "
          f"{len(breaches)} breaches")
    sys.exit(1 if breaches else 0)


main()
