"""What a poll round costs, beside the floor and beside the packaged exporter.

One run on one deployment (3 sentinels, a master, 2 replicas, queues), so that
the ratios hold on whatever machine it is.
"""

import os
import subprocess
import sys
import time
import urllib.request

from tests.bench.measure import FOLDER, cpu_seconds, memory, table
from tests.lab import celery_app
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.ports import free_port
from tests.lab.process import ROOT, Process
from tests.lab.wait import wait_for

SECONDS = 20
INTERVAL = 0.1
VIEW = ["GET-MASTER-ADDR-BY-NAME", "REPLICAS", "SENTINELS", "CKQUORUM"]


def floor_us(deployment):
    """The same commands, the replies thrown away."""
    binary = os.path.join(FOLDER, "floor")
    os.makedirs(FOLDER, exist_ok=True)
    subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", binary,
                    os.path.join(ROOT, "tests", "bench", "floor.c")],
                   check=True)
    master = deployment.current_master()
    lines = []
    for sentinel in deployment.sentinels:
        lines.append("|".join(
            [str(sentinel.port), "INFO", "SENTINEL MASTERS"]
            + ["SENTINEL %s nautobot" % word for word in VIEW]))
    for node in deployment.nodes:
        commands = ["INFO"]
        if node is master:
            commands += ["SELECT 0", "ROLE", "SCAN 0 MATCH _kombu.* COUNT "
                         "1000", "SMEMBERS _kombu.binding.celery"]
            commands += ["LLEN celery"] * 4 + ["HLEN unacked", "ROLE"]
        lines.append("|".join([str(node.port)] + commands))
    done = subprocess.run([binary, "2000"], input="\n".join(lines) + "\n",
                          text=True, check=True, capture_output=True)
    return float(done.stdout)


def exporter_us(deployment):
    """CPU of a round, measured over many; and what it weighs then."""
    exporter = Exporter.watching(
        deployment, "--poll.interval=%dms" % (INTERVAL * 1000)).start()
    try:
        pid = exporter.process.pid
        time.sleep(1)       # first dials and scans are not a round's cost
        begun, at = cpu_seconds(pid), time.monotonic()
        time.sleep(SECONDS)
        rounds = (time.monotonic() - at) / INTERVAL
        return 1e6 * (cpu_seconds(pid) - begun) / rounds, memory(pid)
    finally:
        exporter.stop()


def peer_us(deployment):
    """The packaged redis exporter, scraped for the same six servers."""
    port = free_port()
    peer = Process("peer", ["prometheus-redis-exporter",
                            "-web.listen-address=127.0.0.1:%d" % port],
                   env=dict(os.environ))
    peer.start()
    try:
        url = "http://127.0.0.1:%d/scrape?target=redis://%s"
        servers = deployment.sentinels + deployment.nodes

        def scrape_all():
            for server in servers:
                urllib.request.urlopen(
                    url % (port, server.address), timeout=5).read()
        wait_for(lambda: scrape_all() is None, 10, "the peer answers",
                 OSError)
        begun = cpu_seconds(peer.pid)
        rounds = 100
        for _ in range(rounds):
            scrape_all()
        return 1e6 * (cpu_seconds(peer.pid) - begun) / rounds, memory(peer.pid)
    finally:
        peer.kill()


def main():
    deployment = Deployment().start()
    try:
        app = celery_app.app_for(deployment)
        for priority in range(10):
            celery_app.publish(app, "celery", 1, priority)
        floor = floor_us(deployment)
        own, own_memory = exporter_us(deployment)
        peer, peer_memory = peer_us(deployment)
    finally:
        deployment.stop()
    rows = [("floor", floor, None), ("sentinel-exporter", own, own_memory),
            ("packaged redis exporter", peer, peer_memory)]
    table("round_cost", ["one round of six servers", "CPU us", "ratio",
                         "resident KiB", "private KiB"],
          [(name, "%.0f" % us, "%.2f" % (us / floor), *(kib or ("", "")))
           for name, us, kib in rows])
    return 0


if __name__ == "__main__":
    sys.exit(main())
