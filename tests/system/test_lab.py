"""The lab itself: what all other system tests stand on."""

import os
import signal
import subprocess

import redis

from tests.lab import celery_app, ports, process
from tests.lab.case import LabCase
from tests.lab.celery_worker import CeleryWorker
from tests.lab.deployment import (BRISK, DATA_USER, SENTINEL_USER,
                                  Deployment)
from tests.lab.exposition import Exposition, ExpositionError
from tests.lab.prometheus import Prometheus
from tests.lab.wait import Timeout, wait_for

SEP = "\x06\x16"


class FailoverTest(LabCase):
    def test_crash_and_return(self):
        deployment = self.use(Deployment(periods=BRISK))
        self.assertEqual(deployment.current_master(), deployment.nodes[0])
        self.assertEqual(len(deployment.replicas_of()), 2)
        old = deployment.kill_master()
        new = deployment.wait_for_failover(old)
        self.assertIsNot(new, old)
        self.assertEqual(deployment.current_master(), new)
        deployment.restart(old)
        wait_for(lambda: old.role() == "slave", 30, "the old master follows",
                 redis.ConnectionError)

    def test_forced(self):
        deployment = self.use(Deployment(periods=BRISK))
        old = deployment.failover()
        self.assertIsNot(deployment.wait_for_failover(old), old)

    def test_paused_master(self):
        deployment = self.use(Deployment(periods=BRISK))
        old = deployment.current_master()
        deployment.pause(old)
        deployment.wait_for_failover(old)
        deployment.resume(old)
        wait_for(lambda: old.role() == "slave", 30, "the old master follows",
                 redis.ConnectionError)

    def test_two_masters(self):
        deployment = self.use(Deployment(
            replicas=1, master_names=("nautobot", "cache")))
        old = deployment.failover("cache")
        deployment.wait_for_failover(old)
        self.assertIs(deployment.current_master("nautobot"),
                      deployment.groups["nautobot"][0])
        self.assertIs(deployment.current_master("cache"),
                      deployment.groups["cache"][1])


class AccessTest(LabCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            password="data-pw", sentinel_password="sentinel-pw"))

    def test_passwords_are_needed(self):
        for server in (self.deployment.nodes[0], self.deployment.sentinels[0]):
            with server.client(password=None) as client:
                with self.assertRaises(redis.AuthenticationError):
                    client.ping()
            self.assertEqual(server.cli("PING"), "PONG")

    def test_exporter_user_of_a_node(self):
        user, password = DATA_USER
        with self.deployment.nodes[0].client(
                username=user, password=password) as client:
            self.assertIn("role", client.info("replication"))
            self.assertEqual(client.llen("celery"), 0)
            for command in (("LPUSH", "celery", "x"), ("GET", "celery"),
                            ("CONFIG", "GET", "*")):
                with self.assertRaises(redis.exceptions.NoPermissionError):
                    client.execute_command(*command)

    def test_exporter_user_of_a_sentinel(self):
        user, password = SENTINEL_USER
        with self.deployment.sentinels[0].client(
                username=user, password=password) as client:
            self.assertTrue(client.execute_command("SENTINEL", "MASTERS"))
            for command in (("SENTINEL", "FAILOVER", "nautobot"),
                            ("SENTINEL", "CONFIG", "GET", "*"),
                            ("SHUTDOWN",)):
                with self.assertRaises(redis.exceptions.NoPermissionError):
                    client.execute_command(*command)

    def length(self, key, db):
        return self.deployment.current_master().call("LLEN", key, db=db)

    def test_index_on_the_last_url_only(self):
        app = celery_app.app_for(self.deployment, last_db=3)
        celery_app.publish(app, "trapped", 2)
        self.assertEqual(self.length("trapped", 0), 2)
        self.assertEqual(self.length("trapped", 3), 0)

    def test_index_on_every_url(self):
        app = celery_app.app_for(self.deployment, db=3)
        celery_app.publish(app, "told", 2)
        self.assertEqual(self.length("told", 0), 0)
        self.assertEqual(self.length("told", 3), 2)

    def test_priorities(self):
        app = celery_app.app_for(self.deployment)
        for priority in range(10):
            celery_app.publish(app, "steps", 1, priority)
        self.assertEqual(
            [self.length("steps" + step, 0)
             for step in ("", SEP + "3", SEP + "6", SEP + "9")], [3, 3, 3, 1])

    def test_worker(self):
        worker = self.use(CeleryWorker(self.deployment, ("work",), db=5))
        app = celery_app.app_for(self.deployment, db=5)
        celery_app.publish(app, "work", 3)
        celery_app.publish(app, "work", task="lab.sleepy")
        celery_app.publish(app, "work", 2)
        wait_for(lambda: self.length("work", 5) == 1, 20,
                 "one running, one prefetched, one waiting")
        children = subprocess.run(
            ["pgrep", "-P", str(worker.process.pid)], text=True,
            capture_output=True, check=True).stdout.split()
        worker.kill()
        for child in children:
            wait_for(lambda pid=child: not os.path.exists("/proc/" + pid), 5,
                     "the pool is gone with its worker")
        self.assertEqual(self.length("work", 5), 1)


