# Test programs and targets; included by the one Makefile.
# A runner is NAME=COMMAND (no blanks in NAME, blanks in COMMAND as ~); tests/run.sh runs and sums them.

CHECKS := layers=tests/layers.sh unit=$(B)/unit

CHECKS += probe-consts=tests/kernel/probe-consts # constants are those of the headers
CHECKS += probe-types=tests/kernel/probe-types # argument types are those of the running kernel
CHECKS += rows=env~B=$(B)~tests/rows/run # every production: parse, layout, tree of the layout
CHECKS += bad=env~B=$(B)~tests/bad/run # refused sources, message for message
CHECKS += codes=env~B=$(B)~tests/bad/codes # every diagnostic code is explained, used, and has a case
CHECKS += explained=env~B=$(B)~tests/bad/explained # the examples of abpc explain are refused, or accepted, as they say
CHECKS += stress=env~B=$(B)~tests/stress/run~truncated~modules~files~commands # hostile sources: an answer, never a crash
CHECKS += man=env~B=$(B)~tests/man/run # examples of abp(5), names of options and facts, generated tables
CHECKS += golden=env~B=$(B)~tests/golden/run # check, show, why, diff, lock: word for word
CHECK_DEPS += $(B)/rowtest
CHECKS += breakout=tests/breakout/run # attempts from inside, and each again without its wall
CHECKS += net=env~B=$(B)~tests/net/run # attempts on the network from inside and from a neighbour, each without its walls too
CHECK_DEPS += $(B)/inside $(B)/sockets_kernel
CHECKS += sockets-kernel=$(B)/sockets_kernel # a million decisions of random policies: kernel, rules, simulator
CHECKS += demo=tests/demo/check # the demo and the compute example, with their forbidden twins
CHECKS += fault=tests/fault/run # a fault at system calls of the loader
CHECKS += drift=tests/drift # generated/ is what the compiler writes now
CHECK_DEPS += $(B)/probe $(B)/patch $(B)/sweep
CHECKS += loader=env~B=$(B)~tests/kernel/loader.sh # real launches: exit codes, refusals, limits, view, no residue
CHECK_DEPS += $(B)/mkbundle
CHECKS += observe=/usr/bin/python3~tests/kernel/observe.py~$(B)/observe_fake~$(B)/mkbundle # each comparison of the loader, seen red
CHECK_DEPS += $(B)/observe_fake
CHECKS += evidence=env~B=$(B)~tests/kernel/evidence.sh # records of real launches: schema, verify, forgeries, refusals
CHECKS += seccomp-kernel=$(B)/seccomp_kernel~200 # emitted filters answer in the kernel what the policy means
CHECKS += bench=$(B)/bench~check~$(B)/abpc # size and cost of filters of two policies, beside a peer
POLICIES ?= 100000
CHECKS += differ=$(B)/differ~$(POLICIES) # random policies: filter, simulator, denotation, proof; `make check POLICIES=1000000`
CHECK_DEPS += $(B)/differ
CHECKS += sim=tests/sim/run # decision tables: policy text to the answer of the emitted bytes
CHECK_DEPS += $(B)/seccomp_kernel $(B)/simtab $(B)/bench
CHECKS += workloads=env~B=$(B)~tests/workloads/run # real programs of Debian, each under a policy of at most 25 lines
CHECKS += removal=env~B=$(B)~tests/workloads/removal~abp.archive~abp.perl~abp.search~abp.sqlite~abp.httpd # each grant is missed by a workload; `make removal`: all modules
CHECKS += cases=env~B=$(B)~tests/cases/run # eleven policies by others: what check, build and abprun say
CHECKS += docs=env~B=$(B)~tests/docs/run # every command of docs/*.md, with what it prints
# Each addition: one line, what it proves in the comment.

.PHONY: removal
removal: deps all
	@B=$(B) tests/workloads/removal

# figures, kernel times, processor times; bench/growth.md
bench: all $(B)/bench
	@mkdir -p bench; $(B)/bench table > $(B)/growth.md && mv $(B)/growth.md bench/growth.md
	@$(B)/bench run $(B)/abpc
.PHONY: check bench ci demo deps fmt loc generated repro
check: deps all $(B)/unit $(CHECK_DEPS)
	@B=$(B) sh tests/run.sh $(foreach c,$(CHECKS),'$(subst ~, ,$(c))')

