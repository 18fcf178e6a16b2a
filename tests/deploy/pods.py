"""Pods as Bitnami's redis chart runs them, and our own as our chart renders
it: the same names, ports, passwords, files, rights and stop scripts, in mount
namespaces on loopback. Root is needed."""

import hashlib
import os
import shutil

import redis

from tests.deploy import kube
from tests.lab import process
from tests.lab.exporter import Exporter
from tests.lab.redis_node import NOT_YET, config_lines, server_binary
from tests.lab.wait import wait_for

_WITH_HOSTS = 'mount --bind "$0" /etc/hosts && exec "$@"'

# The pod's own /etc and state, a read-only root, nobody in particular.
_AS_POD = """
set -e
mount --bind "$0/etc" /etc
mount --bind "$0/var" /var/lib
mount -o remount,bind,ro /
exec setpriv --reuid 10379 --regid 10379 --clear-groups --no-new-privs \
    --bounding-set=-all "$@"
"""


def _write(path, settings):
    with open(path, "w", encoding="utf-8") as out:
        out.write("".join(line + "\n" for line in config_lines(settings)))


class RedisPod:
    """Pod N of the StatefulSet: a data node and a sentinel."""

    def __init__(self, cluster, index):
        self.cluster = cluster
        self.index = index
        self.ip = "%s.%d" % (cluster.network, index + 1)
        self.name = "%s-node-%d" % (cluster.fullname, index)
        self.host = "%s.%s-headless.%s.svc.cluster.local" % (
            self.name, cluster.fullname, cluster.namespace)
        self.node, self.sentinel = (
            process.Process("%s-%s" % (self.name, part), self._argv(mode))
            for part, mode in (("redis", []), ("sentinel", ["--sentinel"])))
        for part in self.node, self.sentinel:
            part.argv[-1 - (part is self.sentinel)] = \
                part.directory + "/node.conf"

    def _argv(self, mode):
        return ["unshare", "--mount", "sh", "-c", _WITH_HOSTS,
                self.cluster.hosts, server_binary(), "", *mode]

    def client(self, port=6379):
        return redis.Redis(self.ip, port, password=self.cluster.password,
                           decode_responses=True, socket_timeout=2,
                           socket_connect_timeout=2)

    def call(self, *command, port=6379):
        with self.client(port) as client:
            return client.execute_command(*command)

    def role(self):
        return self.call("ROLE")[0]

    def settled(self):
        """Nothing is left to copy or to write down."""
        with self.client() as client:
            info = client.info()
        return info.get("master_link_status", "up") == "up" and not (
            info["aof_rewrite_in_progress"] or info["aof_rewrite_scheduled"])

    def start(self, master):
        """As the start scripts do it: both files are written anew, epochs
        begin at 0, the id is made of the pod's name."""
        password = self.cluster.password
        settings = {
            "port": 6379, "bind": self.ip, "protected-mode": "no",
            "dir": self.node.directory, "appendonly": "yes", "save": "",
            "requirepass": password, "masterauth": password,
            "replica-announce-ip": self.host, "replica-announce-port": 6379,
            "rename-command": ['FLUSHDB ""', 'FLUSHALL ""'],
            "repl-diskless-sync-delay": 0}
        if master is not self:
            settings["replicaof"] = "%s 6379" % master.host
        _write(self.node.directory + "/node.conf", settings)
        name = self.cluster.master_set
        _write(self.sentinel.directory + "/node.conf", {
            "port": 26379, "bind": self.ip, "protected-mode": "no",
            "dir": self.sentinel.directory, "requirepass": password,
            "sentinel": [
                "resolve-hostnames yes", "announce-hostnames yes",
                "myid " + hashlib.sha1(self.name.encode()).hexdigest(),
                "announce-ip " + self.host, "announce-port 26379",
                "sentinel-pass " + password,
                "monitor %s %s 6379 2" % (name, master.host),
                "auth-pass %s %s" % (name, password),
                "down-after-milliseconds %s 60000" % name,
                "failover-timeout %s 180000" % name,
                "parallel-syncs %s 1" % name]})
        self.node.start()
        self.sentinel.start()
        wait_for(lambda: self.call("PING") and self.call("PING", port=26379),
                 30, self.name + " answers", NOT_YET)

    def stop(self):
        """As the stop scripts do it: a master pauses its writers and has
        Sentinel choose another before it goes."""
        if self.role() == "master":
            self.call("CLIENT", "PAUSE", 22000, "WRITE")
            wait_for(lambda: self.call(
                "SENTINEL", "FAILOVER", self.cluster.master_set, port=26379),
                20, "a failover is accepted", NOT_YET)
            wait_for(lambda: self.role() == "slave", 30,
                     self.name + " is no longer the master", NOT_YET)
        # It would refuse to end while it writes its first log of writes.
        wait_for(self.settled, 30, self.name + " has its data", NOT_YET)
        self.node.terminate()
        self.sentinel.terminate()


