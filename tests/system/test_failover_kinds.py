"""Each kind of real failover: counted once, timed, and told of."""

import time

from tests.lab import story
from tests.lab.failover import DOWN_AFTER, FailoverCase
from tests.lab.wait import SLOWNESS


class KindsTest(FailoverCase):
    def check_phases(self, read, detected):
        phases = story.phases(read)
        names = {"election", "promotion", "reconfiguration"}
        self.assertEqual(set(phases), names | (
            {"detection"} if detected else set()))
        if detected:
            self.assertGreaterEqual(phases["detection"], DOWN_AFTER)
            if story.attempts(self.deployment) == 1:
                self.assertLess(phases["detection"],
                                DOWN_AFTER + 3 * SLOWNESS)
        self.assertLess(phases["election"], 2 * SLOWNESS)
        self.assertLess(phases["promotion"], 4 * SLOWNESS)
        self.assertLess(phases["reconfiguration"], 12 * SLOWNESS)

    def check_line(self, kind, old, new, phases):
        """One line in the log, and none more."""
        line = self.exporter.wait_log(r"level=INFO msg=failover .*")[0]
        if story.truth(self.deployment)["durations"] > 1:
            return              # the machine is starved: it was not alone
        for part in ("master_name=nautobot", "kind=" + kind,
                     "epoch=%d" % self.epoch(),
                     "from=" + old.address, "to=" + new.address):
            self.assertIn(" " + part, line)
        self.assertRegex(line, r" duration=\d+\.\d{3}s")
        self.assertRegex(line, r" outage=\d+\.\d{3}s")
        leader = [s.address for s in self.deployment.sentinels
                  if story.logged([s], "+failover-end")]
        self.assertIn(" leader=" + leader[0], line)
        for name, seconds in phases.items():
            self.assertIn(" %s=%.3fs" % (name, seconds), line)
        self.assertEqual(self.exporter.log_text().count("msg=failover "), 1)

    def outage(self, read):
        return read.value("sentinel_master_write_outage_seconds_total")

    def test_crash(self):
        self.begin()
        self.assertEqual(story.story(self.exporter.scrape()),
                         story.expected())
        before = time.time()
        old = self.deployment.kill_master()
        new = self.new_master(old)
        away = time.time() - before
        self.deployment.restart(old)
        self.wait_over(new, old)
        read = self.wait_story(
            automatic=1, durations=1,
            attempts=story.attempts(self.deployment),
            **story.aborts(self.deployment))
        self.check_phases(read, detected=True)
        self.check_line("automatic", old, new, story.phases(read))
        self.assertLess(self.outage(read), away)
        self.assertGreater(self.outage(read), DOWN_AFTER)
        stamp = read.value("sentinel_failover_last_timestamp_seconds")
        self.assertTrue(before + DOWN_AFTER < stamp < before + away + 1,
                        stamp - before)
        duration = read.value("sentinel_failover_duration_seconds_sum")
        self.assertLess(duration, away)

    def test_forced(self):
        self.begin()
        before = time.time()
        old = self.deployment.failover()
        new = self.new_master(old)
        self.wait_over(new, old)
        read = self.wait_truth(forced=1)
        if story.truth(self.deployment)["automatic"] == 0:
            self.check_phases(read, detected=False)
            self.check_line("forced", old, new, story.phases(read))
            # Both held themselves for masters; nobody was without one.
            self.assertLess(self.outage(read), 1 * SLOWNESS)
        self.assertLess(
            read.value("sentinel_failover_last_timestamp_seconds"),
            time.time())
        self.assertGreater(
            read.value("sentinel_failover_last_timestamp_seconds"), before)

    def test_paused_master(self):
        """Its connections stay open, nobody answers; it comes back as a
        second master for a while."""
        self.begin()
        old = self.deployment.current_master()
        before = time.time()
        self.deployment.pause(old)
        new = self.new_master(old)
        away = time.time() - before
        self.deployment.resume(old)
        self.wait_over(new, old)
        read = self.wait_story(
            automatic=1, durations=1,
            attempts=story.attempts(self.deployment),
            **story.aborts(self.deployment))
        self.check_phases(read, detected=True)
        self.check_line("automatic", old, new, story.phases(read))
        self.assertLess(self.outage(read), away)

    def test_two_masters_at_once(self):
        self.begin(replicas=1, master_names=("nautobot", "cache"))
        old = {name: self.deployment.kill_master(name)
               for name in self.deployment.master_names}
        for name, node in old.items():
            self.deployment.wait_for_failover(node)
            self.deployment.restart(node)
        for name in old:
            self.wait_story(
                master_name=name, automatic=1, durations=1,
                attempts=story.attempts(self.deployment, name),
                **story.aborts(self.deployment, name))
        for name, node in old.items():
            self.wait_follows(node)
            self.assertEqual(story.failovers(
                story.story(self.exporter.scrape(), name)), 1)

    def test_again_and_back(self):
        """Three in a row, each once, the old addresses used again."""
        self.begin(replicas=1)
        for number in range(1, 4):
            old = self.deployment.failover()
            new = self.deployment.wait_for_failover(old)
            self.wait_follows(old)
            self.deployment.wait_ready()
            self.exporter.wait_scrape(
                lambda read, new=new: story.master_of(read) == new.address)
            self.wait_truth(forced=number)
