"""Celery's queues behind Sentinel."""

from dashboards.src.panels import (
    BAD_IF_ANY, BLUE, Column, FAILOVERS, MASTERS, NO_YES, WARN_IF_ANY, YES_NO,
    bars, board, graph, limits, now, of_master, rate_of, row, series, stat,
    table, target, variable)

OF_DB = 'db=~"$db"'
OF_QUEUE = 'queue=~"$queue"'


def per_queue(name, by="db, queue", how="max"):
    return of_master("sentinel_celery_" + name, by, how,
                     also=(OF_DB, OF_QUEUE))


def per_db(name, by="db", how="max"):
    return of_master("sentinel_celery_" + name, by, how, also=(OF_DB,))


HEAD_AGE = "time() - " + per_queue("queue_head_seen_timestamp_seconds",
                                   how="min")

HEALTH = row(
    "",
    (3, stat("Waiting", "Messages that wait in the chosen queues.",
             now("sum(%s)" % per_queue("queue_length")),
             steps=limits((1000, "orange"), (10000, "red"), base="blue"),
             alert="CeleryQueueBacklogHigh")),
    (3, stat("Longest at the head",
             "For how long the message next out of the slowest queue has "
             "been next out.",
             now("max(%s)" % HEAD_AGE), "s",
             limits((300, "orange"), (900, "red")),
             alert="CeleryQueueNotDraining", no_value="empty")),
    (3, stat("Delivered",
             "Messages that workers hold without having acknowledged them: "
             "prefetched ones, and those of ETA and acks-late tasks.",
             now("sum(%s)" % per_db("unacked")), steps=BLUE,
             alert="CeleryUnackedMessagesStuck")),
    (3, stat("Overdue",
             "Delivered messages past the visibility timeout: their worker "
             "died and nobody has put them back, or a task takes too long.",
             now("sum(%s)" % per_db("unacked_overdue")), steps=WARN_IF_ANY,
             alert="CeleryUnackedMessagesStuck")),
    (3, stat("Workers", "Workers whose heartbeat is heard.",
             now("sum(%s)" % of_master("sentinel_celery_workers")),
             "none", limits((1, "green"), base="red"),
             alert="CeleryNoWorkers")),
    (3, stat("Stranded",
             "Queues with messages in a DB that no worker reads.",
             now("sum(%s)" % per_queue("stranded")), "none", BAD_IF_ANY,
             alert="CeleryTasksStranded")),
    (3, stat("Unbound",
             "Queues without a binding: messages to them are dropped "
             "silently.",
             now("sum(1 - %s)" % per_queue("queue_bound")), "none",
             WARN_IF_ANY, alert="CeleryQueueUnbound")),
    (3, stat("URLs disagree",
             "Whether the broker URLs name different DBs.",
             now("max(%s)" % of_master("sentinel_celery_broker_url_conflict"
                                       )),
             words=NO_YES, alert="CeleryBrokerUrlConflict",
             no_value="no URL")),
    height=4)

QUEUES = row(
    "",
    (15, table(
        "Queues",
        "Every queue in every DB: how long it is, for how long its next "
        "message has been next, whether it is bound and read.",
        [Column("Master", label="master_name", width=120),
         Column("DB", label="db", width=60),
         Column("Queue", label="queue"),
         Column("Waiting", per_queue("queue_length"),
                steps=limits((1000, "orange"), (10000, "red"), base="text")),
         Column("At the head for", HEAD_AGE, unit="s",
                steps=limits((300, "orange"), (900, "red"))),
         Column("Bound", per_queue("queue_bound"), words=YES_NO),
         Column("Stranded", per_queue("stranded"), words=NO_YES)],
        alert="CeleryQueueNotDraining", sort=("Waiting", True))),
    (9, bars("Waiting now", "The ten longest queues.",
             now("topk(10, %s > 0)" % per_queue("queue_length"),
                 "DB {{db}}  {{queue}}"),
             "short", limits((1000, "orange"), (10000, "red"), base="blue"),
             alert="CeleryQueueBacklogHigh", noValue="All queues are empty")),
    height=9)

