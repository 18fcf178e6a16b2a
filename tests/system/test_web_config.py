"""--web.config.file: TLS, client certificates, users; as exporter-toolkit."""

import base64
import crypt
import fcntl
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import warnings

from tests.lab import exporter as lab_exporter
from tests.lab.case import LabCase
from tests.lab.exporter import Exporter, run
from tests.lab.wait import SLOWNESS, wait_for

warnings.filterwarnings("ignore", category=DeprecationWarning)


def bcrypt(password, cost=10):
    return crypt.crypt(password, crypt.mksalt(crypt.METHOD_BLOWFISH,
                                              rounds=1 << cost))


class Authority:
    """A CA and what it has signed, in a folder."""

    def __init__(self, folder, name="ca"):
        self.folder = folder
        self.name = name
        self._openssl("req", "-x509", *self._new_key(name), "-days", "2",
                      "-subj", "/CN=" + name, "-out", self.path(name, "pem"))

    def path(self, name, kind):
        return os.path.join(self.folder, "%s.%s" % (name, kind))

    def _new_key(self, name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", self.path(name, "key"))

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True,
                       stdin=subprocess.DEVNULL, capture_output=True)

    def sign(self, name, san, days=2):
        extensions = self.path(name, "ext")
        with open(extensions, "w", encoding="ascii") as f:
            f.write("subjectAltName=%s\n" % san)
        self._openssl("req", *self._new_key(name), "-subj", "/CN=" + name,
                      "-out", self.path(name, "csr"))
        self._openssl("x509", "-req", "-in", self.path(name, "csr"),
                      "-CA", self.path(self.name, "pem"),
                      "-CAkey", self.path(self.name, "key"),
                      "-CAcreateserial", "-days", str(days),
                      "-extfile", extensions, "-out", self.path(name, "pem"))