class RedisRelease:
    """The StatefulSet: three pods, the first the master."""

    def __init__(self, release, namespace, master_set, password):
        self.fullname = release + "-redis"
        self.namespace = namespace
        self.master_set = master_set
        self.password = password
        # Loopback addresses that no other run of the tests has.
        self.network = "127.%d.%d" % (10 + os.getpid() % 200,
                                      os.getpid() // 200 % 250)
        self.hosts = os.path.join(process.new_directory("hosts"), "hosts")
        self.pods = [RedisPod(self, i) for i in range(3)]
        with open(self.hosts, "w", encoding="utf-8") as out:
            out.write("127.0.0.1 localhost\n")
            out.write("".join("%s %s %s\n" % (pod.ip, pod.host, pod.name)
                              for pod in self.pods))

    def start(self):
        for pod in self.pods:
            pod.start(self.pods[0])
        self.wait_ready()
        return self

    def stop(self):
        for pod in self.pods:
            pod.node.kill()
            pod.sentinel.kill()

    def master(self):
        """The pod that every sentinel names."""
        named = {pod.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME",
                          self.master_set, port=26379)[0]
                 for pod in self.pods if pod.sentinel.running()}
        found = [pod for pod in self.pods if {pod.host} == named]
        return found[0] if found else None

    def wait_ready(self):
        def ready():
            master = self.master()
            for pod in self.pods:
                said = pod.call("SENTINEL", "MASTER", self.master_set,
                                port=26379)
                said = dict(zip(said[::2], said[1::2]))
                if (said["num-slaves"], said["num-other-sentinels"],
                        said["flags"]) != ("2", "2", "master"):
                    return False
            return master is not None and all(
                (pod.role() == "master") == (pod is master)
                and (pod is master or pod.call("ROLE")[3] == "connected")
                for pod in self.pods)
        wait_for(ready, 60, "the pods agree", NOT_YET)

    def roll(self):
        """A rolling update: from the last pod to the first, each one back
        before the next goes."""
        for pod in reversed(self.pods):
            pod.stop()
            master = wait_for(self.master, 30, "one master", NOT_YET)
            pod.start(master)
            self.wait_ready()

    def secrets(self):
        return {self.fullname: {"redis-password": self.password}}


def pod_of(values, cluster, name):
    """What a pod of our Deployment with that values file would run: an
    Exporter in the lab."""
    docs = kube.render(values=[values], namespace=cluster.namespace)
    template = kube.only(docs, "Deployment")["spec"]["template"]["spec"]
    container, = template["containers"]
    exporter = Exporter(name=name)
    folder = exporter.process.directory
    files = _mounted(template, container, docs, cluster, folder)
    env = {e["name"]: e["value"] if "value" in e else
           cluster.secrets()[e["valueFrom"]["secretKeyRef"]["name"]]
           [e["valueFrom"]["secretKeyRef"]["key"]]
           for e in container.get("env", [])}
    # The pod's own address is one of loopback here.
    args = [a.replace("address=:10379", "address=127.0.0.1:%d" % exporter.port)
            for a in container["args"]]
    exporter.process.argv = ["unshare", "--mount", "sh", "-c", _AS_POD, files,
                             exporter.process.argv[0], *args]
    # Without rights there is no looking into its own memory for leaks.
    exporter.process.env.update(env, ASAN_OPTIONS="detect_leaks=0")
    return exporter


def _mounted(template, container, docs, cluster, folder):
    """A folder with the pod's /etc and /var/lib, its volumes in them."""
    root = os.path.join(folder, "root")
    os.makedirs(root + "/var")
    os.makedirs(root + "/etc")
    for name in "ld.so.cache", "nsswitch.conf":
        if os.path.exists("/etc/" + name):
            shutil.copy("/etc/" + name, root + "/etc/" + name)
    shutil.copy(cluster.hosts, root + "/etc/hosts")
    volumes = {v["name"]: v for v in template["volumes"]}
    for mount in container["volumeMounts"]:
        place = root + mount["mountPath"].replace("/var/lib", "/var", 1)
        os.makedirs(place)
        for file, content in _content(volumes[mount["name"]], docs,
                                      cluster).items():
            with open(os.path.join(place, file), "w",
                      encoding="utf-8") as out:
                os.fchmod(out.fileno(), 0o440)
                os.fchown(out.fileno(), 0, 10379)
                out.write(content)
        if "emptyDir" in volumes[mount["name"]]:
            os.chown(place, 0, 10379)
            os.chmod(place, 0o2770)
    return root


def _content(volume, docs, cluster):
    """{file: content} of a volume."""
    if "projected" in volume:
        return {item["path"]: cluster.secrets()[source["secret"]["name"]]
                [item["key"]]
                for source in volume["projected"]["sources"]
                for item in source["secret"]["items"]}
    if "secret" in volume:
        return cluster.secrets()[volume["secret"]["secretName"]]
    if "configMap" in volume:
        return kube.only(docs, "ConfigMap")["data"]
    assert "emptyDir" in volume, volume
    return {}
