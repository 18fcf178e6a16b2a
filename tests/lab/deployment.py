"""A whole Sentinel deployment: masters, replicas, sentinels."""

import json
import re

import redis

from tests.lab.redis_node import NOT_YET, RedisNode
from tests.lab.sentinel import Sentinel
from tests.lab.wait import wait_for

DATA_USER = ("exporter", "exporter-data-secret")
SENTINEL_USER = ("exporter", "exporter-sentinel-secret")

# Sentinel's own timers, shortened where a test is not about them: a restarted
# old master is converted after two seconds instead of ten.
BRISK = {"info_period": 1000, "publish_period": 500}


class Deployment:
    """1 master and some replicas for each master name, and the sentinels
    that watch them all.

    nodes       every data node; groups[name] those of one master, the first
                of which starts as the master
    sentinels   every sentinel
    Both node kinds have a second user, DATA_USER and SENTINEL_USER, with no
    more rights than an exporter needs. periods: SENTINEL DEBUG settings of
    every sentinel from its start on (see Sentinel.debug and BRISK).
    """

    def __init__(self, replicas=2, sentinels=3, password=None,
                 sentinel_password=None, down_after_ms=1000,
                 failover_timeout_ms=10000, quorum=2, master_name="nautobot",
                 master_names=None, parallel_syncs=1, node_config=None,
                 sentinel_config=None, periods=None, tls=None,
                 sentinel_tls=None):
        self.master_names = list(master_names or [master_name])
        self.master_name = self.master_names[0]
        self.password = password
        self.sentinel_password = sentinel_password
        self.groups = {}
        for index, name in enumerate(self.master_names):
            prefix = "redis" if index == 0 else "redis-%s-" % name
            self.groups[name] = [
                RedisNode("%s%d" % (prefix, i), password, DATA_USER,
                          node_config, tls) for i in range(replicas + 1)]
        self.nodes = [node for group in self.groups.values()
                      for node in group]
        settings = {"down-after-milliseconds": down_after_ms,
                    "failover-timeout": failover_timeout_ms,
                    "parallel-syncs": parallel_syncs}
        self.sentinels = [
            Sentinel("sentinel%d" % i,
                     {name: group[0] for name, group in self.groups.items()},
                     quorum, settings, sentinel_password, SENTINEL_USER,
                     sentinel_config, periods, sentinel_tls or tls)
            for i in range(sentinels)]

    def start(self):
        """Start everything and wait until a failover would be possible."""
        try:
            self.start_nodes()
            self.start_sentinels()
        except BaseException:
            self.stop()
            raise
        return self

    def start_nodes(self):
        """The data nodes alone, replicating. Sentinels that start after this
        find the replicas at once and not ten seconds later."""
        for group in self.groups.values():
            for node in group:
                node.write(None if node is group[0] else group[0])
                node.launch()
        for group in self.groups.values():
            for node in group:
                node.wait_answering()
            wait_for(lambda g=group: g[0].replicas_online() == len(g) - 1, 20,
                     "all replicas of %s online" % group[0], NOT_YET)

    def start_sentinels(self):
        for sentinel in self.sentinels:
            sentinel.launch()
        for sentinel in self.sentinels:
            sentinel.wait_answering()
        self.wait_ready()

    def wait_sentinels_dropped(self):
        """Until no data node has a connection of a sentinel. A hello of one
        that was killed may still be on its way, and those that start before
        it arrives would learn ids that nobody has any more."""
        def dropped(node):
            with node.client() as client:
                return not any(
                    re.match(r"sentinel-[0-9a-f]+-(cmd|pubsub)$",
                             other["name"])
                    for other in client.client_list())
        for node in self._running(self.nodes):
            wait_for(lambda n=node: dropped(n), 10,
                     "%s dropped the sentinels" % node, NOT_YET)

    def stop(self):
        for part in self.sentinels + self.nodes:
            part.stop()

    def wait_ready(self, timeout=30.0):
        """Every running sentinel sees every replica and every sentinel, and
        says that a failover would succeed."""
        for name, group in self.groups.items():
            for sentinel in self._running(self.sentinels):
                wait_for(lambda s=sentinel, n=name, g=group:
                         self._sees_all(s, n, g), timeout,
                         "%s sees all of %s" % (sentinel, name), NOT_YET)

    def _sees_all(self, sentinel, name, group):
        replicas = sentinel.replicas(name)
        return (len(replicas) == len(group) - 1
                and all(r["flags"] == "slave" and r["runid"]
                        and r["master-link-status"] == "ok"
                        for r in replicas)
                and int(sentinel.master(name)["num-other-sentinels"])
                == len(self.sentinels) - 1
                and sentinel.quorum_ok(name))

    @staticmethod
    def _running(servers):
        return [s for s in servers if s.process.running()]

    def node_at(self, address):
        """The data node that listens on host:port."""
        return next(n for n in self.nodes if n.address == address)

    def _named_masters(self, name):
        """What each sentinel that answers names as the master's address."""
        named = []
        for sentinel in self._running(self.sentinels):
            try:
                named.append(sentinel.master_address(name))
            except (redis.ConnectionError, redis.TimeoutError):
                pass
        return named

    def current_master(self, master_name=None):
        """The data node that most answering sentinels name."""
        named = self._named_masters(master_name or self.master_name)
        assert named, "no sentinel answers"
        return self.node_at(max(named, key=named.count))

    def replicas_of(self, master_name=None):
        """The data nodes that are not the current master."""
        master = self.current_master(master_name)
        return [n for n in self.groups[master_name or self.master_name]
                if n is not master]

    def cli(self, node, *arguments):
        return node.cli(*arguments)

    def kill_master(self, master_name=None):
        """kill -9 the current master; returns it."""
        master = self.current_master(master_name)
        master.kill()
        return master

    def restart(self, node):
        """Start a node or sentinel anew, from its own rewritten file."""
        node.restart()

    def pause(self, node):
        node.pause()

    def resume(self, node):
        node.resume()

    def failover(self, master_name=None, sentinel=None):
        """SENTINEL FAILOVER, asked again while Sentinel says "not now";
        returns the old master. Does not wait for the switch."""
        name = master_name or self.master_name
        old = self.current_master(name)
        sentinel = sentinel or self._running(self.sentinels)[0]
        wait_for(lambda: sentinel.sentinel("FAILOVER", name), 20,
                 "%s accepts FAILOVER %s" % (sentinel, name), NOT_YET)
        return old

    def wait_for_failover(self, old, timeout=40.0):
        """Until every answering sentinel names one master other than old,
        that node is a master, and no failover is in progress. Returns it."""
        name = next(n for n, group in self.groups.items() if old in group)

        def done():
            named = set(self._named_masters(name))
            if len(named) != 1 or old.address in named:
                return None
            new = self.node_at(named.pop())
            busy = any("failover_in_progress" in s.master(name)["flags"]
                       for s in self._running(self.sentinels)
                       if s.answers())
            return new if not busy and new.role() == "master" else None
        return wait_for(done, timeout, "%s is replaced as %s" % (old, name),
                        NOT_YET)

    # What clients are told.

    def broker_url(self, db=None, last_db=None, sentinels=None):
        """A sentinel:// list as Celery takes it. db goes on every URL,
        last_db on the last one only (the trap: the first URL counts)."""
        secret = ":%s@" % self.password if self.password else ""
        urls = ["sentinel://%s%s%s" % (
            secret, s.address, "" if db is None else "/%d" % db)
            for s in sentinels or self.sentinels]
        if last_db is not None:
            urls[-1] += "/%d" % last_db
        return ";".join(urls)

    def transport_options(self, **more):
        """The dictionary that Celery needs besides the URL."""
        options = {"master_name": self.master_name}
        if self.sentinel_password:
            options["sentinel_kwargs"] = {"password": self.sentinel_password}
        return {**options, **more}

    def celery_environment(self, db=None, last_db=None):
        """The two variables that configure Celery, and so the exporter."""
        return {
            "CELERY_BROKER_URL": self.broker_url(db, last_db),
            "CELERY_BROKER_TRANSPORT_OPTIONS":
                json.dumps(self.transport_options())}

    def exporter_flags(self, acl_user=False):
        """Flags that name every sentinel."""
        flags = ["--sentinel.addr=" + s.address for s in self.sentinels]
        if acl_user:
            flags += ["--sentinel.username=" + SENTINEL_USER[0],
                      "--redis.username=" + DATA_USER[0]]
        return flags

    def exporter_environment(self, acl_user=False):
        """The passwords that go with exporter_flags()."""
        secrets = ((SENTINEL_USER[1], DATA_USER[1]) if acl_user
                   else (self.sentinel_password, self.password))
        names = ("SENTINEL_EXPORTER_SENTINEL_PASSWORD",
                 "SENTINEL_EXPORTER_REDIS_PASSWORD")
        return {name: secret for name, secret in zip(names, secrets)
                if secret}
