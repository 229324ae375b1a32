#!/usr/bin/env python3
# install: what `meson install` installs is whole, and works from where it is.
#
#   install.py BUILD
#
# Installs into a folder of its own, and uses nothing but that: the files are
# those that are expected, links in documents lead somewhere, manual pages have
# each option and can be copied from, the programs and gst-inspect-1.0 know the
# version, a clip is played and reported, and the tracer understands each line of
# its example file. `meson devenv` finds the build's own. Needs the environment of the
# tests (tests/meson.build).
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLAY = ROOT / "examples/packaging/debian/tests/play"
PROGRAMS = ["mediaheartbeat-collector", "mediaheartbeat-player",
            "mediaheartbeat-replay"]
EXAMPLES = ["player.js", "player.py", "tracer.conf"]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")

faults = []


def check(holds, text):
    if not holds:
        faults.append(text)
        print(text)


def run(*command, **variables):
    """The exit status, and what was printed."""
    result = subprocess.run(command, env={**os.environ, **variables},
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)
    return result.returncode, result.stdout


class Installation:
    """What is below a folder, with the folders that the build has chosen."""

    def __init__(self, build, destination):
        options = json.loads(subprocess.check_output(
            ["meson", "introspect", "--buildoptions", build], text=True))
        self.options = {row["name"]: row["value"] for row in options}
        self.prefix = Path(f"{destination}{self.options['prefix']}")
        self.bin = self.prefix / self.options["bindir"]
        self.plugins = self.prefix / self.options["libdir"] / "gstreamer-1.0"
        self.man = self.prefix / self.options["mandir"] / "man1"
        self.doc = self.prefix / (self.options["docdir"] or
                                  f"{self.options['datadir']}/doc/"
                                  "gst-media-heartbeat")

    def expected(self):
        yield self.plugins / "libgstmediaheartbeat.so"
        yield (self.prefix / self.options["libexecdir"] /
               "gst-media-heartbeat/mediaheartbeat-helper")
        for name in PROGRAMS:
            yield self.bin / name
            yield self.man / f"{name}.1"
        for name in EXAMPLES:
            yield self.doc / "examples" / name
        for name in ("HACKING.md", "NEWS.md", "README.md"):
            yield self.doc / name
        for folder in ("docs", "examples/clickhouse"):
            for path in (ROOT / folder).rglob("*.*"):
                if path.name != "meson.build":
                    yield self.doc / path.relative_to(ROOT)

    def environment(self):
        return {"PATH": f"{self.bin}:{os.environ['PATH']}",
                "GST_PLUGIN_PATH_1_0": str(self.plugins)}


def check_files(there):
    found = {path for path in there.prefix.rglob("*") if path.is_file()}
    expected = set(there.expected())
    for path in sorted(expected - found):
        check(False, f"missing: {path.relative_to(there.prefix)}")
    for path in sorted(found - expected):
        check(False, f"not expected: {path.relative_to(there.prefix)}")


def check_links(there):
    n = 0
    for path in there.doc.rglob("*.md"):
        for link in LINK.findall(path.read_text(encoding="utf-8")):
            if ":" not in link:
                n += 1
                check((path.parent / link).exists(), f"{path}: no {link}")
    check(n > 50, f"only {n} links found")


def check_manual(there, name):
    status, text = run(str(there.bin / name), "--help")
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))
    page = (there.man / f"{name}.1").read_text(encoding="utf-8")
    check(re.search(r'^\.TH [A-Z-]+ 1 "\d{4}-\d\d-\d\d" ', page, re.M),
          f"{name}.1 has no date that man understands")
    # groff prints a plain one as a hyphen, which no shell takes for an option.
    check(not re.search(r"(?<![\w-])--[a-z]", page),
          f"{name}.1 has an option with plain hyphens")
    words = page.replace("\\-", "-")
    check(status == 0 and options, f"{name} --help: {text}")
    for option in options - {"--help-all", "--help-gst"}:
        check(option in words, f"{name}.1 has no {option}")


def check_program(there, name, version):
    status, text = run(str(there.bin / name), "--version")
    check(status == 0 and text == f"{name} {version}\n",
          f"{name} --version: {text}")


def exists(version, environment):
    return run("gst-inspect-1.0", "--exists", f"--atleast-version={version}",
               "mediaheartbeat", **environment)[0] == 0


def check_version(there, version):
    major, minor, micro = (int(part) for part in version.split("."))
    environment = there.environment()
    check(exists(version, environment), f"not version {version}")
    check(not exists(f"{major}.{minor}.{micro + 1}", environment),
          f"a later version than {version}")


def check_told(there, build):
    """Where GStreamer does not look by itself, meson tells what to do."""
    folder = f"{there.options['prefix']}/{there.options['libdir']}/gstreamer-1.0"
    looks_in = subprocess.check_output(
        ["pkg-config", "--variable=pluginsdir", "gstreamer-1.0"], text=True)
    log = Path(build, "meson-logs/meson-log.txt").read_text(encoding="utf-8")
    told = f"with GST_PLUGIN_PATH={folder}\n" in log
    check(told == (looks_in.strip() != folder), f"GST_PLUGIN_PATH: told {told}")


def check_tracer(there, directory, uncommented):
    text = (there.doc / "examples/tracer.conf").read_text(encoding="utf-8")
    if uncommented:
        text, n = re.subn(r"^#(?=[a-z-]+=)", "", text, flags=re.M)
        check(n > 5, f"only {n} lines are commented out")
    path = directory / "tracer.conf"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    status, output = run("gst-launch-1.0", "-q", "fakesrc", "num-buffers=1", "!",
                         "fakesink", GST_TRACERS="mediaheartbeattracer",
                         MEDIAHEARTBEAT_CONFIG=str(path), **there.environment())
    check(status == 0 and not output, f"{path}: {output}")


def check_devenv(build):
    # The tests' own path would win.
    os.environ.pop("GST_PLUGIN_PATH_1_0", None)
    script = ["gst-inspect-1.0 mediaheartbeat | grep Filename"]
    script += [f"command -v {name}" for name in PROGRAMS]
    status, text = run("meson", "devenv", "-C", build, "sh", "-c",
                       " && ".join(script))
    check(status == 0 and text.count(f"{build}/") == 1 + len(PROGRAMS),
          f"devenv: {text}")


def main():
    build = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        os.environ["GST_REGISTRY_1_0"] = str(directory / "registry.bin")
        there = Installation(build, directory / "to")
        status, text = run("meson", "install", "-C", build, "--no-rebuild",
                           "--quiet", "--destdir", str(directory / "to"))
        check(status == 0, f"meson install: {text}")
        check_files(there)
        check_links(there)
        version = json.loads(subprocess.check_output(
            ["meson", "introspect", "--projectinfo", build]))["version"]
        for program in PROGRAMS:
            check_manual(there, program)
            check_program(there, program, version)
        check_version(there, version)
        check_told(there, build)
        check_tracer(there, directory, uncommented=False)
        check_tracer(there, directory, uncommented=True)
        status, text = run(str(PLAY), **there.environment())
        check(status == 0, f"play: {text}")
        check_devenv(build)
    return 1 if faults else 0


sys.exit(main())
