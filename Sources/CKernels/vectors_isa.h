// Both precisions of the array loops for one instruction set, and the table of them. Included with
// ISA, ROWS and WIDTH defined, inside the `target` attribute of that set.

#define JOIN(a, b, c) dk_##a##_##b##_##c
#define JOINED(a, b, c) JOIN(a, b, c)

#define REAL double
#define REAL_BITS 64
#define BITS int64_t
#define NAME(x) JOINED(x, f64, ISA)
#include "vectors.h"
#include "vectors_product.h"
#include "vectors_indexing.h"
#include "vectors_end.h"
#undef REAL
#undef REAL_BITS
#undef BITS
#undef NAME

#define REAL float
#define REAL_BITS 32
#define BITS int32_t
#define NAME(x) JOINED(x, f32, ISA)
#include "vectors.h"
#include "vectors_product.h"
#include "vectors_indexing.h"
#include "vectors_end.h"
#undef REAL
#undef REAL_BITS
#undef BITS
#undef NAME

#define ONE(precision) { \
    .block = JOINED(block_kernels, precision, ISA), \
    .fold_runs = JOINED(fold_runs, precision, ISA), \
    .fold_parts = JOINED(fold_parts, precision, ISA), \
    .fold_axis = JOINED(fold_axis, precision, ISA), \
    .fold_rows = JOINED(fold_rows, precision, ISA), \
    .gather = JOINED(gather, precision, ISA), \
    .copy_runs = JOINED(copy_runs, precision, ISA), \
    .all_finite = JOINED(all_finite, precision, ISA), \
    .round_values = JOINED(round_values, precision, ISA), \
    .matrix_product = JOINED(matrix_product, precision, ISA), \
    .take = JOINED(take, precision, ISA), \
    .windows = JOINED(windows, precision, ISA), \
  }
#define TABLE_NAME(isa) dk_kernels_##isa
#define TABLE(isa) TABLE_NAME(isa)
const struct dk_kernels TABLE(ISA)[2] = {ONE(f64), ONE(f32)};
