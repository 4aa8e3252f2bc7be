#include "compiler/base/utf8.h"

static bool continues(unsigned char b)
{
	return (b & 0xC0) == 0x80;
}

uint32_t utf8_next(const char *s, size_t n, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char b = (unsigned char)*s;
	*c = b;
	if (b < 0x80)
		return 1;
	uint32_t len = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
	*c = 0xFFFD;
	if (b < 0xC2 || b > 0xF4 || n < len)
		return 0;
	uint32_t v = b & (0x7FU >> len);
	for (uint32_t i = 1; i < len; i++) {
		if (!continues((unsigned char)s[i]))
			return 0;
		v = v << 6 | ((unsigned char)s[i] & 0x3F);
	}
	if (v < least[len] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
		return 0;
	*c = v;
	return len;
}

bool utf8_bidi(uint32_t c)
{
	return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069);
}

bool utf8_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF ||
	       utf8_bidi(c);
}