class WebConfigCase(LabCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.file = os.path.join(self.folder, "web.yml")

    def write(self, text):
        with open(self.file, "w", encoding="utf-8") as f:
            f.write(text)

    def serve(self, text):
        self.write(text)
        exporter = Exporter("--sentinel.addr=127.0.0.1:1",
                            "--web.config.file=" + self.file,
                            "--poll.interval=1s", "--poll.timeout=500ms")
        self.addCleanup(exporter.stop)
        exporter.launch()

        def listens():
            with socket.create_connection(("127.0.0.1", exporter.port)):
                return True
        wait_for(listens, 10, "it listens", (OSError,))
        return exporter

    def health(self, exporter):
        return ("--healthcheck", "--web.config.file=" + self.file,
                "--web.listen-address=127.0.0.1:%d" % exporter.port)

    @staticmethod
    def credentials(user, password):
        text = "%s:%s" % (user, password)
        return {"Authorization": "Basic "
                + base64.b64encode(text.encode()).decode()}


class UsersTest(WebConfigCase):
    def serve_users(self, cost=10):
        return self.serve("basic_auth_users:\n  alice: %s\n"
                          % bcrypt("right", cost))

    def test_users(self):
        exporter = self.serve_users()
        for path in ("/metrics", "/", "/-/healthy", "/nothing"):
            refused = exporter.get(path)
            self.assertEqual(refused.status, 401)
            self.assertTrue(
                refused.headers["www-authenticate"].startswith("Basic "))
        right = self.credentials("alice", "right")
        self.assertEqual(exporter.get("/metrics", right).status, 200)
        for user, password in (("alice", "wrong"), ("bob", "right"),
                               ("alice", ""), ("", "right")):
            self.assertEqual(exporter.get(
                "/metrics", self.credentials(user, password)).status, 401)
        for header in ("Basic", "Basic !", "Bearer x", "Basic YWxpY2U="):
            self.assertEqual(exporter.get(
                "/metrics", {"Authorization": header}).status, 401)
        self.assertEqual(exporter.request(
            "POST", "/metrics", {}, b"x" * 10).status, 401)

    def test_healthcheck(self):
        """One that asks for a password is alive."""
        exporter = self.serve_users()
        done = run(*self.health(exporter))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_users_change_while_running(self):
        exporter = self.serve_users()
        old = self.credentials("alice", "right")
        new = self.credentials("carol", "fresh")
        self.assertEqual(exporter.get("/metrics", old).status, 200)
        self.write("basic_auth_users:\n  carol: %s\n" % bcrypt("fresh"))
        wait_for(lambda: exporter.get("/metrics", new).status == 200, 10,
                 "the new user is known")
        self.assertEqual(exporter.get("/metrics", old).status, 401)
        # A broken file changes nothing, and says where it is broken.
        self.write("basic_auth_users:\n  carol: x\n")
        exporter.get("/-/healthy")

        def told():
            exporter.get("/-/healthy", new)
            return "web.yml:2:10" in exporter.log_text()
        wait_for(told, 10, "the place is logged")
        self.assertEqual(exporter.get("/metrics", new).status, 200)

    def test_guesses_do_not_starve_a_good_scrape(self):
        exporter = self.serve_users()
        right = self.credentials("alice", "right")
        self.assertEqual(exporter.get("/metrics", right).status, 200)
        ending = threading.Event()
        seen = set()

        def guess(number):
            count = 0
            while not ending.is_set():
                count += 1
                connection = http.client.HTTPConnection(
                    "127.0.0.1", exporter.port, timeout=20 * SLOWNESS,
                    source_address=("127.0.%d.2" % (1 + number), 0))
                try:
                    connection.request("GET", "/metrics", headers=self.
                                       credentials("alice", "%d-%d" % (
                                           number, count)))
                    seen.add(connection.getresponse().status)
                except OSError:
                    pass
                finally:
                    connection.close()
        guessers = [threading.Thread(target=guess, args=(n // 2,))
                    for n in range(40)]
        for each in guessers:
            each.start()
        try:
            wait_for(lambda: seen, 10, "guesses are answered")
            for _ in range(20):
                begin = time.monotonic()
                self.assertEqual(exporter.get("/metrics", right).status, 200)
                self.assertLess(time.monotonic() - begin, 1 * SLOWNESS)
        finally:
            ending.set()
            for each in guessers:
                each.join()
        self.assertLessEqual(seen, {401, 429})

    def test_a_password_being_checked_does_not_hold_up_the_end(self):
        exporter = self.serve_users(cost=13)
        with socket.create_connection(("127.0.0.1", exporter.port)) as client:
            client.sendall(
                b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n"
                % self.credentials("alice", "x")["Authorization"].encode())
            exporter.stop(timeout=3)


class TlsTest(WebConfigCase):
    def setUp(self):
        super().setUp()
        self.ca = Authority(self.folder)
        self.ca.sign("server", "DNS:localhost,IP:127.0.0.1")
        self.ca.sign("client", "DNS:prom.local")
        self.ca.sign("other", "DNS:other.local")
        self.foreign = Authority(self.folder, "foreign")
        self.foreign.sign("stranger", "DNS:prom.local")

    def config(self, *lines):
        return "\n".join(["tls_server_config:", "  cert_file: server.pem",
                          "  key_file: server.key",
                          *("  " + line for line in lines)]) + "\n"

    def ask(self, exporter, client=None, version=None, headers=None):
        """The status of a scrape; the reason as text when TLS fails."""
        context = ssl.create_default_context(cafile=self.ca.path("ca", "pem"))
        if client is not None:
            context.load_cert_chain(self.ca.path(client, "pem"),
                                    self.ca.path(client, "key"))
        if version is not None:
            context.maximum_version = version
        connection = http.client.HTTPSConnection(
            "localhost", exporter.port, timeout=10 * SLOWNESS,
            context=context)
        try:
            connection.request("GET", "/metrics", headers=headers or {})
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException) as error:
            return str(error) or type(error).__name__
        finally:
            connection.close()

    def assert_refused(self, answer):
        self.assertIsInstance(answer, str)

    def test_tls(self):
        exporter = self.serve(self.config())
        self.assertEqual(self.ask(exporter), 200)
        self.assertEqual(self.ask(exporter, version=ssl.TLSVersion.TLSv1_2),
                         200)
        with socket.create_connection(("127.0.0.1", exporter.port)) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b"HTTP request to an HTTPS server",
                          plain.recv(4096))

    def test_healthcheck(self):
        """One that speaks TLS is alive, also where it wants a certificate."""
        for lines in ((), ("client_auth_type: RequireAnyClientCert",),
                      ("client_auth_type: RequireAnyClientCert",
                       "max_version: TLS12")):
            with self.subTest(lines):
                exporter = self.serve(self.config(*lines))
                done = run(*self.health(exporter))
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                exporter.stop()
                self.assertEqual(run(*self.health(exporter)).returncode, 1)

    def test_client_auth_types(self):
        """value -> without one, signed by the CA, by another CA"""
        table = {
            "NoClientCert": (True, True, True),
            "RequestClientCert": (True, True, True),
            "RequireAnyClientCert": (False, True, True),
            "RequireClientCert": (False, True, True),
            "VerifyClientCertIfGiven": (True, True, False),
            "RequireAndVerifyClientCert": (False, True, False),
        }
        for value, wanted in table.items():
            lines = ["client_auth_type: " + value]
            if "Verify" in value:
                lines.append("client_ca_file: ca.pem")
            exporter = self.serve(self.config(*lines))
            for client, good in zip((None, "client", "stranger"), wanted):
                with self.subTest(value=value, client=client):
                    answer = self.ask(exporter, client)
                    self.assertEqual(answer == 200, good, answer)
            exporter.stop()

    def test_allowed_sans_and_users(self):
        text = self.config("client_auth_type: RequireAndVerifyClientCert",
                           "client_ca_file: ca.pem",
                           "client_allowed_sans: [prom.local]")
        exporter = self.serve(text + "basic_auth_users:\n  alice: %s\n"
                              % bcrypt("right"))
        right = self.credentials("alice", "right")
        self.assertEqual(self.ask(exporter, "client", headers=right), 200)
        self.assertEqual(self.ask(exporter, "client"), 401)
        self.assert_refused(self.ask(exporter, "other", headers=right))
        self.assert_refused(self.ask(exporter, headers=right))

    def test_versions_and_ciphers(self):
        exporter = self.serve(self.config("min_version: TLS13"))
        self.assertEqual(self.ask(exporter), 200)
        self.assert_refused(
            self.ask(exporter, version=ssl.TLSVersion.TLSv1_2))
        exporter.stop()
        # Suites of TLS 1.2 alone do not turn 1.3 off.
        exporter = self.serve(self.config(
            "curve_preferences: [CurveP256]",
            "cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA]"))
        self.assertEqual(self.ask(exporter), 200)

    def test_a_renewed_certificate_is_followed(self):
        exporter = self.serve(self.config())
        self.assertEqual(self.ask(exporter), 200)

        def serial():
            context = ssl.create_default_context(
                cafile=self.ca.path("ca", "pem"))
            with socket.create_connection(("127.0.0.1", exporter.port)) as s:
                with context.wrap_socket(s, server_hostname="localhost") as t:
                    return t.getpeercert()["serialNumber"]
        before = serial()
        self.ca.sign("server", "DNS:localhost")
        wait_for(lambda: serial() != before, 10, "the new one is shown",
                 (OSError,))

    def test_a_crowd_of_silent_tls_clients(self):
        exporter = self.serve(self.config())
        silent = []
        try:
            for _ in range(400):
                s = socket.create_connection(("127.0.0.1", exporter.port))
                s.sendall(b"\x16\x03\x01")
                silent.append(s)
            for _ in range(10):
                self.assertEqual(self.ask(exporter), 200)
        finally:
            for s in silent:
                s.close()


class SystemdSocketTest(LabCase):
    def test_sockets_of_systemd(self):
        """As sd_listen_fds(3) says it: descriptors from 3 on."""
        sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        ports = [s.getsockname()[1] for s in sockets]
        descriptors = [fcntl.fcntl(s, fcntl.F_DUPFD, 20) for s in sockets]

        def hand_over():
            for n, fd in enumerate(descriptors):
                os.dup2(fd, 3 + n)
        script = ("import os,sys; os.environ['LISTEN_PID'] = "
                  "str(os.getpid()); os.execv(sys.argv[1], sys.argv[1:])")
        running = subprocess.Popen(
            ["/usr/bin/python3", "-c", script, lab_exporter.binary(),
             "--web.systemd-socket", "--sentinel.addr=127.0.0.1:1"],
            env=lab_exporter.environment({"LISTEN_FDS": "2"}),
            stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=hand_over)
        for s in sockets:
            s.close()
        for fd in descriptors:
            os.close(fd)
        try:
            for port in ports:
                def healthy(at=port):
                    connection = http.client.HTTPConnection(
                        "127.0.0.1", at, timeout=5 * SLOWNESS)
                    try:
                        connection.request("GET", "/-/healthy")
                        return connection.getresponse().status == 200
                    finally:
                        connection.close()
                wait_for(healthy, 10, "it serves", (OSError,))
        finally:
            running.terminate()
            self.assertEqual(running.wait(timeout=10 * SLOWNESS), 0)

    def test_no_socket_is_an_error(self):
        done = run("--web.systemd-socket")
        self.assertEqual(done.returncode, 2)
        self.assertIn("handed over no socket", done.stderr)


class RefusedTest(WebConfigCase):
    def test_promtool_refuses_the_same_files(self):
        ca = Authority(self.folder)
        ca.sign("server", "DNS:localhost")
        ca.sign("other", "DNS:other")
        pair = "tls_server_config: {cert_file: server.pem, key_file: %s.key%s}"
        good = pair % ("server", "")
        broken = (
            "tls_server_config: {cert_file: server.pem}",
            "tls_server_config: {key_file: server.key}",
            pair % ("none", ""), pair % ("other", ""),
            pair % ("server", ", cert_fil: x"),
            pair % ("server", ", client_ca_file: ca.pem"),
            pair % ("server", ", client_auth_type: Whatever"),
            pair % ("server", ", min_version: TLS14"),
            pair % ("server", ", curve_preferences: [CurveX]"),
            pair % ("server", ", cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]"),
            "tls_server_config: {client_auth_type: RequestClientCert}",
            "basic_auth_users: {alice: secret}",
            "http_server_config: {headers: {X-Frame-Options: never}}",
            "http_server_config: {headers: {X-Other: y}}",
            good + "\n" + good, "[]",
        )
        fine = ("", "basic_auth_users: {}", good,
                "tls_server_config: {min_version: TLS12}",
                "http_server_config: {http2: false}",
                "basic_auth_users: {alice: %s}" % bcrypt("x", 4),
                good + "\nhttp_server_config: {headers: "
                "{X-Frame-Options: deny}}")
        for text in broken:
            with self.subTest(text=text):
                self.assertFalse(self.promtool_likes(text))
                done = run("--web.config.file=" + self.file,
                           "--web.listen-address=127.0.0.1:1")
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertIn(self.folder, done.stderr)
        for text in fine:
            with self.subTest(text=text):
                self.assertTrue(self.promtool_likes(text))
                self.serve(text).stop()

    def promtool_likes(self, text):
        self.write(text)
        return subprocess.run(["promtool", "check", "web-config", self.file],
                              check=False, capture_output=True).returncode == 0
