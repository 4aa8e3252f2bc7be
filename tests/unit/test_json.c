/* The writer's exact bytes, and jansson's opinion of them. */
#include <string.h>

#include <jansson.h>

#include "compiler/base/json.h"
#include "tests/unit/unit.h"

static void layout(void)
{
	struct arena *a = arena_new();
	struct buf b = buf_new(a);
	struct jw j = jw_new(&b);
	jw_object(&j, NULL);
	jw_string(&j, "z", "first");
	jw_array(&j, "list");
	jw_uint(&j, NULL, UINT64_MAX);
	jw_int(&j, NULL, INT64_MIN);
	jw_array(&j, NULL);
	jw_end(&j);
	jw_object(&j, NULL);
	jw_bool(&j, "yes", true);
	jw_bool(&j, "no", false);
	jw_end(&j);
	jw_end(&j);
	jw_hex(&j, "digest", "\x01\xff", 2);
	jw_null(&j, "a");
	jw_string(&j, "none", NULL);
	jw_object(&j, "empty");
	jw_end(&j);
	jw_end(&j);
	static const char want[] = "{\n"
				   "  \"z\": \"first\",\n"
				   "  \"list\": [\n"
				   "    18446744073709551615,\n"
				   "    -9223372036854775808,\n"
				   "    [],\n"
				   "    {\n"
				   "      \"yes\": true,\n"
				   "      \"no\": false\n"
				   "    }\n"
				   "  ],\n"
				   "  \"digest\": \"01ff\",\n"
				   "  \"a\": null,\n"
				   "  \"none\": null,\n"
				   "  \"empty\": {}\n"
				   "}\n";
	CHECK(!strcmp(buf_str(&b), want), "%s", buf_str(&b));
	arena_free(a);
}

static void escapes(void)
{
	static const struct {
		const char *in, *out;
	} row[] = {
	    {"", "\"\""},
	    {"a/b 'c'", "\"a/b 'c'\""},
	    {"\"\\", "\"\\\"\\\\\""},
	    {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
	    {"\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
	    {"\xc3\xa4\xf0\x9f\x98\x80",
	     "\"\xc3\xa4\xf0\x9f\x98\x80\""}, /* a letter and a face, as they are */
	    {"\xc2\x85\xe2\x80\xae\xef\xbb\xbf", "\"\\u0085\\u202e\\ufeff\""},
	    {"\xf3\xa0\x81\x81\xe2\x80\x8b", "\"\\udb40\\udc41\\u200b\""},
	    {"\xff"
	     "a\xc3",
	     "\"\xef\xbf\xbd"
	     "a\xef\xbf\xbd\""},
	    {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* a surrogate */
	};
	struct arena *a = arena_new();
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct buf b = buf_new(a);
		jw_quote(&b, row[i].in, strlen(row[i].in));
		CHECK(!strcmp(buf_str(&b), row[i].out), "row %zu: %s", i, buf_str(&b));
	}
	arena_free(a);
}

/* Every character of one to three bytes, some of four: jansson reads back what was written. */
static void read_back(void)
{
	struct arena *a = arena_new();
	struct buf text = buf_new(a), b = buf_new(a);
	for (unsigned c = 1; c < 0x20000; c++) {
		if (c >= 0xd800 && c < 0xe000)
			continue;
		if (c < 0x80)
			buf_putc(&text, (char)c);
		else if (c < 0x800)
			buf_printf(&text, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 63)));
		else if (c < 0x10000)
			buf_printf(&text, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 63)),
				   (int)(0x80 | (c & 63)));
		else
			buf_printf(&text, "%c%c%c%c", (int)(0xf0 | c >> 18), (int)(0x80 | (c >> 12 & 63)),
				   (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
	}
	struct jw j = jw_new(&b);
	jw_array(&j, NULL);
	jw_stringn(&j, NULL, (const char *)text.data, text.len);
	jw_end(&j);
	json_t *v = json_loads(buf_str(&b), 0, NULL);
	const char *s = json_string_value(json_array_get(v, 0));
	CHECK(s && !strcmp(s, buf_str(&text)), "%zu bytes", text.len);
	json_decref(v);
	arena_free(a);
}

void suite_json(void)
{
	static const struct unit_case cases[] = {
	    {"layout", layout},
	    {"escapes", escapes},
	    {"every character is read back", read_back},
	    {NULL, NULL},
	};
	unit_suite("json", cases);
}
