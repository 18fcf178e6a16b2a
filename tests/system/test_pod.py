"""What the chart's pods would run, run beside a Redis that is laid out as the
charts of Nautobot and Bitnami lay it out."""

import os
import unittest

from tests.deploy.pods import RedisRelease, pod_of
from tests.lab import celery_app, process
from tests.lab.case import LabCase
from tests.lab.prometheus import Prometheus
from tests.monitoring.promtool import RULES

EXAMPLES = os.path.join(process.ROOT, "deploy/helm/examples")


@unittest.skipIf(os.geteuid() != 0, "needs root, for namespaces")
class NautobotTest(LabCase):
    """The switch, and the variables of Nautobot's documentation pasted as
    they are, side by side."""

    def setUp(self):
        self.redis = self.use(RedisRelease(
            "nautobot", "nautobot", "nautobot", "not/a:real@one"))
        self.publish(3)
        self.exporters = [
            self.use(pod_of("%s/%s.yaml" % (EXAMPLES, name), self.redis, name))
            for name in ("nautobot", "nautobot-env")]

    def publish(self, count):
        app = celery_app.make_app(
            "redis://:not%%2Fa%%3Areal%%40one@%s:6379/0"
            % self.redis.master().ip, queues=("default",))
        celery_app.publish(app, "default", count)

    def check_figures(self, exporter, master, waiting):
        exporter.wait_value(3, "sentinel_master_agreeing_sentinels")
        exporter.wait_value(waiting, "sentinel_celery_queue_length",
                            queue="default", db="0")
        exporter.wait_value(2, "sentinel_replicas_promotable")
        found = exporter.scrape()
        self.assertEqual([1, 1, 1], found.values("sentinel_up"))
        self.assertEqual([1, 1, 1], found.values("sentinel_node_up"))
        self.assertEqual([1], found.values("sentinel_master_up"))
        self.assertEqual([1], found.values(
            "sentinel_master_info", master_name="nautobot",
            address=master.host + ":6379"))

    def test_rolling_update_wakes_nobody(self):
        for exporter in self.exporters:
            self.check_figures(exporter, self.redis.pods[0], 3)
        prometheus = self.use(Prometheus(
            ["127.0.0.1:%d" % e.port for e in self.exporters],
            rules=[RULES]))
        prometheus.wait_query("count(sentinel_master_up == 1) == 2")
        self.redis.roll()
        self.publish(2)
        master = self.redis.master()
        self.assertIsNot(master, self.redis.pods[0])
        for exporter in self.exporters:
            self.check_figures(exporter, master, 5)
            exporter.wait_value(1, "sentinel_failovers_total", kind="forced")
            self.assertNotIn("not/a:real", exporter.log_text())
        prometheus.wait_query('ALERTS{alertstate="firing",'
                              'alertname="RedisSentinelFailoverOccurred"}')
        self.assertEqual([], prometheus.query(
            'count_over_time(ALERTS{alertstate="firing",'
            'severity!="info"}[10m])'))
