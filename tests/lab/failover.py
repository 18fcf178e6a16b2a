"""The base of the tests of failovers."""

import json
import os

import redis

from tests.lab import story
from tests.lab.case import LabCase
from tests.lab.deployment import BRISK, Deployment
from tests.lab.exporter import Exporter
from tests.lab.process import new_directory
from tests.lab.wait import wait_for

POLL = ("--poll.interval=500ms",)
DOWN_AFTER = 1.0
# By default Sentinel pings once a second, so that one late answer after a
# switch would be a second failover with a down-after that is no longer. A
# replica is good while its INFO is no older than five times that period.
PERIODS = {**BRISK, "ping_period": 400, "info_period": 500}


class FailoverCase(LabCase):
    def begin(self, *flags, failover_timeout_ms=5000, **deployment):
        # A slow machine may need another attempt, twice that later.
        self.deployment = self.use(Deployment(
            down_after_ms=int(DOWN_AFTER * 1000), periods=PERIODS,
            failover_timeout_ms=failover_timeout_ms, **deployment))
        self.exporter = self.use(Exporter.watching(
            self.deployment, *POLL, *flags))
        self.wait_listening(self.exporter)

    def wait_listening(self, exporter):
        count = len(self.deployment.sentinels)
        exporter.wait_scrape(
            lambda read: read.values("sentinel_subscription_up")
            == [1] * count and read.values("sentinel_master_up")
            == [1] * len(self.deployment.master_names))

    def wait_story(self, timeout=15.0, master_name="nautobot", **counts):
        """Until that happened and nothing else; then it must stay so."""
        want = story.expected(**counts)
        return self.exporter.wait_scrape(
            lambda read: story.story(read, master_name) == want, timeout,
            "wanted %r" % {k: v for k, v in counts.items() if v})

    def wait_truth(self, **least):
        """Until the whole story is told that the sentinels' logs tell, in
        which at least so much happened."""
        def done(read):
            truth = story.truth(self.deployment)
            return all(truth[name] >= count
                       for name, count in least.items()) \
                and story.story(read) == story.expected(**truth)
        return self.exporter.wait_scrape(
            done, 15.0, lambda: "wanted %r" % story.truth(self.deployment))

    def wait_follows(self, node):
        """Until a node that was master has been made a replica."""
        wait_for(lambda: node.role() == "slave", 30,
                 "%s follows" % node, redis.ConnectionError)

    def wait_over(self, new, old=None):
        """Until the leader has ended it too, and old (a node that runs) has
        been made a replica."""
        self.exporter.wait_scrape(
            lambda read: "reconfiguration" in story.phases(read)
            and story.master_of(read) == new.address
            and read.values("sentinel_master_up") == [1], 40,
            "the whole failover is told")
        if old is not None:
            self.wait_follows(old)
        self.assertGreaterEqual(
            story.logged(self.deployment.sentinels, "+failover-end"), 1)

    def set_priorities(self, replicas, priority):
        """0: never to be promoted. Returns once every sentinel knows."""
        addresses = [node.address for node in replicas]
        for node in replicas:
            node.call("CONFIG", "SET", "replica-priority", priority)
        wait_for(lambda: all(
            replica["slave-priority"] == str(priority)
            for sentinel in self.deployment.sentinels
            for replica in sentinel.replicas("nautobot")
            if replica["name"] in addresses), 15, "the sentinels know of it")

    def wait_rounds(self, count):
        """Let so many poll rounds begin and end."""
        name = "sentinel_exporter_last_poll_timestamp_seconds"
        for _ in range(count):
            last = self.exporter.value(name)
            self.exporter.wait_value(lambda v, last=last: v > last, name)

    def epoch(self):
        """That of the master's configuration: not 1 when an attempt before
        it was in vain."""
        return max(int(s.master("nautobot")["config-epoch"])
                   for s in self.deployment.sentinels)

    def new_master(self, old):
        """Once the exporter says so, and not when the sentinels do."""
        self.exporter.wait_scrape(
            lambda read: story.master_of(read) not in (None, old.address)
            and read.values("sentinel_master_up") == [1], 40,
            "another master")
        return self.deployment.node_at(
            story.master_of(self.exporter.scrape()))


class StateCase(FailoverCase):
    """With a state file."""

    def begin(self, *flags):
        self.directory = new_directory("state")
        self.file = os.path.join(self.directory, "state.json")
        super().begin("--state.file=" + self.file, *flags)

    def kept(self):
        """The file's only master; it must be whole whenever it is read."""
        with open(self.file, encoding="utf-8") as text:
            document = json.load(text)
        self.assertEqual(document["version"], 1)
        master, = document["masters"]
        return master

    def wait_kept(self, **members):
        wait_for(lambda: os.path.exists(self.file) and members.items()
                 <= self.kept().items(), 10, "%r is kept" % members)

    def fail_over(self):
        old = self.deployment.failover()
        new = self.deployment.wait_for_failover(old)
        self.wait_follows(old)
        self.deployment.wait_ready()
        return new

    def wait_quiet(self, **counts):
        """That happened, and no round tells of more."""
        self.wait_story(**counts)
        self.wait_rounds(4)
        self.assertEqual(story.story(self.exporter.scrape()),
                         story.expected(**counts))
