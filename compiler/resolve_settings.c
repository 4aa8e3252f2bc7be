/*
 * resolve_settings.c - `run` and `limits`: one value a key, units, defaults.
 */
#include "compiler/resolve.h"

#include <string.h>

#include "compiler/constname.h"

bool num_value(const char *text, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		unsigned dig = (unsigned)(*text - '0');
		if (v > (UINT64_MAX - dig) / 10)
			return false;
		v = v * 10 + dig;
	}
	*out = v;
	return v <= max;
}

/* ---- limits ----------------------------------------------------------- */

static const struct {
	const char *suffix;
	uint64_t ms;
} times[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
enum { N_TIMES = sizeof times / sizeof *times };

static const char *const unit_help[] = {
    [UNIT_SIZE] = "a size needs a unit: %s 64M (K, M, G, T are 2^10 to 2^40 bytes)",
    [UNIT_COUNT] = "a count has no unit: %s 64",
    [UNIT_PERCENT] = "write a percentage of one processor: %s 150%%",
    [UNIT_TIME] = "a time needs a unit: %s 30m (ms, s, m, h, d)",
};

static bool bad_value(struct resolver *r, const struct limitdef *def, const struct lexeme *v)
{
	diag_error(r->d, v->at, "ABP-LIM-002", "`%s` is not %s", v->text, unit_name(def->unit));
	struct buf b = buf_new(r->a);
	const char *h = unit_help[def->unit];
	const char *at = strstr(h, "%s");
	buf_add(&b, h, (size_t)(at - h));
	buf_puts(&b, def->name);
	for (h = at + 2; *h; h++)
		if (!(h[0] == '%' && h[1] == '%'))
			buf_putc(&b, *h);
	diag_help(r->d, "%s", buf_str(&b));
	return false;
}

/* The number in front of a suffix of n bytes, times `each`. */
static bool scaled(const char *t, size_t n, uint64_t each, uint64_t *out)
{
	char num[32];
	size_t len = strlen(t) - n;
	if (len >= sizeof num)
		return false;
	memcpy(num, t, len);
	num[len] = 0;
	if (!num_value(num, (uint64_t)INT64_MAX / each, out))
		return false;
	*out *= each;
	return true;
}

static bool unit_value(enum limit_unit unit, const struct lexeme *v, uint64_t *out)
{
	static const char sizes[] = "KMGT";
	const char *t = v->text;
	size_t n = strlen(t);
	bool zero = v->kind == LEX_NUM && !strcmp(t, "0");
	*out = 0;
	switch (unit) {
	case UNIT_SIZE:
		if (v->kind != LEX_SIZE)
			return zero;
		return scaled(t, 1, (uint64_t)1 << (10 * (strchr(sizes, t[n - 1]) - sizes + 1)), out);
	case UNIT_COUNT:
		return v->kind == LEX_NUM && num_value(t, INT64_MAX, out);
	case UNIT_PERCENT:
		return v->kind == LEX_PERCENT && scaled(t, 1, 1, out);
	case UNIT_TIME:
		if (v->kind != LEX_TIME)
			return zero;
		for (unsigned i = 0; i < N_TIMES; i++)
			if (n > strlen(times[i].suffix) &&
			    !strcmp(t + strspn(t, "0123456789"), times[i].suffix))
				return scaled(t, strlen(times[i].suffix), times[i].ms, out);
		break;
	}
	return false;
}

bool limit_value(struct resolver *r, const struct limitdef *def, const struct lexeme *v, uint64_t *out)
{
	return unit_value(def->unit, v, out) || bad_value(r, def, v);
}

const char *limit_text(struct arena *a, const struct limitdef *def, uint64_t value)
{
	struct buf b = buf_new(a);
	amount_put(&b, def, value);
	return buf_str(&b);
}

bdd limit_set(struct sets *s, unsigned resource, uint64_t lo, uint64_t hi)
{
	return bdd_and(s->t, bdd_range(s->t, F_USE_RES, resource, resource),
		       bdd_range(s->t, F_USE_AMOUNT, lo, hi));
}

const struct limitdef *limit_key(struct resolver *r, const struct lexeme *key)
{
	const struct limitdef *def = limit_by_name(key->text);
	if (def)
		return def;
	diag_error(r->d, key->at, "ABP-LIM-001", "unknown limit `%s`", key->text);
	const char *near = nearest(key->text, nth_limit);
	if (near)
		diag_help(r->d, "did you mean `%s`?", near);
	else
		diag_help(
		    r->d,
		    "limits are memory swap cpu pids files filesize stack memlock cputime wall connections");
	return NULL;
}

static void limit_line(struct resolver *r, const struct line *l)
{
	const struct limitdef *def = limit_key(r, &l->verb);
	struct grant g;
	uint64_t v;
	if (!def)
		return;
	struct limit *lim = &r->m->limits[def->resource];
	if (lim->set) {
		diag_error(r->d, l->verb.at, "ABP-LIM-003", "a second value for %s", def->name);
		diag_also(r->d, lim->at, "the first one");
		diag_help(r->d, "keep one of them");
		return;
	}
	if (l->items.n != 1) {
		diag_error(r->d, l->at, "ABP-LIM-004", "%s takes one value", def->name);
		diag_help(r->d, "write one value, and the next limit on a line of its own or after `;`");
		return;
	}
	if (!limit_value(r, def, &l->items.v[0], &v) || !grant_begin(r, &g, G_LIMIT, l, l->at))
		return;
	*lim = (struct limit){.set = true, .value = v, .at = l->at};
	g.set.k[K_USE].b = limit_set(r->s, def->resource, 0, v);
	g.text = arena_printf(r->a, "%s %s", def->name, limit_text(r->a, def, v));
	grant_add(r, &g);
}

void limits_stmt(struct resolver *r, const struct stmt *st)
{
	for (uint32_t i = 0; i < st->lines.n; i++)
		limit_line(r, st->lines.v[i]);
}

/* Values of limits that no line mentions; a module claims nothing about amounts. */
static void limit_defaults(struct resolver *r)
{
	struct model *m = r->m;
	for (unsigned i = 0; i < MODEL_RESOURCES; i++) {
		const struct limitdef *def = limit_at((enum abpb_resource)i);
		bool relay = i != ABPB_CONNECTIONS || m->run.net == NET_RELAY;
		if (m->kind == MODEL_MODULE || m->limits[i].set)
			continue;
		uint64_t max = UINT64_MAX;
		if (m->kind == MODEL_POLICY && def->has_default && relay) {
			m->limits[i] = (struct limit){.set = true, .value = def->def};
			max = def->def;
		}
		m->all.k[K_USE].b = bdd_or(r->s->t, m->all.k[K_USE].b, limit_set(r->s, i, 0, max));
	}
}

/* ---- run -------------------------------------------------------------- */

static bool set_error(struct resolver *r, const struct lexeme *x, const char *what, const char *help)
{
	diag_error(r->d, x->at, "ABP-RUN-003", "`%s` is not %s", x->text, what);
	diag_help(r->d, "%s", help);
	return false;
}

/* The place of a word among blank-separated words; -1: none. */
static int word_index(const char *words, const char *x)
{
	size_t n = strlen(x);
	for (int i = 0; *words; i++) {
		size_t len = strcspn(words, " ");
		if (len == n && !memcmp(words, x, n))
			return i;
		words += len + (words[len] == ' ');
	}
	return -1;
}

static bool word_value(struct resolver *r, const struct settingdef *def, const struct lexeme *x, int *i)
{
	*i = word_index(def->values, x->text);
	if (*i >= 0)
		return true;
	diag_error(r->d, x->at, "ABP-RUN-003", "`%s` is not a value of `%s`", x->text, def->key);
	diag_help(r->d, "write one of: %s", def->values);
	return false;
}

static bool set_user(struct resolver *r, const struct line *l)
{
	const struct lexeme *x = &l->items.v[0];
	struct settings *run = &r->m->run;
	uint64_t u, g;
	const char *colon = strchr(x->text, ':');
	char num[24];
	snprintf(num, sizeof num, "%.*s", colon ? (int)(colon - x->text) : 0, x->text);
	if (!colon || !num_value(num, UINT32_MAX - 1, &u) || !num_value(colon + 1, UINT32_MAX - 1, &g))
		return set_error(r, x, "a user and a group id", "write numbers: user 10001:10001");
	run->has_user = true;
	run->uid = (uint32_t)u;
	run->gid = (uint32_t)g;
	run->user_at = l->at;
	return true;
}

static bool set_groups(struct resolver *r, const struct line *l)
{
	for (uint32_t i = 0; i < l->items.n; i++) {
		uint64_t v;
		if (l->items.v[i].kind != LEX_NUM || !num_value(l->items.v[i].text, UINT32_MAX - 1, &v))
			return set_error(r, &l->items.v[i], "a group id", "write numbers: groups 112 113");
		vec_push(r->a, &r->m->run.groups, (uint32_t)v);
	}
	return true;
}

static bool set_path(struct resolver *r, const struct line *l)
{
	const struct lexeme *x = &l->items.v[0];
	const char *dir;
	bool glob, root = !strcmp(x->text, "/");
	if (!root && (x->kind == LEX_PATH || x->kind == LEX_STRING)) {
		if (!path_name(r, x, &glob))
			return false;
		root = !glob && !path_is_tree(r->a, x->text, &dir);
	}
	if (!root)
		return set_error(r, x, "the absolute name of one object",
				 "write a name without wildcards: /workspace");
	if (!strcmp(l->verb.text, "workdir")) {
		r->m->run.workdir = x->text;
		r->m->run.workdir_at = l->at;
	} else {
		r->m->run.program = x->text;
		r->m->run.program_at = l->at;
	}
	return true;
}

static bool set_hostname(struct resolver *r, const struct line *l)
{
	const struct lexeme *x = &l->items.v[0];
	if (x->kind != LEX_WORD && x->kind != LEX_STRING)
		return set_error(r, x, "a host name", "write hostname render");
	if (strlen(x->text) > 64) /* HOST_NAME_MAX */
		return set_error(r, x, "a host name of at most 64 bytes", "write hostname render");
	if (!host_name(r, x))
		return false;
	r->m->run.hostname = x->text;
	return true;
}

static bool set_net(struct resolver *r, const struct settingdef *def, const struct line *l)
{
	int i;
	if (!word_value(r, def, &l->items.v[0], &i))
		return false;
	r->m->run.net = (enum net_mode)i; /* the words stand in the order of the enum */
	r->m->run.has_net = true;
	r->m->run.net_at = l->at;
	r->m->run.net_because = l->tail.because.text;
	return true;
}

static bool set_stdio(struct resolver *r, const struct line *l)
{
	static const struct {
		const char *word;
		enum stdio_mode mode;
	} words[] = {
	    {"pipe", STDIO_PIPE}, {"null", STDIO_NULL}, {"inherit", STDIO_INHERIT}, {"tty", STDIO_TTY}};
	for (unsigned i = 0; i < 4; i++)
		if (!strcmp(l->items.v[0].text, words[i].word)) {
			r->m->run.stdio = words[i].mode;
			r->m->run.stdio_at = l->at;
			return true;
		}
	return set_error(r, &l->items.v[0], "a value of `stdio`", "write one of: pipe null inherit tty");
}

static bool set_require(struct resolver *r, const struct line *l)
{
	struct settings *run = &r->m->run;
	const struct lexeme *x = &l->items.v[0];
	uint64_t abi;
	bool one = l->items.n == 1;
	if (one && lex_is(x, "apparmor") && !run->require_apparmor)
		return run->require_apparmor = true;
	if (one && lex_is(x, "filter-readback") && !run->require_readback)
		return run->require_readback = true;
	if (lex_is(x, "landlock") && l->items.n == 2 && !run->landlock_abi &&
	    num_value(l->items.v[1].text, 99, &abi) && abi > 0) {
		run->landlock_abi = (uint32_t)abi;
		return true;
	}
	return set_error(r, x, "a requirement, or it stands here twice",
			 "write one of: require apparmor, require landlock 6, require filter-readback");
}

static bool set_fd(struct resolver *r, const struct line *l)
{
	const struct lexeme *x = &l->items.v[0];
	struct grant g;
	uint64_t v;
	if (x->kind != LEX_NUM || !num_value(x->text, ABP_FD_MAX_PASS, &v) || v < 3)
		return set_error(r, x, "a descriptor from 3 to 199",
				 "write fd 3 because \"…\"; `stdio` says what 0 to 2 are");
	for (uint32_t i = 0; i < r->m->run.fds.n; i++)
		if (r->m->run.fds.v[i] == v)
			return set_error(r, x, "a new descriptor: it stands here twice",
					 "delete one of the lines");
	if (!grant_begin(r, &g, G_SETTING_FD, l, l->at))
		return false;
	vec_push(r->a, &r->m->run.fds, (uint32_t)v);
	g.set.k[K_FD].b = bdd_range(r->s->t, F_FD_N, v, v);
	g.text = arena_printf(r->a, "fd %llu", (unsigned long long)v);
	grant_add(r, &g);
	return true;
}

static bool set_deny(struct resolver *r, const struct settingdef *def, const struct line *l)
{
	int i;
	if (!word_value(r, def, &l->items.v[0], &i))
		return false;
	r->m->run.on_deny_kill = i == 1;
	return true;
}

static void set_value(struct resolver *r, const struct settingdef *def, const struct line *l)
{
	const char *k = def->key;
	if (!strcmp(k, "user"))
		set_user(r, l);
	else if (!strcmp(k, "groups"))
		set_groups(r, l);
	else if (!strcmp(k, "workdir") || !strcmp(k, "program"))
		set_path(r, l);
	else if (!strcmp(k, "hostname"))
		set_hostname(r, l);
	else if (!strcmp(k, "net"))
		set_net(r, def, l);
	else if (!strcmp(k, "stdio"))
		set_stdio(r, l);
	else if (!strcmp(k, "require"))
		set_require(r, l);
	else if (!strcmp(k, "on-deny"))
		set_deny(r, def, l);
	else if (!strcmp(k, "fd"))
		set_fd(r, l);
}

static const struct settingdef *run_key(struct resolver *r, const struct lexeme *key)
{
	const struct settingdef *def = setting_by_name(key->text);
	if (def)
		return def;
	diag_error(r->d, key->at, "ABP-RUN-001", "unknown setting `%s`", key->text);
	const char *near = nearest(key->text, nth_setting);
	if (near)
		diag_help(r->d, "did you mean `%s`?", near);
	else
		diag_help(r->d,
			  "settings are user groups workdir hostname net stdio fd on-deny require program");
	return NULL;
}

static bool run_once(struct resolver *r, const struct settingdef *def, const struct line *l)
{
	size_t i = 0;
	while (i < setting_count() && i < 31 && setting_at(i) != def)
		i++;
	bool second = r->seen_settings >> i & 1 && !def->repeat;
	if (second) {
		diag_error(r->d, l->verb.at, "ABP-RUN-002", "a second value for `%s`", def->key);
		diag_also(r->d, r->setting_at[i], "the first one");
		diag_help(r->d, "keep one of them");
	}
	r->seen_settings |= 1u << i;
	r->setting_at[i] = l->at;
	return !second;
}

static void run_line(struct resolver *r, const struct line *l)
{
	const struct settingdef *def = run_key(r, &l->verb);
	if (!def || !run_once(r, def, l))
		return;
	if (in_ceiling(r) && strcmp(def->key, "net") != 0) {
		diag_error(r->d, l->verb.at, "ABP-RUN-005",
			   "a ceiling says `net` only, the most permitted mode");
		diag_help(r->d, "delete the `%s` line", def->key);
		return;
	}
	if (l->items.n >= def->min && l->items.n <= def->max) {
		set_value(r, def, l);
		return;
	}
	diag_error(r->d, l->at, "ABP-RUN-004", "`%s` takes %s", def->key,
		   def->max == 1 ? "one value" : arena_printf(r->a, "%u to %u values", def->min, def->max));
	diag_help(r->d, "write one setting a line, or `;` between two");
}

void run_stmt(struct resolver *r, const struct stmt *st)
{
	for (uint32_t i = 0; i < st->lines.n; i++)
		run_line(r, st->lines.v[i]);
}

void settings_finish(struct resolver *r)
{
	struct settings *run = &r->m->run;
	if (!run->has_user)
		run->uid = run->gid = 65534;
	if (!run->workdir)
		run->workdir = "/";
	if (!run->hostname)
		run->hostname = "abp";
	limit_defaults(r);
}
