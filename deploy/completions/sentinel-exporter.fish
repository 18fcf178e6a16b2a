# Made by "make docs" from the option table: do not edit.
complete -c sentinel-exporter -f
complete -c sentinel-exporter -n __fish_use_subcommand -a serve -d 'Watch and serve until a signal ends it: what is done without a command.'
complete -c sentinel-exporter -n __fish_use_subcommand -a once -d 'Print the metrics after one full poll; the same as --once.'
complete -c sentinel-exporter -n __fish_use_subcommand -a check -d 'Print the effective configuration; the same as --config.check.'
complete -c sentinel-exporter -n __fish_use_subcommand -a status -d 'Print the deployment as a table.'
complete -c sentinel-exporter -n __fish_use_subcommand -a doctor -d 'Print what is wrong or risky, each with its remedy: exit status 0 nothing, 1 findings, 2 no sentinel answers.'
complete -c sentinel-exporter -n __fish_use_subcommand -a report -d 'Print the report of a failover.'
complete -c sentinel-exporter -n __fish_use_subcommand -a healthcheck -d 'Ask the exporter that runs with the same configuration whether it is alive: exit status 0 or 1.'
complete -c sentinel-exporter -n __fish_use_subcommand -a help -d 'Print this text; the same as --help.'
complete -c sentinel-exporter -l config.file -d 'YAML file whose keys are the flags'\'' names, with sections for the dots; it may describe several groups of sentinels.' -r -F
complete -c sentinel-exporter -l sentinel.addr -d 'A sentinel: host:port, [v6]:port or unix:///path; a name with several addresses means all of them.' -r
complete -c sentinel-exporter -l sentinel.master-name -d 'Name of a master to watch.' -r
complete -c sentinel-exporter -l sentinel.username -d 'User at the sentinels.' -r
complete -c sentinel-exporter -l sentinel.password-file -d 'File that holds the password at the sentinels.' -r -F
complete -c sentinel-exporter -l sentinel.tls -d 'Speak TLS to the sentinels.'
complete -c sentinel-exporter -l no-sentinel.tls -d 'Not: Speak TLS to the sentinels.'
complete -c sentinel-exporter -l sentinel.tls-ca-file -d 'PEM file of the CAs that the sentinels'\'' certificates are verified with.' -r -F
complete -c sentinel-exporter -l sentinel.tls-cert-file -d 'PEM file of the certificate shown to the sentinels.' -r -F
complete -c sentinel-exporter -l sentinel.tls-key-file -d 'PEM file of its key, not encrypted.' -r -F
complete -c sentinel-exporter -l sentinel.tls-server-name -d 'Name that the sentinels'\'' certificates must be for.' -r
complete -c sentinel-exporter -l sentinel.tls-insecure-skip-verify -d 'Verify neither chain nor name of the sentinels'\'' certificates.'
complete -c sentinel-exporter -l no-sentinel.tls-insecure-skip-verify -d 'Not: Verify neither chain nor name of the sentinels'\'' certificates.'
complete -c sentinel-exporter -l redis.username -d 'User at the data nodes.' -r
complete -c sentinel-exporter -l redis.password-file -d 'File that holds the password at the data nodes.' -r -F
complete -c sentinel-exporter -l redis.tls -d 'Speak TLS to the data nodes.'
complete -c sentinel-exporter -l no-redis.tls -d 'Not: Speak TLS to the data nodes.'
complete -c sentinel-exporter -l redis.tls-ca-file -d 'PEM file of the CAs that the data nodes'\'' certificates are verified with.' -r -F
complete -c sentinel-exporter -l redis.tls-cert-file -d 'PEM file of the certificate shown to the data nodes.' -r -F
complete -c sentinel-exporter -l redis.tls-key-file -d 'PEM file of its key, not encrypted.' -r -F
complete -c sentinel-exporter -l redis.tls-server-name -d 'Name that the data nodes'\'' certificates must be for.' -r
complete -c sentinel-exporter -l redis.tls-insecure-skip-verify -d 'Verify neither chain nor name of the data nodes'\'' certificates.'
complete -c sentinel-exporter -l no-redis.tls-insecure-skip-verify -d 'Not: Verify neither chain nor name of the data nodes'\'' certificates.'
complete -c sentinel-exporter -l celery.broker-url -d 'Celery'\''s broker URL as it is, read as kombu reads it: sentinel://[user[:password]@]host[:port][/db];... gives sentinels, credentials of the data nodes and DBs.' -r
complete -c sentinel-exporter -l celery.transport-options -d 'Celery'\''s broker_transport_options as a JSON object: master_name, sentinel_kwargs, global_keyprefix, priority_steps, sep, unacked_key, unacked_index_key, visibility_timeout.' -r
complete -c sentinel-exporter -l celery.broker-use-ssl -d 'Celery'\''s broker_use_ssl as a JSON object: TLS to the data nodes with ssl_ca_certs, ssl_certfile, ssl_keyfile, ssl_cert_reqs, ssl_check_hostname.' -r
complete -c sentinel-exporter -l celery.master-name -d 'Master that carries the queues.' -r
complete -c sentinel-exporter -l celery.queue -d 'A queue that is always exported, 0 when empty.' -r
complete -c sentinel-exporter -l celery.db -d 'A DB that may hold queues, besides those known otherwise.' -r
complete -c sentinel-exporter -l celery.scan -d 'Look for queues nobody named, a bounded step per poll.'
complete -c sentinel-exporter -l no-celery.scan -d 'Not: Look for queues nobody named, a bounded step per poll.'
complete -c sentinel-exporter -l celery.clients -d 'Ask the master for its client list, at a low rate, to see which DB has readers.'
complete -c sentinel-exporter -l no-celery.clients -d 'Not: Ask the master for its client list, at a low rate, to see which DB has readers.'
complete -c sentinel-exporter -l celery.max-queues -d 'Queues exported per DB; how many are left out is a metric.' -r
complete -c sentinel-exporter -l nautobot -d 'Read NAUTOBOT_REDIS_SENTINEL_1 and up, NAUTOBOT_REDIS_PASSWORD and NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX, as the chart'\''s documented nautobot_config.py does; the master is called nautobot.'
complete -c sentinel-exporter -l no-nautobot -d 'Not: Read NAUTOBOT_REDIS_SENTINEL_1 and up, NAUTOBOT_REDIS_PASSWORD and NAUTOBOT_REDIS_CELERY_BROKER_DB_INDEX, as the chart'\''s documented nautobot_config.py does; the master is called nautobot.'
complete -c sentinel-exporter -l poll.interval -d 'Time between two poll rounds.' -r
complete -c sentinel-exporter -l poll.timeout -d 'How long a source may take to answer.' -r
complete -c sentinel-exporter -l poll.stale-after -d 'Age at which figures are no longer shown.' -r
complete -c sentinel-exporter -l state.file -d 'File that keeps counters over a restart.' -r -F
complete -c sentinel-exporter -l web.listen-address -d 'Address to serve on: :port, host:port or [v6]:port.' -r
complete -c sentinel-exporter -l web.telemetry-path -d 'Path of the metrics.' -r
complete -c sentinel-exporter -l web.config.file -d 'TLS and users of the web, in exporter-toolkit'\''s format.' -r -F
complete -c sentinel-exporter -l web.systemd-socket -d 'Serve on the sockets that systemd hands over, instead of the listen addresses.'
complete -c sentinel-exporter -l no-web.systemd-socket -d 'Not: Serve on the sockets that systemd hands over, instead of the listen addresses.'
complete -c sentinel-exporter -l web.max-connections -d 'Connections served at a time.' -r
complete -c sentinel-exporter -l web.enable-lifecycle -d 'Reload the configuration at POST /-/reload, as SIGHUP always does.'
complete -c sentinel-exporter -l no-web.enable-lifecycle -d 'Not: Reload the configuration at POST /-/reload, as SIGHUP always does.'
complete -c sentinel-exporter -l log.level -d 'Least level that is logged: debug, info, warn or error.' -r -a 'debug info warn error'
complete -c sentinel-exporter -l log.format -d 'Form of log lines: logfmt or json.' -r -a 'logfmt json'
complete -c sentinel-exporter -l json -d 'Print JSON.'
complete -c sentinel-exporter -l no-json -d 'Not: Print JSON.'
complete -c sentinel-exporter -l watch -d 'Print the table again after each poll.'
complete -c sentinel-exporter -l no-watch -d 'Not: Print the table again after each poll.'
complete -c sentinel-exporter -l master -d 'Master whose failover is reported.' -r
complete -c sentinel-exporter -l epoch -d 'Config epoch of the failover that is reported.' -r
complete -c sentinel-exporter -l markdown -d 'Print Markdown.'
complete -c sentinel-exporter -l no-markdown -d 'Not: Print Markdown.'
complete -c sentinel-exporter -l once -d 'Print the metrics after one full poll, and exit.'
complete -c sentinel-exporter -l config.check -d 'Print the effective configuration without its secrets, and exit.'
complete -c sentinel-exporter -l healthcheck -d 'Ask the exporter that runs with the same configuration whether it is alive: exit status 0 or 1.'
complete -c sentinel-exporter -l help-metrics -d 'Print the reference of the metrics as Markdown, and exit.'
complete -c sentinel-exporter -l help-json -d 'Print commands and flags as JSON, and exit.'
complete -c sentinel-exporter -l version -d 'Print version and build, and exit.'
complete -c sentinel-exporter -l help -d 'Print this text, and exit; -h for short.'
