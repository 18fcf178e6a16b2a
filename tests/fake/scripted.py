"""A Redis-protocol peer that says what a test wants it to say.

A real server can be made to answer most errors, but not to lie, to drip or to
send garbage; this one can. Answers are bytes on the wire, one of the acts
below, or a function that makes either of the words of the command.
"""

import socket
import threading

SILENCE = object()      # read the command, never answer
HANG_UP = object()      # close the connection
ENDLESS = object()      # a bulk string that never ends

RUN_ID = "f" * 40


def bulk(text):
    data = text.encode()
    return b"$%d\r\n%s\r\n" % (len(data), data)


def array(*items):
    return b"*%d\r\n" % len(items) + b"".join(items)


def fields(pairs):
    return array(*(bulk(str(word)) for pair in pairs.items() for word in pair))


def error(text):
    return b"-" + text.encode() + b"\r\n"


def info(**lines):
    return bulk("".join("%s:%s\r\n" % line for line in lines.items()))


def node_answers(**more):
    """A healthy master without replicas; more overrides by command."""
    return {
        "AUTH": b"+OK\r\n", "SELECT": b"+OK\r\n",
        "CLIENT SETNAME": b"+OK\r\n",
        "CLIENT LIST": bulk("id=7 addr=127.0.0.1:4242 name= flags=N db=0 "
                            "cmd=client|list\n"),
        "PING": array(bulk("pong"), bulk("")),
        "PSUBSCRIBE": array(bulk("psubscribe"), bulk("*"), b":1\r\n"),
        "ROLE": array(bulk("master"), b":0\r\n", array()),
        "SCAN": array(bulk("0"), array()), "SMEMBERS": array(),
        "LLEN": b":0\r\n", "HLEN": b":0\r\n", "SCARD": b":0\r\n",
        "ZCOUNT": b":0\r\n", "ZRANGE": array(), "LINDEX": b"$-1\r\n",
        "INFO": info(redis_version="7.0.15", run_id=RUN_ID,
                     uptime_in_seconds=60, role="master", loading=0,
                     connected_clients=1, master_replid="e" * 40,
                     master_repl_offset=1), **more}


def sentinel_answers(master, name="nautobot", **more):
    """A lone healthy sentinel that monitors master (host, port)."""
    host, port = master
    masters = fields({
        "name": name, "ip": host, "port": port, "runid": RUN_ID,
        "flags": "master", "last-ok-ping-reply": 10,
        "down-after-milliseconds": 1000, "info-refresh": 100,
        "config-epoch": 1, "num-slaves": 0, "num-other-sentinels": 0,
        "quorum": 1, "failover-timeout": 10000, "parallel-syncs": 1})
    return {
        "AUTH": b"+OK\r\n", "CLIENT SETNAME": b"+OK\r\n",
        "PING": array(bulk("pong"), bulk("")),
        "PSUBSCRIBE": array(bulk("psubscribe"), bulk("*"), b":1\r\n"),
        "INFO": info(redis_version="7.0.15", redis_mode="sentinel",
                     run_id="a" * 40, uptime_in_seconds=60,
                     sentinel_masters=1, sentinel_tilt=0,
                     sentinel_running_scripts=0,
                     sentinel_scripts_queue_length=0),
        "SENTINEL MYID": bulk("b" * 40),
        "SENTINEL MASTERS": array(masters), "SENTINEL MASTER": masters,
        "SENTINEL REPLICAS": array(), "SENTINEL SENTINELS": array(),
        "SENTINEL CKQUORUM": b"+OK 1 usable Sentinels. Quorum and failover "
                             b"authorization can be reached\r\n",
        "SENTINEL GET-MASTER-ADDR-BY-NAME": array(bulk(host),
                                                  bulk(str(port))),
        **more}


class ScriptedPeer:
    """Listens on a loopback port; answers is command -> bytes or an act.

    A command is looked up by its first word, SENTINEL's and CLIENT's by two;
    what is not found gets an unknown-command error. greeting, if any, is sent as soon
    as a client connects, and followed by a close when greet_and_close.
    """

    def __init__(self, answers, greeting=b"", greet_and_close=False,
                 drip=False, address=("127.0.0.1", 0)):
        self.answers = dict(answers)
        self.greeting = greeting
        self.greet_and_close = greet_and_close
        self.drip = drip
        self.listener = socket.create_server(address)
        self.port = self.listener.getsockname()[1]
        self.address = "%s:%d" % (address[0], self.port)
        self.clients = []
        self.subscribers = set()
        self.accepted = 0

    def start(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self):
        """Refuse from now on, and hang up on everybody."""
        for each in (self.listener, *self.clients):
            try:
                # close() alone does not end what another thread waits for.
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def publish(self, channel, payload):
        """An event to everybody who is connected and subscribed."""
        message = array(bulk("pmessage"), bulk("*"), bulk(channel),
                        bulk(payload))
        for each in tuple(self.subscribers):
            try:
                each.sendall(message)
            except OSError:
                self.subscribers.discard(each)

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            self.clients.append(client)
            threading.Thread(target=self._serve, args=(client,),
                             daemon=True).start()

    def _serve(self, client):
        try:
            client.sendall(self.greeting)
            if self.greet_and_close:
                client.close()
                return
            stream = client.makefile("rb")
            while self._answer(client, self._read(stream)):
                pass
        except (OSError, ValueError):
            pass
        finally:
            client.close()

    @staticmethod
    def _read(stream):
        header = stream.readline()
        words = []
        for _ in range(int(header[1:])):
            size = int(stream.readline()[1:])
            words.append(stream.read(size + 2)[:-2].decode())
        return words

    def _answer(self, client, words):
        key = words[0].upper()
        if key in ("SENTINEL", "CLIENT"):
            key += " " + words[1].upper()
        if key == "PSUBSCRIBE":
            self.subscribers.add(client)
        answer = self.answers.get(
            key, error("ERR unknown command '%s'" % words[0]))
        if callable(answer):
            answer = answer(words)
        if answer is HANG_UP:
            client.shutdown(socket.SHUT_RDWR)
            return False
        if answer is ENDLESS:
            client.sendall(b"$%d\r\n" % (1 << 40))
            while True:
                client.sendall(b"x" * 65536)
        if answer is SILENCE:
            return True
        if self.drip:
            for byte in answer:
                client.sendall(bytes([byte]))
        else:
            client.sendall(answer)
        return True
