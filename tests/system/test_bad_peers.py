"""One bad peer beside a healthy sentinel: it must not hurt the rest."""

import time

from tests.fake.scripted import (HANG_UP, ScriptedPeer, array, bulk, error,
                                 fields, node_answers, sentinel_answers)
from tests.lab.case import LabCase
from tests.lab.exporter import Exporter
from tests.lab.wait import SLOWNESS, wait_for

MIB = 1024 * 1024
# What AddressSanitizer adds; the release build needs none of it.
LIMIT = 64 * MIB if SLOWNESS == 1 else 512 * MIB


def resident(exporter):
    with open("/proc/%d/status" % exporter.process.pid,
              encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM")


class BadPeerTest(LabCase):
    def begin(self, **answers):
        node = self.use(ScriptedPeer(node_answers()))
        master = ("127.0.0.1", node.port)
        self.healthy = self.use(ScriptedPeer(sentinel_answers(master)))
        answers = {"SENTINEL MYID": bulk("c" * 40), **answers}
        self.bad = self.use(ScriptedPeer(sentinel_answers(master, **answers)))
        self.exporter = self.use(Exporter(
            "--sentinel.addr=" + self.healthy.address,
            "--sentinel.addr=" + self.bad.address,
            "--poll.interval=500ms"))

    def check(self, seconds=3):
        """The healthy one is polled, scrapes are quick, memory is bounded."""
        self.exporter.wait_value(1, "sentinel_up",
                                 sentinel=self.healthy.address)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.monotonic()
            self.exporter.scrape()
            self.assertLess(time.monotonic() - begun, 0.1 * 5 * SLOWNESS)
            time.sleep(0.05)
        self.exporter.wait_value(1, "sentinel_up",
                                 sentinel=self.healthy.address)
        self.assertLess(resident(self.exporter), LIMIT)

    def test_lists_of_empty_arrays(self):
        """0.95 MB on the wire each, for 300 masters, were 2.4 GB of memory."""
        empty = array(*[b"*0\r\n"] * 190000)
        names = ["m%d" % i for i in range(300)]
        self.begin(**{
            "SENTINEL MASTERS": array(*(fields({
                "name": name, "ip": "127.0.0.1", "port": 1, "runid": "",
                "flags": "master", "config-epoch": 1, "quorum": 1})
                for name in names)),
            "SENTINEL REPLICAS": empty, "SENTINEL SENTINELS": empty})
        self.check()

    def test_a_line_without_end(self):
        """Looked through again with each piece, 15 MB cost 8.4 s of CPU."""
        self.begin(INFO=b"+" + b"a" * (15 * MIB))
        self.check()
        self.exporter.wait_log("a line of more than 65536 bytes")

    def test_refuses_and_hangs_up(self):
        """It was dialled 780 to 1,540 times a second."""
        self.begin(PSUBSCRIBE=error("NOPERM no"), SUBSCRIBE=HANG_UP)
        wait_for(lambda: self.bad.accepted > 0, 10, "it is dialled")
        before = self.bad.accepted
        time.sleep(3)
        self.assertLess((self.bad.accepted - before) / 3, 10)
        self.check(1)

    def test_a_list_that_is_announced_and_never_comes(self):
        self.begin(**{"SENTINEL REPLICAS": b"*199999\r\n",
                      "SENTINEL SENTINELS": b"*199999\r\n" + bulk("x")})
        self.check()
