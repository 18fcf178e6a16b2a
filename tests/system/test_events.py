"""/api/v1/events, and how soon a failover is seen everywhere."""

import datetime
import itertools
import json
import time

from tests.lab import schema, story
from tests.lab.case import LabCase
from tests.lab.exporter import Exporter
from tests.lab.failover import FailoverCase
from tests.lab.wait import SLOWNESS, wait_for


class SchemaTest(LabCase):
    """The checker itself must be able to refuse."""

    GOOD = {"version": 1, "time": "2026-01-01T00:00:00.123Z",
            "time_unix": 1.5, "failovers": [], "events": [
                {"time": "2026-01-01T00:00:00.123Z", "time_unix": 1.5,
                 "sentinel": "a:1", "channel": "+tilt", "payload": ""}]}

    def test_good(self):
        schema.check(self.GOOD, schema.load("events"))

    def test_refused(self):
        for change in ({"version": 2}, {"time": "yesterday"},
                       {"time_unix": -1}, {"time_unix": "1"},
                       {"events": [{}]}, {"events": {}},
                       {"events": self.GOOD["events"] * 1001},
                       {"failovers": [{"kind": "manual"}]}, {"more": 1}):
            with self.subTest(change=change), \
                    self.assertRaises(schema.SchemaError):
                schema.check({**self.GOOD, **change}, schema.load("events"))


def read_events(exporter):
    reply = exporter.get("/api/v1/events")
    assert reply.status == 200, reply.status
    assert reply.headers["content-type"] == "application/json"
    document = json.loads(reply.body)
    schema.check(document, schema.load("events"))
    return document


class EventsTest(FailoverCase):
    def test_failover_in_full(self):
        self.begin()
        before = time.time()
        self.assertEqual(read_events(self.exporter)["failovers"], [])
        old = self.deployment.kill_master()
        new = self.deployment.wait_for_failover(old)
        self.wait_over(new)
        read = self.exporter.scrape()
        document = read_events(self.exporter)
        failover, = document["failovers"]
        self.assertEqual(
            {name: failover[name] for name in
             ("master_name", "kind", "epoch", "from", "to")},
            {"master_name": "nautobot", "kind": "automatic",
             "epoch": self.epoch(), "from": old.address, "to": new.address})
        self.assertNotIn("group", failover)
        self.assertIn(failover["leader"],
                      [s.address for s in self.deployment.sentinels])
        self.assertEqual(failover["phases"], story.phases(read))
        self.assertEqual(
            failover["duration_seconds"],
            read.value("sentinel_failover_duration_seconds_sum"))
        self.assertEqual(
            failover["outage_seconds"],
            read.value("sentinel_master_write_outage_seconds_total"))
        self.assertTrue(before < failover["started_unix"]
                        <= failover["switched_unix"] < time.time())
        for name in ("started", "switched"):
            stamp = datetime.datetime.fromisoformat(
                failover[name].replace("Z", "+00:00"))
            self.assertAlmostEqual(stamp.timestamp(),
                                   failover[name + "_unix"], 3)

    def test_every_event_as_published(self):
        """Against what a subscriber of our own hears."""
        self.begin()
        sentinel = self.deployment.sentinels[0]
        with sentinel.client() as client, client.pubsub() as mine:
            mine.psubscribe("*")
            self.assertEqual(
                mine.get_message(timeout=5)["type"], "psubscribe")
            seen = len(read_events(self.exporter)["events"])
            old = self.deployment.failover(sentinel=sentinel)
            self.deployment.wait_for_failover(old)
            heard = []
            while True:
                message = mine.get_message(timeout=2)
                if message is None:
                    break
                heard.append((message["channel"], message["data"]))
        self.assertIn("+switch-master", dict(heard))

        def told():
            events = read_events(self.exporter)["events"][seen:]
            return [(e["channel"], e["payload"]) for e in events
                    if e["sentinel"] == sentinel.address][:len(heard)]
        wait_for(lambda: told() == heard, 10, lambda: "heard %r, told %r" % (
            heard, told()))
        event = next(e for e in read_events(self.exporter)["events"]
                     if e["channel"] == "+switch-master")
        self.assertEqual(event["master_name"], "nautobot")
        read = self.exporter.scrape()
        self.assertEqual(
            read.value("sentinel_events_total", sentinel=sentinel.address,
                       event="+switch-master"), 1)
        self.assertEqual(
            read.value("sentinel_events_total", sentinel=sentinel.address,
                       event="+try-failover"), 1)

    def test_last_thousand(self):
        self.begin()
        sentinel = self.deployment.sentinels[0]
        with sentinel.client() as client:
            for _ in range(22):         # one event for each option
                client.execute_command(
                    "SENTINEL", "SET", "nautobot", *itertools.chain(
                        *(("parallel-syncs", i % 7 + 1)
                          for i in range(50))))
        self.exporter.wait_value(1100, "sentinel_events_total", 20,
                                 sentinel=sentinel.address, event="+set")
        events = read_events(self.exporter)["events"]
        self.assertEqual(len(events), 1000)
        self.assertEqual({e["channel"] for e in events}, {"+set"})
        # What all of them changed is read, though not once for each.
        self.exporter.wait_value(1, "sentinel_master_parallel_syncs",
                                 sentinel=sentinel.address)


