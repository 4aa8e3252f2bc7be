#include <stdio.h>
#include <unistd.h>
#include "runtime/record.h"
#include "runtime/status.h"
#include "runtime/sys.h"

static void member(struct text *t, const char *key, const char *value)
{
	text_puts(t, key);
	text_json(t, value);
}

static void number(struct text *t, const char *key, int value)
{
	text_puts(t, key);
	text_i64(t, value);
}

void status_line(struct run *r, enum outcome outcome)
{
	char line[8192];
	struct text t = TEXT(line);

	if (r->status_fd < 0)
		return;
	text_puts(&t, "{\"schema\":\"abp-status/1\",\"outcome\":");
	if (outcome == OUTCOME_REFUSED) {
		member(&t, "\"refused\",\"step\":", r->step);
		number(&t, ",\"code\":", r->exit_code);
		member(&t, ",\"why\":", r->why);
	} else if (outcome == OUTCOME_STARTED) {
		number(&t, "\"started\",\"pid\":", (int)r->target_task.pid);
	} else {
		number(&t, "\"ended\",\"code\":", r->exit_code);
		member(&t, ",\"limit\":", r->limit_hit);
	}
	text_puts(&t, "}\n");
	if (!t.full && sys_write_all(r->status_fd, line, t.n))
		dprintf(2, "abprun: --status-fd: %m\n");
}
