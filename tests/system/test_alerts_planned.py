"""A planned rolling update of a real deployment under the rules as they are
shipped, not shortened: nobody is woken."""

from tests.lab import celery_app
from tests.lab.case import LabCase
from tests.lab.celery_worker import CeleryWorker
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.prometheus import Prometheus
from tests.monitoring.promtool import RULES


class PlannedTest(LabCase):
    def setUp(self):
        # Sentinel's own timers: an old master is left alone for 10 seconds.
        self.deployment = self.use(Deployment(down_after_ms=2000))
        self.exporters = [self.use(Exporter(
            "--poll.interval=1s", name="exporter%d" % i,
            env=self.deployment.celery_environment(db=0)))
            for i in range(2)]
        self.use(CeleryWorker(self.deployment, ("work",)))
        celery_app.publish(celery_app.app_for(
            self.deployment, ("work",)), "work", 3)
        self.prometheus = self.use(Prometheus(
            ["127.0.0.1:%d" % exporter.port for exporter in self.exporters],
            rules=[RULES]))
        self.prometheus.wait_query("count(sentinel_master_up) == 2")

    def replace(self, node, sentinel):
        """A pod goes and comes back: both of its processes."""
        node.kill()
        sentinel.kill()
        node.restart()
        sentinel.restart()
        self.deployment.wait_ready()

    def test_nobody_is_woken(self):
        replicas, old = (self.deployment.replicas_of(),
                         self.deployment.current_master())
        sentinels = self.deployment.sentinels
        for node, sentinel in zip(replicas, sentinels):
            self.replace(node, sentinel)
        self.deployment.failover()
        self.deployment.wait_for_failover(old)
        self.replace(old, sentinels[2])
        # Written down once, for both exporters.
        self.prometheus.wait_query(
            'ALERTS{alertname="RedisSentinelFailoverOccurred",'
            'kind="forced",alertstate="firing"}')
        self.assertEqual(self.prometheus.firing(),
                         ["RedisSentinelFailoverOccurred"])
        self.assertEqual(self.prometheus.query(
            "count_over_time(ALERTS{alertstate=\"firing\","
            'severity!="info"}[10m])'), [])
