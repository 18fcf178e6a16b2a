"""kill -9 at N random moments, with a state file, while failovers happen.

    /usr/bin/python3 -B -m tests.lab.kill_chaos [N] [--seed S]

Every third life of the exporter or so, a failover is forced. After each kill
the exporter must start from what it finds on the disk; at the end every
failover that the sentinels' own logs tell of must be counted, once.
"""

import argparse
import os
import random
import sys
import time

from tests.lab import story
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter, check_sanitizers
from tests.lab.failover import PERIODS
from tests.lab.process import new_directory
from tests.lab.wait import Timeout, wait_for

NAME = "nautobot"


class Wrong(AssertionError):
    """The exporter tells another story."""


def told(exporter):
    return story.failovers(story.story(exporter.scrape(), NAME))


def true(deployment):
    return story.logged(deployment.sentinels, "+promoted-slave", NAME)


def start_again(exporter):
    exporter.start()
    text = exporter.log_text()
    check_sanitizers(text)
    for complaint in ("state file is damaged", "--state.file"):
        if complaint in text:
            raise Wrong("%s\n%s" % (complaint, exporter.process.log_tail()))


def run(kills, seed, out=sys.stdout):
    """Returns how many failovers there were."""
    print("kill chaos: %d kills, seed %d" % (kills, seed), file=out,
          flush=True)
    chance = random.Random(seed)
    deployment = Deployment(
        replicas=2, down_after_ms=800, failover_timeout_ms=3000,
        periods={**PERIODS, "info_period": 500, "publish_period": 300})
    path = os.path.join(new_directory("kill"), "state.json")
    exporter = None
    try:
        deployment.start()
        exporter = Exporter.watching(
            deployment, "--poll.interval=300ms", "--state.file=" + path)
        exporter.start()
        for number in range(kills):
            old = None
            if chance.random() < 0.3:
                old = deployment.failover()
            time.sleep(chance.uniform(0, 0.8))  # the moment, by chance
            exporter.kill()
            start_again(exporter)
            if old is not None:
                deployment.wait_for_failover(old)
                deployment.wait_ready()
            if number % 20 == 19:
                print("%4d kills, %d failovers, %d told" % (
                    number + 1, true(deployment), told(exporter)), file=out,
                    flush=True)
        try:
            wait_for(lambda: told(exporter) == true(deployment), 20,
                     "the same story")
        except Timeout:
            raise Wrong("told %d, true %d" % (
                told(exporter), true(deployment))) from None
        return true(deployment)
    finally:
        if exporter is not None:
            exporter.stop(2.0)
        deployment.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=200)
    parser.add_argument("--seed", type=int,
                        default=random.SystemRandom().randrange(10 ** 6))
    options = parser.parse_args()
    total = run(options.kills, options.seed)
    print("kill chaos: %d kills, %d failovers, each counted once" % (
        options.kills, total))


if __name__ == "__main__":
    main()
