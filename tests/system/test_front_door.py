"""Slow and many clients: a scrape comes through, whoever else is there."""

import http.client
import os
import socket
import time

from tests.fake import scripted
from tests.lab import exporter as lab_exporter
from tests.lab.case import LabCase
from tests.lab.exporter import Exporter
from tests.lab.ports import free_port
from tests.lab.visitors import Visitors, addresses
from tests.lab.wait import SLOWNESS, wait_for

POLL = ("--poll.interval=1s", "--poll.timeout=500ms")
MASTERS = 300           # make an exposition of more than half a megabyte
MAX_CONNECTIONS = 256
SANITIZED = "asan" in lab_exporter.binary()
MEMORY_MAX = (300 if SANITIZED else 64) << 20
# Freed memory is kept by ASan, which is no leak of ours.
ENVIRONMENT = {"ASAN_OPTIONS": "quarantine_size_mb=8"}


class ManyMasters(scripted.ScriptedPeer):
    """A sentinel that watches many masters, none of which answers."""

    def __init__(self):
        dead = ("127.0.0.1", free_port())
        self.masters = {
            name: scripted.sentinel_answers(dead, name)["SENTINEL MASTER"]
            for name in ("master-%03d" % n for n in range(MASTERS))}
        super().__init__({
            **scripted.sentinel_answers(dead),
            "SENTINEL MASTERS": scripted.array(*self.masters.values())})

    def _answer(self, client, words):
        if [word.upper() for word in words[:2]] == ["SENTINEL", "MASTER"]:
            client.sendall(self.masters[words[2]])
            return True
        return super()._answer(client, words)


class FrontDoorTest(LabCase):
    def watch(self, *flags):
        sentinel = self.use(ManyMasters())
        exporter = self.use(Exporter("--sentinel.addr=" + sentinel.address,
                                     *POLL, *flags, env=ENVIRONMENT))
        wait_for(lambda: len(exporter.get("/metrics").body) > 400000, 20,
                 "every master is shown")
        return exporter

    @staticmethod
    def scrape(exporter):
        """Seconds until a scrape was there, whole."""
        begin = time.monotonic()
        connection = http.client.HTTPConnection(
            "127.0.0.1", exporter.port, timeout=10 * SLOWNESS)
        try:
            connection.request("GET", "/metrics")
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        assert answer.status == 200, answer.status
        assert b"\nprocess_threads " in body, body[-200:]
        return time.monotonic() - begin

    @staticmethod
    def memory(exporter):
        with open("/proc/%d/statm" % exporter.process.pid,
                  encoding="ascii") as f:
            return int(f.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    @staticmethod
    def descriptors(exporter):
        return len(os.listdir("/proc/%d/fd" % exporter.process.pid))

    def crowd_from(self, count):
        exporter = self.watch()
        crowd = self.use(Visitors(exporter.port, addresses(count),
                                  drip=1000, idle=1000, never_read=500))
        wait_for(lambda: crowd.connects > 2500, 30, "all have come")
        slow, memory, open_files = [], [], []
        for _ in range(100):
            slow.append(self.scrape(exporter))
            memory.append(self.memory(exporter))
            open_files.append(self.descriptors(exporter))
        self.assertLess(max(slow), 1 * SLOWNESS)
        self.assertLess(max(memory), MEMORY_MAX)
        # Those who have just been thrown out are closed a moment later.
        self.assertLess(max(open_files), 2 * MAX_CONNECTIONS)
        self.assertGreater(crowd.thrown_out, 100)

    def test_a_crowd_from_one_address(self):
        self.crowd_from(1)

    def test_a_crowd_from_200_addresses(self):
        self.crowd_from(200)

    def test_who_asks_and_leaves_holds_no_place(self):
        """Connect, half a line, close: 300 of these shut an address out."""
        exporter = self.watch("--web.max-connections=16")
        for n in range(600):
            with socket.create_connection(("127.0.0.1",
                                           exporter.port)) as client:
                client.sendall(b"GET /metrics HT")
            if n % 20 == 0:
                self.assertLess(self.scrape(exporter), 1 * SLOWNESS)
        wait_for(lambda: self.descriptors(exporter) < 40, 5,
                 "their descriptors are closed")

    def test_a_dripped_header_ends_after_ten_seconds(self):
        exporter = self.watch()
        text = b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 1000
        with socket.create_connection(("127.0.0.1", exporter.port)) as client:
            begin = time.monotonic()
            with self.assertRaises(OSError):
                for byte in text:
                    client.sendall(bytes([byte]))
                    client.settimeout(0.2)
                    try:
                        if not client.recv(100):
                            raise OSError("hung up")
                    except TimeoutError:
                        pass
            took = time.monotonic() - begin
        self.assertGreater(took, 9)
        self.assertLess(took, 10 + 2 * SLOWNESS)

    def test_a_kept_alive_client_that_drips_ends_too(self):
        exporter = self.watch()
        with socket.create_connection(("127.0.0.1", exporter.port)) as client:
            client.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b"200 OK", client.recv(4096))
            client.settimeout(0.2)
            begin = time.monotonic()
            with self.assertRaises(OSError):
                for byte in b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 1000:
                    client.sendall(bytes([byte]))
                    try:
                        if not client.recv(4096).strip(b"Healthy\n"):
                            raise OSError("hung up")
                    except TimeoutError:
                        pass
            self.assertLess(time.monotonic() - begin, 11 + 2 * SLOWNESS)

    def test_many_arguments_are_refused(self):
        """1,000 were never answered."""
        exporter = self.watch()
        query = "&".join("a%d=1" % n for n in range(1000))
        self.assertEqual(exporter.get("/metrics?" + query).status, 414)
        # On a connection that lives on, it ends.
        connection = http.client.HTTPConnection(
            "127.0.0.1", exporter.port, timeout=5 * SLOWNESS)
        self.addCleanup(connection.close)
        connection.request("GET", "/-/healthy")
        connection.getresponse().read()
        with self.assertRaises((http.client.HTTPException, OSError)):
            connection.request("GET", "/metrics?" + query)
            connection.getresponse()

    def test_metrics_are_the_same_plain_and_compressed(self):
        exporter = self.watch()

        def lines(headers):
            text = exporter.get("/metrics", headers).text
            return [line for line in text.splitlines()
                    if "master-" in line]
        self.assertGreater(len(lines({})), MASTERS)
        wait_for(lambda: lines({}) == lines({"Accept-Encoding": "gzip"}), 10,
                 "one snapshot is shown in both codings")