# all that a machine can judge, in one run of at most 75 minutes
ci: deps
	@sh tests/run.sh $(foreach c,check=make~-s~check compilers=tests/compilers sanitizers=tests/sanitizers \
		stress=tests/stress/run fuzz=make~-s~fuzz~T=60 analyse=tests/analyse removal=make~-s~removal vm=env~B=$(B)~tests/vm/run repro=tests/repro bareroot=tests/bareroot,'$(subst ~, ,$(c))')

demo: deps all
	@B=$(B) sh tests/demo/run
# abp-tables(7), from the tables of the compiler
man: $(B)/abpc
	@sh spec/tables.sh $(B)/abpc > spec/abp-tables.7.new && mv spec/abp-tables.7.new spec/abp-tables.7
.PHONY: man
generated: all
	@rm -rf generated; B=$(B) sh tests/generate generated
repro:
	@sh tests/repro
deps:
	@sh tests/deps.sh packages.txt
fmt:
	clang-format -i $(shell git ls-files '*.c' '*.h')
loc:
	@sh tests/loc.sh

# what the walls are attacked with
$(B)/probe: $(patsubst %.c,$(B)/static/%.o,$(addprefix tests/breakout/,probe.c abi.c caps.c files.c net.c report.c))
	@echo "  LD   $@"; $(CC) $(CFLAGS_) -static $(LDFLAGS) -o $@ $^
$(B)/inside: $(B)/static/tests/net/inside.o
	@echo "  LD   $@"; $(CC) $(CFLAGS_) -static $(LDFLAGS) -o $@ $^
$(B)/patch: $(B)/tests/breakout/patch.o $(B)/compiler/base/sha256.o
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^
$(B)/sweep: $(B)/tests/fault/sweep.o
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^ -lseccomp

# grammar: what needs no more than the parser
PARSE := $(GEN:.c=.o) $(patsubst %.c,$(B)/%.o,$(wildcard grammar/*.c) compiler/ast.c compiler/ast_print.c compiler/fmt.c \
	$(wildcard compiler/base/*.c))
$(B)/parse_driver $(B)/rowtest: $(B)/%: $(B)/tests/%.o $(PARSE)
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^

# the loader's comparison on a made-up /proc
$(B)/observe_fake: $(B)/tests/kernel/observe_fake.o $(patsubst %,$(B)/static/runtime/%.o,evidence record observe observe_filter \
	observe_self observe_sockets observe_view sockets bundle mountinfo sys view build mounts msg) \
	$(B)/static/compiler/base/sha1.o $(B)/static/compiler/base/sha256.o
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^

# a bundle by hand: the loader apart from the compiler
$(B)/mkbundle: $(B)/tests/kernel/mkbundle.o $(B)/compiler/base/sha256.o
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^

BENCH := $(patsubst %.c,$(B)/%.o,$(wildcard tests/bench/*.c))
$(B)/bench: $(BENCH) $(B)/libabp.a
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^ -lseccomp -ljansson
$(B)/differ: $(B)/tests/sim/differ.o $(B)/tests/unit/seccomp_gen.o $(B)/libabp.a
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^
$(B)/simtab: $(B)/tests/sim/simtab.o $(B)/libabp.a
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^
$(B)/sockets_kernel: $(B)/tests/kernel/sockets_kernel.o $(B)/tests/unit/sockets_gen.o $(B)/libabp.a
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^
$(B)/seccomp_kernel: $(B)/tests/kernel/seccomp_kernel.o $(B)/tests/unit/seccomp_gen.o $(B)/libabp.a
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^

unit: $(B)/unit
	$(B)/unit
.PHONY: unit

# `make fuzz T=60`: seconds for each target; what it links stands in FUZZ_NAME beside the grammar
T ?= 60
FUZZ += parse fmt seccomp evidence resolve bundle
$(B)/fuzz_bundle: $(B)/runtime/bundle.o
$(B)/fuzz_seccomp: $(B)/tests/unit/seccomp_gen.o $(B)/libabp.a
$(B)/fuzz_resolve: $(B)/libabp.a
$(B)/fuzz_evidence: $(B)/tests/unit/evidence_gen.o $(B)/libabp.a
FUZZ_evidence := -ljansson
$(B)/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(PARSE)
	@echo "  LD   $@"; $(CC) $(CFLAGS_) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(FUZZ_$*)
fuzz:
	@$(MAKE) -s B=build-fuzz CC=clang CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined \
		-fno-sanitize-recover=all" $(FUZZ:%=build-fuzz/fuzz_%) >/dev/null
	@B=build-fuzz tests/fuzz/run $(T) $(FUZZ)
.PHONY: fuzz
