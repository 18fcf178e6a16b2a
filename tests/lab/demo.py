"""make demo: a private Sentinel deployment on loopback, watched.

Runs until Ctrl-C, or for DEMO_SECONDS, and leaves nothing behind.
"""

import os
import secrets
import signal
import sys
import time

from tests.lab import celery_app, process
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter, binary

# (queue, DB, {priority: messages})
QUEUES = (("default", 0, {0: 6, 3: 4, 6: 2, 9: 1}), ("high", 0, {0: 3}),
          ("default", 3, {0: 2, 9: 5}), ("bulk", 3, {0: 12}))
TRAP_DB = 3             # the index that only the last broker URL carries
RESTART_SECONDS = 15    # until a node that someone killed is started again
SETTLE_SECONDS = 2      # without a change, before the table is drawn anew


def say(text):
    print(text, flush=True)


def fill_queues(deployment):
    """Publish as Celery does: the trap's URL list ends up in DB 0."""
    for queue, db, messages in QUEUES:
        where = {"last_db": TRAP_DB} if db == 0 else {"db": db}
        app = celery_app.app_for(deployment, (queue,), **where)
        for priority, count in messages.items():
            celery_app.publish(app, queue, count, priority)


def state(metrics, name):
    """What the table shows, flat: {what: value}, in order."""
    get = metrics.get
    found = {"master": next((labels["address"] for labels, _ in metrics.series(
        "sentinel_master_info", master_name=name)), "none")}
    found["master answers"] = "yes" if get(
        "sentinel_master_up", master_name=name) else "no"
    for what, value in (
            ("sentinels up", sum(metrics.values("sentinel_up"))),
            ("sentinels agreeing",
             get("sentinel_master_agreeing_sentinels", master_name=name)),
            ("sentinels that may still be lost",
             get("sentinel_master_failover_headroom", master_name=name)),
            ("failovers",
             sum(metrics.values("sentinel_failovers_total",
                                master_name=name)))):
        if value is not None:
            found[what] = "%g" % value
    for replica, value in metrics.by(
            "replica", "sentinel_replica_link_up", master_name=name).items():
        found["replica %s link" % replica] = "up" if value else "down"
    for labels, value in metrics.series("sentinel_celery_queue_length",
                                        master_name=name):
        found["queue %(queue)s in DB %(db)s" % labels] = "%g" % value
    return found


def changes(before, after):
    for what in dict.fromkeys([*before, *after]):
        old, new = before.get(what, "absent"), after.get(what, "absent")
        if old != new:
            yield "%s  %s: %s -> %s" % (time.strftime("%H:%M:%S"), what, old,
                                        new)


def table(metrics, name, deployment):
    """Lines that show the deployment as the exporter's metrics tell it."""
    pids = {node.address: node.process.pid for node in deployment.nodes}
    now = state(metrics, name)
    yield "%s at %s" % (name, time.strftime("%H:%M:%S"))
    yield "  master    %s  pid %s  %s" % (
        now["master"], pids.get(now["master"], "-"),
        "answers" if now["master answers"] == "yes" else "DOES NOT ANSWER")
    yield "  sentinels %s of %d agree, %s may still be lost, %s failovers" % (
        now.get("sentinels agreeing", "?"),
        len(metrics.values("sentinel_up")),
        now.get("sentinels that may still be lost", "?"),
        now.get("failovers", "?"))
    if metrics.get("sentinel_celery_broker_url_conflict"):
        yield "  broker    the URLs name different DBs: only the first " \
            "counts, until it fails"
    lag = metrics.by("replica", "sentinel_replica_lag_bytes",
                     master_name=name)
    following = metrics.by("replica", "sentinel_replica_next_master",
                           master_name=name)
    for replica, link in sorted(metrics.by(
            "replica", "sentinel_replica_link_up", master_name=name).items()):
        yield "  replica   %s  pid %-7s link %-4s lag %s%s" % (
            replica, pids.get(replica, "-"), "up" if link else "down",
            "%d bytes" % lag[replica] if replica in lag else "unknown",
            "  next master" if following.get(replica) else "")
    for labels, length in metrics.series("sentinel_celery_queue_length",
                                         master_name=name):
        steps = ["%s: %d" % (found["priority"], value) for found, value in
                 metrics.series("sentinel_celery_queue_priority_length",
                                **labels) if value]
        yield "  queue     DB %-2s %-12s %5d%s" % (
            labels["db"], labels["queue"], length,
            "   by priority " + ", ".join(steps) if len(steps) > 1 else "")


