"""Sentinels given by name, and sentinels that turn out to be known already."""

import os
import subprocess
import tempfile

from tests.fake.scripted import ScriptedPeer, bulk, sentinel_answers
from tests.lab.case import LabCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter

POLL = ("--poll.interval=400ms", "--poll.timeout=300ms",
        "--poll.stale-after=2s")


class NamesTest(LabCase):
    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment())
        cls.addresses = {s.address for s in cls.deployment.sentinels}

    def sentinels(self, exporter):
        return {labels["sentinel"]: value for labels, value in
                exporter.series("sentinel_up")}

    def test_localhost_is_one_sentinel(self):
        """::1 and 127.0.0.1 are two ways to one host, not two sentinels; its
        label is how its peers announce it."""
        port = self.deployment.sentinels[0].port
        exporter = self.use(Exporter(
            "--sentinel.addr=localhost:%d" % port, *POLL))
        exporter.wait_scrape(lambda s: {
            labels["sentinel"]: value for labels, value in
            s.series("sentinel_up")} == dict.fromkeys(self.addresses, 1))

    def test_the_same_sentinel_twice(self):
        sentinel = self.deployment.sentinels[0]
        exporter = self.use(Exporter(
            "--sentinel.addr=localhost:%d" % sentinel.port,
            "--sentinel.addr=" + sentinel.address, *POLL))
        exporter.wait_scrape(lambda s: {
            labels["sentinel"] for labels, _ in
            s.series("sentinel_up")} == self.addresses)
        scrape = exporter.scrape()
        self.assertEqual(scrape.values("sentinel_up"), [1, 1, 1])
        self.assertEqual(
            scrape.values("sentinel_master_agreeing_sentinels"), [3])

    def test_a_dead_name_beside_a_live_one(self):
        sentinel = self.deployment.sentinels[0]
        exporter = self.use(Exporter(
            "--sentinel.addr=no-such-host.invalid:26379",
            "--sentinel.addr=" + sentinel.address, *POLL))
        exporter.wait_value(1, "sentinel_master_up")
        exporter.wait_scrape(lambda s: s.values(
            "sentinel_up", sentinel="no-such-host.invalid:26379") == [0])


class SeveralAddressesTest(LabCase):
    """A headless service: one name, a sentinel behind each of its addresses.
    The exporter runs with an /etc/hosts of its own."""

    NAME = "sentinels.test"

    def setUp(self):
        self.hosts = tempfile.NamedTemporaryFile("w", suffix=".hosts")
        self.addCleanup(self.hosts.close)
        probe = subprocess.run(
            self.inside(["true"]), capture_output=True, text=True)
        if probe.returncode != 0:
            self.skipTest("no mount namespace here: " + probe.stderr.strip())
        self.peers = []

    def inside(self, argv):
        return ["unshare", "--mount", "sh", "-c",
                'mount --bind "$0" /etc/hosts && exec "$@"',
                self.hosts.name, *argv]

    def stand_for(self, hosts):
        self.hosts.seek(0)
        self.hosts.truncate()
        for host in hosts:
            self.hosts.write("%s %s\n" % (host, self.NAME))
        self.hosts.flush()
        os.fsync(self.hosts.fileno())

    def listen(self, host, port, digit):
        peer = self.use(ScriptedPeer(
            sentinel_answers(("127.0.0.1", 1),
                             **{"SENTINEL MYID": bulk(digit * 40)}),
            address=(host, port)))
        self.peers.append(peer)
        return peer

    def test_all_of_them_and_those_that_come_and_go(self):
        first = self.listen("127.0.0.1", 0, "1")
        second = self.listen("127.0.0.2", first.port, "2")
        self.stand_for(["127.0.0.1", "127.0.0.2"])
        exporter = Exporter("--sentinel.addr=%s:%d" % (self.NAME, first.port),
                            *POLL)
        exporter.process.argv = self.inside(exporter.process.argv)
        self.use(exporter)
        exporter.wait_scrape(lambda s: {
            labels["sentinel"]: value for labels, value in
            s.series("sentinel_up")} == {first.address: 1, second.address: 1})
        # A pod moves: its old address is forgotten, its new one found.
        third = self.listen("127.0.0.3", first.port, "3")
        self.stand_for(["127.0.0.1", "127.0.0.3"])
        second.stop()
        exporter.wait_scrape(lambda s: {
            labels["sentinel"]: value for labels, value in
            s.series("sentinel_up")} == {first.address: 1, third.address: 1},
            timeout=15)
