"""What people and programs are shown: page, JSON, discovery, commands."""

import json
import os
import re

from tests.lab import process, schema
from tests.lab.case import LabCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter, run
from tests.lab.wait import wait_for

NAME = "nautobot"


class StatusTest(LabCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(replicas=2))
        cls.exporter = cls.use_for_class(Exporter.watching(
            cls.deployment, "--poll.interval=500ms"))
        cls.exporter.wait_scrape(
            lambda s: s.values("sentinel_master_up") == [1]
            and s.values("sentinel_master_agreeing_sentinels") == [3]
            and s.values("sentinel_replicas_promotable") == [2])

    def json(self, path, name):
        document = json.loads(self.exporter.get(path).text)
        schema.check(document, schema.load(name))
        return document

    def command(self, *words):
        return run(*words, *self.deployment.exporter_flags())

    def test_status_says_what_the_metrics_say(self):
        document = self.json("/api/v1/status", "status")
        [group] = document["groups"]
        [master] = group["masters"]
        info = self.exporter.scrape().series("sentinel_master_info")
        self.assertEqual(master["address"], info[0][0]["address"])
        self.assertTrue(master["up"])
        self.assertEqual(len(group["sentinels"]), 3)
        self.assertEqual(len(master["nodes"]), 3)
        self.assertEqual(len(master["views"]), 3)

    def test_failovers_and_events(self):
        self.json("/api/v1/failovers", "failovers")
        self.json("/api/v1/events", "events")

    def test_every_server_is_a_target_with_its_role(self):
        targets = self.json("/sd", "sd")
        roles = sorted(t["labels"]["__meta_sentinel_role"] for t in targets)
        self.assertEqual(roles, ["master", "replica", "replica"]
                         + ["sentinel"] * 3)

    def test_the_page_is_complete_without_a_script(self):
        reply = self.exporter.get("/")
        self.assertIn("default-src 'none'",
                      reply.headers["content-security-policy"])
        for text in ("3 of 3 sentinels agree", "would take over",
                     "<svg class=\"diagram\"", "Data nodes"):
            self.assertIn(text, reply.text)
        self.assertNotIn("style=", reply.text)
        for path in re.findall(r'(?:href|src)="(/[^"]*)"', reply.text):
            answer = self.exporter.get(path)
            self.assertEqual(answer.status, 200, path)
            if path.startswith("/assets/"):
                self.assertIn("immutable", answer.headers["cache-control"])

    def test_status_fits_a_terminal(self):
        done = self.command("status")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("GOOD nautobot", done.stdout)
        self.assertNotIn("\033", done.stdout)
        for line in done.stdout.splitlines():
            self.assertLessEqual(len(line), 80, line)
        document = json.loads(self.command("status", "--json").stdout)
        schema.check(document, schema.load("status"))

    def test_doctor_names_and_remedies(self):
        done = self.command("doctor", "--json")
        document = json.loads(done.stdout)
        schema.check(document, schema.load("findings"))
        found = {f["finding"] for f in document["findings"]}
        self.assertEqual(done.returncode, 1)
        # All of the lab is one host.
        self.assertIn("one_host", found)
        shown = {labels["finding"] for labels, _ in
                 self.exporter.scrape().series("sentinel_finding")}
        self.assertEqual(found, shown)
        self.assertIn("[one_host]", self.command("doctor").stdout)

    def test_nobody_there(self):
        flags = ("--sentinel.addr=127.0.0.1:1", "--poll.timeout=200ms")
        for command in ("status", "doctor"):
            self.assertEqual(run(command, *flags).returncode, 2, command)


class FindingTest(LabCase):
    """Findings made for real, and gone by their own remedy."""

    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(replicas=2))
        cls.exporter = cls.use_for_class(Exporter.watching(
            cls.deployment, "--poll.interval=300ms"))
        cls.exporter.wait_scrape(
            lambda s: s.values("sentinel_replicas_promotable") == [2])

    def found(self):
        return {labels["finding"] for labels, _ in
                self.exporter.scrape().series("sentinel_finding")}

    def await_finding(self, finding, there=True):
        wait_for(lambda: (finding in self.found()) == there, 20,
                 "%s %s" % (finding, "found" if there else "gone"))

    def test_quorum_of_one(self):
        sentinel = self.deployment.sentinels[0]
        sentinel.sentinel("SET", NAME, "quorum", 1)
        self.await_finding("quorum_of_one")
        self.await_finding("settings_differ")
        sentinel.sentinel("SET", NAME, "quorum", 2)
        self.await_finding("quorum_of_one", there=False)

    def test_writable_replica(self):
        with self.deployment.replicas_of()[0].client() as replica:
            replica.config_set("replica-read-only", "no")
            self.await_finding("writable_replica")
            replica.config_set("replica-read-only", "yes")
            self.await_finding("writable_replica", there=False)

    def test_priority_zero(self):
        for node in self.deployment.replicas_of():
            with node.client() as replica:
                replica.config_set("replica-priority", 0)
        self.await_finding("priority_zero")
        for node in self.deployment.replicas_of():
            with node.client() as replica:
                replica.config_set("replica-priority", 100)
        self.await_finding("priority_zero", there=False)
        self.await_finding("no_promotable_replica", there=False)


class FailoverPageTest(LabCase):
    def test_report_of_a_real_failover(self):
        deployment = self.use(Deployment(replicas=2))
        folder = process.new_directory("state")
        state = os.path.join(folder, "state")
        exporter = self.use(Exporter.watching(
            deployment, "--poll.interval=300ms", "--state.file=" + state))
        exporter.wait_scrape(
            lambda s: s.values("sentinel_replicas_promotable") == [2])
        before = {t["targets"][0] for t in
                  json.loads(exporter.get("/sd").text)}
        deployment.kill_master()
        exporter.wait_scrape(
            lambda s: sum(s.values("sentinel_failovers_total")) == 1, 60)
        failover = json.loads(
            exporter.get("/api/v1/failovers").text)["failovers"][-1]
        path = "/failovers/%s/%d" % (NAME, failover["epoch"])
        # The failover is counted before every sentinel has said so.
        wait_for(lambda: "+switch-master" in exporter.get(path).text, 30,
                 "the report has the events")
        page = exporter.get(path).text
        self.assertIn("Failover of " + NAME, page)
        self.assertIn(failover["to"], page)
        after = {t["targets"][0] for t in
                 json.loads(exporter.get("/sd").text)}
        self.assertEqual(before, after, "a failover loses no target")
        exporter.stop()
        done = run("report", "--state.file=" + state,
                   "--epoch=%d" % failover["epoch"], "--markdown")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("# Failover of " + NAME, done.stdout)
        self.assertEqual(run("report", "--state.file=" + state,
                             "--epoch=9999").returncode, 2)
