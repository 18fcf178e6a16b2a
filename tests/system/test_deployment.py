"""A whole deployment: every figure against what redis-cli says, and what stays
true when parts of it die."""

import time

import redis

from tests.lab import celery_app
from tests.lab.case import LabCase
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter
from tests.lab.redis_node import version_of
from tests.lab.wait import wait_for

POLL = ("--poll.interval=500ms", "--poll.timeout=400ms")
SEP = "\x06\x16"


def labels_of(scrape, name, label):
    return {labels[label] for labels, _ in scrape.series(name)}


class FiguresTest(LabCase):
    """Nothing moves here: exporter and redis-cli must tell the same."""

    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            password="data-pw", sentinel_password="sentinel-pw"))
        master = cls.deployment.current_master()
        master.call("SET", "k", "v", db=2)
        master.call("SET", "k", "v", "EX", "1000", db=2, )
        app = celery_app.app_for(cls.deployment)
        for priority in (0, 1, 4, 9):
            celery_app.publish(app, "celery", 1, priority)
        # One address is enough: all else is found from there.
        cls.exporter = cls.use_for_class(Exporter(
            "--sentinel.addr=" + cls.deployment.sentinels[0].address, *POLL,
            "--celery.queue=empty",
            env=cls.deployment.exporter_environment()))

    def scrape(self):
        return self.exporter.wait_scrape(
            lambda s: s.values("sentinel_up") == [1, 1, 1]
            and s.values("sentinel_node_up") == [1, 1, 1]
            and s.values("sentinel_master_up") == [1])

    def test_sentinels(self):
        scrape = self.scrape()
        for sentinel in self.deployment.sentinels:
            me = {"sentinel": sentinel.address}
            told = sentinel.master("nautobot")
            info = sentinel.info()
            for name, value in {
                    "sentinel_tilt": 0,
                    "sentinel_scripts_running": 0,
                    "sentinel_scripts_queue_length": 0,
                    "sentinel_master_quorum": told["quorum"],
                    "sentinel_master_config_epoch": told["config-epoch"],
                    "sentinel_master_known_sentinels":
                        int(told["num-other-sentinels"]) + 1,
                    "sentinel_master_known_replicas": told["num-slaves"],
                    "sentinel_master_down_after_seconds":
                        int(told["down-after-milliseconds"]) / 1000,
                    "sentinel_master_failover_timeout_seconds":
                        int(told["failover-timeout"]) / 1000,
                    "sentinel_master_parallel_syncs": told["parallel-syncs"],
                    "sentinel_master_usable_sentinels": 3,
                    "sentinel_master_quorum_ok": 1,
                    "sentinel_master_majority_ok": 1,
                    "sentinel_master_sdown": 0,
                    "sentinel_master_odown": 0,
                    "sentinel_master_failover_in_progress": 0}.items():
                self.assertEqual(scrape.value(name, **me), float(value), name)
            self.assertLess(
                scrape.value("sentinel_master_last_ok_ping_seconds", **me), 3)
            [(own, _)] = scrape.series("sentinel_instance_info", **me)
            self.assertEqual(own["version"], version_of(info))
            self.assertEqual(own["id"],
                             sentinel.sentinel("MYID"))
            self.assertAlmostEqual(
                scrape.value("sentinel_start_time_seconds", **me),
                time.time() - int(info["uptime_in_seconds"]), delta=3)

    def test_one_master(self):
        scrape = self.scrape()
        master = self.deployment.current_master()
        [(info, _)] = scrape.series("sentinel_master_info")
        self.assertEqual(info, {
            "master_name": "nautobot", "address": master.address,
            "run_id": master.info("server")["run_id"],
            "version": version_of(master.info("server"))})
        for name, value in {
                "sentinel_master_distinct_addresses": 1,
                "sentinel_master_agreeing_sentinels": 3,
                "sentinel_master_reporting_nodes": 1,
                "sentinel_master_failover_headroom": 1}.items():
            self.assertEqual(scrape.values(name), [value], name)
        self.assertEqual(labels_of(scrape, "sentinel_master_view_info",
                                   "address"), {master.address})
        keyspace = master.info("keyspace")
        for db, told in keyspace.items():
            self.assertEqual(scrape.value("sentinel_db_keys", db=db[2:]),
                             told["keys"])
        self.assertEqual(scrape.value("sentinel_db_expiring_keys", db="2"), 1)

    def test_nodes(self):
        scrape = self.scrape()
        master = self.deployment.current_master()
        for node in self.deployment.nodes:
            me = {"node": node.address}
            info = node.info()
            for name, value in {
                    "sentinel_node_role_master": node is master,
                    "sentinel_node_loading": 0,
                    "sentinel_node_rejected_connections_total":
                        info["rejected_connections"],
                    "sentinel_node_memory_max_bytes": info["maxmemory"],
                    "sentinel_node_evicted_keys_total":
                        info["evicted_keys"]}.items():
                self.assertEqual(scrape.value(name, **me), float(value), name)
            self.assertAlmostEqual(
                scrape.value("sentinel_node_memory_used_bytes", **me),
                info["used_memory"], delta=2 << 20)
            self.assertAlmostEqual(
                scrape.value("sentinel_node_connected_clients", **me),
                info["connected_clients"], delta=3)
            self.assertEqual(scrape.value(
                "sentinel_node_maxmemory_policy_info",
                policy=info["maxmemory_policy"], **me), 1)
            self.assertEqual(scrape.value(
                "sentinel_node_persistence_ok", kind="rdb", **me), 1)

    def test_replicas(self):
        scrape = self.scrape()
        replicas = self.deployment.replicas_of()
        self.assertEqual(labels_of(scrape, "sentinel_replica_link_up",
                                   "replica"), {r.address for r in replicas})
        for node in replicas:
            me = {"replica": node.address}
            for name, value in {
                    "sentinel_replica_link_up": 1,
                    "sentinel_replica_link_down_seconds": 0,
                    "sentinel_replica_sync_in_progress": 0,
                    "sentinel_replica_sdown": 0,
                    "sentinel_replica_priority": 100}.items():
                self.assertEqual(scrape.value(name, **me), value, name)
            self.assertLess(
                scrape.value("sentinel_replica_ack_age_seconds", **me), 3)
            self.assertLess(
                scrape.value("sentinel_replica_lag_bytes", **me), 4096)

    def test_queues(self):
        scrape = self.scrape()
        master = self.deployment.current_master()
        total = 0
        for priority, suffix in (("0", ""), ("3", SEP + "3"),
                                 ("6", SEP + "6"), ("9", SEP + "9")):
            length = master.call("LLEN", "celery" + suffix)
            total += length
            self.assertEqual(scrape.value(
                "sentinel_celery_queue_priority_length", db="0",
                queue="celery", priority=priority), length)
        self.assertEqual(total, 4)
        self.assertEqual(scrape.value(
            "sentinel_celery_queue_length", db="0", queue="celery"), total)
        self.assertEqual(scrape.value(
            "sentinel_celery_queue_bound", db="0", queue="celery"), 1)
        self.assertEqual(scrape.value(
            "sentinel_celery_queue_dbs", queue="celery"), 1)
        self.assertEqual(scrape.value("sentinel_celery_unacked", db="0"), 0)
        self.assertEqual(scrape.value(
            "sentinel_celery_queue_length", db="0", queue="empty"), 0)


