#!/usr/bin/env python3
# engine: ClickHouse for the tests of examples/clickhouse: Debian's server in a
# folder of its own, or the engine of npm's chdb.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent
EXAMPLE = ROOT / "examples/clickhouse"

INSERT = ("INSERT INTO media_events FORMAT JSONEachRow",
          {"input_format_skip_unknown_fields": 1})

# A server that does not answer is started in this time, seconds.
PATIENCE = 60


class EngineError(Exception):
    pass


def statements(name):
    """The statements of a file of examples/clickhouse, without comments."""
    text = re.sub(r"^\s*--.*$", "", (EXAMPLE / name).read_text("utf-8"),
                  flags=re.MULTILINE)
    return [part.strip() for part in text.split(";") if part.strip()]


def has_server():
    return shutil.which("clickhouse-server",
                        path=os.environ["PATH"] + ":/usr/sbin") is not None


def free_port():
    """The first of three ports in a row that nobody listens on."""
    for _ in range(100):
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                for number in (port + 1, port + 2):
                    with socket.socket() as other:
                        other.bind(("127.0.0.1", number))
                return port
            except OSError:
                continue
    raise EngineError("no free ports")


def wait_for(happens, process, seconds=PATIENCE):
    """Whether it happens, before the process ends, or the time is over."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if happens():
            return True
        try:
            process.wait(0.1)
            return happens()
        except subprocess.TimeoutExpired:
            continue
    return happens()


def end(process, how=signal.SIGTERM, seconds=10):
    """ClickHouse 18.16 sometimes does not end when it is asked to."""
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Server:
    """Debian's clickhouse-server. What it writes is in a folder."""

    files = ()  # of examples/clickhouse, what it has beside the others

    def __init__(self, folder, port=None):
        self.folder = Path(folder)
        self.port = port or free_port()
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def command(self):
        return [EXAMPLE / "server.sh", self.folder, str(self.port)]

    def start(self):
        self.process = subprocess.Popen(
            self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL)
        if not wait_for(self.answers, self.process):
            raise EngineError("clickhouse-server does not start")

    def answers(self):
        try:
            return self.query("SELECT 1").strip() == "1"
        except (OSError, EngineError):
            return False

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return
        end(self.process, how)
        self.process = None

    def query(self, text, data=b"", **settings):
        query = urllib.parse.urlencode({"query": text, **settings})
        request = urllib.request.Request(f"{self.url}?{query}", data=data)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                return answer.read().decode("utf-8")
        except urllib.error.HTTPError as error:
            raise EngineError(error.read().decode("utf-8", "replace")) from error

    def select(self, text):
        """Objects. 64-bit numbers come as numbers."""
        lines = self.query(text + " FORMAT JSONEachRow",
                           output_format_json_quote_64bit_integers=0)
        return [json.loads(line) for line in lines.splitlines()]

    def run_files(self, *names):
        for name in names:
            for statement in statements(name):
                self.query(statement)

    def insert(self, rows):
        text, settings = INSERT
        body = "".join(json.dumps(row) + "\n" for row in rows)
        self.query(text, body.encode("utf-8"), **settings)


CHDB = "chdb@3.4.0"

CHDB_SCRIPT = """
import { Session } from 'chdb';
import { readFileSync } from 'fs';
const session = new Session();
const answers = [];
for (const [text, format] of JSON.parse(readFileSync(0, 'utf8')))
  answers.push(session.query(text, format));
session.cleanup();
process.stdout.write(JSON.stringify(answers));
"""


class Chdb:
    """A current ClickHouse inside node. Statements are collected, and run
    together by run()."""

    def __init__(self, modules):
        self.modules = Path(modules)
        self.work = []

    @staticmethod
    def missing():
        return [name for name in ("npm", "node") if not shutil.which(name)]

    def fetch(self):
        if (self.modules / "node_modules/chdb").is_dir():
            return True
        self.modules.mkdir(parents=True, exist_ok=True)
        (self.modules / "package.json").write_text("{}\n", "utf-8")
        return subprocess.run(
            ["npm", "install", "--prefix", str(self.modules), CHDB],
            capture_output=True, check=False, timeout=240).returncode == 0

    def add(self, text, output="JSONEachRow"):
        self.work.append((text, output))

    def add_files(self, *names):
        for name in names:
            for statement in statements(name):
                self.add(statement)

    def add_rows(self, rows):
        body = "\n".join(json.dumps(row) for row in rows)
        self.add("INSERT INTO media_events SETTINGS "
                 "input_format_skip_unknown_fields=1 FORMAT JSONEachRow " + body)

    def run(self):
        """What each statement answers, as text."""
        script = self.modules / "run.mjs"
        script.write_text(CHDB_SCRIPT, "utf-8")
        done = subprocess.run(
            ["node", str(script)], input=json.dumps(self.work), text=True,
            capture_output=True, check=False, timeout=120)
        if done.returncode != 0:
            raise EngineError(done.stderr[-2000:])
        self.work = []
        return json.loads(done.stdout)


class ChdbServer(Server):
    """The same over HTTP, by examples/clickhouse/chdb.mjs."""

    files = ("current.sql",)

    def __init__(self, modules, folder):
        super().__init__(folder)
        self.modules = modules

    def command(self):
        return ["node", EXAMPLE / "chdb.mjs", self.modules, str(self.port),
                self.folder]
