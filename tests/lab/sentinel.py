"""One Redis Sentinel."""

from tests.lab.redis_node import RedisServer, server_version

RIGHTS = ("-@all +ping +info +role +client|setname allchannels "
          "+subscribe +psubscribe +unsubscribe +punsubscribe "
          "+sentinel|masters +sentinel|master +sentinel|replicas "
          "+sentinel|slaves +sentinel|sentinels +sentinel|ckquorum "
          "+sentinel|get-master-addr-by-name +sentinel|myid")


class Sentinel(RedisServer):
    """Watches masters: {name: RedisNode}. settings: per-master options, such
    as {"down-after-milliseconds": 1000}; config: further directives."""

    mode = ("--sentinel",)

    def __init__(self, name, masters, quorum, settings, password=None,
                 acl_user=None, config=None, periods=None, tls=None):
        super().__init__(name, password, tls)
        self.periods = periods or {}
        self.quorum = quorum
        self.settings = dict(settings)
        self.acl_user = acl_user
        self.config = dict(config or {})
        self.forget(masters)

    def forget(self, masters):
        """(Re)write the configuration as on a new disk: no epochs, no peers,
        no id of its own, and these masters."""
        lines = []
        for master_name, node in masters.items():
            lines.append("monitor %s 127.0.0.1 %d %d" % (
                master_name, node.port, self.quorum))
            if node.password:
                lines.append("auth-pass %s %s" % (master_name, node.password))
            lines += ["%s %s %s" % (key, master_name, value)
                      for key, value in self.settings.items()]
        directives = {}
        if self.password:
            directives["requirepass"] = self.password
            if server_version() >= (6, 2):
                lines.append("sentinel-pass %s" % self.password)
        if self.acl_user and server_version() >= (6, 2):
            directives["user"] = "%s on >%s %s" % (*self.acl_user, RIGHTS)
        self.write_config({**directives, "sentinel": lines, **self.config})

    def wait_answering(self, timeout=10.0):
        super().wait_answering(timeout)
        if server_version() >= (7, 0):
            self.debug(**self.periods)
        return self

    def sentinel(self, *arguments):
        """SENTINEL <arguments>: lists as redis-py reads them."""
        return self.call("SENTINEL", *arguments)

    def master(self, master_name):
        """SENTINEL MASTER as {field: value}, all values text."""
        return _pairs(self.sentinel("MASTER", master_name))

    def master_address(self, master_name):
        reply = self.sentinel("GET-MASTER-ADDR-BY-NAME", master_name)
        return "%s:%s" % tuple(reply) if reply else None

    def replicas(self, master_name):
        """SENTINEL REPLICAS as a list of {field: value}."""
        return self._instances("REPLICAS", master_name)

    def sentinels(self, master_name):
        return self._instances("SENTINELS", master_name)

    def _instances(self, what, master_name):
        return [_pairs(item) for item in self.sentinel(what, master_name)]

    def quorum_ok(self, master_name):
        return self.cli("SENTINEL", "CKQUORUM", master_name).startswith("OK")

    def debug(self, **periods):
        """SENTINEL DEBUG (7.0+): shorten its timers, in milliseconds, such
        as info_period=1000, publish_period=500, tilt_period=3000."""
        for key, value in periods.items():
            self.sentinel("DEBUG", key.replace("_", "-"), value)


def _pairs(flat):
    return dict(zip(flat[::2], flat[1::2]))
