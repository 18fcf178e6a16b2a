"""Beside a real Django that caches by django-redis' SentinelClient and a real
Celery, both by the documented nautobot_config.py: the exporter takes the same
variables, or the very URL that the settings come to."""

import json

from tests.lab import nautobot, process
from tests.lab.celery_case import POLL, CeleryCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter, run

CONFLICT = "sentinel_celery_broker_url_conflict"
SHARED = "sentinel_celery_db_shared"
BOUND = "sentinel_celery_queue_bound"


class NautobotTest(CeleryCase):
    @classmethod
    def setUpClass(cls):
        # One password for both, as the chart has it.
        cls.deployment = cls.use_for_class(Deployment(
            replicas=1, password="same-pw", sentinel_password="same-pw"))

    def start(self, **environment):
        self.exporter = self.use(Exporter(
            "--nautobot", *POLL, env=environment))

    def worker(self, env):
        worker = process.Process(
            "nautobot-worker",
            ["/usr/bin/python3", "-m", "celery", "-A", "tests.lab.nautobot",
             "worker", "--concurrency=1", "--loglevel=INFO"], env=env)
        self.addCleanup(worker.kill)
        worker.start().wait_log(r"celery@\S+ ready\.", 30)
        return worker

    def test_cache_and_broker_in_one_db(self):
        """The documented cache DB is 0; with the broker there as well, a
        flush of the cache takes the queues with it."""
        env = nautobot.django_environment(self.deployment, 0)
        self.start(**nautobot.environment(self.deployment, 0))
        nautobot.run(env, "publish", 3)
        self.wait_length(3, "default")
        self.exporter.wait_value(0, SHARED, db=0)
        self.assertTrue(nautobot.run(env, "fill", 5))
        self.exporter.wait_value(1, SHARED, db=0)
        self.exporter.wait_value(5, "sentinel_db_expiring_keys", db=0)
        nautobot.run(env, "clear")
        self.wait_length(0, "default")
        self.exporter.wait_value(0, BOUND, queue="default", db=0)
        self.exporter.wait_value(0, SHARED, db=0)

    def test_index_on_every_url(self):
        """A cache of many keys beside the broker's own DB."""
        env = nautobot.django_environment(self.deployment, 2)
        url = nautobot.run(env, "url")
        self.assertEqual(url.count("/2"), 3)
        nautobot.run(env, "fill", 50)
        nautobot.run(env, "publish", 4)
        self.start(**nautobot.environment(self.deployment, 2))
        # --nautobot cannot know on which of the URLs the index stands.
        self.exporter.wait_value(1, CONFLICT)
        self.wait_length(4, "default", 2)
        self.exporter.wait_value(0, SHARED, db=2)
        self.exporter.wait_value(50, "sentinel_db_keys", db=0)
        self.worker(env)
        self.wait_length(0, "default", 2, 20)
        self.exporter.wait_value(1, "sentinel_celery_workers")
        self.exporter.wait_value(1, "sentinel_celery_db_readers", 40, db=2,
                                 source="clients")
        # Results in the broker's DB are no strangers.
        self.exporter.wait_value(4, "sentinel_db_expiring_keys", db=2)
        self.exporter.wait_value(0, SHARED, db=2)

    def verbatim(self, index, **keywords):
        """The exporter on the very URL that the settings come to."""
        env = nautobot.django_environment(self.deployment, index, **keywords)
        options = json.dumps({"master_name": "nautobot", "sentinel_kwargs": {
            "password": self.deployment.password}})
        self.exporter = self.use(Exporter(*POLL, env={
            "CELERY_BROKER_URL": nautobot.run(env, "url"),
            "CELERY_BROKER_TRANSPORT_OPTIONS": options}))
        return env

    def test_verbatim_url(self):
        env = self.verbatim(4)
        self.exporter.wait_value(0, CONFLICT)
        nautobot.run(env, "publish", 2)
        self.wait_length(2, "default", 4)
        self.assertNotIn("same-pw", self.exporter.log_text())

    def test_verbatim_url_with_the_trap(self):
        env = self.verbatim(5, index_on_the_last=True)
        self.exporter.wait_value(1, CONFLICT)
        nautobot.run(env, "publish", 2)
        self.wait_length(2, "default", 0)
        self.exporter.wait_value(0, "sentinel_celery_unacked", db=5)
        self.assertIn("name different DBs (0, 5)", self.exporter.log_text())
        self.assertNotIn("same-pw", self.exporter.log_text())

    def test_index_not_set(self):
        """".../None": the exporter says so, and looks where kombu begins."""
        env = nautobot.django_environment(self.deployment,
                                          index_on_the_last=True)
        self.assertTrue(nautobot.run(env, "url").endswith("/None"))
        checked = run("--nautobot", "--config.check",
                      env=nautobot.environment(self.deployment))
        self.assertIn("\n  db: [0]\n", checked.stdout)
        self.start(**nautobot.environment(self.deployment))
        self.exporter.wait_value(0, "sentinel_celery_unacked", db=0)
        self.assertIn("/None", self.exporter.log_text())
