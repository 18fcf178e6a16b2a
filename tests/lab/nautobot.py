"""A Django project with the settings of nautobot_config.py: its cache, and its
Celery application, each in a process of its own.

  celery -A tests.lab.nautobot worker
  python3 -m tests.lab.nautobot fill 50 | clear | publish 3 | url
"""

import json
import os
import re
import subprocess
import sys

import celery

from tests.lab import process
from tests.lab.wait import SLOWNESS

TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "nautobot_config.py")


def environment(deployment, index=None, index_on_the_last=False):
    """What the chart's users set; for the exporter unchanged, but for the
    ports, which are 26379 there."""
    env = {"NAUTOBOT_REDIS_SENTINEL_%d" % (i + 1): sentinel.address
           for i, sentinel in enumerate(deployment.sentinels)}
    if deployment.password:
        env["NAUTOBOT_REDIS_PASSWORD"] = deployment.password
    if index is not None:
        env["NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX"] = str(index)
    if index_on_the_last:
        env["LAB_INDEX_ON_THE_LAST"] = "1"
    return env


def django_environment(deployment, *arguments, **keywords):
    """The same for Django: hosts, and a copy of the settings with the ports
    of these sentinels, first to last."""
    env = environment(deployment, *arguments, **keywords)
    with open(TEMPLATE, encoding="utf-8") as source:
        text = source.read()
    for number, sentinel in enumerate(deployment.sentinels, 1):
        env["NAUTOBOT_REDIS_SENTINEL_%d" % number] = "127.0.0.1"
        text = re.sub(r"(SENTINEL_%d\W+?[):]\W*)26379" % number,
                      r"\g<1>%d" % sentinel.port, text)
    assert not re.search(r"\b26379\b", text.split('"""')[2])
    directory = process.new_directory("settings")
    with open(os.path.join(directory, "nautobot_config.py"), "w",
              encoding="utf-8") as out:
        out.write(text)
    return {**os.environ, **env, "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": directory + os.pathsep + process.ROOT,
            "DJANGO_SETTINGS_MODULE": "nautobot_config"}


def run(env, *arguments):
    """One command of the module; what it prints, as JSON."""
    done = subprocess.run(
        ["/usr/bin/python3", "-m", "tests.lab.nautobot",
         *map(str, arguments)], env=env, text=True, cwd=process.ROOT,
        capture_output=True, timeout=30 * SLOWNESS, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def add(x, y):
    return x + y


def make_app():
    import django
    django.setup()
    app = celery.Celery("nautobot")
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.task(name="lab.add", ignore_result=False)(add)
    return app


def main(command, count="0"):
    from django.conf import settings
    from django.core.cache import cache
    if command == "url":
        return settings.CELERY_BROKER_URL
    if command == "fill":
        for key in range(int(count)):
            cache.set("page:%d" % key, "x" * 100)
        return cache.get("page:0") is not None
    if command == "clear":
        return cache.clear()
    assert command == "publish", command
    return [app.send_task("lab.add", (1, 2)).id for _ in range(int(count))]


if os.environ.get("DJANGO_SETTINGS_MODULE") == "nautobot_config":
    app = make_app()
    if __name__ == "__main__":
        print(json.dumps(main(*sys.argv[1:])))
