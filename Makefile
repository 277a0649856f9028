# sprinkled: build, check, install. `make help` lists the targets.

VERSION := 0.1.0

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
LOCALSTATEDIR ?= /var
RUNSTATEDIR ?= /run
SBINDIR = $(PREFIX)/sbin
BINDIR = $(PREFIX)/bin
LIBEXECDIR = $(PREFIX)/libexec/sprinkled
MANDIR = $(PREFIX)/share/man
CONFDIR = $(SYSCONFDIR)/sprinkled
DOCDIR = $(PREFIX)/share/doc/sprinkled

CC ?= cc
PKG_CONFIG ?= pkg-config
BUILD ?= build
CFLAGS ?= -O2 -g
HARDENING ?= -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
LDHARDENING ?= -pie -Wl,-z,relro,-z,now
WARNINGS = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror \
	-Wno-format-truncation # texts for people are cut on purpose; what must not be is checked

# One source tree for both generations of libgpiod; only this one file of gpio/ sees <gpiod.h>.
GPIOD := $(shell $(PKG_CONFIG) --atleast-version=2 libgpiod && echo gpiod2 || echo gpiod1)
GPIOD_OTHER := $(if $(filter gpiod2,$(GPIOD)),gpiod1,gpiod2)

# 1: sanitizers or coverage are built in, which open files, look into processes and tell at exit(3).
INSTRUMENTED ?= 0

DEFINES = -DINSTRUMENTED=$(INSTRUMENTED) -DSPRINKLED_VERSION='"$(VERSION)"' -DSPRINKLED_CONFDIR='"$(CONFDIR)"' \
	-DSPRINKLED_LIBEXECDIR='"$(LIBEXECDIR)"' -DSPRINKLED_RUNDIR='"$(RUNSTATEDIR)/sprinkled"' \
	-DSPRINKLED_STATEDIR='"$(LOCALSTATEDIR)/lib/sprinkled"' \
	-DGPIOD_LIBRARY='"libgpiod $(shell $(PKG_CONFIG) --modversion libgpiod)"'
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE $(WARNINGS) $(HARDENING) $(CFLAGS) $(CPPFLAGS) $(DEFINES) \
	-MMD -MP

# The doors: what each room may include. A room not named here knows shared only.
INCLUDES_shared = -Ishared
INCLUDES_gpio = -Ishared -Igpio
INCLUDES_cli = -Ishared -Icli
INCLUDES_srv = -Ishared -Isrv
INCLUDES_keeper = -Ishared -Isrv -Igpio
INCLUDES_test = -Ishared -Igpio -Isrv -Icli -Itest/unit

