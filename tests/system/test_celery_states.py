"""Every state of a queue, with real workers; each figure is kombu's own."""

import time

from tests.lab import celery_app
from tests.lab.celery_case import POLL, CeleryCase, Gate
from tests.lab.celery_worker import CeleryWorker
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.wait import wait_for

DB = 2
VISIBILITY = 8      # seconds


class StatesTest(CeleryCase):
    """One queue's whole life, in the order of its chapters."""

    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            replicas=0, sentinels=1, quorum=1, password="data-pw",
            sentinel_password="sentinel-pw"))
        options = {"visibility_timeout": VISIBILITY}
        environment = cls.deployment.celery_environment(db=DB)
        cls.app = celery_app.app_for(cls.deployment, ("jobs",), DB, **options)
        cls.options = options
        cls.exporter = cls.use_for_class(Exporter(
            *POLL, "--celery.transport-options=" + celery_app.json.dumps(
                cls.deployment.transport_options(**options)),
            env=environment))

    def worker(self, name, *queues):
        return self.use(CeleryWorker(
            self.deployment, queues, db=DB, options=self.options, name=name))

    def publish(self, task, count=1, **options):
        return celery_app.publish(self.app, "jobs", count, task=task,
                                  **options)

    def oldest(self, scrape=None):
        return (scrape or self.exporter.scrape()).get(
            "sentinel_celery_unacked_oldest_timestamp_seconds", db=DB)

    def readers(self, count, source="clients", timeout=10):
        self.exporter.wait_value(count, "sentinel_celery_db_readers", timeout,
                                 db=DB, source=source)

    def test_life(self):
        gate = Gate()
        self.no_worker(gate)
        worker = self.busy(gate)
        gate.open()
        self.idle()
        gate = Gate()
        self.eta_and_acks_late(gate)
        self.killed(worker)
        self.overdue()
        self.restored()

    def no_worker(self, gate):
        begun = time.time()
        self.publish("lab.hold", 4, args=(gate.path,))
        self.wait_length(4, "jobs", DB)
        self.check_sizes(self.app, DB, "jobs")
        scrape = self.exporter.wait_scrape(
            lambda s: s.get("sentinel_celery_workers") == 0
            and s.get("sentinel_celery_db_readers", db=DB,
                      source="clients") == 0)
        self.assertEqual(scrape.value("sentinel_celery_queue_bound",
                                      queue="jobs", db=DB), 1)
        self.assertEqual(scrape.value("sentinel_celery_unacked", db=DB), 0)
        self.assertIsNone(self.oldest(scrape))
        self.first_seen = scrape.value(
            "sentinel_celery_queue_head_seen_timestamp_seconds", db=DB,
            queue="jobs")
        self.assertGreaterEqual(self.first_seen, begun)
        self.assertLess(self.first_seen, time.time())

    def busy(self, gate):
        """One runs (acknowledged early: in no key), one is prefetched."""
        del gate
        worker = self.worker("busy", "jobs")
        self.wait_length(2, "jobs", DB, 20)
        self.check_unacked(self.app, DB, 1)
        self.assertEqual(celery_app.held(self.app)["active"], 1)
        self.check_sizes(self.app, DB, "jobs")
        self.exporter.wait_value(1, "sentinel_celery_workers")
        self.readers(1, timeout=40)
        seen = self.exporter.value(
            "sentinel_celery_queue_head_seen_timestamp_seconds", db=DB,
            queue="jobs")
        self.assertGreater(seen, self.first_seen)
        self.assertAlmostEqual(self.oldest(), time.time(), delta=20)
        return worker

    def idle(self):
        self.wait_length(0, "jobs", DB, 20)
        self.check_unacked(self.app, DB, 0)
        self.check_sizes(self.app, DB, "jobs")
        self.readers(1)
        scrape = self.exporter.scrape()
        self.assertIsNone(self.oldest(scrape))
        self.assertEqual(scrape.value("sentinel_celery_unacked_overdue",
                                      db=DB), 0)
        self.assertEqual(scrape.values(
            "sentinel_celery_queue_head_seen_timestamp_seconds", db=DB), [])

    def eta_and_acks_late(self, gate):
        """ETA tasks wait in unacked, not in the queue; so does a late one
        that runs."""
        before = time.time()
        self.publish("lab.add", 3, countdown=300)
        self.check_unacked(self.app, DB, 3)
        self.publish("lab.hold_late", 1, args=(gate.path,))
        self.exporter.wait_value(4, "sentinel_celery_unacked", db=DB)
        held = celery_app.held(self.app)
        self.assertEqual((held["active"], held["scheduled"]), (1, 3))
        self.check_sizes(self.app, DB, "jobs")
        oldest = self.oldest()
        self.assertGreaterEqual(oldest, before)
        self.assertLess(oldest, time.time())
        self.delivered = oldest
        self.wait_length(0, "jobs", DB)

    def killed(self, worker):
        """Nobody said good-bye: what it held stays, and so does its
        binding; its connections and its heartbeats do not."""
        worker.kill()
        self.exporter.wait_value(0, "sentinel_celery_workers", 20)
        self.readers(0, timeout=45)
        scrape = self.exporter.scrape()
        self.assertEqual(scrape.value("sentinel_celery_unacked", db=DB), 4)
        self.assertEqual(self.oldest(scrape), self.delivered)
        # Nobody lives elsewhere: not stranded, only down.
        self.assertEqual(scrape.value("sentinel_celery_unacked_stranded",
                                      db=DB), 0)

    def overdue(self):
        self.wait_wall_clock(self.delivered + VISIBILITY)
        self.exporter.wait_value(4, "sentinel_celery_unacked_overdue", db=DB)

    def restored(self):
        """Any worker of the DB does it, whatever it reads."""
        self.worker("restorer", "other")
        self.wait_length(4, "jobs", DB, 20)
        self.check_sizes(self.app, DB, "jobs", "other")
        scrape = self.exporter.wait_scrape(
            lambda s: s.get("sentinel_celery_unacked", db=DB) == 0
            and s.get("sentinel_celery_unacked_overdue", db=DB) == 0)
        self.assertIsNone(self.oldest(scrape))


