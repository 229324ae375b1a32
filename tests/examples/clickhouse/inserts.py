#!/usr/bin/env python3
# inserts: what one of Debian's clickhouse-server takes, by the number of rows in a
# request. It is run by hand. The processor's time does not depend on what else the
# machine does; the rest does.
#
#     tests/examples/clickhouse/inserts.py
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import http.client
import tempfile
import threading
import time
import urllib.parse
import uuid
from pathlib import Path

import engine

SECONDS = 5
N_CLIENTS = 8
SIZES = (1, 10, 100, 500)
PATH = "/?" + urllib.parse.urlencode({"query": engine.INSERT[0],
                                      **engine.INSERT[1]})
ROW = ('{{"id":"{}","session":"{}","seq":{},"ts":{},"type":"ping",'
       '"playhead":{}.5,"installation":"9f2d4a1e-5c7b-4e0a-8d0d-2f6f0b6f3a11"}}\n')


class Client(threading.Thread):
    """Sends pings of as many sessions as a request has rows."""

    def __init__(self, port, n_rows):
        super().__init__()
        self.port = port
        self.sessions = [uuid.uuid4() for _ in range(n_rows)]
        self.n_taken = 0
        self.n_refused = 0

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        begin = int(time.time() * 1000)
        end = time.monotonic() + SECONDS
        seq = 0
        while time.monotonic() < end:
            connection.request("POST", PATH, "".join(
                ROW.format(uuid.uuid4(), session, seq, begin + seq * 10000, seq)
                for session in self.sessions))
            answer = connection.getresponse()
            answer.read()
            self.n_taken += answer.status == 200
            self.n_refused += answer.status != 200
            seq += 1
        connection.close()


def processor_time(pid):
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2]
    return sum(int(ticks) for ticks in fields.split()[11:13]) / 100


def measure(server, n_rows):
    before = processor_time(server.process.pid)
    clients = [Client(server.port, n_rows) for _ in range(N_CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    n_taken = sum(client.n_taken for client in clients)
    used = processor_time(server.process.pid) - before
    print(f"| {n_rows} | {n_taken / SECONDS:.0f} | "
          f"{n_taken * n_rows / SECONDS:.0f} | {used / n_taken * 1000:.1f} | "
          f"{n_taken * n_rows / used:.0f} | "
          f"{sum(client.n_refused for client in clients)} |", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        server = engine.Server(folder)
        try:
            server.start()
            server.run_files("events.sql")
            print("| rows in a request | requests/s | rows/s | ms of processor a "
                  "request | rows a second of processor | refused |\n"
                  "| --- | --- | --- | --- | --- | --- |")
            for n_rows in SIZES:
                measure(server, n_rows)
        finally:
            server.stop()


main()
