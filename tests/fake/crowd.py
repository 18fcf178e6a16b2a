"""Three sentinels that watch many masters, each with a replica: all of them
scripted, in one process, so that growth can be measured on one machine.

    python3 -m tests.fake.crowd MASTERS

Prints one line of JSON: the sentinels' addresses. Then it reads commands, one
a line, and answers each with a line of JSON:

    switch NAME     the replica of that master is promoted: every sentinel
                    shows it and publishes +switch-master; {"at": monotonic
                    time of the word, "address": the new master}
    asked           {"commands": how many were answered so far}

A real deployment of that size cannot stand on one machine: sentinels' hello
messages grow with the square of the names on one server.
"""

import asyncio
import json
import resource
import sys
import time

from tests.fake.scripted import array, bulk, error, fields, info

SENTINELS = 3
QUORUM = 2
PORT = 16379
OK = b"+OK\r\n"
USABLE = (b"+OK 3 usable Sentinels. Quorum and failover authorization can be "
          b"reached\r\n")


def loopback(number):
    """An address of its own in 127.0.0.0/8, above those that others use."""
    return "127.%d.%d.%d" % (64 + number // 62500, number // 250 % 250,
                             number % 250 + 1)


class Master:
    """One monitored master: two nodes, and which of them it is now."""

    def __init__(self, number):
        self.name = "master-%04d" % number
        self.nodes = [loopback(2 * number), loopback(2 * number + 1)]
        self.run_ids = ["%040x" % (2 * number + 1 + i) for i in (0, 1)]
        self.current = 0
        self.epoch = 1
        self.make_answers()

    @property
    def address(self):
        return "%s:%d" % (self.nodes[self.current], PORT)

    def promote(self):
        self.current = 1 - self.current
        self.epoch += 1
        self.make_answers()

    def make_answers(self):
        """What the sentinels and both nodes answer, until the next switch."""
        host, other = self.nodes[self.current], self.nodes[1 - self.current]
        self.fields = fields({
            "name": self.name, "ip": host, "port": PORT,
            "runid": self.run_ids[self.current], "flags": "master",
            "link-pending-commands": 0, "link-refcount": 1,
            "last-ping-sent": 0, "last-ok-ping-reply": 10,
            "last-ping-reply": 10, "down-after-milliseconds": 5000,
            "info-refresh": 100, "role-reported": "master",
            "role-reported-time": 1000, "config-epoch": self.epoch,
            "num-slaves": 1, "num-other-sentinels": SENTINELS - 1,
            "quorum": QUORUM, "failover-timeout": 180000,
            "parallel-syncs": 1})
        self.replicas = array(fields({
            "name": "%s:%d" % (other, PORT), "ip": other, "port": PORT,
            "runid": self.run_ids[1 - self.current], "flags": "slave",
            "link-pending-commands": 0, "link-refcount": 1,
            "last-ping-sent": 0, "last-ok-ping-reply": 10,
            "last-ping-reply": 10, "down-after-milliseconds": 5000,
            "info-refresh": 100, "role-reported": "slave",
            "role-reported-time": 1000, "master-link-down-time": 0,
            "master-link-status": "ok", "master-host": host,
            "master-port": PORT, "slave-priority": 100,
            "slave-repl-offset": 1000, "replica-announced": 1}))
        self.where = array(bulk(host), bulk(str(PORT)))
        common = {
            "redis_version": "7.0.15", "uptime_in_seconds": 60, "loading": 0,
            "connected_clients": 3, "rejected_connections": 0,
            "used_memory": 1000000, "maxmemory": 0,
            "maxmemory_policy": "noeviction", "evicted_keys": 0,
            "rdb_last_bgsave_status": "ok", "aof_enabled": 0,
            "aof_last_write_status": "ok", "master_replid": "e" * 40,
            "master_repl_offset": 1000}
        self.infos = [None, None]
        self.infos[self.current] = info(
            run_id=self.run_ids[self.current], role="master",
            connected_slaves=1,
            slave0="ip=%s,port=%d,state=online,offset=1000,lag=0" % (
                other, PORT), **common)
        self.infos[1 - self.current] = info(
            run_id=self.run_ids[1 - self.current], role="slave",
            master_host=host, master_port=PORT, master_link_status="up",
            master_last_io_seconds_ago=0, master_sync_in_progress=0,
            slave_repl_offset=1000, slave_priority=100, slave_read_only=1,
            replica_announced=1, **common)


class Connection(asyncio.Protocol):
    """Reads commands, writes what its server answers to them."""

    asked = 0

    def __init__(self, server):
        self.server = server
        self.buffer = b""

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, exc):
        self.server.subscribers.discard(self.transport)

    def data_received(self, data):
        data = self.buffer + data
        answers, at = [], 0
        while True:
            words, end = self.command(data, at)
            if words is None:
                break
            Connection.asked += 1
            answers.append(self.server.answer(words, self.transport))
            at = end
        self.buffer = data[at:]
        self.transport.write(b"".join(answers))

    @staticmethod
    def command(data, at):
        """The words of the command at that place and its end, or None."""
        line = data.find(b"\r\n", at)
        if line < 0:
            return None, at
        words, place = [], line + 2
        for _ in range(int(data[at + 1:line])):
            line = data.find(b"\r\n", place)
            if line < 0:
                return None, at
            size = int(data[place + 1:line])
            place = line + 2 + size + 2
            if place > len(data):
                return None, at
            words.append(data[line + 2:place - 2].decode())
        return words, place


