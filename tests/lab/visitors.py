"""Clients that mean no good: a crowd of slow ones, from many addresses."""

import random
import resource
import selectors
import socket
import threading
import time

GET = b"GET %s HTTP/1.1\r\nHost: x\r\n"

# What a client does once it is connected.
DRIP = "drip"           # one byte of a request per second
IDLE = "idle"           # one request, its answer, then nothing
NEVER_READ = "never_read"   # asks for /metrics and takes no byte of it

ESTABLISHED = b"\x01"


def addresses(count):
    """So many source addresses of 127.0.0.0/8, none of them 127.0.0.1."""
    return ["127.%d.%d.%d" % (1 + n // 250 % 250, n % 250, 2)
            for n in range(count)]


class Visitors:
    """Keeps so many clients of each kind connected, from these addresses.

    Who is thrown out comes back after a pause. One thread, whatever their
    number.
    """

    def __init__(self, port, sources, pause=1.0, **kinds):
        self.target = ("127.0.0.1", port)
        self.sources = sources
        self.pause = pause
        self.wanted = [kind for kind, n in kinds.items() for _ in range(n)]
        self.selector = selectors.DefaultSelector()
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thrown_out = 0
        self.connects = 0

    def start(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < 8192:
            resource.setrlimit(resource.RLIMIT_NOFILE,
                               (min(hard, 8192), hard))
        random.shuffle(self.wanted)
        self.due = [(0.0, n) for n in range(len(self.wanted))]
        self.drips = {}
        self.parked = {}
        self.thread.start()
        return self

    def stop(self):
        self.ending.set()
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()

    def _connect(self, n):
        s = socket.socket()
        s.setblocking(False)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.bind((self.sources[n % len(self.sources)], 0))
        s.connect_ex(self.target)
        self.connects += 1
        self.selector.register(s, selectors.EVENT_WRITE, n)

    def _begin(self, s, n):
        kind = self.wanted[n]
        if kind == DRIP:
            self.drips[n] = [s, 0]
        elif kind == NEVER_READ:
            s.send(GET % b"/metrics" + b"\r\n")
        elif kind == IDLE:
            s.send(GET % b"/-/healthy" + b"\r\n")
        if kind == NEVER_READ:
            self._park(s, n)
        else:
            self.selector.modify(s, selectors.EVENT_READ, n)

    # To wait for a reset would mean to wait for the answer too, which is not
    # to be read; so those who never read are looked at now and then.

    def _park(self, s, n):
        self.selector.unregister(s)
        self.parked[n] = s

    def _gone(self, s, n):
        self.thrown_out += 1
        self.drips.pop(n, None)
        s.close()
        self.due.append((time.monotonic() + self.pause, n))

    def _event(self, s, n, mask):
        try:
            if mask & selectors.EVENT_WRITE:
                error = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if error:
                    raise OSError(error, "connect")
                self._begin(s, n)
            elif not s.recv(4096):
                raise OSError("hung up")
        except BlockingIOError:
            pass
        except OSError:
            self.selector.unregister(s)
            self._gone(s, n)

    def _drip(self):
        text = GET % b"/metrics" + b"X-Slow: " + b"x" * 10000
        for n, entry in list(self.drips.items()):
            try:
                entry[0].send(text[entry[1]:entry[1] + 1])
                entry[1] += 1
            except BlockingIOError:
                pass
            except OSError:
                self.selector.unregister(entry[0])
                self._gone(entry[0], n)

    def _look_at_parked(self):
        for n, s in list(self.parked.items()):
            state = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
            if state != ESTABLISHED:
                del self.parked[n]
                self._gone(s, n)

    def _run(self):
        next_drip = 0.0
        while not self.ending.is_set():
            now = time.monotonic()
            ready = [n for at, n in self.due if at <= now][:200]
            self.due = [(at, n) for at, n in self.due
                        if at > now or n not in ready]
            for n in ready:
                self._connect(n)
            if now >= next_drip:
                next_drip = now + 1
                self._drip()
                self._look_at_parked()
            for key, mask in self.selector.select(0.05):
                self._event(key.fileobj, key.data, mask)
        for s in self.parked.values():
            s.close()
