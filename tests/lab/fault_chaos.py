"""N random schedules of network faults during real failovers.

    /usr/bin/python3 -B -m tests.lab.fault_chaos [N] [--seed S]

The exporter reaches each sentinel through a proxy of its own (fault_proxy). A
schedule chooses a way to make the master fail, and what each proxy does before,
during and after it. When all proxies are clean again, the exporter must have
counted every failover that the sentinels' own logs tell of, once; attempts that
it could not hear may be missing, but none may be made up.
"""

import argparse
import random
import sys
import time

import redis

from tests.lab import story
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.failover import PERIODS
from tests.lab.fault_proxy import FaultProxy
from tests.lab.wait import SLOWNESS, Timeout, wait_for

NAME = "nautobot"
NOT_YET = (redis.ConnectionError, redis.TimeoutError)


class Wrong(AssertionError):
    """The exporter tells another story."""


class FaultChaos:
    """The deployment, the proxies, the exporter and the schedules."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.deployment = Deployment(
            replicas=2, down_after_ms=800, failover_timeout_ms=3000,
            periods={**PERIODS, "info_period": 500, "publish_period": 300})
        self.proxies = []
        self.exporter = None

    def start(self):
        self.deployment.start()
        for sentinel in self.deployment.sentinels:
            self.proxies.append(FaultProxy(
                sentinel.address, self.random.randrange(10 ** 9)).start())
        self.exporter = Exporter(
            *("--sentinel.addr=" + proxy.address for proxy in self.proxies),
            "--poll.interval=300ms",
            env=self.deployment.exporter_environment())
        self.exporter.start()
        self.settle()
        return self

    def stop(self):
        if self.exporter is not None:
            self.exporter.stop(2.0)
        for proxy in self.proxies:
            proxy.stop()
        self.deployment.stop()

    def at_rest(self):
        master = self.deployment.current_master()
        return all((node.role() == "master") == (node is master)
                   for node in self.deployment.nodes) \
            and {s.master_address(NAME) for s in self.deployment.sentinels} \
            == {master.address} and not any(
                "failover_in_progress" in s.master(NAME)["flags"]
                for s in self.deployment.sentinels)

    def settle(self):
        """Nothing fails any more, and everybody is heard again."""
        for proxy in self.proxies:
            proxy.set("clean")
        for node in self.deployment.nodes:
            if not node.process.running():
                node.start()
        wait_for(self.at_rest, 60, "all is at rest", NOT_YET)
        self.deployment.wait_ready(60)
        self.exporter.wait_scrape(
            lambda read: read.values("sentinel_up") == [1] * 3
            and read.values("sentinel_subscription_up") == [1] * 3
            and read.values("sentinel_master_up") == [1]
            and story.master_of(read)
            == self.deployment.current_master().address, 60,
            "the exporter hears everybody")

    def make_trouble(self):
        """Each proxy its own; at least now and then one stays clean."""
        chosen = []
        for proxy in self.proxies:
            kind = self.random.choice(("clean",) + FaultProxy.KINDS)
            if self.random.random() < 0.3:
                proxy.cut()
            proxy.set(kind)
            chosen.append(kind)
        return chosen

    def pause(self, most):
        """The proxies' time, not a wait for anything."""
        time.sleep(self.random.uniform(0, most))

    def schedule(self):
        """One failover amid faults; what was done, in words."""
        how = self.random.choice(("kill", "pause", "forced"))
        done = [how]
        done.append(self.make_trouble())
        self.pause(1.0)
        old = self.begin(how)
        while not self.switched(old):
            done.append(self.make_trouble())
            self.pause(1.5)
        done.append(self.make_trouble())
        self.pause(1.0)
        if how == "pause":
            old.resume()
        return done

    def begin(self, how):
        if how == "kill":
            return self.deployment.kill_master()
        if how == "forced":
            return self.deployment.failover()
        old = self.deployment.current_master()
        old.pause()
        return old

    def switched(self, old):
        try:
            self.deployment.wait_for_failover(old, 0.2 / SLOWNESS)
            return True
        except Timeout:
            return False

    def true(self):
        return {"failovers": story.logged(self.deployment.sentinels,
                                          "+promoted-slave", NAME),
                "attempts": story.attempts(self.deployment, NAME)}

    def told(self):
        told = story.story(self.exporter.scrape(), NAME)
        return {"failovers": story.failovers(told),
                "attempts": told["attempts"]}

    def right(self):
        true, told = self.true(), self.told()
        return (told["failovers"] == true["failovers"]
                and told["attempts"] <= true["attempts"])

    def step(self):
        before = self.told()["failovers"]
        happened = -self.true()["failovers"]
        done = self.schedule()
        self.settle()
        happened += self.true()["failovers"]
        try:
            wait_for(self.right, 15, "the same story")
        except Timeout:
            raise Wrong("%r: true %r, told %r (%d before, %d happened)" % (
                done, self.true(), self.told(), before, happened)) from None
        return done, happened


def run(schedules, seed, out=sys.stdout):
    """Returns how many failovers there were, all counted right."""
    print("fault chaos: %d schedules, seed %d" % (schedules, seed), file=out,
          flush=True)
    chaos = FaultChaos(seed)
    total = 0
    try:
        chaos.start()
        for number in range(1, schedules + 1):
            begin = time.monotonic()
            done, happened = chaos.step()
            total += happened
            print("%3d  %-7s %5.1f s  %d failovers  %s" % (
                number, done[0], time.monotonic() - begin, total,
                " | ".join(",".join(kinds) for kinds in done[1:])),
                file=out, flush=True)
        print("true %r, told %r; %d connections, %d faults" % (
            chaos.true(), chaos.told(),
            sum(p.counts["connections"] for p in chaos.proxies),
            sum(p.counts["faults"] for p in chaos.proxies)), file=out)
        return total
    finally:
        chaos.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schedules", type=int, nargs="?", default=30)
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(10 ** 6))
    options = parser.parse_args()
    total = run(options.schedules, options.seed)
    print("fault chaos: %d failovers, all counted once" % total)


if __name__ == "__main__":
    main()
