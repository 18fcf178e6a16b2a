"""The configuration replaced while everything goes on."""

import random
import signal

from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.system.test_config_file import POLL, ConfigFileTest

SUCCESS = "sentinel_exporter_config_last_reload_successful"
TIME = "sentinel_exporter_config_last_reload_success_timestamp_seconds"


class ReloadTest(ConfigFileTest):
    @classmethod
    def setUpClass(cls):
        cls.one = cls.use_for_class(Deployment(
            replicas=1, sentinels=1, quorum=1, password="one-secret"))

    def group(self, name, deployment, password):
        return ("  - name: %s\n    sentinel: {addr: '%s'}\n"
                "    redis: {password: %s}\n" % (
                    name, deployment.sentinels[0].address, password))

    def watch(self, text, *flags):
        self.path = self.write(text)
        return self.use(Exporter("--config.file=" + self.path, *flags))

    def reload(self, exporter):
        """Reload, and wait until it has been taken."""
        before = exporter.value(TIME)
        exporter.process.signal(signal.SIGHUP)
        exporter.wait_value(lambda v: v > before, TIME)

    def test_a_group_comes_and_goes_and_the_other_goes_on(self):
        exporter = self.watch(
            POLL + "groups:\n" + self.group("one", self.one, "one-secret"))
        exporter.wait_value(1, "sentinel_master_up", group="one")
        dials = self.one.sentinels[0].info("stats")[
            "total_connections_received"]
        two = self.use(Deployment(replicas=0, sentinels=1, quorum=1,
                                  password="two-secret"))
        self.write(POLL + "groups:\n" + self.group(
            "one", self.one, "one-secret") + self.group(
                "two", two, "two-secret"))
        self.reload(exporter)
        exporter.wait_value(1, "sentinel_master_up", group="two")
        self.write(POLL + "groups:\n" + self.group(
            "one", self.one, "one-secret"))
        self.reload(exporter)
        exporter.wait_value(None, "sentinel_master_up", group="two")
        self.assertEqual(exporter.value("sentinel_master_up", group="one"), 1)
        # Not dialled again: only this question came to it.
        self.assertLessEqual(self.one.sentinels[0].info("stats")[
            "total_connections_received"], dials + 1)

    def test_a_broken_file_changes_nothing_and_says_where(self):
        exporter = self.watch(
            POLL + "groups:\n" + self.group("one", self.one, "one-secret"))
        exporter.wait_value(1, "sentinel_master_up", group="one")
        time = exporter.value(TIME)
        self.write(POLL + "groups:\n  - nam: x\n")
        exporter.process.signal(signal.SIGHUP)
        exporter.wait_value(0, SUCCESS)
        self.assertEqual(exporter.value("sentinel_master_up", group="one"), 1)
        self.assertEqual(exporter.value(TIME), time)
        exporter.wait_log(r"config\.yml:3:5: the group has no name")
        self.write(POLL + "groups:\n" + self.group(
            "one", self.one, "one-secret"))
        self.reload(exporter)
        self.assertEqual(exporter.value(SUCCESS), 1)

    def test_a_changed_password(self):
        exporter = self.watch(
            POLL + "groups:\n" + self.group("one", self.one, "wrong-secret"))
        exporter.wait_value(0, "sentinel_master_up", group="one")
        self.write(POLL + "groups:\n" + self.group(
            "one", self.one, "one-secret"))
        self.reload(exporter)
        exporter.wait_value(1, "sentinel_master_up", group="one")
        self.assertNotIn("-secret", exporter.log_text())

    def test_a_renamed_group_keeps_its_failovers(self):
        exporter = self.watch(
            POLL + "groups:\n" + self.group("one", self.one, "one-secret"))
        exporter.wait_value(1, "sentinel_master_up", group="one")
        old = self.one.failover()
        self.one.wait_for_failover(old)
        exporter.wait_value(1, "sentinel_failovers_total", group="one",
                            kind="forced", timeout=20)
        self.write(POLL + "groups:\n" + self.group(
            "uno", self.one, "one-secret"))
        self.reload(exporter)
        exporter.wait_value(1, "sentinel_failovers_total", group="uno",
                            kind="forced")
        self.assertEqual(
            exporter.values("sentinel_failovers_total", group="one"), [])

    def test_in_the_middle_of_a_failover(self):
        """Counted once, whatever is loaded meanwhile."""
        exporter = self.watch(
            POLL + "groups:\n" + self.group("one", self.one, "one-secret"))
        exporter.wait_value(1, "sentinel_master_up", group="one")
        before = sum(exporter.values("sentinel_failovers_total"))
        old = self.one.failover()
        for round_ in range(8):
            self.write(POLL + "groups:\n" + self.group(
                "one", self.one, "one-secret") + (
                    "    celery: {max-queues: %d}\n" % (10 + round_)
                    if round_ % 2 else ""))
            self.reload(exporter)
        self.one.wait_for_failover(old)
        exporter.wait_scrape(lambda s: sum(
            s.values("sentinel_failovers_total")) == before + 1, timeout=20)

    def test_two_hundred_random_reloads(self):
        """Groups come, go, change names, passwords and settings, files are
        broken, scrapes go on: nothing leaks, and at the end all is well."""
        exporter = self.watch(
            POLL + "groups:\n" + self.group("one", self.one, "one-secret"))
        exporter.wait_value(1, "sentinel_master_up", group="one")
        choose = random.Random(20)
        for _ in range(200):
            text = POLL + "groups:\n"
            for name in choose.sample(["one", "two", "three", "four"],
                                      choose.randint(1, 3)):
                text += self.group(name, self.one, choose.choice(
                    ["one-secret", "wrong-secret"])) + choose.choice(
                        ["", "    celery: {scan: false}\n",
                         "    sentinel: {addr: x}\n"])
            self.write(text)
            exporter.process.signal(signal.SIGHUP)
            self.assertEqual(exporter.get("/metrics").status, 200)
        self.write(POLL + "groups:\n" + self.group(
            "last", self.one, "one-secret"))
        self.reload(exporter)
        exporter.wait_value(1, "sentinel_master_up", group="last")
        self.assertEqual(
            {labels["group"] for labels, _ in
             exporter.series("sentinel_master_up")}, {"last"})
        self.assertEqual(exporter.value(SUCCESS), 1)

    def test_by_http(self):
        text = POLL + "groups:\n" + self.group("one", self.one, "one-secret")
        exporter = self.watch(text)
        reply = exporter.request("POST", "/-/reload")
        self.assertEqual(reply.status, 403)
        self.assertIn("--web.enable-lifecycle", reply.text)
        exporter.stop()
        exporter = self.watch(text, "--web.enable-lifecycle")
        self.assertEqual(exporter.request("GET", "/-/reload").status, 405)
        before = exporter.value(TIME)
        self.assertEqual(exporter.request("POST", "/-/reload").status, 200)
        exporter.wait_value(lambda v: v > before, TIME)

    def test_what_only_a_restart_applies_is_named(self):
        exporter = self.watch(POLL)
        self.write(POLL + "web: {telemetry-path: /other}\n")
        self.reload(exporter)
        exporter.wait_log("only a restart applies it.*web.telemetry-path")
        self.assertEqual(exporter.get("/metrics").status, 200)
