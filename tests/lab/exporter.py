"""The program under test."""

import gzip
import http.client
import os
import re
import subprocess

from tests.lab import process
from tests.lab.exposition import Exposition
from tests.lab.ports import free_port, release
from tests.lab.wait import SLOWNESS, wait_for

_COMPLAINTS = re.compile(
    r"ERROR: AddressSanitizer|runtime error:|WARNING: ThreadSanitizer"
    r"|LeakSanitizer|MemorySanitizer|Assertion .* failed")
# What may pass from the environment of the tests into the exporter's.
_PASSED = ("PATH", "TZ", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS",
           "LSAN_OPTIONS", "TSAN_OPTIONS", "GCOV_PREFIX",
           "GCOV_PREFIX_STRIP", "LLVM_PROFILE_FILE")


def binary():
    path = os.environ.get("SENTINEL_EXPORTER_BIN",
                          "build/sentinel-exporter")
    return os.path.join(process.ROOT, path)


def environment(more=None):
    kept = {name: os.environ[name] for name in _PASSED if name in os.environ}
    return {**kept, **(more or {})}


def check_sanitizers(text):
    found = _COMPLAINTS.search(text)
    assert found is None, "a sanitizer complains:\n" + text[found.start():]


_secrets = set()


def keep_secret(*words):
    """From now on none of them may stand in anything that an exporter of
    this test module writes. Only what no text could hold by chance: a dash
    in it."""
    _secrets.update(w for w in words if w and "-" in w and len(w) > 5)


def _keep_environment(env):
    for name, value in (env or {}).items():
        if name.endswith("PASSWORD"):
            keep_secret(value)
        keep_secret(*re.findall(r"://[^:@/;]*:([^@/;]+)@", value))


def check_secrets(text):
    for word in _secrets:
        assert word not in text, "the secret %r is told:\n%s" % (word, text)


def run(*arguments, env=None, timeout=20.0, text=True):
    """Run the binary to its end: a CompletedProcess with both streams."""
    done = subprocess.run(
        [binary(), *arguments], env=environment(env), text=text,
        stdin=subprocess.DEVNULL, capture_output=True,
        timeout=timeout * SLOWNESS, check=False,
        preexec_fn=lambda parent=os.getpid(): process.die_with(parent))
    _keep_environment(env)
    for stream in (done.stdout, done.stderr):
        stream = stream if text else stream.decode("utf-8", "replace")
        check_sanitizers(stream)
        check_secrets(stream)
    return done


class Reply:
    """One HTTP answer: status, headers (lower case names), body, text."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")


class Exporter:
    """A serving exporter on a port of its own.

    flags are given as on the command line; nothing of the tests' own
    environment reaches it but PATH and sanitizer options.
    """

    def __init__(self, *flags, env=None, name="exporter"):
        _keep_environment(env)
        self.port = free_port()
        self.url = "http://127.0.0.1:%d" % self.port
        self.process = process.Process(
            name, [binary(), "--web.listen-address=127.0.0.1:%d" % self.port,
                   *flags], env=environment(env))

    @classmethod
    def watching(cls, deployment, *flags, env=None, acl_user=False,
                 name="exporter"):
        """Told of every sentinel and both passwords of a deployment."""
        return cls(*deployment.exporter_flags(acl_user), *flags, name=name,
                   env={**deployment.exporter_environment(acl_user),
                        **(env or {})})

    def launch(self):
        self.process.start()
        return self

    def start(self, timeout=10.0):
        """Start it and wait for the end of its first poll round."""
        self.launch()
        try:
            self.wait_ready(timeout)
        except BaseException:
            self.process.kill()
            raise
        return self

    def wait_ready(self, timeout=10.0):
        def ready():
            assert self.process.running(), "the exporter ended (%s)\n%s" % (
                self.process.exit_code(), self.process.log_tail())
            return self.get("/-/ready").status == 200
        wait_for(ready, timeout, lambda: "the exporter is ready\n"
                 + self.process.log_tail(), (OSError,
                                             http.client.HTTPException))
        return self

    def stop(self, timeout=1.0):
        """SIGTERM; it must end with code 0 within a second, and have drawn
        no complaint from a sanitizer. Does nothing but the latter when it
        has ended already."""
        try:
            if self.process.running():
                code = self.process.terminate(timeout)
                assert code == 0, "exit code %s\n%s" % (
                    code, self.process.log_tail())
        finally:
            release(self.port)
            check_sanitizers(self.log_text())
            check_secrets(self.log_text())

    def kill(self):
        self.process.kill()

    def restart(self):
        """Stop it by SIGTERM, start it anew on the same port."""
        if self.process.running():
            self.process.terminate(1.0)
        return self.start()

    def log_text(self):
        return self.process.log_text()

    def wait_log(self, pattern, timeout=10.0):
        return self.process.wait_log(pattern, timeout)

    def request(self, method, path, headers=None, body=None, timeout=5.0):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=timeout * SLOWNESS)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        found = {key.lower(): value for key, value in answer.getheaders()}
        if found.get("content-encoding") == "gzip":
            data = gzip.decompress(data)
        check_secrets(data.decode("utf-8", "replace"))
        return Reply(answer.status, found, data)

    def get(self, path, headers=None):
        return self.request("GET", path, headers)

    def scrape(self):
        """/metrics as an Exposition; fails on anything malformed."""
        reply = self.get("/metrics", {"Accept": "text/plain;version=0.0.4"})
        assert reply.status == 200, "%d: %s" % (reply.status, reply.text)
        return Exposition(reply.text)

    # Shorthands over one scrape.

    def value(self, name, **labels):
        return self.scrape().value(name, **labels)

    def values(self, name, **labels):
        return self.scrape().values(name, **labels)

    def series(self, name, **labels):
        return self.scrape().series(name, **labels)

    def wait_scrape(self, condition, timeout=10.0, message="",
                    interval=0.1):
        """Scrape until condition(exposition) is true; that exposition."""
        last = []

        def look():
            last[:] = [self.scrape()]
            return last[0] if condition(last[0]) else None
        return wait_for(look, timeout, lambda: "%s\n%s" % (
            message, last[0].text if last else "no scrape"), (), interval)

    def wait_value(self, expected, name, timeout=10.0, **labels):
        """Until the only matching series has that value; expected None:
        until no series matches. expected may be a function."""
        last = []

        def look():
            found = self.values(name, **labels)
            last[:] = [found]
            if expected is None:
                return not found
            return len(found) == 1 and (
                expected(found[0]) if callable(expected)
                else found[0] == expected)
        wait_for(look, timeout, lambda: "%s%r is %r, wanted %r" % (
            name, labels, last[0], expected), (), 0.1)
