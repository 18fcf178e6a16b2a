"""What many masters cost: memory, CPU, the scrape, and how soon one failover
among them is in /metrics.

The deployments are scripted (tests/fake/crowd.py): three sentinels that watch
10, 100 and 1,000 masters with a replica each. What a master costs should not
depend on how many there are.
"""

import http.client
import json
import os
import subprocess
import sys
import time

from tests.bench.measure import cpu_seconds, memory, open_files, quantiles, \
    table
from tests.lab import process
from tests.lab.exporter import Exporter
from tests.lab.wait import wait_for

SIZES = [int(word) for word in
         os.environ.get("BENCH_MASTERS", "10 100 1000").split()]
SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
FAILOVERS = int(os.environ.get("BENCH_FAILOVERS", "30"))


class Peers:
    """The crowd, in a process of its own."""

    def __init__(self, masters):
        parent = os.getpid()
        self._popen = subprocess.Popen(
            ["/usr/bin/python3", "-B", "-m", "tests.fake.crowd",
             str(masters)], cwd=process.ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            preexec_fn=lambda: process.die_with(parent))
        self.sentinels = self._read()

    def _read(self):
        line = self._popen.stdout.readline()
        assert line, "the scripted peers ended (%s)" % self._popen.wait()
        return json.loads(line)

    def say(self, command):
        self._popen.stdin.write(command + "\n")
        self._popen.stdin.flush()
        return self._read()

    def stop(self):
        self._popen.stdin.close()
        self._popen.wait()


class Scraper:
    """One connection that is kept, as Prometheus keeps it; opened again when
    the exporter has closed it while it was idle."""

    def __init__(self, exporter):
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", exporter.port, timeout=60)

    def scrape(self):
        try:
            return self._ask()
        except (http.client.RemoteDisconnected, ConnectionError):
            self._connection.close()
            return self._ask()

    def _ask(self):
        self._connection.request("GET", "/metrics")
        return self._connection.getresponse().read()


def series(body):
    return sum(not line.startswith(b"#") for line in body.splitlines())


def failover_ms(peers, scraper, name):
    """From the sentinels' word to the end of the first scrape that shows it;
    it scrapes without a pause."""
    word = peers.say("switch " + name)
    shown = ('sentinel_master_info{master_name="%s",address="%s"' % (
        name, word["address"])).encode()
    while shown not in scraper.scrape():
        assert time.monotonic() < word["at"] + 30, name + " never showed"
    return 1000 * (time.monotonic() - word["at"])


def scrapes_per_second(pid, scraper, seconds=3):
    """How many it answers, and the CPU of the exporter for each, in ms."""
    begun, at, count = cpu_seconds(pid), time.monotonic(), 0
    while time.monotonic() < at + seconds:
        scraper.scrape()
        count += 1
    took = time.monotonic() - at
    return count / took, 1000 * (cpu_seconds(pid) - begun) / count


def measure(masters):
    peers = Peers(masters)
    exporter = Exporter(
        *("--sentinel.addr=" + address for address in peers.sentinels))
    try:
        exporter.start(timeout=60)
        pid = exporter.process.pid
        scraper = Scraper(exporter)
        shown = b"sentinel_master_up{"
        wait_for(lambda: scraper.scrape().count(shown) == masters, 60,
                 "all %d masters" % masters)
        begun, at = cpu_seconds(pid), time.monotonic()
        time.sleep(SECONDS)
        share = (cpu_seconds(pid) - begun) / (time.monotonic() - at)
        body = scraper.scrape()
        rate, scrape_cpu_ms = scrapes_per_second(pid, scraper)
        count = min(FAILOVERS, masters)
        median, p99 = quantiles([
            failover_ms(peers, scraper, "master-%04d" % number)
            for number in range(0, masters, max(1, masters // count))])
        resident, private = memory(pid)
        return [masters, series(body), "%.1f" % (resident / 1024),
                "%.1f" % (private / 1024), open_files(pid),
                "%.2f" % (100 * share), "%.2f" % (1e6 * share / masters),
                "%.0f" % rate, "%.2f" % scrape_cpu_ms,
                "%.1f" % median, "%.1f" % p99]
    finally:
        exporter.stop(timeout=5)
        peers.stop()


def main():
    print("default interval, %d s each" % SECONDS, flush=True)
    table("growth", ["masters", "series", "resident MiB", "private MiB",
                     "files", "CPU %", "CPU us/s/master", "scrapes/s",
                     "CPU ms/scrape", "failover ms", "p99 ms"],
          [measure(masters) for masters in SIZES])
    return 0


if __name__ == "__main__":
    sys.exit(main())
