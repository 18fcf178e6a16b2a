"""Everything at once for a while: is it still right, and still as small?

    /usr/bin/python3 -B -m tests.lab.soak [MINUTES] [--seed S]

Random failovers of two masters (chaos) at a poll interval of 100 ms, the shortest, while
threads scrape in every format and send what HTTP clients should not. Prints
memory and descriptors every half minute. Fails when a failover is counted
wrong, when descriptors grow, or when memory grew by more than a tenth and
4 MiB after the first third of the time. SENTINEL_EXPORTER_BIN says which build.
"""

import argparse
import random
import socket
import sys
import threading
import time

from tests.lab import chaos
from tests.lab.exporter import Exporter

READS = (("/metrics", {"Accept": "text/plain;version=0.0.4"}),
         ("/metrics", {"Accept": "application/openmetrics-text;"
                       "version=1.0.0", "Accept-Encoding": "gzip"}),
         ("/api/v1/events", {}), ("/", {}), ("/-/healthy", {}),
         ("/-/ready", {}), ("/no/such/page", {}))
SLACK = 4 * 2 ** 20         # lists of the last events and failovers fill up
WARM = 1 / 3                # of the time: caches and lists fill up
DESCRIPTORS = 8             # scrapes that happen to be open


class Soak(chaos.Chaos):
    """chaos, with clients."""

    def start(self):
        self.deployment.start()
        self.exporter = Exporter.watching(
            self.deployment, "--poll.interval=100ms",
            "--state.file=" + self.state_file)
        self.exporter.start()
        self.truth = {name: chaos.Truth(self.deployment, name)
                      for name in chaos.NAMES}
        self.settle()
        self.ended = threading.Event()
        self.reads = 0
        self.failed = []
        self.threads = [threading.Thread(target=target, daemon=True)
                        for target in (self.read_all, self.misbehave)]
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        if hasattr(self, "ended"):
            self.ended.set()
            for thread in self.threads:
                thread.join(30)
        super().stop()

    def read_all(self):
        while not self.ended.wait(0.02):
            for path, headers in READS:
                try:
                    self.exporter.get(path, headers)
                    self.reads += 1
                except OSError as error:
                    self.failed.append("%s: %s" % (path, error))

    def misbehave(self):
        """Half a request, and gone; or nothing at all. From another
        address: each has its own share of the places."""
        chance = random.Random(1)
        while not self.ended.wait(0.5):
            try:
                with socket.create_connection(
                        ("127.0.0.1", self.exporter.port), 5,
                        ("127.0.0.9", 0)) as client:
                    client.sendall(b"GET /metrics HTTP/1.1\r\nHo"[
                        :chance.randrange(25)])
            except OSError:
                pass

    def same(self, name):
        """Failovers are exact. At this interval a busy machine cuts streams
        now and then: what only events tell may be missing, not made up."""
        told, true = self.read()[name], self.truth[name].told()
        return all(told[kind] == true[kind] for kind in chaos.story.KINDS) \
            and told["reboots"] == true["reboots"] and all(
                told[count] <= true[count]
                for count in ("attempts", *chaos.story.REASONS))

    def size(self):
        read = self.exporter.scrape()
        return (read.value("process_resident_memory_bytes"),
                read.value("process_open_fds"))


def run(minutes, seed, out=sys.stdout):
    print("soak: %g minutes, seed %d" % (minutes, seed), file=out, flush=True)
    soak = Soak(seed, restarts=False)
    begin = time.monotonic()
    warm = None
    sizes = []
    try:
        soak.start()
        said = 0.0
        while (passed := time.monotonic() - begin) < minutes * 60:
            soak.step()
            sizes.append(soak.size())
            if warm is None and passed > minutes * 60 * WARM:
                warm = sizes[-1]
            if passed - said >= 30:
                said = passed
                print("%6.0f s  %4d failovers  %6d reads  %6.1f MiB  "
                      "%3d descriptors" % (
                          passed, soak.total(), soak.reads,
                          sizes[-1][0] / 2 ** 20, sizes[-1][1]), file=out,
                      flush=True)
        assert not soak.failed, soak.failed[:3]
        last = sizes[-1]
        warm = warm or last
        assert last[0] <= warm[0] * 1.1 + SLACK, "memory grew: %r to %r" % (
            warm, last)
        assert last[1] <= warm[1] + DESCRIPTORS, \
            "descriptors grew: %r to %r" % (warm, last)
        print("soak: %d failovers, all counted right; %d reads; memory "
              "%.1f MiB after a third, %.1f at the end; descriptors %d, %d" % (
                  soak.total(), soak.reads, warm[0] / 2 ** 20,
                  last[0] / 2 ** 20, warm[1], last[1]), file=out, flush=True)
    finally:
        soak.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("minutes", type=float, nargs="?", default=30)
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(10 ** 6))
    options = parser.parse_args()
    run(options.minutes, options.seed)


if __name__ == "__main__":
    main()
