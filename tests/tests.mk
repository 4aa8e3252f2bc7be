# Test programs and targets; included by the one Makefile.

# grammar: what needs no more than the parser
PARSE := $(GEN:.c=.o) $(patsubst %.c,$(B)/%.o,$(wildcard grammar/*.c) compiler/ast.c compiler/ast_print.c compiler/fmt.c \
	$(wildcard compiler/base/*.c))
$(B)/parse_driver: $(B)/tests/parse_driver.o $(PARSE)
	@echo "  LD   $@"; $(CC) $(CFLAGS_) $(LDFLAGS) -o $@ $^

unit: $(B)/unit
	$(B)/unit
.PHONY: unit
