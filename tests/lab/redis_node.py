"""One Redis server, of Redis or Valkey: LAB_REDIS_SERVER names the binary,
LAB_REDIS_CLI its command line client."""

import functools
import os
import re
import subprocess

import redis

from tests.lab import process
from tests.lab.ports import free_port, release
from tests.lab.wait import wait_for

NOT_YET = (redis.ConnectionError, redis.TimeoutError, redis.ResponseError)


def server_binary():
    return process.require(os.environ.get("LAB_REDIS_SERVER", "redis-server"))


@functools.lru_cache(maxsize=None)
def server_version():
    """Of the server binary, as (major, minor)."""
    text = subprocess.run([server_binary(), "--version"], text=True,
                          capture_output=True, check=True).stdout
    return tuple(map(int, re.search(r"v=(\d+)\.(\d+)", text).groups()))


def version_of(info):
    """The server's own version: Valkey's INFO tells under redis_version with
    which Redis it is compatible."""
    return info.get("valkey_version", info["redis_version"])


def config_lines(settings):
    """Lines of a redis.conf from {"directive": value or list of values}."""
    for key, value in settings.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        for item in values:
            yield "%s %s" % (key, '""' if item == "" else item)


class RedisServer:
    """What a data node and a sentinel have in common: a process, a port, a
    configuration file of its own, a client."""

    mode = ()

    def __init__(self, name, password=None, tls=None):
        self.name = name
        self.password = password
        self.tls = tls      # a ServerTls, or None for plain text
        self.port = free_port()
        self.process = process.Process(name, [])
        self.config_file = os.path.join(self.process.directory, "node.conf")
        self.process.argv = [server_binary(), self.config_file, *self.mode]

    def __repr__(self):
        return "<%s %s>" % (self.name, self.address)

    @property
    def address(self):
        """As the sentinels announce it, and as the metrics label it."""
        return "127.0.0.1:%d" % self.port

    def write_config(self, settings):
        common = {"port": self.port, "bind": "127.0.0.1",
                  "dir": self.process.directory, "daemonize": "no"}
        if self.tls:
            common.update(self.tls.directives(self.port))
        with open(self.config_file, "w", encoding="utf-8") as out:
            for line in config_lines({**common, **settings}):
                out.write(line + "\n")

    def client(self, db=0, timeout=2.0, **options):
        """A redis.Redis of its own; the caller may close it."""
        options.setdefault("password", self.password)
        if self.tls:
            options = {**self.tls.client_options(), **options}
        return redis.Redis("127.0.0.1", self.port, db=db,
                           decode_responses=True, socket_timeout=timeout,
                           socket_connect_timeout=timeout, **options)

    def call(self, *command, db=0):
        """One command on a connection of its own; redis-py's reply."""
        with self.client(db) as client:
            return client.execute_command(*command)

    def cli(self, *arguments):
        """What redis-cli prints for these arguments, without the newline."""
        env = dict(os.environ)
        if self.password:
            env["REDISCLI_AUTH"] = self.password
        done = subprocess.run(
            [process.require(os.environ.get("LAB_REDIS_CLI", "redis-cli")),
             "-p", str(self.port),
             *(self.tls.cli_options() if self.tls else ()),
             *map(str, arguments)],
            env=env, text=True, capture_output=True, timeout=10, check=False)
        return (done.stdout + done.stderr).rstrip("\n")

    def info(self, section="all"):
        with self.client() as client:
            return client.info(section)

    def launch(self):
        self.process.start()
        return self

    def answers(self):
        try:
            return bool(self.call("PING"))
        except redis.ResponseError:
            return True
        except (redis.ConnectionError, redis.TimeoutError):
            return False

    def wait_answering(self, timeout=10.0):
        def look():
            assert self.process.running(), "%s ended\n%s" % (
                self.name, self.process.log_tail())
            return self.answers()
        wait_for(look, timeout, "%s answers" % self)
        return self

    def start(self):
        return self.launch().wait_answering()

    def stop(self):
        """Kill: nothing in the lab is worth a clean shutdown."""
        self.process.kill()
        release(self.port)

    def kill(self):
        """kill -9; the port stays ours for restart()."""
        self.process.kill()

    def restart(self):
        self.process.kill()
        return self.start()

    def pause(self):
        self.process.pause()

    def resume(self):
        self.process.resume()


class RedisNode(RedisServer):
    """A data node. config: further directives, {name: value or list}.

    acl_user: (name, password) of a user with the exporter's least rights.
    """

    def __init__(self, name, password=None, acl_user=None, config=None,
                 tls=None):
        super().__init__(name, password, tls)
        self.acl_user = acl_user
        self.config = dict(config or {})
        self.write(None)

    def write(self, master):
        """(Re)write the configuration as a master, or a replica of one."""
        settings = {
            "save": "", "appendonly": "no",
            # Without these a first full sync takes five seconds.
            "repl-diskless-sync": "yes", "repl-diskless-sync-delay": 0}
        if self.password:
            settings.update(requirepass=self.password,
                            masterauth=self.password)
        if self.acl_user:
            settings["user"] = "%s on >%s %s" % (*self.acl_user, data_rights())
        if master is not None:
            settings["replicaof"] = "127.0.0.1 %d" % master.port
        self.write_config({**settings, **self.config})

    def role(self):
        return self.call("ROLE")[0]

    def replicas_online(self):
        info = self.info("replication")
        return sum(1 for key, value in info.items()
                   if key.startswith("slave") and isinstance(value, dict)
                   and value.get("state") == "online")


def data_rights():
    """The least an exporter needs on a data node, optional parts too."""
    keys = "%R~*" if server_version() >= (7, 0) else "~*"
    return ("-@all +ping +select +info +role +client|setname +client|list "
            "+llen +lindex +hlen +zcard +zcount +zrange +scard +smembers "
            "+type +exists +scan +psubscribe +subscribe "
            "&/*.celeryev/* " + keys)
