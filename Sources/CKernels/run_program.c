// Carries out the steps of a program on arrays.

#include <string.h>

#include "blas.h"
#include "scalar.h"
#include "threads.h"
#include "vectors_private.h"

int dk_instruction_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return 2;
  if (__builtin_cpu_supports("avx2")) return 1;
#endif
  return 0;
}

const struct dk_kernels *dk_select_kernels(int precision, int level) {
#if defined(__x86_64__)
  const int most = dk_instruction_level();
  if (level > most) level = most;
  if (level >= 2) return &dk_kernels_avx512[precision];
  if (level >= 1) return &dk_kernels_avx2[precision];
#else
  (void)level;
#endif
  return &dk_kernels_baseline[precision];
}

// MARK: - Groups

struct group_part {
  const struct dk_program *program;
  const struct dk_group *group;
};

/// The blocks of a group between two elements; `from` is a multiple of the block size.
static void run_blocks(void *context, int thread, int64_t from, int64_t to) {
  const struct dk_program *program = ((struct group_part *)context)->program;
  const struct dk_group *group = ((struct group_part *)context)->group;
  const struct dk_kernels *kernels = program->kernels;
  const int64_t size = program->element_size, per_vector = 64 / size;
  char *at[dk_maximum_slots];
  int64_t step[dk_maximum_slots];
  char *scratch = program->scratch[thread];
  const int64_t block_bytes = group->block * size;
  for (int i = 0; i < group->scratch_slots; i++, scratch += block_bytes) {
    at[i] = scratch;
    step[i] = 64;
  }
  for (int i = 0; i < group->spread_count; i++) {
    const struct dk_spread *spread = &group->spreads[i];
    const double value = program->machine.registers[spread->reg];
    if (size == 8)
      for (int j = 0; j < 8; j++) ((double *)scratch)[j] = value;
    else
      for (int j = 0; j < 16; j++) ((float *)scratch)[j] = (float)value;
    at[spread->slot] = scratch;
    step[spread->slot] = 0;
    scratch += 64;
  }
  for (int i = 0; i < group->stream_count; i++) {
    const struct dk_stream *stream = &group->streams[i];
    at[stream->slot] = (char *)program->machine.buffers[stream->buffer] + from * size;
    step[stream->slot] = 64;
  }
  for (int64_t start = from; start < to; start += group->block) {
    const int64_t count = to - start < group->block ? to - start : group->block;
    const int64_t vectors = (count + per_vector - 1) / per_vector;
    for (int i = 0; i < group->fill_count; i++) {
      const struct dk_fill *fill = &group->fills[i];
      kernels->gather(
          at[fill->slot], program->machine.buffers[fill->buffer], &fill->walk, start, count);
    }
    for (int i = 0; i < group->code_count; i++) {
      kernels->block[group->code[i].operation](&group->code[i], at, step, vectors);
    }
    for (int i = 0; i < group->total_count; i++) {
      const struct dk_total *total = &group->totals[i];
      kernels->fold_runs(
          (int)total->fold, at[total->slot], start, start + count,
          program->machine.buffers[total->parts]);
    }
    for (int i = 0; i < group->stream_count; i++) at[group->streams[i].slot] += block_bytes;
  }
}

static void run_group(const struct dk_program *program, const struct dk_group *group) {
  struct group_part part = {program, group};
  // Threads pay where there is much to do; about a nanosecond for each operation on 4 elements.
  if (program->thread_count > 1 && group->count * (group->code_count + 4) >= 1 << 21)
    dk_share_out(run_blocks, &part, program->thread_count, group->count, group->block);
  else
    run_blocks(&part, 0, 0, group->count);
  for (int i = 0; i < group->total_count; i++) {
    const struct dk_total *total = &group->totals[i];
    program->machine.registers[total->reg] = program->kernels->fold_parts(
        (int)total->fold, program->machine.buffers[total->parts], (group->count + 127) / 128);
  }
}

// MARK: - Products

struct product_part {
  const struct dk_program *program;
  const struct dk_product *product;
};

static void run_rows(void *context, int thread, int64_t from, int64_t to) {
  const struct product_part *part = context;
  (void)thread;
  const struct dk_program *program = part->program;
  if (part->product->uses_blas)
    dk_blas_product(part->product, program->machine.buffers, program->element_size, from, to);
  else
    program->kernels->matrix_product(part->product, program->machine.buffers, from, to);
}

static int is_interrupted(struct dk_program *program) {
  if (!program->interrupted || !program->interrupted(program->context)) return 0;
  program->machine.notes |= dk_note_interrupted;
  return 1;
}

/// Some rows of a product; those of a library in portions of their own, since how many rows it is
/// given may decide the last bits.
struct product_rows {
  struct product_part part;
  int64_t first, end, portion;
};

static void run_rows_from(void *context, int thread, int64_t from, int64_t to) {
  struct product_rows *rows = context;
  run_rows(&rows->part, thread, rows->first + from, rows->first + to);
}

