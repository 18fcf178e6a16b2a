"""Cases of the alerts about Celery; see alert_cases_sentinel."""

M = 'master_name="m"'
D = 'master_name="m",db="3"'
Q = 'master_name="m",db="3",queue="q"'
LENGTH = "sentinel_celery_queue_length"
READERS = "sentinel_celery_db_readers"

CELERY = (
    # Next out since minute 5: 901 s old at minute 21 (960 s), then for 5m.
    ("CeleryQueueNotDraining", Q,
     "sentinel_celery_queue_head_seen_timestamp_seconds{%s} "
     "_*5 300*25 stale" % Q, 21, 30,
     "sentinel_celery_queue_head_seen_timestamp_seconds{%s} "
     "_*5 300*20 1500*15 stale" % Q),
    ("CeleryQueueStuck", Q,
     LENGTH + "{%s} 8*5 7*35 6*20" % Q, 20, 40,
     LENGTH + "{%s} 8*5 7*10 6*24 7*10\n" % Q
     + LENGTH + '{%s,queue="empty"} 0*60' % D),
    # Constant from its first sample: 15 minutes must be known, not supposed.
    ("CeleryQueueStuck", Q,
     LENGTH + "{%s} _*5 8*40 9*10" % Q, 20, 46,
     LENGTH + "{%s} _*5 8*25 9*5" % Q),
    ("CeleryQueueBacklogHigh", Q,
     LENGTH + "{%s} 900+20*30 0*10" % Q, 6, 30,
     LENGTH + "{%s} 5000+-1*40\n" % Q
     + LENGTH + '{%s,queue="short"} 600+10*40' % D),
    ("CeleryQueueDisappeared", Q,
     LENGTH + "{%s} 1*30 stale _*60 1*9" % Q, 60, 91,
     LENGTH + "{%s} 1*30 stale _*5 1*90" % Q),
    ("CeleryQueuesLeftOut", D,
     "sentinel_exporter_celery_queues_left_out{%s} 0*5 3*18 0*7" % D, 5, 23,
     "sentinel_exporter_celery_queues_left_out{%s} 0*5 3*15 0*7" % D),
    ("CeleryQueueUnbound", Q,
     "sentinel_celery_queue_bound{%s} 1*5 0*13 1*5" % Q, 5, 18,
     "sentinel_celery_queue_bound{%s} 1*5 0*10 1*9" % Q),
    ("CeleryTasksStranded", Q,
     "sentinel_celery_stranded{%s} 0*5 1*8 0*5" % Q, 5, 13,
     "sentinel_celery_stranded{%s} 0*5 1*3 0*5" % Q),
    ("CeleryQueueHasNoConsumers", Q,
     LENGTH + "{%s} 4*20\n" % Q
     + READERS + '{%s,source="clients"} 1*5 0*8 1*7\n' % D
     # A binding that a killed worker left behind reads nothing.
     + READERS + '{%s,source="pidbox"} 1*20' % D, 5, 13,
     LENGTH + "{%s} 0*20\n" % Q
     + READERS + '{%s,source="clients"} 0*20\n' % D
     + LENGTH + '{master_name="m",db="4",queue="q"} 4*20\n'
     + READERS + '{master_name="m",db="4",source="pidbox"} 1*20'),
    ("CeleryNoWorkers", M,
     "sentinel_celery_workers{%s} 2*5 0*8 1*5" % M, 5, 13,
     "sentinel_celery_workers{%s} 2*5 0*5 1*5" % M),
    ("CeleryWorkersMissing", M,
     "sentinel_celery_workers{%s} 4*15 1*13 4*5" % M, 15, 28,
     "sentinel_celery_workers{%s} 4*15 2*30" % M),
    ("CeleryUnackedMessagesStuck", D,
     "sentinel_celery_unacked_overdue{%s} 0*5 1*13 0*5" % D, 5, 18,
     "sentinel_celery_unacked_overdue{%s} 0*5 1*10 0*5" % D),
    ("CeleryUnackedLeftBehind", D,
     "sentinel_celery_unacked_stranded{%s} 0*5 1*18 0*7" % D, 5, 23,
     "sentinel_celery_unacked_stranded{%s} 0*5 1*15 0*7" % D),
    ("CeleryBrokerUrlConflict", M,
     "sentinel_celery_broker_url_conflict{%s} 0*5 1*8 0*5" % M, 5, 13,
     "sentinel_celery_broker_url_conflict{%s} 0*20" % M),
    ("CeleryQueueInSeveralDatabases", M + ',queue="q"',
     'sentinel_celery_queue_dbs{%s,queue="q"} 1*5 2*18 1*5' % M, 5, 23,
     'sentinel_celery_queue_dbs{%s,queue="q"} 1*30' % M),
    ("CeleryBrokerSharesDatabase", D,
     "sentinel_celery_db_shared{%s} 0*5 1*63 0*5" % D, 5, 68,
     "sentinel_celery_db_shared{%s} 0*5 1*60 0*5" % D),
)
