/* sha256.h - SHA-256 (FIPS 180-4).  No heap, no state outside the caller's struct: shared with abprun. */
#ifndef ABP_SHA256_H
#define ABP_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
	uint32_t h[8];
	uint64_t bytes;
	uint8_t block[64];
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t n);
void sha256_end(struct sha256 *s, uint8_t out[32]);
/* The three calls at once. */
void sha256(const void *data, size_t n, uint8_t out[32]);
/* 64 lower-case hexadecimal digits and a NUL. */
void sha256_hex(const uint8_t digest[32], char out[65]);

#endif
