# abp: one Makefile, no recursion.  `make` builds, `make check` tests, `make demo` shows.
B      ?= build
CC     ?= gcc
VERSION := $(shell cat VERSION)

WARN := -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wswitch-enum \
	-Wstrict-prototypes -Wmissing-prototypes -Wundef -Wnull-dereference -Wformat=2 -Wvla -Werror
# stack-protector, FORTIFY: a smashed buffer ends the process; auto-var-init: no stale stack bytes in output
HARD := -fstack-protector-strong -D_FORTIFY_SOURCE=2 $(if $(findstring clang,$(CC)),,-ftrivial-auto-var-init=zero)
CFLAGS  ?= -O2 -g
CFLAGS_ := -std=c11 -D_GNU_SOURCE -I. -I$(B) $(WARN) $(HARD) -ffile-prefix-map=$(CURDIR)=. \
	-DABP_VERSION='"$(VERSION)"' $(CFLAGS)

GEN  := $(B)/grammar/abp.tab.c $(B)/grammar/abp.lex.c
CSRC := $(sort $(wildcard grammar/*.c compiler/*.c compiler/base/*.c compiler/tables/*.c compiler/backends/*/*.c))
COBJ := $(CSRC:%.c=$(B)/%.o) $(GEN:.c=.o)
LIB  := $(filter-out $(B)/compiler/main.o,$(COBJ))
RSRC := $(sort $(wildcard runtime/*.c)) compiler/base/sha1.c compiler/base/sha256.c
ROBJ := $(RSRC:%.c=$(B)/static/%.o)
USRC := $(sort $(wildcard tests/unit/*.c))

.DELETE_ON_ERROR:
.SECONDARY:
all: $(B)/abpc $(B)/abprun

# static: half a millisecond less of a run; sanitizers cannot
STATIC := $(if $(findstring sanitize,$(CFLAGS)),,-static)
$(B)/abpc: $(COBJ)
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(STATIC) $(LDFLAGS) -o $@ $^ -ljansson -lelf -lz
$(B)/abprun: $(ROBJ)
	@echo "  LD   $@"; $(CC) $(CFLAGS_) -static $(LDFLAGS) -o $@ $^
# an archive: a unit test needs only what it calls
$(B)/libabp.a: $(LIB)
	@echo "  AR   $@"; rm -f $@; ar rcsD $@ $^
$(B)/unit: $(USRC:%.c=$(B)/%.o) $(B)/libabp.a
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^ -ljansson -lelf -lcunit -lseccomp

$(B)/grammar/abp.tab.c: grammar/abp.y
	@mkdir -p $(@D); echo "  YACC $<"; bison -Wall -Wcounterexamples -Werror -o $@ --defines=$(B)/grammar/abp.tab.h $<
$(B)/grammar/abp.lex.c: grammar/abp.l $(B)/grammar/abp.tab.c
	@mkdir -p $(@D); echo "  LEX  $<"; flex --header-file=$(B)/grammar/abp.lex.h -o $@ $<
$(B)/std.inc: compiler/embed.sh $(sort $(wildcard policies/std/*.abp))
	@mkdir -p $(@D); sh compiler/embed.sh $(filter %.abp,$^) > $@
$(B)/compiler/builtin.o: $(B)/std.inc
$(B)/%.o: %.c | $(GEN)
	@mkdir -p $(@D); echo "  CC   $<"; $(CC) $(CFLAGS_) -MMD -MP -c -o $@ $<
$(B)/%.o: $(B)/%.c
	@echo "  CC   $<"; $(CC) $(CFLAGS_) -MMD -MP -c -o $@ $<
$(B)/static/%.o: %.c
	@mkdir -p $(@D); echo "  CC   $<"; $(CC) $(CFLAGS_) -MMD -MP -c -o $@ $<

-include $(shell find $(B) -name '*.d' 2>/dev/null)

include tests/tests.mk

clean:
	rm -rf $(B)
.PHONY: all clean
