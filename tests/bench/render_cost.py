"""What rendering an exposition costs, and publishing a change of one master.

Both are pure, so they are timed in one process without any server.
"""

import os
import subprocess
import sys

from tests.bench.measure import FOLDER, table
from tests.lab.process import ROOT

LIBRARIES = ["metrics", "model", "protocol", "config", "base"]


def build():
    binary = os.path.join(FOLDER, "render")
    os.makedirs(FOLDER, exist_ok=True)
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "libbsd-overlay", "hiredis",
         "jansson"], check=True, capture_output=True, text=True).stdout.split()
    subprocess.run(
        ["cc", "-O2", "-D_GNU_SOURCE", "-I" + os.path.join(ROOT, "src"),
         "-I" + os.path.join(ROOT, "tests"), "-o", binary,
         os.path.join(ROOT, "tests", "bench", "render.c")]
        + [os.path.join(ROOT, "build", "release", "lib%s.a" % name)
           for name in LIBRARIES] + flags + ["-lm", "-pthread"], check=True)
    return binary


def main():
    binary = build()
    rows = []
    for masters in (10, 100, 1000):
        done = subprocess.run([binary, str(masters)], check=True, text=True,
                              capture_output=True)
        rows.append([masters] + done.stdout.split())
    table("render_cost", ["masters", "series", "bytes", "ns per series",
                          "us to publish one change", "us to publish all"],
          rows)


if __name__ == "__main__":
    sys.exit(main())
