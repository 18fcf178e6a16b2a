"""N random real failovers, and what the exporter made of them.

    /usr/bin/python3 -B -m tests.lab.chaos [N] [--seed S] [--restarts]

Each step does something to a deployment with two masters, waits until it is
over, and compares every counter with the truth: what was done, and what the
sentinels' own logs say that they did. With --restarts the exporter, which then
has a state file, is stopped, killed or absent in a third of the steps.
"""

import argparse
import collections
import os
import random
import sys
import time

import redis

from tests.lab import story
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.failover import PERIODS
from tests.lab.process import new_directory
from tests.lab.wait import Timeout, wait_for

NAMES = ("nautobot", "cache")
NOT_YET = (redis.ConnectionError, redis.TimeoutError)


class Wrong(AssertionError):
    """The exporter tells another story."""


class Truth:
    """What has really happened to a master so far."""

    def __init__(self, deployment, name):
        self.deployment = deployment
        self.name = name
        self.kinds = dict.fromkeys(story.KINDS, 0)
        self.reboots = 0
        self.missed = collections.Counter()     # while nobody listened

    def promoted(self):
        """Failovers, by the sentinels' own account."""
        return story.logged(self.deployment.sentinels, "+promoted-slave",
                            self.name)

    def total(self):
        return sum(self.kinds.values())

    def logged(self):
        """Attempts and aborts, by the same."""
        return collections.Counter({
            "attempts": story.attempts(self.deployment, self.name),
            **story.aborts(self.deployment, self.name)})

    def told(self):
        heard = self.logged()
        heard.subtract(self.missed)
        return {**story.expected(), **heard, **self.kinds,
                "reboots": self.reboots}


