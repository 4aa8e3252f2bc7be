/* parse_driver.c - parse the files named on the command line, print the diagnostics; exit 1 when there are
 * errors. */
#include "grammar/parse.h"

int main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct diags *d = diags_new(a);
	for (int i = 1; i < argc; i++) {
		struct source *src = source_read(a, d, argv[i], 1 << 20, (struct span){0});
		if (src)
			abp_parse(a, d, src);
	}
	struct buf out = buf_new(a);
	diags_text(d, &out);
	fwrite(out.data, 1, out.len, stderr);
	int rc = diags_errors(d) != 0;
	arena_free(a);
	return rc;
}
