"""Every way in which a source can fail ends in the right _up and reason."""

from tests.fake.scripted import (ENDLESS, HANG_UP, SILENCE, ScriptedPeer,
                                 array, bulk, error, info, node_answers,
                                 sentinel_answers)
from tests.lab.case import LabCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter

FAST = ("--poll.interval=300ms", "--poll.timeout=200ms")


def errors(scrape, source):
    """The reasons counted for a source, those at 0 left out."""
    return {labels["reason"] for labels, value in scrape.series(
        "sentinel_exporter_source_errors_total", source=source) if value > 0}


class ScriptedNode(LabCase):
    """A healthy scripted sentinel names a scripted node that misbehaves."""

    def watch(self, node, env=None):
        peer = self.use(node)
        sentinel = self.use(ScriptedPeer(
            sentinel_answers(("127.0.0.1", peer.port))))
        exporter = self.use(Exporter(
            "--sentinel.addr=" + sentinel.address, "--celery.queue=celery",
            *FAST, env=env))
        return exporter, peer

    def expect(self, node, up, reason, env=None):
        exporter, peer = self.watch(node, env)
        scrape = exporter.wait_scrape(
            lambda s: s.values("sentinel_node_up", node=peer.address) == [up]
            and (reason is None or reason in errors(s, peer.address)),
            message="wanted up %s, reason %s" % (up, reason))
        if reason is None:
            self.assertEqual(errors(scrape, peer.address), set())
        else:
            self.assertEqual(errors(scrape, peer.address), {reason})
        self.assertEqual(
            scrape.values("sentinel_up"), [1], "the sentinel is well")
        return exporter, peer, scrape

    def test_healthy(self):
        self.expect(ScriptedPeer(node_answers()), 1, None)

    def test_reply_in_single_bytes(self):
        self.expect(ScriptedPeer(node_answers(), drip=True), 1, None)

    def test_noauth(self):
        text = error("NOAUTH Authentication required.")
        self.expect(ScriptedPeer(node_answers(INFO=text, ROLE=text)),
                    0, "auth")

    def test_wrong_password(self):
        self.expect(
            ScriptedPeer(node_answers(AUTH=error(
                "WRONGPASS invalid username-password pair or user is "
                "disabled."))), 0, "auth",
            {"SENTINEL_EXPORTER_REDIS_PASSWORD": "not-it"})

    def test_wrong_password_in_redis_5(self):
        self.expect(
            ScriptedPeer(node_answers(AUTH=error("ERR invalid password"))),
            0, "auth", {"SENTINEL_EXPORTER_REDIS_PASSWORD": "not-it"})

    def test_password_where_none_is_set(self):
        exporter, _, _ = self.expect(
            ScriptedPeer(node_answers(AUTH=error(
                "ERR AUTH <password> called without any password configured "
                "for the default user. Are you sure your configuration is "
                "correct?"))), 1, None,
            {"SENTINEL_EXPORTER_REDIS_PASSWORD": "surplus-secret"})
        self.assertNotIn("surplus-secret", exporter.log_text())

    def test_password_where_none_is_set_in_redis_5(self):
        self.expect(
            ScriptedPeer(node_answers(AUTH=error(
                "ERR Client sent AUTH, but no password is set"))), 1, None,
            {"SENTINEL_EXPORTER_REDIS_PASSWORD": "surplus"})

    def test_noperm(self):
        text = error("NOPERM this user has no permissions to run the 'info' "
                     "command")
        exporter, peer, scrape = self.expect(
            ScriptedPeer(node_answers(INFO=text)), 1, "noperm")
        self.assertEqual(scrape.values("sentinel_node_role_master"), [])
        exporter.wait_value(1, "sentinel_master_up")
        exporter.wait_log(r"INFO is denied: of this node only its role is "
                          r"known.*ACL SETUSER default \+info")

    def test_info_and_role_denied(self):
        """Nobody knows whether it is a master: no outage may be counted."""
        text = error("NOPERM this user has no permissions to run the command")
        exporter, peer, scrape = self.expect(
            ScriptedPeer(node_answers(INFO=text, ROLE=text)), 1, "noperm")
        exporter.wait_log(r"INFO and ROLE are denied.*user=default.*"
                          r"ACL SETUSER default \+info \+role")
        accepted = peer.accepted
        exporter.wait_scrape(lambda s: s.value(
            "sentinel_exporter_source_errors_total", source=peer.address,
            reason="noperm") >= 4)
        scrape = exporter.scrape()
        self.assertEqual(scrape.values("sentinel_master_up"), [])
        self.assertEqual(
            scrape.values("sentinel_master_write_outage_seconds_total"), [0])
        self.assertEqual(exporter.log_text().count("are denied"), 1)
        self.assertEqual(peer.accepted, accepted)

    def test_loading(self):
        """INFO answers while a server loads; the queues do not."""
        text = error("LOADING Redis is loading the dataset in memory")
        _, peer, scrape = self.expect(
            ScriptedPeer(node_answers(
                INFO=info(redis_version="7.0.15", role="master", loading=1,
                          run_id="f" * 40),
                SCAN=text, SMEMBERS=text, LLEN=text)), 1, "loading")
        self.assertEqual(scrape.values("sentinel_node_loading"), [1])
        self.assertEqual(scrape.values("sentinel_celery_queue_length"), [])

    def test_busy(self):
        text = error("BUSY Redis is busy running a script. You can only call "
                     "SCRIPT KILL or SHUTDOWN NOSAVE.")
        self.expect(ScriptedPeer(node_answers(INFO=text, ROLE=text)),
                    1, "busy")

    def test_max_clients(self):
        self.expect(ScriptedPeer({}, error(
            "ERR max number of clients reached"), True), 0, "maxclients")

    def test_protected_mode(self):
        self.expect(ScriptedPeer({}, error(
            "DENIED Redis is running in protected mode because protected "
            "mode is enabled"), True), 0, "auth")

    def test_hangs_up(self):
        self.expect(ScriptedPeer(node_answers(INFO=HANG_UP)), 0, "closed")

    def test_silent(self):
        self.expect(ScriptedPeer(node_answers(INFO=SILENCE)), 0, "timeout")

    def test_garbage(self):
        self.expect(ScriptedPeer(node_answers(INFO=b"\x16\x03\x01 hello\r\n")),
                    0, "protocol")

    def test_resp3(self):
        self.expect(ScriptedPeer(node_answers(INFO=b"%1\r\n+a\r\n+b\r\n")),
                    0, "protocol")

    def test_not_an_info(self):
        self.expect(ScriptedPeer(node_answers(INFO=bulk("hello: world"))),
                    0, "protocol")

    def test_huge_array(self):
        self.expect(ScriptedPeer(node_answers(INFO=b"*2147483647\r\n")),
                    0, "protocol")

    def test_endless_bulk_costs_no_memory(self):
        exporter, _, scrape = self.expect(
            ScriptedPeer(node_answers(INFO=ENDLESS)), 0, "protocol")
        self.assertLess(scrape.value("process_resident_memory_bytes"),
                        400 << 20)

    def test_refused(self):
        peer = ScriptedPeer({})
        exporter, _ = self.watch(peer)
        peer.stop()
        exporter.wait_scrape(
            lambda s: "refused" in errors(s, peer.address)
            and s.values("sentinel_node_up") == [0])

    def test_role_changes_in_the_batch(self):
        """Figures are believed only between two ROLEs that say master."""
        exporter, peer = self.watch(ScriptedPeer(node_answers(
            LLEN=b":5\r\n", HLEN=b":0\r\n",
            ROLE=array(bulk("slave"), bulk("127.0.0.1"), b":1\r\n",
                       bulk("connected"), b":0\r\n"))))
        exporter.wait_value(1, "sentinel_master_up")
        rounds = exporter.value("sentinel_exporter_last_poll_timestamp_seconds")
        exporter.wait_value(lambda v: v > rounds + 0.5,
                            "sentinel_exporter_last_poll_timestamp_seconds")
        self.assertEqual(exporter.values("sentinel_celery_queue_length"), [])
        # The same answers from a master are believed.
        peer.answers["ROLE"] = node_answers()["ROLE"]
        exporter.wait_value(20, "sentinel_celery_queue_length", db="0")


