/* sha1.h - SHA-1 (FIPS 180-4), for one thing only: kernels before 6.18 tag eBPF programs with it.  No proof
 * rests on it. */
#ifndef ABP_SHA1_H
#define ABP_SHA1_H

#include <stddef.h>
#include <stdint.h>

void sha1(const void *data, size_t n, uint8_t out[20]);

#endif
