"""The configuration file: several groups in one process, and where secrets
may not be found."""

import os
import tempfile
import unittest.mock

from tests.lab import exporter as lab_exporter
from tests.lab.case import LabCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter, run

POLL = "poll: {interval: 300ms, timeout: 200ms}\n"


class ConfigFileTest(LabCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, text, name="config.yml", mode=0o600):
        path = os.path.join(self.folder.name, name)
        with open(path + ".new", "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path + ".new", mode)
        os.rename(path + ".new", path)
        return path


class GroupsTest(ConfigFileTest):
    def test_two_deployments_in_one_process(self):
        """The same master name twice, told apart by the label group; one
        password in the file, one in a file of its own."""
        one = self.use(Deployment(replicas=1, sentinels=1, quorum=1,
                                  password="pw-of-one"))
        two = self.use(Deployment(replicas=1, sentinels=1, quorum=1,
                                  password="pw-of-two"))
        secret = self.write("pw-of-two\n", "secret")
        path = self.write(POLL + """
groups:
  - name: one
    sentinel: {addr: "%s"}
    redis: {password: pw-of-one}
  - name: two
    sentinel: {addr: "%s"}
    redis: {password-file: %s}
""" % (one.sentinels[0].address, two.sentinels[0].address, secret))
        exporter = self.use(Exporter("--config.file=" + path))
        for group in ("one", "two"):
            exporter.wait_value(1, "sentinel_master_up", group=group,
                                master_name="nautobot")
        self.assertEqual(exporter.value(
            "sentinel_node_role_master", group="one",
            node=one.nodes[0].address), 1)
        self.assertEqual(exporter.values(
            "sentinel_node_role_master", group="one",
            node=two.nodes[0].address), [])
        one.nodes[0].kill()
        exporter.wait_value(0, "sentinel_master_up", group="one")
        self.assertEqual(exporter.value("sentinel_master_up", group="two"), 1)

    def test_check_prints_every_group_and_warning(self):
        path = self.write("""
groups:
  - name: one
    celery: {broker-url: "sentinel://:hush@s1/0;sentinel://:hush@s2/3"}
  - name: two
    sentinel: {addr: s3, password: {env: QUIET}}
""")
        done = run("--config.check", "--config.file=" + path,
                   env={"QUIET": "hush-hush"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('- name: "one"', done.stdout)
        self.assertIn('- name: "two"', done.stdout)
        self.assertIn("config.yml:4:26: celery.broker-url: the broker URLs "
                      "name different DBs (0, 3)", done.stderr)
        self.assertNotIn("hush", done.stdout + done.stderr)

    def test_broken_file(self):
        path = self.write("sentinel:\n  adr: s1\n")
        done = run("--config.file=" + path)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, "sentinel-exporter: %s:2:3: unknown key "
                         '"adr"; did you mean addr?\n' % path)


class SecretsTest(ConfigFileTest):
    def test_not_in_the_environment_of_the_process(self):
        """Neither those of our variables nor those that the file names."""
        path = self.write(POLL + "sentinel: {password: {env: QUIET}}\n")
        exporter = self.use(Exporter("--config.file=" + path, env={
            "QUIET": "secret-one",
            "SENTINEL_EXPORTER_REDIS_PASSWORD": "secret-two",
            "NAUTOBOT_REDIS_PASSWORD": "secret-three",
            "CELERY_BROKER_URL": "sentinel://:secret-four@127.0.0.1:1/0",
            "HARMLESS": "stays"}))
        with open("/proc/%d/environ" % exporter.process.pid, "rb") as f:
            environ = f.read()
        self.assertIn(b"HARMLESS=stays", environ)
        self.assertNotIn(b"secret-", environ)

    def test_the_search_for_secrets_finds_one(self):
        """What every test looks for in all that an exporter wrote."""
        exporter = self.use(Exporter())
        with unittest.mock.patch.object(lab_exporter, "_secrets",
                                        {"sentinel-exporter"}):
            with self.assertRaises(AssertionError):
                exporter.get("/")

    def test_no_core_dump(self):
        exporter = self.use(Exporter())
        with open("/proc/%d/limits" % exporter.process.pid) as f:
            [line] = [l for l in f if l.startswith("Max core file size")]
        self.assertEqual(line.split()[4:6], ["0", "0"])

    def test_user_of_a_url_without_a_password(self):
        done = run("--config.check",
                   "--celery.broker-url=sentinel://hush@127.0.0.1/0")
        self.assertEqual(done.returncode, 0)
        self.assertNotIn("hush", done.stdout + done.stderr)
        self.assertIn("sentinel://:PASSWORD@HOST", done.stderr)
