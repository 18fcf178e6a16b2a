"""How soon a failover is in /metrics: from the moment a subscriber of our own
hears of it to the first scrape that shows the new master.

N real failovers (BENCH_FAILOVERS, 20), scraped without a pause. The leader
knows of the new master when it says +promoted-slave; +switch-master comes
later, from the observers first, and finds it in /metrics already. So the same
is done once more with an exporter that may hear nothing but +switch-master. A
process of its own listens, so that the scraping does not delay it; both use
one clock.
"""

import http.client
import multiprocessing
import os
import select
import time

import redis

from tests.bench.measure import quantiles
from tests.lab import story
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.exposition import Exposition
from tests.lab.failover import PERIODS
from tests.lab.wait import wait_for

COUNT = int(os.environ.get("BENCH_FAILOVERS", "20"))
SIGNS = ("+promoted-slave", "+switch-master")


def listen(sentinels, out):
    """Send (channel, when) for each sign that any sentinel publishes."""
    streams = []
    for port, password in sentinels:
        stream = redis.Redis("127.0.0.1", port, password=password,
                             decode_responses=True).pubsub()
        stream.subscribe(*SIGNS)
        for _ in SIGNS:
            stream.get_message(timeout=5)
        streams.append(stream)
    sockets = {stream.connection._sock: stream for stream in streams}
    out.send(("ready", 0))
    while True:
        ready, _, _ = select.select(list(sockets), [], [])
        now = time.monotonic()
        for sock in ready:
            message = sockets[sock].get_message(timeout=1)
            if message and message["type"] == "message":
                out.send((message["channel"], now))


def scrape_until_another(exporter, old):
    """The time at which the first scrape with another master was over, and
    how long that scrape took. One connection, no pause."""
    connection = http.client.HTTPConnection("127.0.0.1", exporter.port)
    while True:
        begin = time.monotonic()
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        end = time.monotonic()
        if 'sentinel_master_info{master_name="nautobot",address="%s"' % (
                old.address) not in text:
            master = story.master_of(Exposition(text))
            if master is not None and master != old.address:
                connection.close()
                return end, end - begin


def one(deployment, exporter, signs):
    """{sign: milliseconds until it was in /metrics}, scrape included."""
    old = deployment.current_master()
    deployment.failover()
    shown, took = scrape_until_another(exporter, old)
    deployment.wait_for_failover(old)
    wait_for(lambda: old.role() == "slave", 30, "the old master follows",
             redis.ConnectionError)
    deployment.wait_ready()
    first = {}
    while signs.poll(0.5):
        channel, when = signs.recv()
        first.setdefault(channel, when)
    return {**{sign: (shown - first[sign]) * 1000 for sign in SIGNS},
            "scrape": took * 1000}


def describe(values):
    return "median %.1f ms, p99 %.1f ms" % quantiles(list(values))


def measure(deployment, exporter):
    ours, theirs = multiprocessing.Pipe(False)
    listener = multiprocessing.Process(
        target=listen, args=([(s.port, s.password)
                              for s in deployment.sentinels], theirs),
        daemon=True)
    listener.start()
    try:
        assert ours.recv()[0] == "ready"
        return [one(deployment, exporter, ours) for _ in range(COUNT)]
    finally:
        listener.terminate()
        listener.join()


def run(sign, channels):
    """With an exporter that may hear these channels (ACL rules)."""
    deployment = Deployment(periods=PERIODS, password="data",
                            sentinel_password="sentinel").start()
    for sentinel in deployment.sentinels:
        sentinel.call("ACL", "SETUSER", "exporter", "resetchannels", channels)
    exporter = Exporter.watching(deployment, "--poll.interval=1h",
                                 "--poll.timeout=2s", acl_user=True)
    try:
        exporter.start()
        exporter.wait_scrape(lambda read: read.values(
            "sentinel_subscription_up") == [1, 1, 1])
        found = measure(deployment, exporter)
        counted = story.failovers(story.story(exporter.scrape()))
    finally:
        exporter.stop()
        deployment.stop()
    print("%-16s to /metrics: %s   (%d failovers, %d counted; the scrape "
          "itself %s)" % (
              sign, describe(f[sign] for f in found), COUNT, counted,
              describe(f["scrape"] for f in found)), flush=True)


def main():
    run("+promoted-slave", "allchannels")
    run("+switch-master", "&+switch-master")


if __name__ == "__main__":
    main()
