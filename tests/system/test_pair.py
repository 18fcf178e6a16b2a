"""Two exporters on one deployment under the rules as they are shipped: they
count once, and one is enough."""

from tests.lab.case import LabCase
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter
from tests.lab.prometheus import Prometheus
from tests.lab.wait import wait_for
from tests.monitoring.promtool import RULES

LOUD = ('ALERTS{alertstate="firing",severity!="info",'
        'alertname!~"RedisSentinelExporter.*"}')
AGREED = ("count(count by (address) "
          "(sentinel_master_info{job=\"sentinel-exporter\"}))")


class PairTest(LabCase):
    def setUp(self):
        self.deployment = self.use(Deployment(periods=BRISK))
        # One is slow to notice, so for a moment they disagree.
        self.quick, self.slow = (self.use(Exporter.watching(
            self.deployment, "--poll.interval=" + interval,
            name="exporter-" + interval)) for interval in ("1s", "6s"))
        self.prometheus = self.use(Prometheus(
            ["127.0.0.1:%d" % e.port for e in (self.quick, self.slow)],
            rules=[RULES]))
        self.prometheus.wait_query("count(sentinel_master_up == 1) == 2")

    def fail_over(self):
        old = self.deployment.failover()
        return self.deployment.wait_for_failover(old).address

    def wait_for_master(self, address, exporters):
        self.prometheus.wait_query(
            'count(sentinel_master_info{address="%s"}) == %d' % (
                address, exporters), 30)

    def occurred(self):
        return [labels for labels, _ in self.prometheus.query(
            'ALERTS{alertname="RedisSentinelFailoverOccurred",'
            'alertstate="firing"}')]

    def test_both_count_one_failover_and_disagree_in_silence(self):
        self.wait_for_master(self.fail_over(), 2)
        self.prometheus.wait_query(
            "count(sentinel_failovers_total{kind=\"forced\"} == 1) == 2", 30)
        wait_for(self.occurred, 30, "the failover is written down")
        self.assertEqual(1, len(self.occurred()))
        self.prometheus.wait_query(AGREED + " == 1", 30)
        self.assertEqual([], self.prometheus.query(
            "count_over_time(%s[10m])" % LOUD))

    def test_one_dies_and_the_other_is_enough(self):
        self.slow.kill()
        self.prometheus.wait_query('count(up{job="sentinel-exporter"} == 0)'
                                   " == 1", 30)
        self.wait_for_master(self.fail_over(), 1)
        wait_for(self.occurred, 30, "the failover is written down")
        self.assertEqual(1, len(self.occurred()))
        # What was recorded without the label of the exporter goes on.
        self.prometheus.wait_query(
            "count(job_master_name_sentinel:sentinel_master_can_fail_over:max"
            " == 1) == 3", 30)
        self.assertEqual([], self.prometheus.query(
            "count_over_time(%s[10m])" % LOUD))
