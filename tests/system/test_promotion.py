"""Who would be the next master? Each answer is held against Sentinel's own,
which is had by SENTINEL FAILOVER or by killing the master."""

from tests.lab.case import LabCase
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter

POLL = ("--poll.interval=500ms", "--poll.timeout=400ms")
PROMOTABLE = "sentinel_replica_promotable"
NEXT = "sentinel_replica_next_master"


class PromotionCase(LabCase):
    down_after_ms = 1000

    def setUp(self):
        self.deployment = self.use(Deployment(
            password="pw", periods=BRISK, down_after_ms=self.down_after_ms,
            failover_timeout_ms=3000))
        self.exporter = self.use(Exporter.watching(self.deployment, *POLL))
        self.master = self.deployment.current_master()
        self.first, self.second = self.deployment.replicas_of()
        self.wait_promotable(self.first, self.second)

    def wait_promotable(self, *nodes):
        """Until these replicas, and no others, could be promoted."""
        wanted = {n.address: float(n in nodes)
                  for n in (self.first, self.second)}
        self.exporter.wait_scrape(
            lambda s: s.by("replica", PROMOTABLE) == wanted
            and s.value("sentinel_replicas_promotable") == len(nodes),
            15, "promotable: %r" % (nodes,))

    def wait_next(self, node):
        """Until that replica is marked, if the master dies and whichever
        sentinel is told to fail over; node None: none is."""
        def look(scrape):
            marked = {labels["replica"]: 0 for labels, _ in
                      scrape.series("sentinel_replica_priority")}
            if node is not None:
                marked[node.address] = 1
            return scrape.by("replica", NEXT) == marked and all(
                scrape.by("replica", "sentinel_replica_forced_next_master",
                          sentinel=s.address) == marked
                for s in self.deployment.sentinels)
        self.exporter.wait_scrape(look, 10, "next is %r" % node)

    def set_priority(self, node, priority):
        node.call("CONFIG", "SET", "replica-priority", priority)

    def ask_failover(self):
        return self.deployment.sentinels[0].cli(
            "SENTINEL", "FAILOVER", "nautobot")

    def check_failover(self, to):
        """Sentinel, asked, promotes that one."""
        self.assertEqual(self.ask_failover(), "OK")
        self.assertIs(self.deployment.wait_for_failover(
            self.deployment.current_master()), to)


class RuleTest(PromotionCase):
    def test_priorities(self):
        self.set_priority(self.first, 10)
        self.wait_next(self.first)
        self.set_priority(self.second, 9)
        self.wait_next(self.second)
        self.set_priority(self.second, 0)
        self.wait_promotable(self.first)
        self.wait_next(self.first)
        self.set_priority(self.first, 0)
        self.wait_promotable()
        self.wait_next(None)
        self.assertEqual(self.exporter.values(
            "sentinel_promotion_data_loss_bytes"), [])
        self.assertRegex(self.ask_failover(), "NOGOODSLAVE")
        self.set_priority(self.second, 1000)
        self.wait_promotable(self.second)
        self.wait_next(self.second)
        self.check_failover(self.second)

    def test_held_for_down(self):
        self.set_priority(self.first, 1)
        self.wait_next(self.first)
        self.first.pause()
        self.wait_promotable(self.second)
        self.wait_next(self.second)
        self.assertEqual(self.exporter.value(
            "sentinel_replica_sdown", replica=self.first.address), 1)
        self.deployment.kill_master()
        self.assertIs(self.deployment.wait_for_failover(self.master),
                      self.second)
        self.first.resume()

    def test_an_old_master_is_a_candidate(self):
        """Sentinel asks nobody whether it is a replica: an old master that
        came back and cannot be converted is promoted if there is none
        better."""
        self.master.call("ACL", "SETUSER", "default", "-slaveof",
                         "-replicaof")
        old = self.deployment.failover()
        new = self.deployment.wait_for_failover(old)
        self.assertEqual(old.role(), "master")
        rest = next(n for n in self.deployment.nodes if n not in (old, new))
        self.exporter.wait_value(1, PROMOTABLE, replica=old.address)
        self.exporter.wait_value(0, NEXT, replica=old.address)
        self.set_priority(rest, 0)
        self.wait_next(old)
        self.check_failover(old)


class LinkTest(PromotionCase):
    down_after_ms = 500

    def test_link_down_for_long(self):
        """It counts until its link has been down ten times down-after."""
        self.set_priority(self.second, 0)
        self.wait_next(self.first)
        self.first.call("CONFIG", "SET", "masterauth", "wrong")
        self.first.call("CLIENT", "KILL", "TYPE", "master")
        self.exporter.wait_value(0, "sentinel_replica_link_up",
                                 replica=self.first.address)
        self.assertEqual(self.exporter.value(
            PROMOTABLE, replica=self.first.address), 1)
        self.wait_promotable()
        self.assertGreaterEqual(self.exporter.value(
            "sentinel_replica_link_down_seconds",
            replica=self.first.address), 5)
        self.wait_next(None)
        self.assertRegex(self.ask_failover(), "NOGOODSLAVE")
        self.first.call("CONFIG", "SET", "masterauth", "pw")
        self.wait_promotable(self.first)
        self.wait_next(self.first)
        self.check_failover(self.first)


class NotYetDownTest(PromotionCase):
    """What leaves a replica out long before it is held for down."""

    down_after_ms = 60000

    def check_left_out(self):
        self.wait_promotable(self.second)
        self.wait_next(self.second)
        self.assertEqual(self.exporter.value(
            "sentinel_replica_sdown", replica=self.first.address), 0)
        self.check_failover(self.second)

    def test_disconnected(self):
        self.set_priority(self.first, 1)
        self.wait_next(self.first)
        self.first.kill()
        self.wait_promotable(self.second)
        [dead] = [r for r in self.deployment.sentinels[0].replicas("nautobot")
                  if r["name"] == self.first.address]
        self.assertLess(int(dead["last-ok-ping-reply"]), 5000)
        self.check_left_out()

    def test_silent_for_five_seconds(self):
        self.set_priority(self.first, 1)
        self.wait_next(self.first)
        self.first.pause()
        self.check_left_out()
        self.first.resume()
