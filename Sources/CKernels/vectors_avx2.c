// The array loops for processors with AVX2.

#include "scalar.h"
#include "vectors_private.h"

#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx2"))), apply_to = function)

#define ISA avx2
#define ROWS 4
#define WIDTH 1
#include "vectors_isa.h"

#pragma clang attribute pop
#endif
