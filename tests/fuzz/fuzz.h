/* fuzz.h - what the fuzz targets share. */
#ifndef ABP_FUZZ_H
#define ABP_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
