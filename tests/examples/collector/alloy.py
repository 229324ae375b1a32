#!/usr/bin/env python3
# alloy: Adobe's web SDK (@adobe/alloy of npm) in a browser is understood by the
# collector, from a session's start to its end. Skipped without npm or chromium, or
# where the SDK cannot be fetched.
#
#     tests/examples/collector/alloy.py --build build --modules build/tests/npm
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import webdriver

VERSION = "2.33.1"
SKIPPED = 77
ORG = "0123456789ABCDEF01234567@AdobeOrg"

# What it always sends to https of Adobe's goes to the collector, and is noted.
REDIRECT = """
window.asked = [];
window.answered = [];
const real = window.fetch;
window.fetch = (url, options) => {
  const path = String(url).replace('https://edge.adobedc.net', '');
  window.asked.push([path.split('?')[0], options.headers['Content-Type']]);
  return real(path, options).then((answer) => {
    window.answered.push(path.split('?')[0]);
    return answer;
  });
};
window.__alloyNS = ['alloy'];
window.alloy = (...call) => new Promise((resolve, reject) =>
  window.setTimeout(() => window.alloy.q.push([resolve, reject, call])));
window.alloy.q = [];
"""

# What a page does. The SDK sends the pings itself.
PLAY = """
const org = arguments[0];
window.playhead = 0.9;
window.outcome = null;
const details = () => ({ playhead: window.playhead,
                         qoeDataDetails: { bitrate: 3200, droppedFrames: 2,
                                           framesPerSecond: 25,
                                           timeToStart: 500 } });
const send = (type, collection) => window.alloy('sendMediaEvent', {
  playerId: 'player',
  xdm: { eventType: 'media.' + type, mediaCollection: collection || {} } });
(async () => {
  await window.alloy('configure', {
    datastreamId: '4e3c9a1b-6f1e-4b5c-9a53-7b9d1f0f6a11', orgId: org,
    context: [], clickCollectionEnabled: false, idMigrationEnabled: false,
    thirdPartyCookiesEnabled: false, defaultConsent: 'in',
    streamingMedia: { channel: 'web', playerName: 'alloy', appVersion: '1',
                      mainPingInterval: 10, adPingInterval: 1 } });
  await window.alloy('createMediaSession', {
    playerId: 'player', getPlayerDetails: details,
    xdm: { eventType: 'media.sessionStart', mediaCollection: {
      sessionDetails: { name: 'film', friendlyName: 'Film', length: 60,
                        contentType: 'vod', streamType: 'video' } } } });
  await send('play');
  await send('adBreakStart', { advertisingPodDetails: {
    friendlyName: 'pre-roll', offset: 0, index: 1 } });
  await send('adStart', { advertisingDetails: {
    name: 'ad-1', friendlyName: 'Ad', length: 5, podPosition: 1,
    playerName: 'alloy' } });
  await window.pinged();
  await send('adComplete');
  await send('adBreakComplete');
  await send('chapterStart', { chapterDetails: {
    friendlyName: 'One', index: 1, length: 30, offset: 0 } });
  window.playhead = 7.4;
  await send('bufferStart');
  await send('play');
  await send('statesUpdate', { statesStart: [{ name: 'fullScreen' }] });
  await send('statesUpdate', { statesEnd: [{ name: 'fullScreen' }] });
  await send('bitrateChange', { qoeDataDetails: { bitrate: 800 } });
  await send('error', { errorDetails: { name: 'E1', source: 'player' } });
  await send('pauseStart');
  await send('chapterComplete');
  await send('sessionComplete');
})().then(() => { window.outcome = 'done'; },
          (error) => { window.outcome = String(error); });
// An event that is sent meanwhile could overtake it.
window.pinged = () => new Promise((resolve) => {
  const look = () => window.answered.some((path) => path.endsWith('/ping'))
    ? resolve() : window.setTimeout(look, 50);
  look();
});
"""

EVENTS = ["sessionStart", "play", "adBreakStart", "adStart", "ping",
          "adComplete", "adBreakComplete", "chapterStart", "bufferStart",
          "play", "stateStart", "stateEnd", "bitrateChange", "error",
          "pauseStart", "chapterComplete", "sessionComplete"]


def find_sdk(modules):
    """Its text, or None where it cannot be fetched. Only its own archive is: what
    it depends on is for building it."""
    archive = modules / f"adobe-alloy-{VERSION}.tgz"
    if not archive.is_file():
        modules.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["npm", "pack", "--pack-destination", str(modules),
             f"@adobe/alloy@{VERSION}"],
            capture_output=True, check=False, timeout=120)
        if done.returncode != 0:
            return None
    with tarfile.open(archive) as files:
        return files.extractfile("package/dist/alloy.js").read().decode()


class Collector:
    """A strict one: it answers 404 to what comes without the location hint."""

    def __init__(self, build):
        self.process = subprocess.Popen(
            [build / "examples/collector/mediaheartbeat-collector", "--port",
             "0", "--json", "--strict", "--org-id", ORG],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.url = "http://127.0.0.1:" + line.rpartition(":")[2].strip()
        self.lines = []
        self.reader = threading.Thread(target=self.lines.extend,
                                       args=(self.process.stdout,))
        self.reader.start()

    def events(self):
        """What it has taken, once it has ended."""
        self.process.terminate()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        return [json.loads(line) for line in self.lines]


def play(collector, sdk):
    """What the page says at the end, and where its requests went."""
    with webdriver.Browser() as browser:
        browser.go(collector.url)
        browser.run(REDIRECT)
        browser.run(sdk)
        browser.run(PLAY, ORG)
        outcome = browser.wait_for(
            "the end", lambda: browser.run("return window.outcome"))
        return outcome, browser.run("return window.asked")


def check(what, got, wanted):
    if got != wanted:
        print(f"{what}: {got!r} instead of {wanted!r}")
    return got == wanted


def check_requests(asked):
    """The first one is another API's; the others have the hint of its cookie."""
    paths = [path for path, _ in asked]
    wrong = [path for path in paths[1:]
             if not path.startswith("/ee/loc1/va/v1/")]
    return (check("start", paths[0], "/ee/v1/interact") &
            check("paths", wrong, []) &
            check("types", {kind for _, kind in asked},
                  {"text/plain; charset=UTF-8"}))


def check_events(events):
    names = [event["eventType"] for event in events]
    start = events[0]["params"] if events else {}
    playheads = {event["eventType"]: event["playerTime"]["playhead"]
                 for event in events}
    return (check("events", names, EVENTS) &
            check("name", start.get("media.name"), "Film") &
            check("channel", start.get("media.channel"), "web") &
            check("playhead", (playheads.get("adStart"),
                               playheads.get("sessionComplete")), (1, 7)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--modules", required=True, type=Path)
    options = parser.parse_args()
    if not webdriver.find_programs() or not shutil.which("npm"):
        print("chromium, chromedriver or npm is missing")
        sys.exit(SKIPPED)
    sdk = find_sdk(options.modules)
    if not sdk:
        print(f"@adobe/alloy {VERSION} cannot be fetched")
        sys.exit(SKIPPED)
    collector = Collector(options.build)
    try:
        outcome, asked = play(collector, sdk)
    finally:
        events = collector.events()
    fine = (check("outcome", outcome, "done") & check_requests(asked) &
            check_events(events))
    sys.exit(not fine)


main()
