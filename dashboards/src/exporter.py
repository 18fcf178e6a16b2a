"""The exporter itself."""

from dashboards.src.panels import (
    BLUE, Column, GOOD_IF_SET, WARN_IF_ANY, YES_NO, board, each,
    graph, limits, name_stat, now, row, series, stat, table, target)


def own(name):
    """Of each exporter: its instance is what tells them apart."""
    return "max by (job, instance) (%s)" % series(name)


def own_rate(name, by="", function="rate"):
    return "%s by (job, instance%s) (%s(%s[$__rate_interval]))" % (
        "sum", ", " + by if by else "", function, series(name))


def age(name, by=""):
    return "time() - max by (job, instance%s) (%s)" % (
        ", " + by if by else "", series(name))


POLL = "sentinel_exporter_last_poll_timestamp_seconds"
SUCCESS = "sentinel_exporter_source_last_success_timestamp_seconds"

HEALTH = row(
    "",
    (3, stat("Exporters", "Exporters that Prometheus can scrape.",
             now("sum(%s)" % series("up")), "none", GOOD_IF_SET,
             alert="RedisSentinelExporterDown")),
    (3, stat("Last poll",
             "How long ago the last poll round of the slowest exporter "
             "ended.", now("max(%s)" % age(POLL)), "s",
             limits((60, "orange"), (120, "red")),
             alert="RedisSentinelExporterStale")),
    (3, stat("A round takes", "How long the last poll round took.",
             now("max(%s)" % own("sentinel_exporter_poll_duration_seconds")),
             "s", limits((1, "orange"), (5, "red")),
             alert="RedisSentinelExporterCollectorFailing")),
    (3, stat("A scrape takes",
             "How long Prometheus waited for the last scrape.",
             now("max(%s)" % own("scrape_duration_seconds")), "s",
             limits((0.5, "orange"), (1, "red")),
             alert="RedisSentinelExporterScrapeSlow")),
    (3, stat("Sources",
             "Sentinels and data nodes that have answered at least once.",
             now("count(%s)" % each(series(SUCCESS), "source")), "none",
             BLUE, alert="RedisSentinelDown")),
    (3, stat("Silent sources",
             "Sentinels and data nodes that have not answered for a "
             "minute.",
             now("count(%s > 60) or vector(0)" % (
                 "time() - " + each(series(SUCCESS), "source"))), "none",
             WARN_IF_ANY, alert="RedisSentinelExporterCollectorFailing")),
    (3, stat("Errors",
             "Questions to sentinels and nodes that failed within the "
             "chosen time.",
             now("sum(%s)" % each(
                 "increase(%s[$__range])" % series(
                     "sentinel_exporter_source_errors_total"),
                 "source, reason") + " or vector(0)"), "none", WARN_IF_ANY,
             alert="RedisSentinelExporterCollectorFailing", decimals=0)),
    (3, name_stat("Version", "The version of the exporter.",
                  now("max by (version) (%s)" % series(
                      "sentinel_exporter_build_info"), "{{version}}"),
                  unit="none", steps=BLUE)),
    height=4)

