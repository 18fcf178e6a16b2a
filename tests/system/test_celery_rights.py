"""The least rights on a data node, one taken away at a time: exactly its own
figures go, and the refusal is counted."""

from tests.lab import celery_app, exporter as lab_exporter
from tests.lab.celery_case import POLL, CeleryCase
from tests.lab.celery_worker import CeleryWorker
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.exposition import Exposition
from tests.lab.wait import wait_for

COMMANDS = ("ping select info role client|setname llen lindex hlen zcount "
            "zrange scard smembers scan client|list psubscribe").split()
KEYS = "%R~jobs* %R~unacked* %R~_kombu.binding.*".split()
CHANNEL = "&/*.celeryev/*"

LENGTHS = {"queue_length", "queue_priority_length"}
HEAD = "queue_head_seen_timestamp_seconds"
BINDINGS = {"queue_bound", "queue_dbs"}
UNACKED = {"unacked", "unacked_stranded"}
OLDEST, OVERDUE = "unacked_oldest_timestamp_seconds", "unacked_overdue"
READERS = "db_readers"
EVERYTHING = (LENGTHS | BINDINGS | UNACKED
              | {HEAD, OLDEST, OVERDUE, READERS, "db_shared", "stranded"})

# What goes with each right.  Who reads is then told by the pidbox; and a
# queue's verdict needs its length.
LOSSES = {
    "ping": set(), "client|setname": set(), "psubscribe": set(),
    "select": EVERYTHING, "info": EVERYTHING, "role": EVERYTHING,
    "llen": LENGTHS | {HEAD, "stranded"},
    "lindex": {HEAD},
    "hlen": UNACKED,
    "zcount": {OVERDUE},
    "zrange": {OLDEST},
    "scard": BINDINGS,
    "smembers": BINDINGS,
    "scan": {"db_shared"},
    "client|list": set(),
    "%R~jobs*": LENGTHS | {HEAD, "stranded"},
    "%R~unacked*": UNACKED | {OLDEST, OVERDUE},
    "%R~_kombu.binding.*": BINDINGS,
}
# Asked for without needing the answer: a refusal is not counted.
SILENT = {"ping", "client|setname"}


class RightsTest(CeleryCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            replicas=0, sentinels=1, quorum=1, password="data-pw",
            sentinel_password="sentinel-pw"))
        cls.master = cls.deployment.nodes[0]
        cls.app = celery_app.app_for(cls.deployment, ("jobs",), 0)
        worker = CeleryWorker(cls.deployment, ("jobs",), db=0)
        cls.addClassCleanup(worker.kill)
        worker.start()
        # One is prefetched, the others wait.
        celery_app.publish(cls.app, "jobs", 5, task="lab.sleepy",
                           args=(600,))
        wait_for(lambda: cls.master.call("HLEN", "unacked") == 1
                 and cls.master.call("LLEN", "jobs") == 3, 20, "both")
        cls.environment = {
            **cls.deployment.celery_environment(db=0),
            "SENTINEL_EXPORTER_REDIS_USERNAME": "exporter",
            "SENTINEL_EXPORTER_REDIS_PASSWORD": "password"}

    def grant(self, without=None):
        rights = ["+" + c for c in COMMANDS if c != without]
        rights += [r for r in KEYS + [CHANNEL] if r != without]
        self.master.call("ACL", "SETUSER", "exporter", "reset", "on",
                         ">password", "-@all", *rights)

    def once(self):
        done = lab_exporter.run("--once", "--celery.queue=jobs",
                                env=self.environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        scrape = Exposition(done.stdout)
        shown = {s.name[len("sentinel_celery_"):] for s in scrape.samples
                 if s.name.startswith("sentinel_celery_")}
        return scrape, shown

    def noperm(self, scrape):
        return sum(scrape.values("sentinel_exporter_source_errors_total",
                                 reason="noperm",
                                 source=self.master.address))

    def test_all(self):
        self.grant()
        scrape, shown = self.once()
        self.assertEqual(shown - {"broker_url_conflict"}, EVERYTHING)
        self.assertEqual(self.noperm(scrape), 0)
        self.assertEqual(scrape.by("source", "sentinel_celery_db_readers"),
                         {"clients": 1})

    def test_one_less(self):
        self.assertEqual(set(LOSSES), set(COMMANDS + KEYS))
        for right, lost in LOSSES.items():
            with self.subTest(right=right):
                self.grant(without=right)
                scrape, shown = self.once()
                self.assertEqual(EVERYTHING - shown, lost)
                if right in SILENT:
                    self.assertEqual(self.noperm(scrape), 0)
                elif right != "psubscribe":     # one poll may be too short
                    self.assertGreater(self.noperm(scrape), 0)
                if READERS in shown:
                    self.assertEqual(
                        scrape.by("source", "sentinel_celery_db_readers"),
                        {"pidbox" if right == "client|list"
                         else "clients": 1})

    def test_heartbeats(self):
        """The channel rule is compared to the letter; without it, or the
        command, the number of workers is absent, and nothing else is."""
        self.grant()
        exporter = self.exporter = self.use(Exporter(
            *POLL, env=self.environment))
        exporter.wait_value(1, "sentinel_celery_workers", 20)
        denied = "heartbeats of Celery's workers are denied"
        self.assertNotIn(denied, exporter.log_text())
        self.grant(without=CHANNEL)     # which ends our subscription
        # At once, and not when the last figure has grown stale.
        scrape = exporter.wait_scrape(
            lambda s: not s.series("sentinel_celery_workers")
            and self.errors("noperm", s) == 1, 3)
        self.assertEqual(self.length("jobs", scrape=scrape), 3)
        self.assertEqual(scrape.value("sentinel_node_up"), 1)
        # Tried again now and then: refused once more, then granted.
        self.grant(without="psubscribe")
        wait_for(lambda: self.errors("noperm") == 2, 40, "refused again")
        self.grant()
        exporter.wait_value(1, "sentinel_celery_workers", 40)
        self.assertEqual(exporter.log_text().count(denied), 1)