class ScriptedSentinel(LabCase):
    def expect(self, sentinel, up, reason, *flags, env=None):
        peer = self.use(sentinel)
        exporter = self.use(Exporter(
            "--sentinel.addr=" + peer.address, *FAST, *flags, env=env))
        return exporter, exporter.wait_scrape(
            lambda s: s.values("sentinel_up", sentinel=peer.address) == [up]
            and (reason is None or reason in errors(s, peer.address)),
            message="wanted up %s, reason %s" % (up, reason))

    def answers(self, **more):
        return sentinel_answers(("127.0.0.1", 1), **more)

    def test_data_node_instead_of_a_sentinel(self):
        exporter, _ = self.expect(ScriptedPeer(node_answers()), 0, "other")
        exporter.wait_log(r"this is a data node, not a sentinel")

    def test_denied_list_is_absent_not_zero(self):
        _, scrape = self.expect(
            ScriptedPeer(self.answers(**{"SENTINEL CKQUORUM": error(
                "NOPERM this user has no permissions")})), 1, "noperm")
        self.assertEqual(
            scrape.values("sentinel_master_usable_sentinels"), [])
        self.assertEqual(scrape.values("sentinel_master_quorum"), [1])

    def test_events_denied(self):
        text = error("NOPERM this user has no permissions to access one of "
                     "the channels used as arguments")
        _, scrape = self.expect(
            ScriptedPeer(self.answers(PSUBSCRIBE=text, SUBSCRIBE=text)),
            1, "noperm")
        self.assertEqual(scrape.values("sentinel_subscription_up"), [0])

    def test_silent(self):
        self.expect(ScriptedPeer(self.answers(INFO=SILENCE)), 0, "timeout")

    def test_too_deep(self):
        self.expect(ScriptedPeer(self.answers(
            **{"SENTINEL MASTERS": b"*1\r\n" * 50})), 0, "protocol")

    def test_hostile_names(self):
        """Any bytes in a name end as valid UTF-8 in a label."""
        name = 'a"b\\c\nd\x01\u00e9'
        _, scrape = self.expect(ScriptedPeer(sentinel_answers(
            ("127.0.0.1", 1), name=name)), 1, None)
        self.assertEqual(
            scrape.values("sentinel_master_quorum", master_name=name), [1])

    def test_name_that_does_not_resolve(self):
        exporter = self.use(Exporter(
            "--sentinel.addr=no-such-host.invalid:26379",
            "--poll.interval=2500ms", "--poll.timeout=2s"))
        exporter.wait_scrape(lambda s: errors(
            s, "no-such-host.invalid:26379") & {"dns", "timeout"})
        exporter.wait_value(0, "sentinel_up")