class PrioritiesTest(CeleryCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            replicas=0, sentinels=1, quorum=1))

    def start(self, *flags, **environment):
        self.exporter = self.use(Exporter(
            *self.deployment.exporter_flags(), *POLL, *flags,
            env=environment))

    def priorities(self, queue):
        return self.exporter.scrape().by(
            "priority", "sentinel_celery_queue_priority_length", queue=queue)

    def test_steps(self):
        app = celery_app.app_for(self.deployment)
        for priority in range(10):
            celery_app.publish(app, "steps", 1, priority)
        self.start()
        self.wait_length(10, "steps")
        self.assertEqual(self.priorities("steps"),
                         {"0": 3, "3": 3, "6": 3, "9": 1})
        self.check_sizes(app, 0, "steps")

    def test_prefix_sep_and_steps(self):
        """All of kombu's names changed, a worker included."""
        options = {"global_keyprefix": "nb:", "sep": ":",
                   "priority_steps": [0, 1, 2],
                   "unacked_key": "kept", "unacked_index_key": "kept_index"}
        app = celery_app.app_for(self.deployment, db=5, **options)
        for priority in (0, 0, 1, 2):
            celery_app.publish(app, "other", 1, priority)
        variables = self.deployment.celery_environment(db=5)
        variables["CELERY_BROKER_TRANSPORT_OPTIONS"] = celery_app.json.dumps(
            self.deployment.transport_options(**options))
        self.start(**variables)
        self.wait_length(4, "other", 5)
        self.assertEqual(self.priorities("other"), {"0": 2, "1": 1, "2": 1})
        self.check_sizes(app, 5, "other")
        self.exporter.wait_value(1, "sentinel_celery_queue_bound",
                                 queue="other", db=5)
        self.use(CeleryWorker(self.deployment, ("other",), db=5,
                              options=options))
        self.wait_length(0, "other", 5, 20)
        self.exporter.wait_value(1, "sentinel_celery_workers")
        gate = Gate()
        celery_app.publish(app, "other", 3, task="lab.hold",
                           args=(gate.path,))
        self.exporter.wait_value(1, "sentinel_celery_unacked", db=5)
        self.check_sizes(app, 5, "other")
        # Without the prefix there is nothing of it to be seen.
        wait_for(lambda: self.exporter.scrape().get(
            "sentinel_celery_db_shared", db=5) == 0, 10, "all is Celery's")
        gate.open()
