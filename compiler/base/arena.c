#include "compiler/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 16, FIRST_CHUNK = 4 << 10, CHUNK = 64 << 10 };

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(ALIGN) unsigned char data[];
};

struct arena {
	struct chunk *top;
};

static void *must_calloc(size_t n)
{
	void *p = calloc(1, n);
	if (!p) {
		fputs("abpc: out of memory\n", stderr);
		exit(3);
	}
	return p;
}

struct arena *arena_new(void)
{
	return must_calloc(sizeof(struct arena));
}

void arena_free(struct arena *a)
{
	for (struct chunk *c = a->top, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	free(a);
}

static struct chunk *add_chunk(struct arena *a, size_t n)
{
	/* small at first: many arenas live for one pattern only */
	size_t want = a->top && a->top->size >= FIRST_CHUNK ? a->top->size * 2 : FIRST_CHUNK;
	want = want > CHUNK ? CHUNK : want;
	size_t size = n > want ? n : want;
	struct chunk *c = must_calloc(sizeof *c + size);
	c->size = size;
	c->next = a->top;
	a->top = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t n)
{
	if (n > SIZE_MAX / 2)
		n = SIZE_MAX / 2; /* calloc then fails and ends the run */
	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	struct chunk *c = a->top;
	if (!c || c->size - c->used < n)
		c = add_chunk(a, n);
	void *p = c->data + c->used;
	c->used += n;
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);
	if (n)
		memcpy(p, s, n);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	char text[128]; /* most fit: one pass */
	int n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	size_t len = n < 0 ? 0 : (size_t)n;
	char *p = arena_alloc(a, len + 1);
	if (len < sizeof text)
		memcpy(p, text, len);
	else
		vsnprintf(p, len + 1, fmt, again);
	va_end(again);
	return p;
}

void *arena_grow(struct arena *a, void *v, uint32_t n, uint32_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap ? *cap * 2 : 4;
	void *p = arena_alloc(a, *cap * size);
	if (n)
		memcpy(p, v, n * size);
	return p;
}
