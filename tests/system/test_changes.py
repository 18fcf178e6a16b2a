"""Whatever a reply makes of the picture, whoever was asked goes on safely.

Every way in which sentinels, nodes and masters come, go, get another name,
join or part, brought about by the reply to every question that we ask: with
scripted peers, under the sanitizer. Exporter.stop() fails the test when the
sanitizer or an assertion complained.
"""

from tests.fake.scripted import (ScriptedPeer, array, bulk, error, fields,
                                 info, node_answers, sentinel_answers)
from tests.lab.case import LabCase
from tests.lab.exporter import Exporter
from tests.lab.wait import wait_for

FAST = ("--poll.interval=200ms", "--poll.timeout=150ms",
        "--poll.stale-after=900ms")
NAME = "mymaster"


def master_fields(host, port, **more):
    return fields({
        "name": NAME, "ip": host, "port": port, "runid": "",
        "flags": "master", "last-ok-ping-reply": 10,
        "down-after-milliseconds": 1000, "info-refresh": 100,
        "config-epoch": 1, "num-slaves": 0, "num-other-sentinels": 2,
        "quorum": 2, "failover-timeout": 10000, "parallel-syncs": 1, **more})


def replica_fields(host, port, run_id=""):
    return fields({
        "name": "%s:%d" % (host, port), "ip": host, "port": port,
        "runid": run_id, "flags": "slave", "last-ok-ping-reply": 10,
        "info-refresh": 100, "master-link-status": "ok",
        "slave-priority": 100, "slave-repl-offset": 1})


def peer_fields(host, port, peer_id):
    return fields({"name": peer_id, "ip": host, "port": port,
                   "runid": peer_id, "flags": "sentinel",
                   "last-hello-message": 10})


def sentinel(number, host, port, **more):
    """The answers of a sentinel that names that master."""
    own = master_fields(host, port)
    return sentinel_answers((host, port), NAME, **{
        "SENTINEL MASTERS": array(own), "SENTINEL MASTER": own,
        "SENTINEL MYID": bulk("%040x" % number),
        "INFO": info(redis_version="7.0.15", redis_mode="sentinel",
                     run_id="%040x" % (100 + number), uptime_in_seconds=60,
                     sentinel_masters=1, sentinel_tilt=0,
                     sentinel_running_scripts=0,
                     sentinel_scripts_queue_length=0), **more})


def node(number, role="master", **more):
    return node_answers(INFO=info(
        redis_version="7.0.15", run_id="%040x" % (200 + number),
        uptime_in_seconds=60, role=role, loading=0, connected_clients=1,
        master_replid="e" * 40, master_repl_offset=1, **more))


