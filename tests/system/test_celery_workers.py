"""Workers, by their heartbeats; and who reads in which DB."""

import base64
import json

from tests.lab import celery_app
from tests.lab.celery_case import POLL, CeleryCase
from tests.lab.celery_worker import CeleryWorker
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.wait import wait_for

WORKERS = "sentinel_celery_workers"
READERS = "sentinel_celery_db_readers"


def event(name, frequency=2.0):
    """A worker's event as kombu wraps it."""
    body = base64.b64encode(json.dumps(
        {"hostname": name, "freq": frequency}).encode()).decode()
    return json.dumps({"body": body, "content-type": "application/json",
                       "properties": {"body_encoding": "base64"}})


class WorkersTest(CeleryCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            replicas=0, sentinels=1, quorum=1))
        cls.exporter = cls.watching("exact")
        cls.bound = cls.watching("bound", "--no-celery.clients")

    @classmethod
    def watching(cls, name, *flags):
        return cls.use_for_class(Exporter(
            *POLL, *flags, name="exporter-" + name,
            env=cls.deployment.celery_environment(db=4)))

    def readers(self, exact, bound):
        for exporter, source, count in ((self.exporter, "clients", exact),
                                        (self.bound, "pidbox", bound)):
            exporter.wait_scrape(
                lambda s, of=source, n=count: s.series(READERS, db=4) == [
                    ({"master_name": "nautobot", "db": "4", "source": of},
                     n)], 40, "%s: %d" % (source, count))

    def workers(self, count, timeout=20):
        self.exporter.wait_value(count, WORKERS, timeout)

    def test_life(self):
        self.workers(0)
        self.readers(0, 0)
        one, two = (self.use(CeleryWorker(
            self.deployment, ("work",), db=4, name=name))
            for name in ("one", "two"))
        self.workers(2)
        self.readers(2, 2)
        self.silent(one)
        self.subscription_lost()
        two.stop()
        # It said good-bye, and took its binding along.
        self.workers(1, 5)
        self.readers(1, 1)
        one.kill()
        self.workers(0)
        # The binding stays: an upper bound.
        self.readers(0, 1)

    def silent(self, worker):
        """Three periods of silence; its connections are still there."""
        worker.pause()
        self.workers(1)
        self.readers(2, 2)
        worker.resume()
        self.workers(2)

    def subscription_lost(self):
        """Ours and theirs: nobody is taken for dead on that account."""
        seen = []
        self.deployment.nodes[0].call("CLIENT", "KILL", "TYPE", "pubsub")

        def back():
            found = self.exporter.scrape().get(WORKERS)
            seen.append(found)
            return len(seen) > 20 and found == 2
        wait_for(back, 20, "two workers again", (), 0.1)
        self.assertNotIn(0, seen)


class ChannelsTest(CeleryCase):
    """What no worker here can do: other versions of kombu, other periods,
    other applications."""

    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            replicas=0, sentinels=1, quorum=1))
        cls.master = cls.deployment.nodes[0]
        cls.exporter = cls.use_for_class(Exporter.watching(
            cls.deployment, *POLL, "--celery.db=0"))
        cls.prefixed = cls.use_for_class(Exporter.watching(
            cls.deployment, *POLL, "--celery.db=0",
            '--celery.transport-options={"global_keyprefix": "nb:"}',
            name="exporter-prefixed"))

    def say(self, channel, payload):
        return self.master.call("PUBLISH", channel, payload)

    def test_channels(self):
        for exporter in (self.exporter, self.prefixed):
            exporter.wait_value(0, WORKERS, 15)
        for number, channel in enumerate((
                "/{db}.celeryev/worker.heartbeat",
                "/0.celeryev/worker.heartbeat",
                "/15.celeryev/worker.online",
                "celeryev/worker.heartbeat")):
            self.say(channel, event("w%d@h" % number, 60))
        self.say("nb:/5.celeryev/worker.heartbeat", event("nb@h", 60))
        for noise in ("not JSON", "[]", event(""), "x" * 100000):
            self.say("/0.celeryev/worker.heartbeat", noise)
        self.say("/0.celeryev/task.multi", event("task@h", 60))
        self.exporter.wait_value(4, WORKERS)
        self.prefixed.wait_value(1, WORKERS)
        wait_for(lambda: self.errors("protocol") == 4, 5, "4 errors")
        # Quick ones are missed sooner: 3 s after their last word, 1 s after
        # a farewell.
        for name in ("quick@h", "polite@h"):
            self.say("/0.celeryev/worker.heartbeat", event(name, 1))
        self.exporter.wait_value(6, WORKERS, 3)
        self.say("/0.celeryev/worker.offline", event("polite@h", 1))
        self.exporter.wait_value(5, WORKERS, 3)
        self.exporter.wait_value(4, WORKERS, 5)

    def test_silent_master(self):
        """Nobody can be heard: absent, not 0; and the same after that."""
        self.exporter.wait_value(lambda v: v >= 0, WORKERS, 15)
        count = self.exporter.value(WORKERS) + 1
        self.say("/0.celeryev/worker.heartbeat", event("stays@h", 60))
        self.exporter.wait_value(count, WORKERS)
        self.master.pause()
        self.addCleanup(self.master.resume)
        self.exporter.wait_value(None, WORKERS)
        self.master.resume()
        self.exporter.wait_value(count, WORKERS)


class ManyClientsTest(CeleryCase):
    def test_not_asked_among_many(self):
        """With a thousand clients the list is not asked for at all."""
        deployment = self.deployment = self.use(Deployment(
            replicas=0, sentinels=1, quorum=1,
            node_config={"maxclients": 3000}))
        self.use(CeleryWorker(deployment, ("work",), db=4))
        master = deployment.nodes[0]
        clients = [master.client() for _ in range(1000)]
        self.addCleanup(lambda: [client.connection_pool.disconnect()
                                 for client in clients])
        for client in clients:
            client.ping()
        self.exporter = self.use(Exporter(
            *POLL, env=deployment.celery_environment(db=4)))
        self.exporter.wait_scrape(lambda s: s.by(
            "source", READERS, db=4) == {"pidbox": 1})
        self.assertNotIn("client|list", " ".join(
            master.info("commandstats")))
        for client in clients[:100]:
            client.connection_pool.disconnect()
        self.exporter.wait_scrape(lambda s: s.by(
            "source", READERS, db=4) == {"clients": 1}, 40)
        # Seldom: not with every poll, when nothing hangs on it.
        stats = master.info("commandstats")
        self.assertLessEqual(stats["cmdstat_client|list"]["calls"], 3)
