# Made by "make docs" from the option table: do not edit.
# shellcheck shell=bash

_sentinel_exporter()
{
	local word flag
	word=${COMP_WORDS[COMP_CWORD]}
	flag=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $flag == = ]]; then
		flag=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $word == = ]]; then
		word=
	fi
	case $flag in
	--log.level)
		mapfile -t COMPREPLY < <(compgen -W 'debug info warn error' -- "$word")
		return ;;
	--log.format)
		mapfile -t COMPREPLY < <(compgen -W 'logfmt json' -- "$word")
		return ;;
	--config.file | --sentinel.password-file | --sentinel.tls-ca-file | --sentinel.tls-cert-file | --sentinel.tls-key-file | --redis.password-file | --redis.tls-ca-file | --redis.tls-cert-file | --redis.tls-key-file | --state.file | --web.config.file)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		compopt -o filenames
		return ;;
	esac
	if [[ $COMP_CWORD == 1 && $word != -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W 'serve once check status doctor report healthcheck help' -- "$word")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W '
		--config.file=
		--sentinel.addr=
		--sentinel.master-name=
		--sentinel.username=
		--sentinel.password-file=
		--sentinel.tls
		--no-sentinel.tls
		--sentinel.tls-ca-file=
		--sentinel.tls-cert-file=
		--sentinel.tls-key-file=
		--sentinel.tls-server-name=
		--sentinel.tls-insecure-skip-verify
		--no-sentinel.tls-insecure-skip-verify
		--redis.username=
		--redis.password-file=
		--redis.tls
		--no-redis.tls
		--redis.tls-ca-file=
		--redis.tls-cert-file=
		--redis.tls-key-file=
		--redis.tls-server-name=
		--redis.tls-insecure-skip-verify
		--no-redis.tls-insecure-skip-verify
		--celery.broker-url=
		--celery.transport-options=
		--celery.broker-use-ssl=
		--celery.master-name=
		--celery.queue=
		--celery.db=
		--celery.scan
		--no-celery.scan
		--celery.clients
		--no-celery.clients
		--celery.max-queues=
		--nautobot
		--no-nautobot
		--poll.interval=
		--poll.timeout=
		--poll.stale-after=
		--state.file=
		--web.listen-address=
		--web.telemetry-path=
		--web.config.file=
		--web.systemd-socket
		--no-web.systemd-socket
		--web.max-connections=
		--web.enable-lifecycle
		--no-web.enable-lifecycle
		--log.level=
		--log.format=
		--json
		--no-json
		--watch
		--no-watch
		--master=
		--epoch=
		--markdown
		--no-markdown
		--once
		--config.check
		--healthcheck
		--help-metrics
		--help-json
		--version
		--help' -- "$word")
	[[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace
}

complete -F _sentinel_exporter sentinel-exporter