def hints(deployment, exporter, variables):
    """How to look at it, and what to try."""
    master, sentinel = deployment.nodes[0], deployment.sentinels[0]
    yield "The exporter was told nothing but"
    for key, value in variables.items():
        yield "  %s='%s'" % (key, value)
    yield "Look"
    yield "  %s/          status page" % exporter.url
    yield "  %s/metrics   metrics" % exporter.url
    yield "Try"
    yield "  kill -9 %d    # the master; it is restarted %d seconds later" % (
        master.process.pid, RESTART_SECONDS)
    yield "  REDISCLI_AUTH=%s redis-cli -p %d SENTINEL FAILOVER %s" % (
        sentinel.password, sentinel.port, deployment.master_name)
    yield "  REDISCLI_AUTH=%s redis-cli -p %d INFO replication" % (
        master.password, master.port)


class Nurse:
    """Starts killed nodes and sentinels again after a while."""

    def __init__(self, deployment):
        self.servers = deployment.nodes + deployment.sentinels
        self.died = {}

    def look(self):
        for server in self.servers:
            if server.process.running():
                continue
            since = self.died.setdefault(server, time.monotonic())
            if time.monotonic() - since > RESTART_SECONDS:
                del self.died[server]
                server.launch()
                say("%s  %s started again, pid %d" % (
                    time.strftime("%H:%M:%S"), server.address,
                    server.process.pid))


def watch(deployment, exporter, deadline):
    """Print every change; the table anew when things have settled."""
    name, nurse = deployment.master_name, Nurse(deployment)
    metrics = exporter.scrape()
    before, changed = state(metrics, name), None
    print("\n".join(table(metrics, name, deployment)), flush=True)
    while time.monotonic() < deadline:
        time.sleep(min(0.5, max(0, deadline - time.monotonic())))
        nurse.look()
        metrics = exporter.scrape()
        after = state(metrics, name)
        for line in changes(before, after):
            say(line)
            changed = time.monotonic()
        before = after
        if changed and time.monotonic() - changed > SETTLE_SECONDS:
            say("\n".join(table(metrics, name, deployment)))
            changed = None


def run(seconds):
    deployment = Deployment(
        password=secrets.token_hex(6), sentinel_password=secrets.token_hex(6),
        down_after_ms=3000)
    say("starting %d redis nodes ..." % len(deployment.nodes))
    deployment.start_nodes()
    say("starting %d sentinels ..." % len(deployment.sentinels))
    deployment.start_sentinels()
    say("filling queues through Celery ...")
    fill_queues(deployment)
    say("starting the exporter ...")
    variables = deployment.celery_environment(last_db=TRAP_DB)
    exporter = Exporter(env=variables).start()
    print("\n".join(hints(deployment, exporter, variables)), flush=True)
    say("Ends at Ctrl-C%s." % (
        " or after %g seconds" % seconds if seconds else ""))
    watch(deployment, exporter, time.monotonic() + seconds if seconds
          else float("inf"))
    exporter.stop()


def main():
    process.scratch("demo")
    process.interrupt_on_signals()
    try:
        seconds = float(os.environ.get("DEMO_SECONDS") or "0")
        if not os.access(binary(), os.X_OK):
            raise RuntimeError("%s is not there: run make" % binary())
        run(seconds)
    except KeyboardInterrupt:
        say("")
    except (AssertionError, OSError, RuntimeError, ValueError) as error:
        say("demo: %s" % error)
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        process.stop_all()
    say("stopped, nothing left running")
    return 0


if __name__ == "__main__":
    sys.exit(main())
