"""Sentinels that sleep through a failover, or forget everything."""

from tests.lab import story
from tests.lab.failover import FailoverCase
from tests.lab.wait import wait_for


class SentinelsTest(FailoverCase):
    def test_one_stopped_meanwhile(self):
        """It wakes up later, in TILT, and tells of it as if it were news."""
        self.begin()
        sleeper = self.deployment.sentinels[2]
        for sentinel in self.deployment.sentinels:
            sentinel.debug(tilt_period=2000)
        sleeper.pause()
        old = self.deployment.kill_master()
        new = self.deployment.wait_for_failover(old)
        self.exporter.wait_value(0, "sentinel_subscription_up",
                                 sentinel=sleeper.address)
        sleeper.resume()
        wait_for(lambda: "+switch-master" in sleeper.process.log_text(), 20,
                 "it noticed")
        self.deployment.restart(old)
        self.wait_follows(old)
        self.exporter.wait_value(1, "sentinel_subscription_up",
                                 sentinel=sleeper.address)
        self.exporter.wait_value(0, "sentinel_tilt",
                                 sentinel=sleeper.address)
        read = self.exporter.scrape()
        self.assertEqual(story.master_of(read), new.address)
        told = story.story(read)
        self.assertEqual(
            {kind: told[kind] for kind in story.KINDS},
            {"automatic": 1, "forced": 0, "unknown": 0})
        self.assertEqual(told["durations"], 1)
        self.assertEqual(told["address_changes"], 0)

    def test_restarted_with_empty_configuration(self):
        """Epochs begin anew, as when pods lose their disks; the next failover
        has a lower epoch than the last one."""
        self.begin()
        for number in (1, 2):
            old = self.deployment.failover()
            self.deployment.wait_for_failover(old)
            self.wait_follows(old)
            self.wait_truth(forced=number)
            self.deployment.wait_ready()
        master = self.deployment.current_master()
        for sentinel in self.deployment.sentinels:
            sentinel.kill()
        self.deployment.wait_sentinels_dropped()
        for sentinel in self.deployment.sentinels:
            sentinel.forget({"nautobot": master})
        self.deployment.start_sentinels()
        self.exporter.wait_scrape(
            lambda read: read.values("sentinel_master_config_epoch")
            == [0, 0, 0])
        self.wait_rounds(4)
        self.wait_truth(forced=2)
        self.wait_listening(self.exporter)
        old = self.deployment.failover()
        new = self.deployment.wait_for_failover(old)
        self.exporter.wait_scrape(
            lambda read: story.master_of(read) == new.address)
        self.wait_truth(forced=3)
        self.wait_rounds(4)
        self.assertEqual(
            story.story(self.exporter.scrape()),
            story.expected(**story.truth(self.deployment)))
        # They have new ids, and are still the same three.
        self.assertNotIn("sentinel found", self.exporter.log_text())
        self.assertEqual(
            self.exporter.scrape().by("sentinel", "sentinel_up"),
            {s.address: 1 for s in self.deployment.sentinels})
        for sentinel in self.deployment.sentinels:
            self.exporter.wait_value(1, "sentinel_instance_info",
                                     sentinel=sentinel.address,
                                     id=sentinel.sentinel("MYID"))
