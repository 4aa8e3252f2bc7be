/* FIPS 180-4 examples, the NIST long vector, and every split of a message. */
#include <stdlib.h>
#include <string.h>

#include "compiler/base/sha256.h"
#include "tests/unit/unit.h"

static void is_digest(const void *data, size_t n, const char *hex)
{
	uint8_t digest[32];
	char text[65];
	sha256(data, n, digest);
	sha256_hex(digest, text);
	CHECK(!strcmp(text, hex), "%zu bytes: %s", n, text);
}

static void vectors(void)
{
	static const struct {
		const char *text, *hex;
	} row[] = {
	    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
	     "lmnopqrsmnopqrstnopqrstu",
	     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		is_digest(row[i].text, strlen(row[i].text), row[i].hex);
}

static void million(void)
{
	char *text = malloc(1000000);
	memset(text, 'a', 1000000);
	is_digest(text, 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(text);
}

static void pieces(void)
{
	uint8_t data[200], whole[32], parts[32];
	for (unsigned i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 7);
	for (size_t n = 0; n <= sizeof data; n++) {
		sha256(data, n, whole);
		for (size_t cut = 0; cut <= n; cut++) {
			struct sha256 s;
			sha256_init(&s);
			sha256_add(&s, data, cut);
			sha256_add(&s, data + cut, n - cut);
			sha256_end(&s, parts);
			if (!CHECK(!memcmp(whole, parts, 32), "%zu bytes cut at %zu", n, cut))
				return;
		}
	}
}

void suite_sha256(void)
{
	static const struct unit_case cases[] = {
	    {"FIPS 180-4 vectors", vectors},
	    {"a million letters", million},
	    {"every split gives the same digest", pieces},
	    {NULL, NULL},
	};
	unit_suite("sha256", cases);
}
