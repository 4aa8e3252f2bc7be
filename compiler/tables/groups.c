/* groups.c - look-ups over groups.def, implied.def and sockopts.def. */
#include "compiler/tables/tables.h"
#include "compiler/tables/search.h"

/* First reading: one array per group and per cause. */
#define BEGIN(id, name, help) static const struct callrow group_##id[] = {
#define CALL(call, reason) {#call, NULL, reason},
#define IF(call, cond, reason) {#call, cond, reason},
#define END(id)                                                                                              \
	}                                                                                                    \
	;
#include "compiler/tables/groups.def"
#undef BEGIN
#undef END

#define BEGIN(cause) static const struct callrow cause_##cause[] = {
#define END(cause)                                                                                           \
	}                                                                                                    \
	;
#define SAME_AS(cause, id)
#include "compiler/tables/implied.def"
#undef BEGIN
#undef CALL
#undef IF
#undef END
#undef SAME_AS

/* Second reading: the tables of arrays. */
#define CALL(call, reason)
#define IF(call, cond, reason)
#define END(id)

static const struct groupdef groups[] = {
#define BEGIN(id, name, help) {name, help, group_##id, sizeof group_##id / sizeof *group_##id},
#include "compiler/tables/groups.def"
#undef BEGIN
};
#define N_GROUPS (sizeof groups / sizeof *groups)

static const struct {
	const struct callrow *rows;
	size_t n;
} implied[N_CAUSES] = {
#define BEGIN(cause) [CAUSE_##cause] = {cause_##cause, sizeof cause_##cause / sizeof *cause_##cause},
#define SAME_AS(cause, id) [CAUSE_##cause] = {group_##id, sizeof group_##id / sizeof *group_##id},
#include "compiler/tables/implied.def"
};

static const char *const cause_names[N_CAUSES] = {
    [CAUSE_FLOOR] = "the floor of every policy",
    [CAUSE_READ] = "a path grant",
    [CAUSE_WRITE] = "write or scratch",
    [CAUSE_DEVICE] = "device",
    [CAUSE_EXEC] = "exec",
    [CAUSE_SOCKET] = "a ports grant",
    [CAUSE_INET_TCP] = "a TCP grant for IPv4",
    [CAUSE_INET_UDP] = "a UDP grant for IPv4",
    [CAUSE_INET6_TCP] = "a TCP grant for IPv6",
    [CAUSE_INET6_UDP] = "a UDP grant for IPv6",
    [CAUSE_TCP] = "a TCP grant",
    [CAUSE_UDP] = "a UDP grant",
    [CAUSE_CONNECT] = "connect",
    [CAUSE_BIND] = "bind or listen",
    [CAUSE_LISTEN] = "listen",
    [CAUSE_UNIX] = "unix connect or unix listen",
    [CAUSE_UNIX_PAIR] = "unix pair",
};

static const struct sockopt options[] = {
#define BOTH(cause, level, optname, reason) {CAUSE_##cause, #level, #optname, true, true, reason},
#define SET(cause, level, optname, reason) {CAUSE_##cause, #level, #optname, true, false, reason},
#define GET(cause, level, optname, reason) {CAUSE_##cause, #level, #optname, false, true, reason},
#include "compiler/tables/sockopts.def"
};

const struct groupdef *group_by_name(const char *name)
{
	return search(name, groups, N_GROUPS, sizeof *groups);
}

size_t group_count(void)
{
	return N_GROUPS;
}

const struct groupdef *group_at(size_t i)
{
	return &groups[i];
}

const char *nth_group(size_t i)
{
	return i < N_GROUPS ? groups[i].name : NULL;
}

const struct callrow *implied_calls(enum cause cause, size_t *n)
{
	*n = implied[cause].n;
	return implied[cause].rows;
}

const char *cause_name(enum cause cause)
{
	return cause_names[cause];
}

const struct sockopt *sockopts(size_t *n)
{
	*n = sizeof options / sizeof *options;
	return options;
}