POLLS = row(
    "Polling",
    (8, graph("Poll rounds", "How long a poll round takes.",
              target(own("sentinel_exporter_poll_duration_seconds"),
                     "{{instance}}"), "s",
              alert="RedisSentinelExporterCollectorFailing")),
    (8, graph("Errors by reason",
              "Questions to sentinels and nodes that failed, a second, by "
              "reason.",
              target("sum by (reason) (%s)" % each(
                  "rate(%s[$__rate_interval])" % series(
                      "sentinel_exporter_source_errors_total"),
                  "source, reason") + " > 0", "{{reason}}"), "ops",
              alert="RedisSentinelExporterAccessDenied",
              noValue="No errors")),
    (8, graph("Age of the last answer",
              "How long ago each sentinel and node last answered. Past the "
              "stale bound (three poll intervals) its figures are gone.",
              target("time() - " + each(series(SUCCESS), "source"),
                     "{{source}}"), "s",
              alert="RedisSentinelExporterCollectorFailing")),
    (24, table(
        "Sentinels",
        "What the exporter is connected to: versions, event streams, and "
        "whether a sentinel has suspended itself.",
        [Column("Sentinel", label="sentinel", width=170),
         Column("Version", each(series("sentinel_instance_info"),
                                "sentinel, version"), label="version"),
         Column("Up", each(series("sentinel_up"), "sentinel"),
                words=YES_NO),
         Column("Events", each(series("sentinel_subscription_up"),
                               "sentinel"), words={
             0: ("not live", "orange"), 1: ("live", "green")}),
         Column("TILT", each(series("sentinel_tilt"), "sentinel"), words={
             0: ("no", "green"), 1: ("yes", "orange")}),
         Column("Started", "1000 * " + each(series(
             "sentinel_start_time_seconds"), "sentinel"),
             unit="dateTimeFromNow"),
         Column("Scripts running", each(series("sentinel_scripts_running"),
                                        "sentinel"), unit="none"),
         Column("Scripts waiting", each(series(
             "sentinel_scripts_queue_length"), "sentinel"), unit="none",
             steps=limits((10, "orange"), base="text"))],
        alert="RedisSentinelEventsLost", sort=("Sentinel", False))),
    height=6)

SERVING = row(
    "Serving",
    (5, graph("Requests", "HTTP requests answered, a second.",
              target("sum by (handler, code) (%s)" % own_rate(
                  "sentinel_exporter_http_requests_total", "handler, code"),
                  "{{handler}} {{code}}"), "reqps",
              alert="RedisSentinelExporterScrapeSlow")),
    (5, graph("Scrapes", "How long Prometheus waited for a scrape.",
              target(own("scrape_duration_seconds"), "{{instance}}"), "s",
              alert="RedisSentinelExporterScrapeSlow")),
    (5, graph("Samples", "Samples of one scrape.",
              target(own("scrape_samples_scraped"), "{{instance}}"),
              "short", "steps", alert="RedisSentinelExporterScrapeSlow")),
    (5, graph("Queues left out",
              "Celery queues beyond --celery.max-queues, of which nothing "
              "is shown.",
              target(each(series("sentinel_exporter_celery_queues_left_out"),
                          "master_name, db"), "{{master_name}} DB {{db}}"),
              "none", "steps", alert="CeleryQueuesLeftOut",
              decimals=0, noValue="No broker")),
    (4, graph("Log lines lost",
              "Lines of the log that could not be written at once, a second.",
              target(own_rate("sentinel_exporter_log_lines_dropped_total"),
                     "{{instance}}"), "none", "steps", decimals=2)),
    height=6)

PROCESS = row(
    "Process",
    (5, graph("CPU", "CPU time used, as a share of one core.",
              target(own_rate("process_cpu_seconds_total"), "{{instance}}"),
              "percentunit", alert="RedisSentinelExporterScrapeSlow")),
    (5, graph("Memory", "Memory in use, resident and virtual.",
              [target(own("process_resident_memory_bytes"),
                      "{{instance}} resident"),
               target(own("process_virtual_memory_bytes"),
                      "{{instance}} virtual")], "bytes",
              alert="RedisSentinelExporterScrapeSlow")),
    (4, graph("Open files",
              "Open file descriptors, as a share of the limit.",
              target(own("process_open_fds") + " / "
                     + own("process_max_fds"), "{{instance}}"),
              "percentunit", steps=limits((0.8, "red"), base="transparent"),
              alert="RedisSentinelExporterScrapeSlow", max=1)),
    (10, table("Processes",
              "Each exporter: version, start, threads.",
              [Column("Instance", label="instance"),
               Column("Version", "max by (job, instance, version, revision) "
                      "(%s)" % series("sentinel_exporter_build_info"),
                      label="version"),
               Column("Revision", label="revision"),
               Column("Started", "1000 * " + own(
                   "process_start_time_seconds"), unit="dateTimeFromNow"),
               Column("Threads", own("process_threads"), unit="none")],
              alert="RedisSentinelExporterDown", sort=("Instance", False))),
    height=6)

BOARD = board(
    "sentinel-exporter", "Sentinel exporter",
    "The exporter: is it polling, does it answer, what does it cost.",
    [HEALTH, POLLS, SERVING, PROCESS])
