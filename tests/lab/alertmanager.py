"""A real Alertmanager, and the webhook that it tells."""

import http.server
import json
import os
import threading

from tests.lab import process
from tests.lab.ports import free_port, release


class Alertmanager:
    """Runs on a configuration given as text."""

    def __init__(self, config):
        self.port = free_port()
        self.address = "127.0.0.1:%d" % self.port
        self.process = process.Process("alertmanager", [])
        path = os.path.join(self.process.directory, "alertmanager.yml")
        with open(path, "w", encoding="utf-8") as out:
            out.write(config)
        self.process.argv = [
            process.require("prometheus-alertmanager"),
            "--config.file=" + path,
            "--storage.path=" + os.path.join(self.process.directory, "data"),
            "--web.listen-address=" + self.address,
            "--cluster.listen-address="]

    def start(self):
        self.process.start()
        self.process.wait_log(r"Listening on", 15)
        return self

    def stop(self):
        self.process.kill()
        release(self.port)


class Webhook:
    """Takes notifications: the path is the receiver's name.

    told: every alert of every notification, in order, as dictionaries with
    receiver, status, labels and annotations.
    """

    def __init__(self):
        self.told = []
        told = self.told

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers["Content-Length"])
                for alert in json.loads(self.rfile.read(size))["alerts"]:
                    told.append({"receiver": self.path.strip("/"), **alert})
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.address = "127.0.0.1:%d" % self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever,
                                       daemon=True)

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def now(self):
        """What stands, as it was told last: {(receiver, labels): status},
        labels as a frozenset of pairs."""
        return {(alert["receiver"], frozenset(alert["labels"].items())):
                alert["status"] for alert in list(self.told)}

    def arrived(self, receiver, name, status="firing", **labels):
        """Was the receiver told of it, and is that the last word?"""
        wanted = {"alertname": name, **labels}.items()
        return any(told == receiver and state == status
                   and wanted <= set(pairs)
                   for (told, pairs), state in self.now().items())

    def names(self, receiver=None, since=0):
        """Of all alerts that were told; since: leave that many out."""
        return {alert["labels"]["alertname"] for alert in self.told[since:]
                if receiver in (None, alert["receiver"])}

    def standing(self):
        """Names of what was told to fire and not yet to be over, by those
        receivers that are told so."""
        return sorted(dict(pairs)["alertname"] for (told, pairs), state
                      in self.now().items()
                      if state == "firing" and told != "record")
