#!/usr/bin/env python3
# players: gst-launch-1.0 with the element, for the tests of examples/clickhouse.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import subprocess
import urllib.parse

BUFFERS = 43  # of a second


class Players:
    """gst-launch-1.0, all with one state directory."""

    def __init__(self, build, folder, url):
        self.url = url
        self.env = dict(os.environ, XDG_STATE_HOME=f"{folder}/state",
                        GST_PLUGIN_PATH_1_0=str(build / "plugin"),
                        GST_REGISTRY_1_0=f"{folder}/registry.bin",
                        no_proxy="*")
        self.running = []

    def insert_url(self, table):
        return self.url + "?" + urllib.parse.urlencode({
            "query": f"INSERT INTO {table} FORMAT JSONEachRow",
            "input_format_skip_unknown_fields": 1})

    def start(self, media_id, seconds, table="media_events", **settings):
        settings = {"media-id": media_id, "protocol": "events",
                    "ping-interval": 1,
                    "collection-server": self.insert_url(table), **settings}
        command = ["gst-launch-1.0", "audiotestsrc",
                   f"num-buffers={seconds * BUFFERS}", "!", "mediaheartbeat",
                   *(f"{name.replace('_', '-')}={value}"
                     for name, value in settings.items()),
                   "!", "fakesink", "sync=true"]
        player = subprocess.Popen(command, env=self.env,
                                  stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
        self.running.append(player)
        return player

    def stop(self):
        for player in self.running:
            if player.poll() is None:
                player.kill()
            player.wait()
            player.stdout.close()
