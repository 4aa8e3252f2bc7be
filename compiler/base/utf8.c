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

bool utf8_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool utf8_hidden(uint32_t c)
{
	static const uint32_t ranges[][2] = {
	    {0xAD, 0xAD},	{0x34F, 0x34F},	    {0x61C, 0x61C},   {0x115F, 0x1160}, {0x17B4, 0x17B5},
	    {0x180B, 0x180F},	{0x200B, 0x200F},   {0x2028, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
	    {0xFE00, 0xFE0F},	{0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3},
	    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
	};
	for (unsigned i = 0; c >= ranges[0][0] && i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return utf8_control(c);
}
