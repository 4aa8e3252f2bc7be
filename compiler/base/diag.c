#include "compiler/base/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compiler/base/json.h"
#include "compiler/base/utf8.h"

enum { MAX_PLACES = 3, MAX_COLUMNS = 160, LEAD = 100 };

struct place {
	struct span at;
	const char *text;
};

struct record {
	enum severity sev;
	const char *code;
	struct place place[MAX_PLACES];
	unsigned nplaces;
	const char *help;
	uint32_t seq; /* order of queueing: equal places keep it */
};
typedef VEC(struct record *) record_list;

struct diags {
	struct arena *a;
	record_list list;
	struct record *last; /* NULL: the record queued last was not kept */
	uint32_t errors, warnings, loaded;
	bool overflow, more_warnings;
};

struct diags *diags_new(struct arena *a)
{
	struct diags *d = arena_alloc(a, sizeof *d);
	d->a = a;
	return d;
}

struct span span_join(struct span a, struct span b)
{
	if (!a.src || !b.src || b.off + b.len < a.off)
		return a.src ? a : b;
	return (struct span){a.src, a.off, b.off + b.len - a.off};
}

static uint32_t count_line(struct span s)
{
	uint32_t line = 1;
	for (uint32_t i = 0; i < s.off && i < s.src->len; i++)
		line += s.src->text[i] == '\n';
	return line;
}

uint32_t span_line(struct span s)
{
	if (!s.src)
		return 0;
	if (!s.src->line)
		return count_line(s);
	uint32_t low = 0, high = s.src->lines; /* line[low] <= off < line[high] */
	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;
		if (s.src->line[mid] <= s.off)
			low = mid;
		else
			high = mid;
	}
	return low + 1;
}

/* ---- queueing ---------------------------------------------------------- */

__attribute__((format(printf, 2, 0))) static const char *vtext(struct diags *d, const char *fmt, va_list ap)
{
	struct buf b = buf_new(d->a);
	buf_vprintf(&b, fmt, ap);
	return buf_str(&b);
}

static bool keep(struct diags *d, enum severity sev)
{
	if (d->errors >= DIAG_MAX_ERRORS) {
		d->overflow = d->overflow || sev == SEV_ERROR;
		return false;
	}
	if (sev == SEV_WARNING && d->warnings == DIAG_MAX_WARNINGS)
		d->more_warnings = true;
	return sev != SEV_WARNING || d->warnings < DIAG_MAX_WARNINGS;
}

static void queue(struct diags *d, enum severity sev, struct span at, const char *code, const char *text)
{
	d->last = NULL;
	if (!keep(d, sev))
		return;
	struct record *r = arena_alloc(d->a, sizeof *r);
	r->sev = sev;
	r->code = code;
	r->seq = d->list.n;
	r->place[r->nplaces++] = (struct place){at, text};
	vec_push(d->a, &d->list, r);
	d->last = r;
	d->errors += sev == SEV_ERROR;
	d->warnings += sev == SEV_WARNING;
}

void diag_error(struct diags *d, struct span at, const char *code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	queue(d, SEV_ERROR, at, code, vtext(d, fmt, ap));
	va_end(ap);
}

void diag_warning(struct diags *d, struct span at, const char *code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	queue(d, SEV_WARNING, at, code, vtext(d, fmt, ap));
	va_end(ap);
}

void diag_also(struct diags *d, struct span at, const char *fmt, ...)
{
	va_list ap;
	if (!d->last || d->last->nplaces == MAX_PLACES)
		return;
	va_start(ap, fmt);
	d->last->place[d->last->nplaces++] = (struct place){at, vtext(d, fmt, ap)};
	va_end(ap);
}

void diag_help(struct diags *d, const char *fmt, ...)
{
	va_list ap;
	if (!d->last)
		return;
	va_start(ap, fmt);
	d->last->help = vtext(d, fmt, ap);
	va_end(ap);
}

uint32_t diags_errors(const struct diags *d)
{
	return d->errors;
}

uint32_t diags_count(const struct diags *d)
{
	return d->list.n;
}

void diags_forget(struct diags *d, uint32_t n)
{
	d->overflow = d->more_warnings = false;
	d->last = NULL;
	while (d->list.n > n) {
		enum severity sev = d->list.v[--d->list.n]->sev;
		d->errors -= sev == SEV_ERROR;
		d->warnings -= sev == SEV_WARNING;
	}
}

/* ---- sorting ----------------------------------------------------------- */

