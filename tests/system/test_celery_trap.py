"""The database trap: an index on the last broker URL only, and two failovers.

A worker of such a URL moves to another DB at a crash and back at an orderly
failover, while publishers go their own ways; what they leave behind must show.
Beside it lives an application whose URLs agree, first busy, then without its
worker: nothing of it may ever be called stranded, nor its queue empty.
"""

import threading

import kombu.exceptions
import redis

from tests.lab import celery_app
from tests.lab.celery_case import POLL, CeleryCase, Gate, Watcher
from tests.lab.celery_worker import CeleryWorker
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter
from tests.lab.wait import wait_for

TRAP, WELL = 3, 5       # DBs
LENGTH = "sentinel_celery_queue_length"
HEAD = "sentinel_celery_queue_head_seen_timestamp_seconds"
STRANDED = "sentinel_celery_stranded"
UNACKED_STRANDED = "sentinel_celery_unacked_stranded"
BROKEN = (kombu.exceptions.OperationalError, redis.RedisError, OSError)


class Publisher(threading.Thread):
    """Publishes now and then on one connection, through whatever comes."""

    def __init__(self, app, queue):
        super().__init__(daemon=True)
        self.app, self.queue = app, queue
        self._over = threading.Event()

    def run(self):
        connection = self.app.connection_for_write()
        while not self._over.wait(0.3):
            try:
                celery_app.publish(self.app, self.queue,
                                   connection=connection)
            except BROKEN:
                pass
        connection.release()

    def stop(self):
        self._over.set()
        self.join(30)


class TrapTest(CeleryCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            password="data-pw", sentinel_password="sentinel-pw",
            periods=BRISK))
        cls.trapped = celery_app.app_for(cls.deployment, ("work",),
                                         last_db=TRAP)
        cls.agreeing = celery_app.app_for(cls.deployment, ("well",), WELL)
        for worker in (
                CeleryWorker(cls.deployment, ("work",), last_db=TRAP,
                             name="moves"),
                CeleryWorker(cls.deployment, ("well",), db=WELL,
                             name="stays")):
            worker.launch()
            cls.addClassCleanup(worker.kill)
            setattr(cls, worker.name, worker)
        cls.told = cls.exporter = cls.watching(
            "told", cls.deployment.celery_environment(last_db=TRAP))
        cls.apart = cls.watching(
            "apart", cls.deployment.celery_environment(db=WELL))
        # Told of no URL: only who lived where can tell.
        cls.blank = cls.watching(
            "blank", cls.deployment.exporter_environment(),
            *cls.deployment.exporter_flags())

    @classmethod
    def watching(cls, name, environment, *flags):
        return cls.use_for_class(Exporter(*POLL, *flags, env=environment,
                                          name="exporter-" + name))

    def everywhere(self, expected, name, exporters=None, **labels):
        for exporter in exporters or (self.told, self.apart, self.blank):
            exporter.wait_scrape(
                lambda s: s.get(name, **labels) == expected, 50,
                "%s%r == %r" % (name, labels, expected))

    def lives_in(self, db):
        """The worker of the trap, once it is back from a failover."""
        wait_for(lambda: self.readers_by_db().get(db), 40,
                 "a worker in DB %d" % db, BROKEN)

    def test_trap(self):
        watchers = [Watcher(exporter, LENGTH, STRANDED) for exporter in (
            self.told, self.apart, self.blank)]
        for watcher in watchers:
            watcher.start()
            self.addCleanup(watcher.stop)
        gate = Gate()
        self.before(gate)
        publisher = Publisher(self.trapped, "work")
        publisher.start()
        self.addCleanup(publisher.stop)
        self.crash()
        self.stays.kill()
        self.orderly_failover()
        self.never_cried(watchers)

    def before(self, gate):
        """All is well: one application reads in DB 0, the other in 5."""
        celery_app.publish(self.agreeing, "well", 8, task="lab.hold",
                           args=(gate.path,))
        celery_app.publish(self.trapped, "work", 2)
        celery_app.publish(self.trapped, "work", countdown=3600)
        for exporter in (self.told, self.apart, self.blank):
            for db in (0, WELL):
                exporter.wait_value(1, "sentinel_celery_db_readers", 40,
                                    db=db, source="clients")
            exporter.wait_value(2, "sentinel_celery_workers")
            exporter.wait_value(1, "sentinel_celery_unacked", db=0)
        self.everywhere(1, "sentinel_celery_broker_url_conflict", [self.told])
        self.everywhere(0, "sentinel_celery_broker_url_conflict",
                        [self.apart])
        self.everywhere(None, "sentinel_celery_broker_url_conflict",
                        [self.blank])
        mended = self.deployment.broker_url(TRAP).replace(":data-pw@",
                                                          "<secret>@")
        self.assertIn("name different DBs (0, 3)", self.told.log_text())
        self.assertIn(mended, self.told.log_text())
        self.assertNotIn("name different DBs", self.apart.log_text())

    def crash(self):
        old = self.deployment.kill_master()
        self.deployment.wait_for_failover(old)
        old.launch()
        self.lives_in(TRAP)
        # Who read on the old master is nobody's reader here.
        for exporter in (self.told, self.apart, self.blank):
            exporter.wait_scrape(
                lambda s: s.by("db", "sentinel_celery_db_readers").get("0")
                == 0 and s.by("db", "sentinel_celery_db_readers").get(
                    str(TRAP)) == 1, 5, "read in DB %d, not in 0" % TRAP)
        # A fresh process begins at the first URL.
        celery_app.publish(self.trapped, "work", 5)
        self.everywhere(1, STRANDED, queue="work", db=0)
        # What the worker had prefetched before it moved.
        self.everywhere(1, UNACKED_STRANDED, db=0)
        for exporter in (self.told, self.apart, self.blank):
            scrape = exporter.scrape()
            self.assertEqual(scrape.value(STRANDED, queue="work", db=TRAP),
                             0)
            self.assertEqual(scrape.value(UNACKED_STRANDED, db=TRAP), 0)
            self.assertEqual(scrape.value("sentinel_celery_queue_dbs",
                                          queue="work"), 2)
            self.assertEqual(scrape.value("sentinel_celery_db_readers",
                                          db=0), 0)
        self.assertGreaterEqual(self.length("work", 0), 5)
        self.check_sizes(self.agreeing, WELL, "well")

    def orderly_failover(self):
        head = self.told.value(HEAD, queue="well", db=WELL)
        old = self.deployment.failover()
        self.deployment.wait_for_failover(old)
        self.lives_in(0)
        # Back where the tasks had waited, and away from the publisher.
        self.everywhere(0, STRANDED, queue="work", db=0)
        self.everywhere(1, STRANDED, queue="work", db=TRAP)
        self.assertGreater(self.length("work", TRAP), 5)
        # The same message is still next, and has been since before.
        self.assertEqual(self.told.value(HEAD, queue="well", db=WELL), head)

    def never_cried(self, watchers):
        for watcher in watchers:
            self.assertEqual(watcher.values(STRANDED, queue="well"), {0})
            self.assertNotIn(0, watcher.values(LENGTH, queue="well"))
            # During both failovers there was a gap, and never a zero.
            self.assertGreater(watcher.gap(LENGTH, queue="well"), 2)
