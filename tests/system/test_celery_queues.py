"""Which queues are shown, under which names, and for how long; what a message
of any size costs; bindings that are lost."""

import json

from tests.lab import celery_app
from tests.lab.celery_case import POLL, SEP, CeleryCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.wait import wait_for

LENGTH = "sentinel_celery_queue_length"
BOUND = "sentinel_celery_queue_bound"
HEAD = "sentinel_celery_queue_head_seen_timestamp_seconds"
LEFT_OUT = "sentinel_exporter_celery_queues_left_out"
MEBIBYTE = 1 << 20


class QueuesTest(CeleryCase):
    """Each test has a DB of its own."""

    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            replicas=0, sentinels=1, quorum=1,
            node_config={"databases": 64}))
        cls.master = cls.deployment.nodes[0]
        cls.exporter = cls.use_for_class(Exporter.watching(
            cls.deployment, *POLL, "--celery.queue=configured",
            "--celery.db=0", "--celery.max-queues=6"))

    def bind(self, db, *queues):
        for queue in queues:
            self.master.call("SADD", "_kombu.binding." + queue,
                             queue + SEP + SEP + queue, db=db)

    def shown(self, db, scrape=None):
        return (scrape or self.exporter.scrape()).by("queue", LENGTH, db=db)

    def test_configured_is_always_there(self):
        self.wait_length(0, "configured")
        # Not bound, and everything was searched.
        self.exporter.wait_value(0, BOUND, queue="configured", db=0)

    def test_names_of_any_bytes(self):
        names = ['a"b\\c', "line\nbreak", "naïve €", " ", "{}=,", "x" * 256]
        app = celery_app.app_for(self.deployment, db=1)
        for name in names:
            celery_app.publish(app, name)
        self.exporter.wait_scrape(
            lambda s: self.shown(1, s) == dict.fromkeys(names, 1))
        self.check_sizes(app, 1, *names)

    def test_names_that_no_label_can_hold(self):
        with self.master.client(db=2) as client:
            for name in (b"\xff", b"\xfe", b"nul\0", b"half\xc3",
                         b"\\xff"):
                client.sadd(b"_kombu.binding.raw",
                            b"r" + SEP.encode() * 2 + name)
                client.lpush(name, "{}")
        self.exporter.wait_scrape(lambda s: self.shown(2, s) == {
            "\\xff": 1, "\\xfe": 1, "nul\\x00": 1, "half\\xc3": 1,
            "\\x5cxff": 1})

    def test_names_over_256_bytes_are_left_out_and_counted(self):
        self.bind(15, "short", "x" * 257)
        with self.master.client(db=15) as client:
            client.lpush("x" * 257, "{}")
        self.exporter.wait_scrape(
            lambda s: self.shown(15, s) == {"short": 0}
            and s.get(LEFT_OUT, db=15) == 1)

    def test_control_queues_are_left_out(self):
        self.bind(3, "task")
        with self.master.client(db=3) as client:
            for exchange, queue in (
                    ("celery.pidbox", "w@h.celery.pidbox"),
                    ("reply.celery.pidbox", "oid.reply.celery.pidbox"),
                    ("celeryev", "celeryev.oid"),
                    ("task", "oid.reply.celery.pidbox")):
                client.sadd("_kombu.binding." + exchange, SEP + SEP + queue)
                client.lpush(queue, "{}")
        self.exporter.wait_scrape(lambda s: self.shown(3, s) == {"task": 0})

    def test_remembered(self):
        """Emptied, its DB gone from the keyspace: still 0. Its binding
        lost, by eviction or a flush: told at once."""
        app = celery_app.app_for(self.deployment, db=4)
        celery_app.publish(app, "kept", 2)
        self.wait_length(2, "kept", 4)
        self.exporter.wait_value(1, BOUND, queue="kept", db=4)
        self.master.call("DEL", "_kombu.binding.kept", db=4)
        self.exporter.wait_value(0, BOUND, queue="kept", db=4)
        self.assertEqual(self.length("kept", 4), 2)
        self.assertEqual(self.exporter.value(
            "sentinel_celery_queue_dbs", queue="kept"), 0)
        self.master.call("FLUSHDB", db=4)
        self.wait_length(0, "kept", 4)
        self.bind(4, "kept")
        self.exporter.wait_value(1, BOUND, queue="kept", db=4)

    def test_bound_in_several(self):
        for db in (5, 6, 7):
            self.bind(db, "roaming")
        self.exporter.wait_value(3, "sentinel_celery_queue_dbs",
                                 queue="roaming")

    def test_capped(self):
        self.bind(8, *["q%02d" % i for i in range(10)])
        self.exporter.wait_scrape(
            lambda s: len(self.shown(8, s)) == 6
            and s.get(LEFT_OUT, db=8) == 4)
        self.assertEqual(self.exporter.value(LEFT_OUT, db=0), 0)

    def test_capped_within_one_exchange(self):
        for i in range(10):
            self.master.call("SADD", "_kombu.binding.topic",
                             "k%d.#%s%sq%d" % (i, SEP, SEP, i), db=9)
        self.exporter.wait_scrape(
            lambda s: len(self.shown(9, s)) == 6
            and s.get(LEFT_OUT, db=9) == 4)

    def test_name_clash(self):
        """A key of another type under a queue's name: absent, counted."""
        self.bind(10, "clash", "fine")
        self.master.call("SET", "clash", "1", db=10)
        self.wait_length(0, "fine", 10)
        self.exporter.wait_value(None, LENGTH, queue="clash", db=10)
        self.assertGreater(self.errors("other"), 0)

    def test_head_is_the_oldest_of_the_first_step(self):
        app = celery_app.app_for(self.deployment, db=11)
        celery_app.publish(app, "heads", 2, priority=9)
        self.wait_length(2, "heads", 11)
        first = self.exporter.value(HEAD, queue="heads", db=11)
        celery_app.publish(app, "heads", 1, priority=9)
        self.wait_length(3, "heads", 11)
        self.assertEqual(self.exporter.value(HEAD, queue="heads", db=11),
                         first)
        # One of a lower step comes out first.
        celery_app.publish(app, "heads", 1, priority=0)
        self.exporter.wait_value(lambda v: v > first, HEAD, queue="heads",
                                 db=11)
        self.master.call("RPOP", "heads", db=11)
        self.wait_length(3, "heads", 11)
        self.master.call("DEL", "heads" + SEP + "9", db=11)
        self.wait_length(0, "heads", 11)
        self.exporter.wait_value(None, HEAD, queue="heads", db=11)

    def test_head_that_is_no_message(self):
        self.bind(12, "foreign")
        before = self.errors("protocol")
        self.master.call("RPUSH", "foreign", "not JSON", db=12)
        self.wait_length(1, "foreign", 12)
        wait_for(lambda: self.errors("protocol") > before, 10, "counted")
        self.exporter.wait_value(None, HEAD, queue="foreign", db=12)

    def test_every_database(self):
        """As many as there are get their turn, also those behind a large
        one."""
        for db in range(20, 60):
            self.bind(db, "everywhere")
        self.exporter.wait_scrape(lambda s: {
            int(labels["db"]) for labels, _ in s.series(
                LENGTH, queue="everywhere")} == set(range(20, 60)), 20)


