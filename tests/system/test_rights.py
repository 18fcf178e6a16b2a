"""The README's least rights are enough, to the letter."""

import os
import re

from tests.lab import celery_app, process
from tests.lab.case import LabCase
from tests.lab.deployment import Deployment
from tests.lab.exporter import Exporter


def readme_rules():
    """The words of both ACL SETUSER blocks: data nodes', sentinels'."""
    with open(os.path.join(process.ROOT, "README.md")) as f:
        text = f.read()
    blocks = re.findall(r"^ACL SETUSER .*?(?=^```)", text, re.M | re.S)
    assert len(blocks) == 2, blocks
    return [block.split() for block in blocks]


class ReadmeRightsTest(LabCase):
    def test_enough(self):
        deployment = self.use(Deployment(
            password="data-pw", sentinel_password="sentinel-pw"))
        celery_app.publish(celery_app.app_for(deployment), "celery", 2)
        for_nodes, for_sentinels = readme_rules()
        for servers, rule in ((deployment.nodes, for_nodes),
                              (deployment.sentinels, for_sentinels)):
            for server in servers:
                server.call("ACL", "DELUSER", "exporter")
                server.call(*rule)
        exporter = self.use(Exporter.watching(
            deployment, "--poll.interval=500ms",
            "--sentinel.username=exporter", "--redis.username=exporter",
            env={"SENTINEL_EXPORTER_SENTINEL_PASSWORD": "password",
                 "SENTINEL_EXPORTER_REDIS_PASSWORD": "password"}))
        scrape = exporter.wait_scrape(
            lambda s: s.values("sentinel_subscription_up") == [1, 1, 1]
            and s.values("sentinel_node_up") == [1, 1, 1]
            and s.values("sentinel_celery_queue_length") == [2])
        refused = [labels for labels, value in scrape.series(
            "sentinel_exporter_source_errors_total") if value]
        self.assertEqual(refused, [])