class AtOnceTest(FailoverCase):
    """Nothing here waits for a round: the first one is over, the second one
    is not in this hour."""

    def begin(self, *flags):
        super().begin("--poll.interval=1h", "--poll.timeout=2s",
                      "--celery.queue=work", "--no-celery.scan", *flags)

    def test_master_and_queues(self):
        self.begin()
        self.deployment.current_master().call("LPUSH", "work", "a", "b")
        for node in self.deployment.replicas_of():
            wait_for(lambda node=node: node.call("LLEN", "work") == 2, 10,
                     "replicated")
        self.exporter.restart()
        self.wait_listening(self.exporter)
        self.assertEqual(self.exporter.values(
            "sentinel_celery_queue_length", queue="work"), [2])
        polled = self.exporter.value(
            "sentinel_exporter_last_poll_timestamp_seconds")
        old = self.deployment.failover()
        self.exporter.wait_scrape(
            lambda read: story.master_of(read) not in (None, old.address),
            20, "another master", interval=0.005)
        switched = time.monotonic()
        new = self.deployment.node_at(
            story.master_of(self.exporter.scrape()))
        new.call("LPUSH", "work", "c")
        self.exporter.wait_scrape(
            lambda read: read.values("sentinel_celery_queue_length",
                                     queue="work") in ([2], [3])
            and read.values("sentinel_master_up") == [1], 5,
            "the new master's queue", interval=0.005)
        self.assertLess(time.monotonic() - switched, 1 * SLOWNESS)
        self.wait_over(new)
        self.wait_story(forced=1, durations=1, attempts=1)
        self.assertEqual(self.exporter.value(
            "sentinel_exporter_last_poll_timestamp_seconds"), polled)

    def test_after_a_crash(self):
        self.begin()
        old = self.deployment.kill_master()
        new = self.deployment.wait_for_failover(old)
        self.wait_over(new)
        self.exporter.wait_value(0, "sentinel_celery_queue_length", 5,
                                 queue="work")
        told = story.story(self.exporter.scrape())
        self.assertEqual((told["automatic"], story.failovers(told)), (1, 1))


class LogTest(FailoverCase):
    def test_told_at_the_end_of_the_program(self):
        """A failover whose story is not complete is told when we stop."""
        self.begin("--log.format=json")
        old = self.deployment.failover()
        self.exporter.wait_scrape(
            lambda read: story.failovers(story.story(read)) == 1, 20,
            interval=0.005)
        self.exporter.process.terminate(1.0)
        lines = [json.loads(line) for line in
                 self.exporter.log_text().splitlines()]
        told = [line for line in lines if line["msg"] == "failover"]
        self.assertEqual(len(told), 1)
        self.assertEqual(told[0]["from"], old.address)
        self.assertEqual(told[0]["level"], "INFO")


class NothingTest(LabCase):
    """No sentinel at all."""

    def setUp(self):
        self.exporter = self.use(Exporter("--sentinel.addr=127.0.0.1:1"))

    def test_nothing_is_a_document_too(self):
        document = read_events(self.exporter)
        self.assertEqual((document["events"], document["failovers"]),
                         ([], []))

    def test_gzip_when_asked_for(self):
        for accept, end in (("text/plain", "\n"),
                            ("application/openmetrics-text;version=1.0.0",
                             "# EOF\n")):
            for coding, want in (("gzip", "gzip"), ("gzip;q=0", None),
                                 ("br, gzip;q=0.5", "gzip"), ("br", None)):
                with self.subTest(accept=accept, coding=coding):
                    reply = self.exporter.get("/metrics", {
                        "Accept": accept, "Accept-Encoding": coding})
                    self.assertEqual(
                        reply.headers.get("content-encoding"), want)
                    self.assertIn("Accept-Encoding", reply.headers["vary"])
                    self.assertTrue(reply.text.endswith(end), reply.text)
