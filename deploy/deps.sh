#!/bin/bash
# Install what is missing to build, demonstrate or test sentinel-exporter.
#
#   deploy/deps.sh [build|demo|test|package]...   (default: the first three)
#
# Debian 12 or later and Ubuntu 22.04 or later. Elsewhere it prints the list
# and fails. With nothing to install it says nothing and needs no network.

set -euo pipefail

# A trailing "?" marks a package that not every release has, or needs; ":node"
# one that is not needed where a program of that name is installed already.
BUILD=(gcc libc6-dev make pkg-config libevent-dev libssl-dev libhiredis-dev
	libmicrohttpd-dev libgnutls28-dev libcrypt-dev libjansson-dev libyaml-dev zlib1g-dev libbsd-dev)
DEMO=(redis-server redis-sentinel redis-tools
	python3 python3-celery python3-redis)
TEST=(check python3-django python3-django-redis python3-prometheus-client
	python3-jsonschema python3-yaml openssl
	prometheus prometheus-alertmanager prometheus-redis-exporter curl git
	clang 'libclang-rt-dev?' clang-format clang-tidy cppcheck
	mandoc zsh fish systemd procps iproute2 ca-certificates nodejs:node npm:npm)
PACKAGE=(build-essential debhelper dpkg-dev lintian curl python3)

# What Debian would start on its own, at once or at the next boot.
SERVICES=(redis-server redis-sentinel prometheus prometheus-alertmanager
	prometheus-redis-exporter)
POLICY=/usr/sbin/policy-rc.d

die()
{
	echo "deps: $*" >&2
	exit 1
}

# The packages of these modes, those whose program is there left out.
wanted()
{
	local mode name
	for mode; do
		case $mode in
		build)	printf '%s\n' "${BUILD[@]}" ;;
		demo)	printf '%s\n' "${BUILD[@]}" "${DEMO[@]}" ;;
		test)	printf '%s\n' "${BUILD[@]}" "${DEMO[@]}" "${TEST[@]}" ;;
		package) printf '%s\n' "${BUILD[@]}" "${PACKAGE[@]}" ;;
		esac
	done | sort -u | while read -r name; do
		[[ $name == *:* ]] && command -v "${name#*:}" >/dev/null ||
			echo "${name%:*}"
	done
}

supported()
{
	command -v dpkg-query apt-get >/dev/null || return 1
	local ID='' VERSION_ID=''
	# shellcheck source=/dev/null
	. /etc/os-release
	case $ID in
	debian)	[[ ${VERSION_ID:-99} -ge 12 ]] ;;	# testing has no number
	ubuntu)	[[ ${VERSION_ID%%.*} -ge 22 ]] ;;
	*)	return 1 ;;
	esac
}

# Those of the arguments that are not installed, "?" kept.
missing()
{
	local name have
	have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' \
	    "${@%\?}" 2>/dev/null) || true
	for name; do
		[[ $'\n'$have$'\n' == *$'\n'"${name%\?} installed"$'\n'* ]] ||
			echo "$name"
	done
}

as_root()
{
	if [[ $EUID -eq 0 ]]; then
		"$@"
	else
		sudo "$@"
	fi
}

# Run a command silently; show what it said only if it fails.
quietly()
{
	local log
	log=$(mktemp)
	if ! as_root "$@" >"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		die "failed: $*"
	fi
	rm -f "$log"
}

# Keep new services from starting, unless the machine has a policy already.
forbid_starts()
{
	[[ ! -e $POLICY ]] || return 0
	trap 'as_root rm -f "$POLICY"' EXIT
	printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
	as_root chmod 755 "$POLICY"
}

install_packages()
{
	local fresh service
	mapfile -t fresh < <(missing "${SERVICES[@]}")
	forbid_starts
	quietly env DEBIAN_FRONTEND=noninteractive apt-get -y -qq \
	    --no-install-recommends -o Dpkg::Use-Pty=0 install "$@"
	for service in "${fresh[@]}"; do
		as_root /usr/sbin/update-rc.d "$service" disable \
		    >/dev/null 2>&1 || true
	done
}

# Those that can be had here: all but unknown optional ones.
available()
{
	local name
	for name; do
		if [[ $name != *\? ]] ||
		    apt-cache show "${name%\?}" >/dev/null 2>&1; then
			echo "${name%\?}"
		fi
	done
}

# What root has to type where this user cannot become root, and why.
root_must()
{
	echo "deps: not root, and $1; type as root:" >&2
	shift
	echo "  apt-get update && apt-get install" \
	    "--no-install-recommends $*" >&2
	exit 1
}

main()
{
	local mode list lacking names needed
	for mode; do
		[[ $mode =~ ^(build|demo|test|package)$ ]] ||
		    die "unknown mode '$mode': build, demo, test or package"
	done
	[[ $# -gt 0 ]] || set -- build demo test
	mapfile -t list < <(wanted "$@")
	if ! supported; then
		echo "deps: not Debian 12+ or Ubuntu 22.04+; install by hand:"
		printf '  %s\n' "${list[@]%\?}"
		exit 1
	fi
	mapfile -t lacking < <(missing "${list[@]}")
	[[ ${#lacking[@]} -gt 0 ]] || return 0
	mapfile -t needed < <(printf '%s\n' "${lacking[@]}" | grep -v '?$')
	if [[ $EUID -ne 0 ]]; then
		if ! command -v sudo >/dev/null; then
			[[ ${#needed[@]} -gt 0 ]] || return 0
			root_must "there is no sudo" "${needed[@]}"
		elif ! sudo apt-get --version >/dev/null; then
			[[ ${#needed[@]} -gt 0 ]] || return 0
			root_must "sudo refuses" "${needed[@]}"
		fi
	fi
	if [[ ${#needed[@]} -gt 0 ]]; then
		echo "deps: fetching the package lists"
		quietly apt-get -qq update
	fi
	mapfile -t names < <(available "${lacking[@]}")
	[[ ${#names[@]} -gt 0 ]] || return 0
	echo "deps: installing ${#names[@]} packages: ${names[*]}"
	install_packages "${names[@]}"
	echo "deps: done"
}

main "$@"
