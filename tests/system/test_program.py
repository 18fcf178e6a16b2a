"""The program as its operator meets it: start, stop, refusals, documents."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile

from tests.lab import process
from tests.lab.case import LabCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter, run
from tests.lab.ports import free_port
from tests.lab.prometheus import Prometheus
from tests.lab.wait import wait_for

POLL = ("--poll.interval=300ms", "--poll.timeout=200ms")


class StartTest(LabCase):
    def refused(self, *arguments, env=None, code=2):
        done = run(*arguments, env=env)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def test_taken_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            text = self.refused("--web.listen-address=" + address)
        self.assertIn(address, text)
        self.assertIn("--web.listen-address", text)

    def test_unreadable_password_file(self):
        text = self.refused("--redis.password-file=/nowhere/to/be/found")
        self.assertIn("--redis.password-file", text)
        self.assertIn("/nowhere/to/be/found", text)

    def test_unknown_flag(self):
        self.assertIn("--sentinel.addr",
                      self.refused("--sentinel.adr=127.0.0.1:26379"))

    def test_broken_url_keeps_its_secret(self):
        text = self.refused("--celery.broker-url=sentinel://:hush@h:port/0")
        self.assertNotIn("hush", text)

    def test_config_check(self):
        env = {"SENTINEL_EXPORTER_REDIS_PASSWORD": "hush"}
        done = run("--config.check", env=env)
        self.assertEqual(done.returncode, 0)
        self.assertIn("<secret>", done.stdout)
        self.assertNotIn("hush", done.stdout + done.stderr)
        self.refused("--config.check", "--poll.interval=soon", code=1)

    def test_version_and_help(self):
        self.assertRegex(run("--version").stdout,
                         r"^sentinel-exporter, version \d+\.\d+\.\d+ ")
        self.assertIn("--sentinel.addr", run("--help").stdout)
        self.assertIn("sentinel_failovers_total",
                      run("--help-metrics").stdout)

    def test_once_without_a_sentinel(self):
        done = run("--once", "--sentinel.addr=127.0.0.1:%d" % free_port())
        self.assertEqual(done.returncode, 2)
        self.assertIn("sentinel_up", done.stdout)

    def test_once(self):
        deployment = self.use(Deployment(password="pw"))
        done = run("--once", *deployment.exporter_flags(),
                   env=deployment.exporter_environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('sentinel_master_up{master_name="nautobot"} 1',
                      done.stdout)

    def test_starts_before_redis(self):
        deployment = Deployment(sentinels=1, quorum=1)
        exporter = self.use(Exporter.watching(deployment, *POLL))
        self.assertEqual(exporter.values("sentinel_up"), [0])
        self.use(deployment)
        exporter.wait_value(1, "sentinel_master_up", timeout=20)


    def test_healthcheck(self):
        """0 from one that serves, 1 with one line from one that does not."""
        exporter = self.use(Exporter(*POLL))
        listen = "--web.listen-address=127.0.0.1:%d" % exporter.port
        done = run("--healthcheck", listen)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        done = run("healthcheck", "--web.listen-address=0.0.0.0:%d"
                   % exporter.port)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        exporter.stop()
        self.refused("--healthcheck", listen, code=1)
        self.refused("--healthcheck", "--poll.interval=soon", code=1)

    def test_healthcheck_of_something_mute(self):
        """A port that accepts and says nothing is not healthy, in time."""
        with socket.create_server(("127.0.0.1", 0)) as mute:
            self.refused("--healthcheck", "--web.listen-address=127.0.0.1:%d"
                         % mute.getsockname()[1], code=1)


class StopTest(LabCase):
    """Exporter.stop() itself demands exit code 0 within a second and silence
    from the leak checker."""

    def test_both_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            exporter = self.use(Exporter(*POLL))
            exporter.process.signal(number)
            wait_for(lambda e=exporter: not e.process.running(), 1.0,
                     "it stops on %s" % number)
            self.assertEqual(exporter.process.exit_code(), 0)

    def test_in_the_middle_of_a_dial(self):
        """A peer that never answers, and one that never accepts."""
        with socket.create_server(("127.0.0.1", 0), backlog=0) as mute:
            exporter = Exporter(
                "--sentinel.addr=127.0.0.1:%d" % mute.getsockname()[1],
                "--poll.timeout=5s", "--poll.interval=10s")
            exporter.launch()
            self.addCleanup(exporter.kill)
            wait_for(lambda: exporter.get("/-/healthy").status == 200, 5,
                     "it listens", OSError)
            exporter.stop()


class SecretsTest(LabCase):
    def test_not_in_the_argument_list(self):
        exporter = self.use(Exporter(
            "--celery.broker-url=sentinel://:hush-hush@127.0.0.1:1/0",
            "--celery.transport-options="
            '{"sentinel_kwargs": {"password": "quiet"}}', *POLL))
        pid = exporter.process.pid
        with open("/proc/%d/cmdline" % pid, "rb") as f:
            words = f.read()
        self.assertNotIn(b"hush-hush", words)
        self.assertNotIn(b"quiet", words)


class SystemdTest(LabCase):
    UNIT = os.path.join(process.ROOT,
                        "deploy/systemd/sentinel-exporter.service")

    def unit(self, binary):
        """The unit with the path of the binary under test."""
        with open(self.UNIT) as f:
            text = f.read().replace("/usr/local/bin/sentinel-exporter", binary)
        path = os.path.join(process.new_directory("unit"),
                            "sentinel-exporter.service")
        with open(path, "w") as f:
            f.write(text)
        return path

    def test_unit_is_sound_and_closed(self):
        path = self.unit("/bin/true")
        done = subprocess.run(["systemd-analyze", "verify", path],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=true",
             "--threshold=12", path], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-300:])

    def test_socket_and_credentials_are_sound(self):
        """The unit with both, as an operator adds them."""
        path = self.unit("/bin/true")
        folder = os.path.dirname(path)
        source = os.path.dirname(self.UNIT)
        shutil.copy(source + "/sentinel-exporter.socket", folder)
        os.mkdir(path + ".d")
        shutil.copy(source + "/credentials.conf", path + ".d")
        done = subprocess.run(
            ["systemd-analyze", "verify", path,
             folder + "/sentinel-exporter.socket"],
            capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        with open(path + ".d/credentials.conf", "a") as dropin:
            dropin.write("LoadCredentail=typo\n")
        done = subprocess.run(["systemd-analyze", "verify", path],
                              capture_output=True, text=True)
        self.assertIn("LoadCredentail", done.stderr)

    def test_unit_reloads_by_the_signal_that_reloads(self):
        with open(self.UNIT) as unit:
            self.assertIn("ExecReload=/bin/kill -HUP $MAINPID", unit.read())

    def test_tells_systemd(self):
        """Type=notify and the watchdog, spoken to a socket of our own."""
        # Its path must be short, wherever the tree is.
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(10)
            exporter = self.use(Exporter(*POLL, env={
                "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"}))
            self.assertEqual(manager.recv(64), b"READY=1")
            self.assertEqual(manager.recv(64), b"WATCHDOG=1")
            self.assertEqual(manager.recv(64), b"WATCHDOG=1")
            exporter.stop()
            messages = set()
            while b"STOPPING=1" not in messages:
                messages.add(manager.recv(64))

    def test_runs_with_the_units_own_words(self):
        """ExecStart of the unit, its environment file and nothing else."""
        with open(self.UNIT) as f:
            unit = f.read()
        [start] = re.findall(r"^ExecStart=(.*)$", unit, re.M)
        [check] = re.findall(r"^ExecStartPre=(.*)$", unit, re.M)
        self.assertEqual(start.split()[1:], [])
        self.assertEqual(check.split()[1:], ["--config.check"])
        sample = os.path.join(os.path.dirname(self.UNIT),
                              "sentinel-exporter.default")
        env = {}
        with open(sample) as f:
            for line in f:
                line = line.strip().removeprefix("#")
                if re.match(r"[A-Z_]+=", line):
                    name, value = line.split("=", 1)
                    env[name] = value
        self.assertIn("SENTINEL_EXPORTER_SENTINEL_ADDR", env)
        self.assertEqual(run("--config.check", env=env).returncode, 0)


class PrometheusTest(LabCase):
    def test_a_real_prometheus_scrapes(self):
        deployment = self.use(Deployment(sentinels=1, quorum=1, replicas=1))
        exporter = self.use(Exporter.watching(deployment, *POLL))
        with open(os.path.join(process.ROOT,
                               "deploy/prometheus/scrape.yml")) as f:
            text = f.read()
        self.assertIn("127.0.0.1:10379", text)
        done = subprocess.run(
            ["promtool", "check", "config", "--syntax-only",
             os.path.join(process.ROOT, "deploy/prometheus/scrape.yml")],
            capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        prometheus = self.use(Prometheus(
            targets=["127.0.0.1:%d" % exporter.port]))
        prometheus.wait_query("sentinel_master_up == 1")
        prometheus.wait_query("up == 1")
