/*
 * arena.h - all memory of one run of the compiler.
 *
 * Nothing is freed by itself: arena_free() frees everything at the end.  Running out of memory ends the
 * process with exit code 3 and a message; no caller checks for NULL.
 */
#ifndef ABP_ARENA_H
#define ABP_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);

/* n zeroed bytes, aligned for any object; never NULL, also for n == 0. */
void *arena_alloc(struct arena *a, size_t n);
/* The n bytes at s and a NUL. */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * A growable array.  VEC(struct x) list;  vec_push(a, &list, item);  list.v[i], list.n.
 * Growing moves the items: keep indices, not pointers, while pushing.
 */
#define VEC(type)                                                                                            \
	struct {                                                                                             \
		type *v;                                                                                     \
		uint32_t n, cap;                                                                             \
	}
#define vec_push(a, vec, item)                                                                               \
	do {                                                                                                 \
		(vec)->v = arena_grow((a), (vec)->v, (vec)->n, &(vec)->cap, sizeof *(vec)->v);               \
		(vec)->v[(vec)->n++] = (item);                                                               \
	} while (0)

/* For vec_push: room for one more item of `size` bytes after the n that are there. */
void *arena_grow(struct arena *a, void *v, uint32_t n, uint32_t *cap, size_t size);

#endif
