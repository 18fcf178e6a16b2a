"""The event stream: who is heard, and what is done when one is not."""

import time

from tests.lab import story
from tests.lab.exporter import Exporter
from tests.lab.failover import FailoverCase, PERIODS
from tests.lab.deployment import Deployment
from tests.lab.wait import SLOWNESS, wait_for

TIMEOUT = 0.8


class StreamTest(FailoverCase):
    def up(self, sentinel):
        return self.exporter.value("sentinel_subscription_up",
                                   sentinel=sentinel.address)

    def events(self, sentinel, channel):
        return self.exporter.scrape().get(
            "sentinel_events_total", 0, sentinel=sentinel.address,
            event=channel)

    def test_stopped_sentinel(self):
        """Its socket stays open; nothing says that nobody listens."""
        # The next round is far away: only the stream's own PINGs can tell.
        self.begin("--poll.interval=30s", "--poll.timeout=800ms")
        sentinel = self.deployment.sentinels[1]
        sentinel.pause()
        begin = time.monotonic()
        wait_for(lambda: self.up(sentinel) == 0, 10, "it is noticed",
                 interval=0.02)
        self.assertLess(time.monotonic() - begin, TIMEOUT + 0.3 * SLOWNESS)
        self.exporter.wait_value(0, "sentinel_up", sentinel=sentinel.address)
        sentinel.resume()
        self.exporter.wait_value(1, "sentinel_subscription_up",
                                 sentinel=sentinel.address)

    def test_cut_connection(self):
        self.begin()
        sentinel = self.deployment.sentinels[0]
        sentinel.call("CLIENT", "KILL", "TYPE", "pubsub")
        self.wait_listening(self.exporter)
        before = self.events(sentinel, "+set")
        sentinel.sentinel("SET", "nautobot", "parallel-syncs", 2)
        self.exporter.wait_value(before + 1, "sentinel_events_total",
                                 sentinel=sentinel.address, event="+set")

    def test_restarted_sentinel(self):
        self.begin()
        sentinel = self.deployment.sentinels[0]
        sentinel.kill()
        self.exporter.wait_value(0, "sentinel_subscription_up",
                                 sentinel=sentinel.address)
        sentinel.start()
        self.wait_listening(self.exporter)
        sentinel.sentinel("SET", "nautobot", "parallel-syncs", 2)
        self.exporter.wait_value(1, "sentinel_events_total",
                                 sentinel=sentinel.address, event="+set")
        self.assertEqual(story.story(self.exporter.scrape()),
                         story.expected())


class RightsTest(FailoverCase):
    """A user who may not listen to everything."""

    def begin_with(self, *channels):
        self.deployment = self.use(Deployment(
            down_after_ms=1000, periods=PERIODS, password="data-pw",
            sentinel_password="sentinel-pw"))
        self.allow(*channels)
        self.exporter = self.use(Exporter.watching(
            self.deployment, "--poll.interval=1s", acl_user=True))

    def allow(self, *channels):
        for sentinel in self.deployment.sentinels:
            sentinel.call("ACL", "SETUSER", "exporter", "resetchannels",
                          *channels)

    def fail_over(self):
        old = self.deployment.failover()
        new = self.deployment.wait_for_failover(old)
        self.exporter.wait_scrape(
            lambda read: story.master_of(read) == new.address)
        return new

    def test_single_channels(self):
        """PSUBSCRIBE wants the pattern itself in the rules; SUBSCRIBE does
        not."""
        self.begin_with("&+*", "&-*")
        self.wait_listening(self.exporter)
        self.assertNotIn("denied", self.exporter.log_text())
        self.wait_over(self.fail_over())
        self.wait_story(forced=1, durations=1, attempts=1)

    def test_a_few_channels(self):
        self.begin_with("&+switch-master")
        self.wait_listening(self.exporter)
        self.exporter.wait_log("some events are denied")
        self.fail_over()
        told = self.exporter.wait_scrape(
            lambda read: story.failovers(story.story(read)) == 1)
        self.assertEqual(story.story(told)["attempts"], 0)
        self.assertGreater(told.value(
            "sentinel_exporter_source_errors_total", reason="noperm",
            source=self.deployment.sentinels[0].address), 0)

    def test_none_until_granted(self):
        """Polls count what the stream does not tell."""
        self.begin_with()
        self.exporter.wait_log("msg=.events are denied")
        self.assertEqual(
            self.exporter.values("sentinel_subscription_up"), [0, 0, 0])
        self.fail_over()
        told = self.exporter.wait_scrape(
            lambda read: story.failovers(story.story(read)) == 1)
        self.assertEqual(story.story(told)["attempts"], 0)
        self.assertEqual(
            told.values("sentinel_subscription_up"), [0, 0, 0])
        self.assertEqual(
            self.exporter.log_text().count("events are denied"), 3)
        self.allow("allchannels")
        self.wait_listening(self.exporter)
        self.assertEqual(
            story.failovers(story.story(self.exporter.scrape())), 1)
