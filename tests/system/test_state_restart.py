"""What survives a restart of the exporter, and what happened meanwhile."""

import json
import os
import stat

from tests.lab import story
from tests.lab.failover import StateCase
from tests.lab.wait import wait_for


class RestartTest(StateCase):
    def test_counters_go_on(self):
        self.begin()
        new = self.fail_over()
        self.wait_over(new)
        read = self.wait_story(forced=1, durations=1, attempts=1)
        seconds = read.value("sentinel_failover_duration_seconds_sum")
        phases = story.phases(read)
        stamp = read.value("sentinel_failover_last_timestamp_seconds")
        self.wait_kept(epoch=1, failovers_forced=1)
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)
        self.exporter.restart()
        self.wait_listening(self.exporter)
        self.wait_quiet(forced=1, durations=1, attempts=1)
        read = self.exporter.scrape()
        self.assertEqual(
            read.value("sentinel_failover_duration_seconds_sum"), seconds)
        self.assertEqual(story.phases(read), phases)
        self.assertEqual(
            read.value("sentinel_failover_last_timestamp_seconds"), stamp)
        events = json.loads(self.exporter.get("/api/v1/events").body)
        self.assertEqual([f["epoch"] for f in events["failovers"]], [1])
        # Told by the first process, and not again by the second.
        self.assertEqual(self.exporter.log_text().count("msg=failover "), 1)

    def test_failover_meanwhile(self):
        """Nobody heard it: counted once, as unknown; not again later."""
        self.begin()
        self.exporter.process.terminate(1.0)
        new = self.fail_over()
        self.exporter.start()
        self.wait_listening(self.exporter)
        self.wait_quiet(unknown=1)
        self.assertEqual(story.master_of(self.exporter.scrape()),
                         new.address)
        self.exporter.restart()
        self.wait_listening(self.exporter)
        self.wait_quiet(unknown=1)

    def test_two_failovers_meanwhile_there_and_back(self):
        """A to B to A: nothing shows but an epoch that moved."""
        self.begin()
        self.set_priorities(self.deployment.replicas_of()[1:], 0)
        first = self.deployment.current_master()
        self.exporter.process.terminate(1.0)
        self.fail_over()
        self.assertIs(self.fail_over(), first)
        self.exporter.start()
        self.wait_listening(self.exporter)
        self.wait_quiet()
        self.wait_kept(epoch=2, epoch_moves=1)

    def test_killed_before_anything_happened(self):
        """The master it saw is kept from the first round on."""
        self.begin()
        self.wait_kept(epoch=0, master=self.deployment.current_master()
                       .address)
        self.exporter.kill()
        self.fail_over()
        self.exporter.start()
        self.wait_listening(self.exporter)
        self.wait_quiet(unknown=1)

    def test_killed_in_the_middle(self):
        self.begin()
        self.wait_kept(epoch=0)
        old = self.deployment.kill_master()
        wait_for(lambda: story.attempts(self.deployment), 20, "an attempt")
        self.exporter.kill()
        self.exporter.start()
        new = self.deployment.wait_for_failover(old)
        self.deployment.restart(old)
        self.wait_follows(old)
        self.exporter.wait_scrape(
            lambda read: story.master_of(read) == new.address)
        self.wait_rounds(4)
        self.assertEqual(
            story.failovers(story.story(self.exporter.scrape())), 1)

    def test_reboot_meanwhile(self):
        self.begin()
        self.exporter.process.terminate(1.0)
        self.deployment.restart(self.deployment.current_master())
        self.exporter.start()
        self.wait_listening(self.exporter)
        self.wait_quiet(reboots=1)

    def test_outage_goes_on(self):
        """Its first part is not forgotten."""
        self.begin()
        self.deployment.pause(self.deployment.sentinels[1])
        self.deployment.pause(self.deployment.sentinels[2])
        self.deployment.kill_master()
        self.exporter.wait_value(lambda v: v > 1,
                                 "sentinel_master_write_outage_seconds_total")
        self.exporter.process.terminate(1.0)
        self.assertGreater(self.kept()["outage_ms"], 1000)