class Picture:
    """Two sentinels and two nodes, as they answer: a change of it shows in
    every answer that is given afterwards."""

    def __init__(self, case):
        # Two nodes that are joined keep the first address in order; the
        # master's, or nobody would be left to answer as the master.
        self.nodes = sorted((case.use(ScriptedPeer({})) for _ in (0, 1)),
                            key=lambda node: node.address)
        self.sentinels = [case.use(ScriptedPeer({})) for _ in (0, 1)]
        self.armed = None           # (command, change), until it was asked
        self.asked = 0              # polls of both sentinels
        self.restore()
        for i in (0, 1):
            self.nodes[i].answers.update(self.node_answers(i))
            self.sentinels[i].answers.update(self.sentinel_answers(i))

    def restore(self):
        self.monitored = True
        self.replica_listed = True
        self.peers_listed = True
        self.master = 0
        self.epoch = 1
        self.hosts = ["127.0.0.1", "127.0.0.1"]
        self.run_ids = ["%040x" % (1 + i) for i in (0, 1)]
        self.ids = ["%040x" % (10 + i) for i in (0, 1)]
        self.process_ids = ["%040x" % (20 + i) for i in (0, 1)]
        self.sentinel_hosts = ["127.0.0.1", "127.0.0.1"]

    # What may happen.

    def master_removed(self):
        self.monitored = False

    def replica_removed(self):
        self.replica_listed = False

    def master_renamed(self):
        self.hosts[self.master] = "localhost"

    def both_renamed(self):
        self.hosts = ["localhost", "localhost"]

    def nodes_joined(self):
        self.run_ids[1] = self.run_ids[0]

    def nodes_exchanged(self):
        self.run_ids.reverse()

    def switched(self):
        self.master = 1 - self.master
        self.epoch += 1

    def sentinel_renamed(self):
        self.sentinel_hosts[1] = "localhost"

    def sentinels_joined(self):
        self.ids[1] = self.ids[0]
        self.process_ids[1] = self.process_ids[0]

    def sentinels_copied(self):
        self.ids[1] = self.ids[0]

    def sentinel_forgotten(self):
        self.peers_listed = False

    CHANGES = (master_removed, replica_removed, master_renamed, both_renamed,
               nodes_joined, nodes_exchanged, switched, sentinel_renamed,
               sentinels_joined, sentinels_copied, sentinel_forgotten)

    # How it answers.

    def on(self, key, answer):
        """The armed change happens as soon as that command is read."""
        def give(words):
            if self.armed is not None and self.armed[0] == key:
                change = self.armed[1]
                self.armed = None
                change(self)
            return answer(words)
        return give

    def node_answers(self, i):
        def told(words):
            if i == self.master:
                return info(
                    redis_version="7.0.15", run_id=self.run_ids[i],
                    uptime_in_seconds=60, role="master",
                    connected_clients=1, master_replid="e" * 40,
                    master_repl_offset=1, db0="keys=1,expires=0,avg_ttl=0")
            return info(
                redis_version="7.0.15", run_id=self.run_ids[i],
                uptime_in_seconds=60, role="slave",
                master_host=self.hosts[self.master],
                master_port=self.nodes[self.master].port,
                master_link_status="up", slave_repl_offset=1,
                master_replid="e" * 40, connected_clients=1)

        def role(words):
            return array(bulk("master" if i == self.master else "slave"),
                         b":0\r\n", array())
        plain = node_answers()
        return {**plain, "INFO": self.on("INFO", told),
                "ROLE": self.on("ROLE", role),
                "LLEN": self.on("LLEN", lambda words: b":3\r\n"),
                "CLIENT SETNAME": self.on("SETNAME",
                                          lambda words: b"+OK\r\n")}

    def fields_of_master(self):
        return master_fields(
            self.hosts[self.master], self.nodes[self.master].port,
            runid=self.run_ids[self.master], **{"config-epoch": self.epoch})

    def sentinel_answers(self, i):
        def masters(words):
            self.asked += 1
            return array(self.fields_of_master()) if self.monitored \
                else array()

        def named(answer):
            return lambda words: answer() if self.monitored else error(
                "ERR No such master with that name")

        def replicas():
            other = 1 - self.master
            return array(replica_fields(
                self.hosts[other], self.nodes[other].port,
                self.run_ids[other])) if self.replica_listed else array()

        def peers():
            other = 1 - i
            return array(peer_fields(
                self.sentinel_hosts[other], self.sentinels[other].port,
                self.ids[other])) if self.peers_listed else array()

        def address():
            return array(bulk(self.hosts[self.master]),
                         bulk(str(self.nodes[self.master].port)))

        def told(words):
            return info(redis_version="7.0.15", redis_mode="sentinel",
                        run_id=self.process_ids[i], uptime_in_seconds=60,
                        sentinel_masters=1, sentinel_tilt=0,
                        sentinel_running_scripts=0,
                        sentinel_scripts_queue_length=0)
        return {**sentinel_answers(("127.0.0.1", 1), NAME),
                "INFO": told,
                "PSUBSCRIBE": self.on("PSUBSCRIBE", lambda words: array(
                    bulk("psubscribe"), bulk("*"), b":1\r\n")),
                "SENTINEL MYID": lambda words: bulk(self.ids[i]),
                "SENTINEL MASTERS": self.on("MASTERS", masters),
                "SENTINEL MASTER": self.on("MASTER",
                                           named(self.fields_of_master)),
                "SENTINEL REPLICAS": named(replicas),
                "SENTINEL SENTINELS": named(peers),
                "SENTINEL GET-MASTER-ADDR-BY-NAME": self.on(
                    "ADDRESS", named(address))}


