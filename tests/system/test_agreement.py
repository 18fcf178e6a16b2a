"""Do all sentinels see the same master, and the same settings?"""

from tests.lab.case import LabCase
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter
from tests.lab.redis_node import RedisNode
from tests.lab.wait import wait_for

POLL = ("--poll.interval=500ms", "--poll.timeout=400ms")
DRIFT = "sentinel_master_config_drift"
SETTINGS = {"quorum": ("quorum", 3, 2),
            "down_after": ("down-after-milliseconds", 7000, 1000),
            "failover_timeout": ("failover-timeout", 7000, 10000),
            "parallel_syncs": ("parallel-syncs", 2, 1)}


class AgreementTest(LabCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(periods=BRISK))
        cls.exporter = cls.use_for_class(
            Exporter.watching(cls.deployment, *POLL))

    def wait_all_well(self, master_name="nautobot"):
        """Everyone agrees on everything."""
        def well(scrape):
            values = {name: scrape.values(name, master_name=master_name)
                      for name in (
                          "sentinel_master_distinct_addresses",
                          "sentinel_master_agreeing_sentinels",
                          "sentinel_peers_unknown",
                          "sentinel_master_config_epoch")}
            epochs = set(values.pop("sentinel_master_config_epoch"))
            return len(epochs) == 1 and values == {
                "sentinel_master_distinct_addresses": [1],
                "sentinel_master_agreeing_sentinels": [3],
                "sentinel_peers_unknown": [0, 0, 0],
            } and not any(scrape.values(DRIFT, master_name=master_name))
        return self.exporter.wait_scrape(well, 20, "all sentinels agree")

    def wait_drift(self, *settings):
        """Sentinels differ in these settings and in no others."""
        wanted = {name: float(name in settings) for name in (
            *SETTINGS, "known_sentinels", "known_replicas", "known_master")}
        return self.exporter.wait_scrape(
            lambda s: s.by("setting", DRIFT, master_name="nautobot") == wanted,
            10, "drift in %s" % (settings,))

    def test_other_settings(self):
        self.wait_all_well()
        odd = self.deployment.sentinels[1]
        for setting, (option, other, usual) in SETTINGS.items():
            odd.sentinel("SET", "nautobot", option, other)
            self.wait_drift(setting)
            odd.sentinel("SET", "nautobot", option, usual)
            self.wait_all_well()

    def test_other_address(self):
        self.wait_all_well()
        master = self.deployment.current_master()
        wrong = self.deployment.replicas_of()[0]
        odd = self.deployment.sentinels[2]
        self.addCleanup(self.wait_all_well)
        self.addCleanup(self.monitor, odd, master)
        self.monitor(odd, wrong)
        scrape = self.exporter.wait_scrape(
            lambda s: s.values("sentinel_master_distinct_addresses") == [2],
            10, "two masters are named")
        self.assertEqual(
            scrape.value("sentinel_master_agreeing_sentinels"), 2)
        [(info, _)] = scrape.series("sentinel_master_info")
        self.assertEqual(info["address"], master.address)
        [(view, _)] = scrape.series("sentinel_master_view_info",
                                    sentinel=odd.address)
        self.assertEqual(view["address"], wrong.address)
        self.assertEqual(scrape.value("sentinel_failovers_total",
                                      kind="automatic"), 0)

    @staticmethod
    def monitor(sentinel, node, host="127.0.0.1"):
        """Have it watch that node as the master, as the others do."""
        sentinel.sentinel("REMOVE", "nautobot")
        sentinel.sentinel("MONITOR", "nautobot", host, node.port, 2)
        for option, _, usual in SETTINGS.values():
            sentinel.sentinel("SET", "nautobot", option, usual)

    @staticmethod
    def announce(replicas, name):
        """Have the replicas tell their master, anew, who they are."""
        for node in replicas:
            node.call("CONFIG", "SET", "replica-announce-ip", name)
            node.call("CLIENT", "KILL", "TYPE", "master")

    def test_names_and_addresses(self):
        """One sentinel announces names where the others announce addresses:
        still one master, and each node once."""
        self.wait_all_well()
        replicas = self.deployment.replicas_of()
        named = self.deployment.sentinels[0]
        self.announce(replicas, "127.1")
        self.addCleanup(self.wait_all_well)
        self.addCleanup(self.monitor, named, self.deployment.current_master())
        self.addCleanup(named.sentinel, "CONFIG", "SET",
                        "announce-hostnames", "no")
        self.addCleanup(self.announce, replicas, "")
        for option in ("resolve-hostnames", "announce-hostnames"):
            named.sentinel("CONFIG", "SET", option, "yes")
        self.monitor(named, self.deployment.current_master(), "127.1")
        wait_for(lambda: sorted(r["name"] for r in named.replicas("nautobot"))
                 == sorted("127.1:%d" % r.port for r in replicas), 10,
                 "the sentinel names its replicas")
        scrape = self.wait_all_well()
        self.assertEqual(
            {labels["address"]: labels["sentinel"] for labels, _ in
             scrape.series("sentinel_master_view_info")}
            ["127.1:%d" % self.deployment.current_master().port],
            named.address)
        self.assertEqual(sorted(scrape.by("node", "sentinel_node_up")),
                         sorted(n.address for n in self.deployment.nodes))
        self.assertEqual(scrape.value("sentinel_master_reporting_nodes"), 1)
        self.assertEqual(scrape.values("sentinel_replica_promotable"), [1, 1])

    def test_a_master_known_to_some(self):
        other = self.use(RedisNode("other"))
        # Gone before the next test counts nodes.
        self.addCleanup(self.exporter.wait_value, None,
                        "sentinel_node_up", node=other.address)
        self.addCleanup(self.exporter.wait_value, None,
                        "sentinel_master_info", master_name="other")
        for sentinel in self.deployment.sentinels:
            self.addCleanup(sentinel.cli, "SENTINEL", "REMOVE", "other")
        where = {"master_name": "other", "setting": "known_master"}
        for sentinel in self.deployment.sentinels[:2]:
            sentinel.sentinel("MONITOR", "other", "127.0.0.1", other.port, 2)
            self.exporter.wait_value(1, DRIFT, **where)
        self.exporter.wait_value(
            2, "sentinel_master_agreeing_sentinels", master_name="other")
        self.deployment.sentinels[2].sentinel(
            "MONITOR", "other", "127.0.0.1", other.port, 2)
        self.wait_all_well("other")
        self.exporter.wait_value(0, DRIFT, master_name="nautobot",
                                 setting="known_master")

    def test_sentinels_that_do_not_know_one_another(self):
        """After a RESET a sentinel learns of its peers by their hellos, of
        which one says none for a while."""
        self.wait_all_well()
        forgetful, silent = self.deployment.sentinels[:2]
        self.addCleanup(self.wait_all_well)
        self.addCleanup(silent.debug, **BRISK)
        silent.debug(publish_period=60000)
        forgetful.sentinel("RESET", "nautobot")
        self.exporter.wait_scrape(
            lambda s: s.by("sentinel", "sentinel_peers_unknown") == {
                sentinel.address: float(sentinel is forgetful)
                for sentinel in self.deployment.sentinels}
            and s.value(DRIFT, setting="known_sentinels") == 1, 10,
            "one does not know one other")

    def test_reset(self):
        """Replicas that one sentinel has forgotten are there all the same."""
        self.wait_all_well()
        slow = self.deployment.sentinels[0]
        self.addCleanup(slow.debug, **BRISK)
        slow.debug(info_period=4000)
        slow.sentinel("RESET", "nautobot")
        scrape = self.wait_drift("known_replicas")
        self.assertEqual(scrape.values("sentinel_replica_promotable"), [1, 1])
        self.assertEqual(scrape.values("sentinel_node_up"), [1, 1, 1])
        self.wait_all_well()
