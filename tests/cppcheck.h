/* cppcheck.h - loops of jansson as cppcheck can read them; included by tests/analyse only. */
#define json_array_foreach(a, i, v) for (i = 0; (v = json_array_get(a, i)); i++)
#define json_object_foreach(o, k, v)                                                                         \
	while ((k = json_object_iter_key(json_object_iter(o))) && (v = json_object_get(o, k)))
