// A program on arrays, as the Swift compiler of graphs hands it to the loops in C: steps carried out
// in order, each on buffers named by number. Nothing here owns memory.

#ifndef DESCENT_PROGRAM_H
#define DESCENT_PROGRAM_H

#include "kernels.h"

enum dk_precision { dk_float64, dk_float32 };

enum dk_fold { dk_fold_sum, dk_fold_max, dk_fold_min, dk_fold_product };

enum dk_limits {
  dk_maximum_rank = 32,
  dk_maximum_slots = 256,
  /// A block of a slot, at most.
  dk_block_bytes = 4096,
};

/// The positions of an array in another order: a transposition, a slice, a repetition.
struct dk_walk {
  int64_t base;
  /// 1 up to `dk_maximum_rank`; no size is 0.
  int64_t rank;
  const int64_t *sizes;
  const int64_t *strides;
};

/// Neighbouring elements that stay neighbours when they are moved; buffer -1 stands for zeros.
struct dk_run {
  int32_t buffer;
  int64_t from, to, count;
};

// MARK: - Elementwise groups

/// One operation on a block of each operand; a slot holds a block, or one number many times.
struct dk_block_code {
  uint16_t operation;
  uint16_t d, a, b, c, e, f, g, h;
};

/// A slot that walks along with the block over a whole buffer.
struct dk_stream {
  uint32_t slot, buffer;
};

/// A slot that holds the number in a register.
struct dk_spread {
  uint32_t slot, reg;
};

/// A slot that is filled for each block with elements in another order.
struct dk_fill {
  uint32_t slot, buffer;
  struct dk_walk walk;
};

/// A sum (or other fold) of all elements of a slot into a register.
struct dk_total {
  uint32_t slot, fold, reg;
  /// Room for a number for each 128 elements.
  uint32_t parts;
};

/// Operations carried out together, a block of elements at a time.
struct dk_group {
  int64_t count;
  int64_t block;
  const struct dk_block_code *code;
  const struct dk_stream *streams;
  const struct dk_spread *spreads;
  const struct dk_fill *fills;
  const struct dk_total *totals;
  int32_t code_count, stream_count, spread_count, fill_count, total_count;
  /// The slots below this one are blocks of scratch memory, as are those of fills.
  int32_t scratch_slots, slots;
};

// MARK: - Other steps

/// c = a @ b, `batches` times; elements of a at i·a_row + k·a_column, of b at k·b_row + j·b_column.
struct dk_product {
  uint32_t a, b, c;
  int64_t rows, inner, columns;
  int64_t a_row, a_column, b_row, b_column;
  int64_t batches;
  /// For each batch, where a and b begin.
  const int64_t *places;
  /// Results are rounded to float32 though the arithmetic is float64.
  int32_t rounds;
  /// The system's library computes it.
  int32_t uses_blas;
};

/// result[o, i] = the fold over k of x[o, k, i].
struct dk_axis_fold {
  uint32_t x, result;
  int32_t fold, rounds;
  int64_t outer, count, inner;
};

/// Elements or blocks at the positions that index arrays name, for neighbouring axes of x:
/// result[b, i, j] = x[b, index₀[i], index₁[i] …, j], NaN for an index that is out of range. Or the
/// gradient of that: zeros, to which x[b, i, j] is added there.
struct dk_take {
  uint32_t x, result;
  int32_t index_count;
  int32_t adds;
  /// Each block b has `count` indices of its own.
  int32_t along;
  const uint32_t *indices;
  /// The sizes of the indexed axes.
  const int64_t *sizes;
  int64_t leading, count, trailing;
};

/// Each window of each image [channels, height, width] as a row of the result; or the sum of such
/// windows put back in the image.
struct dk_windows {
  uint32_t x, result;
  int32_t adds;
  int64_t images, channels, height, width;
  /// Of the window.
  int64_t rows, columns;
  int64_t row_step, column_step, row_padding, column_padding;
  /// How many windows.
  int64_t down, across;
};

enum dk_step_kind {
  dk_step_scalar,   // code
  dk_step_group,    // group
  dk_step_product,  // product
  dk_step_fold,     // axis_fold
  dk_step_take,     // take
  dk_step_windows,  // windows
  dk_step_gather,   // buffer `to` = the walk over buffer `from`
  dk_step_runs,     // buffer `to` = `count` runs
  dk_step_call,     // calls back, with `count` as the number of the call
  dk_step_widen,    // doubles of buffer `to` = the `count` floats of buffer `from`
  dk_step_narrow,   // floats of buffer `to` = the `count` doubles of buffer `from`
  dk_step_copy,     // buffer `to` = the first `count` elements of buffer `from`
  dk_step_swap,     // buffers `from` and `to` exchange their memory
  dk_step_spill,    // the first element of buffer `to` = register `from`
  dk_step_guard,    // notes whether the first `count` elements of buffer `from` are all finite
};

struct dk_step {
  int32_t kind;
  uint32_t from, to;
  int64_t count;
  const void *payload;
};

struct dk_program {
  struct dk_machine machine;
  const struct dk_kernels *kernels;
  const struct dk_step *steps;
  int64_t step_count;
  int32_t element_size;
  /// Scratch memory for each thread: `dk_maximum_slots` blocks at most.
  int32_t thread_count;
  char *const *scratch;
  void (*call)(void *context, int64_t number);
  /// Asked between steps, and within long ones, whether to break off; NULL never does.
  int32_t (*interrupted)(void *context);
  void *context;
};

/// Carries out all steps `iterations` times, or until a guard or stop was noted; the notes are in
/// the machine. Gives the number of iterations done. Broken off, it notes that and counts whole
/// iterations only; the numbers are then of no use.
int64_t dk_run_program(struct dk_program *program, int64_t iterations);

/// The loops for the processor at hand; a lower `level` (0: any processor, 1: AVX2, 2: AVX-512) asks
/// for less, so that tests can compare them.
const struct dk_kernels *dk_select_kernels(int precision, int level);

/// The highest level that `dk_select_kernels` would grant.
int dk_instruction_level(void);

/// Loads the system's library for products of matrices, the first time; 0 if there is none.
int dk_load_blas(void);

/// Whether such a library may be faster on this processor than the loops here; 0 if not.
int dk_blas_gains(void);

/// How many processors there are.
int dk_processor_count(void);

#endif
