"""TLS to sentinels and to data nodes, mutual, over real certificates."""

import os

from tests.lab import story
from tests.lab.case import LabCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter
from tests.lab.failover import FailoverCase, PERIODS, POLL
from tests.lab.tls import Authority, ServerTls


def flags_of(kind, ca, own=None, *more):
    """Our options for one kind of server."""
    flags = ["--%s.tls" % kind, "--%s.tls-ca-file=%s" % (kind, ca)]
    if own:
        flags += ["--%s.tls-cert-file=%s" % (kind, own.cert),
                  "--%s.tls-key-file=%s" % (kind, own.key)]
    return [*flags, *more]


class DeploymentTest(FailoverCase):
    """Both kinds of servers want a certificate of ours, of CAs apart."""

    def begin_tls(self):
        self.nodes_ca = self.use_made(Authority("nodes-ca"))
        self.sentinels_ca = self.use_made(Authority("sentinels-ca"))
        server = self.nodes_ca.issue("node")
        # A sentinel dials nodes and sentinels with its one certificate.
        sentinel = self.nodes_ca.issue("sentinel")
        self.own = self.nodes_ca.issue("exporter", "DNS:exporter")
        self.deployment = self.use(Deployment(
            down_after_ms=1000, periods=PERIODS, failover_timeout_ms=5000,
            password="data-pw", sentinel_password="sentinel-pw",
            tls=ServerTls(self.nodes_ca.ca, server),
            sentinel_tls=ServerTls(self.nodes_ca.ca, sentinel)))
        self.exporter = self.use(Exporter.watching(
            self.deployment, *POLL,
            *flags_of("sentinel", self.nodes_ca.ca, self.own),
            *flags_of("redis", self.nodes_ca.ca, self.own)))
        self.wait_listening(self.exporter)

    def use_made(self, authority):
        self.addCleanup(authority.stop)
        return authority

    def test_failover_over_mutual_tls(self):
        """Counted once, and the demoted master is followed."""
        self.begin_tls()
        old = self.deployment.kill_master()
        new = self.new_master(old)
        old.start()
        self.wait_over(new, old)
        self.assertEqual(sum(self.exporter.values(
            "sentinel_failovers_total")), 1)
        self.assertEqual(story.master_of(self.exporter.scrape()), new.address)

    def test_a_renewed_certificate_is_followed(self):
        """The servers trust another CA from now on; ours comes later."""
        self.begin_tls()
        sentinel = self.deployment.sentinels[0]
        other = self.use_made(Authority("other-ca"))
        renewed = other.issue("sentinel")
        sentinel.tls = ServerTls(other.ca, renewed)
        sentinel.kill()
        path = sentinel.config_file
        with open(path, encoding="utf-8") as config:
            lines = [line for line in config.read().splitlines()
                     if not line.startswith(("tls-", "port "))]
        lines += ["%s %s" % pair for pair in
                  sentinel.tls.directives(sentinel.port).items()]
        with open(path, "w", encoding="utf-8") as config:
            config.write("\n".join(lines) + "\n")
        sentinel.launch()
        self.exporter.wait_scrape(
            lambda read: read.get("sentinel_exporter_source_errors_total", 0,
                                  source=sentinel.address,
                                  reason="tls") > 0, 15)
        self.exporter.wait_log("signed by an unknown CA")
        # Both CAs, and a certificate that both sides take.
        with open(other.ca, encoding="utf-8") as more:
            text = more.read()
        fresh = self.nodes_ca.ca + ".new"
        with open(self.nodes_ca.ca, encoding="utf-8") as now, \
                open(fresh, "w", encoding="utf-8") as out:
            out.write(now.read() + text)
        os.replace(fresh, self.nodes_ca.ca)
        fresh = other.issue("exporter", "DNS:exporter")
        os.replace(fresh.key, self.own.key)
        os.replace(fresh.cert, self.own.cert)
        self.exporter.wait_value(1, "sentinel_up", timeout=20,
                                 sentinel=sentinel.address)


class FaultTest(LabCase):
    """One server; what is wrong is said in words, with the reason."""

    def begin(self, clients="no", identity=None, plain=False):
        self.authority = Authority()
        self.addCleanup(self.authority.stop)
        own = identity or self.authority.issue("sentinel")
        tls = None if plain else ServerTls(self.authority.ca, own, clients)
        self.deployment = self.use(Deployment(
            replicas=0, sentinels=1, quorum=1, sentinel_tls=tls))

    def complaint(self, *flags):
        """The log of an exporter that cannot get in."""
        exporter = Exporter.watching(self.deployment, *POLL, *flags)
        exporter.launch()
        self.addCleanup(exporter.stop)
        exporter.wait_log("sentinel does not answer", timeout=15)
        return exporter

    def expect(self, words, reason, *flags):
        exporter = self.complaint(*flags)
        exporter.wait_log(words)
        exporter.wait_log("reason=" + reason)
        return exporter

    def test_unknown_ca(self):
        self.begin()
        other = Authority("other")
        self.addCleanup(other.stop)
        self.expect("signed by an unknown CA", "tls",
                    *flags_of("sentinel", other.ca))

    def test_wrong_name(self):
        self.begin()
        self.expect("not for elsewhere.lab; it is for localhost", "tls",
                    *flags_of("sentinel", self.authority.ca, None,
                              "--sentinel.tls-server-name=elsewhere.lab"))

    def test_client_certificate_wanted(self):
        self.begin(clients="yes")
        self.expect("wants a client certificate", "tls",
                    *flags_of("sentinel", self.authority.ca))

    def test_tls_to_a_port_of_plain_text(self):
        """Redis waits for the end of a line that never comes."""
        self.begin(plain=True)
        self.expect("it does not speak TLS on this port", "tls",
                    *flags_of("sentinel", self.authority.ca))

    def test_plain_text_to_a_port_of_tls(self):
        self.begin()
        self.expect("does it want TLS", "closed")

    def test_insecure_is_warned_of_and_works(self):
        self.begin()
        exporter = self.use(Exporter.watching(
            self.deployment, *POLL, "--sentinel.tls",
            "--sentinel.tls-insecure-skip-verify"))
        exporter.wait_log("are not verified")
        exporter.wait_value(1, "sentinel_up")

    def test_system_cas_do_not_know_ours(self):
        self.begin()
        self.expect("signed by an unknown CA", "tls", "--sentinel.tls")
