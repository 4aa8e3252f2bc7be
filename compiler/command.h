/*
 * command.h - the commands of abpc; each takes the parsed command line and returns the exit code.
 */
#ifndef ABP_COMMAND_H
#define ABP_COMMAND_H

#include "compiler/model.h"

enum exit_code { EXIT_OK = 0, EXIT_REJECTED = 1, EXIT_USAGE = 2, EXIT_IO = 3 };

struct run {
	struct sets s;
	struct diags *d;
	VEC(const char *) args, include;
	unsigned archs;
	const char *out_dir, *arch_list, *emit_list, *frequency, *group, *call, *cap, *table;
	bool expand, write, fmt_check, json, deny_widening, strict, groups, filter_only;
};

int cmd_build(struct run *r);
int cmd_check(struct run *r);
int cmd_diff(struct run *r);
int cmd_explain(struct run *r);
int cmd_fmt(struct run *r);
int cmd_lock(struct run *r);
int cmd_show(struct run *r);
int cmd_test(struct run *r);
int cmd_verify(struct run *r);
int cmd_why(struct run *r);

/* Parse, resolve and judge FILE; NULL when there is no model.  The caller asks diags_errors(). */
struct model *run_load(struct run *r, const char *file, bool judge);
/* Print what was queued to standard error; the exit code for it. */
int run_report(struct run *r);
/* Write text to standard output. */
void run_print(struct buf *b);

#endif
