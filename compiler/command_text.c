#include <stdio.h>
#include <string.h>

#include "compiler/command.h"
#include "compiler/explain_code.h"
#include "compiler/fmt.h"
#include "compiler/write_file.h"
#include "grammar/parse.h"

enum { SOURCE_MAX = 1 << 20 };

static int fmt_one(struct run *r, const char *file)
{
	struct span nowhere = {0};
	struct source *src = source_read(r->s.a, r->d, file, SOURCE_MAX, nowhere);
	struct buf out = buf_new(r->s.a);
	if (!src || !abp_parse(r->s.a, r->d, src) || diags_errors(r->d))
		return run_report(r);
	fmt_source(r->s.a, src, &out);
	bool same = out.len == src->len && memcmp(out.data, src->text, out.len) == 0;
	if (r->fmt_check && !same)
		printf("%s: not in canonical layout\n", file);
	if (r->fmt_check)
		return same ? EXIT_OK : EXIT_REJECTED;
	if (r->write && !same && !write_file(r->d, file, &out))
		return run_report(r), EXIT_IO;
	if (!r->write)
		run_print(&out);
	return EXIT_OK;
}

int cmd_fmt(struct run *r)
{
	int rc = EXIT_OK;
	for (uint32_t i = 0; i < r->args.n; i++) {
		int one = fmt_one(r, r->args.v[i]);
		rc = one > rc ? one : rc;
	}
	return rc;
}

/* Without a code: all of them, one a line. */
int cmd_explain(struct run *r)
{
	struct buf out = buf_new(r->s.a);
	int rc = EXIT_OK;
	if (r->args.n == 0)
		explain_list(&out);
	for (uint32_t i = 0; i < r->args.n; i++) {
		if (explain_code(r->args.v[i], &out))
			continue;
		fprintf(stderr, "abpc: no diagnostic has the code %s; `abpc explain` lists them\n",
			r->args.v[i]);
		rc = EXIT_USAGE;
	}
	run_print(&out);
	return rc;
}
