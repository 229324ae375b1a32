#!/usr/bin/gjs -m
// player: a small player that reports what it plays, in JavaScript (gjs).
//
//   player.js [--fake] URI COLLECTOR [START]
//
// Plays URI from START on (seconds, where it was left earlier), reports to the
// server COLLECTOR, and tells it of what no pipeline shows: an ad break with
// two ads, a chapter, and that the player is muted. player.c with --timeline
// and player.py do the same. --fake plays to nowhere: no hardware needed.
//
// Needs GST_PLUGIN_PATH, gjs and gir1.2-gstreamer-1.0.
//
// SPDX-License-Identifier: LGPL-2.1-or-later

import GLib from 'gi://GLib';
import Gst from 'gi://Gst?version=1.0';
import System from 'system';

// GstStructure wants a type for each number: 1 is an integer, 1.5 a double.
function structure(name, fields) {
    const result = Gst.Structure.new_empty(name);
    for (const [field, value] of Object.entries(fields))
        result.set_value(field, value);
    return result;
}

class Player {
    constructor(uri, collector, start, fake) {
        this.start = start;
        this.resuming = start > 0;
        this.playing = false;
        this.loop = GLib.MainLoop.new(null, false);
        this.failed = false;
        this.heartbeat = Gst.ElementFactory.make('mediaheartbeat', null);
        this.heartbeat.collection_server = collector;
        // The session that comes resumes an earlier one.
        this.heartbeat.resumed = this.resuming;
        // The program ends here: what was said last may take its time.
        this.heartbeat.flush_timeout = 5000;

        this.playbin = Gst.ElementFactory.make('playbin', null);
        this.playbin.uri = uri;
        this.playbin.audio_filter = this.heartbeat;
        if (fake) {
            for (const name of ['audio_sink', 'video_sink']) {
                const sink = Gst.ElementFactory.make('fakesink', null);
                sink.sync = true;
                this.playbin[name] = sink;
            }
        }
        const bus = this.playbin.get_bus();
        bus.add_signal_watch();
        bus.connect('message', (_, message) => this.onMessage(message));

        // When, in seconds after the start, and what then.
        this.timeline = [
            [1.5, () => this.mute()],
            [2.0, () => this.startAdBreak()],
            [3.0, () => this.startSecondAd()],
            [4.0, () => this.endAdBreak()],
            [4.5, () => this.unmute()],
            [5.0, () => this.startChapter()],
            [6.0, () => this.endChapter()],
        ];
    }

    // What the pipeline does not show. Names and arguments of the calls are in
    // docs/reference/calls.md; where one is refused, a warning on the bus
    // says why.

    track(call, details = {}) {
        this.heartbeat.emit('track', call, structure('details', details));
    }

    // The element sees this by itself as well; who tells of it has the say.

    mute() {
        this.playbin.mute = true;
        this.track('stateStart', {name: 'mute'});
    }

    unmute() {
        this.playbin.mute = false;
        this.track('stateEnd', {name: 'mute'});
    }

    startAdBreak() {
        this.track('adBreakStart', {
            name: 'Mid-roll', position: 1, startTime: this.start + 2,
        });
        this.track('adStart', {
            id: 'ad-1', name: 'First ad', position: 1, length: 1,
            metadata: structure('metadata', {
                'a.media.ad.advertiser': 'Example', 'placement': 'stitched',
            }),
        });
    }

    startSecondAd() {
        this.track('adComplete');
        this.track('adStart', {
            id: 'ad-2', name: 'Second ad', position: 2, length: 1,
        });
    }

    endAdBreak() {
        this.track('adComplete');
        this.track('adBreakComplete');
    }

    startChapter() {
        this.track('chapterStart', {
            name: 'Chapter 1', position: 1, length: 1,
            startTime: this.start + 5,
        });
    }

    endChapter() {
        this.track('chapterComplete');
    }

    // Playing.

    onTimer() {
        const [known, position] = this.playbin.query_position(Gst.Format.TIME);
        while (known && this.timeline.length > 0 &&
               position >= (this.start + this.timeline[0][0]) * Gst.SECOND) {
            const [, act] = this.timeline.shift();
            act();
        }
        return GLib.SOURCE_CONTINUE;
    }

    // To where it was left; then, the second time, play.
    onPrerolled() {
        if (this.resuming) {
            this.resuming = false;
            this.playbin.seek_simple(Gst.Format.TIME,
                Gst.SeekFlags.FLUSH | Gst.SeekFlags.ACCURATE,
                this.start * Gst.SECOND);
        } else if (!this.playing) {
            this.playing = true;
            this.playbin.set_state(Gst.State.PLAYING);
            GLib.timeout_add(
                GLib.PRIORITY_DEFAULT, 20, () => this.onTimer());
        }
    }

    onMessage(message) {
        if (message.has_name('media-heartbeat')) {
            const hit = message.get_structure();
            const [, playhead] = hit.get_double('playhead');
            const [, resume] = hit.get_boolean('resume');
            print(`${hit.get_string('event').padEnd(15)} ${
                playhead.toFixed(3).padStart(8)}${resume ? '  RESUME' : ''}`);
            return;
        }
        switch (message.type) {
        case Gst.MessageType.ASYNC_DONE:
            this.onPrerolled();
            break;
        case Gst.MessageType.WARNING:
            printerr(`warning: ${message.parse_warning()[0].message}`);
            break;
        case Gst.MessageType.ERROR:
            printerr(`error: ${message.parse_error()[0].message}`);
            this.failed = true;
            this.loop.quit();
            break;
        case Gst.MessageType.EOS:
            this.loop.quit();
            break;
        }
    }

    run() {
        this.playbin.set_state(Gst.State.PAUSED);
        this.loop.run();
        this.playbin.set_state(Gst.State.NULL);
        return this.failed ? 1 : 0;
    }
}

const words = ARGV.filter(word => word !== '--fake');
if (words.length < 2 || words.length > 3) {
    printerr('usage: player.js [--fake] URI COLLECTOR [START]');
    System.exit(2);
}
Gst.init(null);
const player = new Player(
    words[0], words[1], Number(words[2] ?? 0), ARGV.includes('--fake'));
System.exit(player.run());
