# media: files to play, made on the spot, once a build directory.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import shlex
import subprocess

SOUND = ("audiotestsrc num-buffers={sound} samplesperbuffer=441 "
         "! audio/x-raw,rate=44100,channels=1")
PICTURE = ("videotestsrc num-buffers={picture} "
           "! video/x-raw,width=64,height=48,framerate=10/1")

# A pipeline of GStreamer 1.22 may lose its end (seen with hlssink2): how long to
# wait for it, and how often.
PATIENCE = 20
TRIES = 12


def launch(text):
    """A pipeline in gst-launch's syntax, to its end."""
    for left in reversed(range(TRIES)):
        try:
            subprocess.run(["gst-launch-1.0", "-q", *shlex.split(text)],
                           check=True, stdin=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, timeout=PATIENCE)
            return
        except subprocess.TimeoutExpired:
            if not left:
                raise


# Ending → how such a file is made.
RECIPES = {
    "ogg": f"{SOUND} ! vorbisenc ! oggmux ! filesink location={{path}}",
    "webm": f"{PICTURE} ! vp8enc keyframe-max-dist=5 deadline=1 ! queue "
            f"! webmmux name=mux ! filesink location={{path}} "
            f"{SOUND} ! vorbisenc ! queue ! mux.",
    # Uncompressed, and larger than what queue2 holds: a second or so of it.
    "wav": "audiotestsrc num-buffers={sound} samplesperbuffer=960 "
           "! audio/x-raw,rate=96000,channels=2,format=F64LE "
           "! wavenc ! filesink location={path}",
    "mkv": "videotestsrc num-buffers={picture} ! video/x-raw,format=I420,"
           "width=480,height=360,framerate=10/1 ! queue "
           "! matroskamux name=mux ! filesink location={path} "
           f"{SOUND} ! queue ! mux.",
}

# What the cases play: kind → lengths in seconds.
LENGTHS = {"ogg": (3, 4, 20), "webm": (3, 4, 20), "wav": (16,), "mkv": (16,)}


class Media:
    """Files named KIND-SECONDS, such as `ogg-3`."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)

    def make(self):
        """All there is: before anybody plays, and not twice at a time."""
        for kind, lengths in LENGTHS.items():
            for seconds in lengths:
                path = self.path(f"{kind}-{seconds}")
                if not path.exists():
                    self.run(RECIPES[kind], path, seconds)

    @staticmethod
    def run(recipe, path, seconds):
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        text = recipe.format(path=partial, sound=seconds * 100,
                             picture=seconds * 10)
        launch(text)
        partial.rename(path)

    def path(self, name):
        kind, seconds = name.split("-")
        return self.directory / f"{seconds}.{kind}"

    def uri(self, name):
        return self.path(name).as_uri()

    def offset(self, name, second):
        """How many bytes come before that second, about."""
        return int(self.path(name).stat().st_size * second /
                   int(name.split("-")[1]))
