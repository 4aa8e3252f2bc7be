/*
 * parse_driver.c - the grammar alone, for tests/rows, tests/bad and the corpus.
 *
 *     parse_driver check FILE...   diagnostics on stderr; exit 1 when there are errors
 *     parse_driver fmt FILE        the canonical layout on stdout
 *     parse_driver dump FILE       the tree on stdout
 */
#include <string.h>

#include "compiler/ast_print.h"
#include "compiler/fmt.h"
#include "grammar/parse.h"

static void one(struct arena *a, struct diags *d, const char *mode, const char *path)
{
	struct buf out = buf_new(a);
	struct source *src = source_read(a, d, path, 1 << 20, (struct span){0});
	if (!src)
		return;
	struct unit *u = abp_parse(a, d, src);
	if (strcmp(mode, "fmt") == 0 && !diags_errors(d))
		fmt_source(a, src, &out);
	if (strcmp(mode, "dump") == 0 && u)
		ast_dump(u, &out);
	if (out.len)
		fwrite(out.data, 1, out.len, stdout);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	struct arena *a = arena_new();
	struct diags *d = diags_new(a);
	for (int i = 2; i < argc; i++)
		one(a, d, argv[1], argv[i]);
	struct buf out = buf_new(a);
	diags_text(d, &out);
	if (out.len)
		fwrite(out.data, 1, out.len, stderr);
	int rc = diags_errors(d) != 0;
	arena_free(a);
	return rc;
}
