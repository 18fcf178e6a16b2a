"""Work for the worker of compose.yaml; as a program, its producer."""

import json
import os
import random
import time

import celery

app = celery.Celery("tasks", broker=os.environ["CELERY_BROKER_URL"])
app.conf.update(
    broker_transport_options=json.loads(
        os.environ["CELERY_BROKER_TRANSPORT_OPTIONS"]),
    broker_connection_retry_on_startup=True,
    task_default_queue="default",
    task_ignore_result=True)


@app.task
def work(seconds):
    time.sleep(seconds)


def main():
    while True:
        try:
            work.delay(random.uniform(0.1, 1.5))
        except Exception as error:      # a failover: try again
            print("not published:", error, flush=True)
        time.sleep(0.5)


if __name__ == "__main__":
    main()
