"""A TCP proxy that fails in the ways in which networks fail.

    proxy = FaultProxy("127.0.0.1:26379").start()
    proxy.set("drip")           every kind: FaultProxy.KINDS
    proxy.set("clean")          what is held back then goes on
    proxy.cut()                 ends the connections that there are
"""

import asyncio
import random
import threading

TO_CLIENT, TO_SERVER = "client", "server"


class FaultProxy:
    """Listens on a port of its own, self.address, in a thread of its own.

    The kinds, each for all connections, those that there are and new ones:
    clean       everything goes through
    delay       each piece comes late
    drip        a few bytes at a time
    hold        nothing more goes to the client; the server is still told
    hold_both   nothing goes either way
    truncate    a piece loses its end, then the connection is closed
    duplicate   a piece for the client comes twice
    refuse      new connections are closed at once, old ones too
    Random choices within a kind follow the seed.
    """

    KINDS = ("delay", "drip", "hold", "hold_both", "truncate", "duplicate",
             "refuse")

    def __init__(self, target, seed=0):
        self.host, port = target.rsplit(":", 1)
        self.target_port = int(port)
        self.random = random.Random(seed)
        self.kind = "clean"
        self.counts = dict.fromkeys(("connections", "faults"), 0)
        self.port = None
        self._writers = set()
        self._tasks = set()
        self._changed = None
        self._server = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._listening = threading.Event()

    @property
    def address(self):
        return "127.0.0.1:%d" % self.port

    def start(self):
        self._thread.start()
        assert self._listening.wait(10), "the proxy does not listen"
        return self

    def stop(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop)
            self._thread.join(10)
            assert not self._thread.is_alive(), "the proxy does not end"

    def set(self, kind):
        assert kind == "clean" or kind in self.KINDS, kind
        self._loop.call_soon_threadsafe(self._set, kind)

    def cut(self):
        self._loop.call_soon_threadsafe(self._cut)

    # On the proxy's thread.

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._loop.run_forever()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _listen(self):
        self._changed = asyncio.Event()
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self._listening.set()

    async def _end(self):
        self._server.close()
        self._cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _stop(self):
        self._loop.stop()

    def _set(self, kind):
        self.kind = kind
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        if kind == "refuse":
            self._cut()

    def _cut(self):
        for writer in self._writers:
            writer.transport.abort()

    async def _accept(self, reader, writer):
        self.counts["connections"] += 1
        self._tasks.add(asyncio.current_task())
        self._writers.add(writer)
        upstream = None
        try:
            if self.kind == "refuse":
                return
            upstream_reader, upstream = await asyncio.open_connection(
                self.host, self.target_port)
            self._writers.add(upstream)
            pumps = [
                asyncio.ensure_future(self._pump(reader, upstream,
                                                 TO_SERVER)),
                asyncio.ensure_future(self._pump(upstream_reader, writer,
                                                 TO_CLIENT))]
            self._tasks.update(pumps)
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            self._tasks.difference_update(pumps)
        except OSError:
            pass                        # the server is down: so is the link
        finally:
            self._tasks.discard(asyncio.current_task())
            for end in (writer, upstream):
                if end is not None:
                    self._writers.discard(end)
                    end.transport.abort()

    async def _pump(self, reader, writer, to):
        try:
            while data := await reader.read(4096):
                if not await self._forward(data, writer, to):
                    return
        except OSError:
            pass

    def _held(self, to):
        return self.kind == "hold_both" or (
            self.kind == "hold" and to == TO_CLIENT)

    async def _forward(self, data, writer, to):
        """False: the connection is to end here."""
        while self._held(to):
            self.counts["faults"] += 1
            await self._changed.wait()
        kind = self.kind
        if kind != "clean":
            self.counts["faults"] += 1
        if kind == "delay":
            await asyncio.sleep(self.random.uniform(0.01, 0.3))
        elif kind == "drip":
            return await self._drip(data, writer)
        elif kind == "truncate" and self.random.random() < 0.3:
            writer.write(data[:self.random.randrange(len(data))])
            await writer.drain()
            return False
        elif kind == "duplicate" and to == TO_CLIENT:
            writer.write(data)
        writer.write(data)
        await writer.drain()
        return True

    async def _drip(self, data, writer):
        while data:
            count = self.random.randrange(1, 60)
            writer.write(data[:count])
            await writer.drain()
            data = data[count:]
            if self.kind == "drip":
                await asyncio.sleep(0.005)
        return True
