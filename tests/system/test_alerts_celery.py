"""Alerts about Celery, fired in anger: workers stall and die, tasks are
stranded, memory runs out, while a real Prometheus and a real Alertmanager
look on."""

import itertools

from tests.lab import celery_app
from tests.lab.celery_worker import CeleryWorker
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter
from tests.lab.wait import wait_for
from tests.monitoring.anger import AngerCase

LIMIT, SIZE = 40_000_000, 100_000      # bytes: of the broker, of a value
# What panels, or some of their queries, have nothing to show in this test.
EMPTY = {"celery-queues": {
    "Stranded": "nothing delivered was left behind",
    "Shared databases": "no cache in the broker's DBs"}}


class CeleryAlertsTest(AngerCase):
    perhaps = ("CeleryQueueStuck", "CeleryQueueHasNoConsumers",
               "RedisBrokerMemoryNearLimit", "RedisBrokerMayEvictKeys")

    def setUp(self):
        self.deployment = self.use(Deployment(
            periods=BRISK, node_config={"maxmemory": LIMIT}))
        # The trap: the index stands on the last URL only.
        self.exporter = self.use(Exporter(
            "--poll.interval=1s",
            env=self.deployment.celery_environment(last_db=3)))
        self.numbers = itertools.count()
        self.app = celery_app.app_for(self.deployment, ("work",))
        # A minute of patience is a second here. The exporter calls nothing
        # stranded that has not stood still for 15 seconds.
        self.watch([self.exporter], waits=60,
                   longer={"CeleryQueueHasNoConsumers": 20})

    def length(self, db=0):
        return self.deployment.current_master().call("LLEN", "work", db=db)

    def publish(self, count=1, app=None, **options):
        celery_app.publish(app or self.app, "work", count, **options)

    def worker(self, name):
        return self.use(CeleryWorker(self.deployment, ("work",), name=name))

    def wait_drained(self):
        wait_for(lambda: self.length() == 0, 30, "the queue is drained")

    def test_in_anger(self):
        self.urls_disagree()
        busy = self.workers_are_busy_for_too_long()
        self.workers_die(busy)
        self.tasks_are_stranded()
        self.memory_runs_out()
        self.urls_are_mended()
        self.check_told(
            pager=("CeleryQueueNotDraining", "CeleryNoWorkers",
                   "CeleryTasksStranded", "RedisBrokerEvictsKeys"),
            chat=("CeleryBrokerUrlConflict",),
            record=("CeleryQueueInSeveralDatabases",))
        self.check_boards(EMPTY)

    def urls_disagree(self):
        self.wait_told("chat", "CeleryBrokerUrlConflict")

    def workers_are_busy_for_too_long(self):
        """One worker, one long task: the queue stands."""
        worker = self.worker("one")
        self.publish(task="lab.sleepy", args=(3600,))
        self.publish(5)
        self.wait_told("pager", "CeleryQueueNotDraining", queue="work",
                       db="0")
        self.check_muted("CeleryQueueStuck")
        helper = self.worker("two")
        self.wait_drained()
        self.wait_over("CeleryBrokerUrlConflict")
        return worker, helper

    def workers_die(self, workers):
        for worker in workers:
            worker.kill()
        self.wait_told("pager", "CeleryNoWorkers")
        self.publish(3)
        self.worker("three")
        self.wait_drained()
        self.wait_over("CeleryBrokerUrlConflict")

    def tasks_are_stranded(self):
        """Published in the DB in which a failover would leave a producer,
        while the worker reads another."""
        since = len(self.told.told)
        stray = celery_app.app_for(self.deployment, ("work",), db=3)
        self.publish(2, app=stray)
        self.wait_told("pager", "CeleryTasksStranded", queue="work", db="3")
        self.check_muted("CeleryQueueHasNoConsumers", since=since)
        rescue = self.use(CeleryWorker(self.deployment, ("work",), db=3,
                                       name="rescue"))
        wait_for(lambda: self.length(3) == 0, 30, "they are rescued")
        self.wait_over("CeleryBrokerUrlConflict", "CeleryWorkersMissing")
        rescue.stop()
        stray.close()

    def memory_runs_out(self):
        since = len(self.told.told)
        master = self.deployment.current_master()
        # One that spares queues, which have no expiry: so all else stays.
        master.call("CONFIG", "SET", "maxmemory-policy", "volatile-lru")
        muted = {"RedisBrokerMayEvictKeys", "RedisBrokerMemoryNearLimit"}

        def fill():
            """Beyond the limit, again and again, as a cache would."""
            with master.client(db=9) as client:
                for _ in range(LIMIT // SIZE // 10):
                    client.set("filler%d" % next(self.numbers), "x" * SIZE,
                               ex=3600)
        wait_for(lambda: fill() or muted <= set(self.prometheus.firing()),
                 60, self.state, (), 0.5)
        self.wait_told("pager", "RedisBrokerEvictsKeys", node=master.address)
        self.check_muted(*muted, since=since)
        master.call("CONFIG", "SET", "maxmemory-policy", "noeviction")
        master.call("FLUSHDB", db=9)
        self.wait_over("CeleryBrokerUrlConflict", "CeleryWorkersMissing")

    def urls_are_mended(self):
        self.exporter.process.env.update(
            self.deployment.celery_environment(db=0))
        self.exporter.restart()
        self.wait_over("CeleryWorkersMissing")
