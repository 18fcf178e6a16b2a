# sentinel-exporter
#
#   make            release build: build/sentinel-exporter
#   make deps       install what building, testing and the demo need
#   make demo       a private Sentinel deployment on loopback, watched
#   make test       everything that must pass
#   make install    DESTDIR= PREFIX=/usr/local; and make uninstall
#   make matrix     the tests in fresh roots: Debian 12 and 13, Redis and Valkey
#   make chaos      N=30 random real failovers against the counters
#   make lint, unit, system, asan, tsan, docs, format   parts of the above

SHELL		:= /bin/bash
VERSION		:= 0.1.0
# Of this tree, not of one that it was unpacked in; a source archive carries
# its own in a file.
REVISION	:= $(shell if [ -e .git ]; then git rev-parse --short=12 HEAD; \
			else cat .revision; fi 2>/dev/null || echo unknown)
FLAVOUR		?= release
B		?= build
O		:= $(B)/$(FLAVOUR)
PREFIX		?= /usr/local
BINDIR		?= $(PREFIX)/bin
DATADIR		?= $(PREFIX)/share/sentinel-exporter
SHAREDIR	?= $(PREFIX)/share
MANDIR		?= $(PREFIX)/share/man
DOCDIR		?= $(PREFIX)/share/doc/sentinel-exporter
DEFAULTDIR	?= /etc/default
UNITDIR		?= $(PREFIX)/lib/systemd/system
DESTDIR		?=
CC		?= cc
AR		?= ar
PKG_CONFIG	?= pkg-config
PYTHON		:= /usr/bin/python3
JOBS		?= $(shell nproc)

# Floors, lowest first; each links against those before it that it may use.
FLOORS		:= base config protocol model net watch metrics web
USES_config	:= base
USES_protocol	:= config base
USES_model	:= protocol config base
USES_net	:= protocol config base
USES_watch	:= net model protocol config base
USES_metrics	:= model protocol config base
USES_web	:= metrics model protocol config base

PKGS		:= libbsd-overlay hiredis jansson libevent_core openssl gnutls libcrypt libmicrohttpd yaml-0.1 zlib
PKG_CFLAGS	:= $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
LIBS_base	:= $(shell $(PKG_CONFIG) --libs libbsd-overlay 2>/dev/null) -lm -pthread
LIBS_config	:= -ljansson -lyaml
LIBS_protocol	:= -lhiredis -ljansson
LIBS_net	:= -levent_core -lssl -lcrypto -lhiredis -pthread
LIBS_web	:= -lmicrohttpd -lgnutls -lcrypt -lz -ljansson -pthread
LIBS_all	:= $(LIBS_config) $(LIBS_protocol) $(LIBS_net) $(LIBS_web) $(LIBS_base)
CHECK_CFLAGS	= $(shell $(PKG_CONFIG) --cflags check)
CHECK_LIBS	= $(shell $(PKG_CONFIG) --libs check)

cc-option = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null 2>/dev/null && echo $(1))

WARN := -Wall -Wextra -Wformat=2 -Wconversion -Wsign-conversion -Wshadow \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wvla \
	-Wundef -Wcast-qual -Wwrite-strings -Wpointer-arith -Wnull-dereference \
	-Wimplicit-fallthrough -Wdouble-promotion -Wswitch-enum \
	-Werror=implicit -Werror=incompatible-pointer-types \
	-Werror=int-conversion -Werror=format-security \
	$(foreach w,-Wcast-align=strict -Wformat-signedness -Wduplicated-cond \
	-Wduplicated-branches -Wlogical-op -Wtrampolines -Wbidi-chars=any \
	-Wdate-time,$(call cc-option,$(w)))
HARDEN := -fstack-protector-strong \
	$(foreach f,-fstack-clash-protection -fcf-protection=full \
	-ftrivial-auto-var-init=zero,$(call cc-option,$(f))) \
	-fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing
HARDEN_LD := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,nodlopen \
	-Wl,--as-needed -Wl,--no-copy-dt-needed-entries

MODE_release	:= -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $(HARDEN)
MODE_LD_release	:= $(HARDEN_LD)
SAN		:= -O1 -g -U_FORTIFY_SOURCE -fno-omit-frame-pointer -fno-sanitize-recover=all
MODE_asan	:= $(SAN) -fsanitize=address,undefined
MODE_LD_asan	:= -fsanitize=address,undefined
MODE_tsan	:= $(SAN) -fsanitize=thread
MODE_LD_tsan	:= -fsanitize=thread
MODE_cov	:= -O0 -g -U_FORTIFY_SOURCE --coverage -fprofile-update=atomic
MODE_LD_cov	:= --coverage
# clang's: each object is watched by libFuzzer, which is linked to targets alone.
MODE_fuzz	:= $(SAN) -O2 -fsanitize=fuzzer-no-link,address,undefined
MODE_LD_fuzz	:= -fsanitize=fuzzer,address,undefined

