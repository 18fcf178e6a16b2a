"""Whatever a reply makes of the picture, whoever was asked goes on safely.

Every way in which sentinels, nodes and masters come, go, get another name,
join or part, brought about by the reply to every question that we ask: with
scripted peers, under the sanitizer. Exporter.stop() fails the test when the
sanitizer or an assertion complained.
"""

from tests.fake.scripted import (ScriptedPeer, array, bulk, fields, info,
                                 node_answers, sentinel_answers)
from tests.lab.case import LabCase
from tests.lab.exporter import Exporter

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
