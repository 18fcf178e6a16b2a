"""Could the sentinels fail over now, and if one more of them died?"""

import time

from tests.lab.case import LabCase
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter
from tests.lab.redis_node import NOT_YET
from tests.lab.wait import wait_for

POLL = ("--poll.interval=500ms", "--poll.timeout=400ms")
HEADROOM = "sentinel_master_failover_headroom"


class QuorumCase(LabCase):
    def watch(self, **options):
        self.deployment = self.use(Deployment(
            periods={**BRISK, "tilt_period": 4000}, failover_timeout_ms=2000,
            **options))
        self.exporter = self.use(Exporter.watching(self.deployment, *POLL))

    def wait_state(self, headroom, **checks):
        """Until the headroom is that, and every sentinel that answers gives
        these answers to CKQUORUM."""
        wanted = {"sentinel_master_" + name: value
                  for name, value in checks.items()}

        def look(scrape):
            up = {labels["sentinel"] for labels, value
                  in scrape.series("sentinel_up") if value}
            return scrape.values(HEADROOM) == [headroom] and all(
                scrape.get(name, sentinel=s) == value
                for name, value in wanted.items() for s in up)
        return self.exporter.wait_scrape(
            look, 15, "headroom %d, %r" % (headroom, wanted))

    def fails_over(self, old):
        try:
            self.deployment.wait_for_failover(old, 5)
        except AssertionError:
            return False
        return True


class LossTest(QuorumCase):
    def test_one_by_one(self):
        self.watch()
        first, second, third = self.deployment.sentinels
        self.wait_state(1, usable_sentinels=3, quorum_ok=1, majority_ok=1)
        first.kill()
        self.wait_state(0, usable_sentinels=2, quorum_ok=1, majority_ok=1)
        # At 0 it still works ...
        old = self.deployment.kill_master()
        self.assertTrue(self.fails_over(old))
        old.restart()
        wait_for(lambda: old.role() == "slave", 20, "it follows", NOT_YET)
        second.kill()
        self.wait_state(-1, usable_sentinels=1, quorum_ok=0, majority_ok=0)
        # ... below 0 it does not, until a sentinel returns.
        old = self.deployment.kill_master()
        self.assertFalse(self.fails_over(old))
        second.restart()
        self.deployment.wait_for_failover(old)
        self.wait_state(0, usable_sentinels=2, quorum_ok=1, majority_ok=1)
        first.restart()
        self.wait_state(1, usable_sentinels=3, quorum_ok=1, majority_ok=1)
        self.assertTrue(third.process.running())

    def test_stopped_not_dead(self):
        """Two sentinels that hang: the kernel still takes connections."""
        self.watch()
        self.wait_state(1, usable_sentinels=3)
        stopped = self.deployment.sentinels[:2]
        for sentinel in stopped:
            sentinel.pause()
            self.addCleanup(sentinel.resume)
        self.wait_state(-1, usable_sentinels=1, quorum_ok=0, majority_ok=0)


class QuorumOrMajorityTest(QuorumCase):
    """Each of the two can be missing alone."""

    def set_quorum(self, value):
        for sentinel in self.deployment.sentinels:
            if sentinel.process.running():
                sentinel.sentinel("SET", "nautobot", "quorum", value)

    def test_each_alone(self):
        self.watch()
        self.set_quorum(3)
        self.wait_state(0, quorum_ok=1, majority_ok=1)
        self.deployment.sentinels[0].kill()
        self.wait_state(-1, quorum_ok=0, majority_ok=1)
        self.set_quorum(1)
        self.wait_state(0, quorum_ok=1, majority_ok=1)
        self.deployment.sentinels[1].kill()
        self.wait_state(-1, quorum_ok=1, majority_ok=0)


class DeadPeersTest(QuorumCase):
    def test_the_dead_raise_the_majority(self):
        self.watch(sentinels=5)
        self.wait_state(2, usable_sentinels=5, known_sentinels=5)
        for sentinel in self.deployment.sentinels[3:]:
            sentinel.kill()
        self.wait_state(0, usable_sentinels=3, known_sentinels=5)
        for sentinel in self.deployment.sentinels[:3]:
            sentinel.sentinel("RESET", "nautobot")
        self.wait_state(1, usable_sentinels=3, known_sentinels=3)


class TiltTest(QuorumCase):
    def test_a_sentinel_in_tilt_has_no_voice(self):
        self.watch()
        self.wait_state(1)
        tilted = self.deployment.sentinels[0]
        tilted.pause()
        begin = time.monotonic()
        wait_for(lambda: time.monotonic() - begin > 2.5, 5, "TILT's limit")
        tilted.resume()
        # It votes, but does not say that a master is down.
        self.exporter.wait_scrape(
            lambda s: s.get("sentinel_tilt", sentinel=tilted.address) == 1
            and s.values("sentinel_master_agreeing_sentinels") == [2]
            and s.values("sentinel_master_usable_sentinels") == [3, 3, 3]
            and s.values(HEADROOM) == [0],
            4, "one in TILT, two agree, all usable, none to lose")
        self.exporter.wait_value(0, "sentinel_tilt", 10,
                                 sentinel=tilted.address)
        self.wait_state(1)
        self.exporter.wait_value(3, "sentinel_master_agreeing_sentinels")
