/* env.c - the environment: what the policy passes, sets, or reads from a descriptor; nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "runtime/steps.h"
#include "runtime/sys.h"

/* The value of NAME in the launcher's own environment, or NULL. */
static const char *inherited(const struct run *r, const char *name)
{
	size_t n = strlen(name);

	for (char **e = r->environ_; *e; e++)
		if (!strncmp(*e, name, n) && (*e)[n] == '=')
			return *e + n + 1;
	return NULL;
}

/* Reads a secret to its end into OUT (RUN_SECRET_MAX bytes and a NUL); the descriptor is closed. */
static ssize_t secret_read(struct run *r, const struct abpb_env *e, char *out)
{
	const char *name = bundle_str(&r->b, e->name);
	size_t have = 0;
	ssize_t got = -1;

	while (have <= RUN_SECRET_MAX && (got = read((int)e->fd, out + have, RUN_SECRET_MAX + 1 - have)) > 0)
		have += (size_t)got;
	if (got < 0)
		return run_why(r, errno, "secret %s from descriptor %u", name, e->fd);
	if (have > RUN_SECRET_MAX || memchr(out, 0, have))
		return run_why(r, 0, "secret %s: more than 64 KiB, or a NUL byte in it", name);
	out[have] = 0;
	return close((int)e->fd) ? run_why(r, errno, "secret %s", name) : (ssize_t)have;
}

/* Room for everything, as one mapping that is never swapped into a core file. */
static int reserve(struct run *r)
{
	size_t n = (r->b.n_env + 1) * sizeof(char *);

	for (uint32_t i = 0; i < r->b.n_env; i++) {
		const struct abpb_env *e = &r->b.env[i];
		const char *name = bundle_str(&r->b, e->name), *value = "";

		if (e->kind == ABPB_ENV_PASS)
			value = inherited(r, name);
		else if (e->kind == ABPB_ENV_SET)
			value = bundle_str(&r->b, e->value);
		n += strlen(name) + 2 +
		     (e->kind == ABPB_ENV_SECRET ? RUN_SECRET_MAX + 1
		      : value			 ? strlen(value)
						 : 0);
	}
	r->env_size = n;
	r->env_text = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (r->env_text == MAP_FAILED || madvise(r->env_text, n, MADV_DONTDUMP)) {
		r->env_text = NULL;
		return run_why(r, errno, "memory for the environment");
	}
	r->envp = (char **)(void *)r->env_text;
	return 0;
}

static int build(struct run *r)
{
	char *at = r->env_text + (r->b.n_env + 1) * sizeof(char *);
	uint32_t k = 0;

	for (uint32_t i = 0; i < r->b.n_env; i++) {
		const struct abpb_env *e = &r->b.env[i];
		const char *name = bundle_str(&r->b, e->name), *value = NULL;

		if (e->kind == ABPB_ENV_PASS)
			value = inherited(r, name);
		else if (e->kind == ABPB_ENV_SET)
			value = bundle_str(&r->b, e->value);
		if (e->kind != ABPB_ENV_SECRET && !value)
			continue; /* passed, but not set here */
		r->envp[k++] = at;
		at = stpcpy(stpcpy(at, name), "=");
		if (e->kind != ABPB_ENV_SECRET) {
			at = stpcpy(at, value) + 1;
			continue;
		}
		ssize_t n = secret_read(r, e, at);
		if (n < 0)
			return -1;
		at += n + 1;
	}
	r->envp[k] = NULL;
	return 0;
}

int step_passed(struct run *r)
{
	for (uint32_t i = 0; i < r->b.n_fd; i++)
		if (fcntl((int)r->b.fd[i], F_GETFD) < 0)
			return run_why(r, errno, "descriptor %u, which the policy passes", r->b.fd[i]);
	return reserve(r) || build(r) ? -1 : 0;
}