TIME = row(
    "Waiting",
    (12, graph("Length",
               "Messages waiting in each queue, all priorities together. A "
               "gap is a failover: no figure is better than a wrong one.",
               target(per_queue("queue_length"), "DB {{db}} {{queue}}"),
               style="steps", alert="CeleryQueueBacklogHigh")),
    (12, graph("Age of the head",
               "For how long the message next out of each queue has been "
               "next out: at least so long it has been waiting.",
               target(HEAD_AGE, "DB {{db}} {{queue}}"), "s",
               steps=limits((900, "red"), base="transparent"),
               alert="CeleryQueueNotDraining", limit=True)),
    (12, graph("Priorities",
               "Messages waiting by priority step, all chosen queues "
               "together. Workers take the lowest number first.",
               target("sum by (priority) (%s)" % per_queue(
                   "queue_priority_length", "db, queue, priority"),
                   "priority {{priority}}"), style="stack",
               alert="CeleryQueueBacklogHigh")),
    (6, graph("Delivered",
              "Messages that workers hold without having acknowledged "
              "them, and those of them past the visibility timeout.",
              [target(per_db("unacked"), "DB {{db}}"),
               target(per_db("unacked_overdue"), "DB {{db}} overdue")],
              style="steps", alert="CeleryUnackedMessagesStuck")),
    (6, graph("Oldest delivery",
              "How long ago the oldest unacknowledged message was "
              "delivered. Past the visibility timeout it is delivered "
              "again.",
              target("time() - " + per_db(
                  "unacked_oldest_timestamp_seconds", how="min"),
                  "DB {{db}}"), "s", alert="CeleryUnackedMessagesStuck",
              noValue="Nothing is delivered")))

WORKERS = row(
    "Workers and databases",
    (8, graph("Workers", "Workers whose heartbeat is heard.",
              target(of_master("sentinel_celery_workers"),
                     "{{master_name}}"), "none", "steps",
              alert="CeleryWorkersMissing", decimals=0)),
    (8, graph("Readers by database",
              "Workers that read in each DB: exactly by their connections, "
              "at most by what they have announced (pidbox). Workers in "
              "more than one DB are the trap of URLs that disagree.",
              target(per_db("db_readers", "db, source"),
                     "DB {{db}} by {{source}}"), "none", "steps",
              alert="CeleryTasksStranded", decimals=0)),
    (8, graph("Stranded",
              "Queues whose messages wait in a DB that no worker reads, and "
              "DBs in which delivered messages were left behind.",
              [target(per_queue("stranded") + " > 0", "DB {{db}} {{queue}}"),
               target(per_db("unacked_stranded") + " > 0",
                      "DB {{db}} delivered")],
              "none", "steps", alert="CeleryTasksStranded", max=1,
              decimals=0, noValue="No message is stranded")),
    (8, graph("Databases of a queue",
              "In how many DBs each queue is bound. Bindings outlive their "
              "use, so more than one is a hint, no proof.",
              target(of_master("sentinel_celery_queue_dbs", "queue",
                               also=(OF_QUEUE,)), "{{queue}}"), "none",
              "steps", alert="CeleryQueueInSeveralDatabases", decimals=0)),
    (8, graph("Keys by database",
              "Keys of each DB of the master, and those with an expiry: "
              "results and caches. A broker's own keys are few and have "
              "none.",
              [target(of_master("sentinel_db_keys", "db"), "DB {{db}}"),
               target(of_master("sentinel_db_expiring_keys", "db"),
                      "DB {{db}} expiring")],
              alert="CeleryBrokerSharesDatabase")),
    (8, graph("Shared databases",
              "DBs that hold queues and a growing number of other keys. A "
              "cache that is flushed there takes the queues with it.",
              target(per_db("db_shared") + " > 0", "DB {{db}}"), "none",
              "steps", alert="CeleryBrokerSharesDatabase", max=1,
              decimals=0, noValue="No broker shares its database")),
    height=7)

MEMORY = row(
    "The broker's memory",
    (12, graph("Memory",
               "Memory in use on each node, as a share of its limit where "
               "there is one. At the limit a broker refuses messages, or "
               "throws queues away.",
               target(of_master("sentinel_node_memory_used_bytes", "node")
                      + " / (" + of_master("sentinel_node_memory_max_bytes",
                                           "node") + " > 0)", "{{node}}"),
               "percentunit", steps=limits((0.9, "red"), base="transparent"),
               alert="RedisBrokerMemoryNearLimit", limit=True, max=1,
               noValue="No node has a limit")),
    (12, graph("Evictions",
               "Keys thrown away for lack of memory, a second. A queue is "
               "one key.",
               target(rate_of("sentinel_node_evicted_keys_total", "node"),
                      "{{node}}"), "ops", steps=BAD_IF_ANY,
               alert="RedisBrokerEvictsKeys")),
    height=6)

LENGTHS = series("sentinel_celery_queue_length",
                 'master_name=~"$master_name"')

BOARD = board(
    "celery-queues", "Celery queues",
    "Celery's queues on the master that the sentinels agree on, in every DB.",
    [HEALTH, QUEUES, TIME, WORKERS, MEMORY],
    [variable("master_name", "Master", MASTERS),
     variable("db", "DB", "label_values(%s, db)" % LENGTHS),
     variable("queue", "Queue", "label_values(%s, queue)" % LENGTHS)],
    FAILOVERS)
