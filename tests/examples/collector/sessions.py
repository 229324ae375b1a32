#!/usr/bin/env python3
# sessions: a fixed set of sessions for the page's tests, with the times of
# their arrival, as the collector keeps them in a file (--keep).
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import sqlite3

SCRIPT = "<script>window.hacked = 1; alert(1)</script>"
IMAGE = "<img src=x onerror=\"window.hacked = 2\">"
LONG = "long-" + "x" * 4091
HEBREW = "שלום עולם \u202e gnp.exe \u2066 نشرة الأخبار"

# How long an event takes to arrive, milliseconds.
LAG = 40

# Sessions that are to be open are that far in the future: on a busy machine the
# tests must not find them silent.
AHEAD = 120000


class Session:
    """Collects events; times are seconds from its beginning."""

    def __init__(self, rows, session, begin, media, name=None, length=60,
                 kind="vod", custom=None, lag=LAG, resume=False, visitor="tv-1",
                 start=0, **params):
        self.rows = rows
        self.session = session
        self.begin = begin
        self.lag = lag
        all_params = {
            "analytics.trackingServer": "metrics.example.com",
            "analytics.reportSuite": "suite",
            "visitor.marketingCloudOrgId": "0123456789@ExampleOrg",
            "appInstallationId": visitor, "media.id": media,
            "media.length": length, "media.contentType": kind,
            "media.streamType": "video", "media.playerName": "Living room",
            "media.channel": "Channel One", "media.resume": resume,
            "media.downloaded": False}
        if name is not None:
            all_params["media.name"] = name
        all_params.update({key.replace("__", "."): value
                           for key, value in params.items()})
        self.add("sessionStart", 0, start, params=all_params,
                 customMetadata=custom)

    def add(self, kind, at, playhead, lag=None, refused=None, **parts):
        event = {"eventType": kind,
                 "playerTime": {"playhead": playhead,
                                "ts": self.begin + round(at * 1000)}}
        event.update({name: value for name, value in parts.items() if value})
        arrival = event["playerTime"]["ts"] + (self.lag if lag is None else lag)
        status, reason = refused or (204, None)
        self.rows.append((arrival, int(not refused), status,
                          "media-collection", "/api/v1/sessions",
                          self.session, json.dumps(event, ensure_ascii=False),
                          reason))
        return self

    def pings(self, start, end, playhead, step=10, moves=True):
        at = start
        while at < end:
            self.add("ping", at, playhead + (at - start if moves else 0))
            at += step
        return self


def add_film(rows, begin):
    """Everything once: ads, chapters, states, seek, stall, error."""
    film = Session(rows, "f" * 32, begin, "film-1", "The Long Way Home",
                   length=120, custom={"studio": "Example", "4k": "yes"},
                   media__show="Travels", media__season="2",
                   media__genre="documentary")
    film.add("adBreakStart", 0.1, 0, params={
        "media.ad.podFriendlyName": "pre-roll", "media.ad.podIndex": 1,
        "media.ad.podSecond": 0})
    for index in range(2):
        start = 0.1 + 15 * index
        film.add("adStart", start + 0.01, 0, params={
            "media.ad.id": f"ad-{index + 1}", "media.ad.name":
            ["Running shoes", "Coffee"][index], "media.ad.length": 15,
            "media.ad.podPosition": index + 1,
            "media.ad.playerName": "Living room"})
        if index == 0:
            film.add("play", start + 0.02, 0, qoeData={
                "media.qoe.bitrate": 2400000, "media.qoe.timeToStart": 310})
        film.pings(start + 1, start + 14, 0, 1, False)
        film.add(["adComplete", "adSkip"][index], start + 14.9, 0)
    film.add("adBreakComplete", 30.1, 0)
    film.add("chapterStart", 30.12, 0, params={
        "media.chapter.index": 1, "media.chapter.offset": 0,
        "media.chapter.length": 40, "media.chapter.friendlyName": "Departure"})
    film.add("play", 30.14, 0).add("play", 31.14, 1)
    film.add("stateStart", 33, 2.9, params={"media.state.name": "mute"})
    film.pings(41, 60, 10.9)
    film.add("bitrateChange", 55, 24.9, qoeData={
        "media.qoe.bitrate": 800000, "media.qoe.droppedFrames": 12})
    film.add("stateEnd", 57, 26.9, params={"media.state.name": "mute"})
    film.add("bufferStart", 60, 29.9).add("ping", 65, 29.9)
    film.add("play", 68, 29.9, qoeData={"media.qoe.bitrate": 1600000})
    film.add("chapterComplete", 78, 40)
    film.add("chapterStart", 78.1, 40, params={
        "media.chapter.index": 2, "media.chapter.offset": 40,
        "media.chapter.length": 80, "media.chapter.friendlyName": "The river"})
    film.add("stateStart", 80, 42, params={"media.state.name": "fullscreen"})
    film.add("ping", 88, 50)
    film.add("pauseStart", 93, 55).add("ping", 98, 55)
    film.add("play", 105, 90)
    film.pings(111, 122, 96, 5, False)
    film.add("error", 122.5, 96, qoeData={
        "media.qoe.errorID": "decode-17", "media.qoe.errorSource": "player"})
    film.add("ping", 128, 101).add("ping", 138, 111)
    film.add("chapterComplete", 146.8, 120)
    film.add("sessionComplete", 147, 120)


