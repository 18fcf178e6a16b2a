"""Certificates for a lab: a CA of its own, and what it signs."""

import os
import shutil
import subprocess
import tempfile

DAY = 86400


def _openssl(*arguments, stdin=None):
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin,
                          text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


class Identity:
    """A certificate and its key, as two files."""

    def __init__(self, folder, name):
        self.cert = os.path.join(folder, name + ".crt")
        self.key = os.path.join(folder, name + ".key")


class Authority:
    """A CA in a folder of its own; stop() removes all that it made."""

    def __init__(self, name="lab-ca"):
        self.folder = tempfile.mkdtemp(prefix="lab-tls-")
        own = Identity(self.folder, name)
        self.ca = own.cert
        self._own = own
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-days", 2, "-subj",
                 "/CN=" + name, "-keyout", own.key, "-out", own.cert)

    def stop(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def issue(self, name, sans="DNS:localhost,IP:127.0.0.1", days=2,
              replaces=None):
        """A new identity; or a new certificate and key at the place of an
        old one, both at once, as a renewal does it. days < 0: expired."""
        fresh = Identity(self.folder, name + ".new")
        request = os.path.join(self.folder, name + ".csr")
        extensions = os.path.join(self.folder, name + ".ext")
        with open(extensions, "w", encoding="utf-8") as out:
            out.write("basicConstraints=CA:FALSE\n")
            out.write("subjectAltName=%s\n" % sans)
        _openssl("req", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name,
                 "-keyout", fresh.key, "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", self._own.cert,
                 "-CAkey", self._own.key, "-CAcreateserial", "-days", days,
                 "-extfile", extensions, "-out", fresh.cert)
        kept = replaces or Identity(self.folder, name)
        os.replace(fresh.key, kept.key)
        os.replace(fresh.cert, kept.cert)
        return kept


class ServerTls:
    """How servers of one kind speak TLS; own: their certificate, also
    towards each other. clients: may one come without a certificate?"""

    def __init__(self, ca, own, clients="yes"):
        self.ca = ca
        self.own = own
        self.clients = clients

    def directives(self, port):
        return {"port": 0, "tls-port": port, "tls-cert-file": self.own.cert,
                "tls-key-file": self.own.key, "tls-ca-cert-file": self.ca,
                "tls-auth-clients": self.clients, "tls-replication": "yes"}

    def client_options(self):
        return {"ssl": True, "ssl_ca_certs": self.ca,
                "ssl_certfile": self.own.cert, "ssl_keyfile": self.own.key}

    def cli_options(self):
        return ["--tls", "--cacert", self.ca, "--cert", self.own.cert,
                "--key", self.own.key]