class Chaos:
    """The deployment, the exporter, and the steps to choose from."""

    def __init__(self, seed, restarts):
        self.random = random.Random(seed)
        self.restarts = restarts
        self.deployment = Deployment(
            replicas=2, master_names=NAMES, down_after_ms=800,
            failover_timeout_ms=3000, periods={
                **PERIODS, "tilt_period": 1000, "info_period": 500,
                "publish_period": 300})
        self.state_file = os.path.join(new_directory("chaos"), "state.json")
        self.exporter = None
        self.truth = {}
        self.steps = {name[5:]: getattr(self, name) for name in dir(self)
                      if name.startswith("step_")}

    def start(self):
        self.deployment.start()
        flags = ["--poll.interval=300ms"]
        if self.restarts:
            flags.append("--state.file=" + self.state_file)
        self.exporter = Exporter.watching(self.deployment, *flags)
        self.exporter.start()
        self.truth = {name: Truth(self.deployment, name) for name in NAMES}
        self.settle()
        return self

    def stop(self):
        if self.exporter is not None:
            self.exporter.stop(2.0)
        self.deployment.stop()

    # What the steps are made of.

    def settle(self):
        """Until nothing is under way any more and everybody is heard."""
        for node in self.deployment.nodes:
            if not node.process.running():
                node.start()
        for name, group in self.deployment.groups.items():
            wait_for(lambda n=name, g=group: self.at_rest(n, g), 60,
                     "%s is at rest" % name, NOT_YET)
        self.deployment.wait_ready(60)
        self.exporter.wait_scrape(
            lambda read: read.values("sentinel_subscription_up") == [1] * 3
            and read.values("sentinel_tilt") == [0] * 3
            and read.values("sentinel_master_up") == [1] * 2, 60,
            "the exporter hears everybody")

    def at_rest(self, name, group):
        master = self.deployment.current_master(name)
        return all((node.role() == "master") == (node is master)
                   for node in group) \
            and {s.master_address(name) for s in self.deployment.sentinels} \
            == {master.address} and not any(
                "failover_in_progress" in s.master(name)["flags"]
                for s in self.deployment.sentinels)

    def wait_switched(self, name, old):
        self.deployment.wait_for_failover(old, 60)
        self.truth[name].kinds[self.kind] += 1

    def set_priority(self, nodes, priority):
        for node in nodes:
            node.call("CONFIG", "SET", "replica-priority", priority)

    def unheard(self, names, action):
        """Run action, and expect none of the attempts and aborts meanwhile:
        nobody listened. What epochs tell is expected all the same."""
        before = {name: self.truth[name].logged() for name in names}
        action()
        for name in names:
            now = self.truth[name].logged()
            now.subtract(before[name])
            self.truth[name].missed.update(now)

    # The steps. Each leaves its name's truth up to date.

    kind = "automatic"

    def step_kill(self, name):
        old = self.deployment.kill_master(name)
        self.wait_switched(name, old)

    def step_pause(self, name):
        old = self.deployment.current_master(name)
        old.pause()
        self.wait_switched(name, old)
        old.resume()

    def step_forced(self, name):
        sentinel = self.random.choice(self.deployment.sentinels)
        self.kind = "forced"
        self.wait_switched(name, self.deployment.failover(name, sentinel))

    def step_aborted(self, name):
        """No replica may be promoted; mended after the first abort."""
        replicas = self.deployment.replicas_of(name)
        addresses = {node.address for node in replicas}
        before = story.aborts(self.deployment, name)
        self.set_priority(replicas, 0)
        wait_for(lambda: all(
            replica["slave-priority"] == "0"
            for sentinel in self.deployment.sentinels
            for replica in sentinel.replicas(name)
            if replica["name"] in addresses), 20, "no good replica")
        old = self.deployment.kill_master(name)
        wait_for(lambda: story.aborts(self.deployment, name) != before, 30,
                 "an attempt is given up")
        self.set_priority(replicas, 100)
        self.wait_switched(name, old)

    def step_reboot(self, name):
        """No failover: the same master, another process."""
        master = self.deployment.current_master(name)
        self.deployment.restart(master)
        self.truth[name].reboots += 1
        self.exporter.wait_scrape(
            lambda read: story.story(read, name)["reboots"]
            == self.truth[name].reboots, 20, "the reboot is noticed")

    def step_sleeping_sentinel(self, name):
        """One sentinel is stopped meanwhile, and tells of it later."""
        sleeper = self.random.choice(self.deployment.sentinels)
        sleeper.pause()
        old = self.deployment.kill_master(name)
        self.wait_switched(name, old)
        self.exporter.wait_value(0, "sentinel_subscription_up", 20,
                                 sentinel=sleeper.address)
        self.unheard(NAMES, lambda: self.wake(sleeper))

    def wake(self, sleeper):
        sleeper.resume()
        self.exporter.wait_value(1, "sentinel_subscription_up", 20,
                                 sentinel=sleeper.address)

    def step_two_masters(self, _name):
        old = {name: self.deployment.kill_master(name) for name in NAMES}
        for name, node in old.items():
            self.wait_switched(name, node)

    def step_forgetful_sentinels(self, name):
        """All sentinels lose their configuration; then a failover."""
        masters = {each: self.deployment.current_master(each)
                   for each in NAMES}
        for sentinel in self.deployment.sentinels:
            sentinel.kill()
        for sentinel in self.deployment.sentinels:
            sentinel.forget(masters)
        self.start_sentinels()
        self.settle()
        self.wait_rounds(5)
        self.step_forced(name)

    def start_sentinels(self):
        """A hello of before may reach them by a replica that is just being
        synced: a peer that does not exist. RESET is the cure."""
        for sentinel in self.deployment.sentinels:
            sentinel.launch()
        for sentinel in self.deployment.sentinels:
            sentinel.wait_answering()
        try:
            self.deployment.wait_ready(8)
        except Timeout:
            for sentinel in self.deployment.sentinels:
                sentinel.sentinel("RESET", "*")
            self.deployment.wait_ready()

    def wait_rounds(self, count):
        metric = "sentinel_exporter_last_poll_timestamp_seconds"
        for _ in range(count):
            last = self.exporter.value(metric)
            self.exporter.wait_value(lambda v, last=last: v > last, metric)

    # The exporter is away for a while; only with a state file.

    def away_failover(self, name):
        """Nobody heard it: unknown."""
        def action():
            self.exporter.process.terminate(2.0)
            self.kind = "unknown"
            self.wait_switched(name, self.deployment.failover(name))
            self.settle_nodes(name)
            self.exporter.start()
        self.unheard(NAMES, action)

    def settle_nodes(self, name):
        group = self.deployment.groups[name]
        wait_for(lambda: self.at_rest(name, group), 60,
                 "%s is at rest" % name, NOT_YET)

    def away_in_the_middle(self, name):
        """Stopped or killed while it happens, and started at once. Of what
        kind it was may have been heard, or not."""
        self.kind = None
        stop = self.random.choice(
            (self.exporter.kill,
             lambda: self.exporter.process.terminate(2.0)))
        after = self.random.choice((
            "+sdown", "+try-failover", "+elected-leader", "+switch-master"))

        def action():
            before = self.count_log(after)
            old = self.deployment.kill_master(name)
            wait_for(lambda: self.count_log(after) > before, 30, after,
                     interval=0.01)
            stop()
            self.exporter.start()
            self.deployment.wait_for_failover(old, 60)
        self.unheard(NAMES, action)

    def count_log(self, channel):
        return sum(s.process.log_text().count(channel)
                   for s in self.deployment.sentinels)

    def away_reboot(self, name):
        self.exporter.process.terminate(2.0)
        master = self.deployment.current_master(name)
        self.deployment.restart(master)
        self.truth[name].reboots += 1
        self.exporter.start()

    # One step, and the comparison after it.

    def total(self):
        return sum(truth.total() for truth in self.truth.values())

    def choose(self):
        away = [name for name in dir(self) if name.startswith("away_")]
        if self.restarts and self.random.random() < 1 / 3:
            chosen = self.random.choice(away)
            return chosen, getattr(self, chosen)
        chosen = self.random.choice(sorted(self.steps))
        return chosen, self.steps[chosen]

    def step(self):
        """One random step; (its name, master name, seconds)."""
        chosen, action = self.choose()
        name = self.random.choice(NAMES)
        begin = time.monotonic()
        self.kind = "automatic"
        promoted = {each: self.truth[each].promoted() for each in NAMES}
        told = {each: self.read()[each] for each in NAMES}
        action(name)
        self.settle()
        self.compare(chosen, promoted, told)
        return chosen, name, time.monotonic() - begin

    def read(self):
        scrape = self.exporter.scrape()
        return {name: story.story(scrape, name) for name in NAMES}

    def compare(self, chosen, promoted, before):
        for name in NAMES:
            truth = self.truth[name]
            happened = truth.promoted() - promoted[name]
            if self.kind is None and happened:
                self.adopt_kinds(name, happened, before[name])
            caused = truth.total() - story.failovers(before[name])
            # The sentinels may do more than they were made to, when the
            # machine is slow; then that is the truth.
            truth.kinds["automatic"] += happened - caused
            try:
                wait_for(lambda n=name: self.same(n), 15, "the same story")
            except Timeout:
                raise Wrong("%s of %s: told %r, true %r" % (
                    chosen, name, self.read()[name],
                    self.truth[name].told())) from None

    def adopt_kinds(self, name, happened, before):
        """Whichever kind it was taken for, as long as it is one failover,
        or more if the sentinels made more."""
        wait_for(lambda: story.failovers(self.read()[name])
                 >= story.failovers(before) + happened, 20, "counted")
        told = self.read()[name]
        self.truth[name].kinds = {kind: told[kind] for kind in story.KINDS}
        # So is what was heard of the attempts.
        heard = self.truth[name].logged()
        for count in ("attempts", *story.REASONS):
            self.truth[name].missed[count] = heard[count] - told[count]

    def same(self, name):
        told = self.read()[name]
        told.pop("durations")           # none for those that were missed
        true = self.truth[name].told()
        true.pop("durations")
        return told == true


