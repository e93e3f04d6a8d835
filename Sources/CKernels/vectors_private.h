// The table of array loops that each instruction set provides, for each precision.

#ifndef DESCENT_VECTORS_PRIVATE_H
#define DESCENT_VECTORS_PRIVATE_H

#include "program.h"

typedef void (*dk_block_kernel)(
    const struct dk_block_code *code, char *const *at, const int64_t *step, int64_t count);

struct dk_kernels {
  /// By operation; a count is in vectors of 64 bytes.
  const dk_block_kernel *block;
  void (*fold_runs)(int fold, const void *values, int64_t from, int64_t to, void *parts);
  double (*fold_parts)(int fold, const void *parts, int64_t count);
  void (*fold_axis)(
      int fold, const void *values, const void *weights, void *result, int64_t outer,
      int64_t count, int64_t inner, int64_t stride);
  void (*fold_rows)(
      int fold, const void *values, const void *weights, void *result, int64_t rows,
      int64_t count, int64_t stride);
  void (*gather)(
      void *result, const void *values, const struct dk_walk *walk, int64_t from, int64_t count);
  void (*copy_runs)(
      void *result, void *const *buffers, const struct dk_run *runs, int64_t count);
  int (*all_finite)(const void *values, int64_t count);
  void (*round_values)(void *values, int64_t count);
  void (*matrix_product)(
      const struct dk_product *product, void *const *buffers, int64_t from, int64_t to);
  void (*take)(const struct dk_take *take, void *const *buffers);
  void (*windows)(const struct dk_windows *windows, void *const *buffers);
};

extern const struct dk_kernels dk_kernels_baseline[2];
extern const struct dk_kernels dk_kernels_avx2[2];
extern const struct dk_kernels dk_kernels_avx512[2];

#endif