class RealAccess(LabCase):
    """The same errors as a real server gives them."""

    @classmethod
    def setUpClass(cls):
        cls.deployment = cls.use_for_class(Deployment(
            password="data-pw", sentinel_password="sentinel-pw"))

    def watch(self, env, *flags):
        return self.use(Exporter(
            *(flag for flag in self.deployment.exporter_flags()), *FAST,
            *flags, env=env))

    def test_no_password_at_all(self):
        exporter = self.watch({})
        scrape = exporter.wait_scrape(
            lambda s: s.values("sentinel_up") == [0, 0, 0])
        for sentinel in self.deployment.sentinels:
            self.assertEqual(errors(scrape, sentinel.address), {"auth"})

    def test_wrong_node_password(self):
        exporter = self.watch({
            "SENTINEL_EXPORTER_SENTINEL_PASSWORD": "sentinel-pw",
            "SENTINEL_EXPORTER_REDIS_PASSWORD": "wrong-secret"})
        scrape = exporter.wait_scrape(
            lambda s: s.values("sentinel_node_up") == [0, 0, 0])
        self.assertEqual(scrape.values("sentinel_up"), [1, 1, 1])
        self.assertEqual(scrape.values("sentinel_master_up"), [0])
        self.assertEqual(
            errors(scrape, self.deployment.nodes[0].address), {"auth"})
        self.assertNotIn("wrong-secret", exporter.log_text())

    def test_acl_users_with_least_rights(self):
        exporter = self.use(Exporter.watching(
            self.deployment, *FAST, acl_user=True))
        scrape = exporter.wait_scrape(
            lambda s: s.values("sentinel_subscription_up") == [1, 1, 1]
            and s.values("sentinel_node_up") == [1, 1, 1])
        self.assertEqual(
            set(scrape.values("sentinel_exporter_source_errors_total")), {0})

    def test_busy_script(self):
        exporter = self.use(Exporter.watching(self.deployment, *FAST))
        master = self.deployment.current_master()
        exporter.wait_value(1, "sentinel_node_up", node=master.address)
        master.call("CONFIG", "SET", "busy-reply-threshold", "50")
        with master.client() as client:
            pool = client.connection_pool.get_connection("EVAL")
            pool.send_command("EVAL", "while true do end", 0)
            try:
                scrape = exporter.wait_scrape(
                    lambda s: "busy" in errors(s, master.address))
                self.assertEqual(scrape.values(
                    "sentinel_node_up", node=master.address), [1])
            finally:
                master.call("SCRIPT", "KILL")
                pool.disconnect()

    def test_max_clients(self):
        node = self.deployment.nodes[1]
        with node.client() as admin:
            # Held open: once the limit is reached nobody else gets in.
            connected = admin.info("clients")["connected_clients"]
            admin.config_set("maxclients", connected)
            try:
                exporter = self.use(Exporter.watching(self.deployment, *FAST))
                exporter.wait_scrape(
                    lambda s: "maxclients" in errors(s, node.address)
                    and s.values("sentinel_node_up",
                                 node=node.address) == [0])
            finally:
                admin.config_set("maxclients", 1000)
        exporter.wait_value(1, "sentinel_node_up", node=node.address)