ALL_CFLAGS	= -std=gnu11 -fPIE $(WARN) $(if $(WERROR),-Werror) $(MODE_$(FLAVOUR)) \
		  "-ffile-prefix-map=$(CURDIR)/=" -pthread $(CFLAGS)
ALL_CPPFLAGS	= -Isrc -D_GNU_SOURCE $(PKG_CFLAGS) $(CPPFLAGS)
ALL_LDFLAGS	= $(MODE_LD_$(FLAVOUR)) $(LDFLAGS)

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2);)

BIN		:= $(O)/sentinel-exporter
APP_SRC		:= $(sort $(wildcard src/*.c src/command/*.c))
APP_OBJ		:= $(APP_SRC:%.c=$(O)/%.o)
FLOOR_LIBS	:= $(foreach f,$(FLOORS),$(O)/lib$(f).a)
HEADERS		:= $(sort $(wildcard src/*.h src/*/*.h))
UNIT_FLOORS	?= $(FLOORS)
UNIT_SRC	:= $(sort $(foreach f,$(UNIT_FLOORS),$(wildcard tests/unit/$(f)/test_*.c)))
UNIT_BIN	:= $(UNIT_SRC:tests/unit/%.c=$(O)/unit/%)

.DELETE_ON_ERROR:
.PHONY: all deps demo test unit system asan tsan lint layers headers format \
	format-check docs install uninstall clean

all: $(BIN) $(B)/sentinel-exporter

$(B)/sentinel-exporter: $(B)/release/sentinel-exporter
	$(Q)ln -sf release/sentinel-exporter $@

ifneq ($(FLAVOUR),release)
$(B)/release/sentinel-exporter:
	$(Q)$(MAKE) --no-print-directory FLAVOUR=release
endif

# Said once and plainly, instead of a compiler's complaint per file.
.PHONY: have-deps
have-deps:
	@$(PKG_CONFIG) --print-errors --errors-to-stdout --exists $(PKGS) || \
		{ echo 'libraries are missing: run "make deps"'; exit 1; }

# Another compiler or other flags: everything is built again.
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS))' >$@.new
	@if cmp -s $@.new $@; then rm -f $@.new; else mv $@.new $@; fi

$(O)/src/%.o: src/%.c Makefile $(O)/flags | have-deps
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# The assembler reads them into it.
$(O)/src/web/asset.o: src/web/assets/page.css src/web/assets/page.js

# The version is passed to one object only, rebuilt when the commit changes.
$(O)/src/version.o: private ALL_CPPFLAGS += -DVERSION='"$(VERSION)"' -DREVISION='"$(REVISION)"'
$(O)/src/version.o: $(O)/revision
$(O)/revision: FORCE
	@mkdir -p $(@D); echo '$(VERSION) $(REVISION)' | cmp -s - $@ || echo '$(VERSION) $(REVISION)' > $@
FORCE:

