#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "runtime/status.h"
#include "runtime/sys.h"

/* TEXT as the inside of a JSON string; bytes beyond ASCII and control characters become \u00XX. */
static void escape(char *out, size_t n, const char *text)
{
	size_t have = 0;

	for (; *text && have + 7 < n; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			have += (size_t)snprintf(out + have, n - have, "\\%c", c);
		else if (c < 32 || c > 126)
			have += (size_t)snprintf(out + have, n - have, "\\u%04x", c);
		else
			out[have++] = (char)c;
	}
	out[have] = 0;
}

void status_line(struct run *r, enum outcome outcome)
{
	char line[2048], why[1024];
	int n;

	if (r->status_fd < 0)
		return;
	escape(why, sizeof why, r->why);
	if (outcome == OUTCOME_REFUSED)
		n = snprintf(
		    line, sizeof line,
		    "{\"schema\":\"abp-status/1\",\"outcome\":\"refused\",\"step\":\"%s\",\"code\":%d,"
		    "\"why\":\"%s\"}\n",
		    r->step, r->exit_code, why);
	else if (outcome == OUTCOME_STARTED)
		n = snprintf(line, sizeof line,
			     "{\"schema\":\"abp-status/1\",\"outcome\":\"started\",\"pid\":%d}\n",
			     (int)r->target_task.pid);
	else
		n = snprintf(
		    line, sizeof line,
		    "{\"schema\":\"abp-status/1\",\"outcome\":\"ended\",\"code\":%d,\"limit\":%s%s%s}\n",
		    r->exit_code, r->limit_hit ? "\"" : "", r->limit_hit ? r->limit_hit : "null",
		    r->limit_hit ? "\"" : "");
	if (n > 0 && (size_t)n < sizeof line && sys_write_all(r->status_fd, line, (size_t)n))
		dprintf(2, "abprun: --status-fd: %m\n");
}