room_objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(1)/*.c))
SHARED_OBJECTS = $(call room_objects,shared)
GPIO_OBJECTS = $(filter-out %/$(GPIOD_OTHER).o,$(call room_objects,gpio))
CLI_OBJECTS = $(call room_objects,cli)
STATE_OBJECTS = $(call room_objects,srv/state)
CONFIG_OBJECTS = $(call room_objects,srv/config)
LOG_OBJECTS = $(call room_objects,srv/log)
SCHEDULE_OBJECTS = $(call room_objects,srv/schedule)
CLERK_OBJECTS = $(call room_objects,srv/clerk)
SESSION_OBJECTS = $(call room_objects,srv/session)
SUPERVISOR_OBJECTS = $(call room_objects,srv/supervisor)
KEEPER_OBJECTS = $(call room_objects,srv/keeper)
TLS_OBJECTS = $(call room_objects,srv/tls)
PASSWD_OBJECTS = $(call room_objects,srv/passwd)

# Rooms become archives, so that each program takes only what it uses. Order: users before used.
ROOMS = shared gpio cli state config log schedule clerk session keeper passwd
ARCHIVES = $(ROOMS:%=$(BUILD)/lib%.a)
archives = $(patsubst %,$(BUILD)/lib%.a,$(1))

# The program that forks is static, libc and all: each library mapped, and each page that the linker
# wrote to, is copied by every fork, which made a connection cost half as much again. The programs
# it executes share libc, and take the rest from archives. STATIC= (empty) links all dynamically,
# for sanitizers and coverage.
STATIC ?= -Wl,-Bstatic
LDSTATIC = $(if $(STATIC),$(LDHARDENING:-pie=-static-pie),$(LDHARDENING))
DYNAMIC = -Wl,-Bdynamic
# What every session runs comes first, beside the rooms: less of the text is mapped anew by each.
LIBS_sprinkled = -lbsd -lmd -lunistring -lseccomp -lyaml -ljansson -lcrypt -lnova -lm
LIBS_keeper = $(STATIC) -lyaml -ljansson -lnova -lunistring -lbsd -lmd $(DYNAMIC) -lgpiod -lm
LIBS_tls = $(STATIC) -lseccomp -lyaml -ljansson -lcrypt -lnova -lunistring -lbsd -lmd $(DYNAMIC) -ltls -lm
LIBS_passwd = -lyaml -lcrypt -lunistring -lbsd -lm
LIBS_sprinkle = -ltls -ledit -lncursesw -ltinfo -ljansson -lunistring -lbsd
LIBS_test = -lcmocka -lseccomp -lyaml -ljansson -lcrypt -lnova -ledit -lncursesw -ltinfo -lunistring -lbsd -lgpiod -ltls -lm -lpthread

PROGRAMS = $(BUILD)/sprinkled $(BUILD)/sprinkled-keeper $(BUILD)/sprinkled-tls \
	$(BUILD)/sprinkled-passwd $(BUILD)/sprinkled-cert $(BUILD)/sprinkle

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all run check check-unit check-bats check-asan check-pi check-trixie check-fresh storm killsweep fuzz \
	fuzzers bench instructions lint analyze valgrind scale faults restarts coverage html install install-files install-starters starters deb check-deb \
	uninstall clean help

all: $(PROGRAMS) ## build everything into build/

$(BUILD)/sprinkled: $(SUPERVISOR_OBJECTS) $(call archives,session clerk schedule config state log shared)
	$(CC) $(CFLAGS) $(LDSTATIC) $(LDFLAGS) -o $@ $(SUPERVISOR_OBJECTS) \
		$(call archives,session clerk schedule state log config shared) $(LIBS_sprinkled)

$(BUILD)/sprinkled-keeper: $(KEEPER_OBJECTS) $(call archives,schedule config state log gpio shared)
	$(CC) $(CFLAGS) $(LDHARDENING) $(LDFLAGS) -o $@ $(KEEPER_OBJECTS) \
		$(call archives,schedule state log config gpio shared) $(LIBS_keeper)

$(BUILD)/sprinkled-tls: $(TLS_OBJECTS) $(call archives,session clerk schedule config state log shared)
	$(CC) $(CFLAGS) $(LDHARDENING) $(LDFLAGS) -o $@ $(TLS_OBJECTS) \
		$(call archives,session clerk schedule state log config shared) $(LIBS_tls)

$(BUILD)/sprinkled-passwd: $(PASSWD_OBJECTS) $(call archives,config shared)
	$(CC) $(CFLAGS) $(LDHARDENING) $(LDFLAGS) -o $@ $^ $(LIBS_passwd)

$(BUILD)/sprinkle: $(CLI_OBJECTS) $(call archives,shared)
	$(CC) $(CFLAGS) $(LDHARDENING) $(LDFLAGS) -o $@ $^ $(LIBS_sprinkle)

$(BUILD)/sprinkled-cert: scripts/sprinkled-cert
	sed 's|/etc/sprinkled|$(CONFDIR)|' $< > $@
	chmod 755 $@

define archive
$(BUILD)/lib$(1).a: $(2) $(BUILD)/lib$(1).members
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(AR) rcs $$@ $(2)

# Made again also when a file has left the room.
$(BUILD)/lib$(1).members: FORCE
	@mkdir -p $$(@D)
	@echo '$(2)' | cmp -s - $$@ || echo '$(2)' > $$@
endef
$(eval $(call archive,shared,$(SHARED_OBJECTS)))
$(eval $(call archive,gpio,$(GPIO_OBJECTS)))
$(eval $(call archive,cli,$(filter-out %/main.o,$(CLI_OBJECTS))))
$(eval $(call archive,state,$(STATE_OBJECTS)))
$(eval $(call archive,config,$(CONFIG_OBJECTS)))
$(eval $(call archive,log,$(LOG_OBJECTS)))
$(eval $(call archive,schedule,$(SCHEDULE_OBJECTS)))
$(eval $(call archive,clerk,$(CLERK_OBJECTS)))
$(eval $(call archive,session,$(SESSION_OBJECTS)))
$(eval $(call archive,keeper,$(filter-out %/main.o,$(KEEPER_OBJECTS))))
$(eval $(call archive,passwd,$(filter-out %/main.o,$(PASSWD_OBJECTS))))

define room_rule
$(BUILD)/obj/$(1)/%.o: $(1)/%.c $(BUILD)/flags
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) $$(INCLUDES_$(2)) -c -o $$@ $$<
endef
$(foreach room,shared gpio cli,$(eval $(call room_rule,$(room),$(room))))
$(foreach room,state config log schedule clerk session supervisor tls passwd,$(eval $(call room_rule,srv/$(room),srv)))
$(eval $(call room_rule,srv/keeper,keeper))
$(eval $(call room_rule,test/unit,test))
$(eval $(call room_rule,test/fuzz,test))
$(eval $(call room_rule,test/killsweep,srv))

# Everything is built again when the flags change.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS) $(GPIOD)' | cmp -s - $@ || echo '$(CC) $(ALL_CFLAGS) $(GPIOD)' > $@
FORCE:

# Unit tests: one program a file, test/unit/NAME_test.c.
UNIT_TESTS = $(patsubst test/unit/%.c,$(BUILD)/test/%,$(wildcard test/unit/*_test.c))

$(BUILD)/test/%: $(BUILD)/obj/test/unit/%.o $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDHARDENING) $(LDFLAGS) -o $@ $< \
		$(call archives,keeper session clerk schedule state log passwd config gpio cli shared) $(LIBS_test)

.PRECIOUS: $(BUILD)/obj/test/unit/%.o

check-unit: $(UNIT_TESTS) ## run the unit tests
	@set -e; for t in $(UNIT_TESTS); do echo "== $$t"; $$t; done

# Fuzzers: one program a file, test/fuzz/NAME_fuzz.c; its seeds are test/fuzz/seeds/NAME.
FUZZERS = $(patsubst test/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard test/fuzz/*_fuzz.c))

$(BUILD)/fuzz/%: $(BUILD)/obj/test/fuzz/%.o $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDHARDENING) $(LDFLAGS) -o $@ $< \
		$(call archives,keeper session clerk schedule state log passwd config gpio cli shared) \
		$(filter-out -lcmocka,$(LIBS_test))

.PRECIOUS: $(BUILD)/obj/test/fuzz/%.o

fuzzers: $(FUZZERS)

KILLSWEEP_OBJECTS = $(call room_objects,test/killsweep)

$(BUILD)/killsweep: $(KILLSWEEP_OBJECTS) $(call archives,state shared)
	$(CC) $(CFLAGS) $(LDHARDENING) $(LDFLAGS) -o $@ $^ -lbsd

# On x86 a long copy by "rep movsb" is one step a byte; by vectors it is a hundredth of that.
killsweep: $(BUILD)/killsweep ## die at every instruction of lock and shared state
	GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1000000 $< $(KILLSWEEP_OPTIONS)

run: all ## serve in the foreground with simulated relays
	@BUILD=$(BUILD) ./scripts/run -n

check: ## lint and every test, plain and under sanitizers
	@BUILD=$(BUILD) ./scripts/check -n

lint: ## format, doors, analysers, manuals
	@./scripts/lint

analyze: ## what cppcheck, clang-tidy and gcc's analyser find in the programs
	@BUILD=$(BUILD)-analyze ./scripts/analyze

# Other builds of the same tree, each in a folder of its own beside build/; all link dynamically.
OTHER_BUILD = $(MAKE) --no-print-directory STATIC= HARDENING=-fPIE LDHARDENING=-pie INSTRUMENTED=1
SANITIZE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
ASAN = BUILD=$(BUILD)-asan CFLAGS='$(SANITIZE)'
# process_end calls __gcov_dump where it is linked in, which a weak reference alone does not do.
COVERAGE = BUILD=$(BUILD)-coverage CFLAGS='-O0 -g --coverage -fprofile-update=atomic' \
	LDFLAGS=-Wl,--undefined=__gcov_dump

# The warnings are gcc's; clang has others.
FUZZ = BUILD=$(BUILD)-fuzz CC=clang WARNINGS= CFLAGS='$(SANITIZE) -fsanitize=fuzzer-no-link'

fuzz: ## feed every reader made-up input, FUZZ_SECONDS (60) each
	+$(OTHER_BUILD) $(FUZZ) fuzzers
	./test/fuzz/run $(BUILD)-fuzz/fuzz

# Suites mostly wait: several at a time, each with a server of its own.
BATS = bats --formatter tap --jobs 4 --no-parallelize-within-files

check-bats: all ## run the bats suites
	SPRINKLED_BUILD=$(BUILD) $(BATS) test

check-asan: ## unit tests and bats suites under ASan and UBSan
	$(OTHER_BUILD) $(ASAN) all check-unit
	SPRINKLED_BUILD=$(BUILD)-asan $(BATS) test

# A session writes its counts without being root: the files stand ready, open to all. What drives
# real pins is run by check-pi, where nothing counts.
COVERAGE_LEAST ?= 90
ON_HARDWARE = --exclude 'gpio/(gpiod1?|chips|survey)\.c'
coverage: ## how much of the code the tests reach: build-coverage/coverage.txt
	+$(OTHER_BUILD) $(COVERAGE) all $(UNIT_TESTS:$(BUILD)/%=$(BUILD)-coverage/%)
	find $(BUILD)-coverage -name '*.gcno' | sed 's/no$$/da/' | xargs sh -c 'rm -f "$$@"; umask 0; touch "$$@"' sh
	$(OTHER_BUILD) $(COVERAGE) check-unit
	SPRINKLED_BUILD=$(BUILD)-coverage $(BATS) test
	gcovr --root . --object-directory $(BUILD)-coverage --filter '(shared|gpio|cli|srv)/' $(ON_HARDWARE) \
		--fail-under-line $(COVERAGE_LEAST) --output $(BUILD)-coverage/coverage.txt
	@cat $(BUILD)-coverage/coverage.txt

# Valgrind sees only the memory of a libc that is shared.
valgrind: ## a live server and its commands under valgrind
	+$(OTHER_BUILD) BUILD=$(BUILD)-valgrind all
	SPRINKLED_BUILD=$(BUILD)-valgrind bats --formatter tap test/valgrind

scale: all ## hold 1,000 and 4,000 idle clients and end them by ks
	SPRINKLED_BUILD=$(BUILD) SCALE_CLIENTS='1000 4000' bats --formatter tap test/scale.bats

faults: all ## system calls that fail, full disks, limits, peers that vanish
	SPRINKLED_BUILD=$(BUILD) $(BATS) test/faults.bats test/disk.bats test/limits.bats test/peers.bats

RESTART_ROUNDS ?= 100
restarts: all ## kill every process at once and start again, RESTART_ROUNDS (100) times
	SPRINKLED_BUILD=$(BUILD) RESTART_ROUNDS=$(RESTART_ROUNDS) bats --formatter tap test/restart.bats

check-pi: ## on an emulated Raspberry Pi, with libgpiod 1.6 and 2.x
	@./scripts/check-pi

check-trixie: ## everything again on Debian 13, in a chroot (root)
	@./scripts/check-debian trixie

check-fresh: ## the README's commands in a new Debian 12 and 13, in chroots (root)
	@./scripts/check-debian bookworm
	@./scripts/check-debian trixie

html: ## the manual for a browser: build/html/index.html
	@./scripts/html $(BUILD)/html

check-deb: ## make the Debian package and see it through its life, on Debian 12 and 13 (root)
	@./scripts/check-deb

INSTALL = install
LIBEXEC_PROGRAMS = $(BUILD)/sprinkled-keeper $(BUILD)/sprinkled-tls
SBIN_PROGRAMS = $(filter-out $(LIBEXEC_PROGRAMS) %/sprinkle,$(PROGRAMS))
MAN_PAGES = $(wildcard man/*.[1-9])
EXAMPLES = $(wildcard scripts/*.yml)

# What starts the server: each names the program, which lies in SBINDIR.
STARTERS = $(patsubst %,$(BUILD)/start/sprinkled.%,service socket init default inetd xinetd rules)
UNITDIR = $(PREFIX)/lib/systemd/system
RULESDIR = $(PREFIX)/lib/udev/rules.d

$(BUILD)/start/%: scripts/% FORCE
	@mkdir -p $(@D)
	sed 's|/usr/local/sbin/|$(SBINDIR)/|; s|/etc/default|$(SYSCONFDIR)/default|' $< > $@

install: install-files install-starters ## install below PREFIX, SYSCONFDIR and DESTDIR

starters: $(STARTERS)

install-starters: $(STARTERS)
	$(INSTALL) -d $(DESTDIR)$(UNITDIR) $(DESTDIR)$(RULESDIR) $(DESTDIR)$(SYSCONFDIR)/init.d \
		$(DESTDIR)$(SYSCONFDIR)/default
	$(INSTALL) -m 644 $(filter %.service %.socket,$(STARTERS)) $(DESTDIR)$(UNITDIR)
	$(INSTALL) -m 644 $(BUILD)/start/sprinkled.rules $(DESTDIR)$(RULESDIR)/60-sprinkled.rules
	$(INSTALL) $(BUILD)/start/sprinkled.init $(DESTDIR)$(SYSCONFDIR)/init.d/sprinkled
	test -e $(DESTDIR)$(SYSCONFDIR)/default/sprinkled || $(INSTALL) -m 644 \
		$(BUILD)/start/sprinkled.default $(DESTDIR)$(SYSCONFDIR)/default/sprinkled
	$(INSTALL) -D -m 644 scripts/sprinkled.logrotate $(DESTDIR)$(SYSCONFDIR)/logrotate.d/sprinkled

install-files: all $(STARTERS)
	$(INSTALL) -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBEXECDIR) \
		$(DESTDIR)$(CONFDIR) $(DESTDIR)$(DOCDIR)/examples
	$(INSTALL) $(SBIN_PROGRAMS) $(DESTDIR)$(SBINDIR)
	$(INSTALL) $(BUILD)/sprinkle $(DESTDIR)$(BINDIR)
	$(INSTALL) $(LIBEXEC_PROGRAMS) $(DESTDIR)$(LIBEXECDIR)
	for page in $(MAN_PAGES); do \
		$(INSTALL) -D -m 644 -t $(DESTDIR)$(MANDIR)/man$${page##*.} $$page || exit 1; done
	$(INSTALL) -m 644 README.md LICENSE $(DESTDIR)$(DOCDIR)
	$(INSTALL) -m 644 $(EXAMPLES) $(filter %inetd,$(STARTERS)) $(DESTDIR)$(DOCDIR)/examples
	for file in $(notdir $(EXAMPLES)); do \
		test -e $(DESTDIR)$(CONFDIR)/$$file || \
		$(INSTALL) -m 644 scripts/$$file $(DESTDIR)$(CONFDIR) || exit 1; done
	$(INSTALL) -D -m 644 scripts/sprinkle.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/sprinkle

uninstall: ## remove what install put there, but not the configuration
	rm -f $(SBIN_PROGRAMS:$(BUILD)/%=$(DESTDIR)$(SBINDIR)/%) $(DESTDIR)$(BINDIR)/sprinkle \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/sprinkle
	for page in $(notdir $(MAN_PAGES)); do \
		rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$$page; done
	rm -f $(DESTDIR)$(SYSCONFDIR)/logrotate.d/sprinkled $(DESTDIR)$(SYSCONFDIR)/init.d/sprinkled \
		$(DESTDIR)$(UNITDIR)/sprinkled.service $(DESTDIR)$(UNITDIR)/sprinkled.socket \
		$(DESTDIR)$(RULESDIR)/60-sprinkled.rules
	rm -rf $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(DOCDIR)

deb: ## the Debian package build/sprinkled_VERSION_ARCHITECTURE.deb
	@./scripts/make-deb $(BUILD) $(VERSION)

# The storm: kills of sessions, keeper and supervisor while many clients switch.
STORM_KILLS ?= 10000
STORM_ROUNDS ?= 200
$(BUILD)/storm: $(wildcard test/storm/*.c test/storm/*.h)
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) $(CPPFLAGS) -o $@ $(wildcard test/storm/*.c)

storm: $(PROGRAMS) $(BUILD)/storm ## kill processes at random while clients switch relays
	$(BUILD)/storm -k $(STORM_KILLS) -r $(STORM_ROUNDS) $(BUILD)/sprinkled

# The bench: reference servers, what loads them, and the runner. BENCH_PARTS: rates idle water scale.
BENCH_PROGRAMS = $(addprefix $(BUILD)/bench/,load fork_server thread_server epoll_server line_program idlers)
BENCH_load = $(addprefix test/bench/,load.c rates.c latencies.c client.c listening.c)
BENCH_fork_server = $(addprefix test/bench/,fork_server.c talk.c listening.c)
BENCH_thread_server = $(addprefix test/bench/,thread_server.c talk.c listening.c)
BENCH_epoll_server = $(addprefix test/bench/,epoll_server.c talk.c listening.c)
BENCH_line_program = $(addprefix test/bench/,line_program.c talk.c)
BENCH_idlers = test/scale/idlers.c

define bench_program
$(BUILD)/bench/$(1): $(BENCH_$(1)) $(wildcard test/bench/*.h)
	@mkdir -p $$(@D)
	$$(CC) -std=c11 -D_GNU_SOURCE $$(WARNINGS) $$(CFLAGS) $$(CPPFLAGS) -pthread -o $$@ $(BENCH_$(1))
endef
$(foreach program,$(notdir $(BENCH_PROGRAMS)),$(eval $(call bench_program,$(program))))

# Measured as installed: what a linker wrote the kernel keeps in single pages, a copy in large folios,
# which it maps in one go; with Linux 6.18 that is 7 % of a connection.
bench: $(PROGRAMS) $(BENCH_PROGRAMS) ## figures beside those of other servers (BENCH_SHORT=1: a look)
	$(INSTALL) -D -t $(BUILD)/bench/installed $(PROGRAMS) $(BENCH_PROGRAMS)
	BUILD=$(BUILD) ./test/bench/run $(BENCH_PARTS)

# Counted by callgrind, in the build that is installed but that it may write its files.
instructions: $(BUILD)/bench/load ## what a connection and a request execute, against what is recorded
	+$(MAKE) --no-print-directory BUILD=$(BUILD)-count INSTRUMENTED=1 all
	BUILD=$(BUILD)-count LOAD=$(BUILD)/bench/load ./test/bench/instructions $(INSTRUCTIONS)

clean: ## remove build/
	rm -rf $(BUILD) build-*

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