class LossesTest(LabCase):
    """What the figures say while parts of the deployment are dead."""

    def setUp(self):
        # A machine that is busy with other tests must not look like a dead
        # master to Sentinel.
        self.deployment = self.use(Deployment(
            password="data-pw", sentinel_password="sentinel-pw",
            down_after_ms=3000, periods=BRISK))
        self.exporter = self.use(Exporter.watching(self.deployment, *POLL))

    def test_kill_the_master(self):
        app = celery_app.app_for(self.deployment)
        celery_app.publish(app, "celery", 7)
        self.exporter.wait_value(
            7, "sentinel_celery_queue_length", queue="celery")
        self.deployment.current_master().call("WAIT", "2", "1000")
        old = self.deployment.kill_master()
        self.exporter.wait_value(0, "sentinel_master_up", timeout=2)
        # A gap, never a zero.
        self.assertEqual(
            self.exporter.values("sentinel_celery_queue_length"), [])
        new = self.deployment.wait_for_failover(old)
        scrape = self.exporter.wait_scrape(
            lambda s: s.values("sentinel_master_up") == [1]
            and s.values("sentinel_celery_queue_length") == [7])
        [(info, _)] = scrape.series("sentinel_master_info")
        self.assertEqual(info["address"], new.address)
        self.exporter.wait_scrape(lambda s: sum(
            s.values("sentinel_failovers_total")) == 1)
        self.assertEqual(self.exporter.values(
            "sentinel_node_up", node=old.address), [0])
        self.deployment.restart(old)
        self.exporter.wait_value(1, "sentinel_replica_link_up", timeout=30,
                                 replica=old.address)
        self.assertEqual(sum(self.exporter.values(
            "sentinel_failovers_total")), 1)

    def test_stopped_sentinels(self):
        first, second, _ = self.deployment.sentinels
        self.deployment.pause(first)
        self.exporter.wait_value(0, "sentinel_up", sentinel=first.address)
        self.exporter.wait_value(0, "sentinel_subscription_up",
                                 sentinel=first.address)
        self.exporter.wait_value(2, "sentinel_master_agreeing_sentinels")
        self.exporter.wait_value(0, "sentinel_master_failover_headroom")
        self.deployment.pause(second)
        self.exporter.wait_value(1, "sentinel_master_agreeing_sentinels")
        self.exporter.wait_value(-1, "sentinel_master_failover_headroom")
        scrape = self.exporter.wait_scrape(
            lambda s: s.values("sentinel_master_majority_ok") == [0])
        self.assertEqual(scrape.values("sentinel_master_up"), [1])
        # Old views are not shown as if they were today's.
        self.assertEqual(scrape.values("sentinel_tilt",
                                       sentinel=second.address), [])
        for sentinel in (first, second):
            self.deployment.resume(sentinel)
        self.exporter.wait_scrape(
            lambda s: s.values("sentinel_up") == [1, 1, 1])

    def test_nodes_come_and_go(self):
        node = self.deployment.replicas_of()[0]
        self.deployment.nodes.remove(node)
        node.stop()
        self.exporter.wait_value(0, "sentinel_node_up", node=node.address)
        for sentinel in self.deployment.sentinels:
            sentinel.sentinel("RESET", "nautobot")
        self.exporter.wait_value(None, "sentinel_node_up", timeout=20,
                                 node=node.address)

    def test_scrapes_while_every_redis_is_stopped(self):
        def median_of_scrapes():
            times = []
            for _ in range(15):
                begun = time.monotonic()
                self.exporter.scrape()
                times.append(time.monotonic() - begun)
            return sorted(times)[7]
        before = median_of_scrapes()
        everyone = self.deployment.nodes + self.deployment.sentinels
        for server in everyone:
            self.deployment.pause(server)
        try:
            self.exporter.wait_scrape(
                lambda s: s.values("sentinel_up") == [0, 0, 0])
            stopped = median_of_scrapes()
        finally:
            for server in everyone:
                self.deployment.resume(server)
        self.assertLess(stopped, before * 5 + 0.05)
        self.exporter.wait_value(1, "sentinel_master_up", timeout=30)


class IndexOnTheLastUrlTest(LabCase):
    """The whole configuration is the application's own broker URL, whose index
    stands on its last part only: kombu starts in DB 0."""

    def test_tasks_are_found_where_kombu_put_them(self):
        deployment = self.use(Deployment(
            password="p@ss", sentinel_password="other"))
        app = celery_app.app_for(deployment, last_db=3)
        celery_app.publish(app, "jobs", 4)
        exporter = self.use(Exporter(
            *POLL, env=deployment.celery_environment(last_db=3)))
        exporter.wait_value(4, "sentinel_celery_queue_length",
                            db="0", queue="jobs")
        scrape = exporter.scrape()
        self.assertEqual(scrape.values(
            "sentinel_celery_broker_url_conflict"), [1])
        self.assertEqual(scrape.values("sentinel_celery_unacked", db="3"), [0])
        self.assertNotIn("p@ss", exporter.log_text())
        self.assertNotIn("p%40ss", exporter.log_text())
