"""What happens to a process: signals, a second one, a log that nobody reads,
no descriptors left."""

import os
import resource
import signal
import subprocess
import time

from tests.lab import process
from tests.lab.case import LabCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter, check_sanitizers, run
from tests.lab.failover import StateCase
from tests.lab.ports import free_port, release
from tests.lab.process import new_directory
from tests.lab.wait import wait_for

NOBODY = "--sentinel.addr=127.0.0.1:1"
FILLER = b"x" * 4095 + b"\n"
LAST_POLL = "sentinel_exporter_last_poll_timestamp_seconds"


class SignalTest(LabCase):
    def test_signals_that_mean_nothing_do_not_kill(self):
        exporter = self.use(Exporter(NOBODY))
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM,
                       signal.SIGHUP, signal.SIGPIPE, signal.SIGVTALRM,
                       signal.SIGIO, signal.SIGXFSZ, signal.SIGRTMIN):
            exporter.process.signal(number)
        last = exporter.value(LAST_POLL)
        exporter.wait_value(lambda v: v > last, LAST_POLL)
        self.assertTrue(exporter.process.running())


class LockTest(LabCase):
    def test_second_process_on_a_state_file_is_refused(self):
        path = os.path.join(new_directory("state"), "state.json")
        first = self.use(Exporter(NOBODY, "--state.file=" + path))
        port = free_port()
        self.addCleanup(release, port)
        done = run("--web.listen-address=127.0.0.1:%d" % port, NOBODY,
                   "--state.file=" + path)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(path, done.stderr)
        self.assertIn("(%d)" % first.process.pid, done.stderr)
        first.kill()
        second = self.use(Exporter(NOBODY, "--state.file=" + path))
        self.assertTrue(second.process.running())


class LogTest(LabCase):
    @staticmethod
    def full_pipe():
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        try:
            while True:
                os.write(writer, FILLER)
        except BlockingIOError:
            os.set_blocking(writer, True)
        return reader, writer

    def test_log_that_nobody_reads_does_not_stop_the_watch(self):
        deployment = self.use(Deployment())
        exporter = Exporter.watching(deployment, "--poll.interval=300ms")
        self.addCleanup(release, exporter.port)
        reader, writer = self.full_pipe()
        popen = subprocess.Popen(
            exporter.process.argv,
            env=exporter.process.env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=writer,
            preexec_fn=lambda parent=os.getpid(): process.die_with(parent))
        os.close(writer)
        self.addCleanup(popen.wait)
        self.addCleanup(popen.kill)
        wait_for(lambda: exporter.get("/-/ready").status == 200, 20,
                 "ready", OSError)
        exporter.wait_value(lambda lost: lost > 0,
                            "sentinel_exporter_log_lines_dropped_total")
        for _ in range(3):
            last = exporter.value(LAST_POLL)
            exporter.wait_value(lambda v, last=last: v > last, LAST_POLL)
        begin = time.monotonic()
        popen.send_signal(signal.SIGTERM)
        # The pipe is full: the last lines are lost, the end is not.
        self.assertEqual(popen.wait(20), 0)
        self.assertLess(time.monotonic() - begin, 10)
        with open(reader, encoding="utf-8", errors="replace") as stream:
            text = stream.read()
        check_sanitizers(text)
        for line in text.splitlines():
            self.assertEqual(line.encode() + b"\n", FILLER)


class DescriptorTest(LabCase):
    def test_peers_leave_descriptors_for_scrapes(self):
        """More connections are wanted than there are descriptors: all of
        them were taken, and no scrape was ever answered."""
        deployment = self.use(Deployment())
        exporter = Exporter.watching(deployment, "--poll.interval=300ms")
        exporter.process.argv[:0] = ["prlimit", "--nofile=19:1024"]
        self.use(exporter)
        for _ in range(10):
            last = exporter.value(LAST_POLL)
            exporter.wait_value(lambda v, last=last: v > last, LAST_POLL)
        exporter.wait_log("Too many open files")
        # The limit is lifted: all is well again.
        whole = resource.prlimit(exporter.process.pid,
                                 resource.RLIMIT_NOFILE)
        self.assertEqual(whole[0], 19)
        resource.prlimit(exporter.process.pid, resource.RLIMIT_NOFILE,
                         (1024, whole[1]))
        exporter.wait_scrape(
            lambda read: read.values("sentinel_up") == [1] * 3
            and read.values("sentinel_node_up") == [1] * 3, 30)

    def test_scrapes_go_on_without_descriptors(self):
        deployment = self.use(Deployment())
        exporter = self.use(Exporter.watching(
            deployment, "--poll.interval=300ms"))
        exporter.wait_scrape(
            lambda read: read.values("sentinel_up") == [1] * 3)
        pid = exporter.process.pid
        used = len(os.listdir("/proc/%d/fd" % pid))
        whole = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        for sentinel in deployment.sentinels:
            sentinel.kill()
        # What is free now is what a scrape needs.
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (used, whole[1]))
        exporter.wait_scrape(
            lambda read: read.values("sentinel_up") == [0] * 3, 30)
        for _ in range(3):
            last = exporter.value(LAST_POLL)
            exporter.wait_value(lambda v, last=last: v > last, LAST_POLL)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, whole)
        for sentinel in deployment.sentinels:
            sentinel.start()
        exporter.wait_scrape(
            lambda read: read.values("sentinel_up") == [1] * 3, 60)


class StopTest(StateCase):
    def test_stopped_in_the_middle_of_a_failover_it_is_counted_once(self):
        self.begin()
        self.wait_kept(epoch=0)
        old = self.deployment.current_master()
        self.exporter.process.pause()
        try:
            self.deployment.failover()
            self.deployment.wait_for_failover(old)
            self.wait_follows(old)
        finally:
            self.exporter.process.resume()
        self.exporter.wait_scrape(
            lambda read: sum(read.values("sentinel_failovers_total")) == 1,
            20)
        self.wait_rounds(4)
        self.assertEqual(sum(self.exporter.values(
            "sentinel_failovers_total")), 1)
        self.wait_kept(epoch=1)
