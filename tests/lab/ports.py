"""Free TCP ports on 127.0.0.1, never handed out twice."""

import random
import socket

FIRST, LAST = 20000, 31999      # below Linux' default ephemeral range

_held = {}


def _reserve(port):
    """Hold the port against every other lab on this machine.

    The name of an abstract socket belongs to one process at a time, leaves
    no file behind, and is freed by the kernel however its owner ends.
    """
    lock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        lock.bind("\0sentinel-exporter-lab-port-%d" % port)
    except OSError:
        lock.close()
        return None
    return lock


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port():
    """A port that nobody listens on; ours until release() or exit."""
    for port in random.sample(range(FIRST, LAST + 1), 500):
        if port in _held:
            continue
        lock = _reserve(port)
        if lock is None:
            continue
        if _is_free(port):
            _held[port] = lock
            return port
        lock.close()
    raise RuntimeError("no free port between %d and %d" % (FIRST, LAST))


def release(port):
    lock = _held.pop(port, None)
    if lock is not None:
        lock.close()