static int cmp_u32(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* The command line first, then files in order of loading; two sources may carry the same id. */
static int cmp_source(const struct source *a, const struct source *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	int c = cmp_u32(a->id, b->id);
	return c ? c : strcmp(a->name, b->name);
}

static int cmp_record(const void *x, const void *y)
{
	const struct record *a = *(const struct record *const *)x;
	const struct record *b = *(const struct record *const *)y;
	int c = cmp_source(a->place[0].at.src, b->place[0].at.src);
	if (!c)
		c = cmp_u32(a->place[0].at.off, b->place[0].at.off);
	return c ? c : cmp_u32(a->seq, b->seq);
}

/* ---- printing ---------------------------------------------------------- */

/* One character of the source as it may be shown; *used: its bytes.  Returns the columns it takes. */
static uint32_t show_char(struct buf *out, const char *s, size_t n, uint32_t *used)
{
	uint32_t c;
	size_t before = out->len;
	*used = utf8_next(s, n, &c);
	if (*used == 0) {
		*used = 1;
		buf_printf(out, "<%02X>", (unsigned char)*s);
	} else if (c != '\t' && utf8_hidden(c)) {
		buf_printf(out, "<U+%04X>", c);
	} else {
		buf_add(out, s, *used);
		return 1;
	}
	return (uint32_t)(out->len - before);
}

/* Like show_char, for text of a message: one line, nothing that moves the cursor. */
static void put_text(struct buf *out, const char *s)
{
	size_t n = strlen(s);
	for (uint32_t used; n; s += used, n -= used)
		show_char(out, s, n, &used);
}

struct window { /* the part of the source that is shown: byte offsets */
	uint32_t start, end, line;
	bool cut_left, cut_right;
};

static struct window find_window(struct span at)
{
	const struct source *s = at.src;
	struct window w = {.start = at.off, .end = at.off};
	while (w.start && s->text[w.start - 1] != '\n')
		w.start--;
	w.line = w.start;
	while (w.end < s->len && s->text[w.end] != '\n')
		w.end++;
	if (w.end - w.start > MAX_COLUMNS && at.off - w.start > LEAD) {
		w.start = at.off - LEAD;
		w.cut_left = true;
	}
	if (w.end - w.start > MAX_COLUMNS) {
		w.end = w.start + MAX_COLUMNS;
		w.cut_right = true;
	}
	/* never in the middle of a character */
	while (w.cut_left && w.start < at.off && (s->text[w.start] & 0xC0) == 0x80)
		w.start++;
	while (w.cut_right && w.end > at.off && (s->text[w.end] & 0xC0) == 0x80)
		w.end--;
	return w;
}

static void fill(struct buf *b, char c, uint32_t n)
{
	while (n--)
		buf_putc(b, c);
}

/* The source line and, under it, the carets: both are made in one walk, since shown widths differ. */
static void put_line(struct arena *a, struct buf *out, struct span at)
{
	struct window w = find_window(at);
	struct buf marks = buf_new(a);
	uint32_t used, end = at.off + (at.len ? at.len : 1);
	buf_puts(out, w.cut_left ? "    ..." : "    ");
	fill(&marks, ' ', w.cut_left ? 7 : 4);
	for (uint32_t i = w.start; i < w.end; i += used) {
		const char *s = at.src->text + i;
		uint32_t width = show_char(out, s, w.end - i, &used);
		if (i < at.off)
			fill(&marks, *s == '\t' ? '\t' : ' ', width);
		else if (i < end)
			fill(&marks, '~', width);
	}
	size_t first = w.cut_left ? 7 : 4;
	while (first < marks.len && marks.data[first] != '~')
		first++;
	if (first == marks.len)
		buf_putc(&marks, '^');
	else
		marks.data[first] = '^';
	buf_printf(out, "%s\n%s\n", w.cut_right ? "..." : "", buf_str(&marks));
}

static void put_place(struct arena *a, struct buf *out, const struct place *p, const char *what,
		      const char *code)
{
	if (p->at.src) {
		put_text(out, p->at.src->name);
		buf_printf(out, ":%u:%u: ", span_line(p->at), p->at.off - find_window(p->at).line + 1);
	} else {
		buf_puts(out, "abpc: ");
	}
	buf_printf(out, "%s: ", what);
	put_text(out, p->text);
	if (code)
		buf_printf(out, " [%s]", code);
	buf_putc(out, '\n');
	if (p->at.src)
		put_line(a, out, p->at);
}

static const char *const severities[] = {
    [SEV_ERROR] = "error", [SEV_WARNING] = "warning", [SEV_NOTE] = "note"};

static void put_record(struct diags *d, struct buf *out, const struct record *r)
{
	put_place(d->a, out, &r->place[0], severities[r->sev], r->code);
	for (unsigned i = 1; i < r->nplaces; i++)
		put_place(d->a, out, &r->place[i], "note", NULL);
	if (r->help) {
		buf_puts(out, "help: ");
		put_text(out, r->help);
		buf_putc(out, '\n');
	}
}

static void sort(struct diags *d)
{
	if (d->list.n)
		qsort(d->list.v, d->list.n, sizeof *d->list.v, cmp_record);
}

void diags_text(struct diags *d, struct buf *out)
{
	sort(d);
	for (uint32_t i = 0; i < d->list.n; i++)
		put_record(d, out, d->list.v[i]);
	if (d->overflow)
		buf_puts(out, "too many errors\n");
	if (d->more_warnings)
		buf_puts(out, "too many warnings\n");
	if (d->errors)
		buf_printf(out, "%u error%s\n", d->errors, d->errors == 1 ? "" : "s");
}

static void json_place(struct jw *j, const struct place *p)
{
	jw_object(j, NULL);
	jw_string(j, "file", p->at.src ? p->at.src->name : NULL);
	jw_uint(j, "line", span_line(p->at));
	jw_uint(j, "column", p->at.src ? p->at.off - find_window(p->at).line + 1 : 0);
	jw_uint(j, "offset", p->at.off);
	jw_uint(j, "length", p->at.len);
	jw_string(j, "text", p->text);
	jw_end(j);
}

void diags_json(struct diags *d, struct buf *out)
{
	struct jw j = jw_new(out);
	sort(d);
	jw_object(&j, NULL);
	jw_string(&j, "schema", "abp-diag/1");
	jw_array(&j, "records");
	for (uint32_t i = 0; i < d->list.n; i++) {
		const struct record *r = d->list.v[i];
		jw_object(&j, NULL);
		jw_string(&j, "severity", severities[r->sev]);
		jw_string(&j, "code", r->code);
		jw_string(&j, "text", r->place[0].text);
		jw_string(&j, "help", r->help);
		jw_array(&j, "places");
		for (unsigned k = 0; k < r->nplaces; k++)
			json_place(&j, &r->place[k]);
		jw_end(&j);
		jw_end(&j);
	}
	jw_end(&j);
	jw_uint(&j, "errors", d->errors);
	jw_bool(&j, "too_many", d->overflow);
	jw_end(&j);
}

bool diags_have(const struct diags *d, const char *prefix)
{
	for (uint32_t i = 0; i < d->list.n; i++)
		if (d->list.v[i]->sev == SEV_ERROR &&
		    strncmp(d->list.v[i]->code, prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

/* ---- sources ----------------------------------------------------------- */

/* Where lines start: `show` asks for the line of every grant, and there may be 100,000. */
static void find_lines(struct arena *a, struct source *s)
{
	VEC(uint32_t) starts = {0};
	vec_push(a, &starts, 0);
	for (uint32_t i = 0; i < s->len; i++)
		if (s->text[i] == '\n')
			vec_push(a, &starts, i + 1);
	s->line = starts.v;
	s->lines = starts.n;
}

struct source *source_text(struct arena *a, const char *name, const char *text, size_t len)
{
	struct source *s = arena_alloc(a, sizeof *s);
	s->name = arena_strdup(a, name);
	s->text = arena_strndup(a, text, len);
	s->len = (uint32_t)len;
	find_lines(a, s);
	return s;
}

/* NULL with errno.  A pipe or a terminal would be waited for without end, a device read without end. */
static FILE *open_regular(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	FILE *f = NULL;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	else
		f = fdopen(fd, "r");
	if (!f)
		close(fd);
	return f;
}

struct source *source_read(struct arena *a, struct diags *d, const char *path, size_t max, struct span at)
{
	struct source *s = NULL;
	char *text = arena_alloc(a, max + 2);
	FILE *f = open_regular(path);
	size_t n = f ? fread(text, 1, max + 1, f) : 0;
	if (!f || ferror(f)) {
		diag_error(d, at, "ABP-IO-001", "cannot read %s: %s", path,
			   errno == EINVAL ? "not a regular file" : strerror(errno));
	} else if (n > max) {
		diag_error(d, at, "ABP-IO-001", "cannot read %s: larger than %zu bytes", path, max);
	} else {
		text[n] = 0;
		s = arena_alloc(a, sizeof *s);
		*s = (struct source){.name = arena_strdup(a, path), .text = text, .len = (uint32_t)n};
		s->id = d->loaded++;
		find_lines(a, s);
	}
	if (f)
		fclose(f);
	return s;
}