static void run_portions(void *context, int thread, int64_t from, int64_t to) {
  struct product_rows *rows = context;
  for (int64_t i = from; i < to; i++) {
    const int64_t first = rows->first + i * rows->portion;
    const int64_t left = rows->end - first;
    run_rows(&rows->part, thread, first, first + (left < rows->portion ? left : rows->portion));
  }
}

/// A product that takes long is done some rows at a time, a few hundredths of a second each, and in
/// parts of those by several threads.
static void run_product(struct dk_program *program, const struct dk_product *product) {
  enum { library_rows = 256 };
  const double row_work =
      (double)product->inner * (double)product->columns * (double)product->batches;
  const double most = row_work < 1 ? (double)product->rows : (double)(1 << 29) / row_work;
  const int64_t grain = product->uses_blas ? library_rows : 64;
  const int64_t part = most >= (double)product->rows ? product->rows
                       : most < (double)grain        ? grain
                                                     : (int64_t)most / grain * grain;
  struct product_rows rows = {{program, product}, 0, product->rows, library_rows};
  while (rows.first < product->rows) {
    const int64_t left = product->rows - rows.first;
    const int64_t count = left < part ? left : part;
    const int is_shared =
        program->thread_count > 1 && count >= 32 && row_work * (double)count >= 1 << 21;
    if (product->uses_blas) {
      const int64_t portions = (count + library_rows - 1) / library_rows;
      if (is_shared)
        dk_share_out(run_portions, &rows, program->thread_count, portions, 1);
      else
        run_portions(&rows, 0, 0, portions);
    } else if (is_shared) {
      dk_share_out(run_rows_from, &rows, program->thread_count, count, 8);
    } else {
      run_rows(&rows.part, 0, rows.first, rows.first + count);
    }
    rows.first += count;
    if (rows.first < product->rows && is_interrupted(program)) return;
  }
}

// MARK: - Steps

static void run_fold(const struct dk_program *program, const struct dk_axis_fold *fold) {
  const void *x = program->machine.buffers[fold->x];
  void *result = program->machine.buffers[fold->result];
  if (fold->inner == 1)
    program->kernels->fold_rows(
        fold->fold, x, NULL, result, fold->outer, fold->count, fold->count);
  else
    program->kernels->fold_axis(
        fold->fold, x, NULL, result, fold->outer, fold->count, fold->inner, fold->inner);
  if (fold->rounds) program->kernels->round_values(result, fold->outer * fold->inner);
}

static void run_step(struct dk_program *program, const struct dk_step *step) {
  void **buffers = program->machine.buffers;
  const struct dk_kernels *kernels = program->kernels;
  switch (step->kind) {
    case dk_step_scalar: dk_scalar_run(step->payload, &program->machine); break;
    case dk_step_group: run_group(program, step->payload); break;
    case dk_step_product: run_product(program, step->payload); break;
    case dk_step_fold: run_fold(program, step->payload); break;
    case dk_step_take: kernels->take(step->payload, buffers); break;
    case dk_step_windows: kernels->windows(step->payload, buffers); break;
    case dk_step_gather:
      kernels->gather(buffers[step->to], buffers[step->from], step->payload, 0, step->count);
      break;
    case dk_step_runs:
      kernels->copy_runs(buffers[step->to], buffers, step->payload, step->count);
      break;
    case dk_step_call: program->call(program->context, step->count); break;
    case dk_step_widen: {
      const float *x = buffers[step->from];
      double *d = buffers[step->to];
      for (int64_t i = 0; i < step->count; i++) d[i] = (double)x[i];
      break;
    }
    case dk_step_narrow: {
      const double *x = buffers[step->from];
      float *d = buffers[step->to];
      for (int64_t i = 0; i < step->count; i++) d[i] = (float)x[i];
      break;
    }
    case dk_step_copy:
      memcpy(
          buffers[step->to], buffers[step->from],
          (size_t)step->count * (size_t)program->element_size);
      break;
    case dk_step_swap: {
      void *held = buffers[step->to];
      buffers[step->to] = buffers[step->from];
      buffers[step->from] = held;
      break;
    }
    case dk_step_spill: {
      const double value = program->machine.registers[step->from];
      if (program->element_size == 8)
        *(double *)buffers[step->to] = value;
      else
        *(float *)buffers[step->to] = (float)value;
      break;
    }
    case dk_step_guard:
      if (!kernels->all_finite(buffers[step->from], step->count))
        program->machine.notes |= dk_note_not_finite;
      break;
    default: break;
  }
}

int64_t dk_run_program(struct dk_program *program, int64_t iterations) {
  for (int64_t done = 0; done < iterations;) {
    for (int64_t i = 0; i < program->step_count; i++) {
      if (is_interrupted(program)) return done;
      run_step(program, &program->steps[i]);
      if (program->machine.notes & dk_note_interrupted) return done;
    }
    done++;
    if (program->machine.notes) return done;
  }
  return iterations;
}