class EveryChangeInEveryCallback(LabCase):
    """One test for each question; every change in each, one by one."""

    def watch(self):
        self.picture = Picture(self)
        self.exporter = self.use(Exporter(
            *("--sentinel.addr=" + each.address
              for each in self.picture.sentinels),
            "--celery.queue=celery", *FAST))
        self.settled()

    def rounds(self, n):
        start = self.picture.asked
        wait_for(lambda: self.picture.asked >= start + 2 * n
                 or not self.exporter.process.running(),
                 message="%d rounds" % n)
        self.assertTrue(self.exporter.process.running(),
                        self.exporter.process.log_tail())

    def settled(self):
        self.exporter.wait_value(1, "sentinel_master_up", master_name=NAME)
        self.exporter.wait_value(lambda n: n > 0, "sentinel_celery_queue_length",
                                 queue="celery")

    def each_change(self, command, provoke=None):
        self.watch()
        for change in Picture.CHANGES:
            with self.subTest(command=command, change=change.__name__):
                self.picture.armed = (command, change)
                if provoke is not None:
                    provoke()
                wait_for(lambda: self.picture.armed is None,
                         message="%s was asked" % command)
                self.rounds(2)
                self.exporter.scrape()
                self.picture.restore()
                self.picture.epoch += 10
                self.settled()
        self.exporter.stop()

    def event(self, channel="+sdown"):
        for each in self.picture.sentinels:
            each.publish(channel, "master %s 127.0.0.1 %d" % (
                NAME, self.picture.nodes[self.picture.master].port))

    def cut(self, peer):
        for each in tuple(peer.clients):
            try:
                each.shutdown(2)
            except OSError:
                pass

    def test_while_a_sentinel_is_polled(self):
        self.each_change("MASTERS")

    def test_between_the_two_halves_of_a_view(self):
        self.each_change("ADDRESS")

    def test_while_an_event_has_a_master_read(self):
        self.each_change("MASTER", self.event)

    def test_while_a_node_tells_info(self):
        self.each_change("INFO")

    def test_while_a_node_tells_its_role(self):
        self.each_change("ROLE")

    def test_while_queues_are_read(self):
        self.each_change("LLEN")

    def test_while_the_event_stream_comes_back(self):
        self.each_change("PSUBSCRIBE", lambda: self.cut(
            self.picture.sentinels[0]))

    def test_while_a_node_is_dialled(self):
        self.each_change("SETNAME", lambda: self.cut(
            self.picture.nodes[self.picture.master]))


class TwoNamesOfOneNode(LabCase):
    def test_the_reply_that_joins_two_names_frees_neither_source(self):
        """Two sentinels name the master by its host name, one by its address;
        its INFO tells that both are one, and the agreed address changes."""
        master = self.use(ScriptedPeer(node(1)))
        sentinels = [self.use(ScriptedPeer(sentinel(i, host, master.port)))
                     for i, host in enumerate(
                         ("localhost", "localhost", "127.0.0.1"))]
        exporter = self.use(Exporter(
            *("--sentinel.addr=" + each.address for each in sentinels),
            *FAST))
        exporter.wait_value(1, "sentinel_master_up")
        exporter.wait_value(1, "sentinel_master_distinct_addresses",
                            master_name=NAME)
        self.assertEqual(len(exporter.series("sentinel_node_up")), 1)
        exporter.stop()
