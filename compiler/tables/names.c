/* names.c - look-ups over caps.def, limits.def, settings.def, socknames.def. */
#include "compiler/tables/tables.h"
#include "compiler/tables/search.h"

#define COUNT(table) (sizeof table / sizeof *table)

static const struct capdef caps[N_CAPS] = {
#define CAP(name, nr, scope, gates, risk) [nr] = {#name, nr, CAP_##scope, gates, risk},
#include "compiler/tables/caps.def"
};

const struct capdef *cap_by_nr(int nr)
{
	return nr >= 0 && nr < N_CAPS ? &caps[nr] : NULL;
}

const struct capdef *cap_by_name(const char *name)
{
	for (size_t i = 0; i < N_CAPS; i++)
		if (!strcmp(caps[i].name, name))
			return &caps[i];
	return NULL;
}

const char *nth_cap(size_t i)
{
	return i < N_CAPS ? caps[i].name : NULL;
}

#define NONE UINT64_MAX
static const struct limitdef limits[ABPB_N_RESOURCES] = {
#define LIMIT(resource, name, unit, mandatory, def, object, help)                                            \
	[ABPB_##resource] = {name,	    ABPB_##resource,	       UNIT_##unit, mandatory,               \
			     (def) != NONE, (def) != NONE ? (def) : 0, object,	    help},
#include "compiler/tables/limits.def"
};
#undef NONE

const struct limitdef *limit_at(enum abpb_resource resource)
{
	return &limits[resource];
}

const struct limitdef *limit_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(limits); i++)
		if (!strcmp(limits[i].name, name))
			return &limits[i];
	return NULL;
}

const char *nth_limit(size_t i)
{
	return i < COUNT(limits) ? limits[i].name : NULL;
}

const char *unit_name(enum limit_unit unit)
{
	static const char *const names[] = {
	    [UNIT_SIZE] = "a size, as 64K or 1G",
	    [UNIT_COUNT] = "a number",
	    [UNIT_PERCENT] = "a percentage, as 150%",
	    [UNIT_TIME] = "a time, as 500ms or 30m",
	};

	return names[unit];
}

#define SETTING(key, type, min, max, repeat, values, ordered, help)                                          \
	{key, SET_##type, min, max, repeat, values, ordered, help},
#define DEVICE(name, help)
static const struct settingdef settings[] = {
#include "compiler/tables/settings.def"
};
#undef SETTING
#undef DEVICE

#define SETTING(key, type, min, max, repeat, values, ordered, help)
#define DEVICE(name, help) {name, help},
static const struct {
	const char *name, *help;
} devices[] = {
#include "compiler/tables/settings.def"
};

const struct settingdef *setting_by_name(const char *key)
{
	return search(key, settings, COUNT(settings), sizeof *settings);
}

size_t setting_count(void)
{
	return COUNT(settings);
}

const struct settingdef *setting_at(size_t i)
{
	return &settings[i];
}

const char *nth_setting(size_t i)
{
	return i < COUNT(settings) ? settings[i].key : NULL;
}

const char *device_help(const char *name)
{
	for (size_t i = 0; i < COUNT(devices); i++)
		if (!strcmp(devices[i].name, name))
			return devices[i].help;
	return NULL;
}

const char *nth_device(size_t i)
{
	return i < COUNT(devices) ? devices[i].name : NULL;
}

/* Socket words: three tables of the same shape. */
#define FAMILY(name, value) {NULL, name, value},
#define TYPE(name, value)
#define PROTO(family, name, value)
static const struct sockname families[] = {
#include "compiler/tables/socknames.def"
};
#undef FAMILY
#undef TYPE
#define FAMILY(name, value)
#define TYPE(name, value) {NULL, name, value},
static const struct sockname types[] = {
#include "compiler/tables/socknames.def"
};
#undef TYPE
#undef PROTO
#define TYPE(name, value)
#define PROTO(family, name, value) {family, name, value},
static const struct sockname protos[] = {
#include "compiler/tables/socknames.def"
};

static bool value_of(const struct sockname *t, size_t n, const char *family, const char *name, int *value)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(t[i].name, name) || (family && strcmp(t[i].family, family)))
			continue;
		*value = t[i].value;
		return true;
	}
	return false;
}

static const char *name_of(const struct sockname *t, size_t n, const char *family, int value)
{
	for (size_t i = 0; i < n; i++)
		if (t[i].value == value && (!family || !strcmp(t[i].family, family)))
			return t[i].name;
	return NULL;
}

bool sock_family(const char *name, int *value)
{
	return value_of(families, COUNT(families), NULL, name, value);
}

bool sock_type(const char *name, int *value)
{
	return value_of(types, COUNT(types), NULL, name, value);
}

bool sock_proto(const char *family, const char *name, int *value)
{
	return value_of(protos, COUNT(protos), family, name, value);
}

const char *sock_family_name(int value)
{
	return name_of(families, COUNT(families), NULL, value);
}

const char *sock_type_name(int value)
{
	return name_of(types, COUNT(types), NULL, value);
}

const char *sock_proto_name(int family, int value)
{
	const char *name = sock_family_name(family);

	return name ? name_of(protos, COUNT(protos), name, value) : NULL;
}

const char *nth_family(size_t i)
{
	return i < COUNT(families) ? families[i].name : NULL;
}
