"""What else lives in a broker's DB: a great many foreign keys, results."""

import time

from tests.lab import celery_app
from tests.lab.celery_case import POLL, CeleryCase, Watcher
from tests.lab.celery_worker import CeleryWorker
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.wait import wait_for

KEYS = 200000
SHARED = "sentinel_celery_db_shared"
DURATION = "sentinel_exporter_poll_duration_seconds"
# Of one whole poll, while the search goes through all keys: what it may take
# of that is 250 ms.
BUDGET = 0.5


class ManyKeysTest(CeleryCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            replicas=0, sentinels=1, quorum=1))
        cls.master = cls.deployment.nodes[0]
        with cls.master.client(timeout=30) as client:
            for first in range(0, KEYS, 20000):
                client.mset({":1:page:%d" % key: "x"
                             for key in range(first, first + 20000)})

    def test_search(self):
        """The queue is found; no poll takes longer than it may; and the
        server is not kept busy."""
        app = celery_app.app_for(self.deployment)
        celery_app.publish(app, "needle", 3)
        self.master.call("CONFIG", "RESETSTAT")
        begun = time.monotonic()
        self.exporter = self.use(Exporter.watching(self.deployment, *POLL))
        watcher = Watcher(self.exporter, DURATION, interval=0.1)
        watcher.start()
        self.addCleanup(watcher.stop)
        self.wait_length(3, "needle", timeout=30)
        found = time.monotonic() - begun
        # Told as soon as the DB is known for a broker's, and for good.
        self.exporter.wait_value(1, SHARED, db=0)
        self.exporter.wait_value(KEYS + 2, "sentinel_db_keys", db=0)
        # A second round of the whole DB, to be sure of its cost.
        scans = self.scans()["calls"]
        wait_for(lambda: self.scans()["calls"] >= scans + KEYS / 1000, 40,
                 "one more round")
        self.assertLess(max(watcher.values(DURATION)), BUDGET)
        stats = self.scans()
        self.assertLess(stats["usec_per_call"], 3000)
        # At most 20 steps with each poll, and one sample of the DB.
        polls = (time.monotonic() - begun) / 0.5 + 2
        self.assertLess(stats["calls"], 21 * polls)
        print("found after %.1f s; longest poll %.0f ms; SCAN %.0f us" % (
            found, 1000 * max(watcher.values(DURATION)),
            stats["usec_per_call"]))

    def scans(self):
        return self.master.info("commandstats")["cmdstat_scan"]


class ResultsTest(CeleryCase):
    def test_results_and_cache(self):
        """Results are Celery's; a key of anybody else's is not, and a flush
        takes the queues with it."""
        deployment = self.deployment = self.use(Deployment(
            replicas=0, sentinels=1, quorum=1))
        master = deployment.nodes[0]
        url = deployment.broker_url(db=2)
        settings = {"result_backend": url,
                    "result_backend_transport_options":
                        deployment.transport_options()}
        app = celery_app.make_app(url, deployment.transport_options(),
                                  ("work",), settings)
        self.use(CeleryWorker(deployment, ("work",), db=2,
                              settings=settings))
        self.exporter = self.use(Exporter(
            *POLL, env=deployment.celery_environment(db=2)))
        ids = celery_app.publish(app, "work", 30, task="lab.result",
                                 ignore_result=False)
        wait_for(lambda: len(master.call("KEYS", "celery-task-meta-*",
                                         db=2)) == len(ids), 20, "results")
        self.exporter.wait_value(len(ids), "sentinel_db_expiring_keys",
                                 db=2)
        self.exporter.wait_value(lambda v: v > len(ids),
                                 "sentinel_db_keys", db=2)
        self.exporter.wait_value(0, SHARED, db=2)
        self.wait_length(0, "work", 2)
        self.exporter.wait_value(1, "sentinel_celery_queue_bound",
                                 queue="work", db=2)
        master.call("SET", ":1:page", "x", db=2)
        self.exporter.wait_value(1, SHARED, db=2)
        master.call("FLUSHDB", db=2)
        self.exporter.wait_value(0, "sentinel_celery_queue_bound",
                                 queue="work", db=2)
        self.exporter.wait_value(0, SHARED, db=2)
        self.exporter.wait_value(None, "sentinel_db_expiring_keys", db=2)