class ProcessTest(LabCase):
    SCRIPT = """if True:
        import sys, time
        from tests.lab import process
        process.interrupt_on_signals()
        print(process.Process("sleep", ["sleep", "600"]).start().pid,
              flush=True)
        time.sleep(600)
        """

    def check_child_goes(self, number):
        runner = subprocess.Popen(
            ["/usr/bin/python3", "-c", self.SCRIPT], cwd=process.ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, "LAB_DIR": process.scratch()})
        with runner:
            child = runner.stdout.readline().strip()
            self.assertTrue(os.path.exists("/proc/" + child))
            runner.send_signal(number)
        wait_for(lambda: not os.path.exists("/proc/" + child), 5,
                 "the child is gone with its runner")

    def test_runner_killed(self):
        self.check_child_goes(signal.SIGKILL)

    def test_runner_terminated(self):
        self.check_child_goes(signal.SIGTERM)

    def test_log_and_exit_code(self):
        child = process.Process("talk", ["sh", "-c", "echo hello; exit 3"])
        self.addCleanup(child.kill)
        child.start().wait_log("hello")
        wait_for(lambda: child.exit_code() == 3, 5, "it ends")
        with self.assertRaisesRegex(AssertionError, r"talk ended \(3\)"):
            child.wait_log("never")

    def test_ports_differ_between_processes(self):
        mine = ports.free_port()
        self.addCleanup(ports.release, mine)
        script = ("from tests.lab import ports\n"
                  "lock = ports._reserve(%d)\n"
                  "print(lock is None)" % mine)
        done = subprocess.run(["/usr/bin/python3", "-c", script],
                              cwd=process.ROOT, capture_output=True,
                              text=True, check=True)
        self.assertEqual(done.stdout, "True\n")

    def test_timeout_says_what(self):
        with self.assertRaisesRegex(Timeout, "the moon"):
            wait_for(lambda: False, 0.1, "the moon")


HEAD = "# HELP a_total A.\n# TYPE a_total counter\n"
HISTOGRAM = "# HELP h H.\n# TYPE h histogram\n"


class ExpositionTest(LabCase):
    def test_values(self):
        read = Exposition(
            HEAD + 'a_total{x="1",y="\\"\\n\\\\"} 2\na_total{x="2"} 3e3\n')
        self.assertEqual(read.value("a_total", x=2), 3000)
        self.assertEqual(read.series("a_total", x="1")[0][0]["y"], '"\n\\')
        self.assertEqual(read.by("x", "a_total"), {"1": 2, "2": 3000})
        self.assertIsNone(read.get("a_total", x="9"))
        with self.assertRaises(AssertionError):
            read.value("a_total")

    def test_refused(self):
        for text in (
                "a_total 1\n",                          # nothing announced
                "# HELP a_total A.\na_total 1\n",       # TYPE is missing
                HEAD + "a_total 1",                     # no newline
                HEAD + "a_total 1\na_total 2\n",        # twice
                HEAD + HEAD,
                HEAD + "b 1\n",
                HEAD + "a_total NaN\n",
                HEAD + "a_total -1\n",
                HEAD + "a_total 1 1700000000\n",        # a timestamp
                HEAD + 'a_total{x="1",} 1\n',
                HEAD + 'a_total{x="1",x="2"} 1\n',
                HEAD + 'a_total{x="\\t"} 1\n',
                HEAD.replace("a_total", "a") + "a 1\n",
                HISTOGRAM + 'h_bucket{le="1"} 1\nh_sum 1\nh_count 1\n',
                HISTOGRAM + 'h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\n'
                "h_sum 1\nh_count 1\n"):
            with self.subTest(text=text), self.assertRaises(ExpositionError):
                Exposition(text)

    def test_histogram(self):
        read = Exposition(HISTOGRAM + 'h_bucket{le="1"} 1\n'
                          'h_bucket{le="+Inf"} 2\nh_sum 3.5\nh_count 2\n')
        self.assertEqual(read.value("h_bucket", le="+Inf"), 2)


class PrometheusTest(LabCase):
    def test_scrapes(self):
        port = ports.free_port()
        self.addCleanup(ports.release, port)
        prometheus = self.use(Prometheus(["127.0.0.1:%d" % port]))
        found = prometheus.wait_query('up{job="sentinel-exporter"}')
        self.assertEqual([value for _, value in found], [0])
        self.assertEqual(prometheus.targets()[0]["health"], "down")
        self.assertEqual(prometheus.firing(), [])