def add_viewing(rows, begin):
    """A pause beyond the time-out, and what resumes it."""
    first = Session(rows, "a" * 32, begin, "quickstart", "Quickstart",
                    length=12, visitor="tv-2")
    first.add("play", 0.1, 0).add("play", 1.1, 1).add("ping", 3, 2.9)
    first.add("pauseStart", 3.1, 3).add("sessionEnd", 6.1, 3)
    second = Session(rows, "b" * 32, begin + 11100, "quickstart", "Quickstart",
                     length=12, visitor="tv-2", resume=True, start=3)
    second.add("play", 0.1, 3).add("play", 1.1, 4).add("ping", 5, 7.9)
    second.add("sessionComplete", 9.1, 12)


def add_hostile(rows, begin):
    for number, name in enumerate((SCRIPT, LONG, HEBREW)):
        session = Session(rows, f"{number + 1}" * 32, begin + number * 2000,
                          "hostile" if number else IMAGE, name,
                          visitor=f"{SCRIPT}{number}",
                          custom={"script": SCRIPT, "html": IMAGE},
                          media__playerName=IMAGE)
        session.add("play", 0.1, 0).add("adBreakStart", 1, 1, params={
            "media.ad.podFriendlyName": name, "media.ad.podIndex": 1,
            "media.ad.podSecond": 1})
        session.add("adStart", 1.1, 1, params={
            "media.ad.id": name, "media.ad.name": name, "media.ad.length": 5,
            "media.ad.podPosition": 1, "media.ad.playerName": IMAGE})
        session.add("stateStart", 1.2, 1, params={"media.state.name": name})
        session.add("error", 2, 1, qoeData={"media.qoe.errorID": IMAGE,
                                            "media.qoe.errorSource": "player"})
        session.add("sessionEnd", 4, 1)


def add_others(rows, begin, now):
    """One for each other state and note."""
    dropped = Session(rows, "d" * 32, begin, "broken", "Broken film")
    dropped.add("bufferStart", 0.2, 0).add("error", 4, 0, qoeData={
        "media.qoe.errorID": "not-found", "media.qoe.errorSource": "player"})
    dropped.add("sessionEnd", 5, 0)
    late = Session(rows, "e" * 32, begin + 3000, "late", "Came late")
    late.add("play", 0.1, 0, lag=9000).add("ping", 10, 9.9)
    late.add("play", 0.1, 0, lag=12000, refused=(400, "ts must be later"))
    late.add("ping", 4, 4, lag=14000, refused=(400, "ts must be later"))
    late.add("sessionEnd", 20, 19.9)
    Session(rows, "9" * 32, now - 1000000, "trip", "For the journey",
            lag=850000, media__downloaded=True).add("play", 0.1, 0).add(
                "play", 1.1, 1).add("sessionComplete", 60, 59.9)
    soon = now + AHEAD
    live = Session(rows, "c" * 32, soon - 25000, "radio", "Example Radio",
                   length=86400, kind="live", media__streamType="audio",
                   media__playerName="Kitchen", media__channel="Radio")
    live.add("play", 0.1, 41000).pings(10, 24, 41010)
    Session(rows, "8" * 32, soon - 20000, "news", "The News").add(
        "play", 0.1, 0).add("pauseStart", 8, 8).add("ping", 18, 8)
    Session(rows, "7" * 32, soon - 9000, "match", "The Match").add(
        "play", 0.1, 0).add("bufferStart", 6, 6)
    Session(rows, "6" * 32, now - 90000, "gone", "Went silent").add(
        "play", 0.1, 0).add("ping", 10, 10)
    rows.append((now - 5000, 0, 404, "media-collection", "/api/v1/sessions/x",
                 None, None, f"there is no such session {SCRIPT}"))


def write(path, now):
    """Adds them to what a collector has made of the file."""
    rows = []
    add_film(rows, now - 170000)
    add_viewing(rows, now - 140000)
    add_others(rows, now - 120000, now)
    add_hostile(rows, now - 240000)
    rows.sort(key=lambda row: row[0])
    with sqlite3.connect(path) as db:
        db.executemany(
            "INSERT INTO reports (arrival, accepted, status, protocol, path, "
            "session, event, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    db.close()


def write_many(path, now, count):
    """Plain sessions with nothing remarkable."""
    rows = []
    for number in range(count):
        Session(rows, f"{number:032x}", now - 600000 + number * 100,
                f"media-{number % 50}", f"Film number {number}",
                visitor=f"tv-{number}").add("play", 0.1, 0).add(
                    "ping", 10, 9.9).add("pauseStart", 15, 14.9)
    with sqlite3.connect(path) as db:
        db.executemany(
            "INSERT INTO reports (arrival, accepted, status, protocol, path, "
            "session, event, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    db.close()