def run(failovers, seed, restarts, out=sys.stdout):
    """Go on until so many failovers have happened; returns how many were,
    all of them counted right. Raises Wrong otherwise."""
    print("chaos: %d failovers, seed %d, %s exporter restarts" % (
        failovers, seed, "with" if restarts else "without"), file=out,
        flush=True)
    chaos = Chaos(seed, restarts)
    done = collections.Counter()
    try:
        chaos.start()
        while chaos.total() < failovers:
            chosen, name, seconds = chaos.step()
            done[chosen] += 1
            print("%3d  %-24s %-9s %5.1f s   %d failovers" % (
                sum(done.values()), chosen, name, seconds, chaos.total()),
                file=out, flush=True)
        report(chaos, done, out)
        return chaos.total()
    finally:
        chaos.stop()


def report(chaos, done, out):
    told = chaos.read()
    print("steps: %s" % ", ".join(
        "%s %d" % item for item in sorted(done.items())), file=out)
    for name in NAMES:
        true = chaos.truth[name].told()
        print("%-24s %8s %8s" % (name, "true", "told"), file=out)
        for count in sorted(true):
            if count != "durations":
                print("  %-22s %8d %8d" % (count, true[count],
                                           told[name][count]), file=out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("failovers", type=int, nargs="?", default=30)
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(10 ** 6))
    parser.add_argument("--restarts", action="store_true")
    options = parser.parse_args()
    total = run(options.failovers, options.seed, options.restarts)
    print("chaos: %d failovers, all counted right" % total)


if __name__ == "__main__":
    main()
