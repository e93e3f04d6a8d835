// The array loops for processors with AVX-512.

#include "scalar.h"
#include "vectors_private.h"

#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"))), apply_to = function)

#define ISA avx512
#define ROWS 8
#define WIDTH 2
#include "vectors_isa.h"

#pragma clang attribute pop
#endif