class Server:
    def __init__(self):
        self.subscribers = set()

    def common(self, words, transport):
        first = words[0].upper()
        if first in ("AUTH", "SELECT", "CLIENT"):
            return OK
        if first == "PING":
            if transport in self.subscribers:
                return array(bulk("pong"), bulk(""))
            return b"+PONG\r\n"
        if first in ("PSUBSCRIBE", "SUBSCRIBE"):
            self.subscribers.add(transport)
            return b"".join(array(bulk(first.lower()), bulk(each),
                                  b":%d\r\n" % (i + 1))
                            for i, each in enumerate(words[1:]))
        return error("ERR unknown command '%s'" % words[0])


class Node(Server):
    def __init__(self, master, place):
        super().__init__()
        self.master = master
        self.place = place

    def answer(self, words, transport):
        first = words[0].upper()
        if first == "INFO":
            return self.master.infos[self.place]
        if first == "ROLE":
            if self.place == self.master.current:
                return array(bulk("master"), b":1000\r\n", array())
            return array(bulk("slave"), bulk("127.0.0.1"), b":1\r\n",
                         bulk("connected"), b":1000\r\n")
        if first == "SCAN":
            return array(bulk("0"), array())
        if first in ("LLEN", "HLEN", "SCARD", "ZCOUNT"):
            return b":0\r\n"
        if first in ("SMEMBERS", "ZRANGE"):
            return array()
        return self.common(words, transport)


class Sentinel(Server):
    def __init__(self, number, masters):
        super().__init__()
        self.host = loopback(60000 + number)
        self.id = "%040x" % (0xabc0 + number)
        self.masters = masters      # by name, shared by all sentinels
        self.peers = array()

    def meet(self, others):
        self.peers = array(*(fields({
            "name": each.id, "ip": each.host, "port": PORT, "runid": each.id,
            "flags": "sentinel", "last-ping-sent": 0,
            "last-ok-ping-reply": 10, "last-ping-reply": 10,
            "down-after-milliseconds": 5000, "last-hello-message": 10,
            "voted-leader": "?", "voted-leader-epoch": 0})
            for each in others if each is not self))

    def answer(self, words, transport):
        first = words[0].upper()
        if first == "INFO":
            return info(redis_version="7.0.15", redis_mode="sentinel",
                        run_id=self.id, uptime_in_seconds=60,
                        sentinel_masters=len(self.masters), sentinel_tilt=0,
                        sentinel_running_scripts=0,
                        sentinel_scripts_queue_length=0)
        if first != "SENTINEL":
            return self.common(words, transport)
        word = words[1].upper()
        if word == "MYID":
            return bulk(self.id)
        if word == "MASTERS":
            return array(*(m.fields for m in self.masters.values()))
        master = self.masters.get(words[2])
        if master is None:
            return error("ERR No such master with that name")
        return {"MASTER": master.fields, "REPLICAS": master.replicas,
                "SENTINELS": self.peers, "CKQUORUM": USABLE,
                "GET-MASTER-ADDR-BY-NAME": master.where}[word]

    def publish(self, channel, payload):
        message = array(bulk("pmessage"), bulk("*"), bulk(channel),
                        bulk(payload))
        for each in self.subscribers:
            each.write(message)


class Crowd:
    def __init__(self, count):
        made = [Master(number) for number in range(count)]
        self.masters = {master.name: master for master in made}
        self.sentinels = [Sentinel(number, self.masters)
                          for number in range(SENTINELS)]
        for each in self.sentinels:
            each.meet(self.sentinels)

    async def listen(self):
        loop = asyncio.get_running_loop()
        servers = [(each, each.host) for each in self.sentinels]
        servers += [(Node(master, place), host)
                    for master in self.masters.values()
                    for place, host in enumerate(master.nodes)]
        for server, host in servers:
            await loop.create_server(
                lambda server=server: Connection(server), host, PORT,
                backlog=64)

    def switch(self, name):
        master = self.masters[name]
        old = master.nodes[master.current]
        master.promote()
        payload = "%s %s %d %s %d" % (name, old, PORT,
                                      master.nodes[master.current], PORT)
        at = time.monotonic()
        for each in self.sentinels:
            each.publish("+switch-master", payload)
        return {"at": at, "address": master.address}


async def serve(count):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd = Crowd(count)
    await crowd.listen()
    print(json.dumps(["%s:%d" % (each.host, PORT)
                      for each in crowd.sentinels]), flush=True)
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        words = line.split()
        if not words:
            return
        done = (crowd.switch(words[1]) if words[0] == "switch"
                else {"commands": Connection.asked})
        print(json.dumps(done), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