class LongMessagesTest(CeleryCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            replicas=0, sentinels=1, quorum=1))
        cls.master = cls.deployment.nodes[0]
        # What is freed counts as free, under ASan as well.
        cls.exporter = cls.use_for_class(Exporter.watching(
            cls.deployment, *POLL,
            env={"ASAN_OPTIONS": "quarantine_size_mb=1"}))
        cls.app = celery_app.app_for(cls.deployment)

    def test_long(self):
        """It costs a read now and then, and nobody else anything. That of
        100 MiB may take longer than a poll is given: it is known for what
        did so, and left alone."""
        celery_app.publish(self.app, "short")
        celery_app.publish(self.app, "longish", task="lab.add",
                           args=("x" * 700000, 2))
        celery_app.publish(self.app, "long", task="lab.add",
                           args=("x" * 900000, 2))
        for size, queue in ((20, "huge"), (100, "vast")):
            self.master.call("SADD", "_kombu.binding." + queue,
                             queue + SEP + SEP + queue)
            self.master.call("RPUSH", queue, "x" * (size * MEBIBYTE))
        queues = {"short", "longish", "long", "huge", "vast"}
        self.exporter.wait_scrape(
            lambda s: s.by("queue", LENGTH) == dict.fromkeys(queues, 1))
        scrape = self.exporter.wait_scrape(
            lambda s: set(s.by("queue", HEAD)) == {"short", "longish"}
            and self.errors("protocol", s) >= 3)
        for reason, most in (("closed", 0), ("other", 0), ("timeout", 1)):
            self.assertLessEqual(self.errors(reason, scrape), most, reason)
        for queue in ("long", "huge", "vast"):
            self.assertEqual(self.exporter.log_text().count(
                "queue=%s why=" % queue), 1)
        self.assertEqual(self.exporter.log_text().count(" why="), 3)
        self.assertNotIn("xxx", self.exporter.log_text())
        # So many went through it; a shadow of memory that ASan keeps is
        # not more than another half.
        self.assertLess(self.exporter.value("process_resident_memory_bytes"),
                        80e6)
        # The long one goes; 1 s per 64 KiB later its queue is looked at.
        celery_app.publish(self.app, "long")
        self.master.call("RPOP", "long")
        self.exporter.wait_scrape(
            lambda s: "long" in s.by("queue", HEAD), 40)

    def test_many(self):
        """More next messages than one reading takes: all get their turn."""
        app = celery_app.app_for(self.deployment, db=1)
        with self.master.client(db=1) as client:
            celery_app.publish(app, "q0")
            message = json.loads(client.lindex("q0", -1))
            message["body"] = "x" * 300000
            for i in range(40):
                message["properties"]["delivery_tag"] = "tag-%d" % i
                client.sadd("_kombu.binding.q%d" % i,
                            "q%d%s%sq%d" % (i, SEP, SEP, i))
                client.lpush("q%d" % i, json.dumps(message))
        self.exporter.wait_scrape(
            lambda s: len(s.series(HEAD, db=1)) == 40, 20)