define floor
$(O)/lib$(1).a: $$(patsubst %.c,$(O)/%.o,$$(sort $$(wildcard src/$(1)/*.c)))
	$$(call say,AR,$$@)rm -f $$@; $(AR) rcsD $$@ $$^
$(O)/unit/$(1)/%: tests/unit/$(1)/%.c $(O)/lib$(1).a $(foreach u,$(USES_$(1)),$(O)/lib$(u).a) Makefile $(O)/flags
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)$(CC) $$(ALL_CPPFLAGS) -Itests $$(CHECK_CFLAGS) $$(ALL_CFLAGS) -MMD -MP -MF $$@.d \
		$$< -o $$@ $$(ALL_LDFLAGS) $(O)/lib$(1).a $(foreach u,$(USES_$(1)),$(O)/lib$(u).a) \
		$(LIBS_$(1)) $(foreach u,$(USES_$(1)),$$(LIBS_$(u))) $$(LIBS_base) $$(CHECK_LIBS)
endef
$(foreach f,$(FLOORS),$(eval $(call floor,$(f))))

reverse = $(if $(1),$(call reverse,$(wordlist 2,$(words $(1)),$(1))) $(firstword $(1)))

$(BIN): $(APP_OBJ) $(FLOOR_LIBS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(APP_OBJ) \
		$(call reverse,$(FLOOR_LIBS)) $(LIBS_all)

# Targets of libFuzzer; `make unit` replays their corpora, all but under TSan.
FUZZ_SRC	:= $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_REPLAY	:= $(if $(filter tsan,$(FLAVOUR)),,$(FUZZ_SRC:tests/fuzz/%.c=$(O)/unit/fuzz/%) $(O)/unit/fuzz/test_cost)
FUZZ_LINK	= $(call reverse,$(FLOOR_LIBS)) $(LIBS_all)

$(O)/unit/fuzz/%: tests/fuzz/%.c tests/fuzz/strict.c tests/fuzz/replay.c $(FLOOR_LIBS) Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CPPFLAGS) -Itests $(ALL_CFLAGS) -MMD -MP -MF $@.d \
		$< tests/fuzz/strict.c tests/fuzz/replay.c -o $@ $(ALL_LDFLAGS) $(FUZZ_LINK)
$(O)/unit/fuzz/test_%: tests/fuzz/test_%.c $(FLOOR_LIBS) Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CPPFLAGS) -Itests $(CHECK_CFLAGS) $(ALL_CFLAGS) -MMD -MP -MF $@.d \
		$< -o $@ $(ALL_LDFLAGS) $(FUZZ_LINK) $(CHECK_LIBS)
$(O)/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/strict.c $(FLOOR_LIBS) Makefile
	$(call say,CC,$<)$(CC) $(ALL_CPPFLAGS) -Itests $(ALL_CFLAGS) -MMD -MP -MF $@.d \
		$< tests/fuzz/strict.c -o $@ $(ALL_LDFLAGS) $(FUZZ_LINK)

unit: $(UNIT_BIN) $(FUZZ_REPLAY)
	$(Q)tests/run-unit $(UNIT_BIN) $(FUZZ_REPLAY)

# -- what must pass ---------------------------------------------------------

test: deps-test
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) WERROR=1 all
	$(Q)$(MAKE) --no-print-directory lint
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) asan
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) tsan
	$(Q)$(MAKE) --no-print-directory system

asan:
	$(Q)$(MAKE) --no-print-directory FLAVOUR=asan WERROR=1 all unit

# The threaded parts: whatever has a second thread, and the hand-over.
TSAN_FLOORS := model net watch web
tsan:
	$(Q)$(MAKE) --no-print-directory FLAVOUR=tsan WERROR=1 all unit UNIT_FLOORS="$(TSAN_FLOORS)"

# Real redis, sentinel, Celery and Prometheus against the ASan+UBSan build,
# which is slower, above all at its end, where leaks are looked for.
system: all asan-binary
	$(Q)LAB_SLOWNESS=3 SENTINEL_EXPORTER_BIN="$(CURDIR)/$(B)/asan/sentinel-exporter" tests/run-system $(TESTS)

.PHONY: asan-binary
asan-binary:
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=asan $(B)/asan/sentinel-exporter

# N random real failovers, counted against what really happened; first with an
# exporter that stays, then with one that is stopped and killed meanwhile.
# SEED=S runs the same choices again.
N ?= 30
.PHONY: chaos
chaos: deps-test asan-binary
	$(Q)for r in "" --restarts; do \
		SENTINEL_EXPORTER_BIN="$(CURDIR)/$(B)/asan/sentinel-exporter" \
		$(PYTHON) -B -m tests.lab.chaos $(N) $(if $(SEED),--seed $(SEED)) $$r || exit 1; done

# N real failovers, each amid a random schedule of network faults.
.PHONY: faults
faults: deps-test asan-binary
	$(Q)SENTINEL_EXPORTER_BIN="$(CURDIR)/$(B)/asan/sentinel-exporter" LAB_SLOWNESS=3 \
		$(PYTHON) -B -m tests.lab.fault_chaos $(N) $(if $(SEED),--seed $(SEED))

# N times kill -9, with a state file, while failovers happen.
.PHONY: kills
kills: deps-test asan-binary
	$(Q)SENTINEL_EXPORTER_BIN="$(CURDIR)/$(B)/asan/sentinel-exporter" LAB_SLOWNESS=3 \
		$(PYTHON) -B -m tests.lab.kill_chaos $(N) $(if $(SEED),--seed $(SEED))

# MINUTES of failovers, polls every 100 ms and clients of all sorts; FLAVOUR=tsan
# for another build than ASan's.
MINUTES ?= 30
.PHONY: soak
soak: SOAKED := $(if $(filter release,$(FLAVOUR)),asan,$(FLAVOUR))
soak: deps-test
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=$(SOAKED) $(B)/$(SOAKED)/sentinel-exporter
	$(Q)SENTINEL_EXPORTER_BIN="$(CURDIR)/$(B)/$(SOAKED)/sentinel-exporter" LAB_SLOWNESS=3 \
		ASAN_OPTIONS=quarantine_size_mb=8 \
		$(PYTHON) -B -m tests.lab.soak $(MINUTES) $(if $(SEED),--seed $(SEED))

# Lines and branches that unit and system tests reach together.
.PHONY: coverage
coverage: deps-test
	$(Q)find $(B)/cov -name '*.gcda' -delete 2>/dev/null || true
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) FLAVOUR=cov $(B)/cov/sentinel-exporter unit
	$(Q)SENTINEL_EXPORTER_BIN="$(CURDIR)/$(B)/cov/sentinel-exporter" tests/run-system $(TESTS)
	$(Q)tests/coverage $(B)/cov

# Small changes of the pure code: does a unit test notice? COUNT of them.
COUNT ?= 500
.PHONY: mutants
mutants: deps-test
	$(Q)tests/mutants $(COUNT) $(if $(SEED),--seed $(SEED))

# SECONDS of libFuzzer for each target, or for those named in FUZZ; what it
# finds stays in build/fuzz/found/, what it learns in build/fuzz/corpus/.
SECONDS ?= 60
FUZZ ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(FUZZ_SRC))
.PHONY: fuzz
fuzz: deps-test
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) CC=clang FLAVOUR=fuzz $(FUZZ:%=$(B)/fuzz/fuzz_%)
	$(Q)tests/run-fuzz $(B)/fuzz $(SECONDS) $(FUZZ)

# Speed as ratios in one run, never as a test that passes or fails.
.PHONY: bench
bench: deps-test
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) all
	$(Q)for b in round_cost growth failover_latency; do \
		echo "== $$b"; $(PYTHON) -B -m tests.bench.$$b || exit 1; done

# The same in fresh roots of Debian 12 and 13, on Redis 7.0, Redis 8, Valkey 8.
.PHONY: matrix
matrix:
	$(Q)tests/matrix $(MATRIX)

# -- what a reader may rely on ----------------------------------------------

lint: have-tools layers headers format-check docs-check reference-check dashboards-check clang-warnings

.PHONY: have-tools
have-tools: have-deps
	@command -v clang mandoc zsh fish >/dev/null && $(PKG_CONFIG) --exists check || \
		{ echo 'tools are missing: run "make deps"'; exit 1; }

layers:
	$(Q)tests/lint/layers

# Each header compiles alone.
headers:
	$(Q)for h in $(HEADERS); do \
		$(CC) $(ALL_CPPFLAGS) -std=gnu11 $(WARN) -Werror -Wno-unused -fsyntax-only -x c $$h || exit 1; \
	done

C_FILES := $(sort $(wildcard src/*.[ch] src/*/*.[ch] tests/unit/*.h tests/unit/*/*.[ch] tests/fake/*.[ch] tests/fuzz/*.[ch] tests/bench/*.[ch]))
# Versions of clang-format differ; the tree is formatted by this one.
FORMATTER	:= 14
CLANG_FORMAT	?= $(firstword $(shell command -v clang-format-$(FORMATTER) clang-format))
format:
	$(CLANG_FORMAT) -i $(filter %.c,$(C_FILES))
format-check:
	$(Q)if "$(CLANG_FORMAT)" --version 2>/dev/null | grep -q 'version $(FORMATTER)\.'; then \
		"$(CLANG_FORMAT)" --dry-run -Werror $(filter %.c,$(C_FILES)); \
	else echo 'format-check left out: it needs clang-format $(FORMATTER)'; fi

.PHONY: clang-warnings deps-test deps-build deps-demo docs-check
clang-warnings:
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) CC=clang B=$(B)/clang FLAVOUR=release WERROR=1 $(B)/clang/release/sentinel-exporter

# The README's flags and metrics are those of the binary.
docs: all
	$(Q)tests/docs --write
docs-check: all
	$(Q)tests/docs --check

# The man page and the completions are read by those they are made for.
.PHONY: reference-check
reference-check: docs-check
	$(Q)mandoc -Tlint -W warning deploy/man/sentinel-exporter.8
	$(Q)bash -n deploy/completions/sentinel-exporter.bash
	$(Q)zsh -n deploy/completions/_sentinel-exporter
	$(Q)fish -n deploy/completions/sentinel-exporter.fish

# Dashboards and rules are what their sources make.
.PHONY: dashboards dashboards-check
dashboards:
	$(Q)dashboards/generate --write
dashboards-check:
	$(Q)dashboards/generate --check

# -- set-up ------------------------------------------------------------------

deps:
	$(Q)deploy/deps.sh build test demo
deps-build:
	$(Q)deploy/deps.sh build
deps-test:
	$(Q)deploy/deps.sh build test
deps-demo:
	$(Q)deploy/deps.sh build demo

demo: deps-demo
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) all
	$(Q)$(PYTHON) -B -m tests.lab.demo

# Installs what was built, and builds nothing: as root it would leave files of
# root's behind, or link again without knowing the version.
install:
	@test -x $(B)/release/sentinel-exporter || \
		{ echo 'nothing is built yet: run "make" first'; exit 1; }
	install -D -m 755 $(B)/release/sentinel-exporter "$(DESTDIR)$(BINDIR)/sentinel-exporter"
	install -d "$(DESTDIR)$(UNITDIR)" "$(DESTDIR)$(DATADIR)/dashboards" \
		"$(DESTDIR)$(DATADIR)/rules" "$(DESTDIR)$(DOCDIR)" "$(DESTDIR)$(DEFAULTDIR)"
	sed 's|/usr/local/bin/|$(BINDIR)/|' deploy/systemd/sentinel-exporter.service \
		>"$(DESTDIR)$(UNITDIR)/sentinel-exporter.service"
	chmod 644 "$(DESTDIR)$(UNITDIR)/sentinel-exporter.service"
	install -m 644 deploy/systemd/sentinel-exporter.socket "$(DESTDIR)$(UNITDIR)/"
	test -e "$(DESTDIR)$(DEFAULTDIR)/sentinel-exporter" || \
		install -m 640 deploy/systemd/sentinel-exporter.default "$(DESTDIR)$(DEFAULTDIR)/sentinel-exporter"
	install -m 644 dashboards/*.json dashboards/*.md "$(DESTDIR)$(DATADIR)/dashboards/"
	install -m 644 dashboards/rules/*.y*ml "$(DESTDIR)$(DATADIR)/rules/"
	install -m 644 LICENSE README.md CHANGELOG.md "$(DESTDIR)$(DOCDIR)/"
	install -D -m 644 deploy/man/sentinel-exporter.8 "$(DESTDIR)$(MANDIR)/man8/sentinel-exporter.8"
	install -D -m 644 deploy/completions/sentinel-exporter.bash "$(DESTDIR)$(SHAREDIR)/bash-completion/completions/sentinel-exporter"
	install -D -m 644 deploy/completions/_sentinel-exporter "$(DESTDIR)$(SHAREDIR)/zsh/site-functions/_sentinel-exporter"
	install -D -m 644 deploy/completions/sentinel-exporter.fish "$(DESTDIR)$(SHAREDIR)/fish/vendor_completions.d/sentinel-exporter.fish"
	install -D -m 644 deploy/schema/config.json "$(DESTDIR)$(DATADIR)/schema/config.json"

# All that install put there, but for settings that somebody may have edited.
uninstall:
	rm -f "$(DESTDIR)$(BINDIR)/sentinel-exporter" \
		"$(DESTDIR)$(UNITDIR)/sentinel-exporter.service" \
		"$(DESTDIR)$(UNITDIR)/sentinel-exporter.socket" \
		"$(DESTDIR)$(MANDIR)/man8/sentinel-exporter.8" \
		"$(DESTDIR)$(SHAREDIR)/bash-completion/completions/sentinel-exporter" \
		"$(DESTDIR)$(SHAREDIR)/zsh/site-functions/_sentinel-exporter" \
		"$(DESTDIR)$(SHAREDIR)/fish/vendor_completions.d/sentinel-exporter.fish"
	rm -rf "$(DESTDIR)$(DATADIR)" "$(DESTDIR)$(DOCDIR)"
	@test ! -e "$(DESTDIR)$(DEFAULTDIR)/sentinel-exporter" || \
		echo 'kept: $(DESTDIR)$(DEFAULTDIR)/sentinel-exporter'

# -- packages ----------------------------------------------------------------

# The source archive, the same bytes from the same commit, and what is linked.
.PHONY: dist source-archive deb package-test print-version
dist: all
	$(Q)deploy/dist $(B)/release/sentinel-exporter $(VERSION) $(REVISION)
source-archive:
	$(Q)deploy/dist - $(VERSION) $(REVISION)
print-version:
	@echo $(VERSION)
deb:
	$(Q)deploy/deps.sh package
	$(Q)deploy/debian/build

# In fresh roots; root is needed.
package-test:
	$(Q)tests/package-image
	$(Q)for s in bookworm trixie; do SUITE=$$s .ci/run tests/package-deb || exit 1; done

clean:
	rm -rf $(B)

-include $(shell test -d $(O) && find $(O) -name '*.d')
