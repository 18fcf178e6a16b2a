"""What looks like a failover and is none."""

from tests.lab import story
from tests.lab.failover import FailoverCase
from tests.lab.wait import wait_for


class NoFailoverTest(FailoverCase):
    def test_fast_restart(self):
        """kill -9 and back within down-after: the same master, another
        process."""
        self.begin()
        master = self.deployment.current_master()
        old = master.info("server")["run_id"]
        self.deployment.restart(master)
        self.assertNotEqual(master.info("server")["run_id"], old)
        self.wait_story(reboots=1)
        wait_for(lambda: story.logged(self.deployment.sentinels, "+reboot")
                 == 3, 20, "every sentinel noticed")
        self.assertEqual(story.story(self.exporter.scrape()),
                         story.expected(reboots=1))

    def test_monitored_anew(self):
        """SENTINEL REMOVE and MONITOR with an old address: the sentinel then
        learns the right one from its peers and publishes +switch-master like
        a real one."""
        self.begin()
        old = self.deployment.failover()
        new = self.deployment.wait_for_failover(old)
        self.wait_follows(old)
        self.wait_over(new, old)
        sentinel = self.deployment.sentinels[0]
        before = sentinel.process.log_text().count("+switch-master")
        sentinel.sentinel("REMOVE", "nautobot")
        sentinel.sentinel("MONITOR", "nautobot", "127.0.0.1", old.port, 2)
        wait_for(lambda: sentinel.process.log_text().count("+switch-master")
                 > before, 20, "a +switch-master without a failover")
        wait_for(lambda: sentinel.master_address("nautobot") == new.address,
                 10, "it knows the master again")
        self.exporter.wait_scrape(
            lambda read: read.value("sentinel_events_total",
                                    sentinel=sentinel.address,
                                    event="+switch-master") == 2)
        self.exporter.wait_scrape(
            lambda read: read.values("sentinel_master_distinct_addresses")
            == [1])
        self.wait_story(forced=1, durations=1, attempts=1)

    def test_address_changed_by_hand(self):
        """The sentinels are told another master: no epoch, no failover."""
        self.begin()
        old, new = (self.deployment.current_master(),
                    self.deployment.replicas_of()[0])
        for sentinel in self.deployment.sentinels:
            sentinel.sentinel("REMOVE", "nautobot")
        new.call("REPLICAOF", "NO", "ONE")
        for node in self.deployment.nodes:
            if node is not new:
                node.call("REPLICAOF", "127.0.0.1", new.port)
        for sentinel in self.deployment.sentinels:
            sentinel.sentinel("MONITOR", "nautobot", "127.0.0.1", new.port,
                              2)
        self.exporter.wait_scrape(
            lambda read: story.master_of(read) == new.address, 20)
        self.wait_story(address_changes=1)
        self.assertNotEqual(old, new)
