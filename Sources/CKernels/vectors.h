// The loops over arrays, for one precision and one instruction set. Included by `vectors_isa.h`
// once for each precision, with these defined:
//
//   REAL, BITS   the element type, and the integer of its size
//   NAME(x)      the name of a function in this instance
//   ROWS, WIDTH  how many rows, and vectors beside each other, the matrix kernel holds in registers
//
// `vectors_product.h` and `vectors_indexing.h` go on from here; `vectors_end.h` takes the macros back.
//
// Arrays are 64-byte aligned and padded to whole vectors. Nothing is contracted or reordered, so
// every instance gives the same bits.

typedef REAL NAME(vector) __attribute__((vector_size(64)));
typedef REAL NAME(loose) __attribute__((vector_size(64), aligned(sizeof(REAL))));
typedef BITS NAME(mask) __attribute__((vector_size(64)));
typedef REAL NAME(lanes) __attribute__((vector_size(8 * sizeof(REAL)), aligned(sizeof(REAL))));
typedef BITS NAME(lanes_mask) __attribute__((vector_size(8 * sizeof(REAL))));
#define VECTOR NAME(vector)
#define LOOSE NAME(loose)
#define MASK NAME(mask)
#define LANES NAME(lanes)
#define LANES_MASK NAME(lanes_mask)
#define PER_VECTOR ((int64_t)(64 / sizeof(REAL)))

// MARK: - One instruction on one block

// Macros and not functions, since a function that takes wide vectors has another calling convention
// for each instruction set.
#define CHOOSE(mask, yes, no) \
  ((VECTOR)(((mask) & (MASK)(yes)) | (~(mask) & (MASK)(no))))
#define ALL(x) ((x) - (VECTOR){0})
#define TRUTH(mask) CHOOSE(mask, ALL((REAL)1), ALL((REAL)0))

#define HEAD const struct dk_block_code *code, char *const *at, const int64_t *step, int64_t count
#define POINT(x) \
  const char *p##x = at[code->x]; \
  const int64_t s##x = step[code->x];
#define TAKE(x) const VECTOR x = *(const VECTOR *)p##x; p##x += s##x;

#define BLOCK1(name, value) \
  static void NAME(name)(HEAD) { \
    VECTOR *d = (VECTOR *)at[code->d]; \
    POINT(a) \
    _Pragma("clang loop unroll_count(4)") \
    for (int64_t i = 0; i < count; i++) { TAKE(a) d[i] = (value); } \
  }
#define BLOCK2(name, value) \
  static void NAME(name)(HEAD) { \
    VECTOR *d = (VECTOR *)at[code->d]; \
    POINT(a) POINT(b) \
    _Pragma("clang loop unroll_count(4)") \
    for (int64_t i = 0; i < count; i++) { TAKE(a) TAKE(b) d[i] = (value); } \
  }
#define BLOCK3(name, value) \
  static void NAME(name)(HEAD) { \
    VECTOR *d = (VECTOR *)at[code->d]; \
    POINT(a) POINT(b) POINT(c) \
    _Pragma("clang loop unroll_count(2)") \
    for (int64_t i = 0; i < count; i++) { TAKE(a) TAKE(b) TAKE(c) d[i] = (value); } \
  }
#define BLOCK4(name, value) \
  static void NAME(name)(HEAD) { \
    VECTOR *d = (VECTOR *)at[code->d]; \
    POINT(a) POINT(b) POINT(c) POINT(e) \
    _Pragma("clang loop unroll_count(2)") \
    for (int64_t i = 0; i < count; i++) { TAKE(a) TAKE(b) TAKE(c) TAKE(e) d[i] = (value); } \
  }
#define BLOCK5(name, value) \
  static void NAME(name)(HEAD) { \
    VECTOR *d = (VECTOR *)at[code->d]; \
    POINT(a) POINT(b) POINT(c) POINT(e) POINT(f) \
    _Pragma("clang loop unroll_count(2)") \
    for (int64_t i = 0; i < count; i++) { \
      TAKE(a) TAKE(b) TAKE(c) TAKE(e) TAKE(f) d[i] = (value); \
    } \
  }
#define BLOCK7(name, value) \
  static void NAME(name)(HEAD) { \
    VECTOR *d = (VECTOR *)at[code->d]; \
    POINT(a) POINT(b) POINT(c) POINT(e) POINT(f) POINT(g) POINT(h) \
    for (int64_t i = 0; i < count; i++) { \
      TAKE(a) TAKE(b) TAKE(c) TAKE(e) TAKE(f) TAKE(g) TAKE(h) d[i] = (value); \
    } \
  }
/// Functions of the mathematics library, one element at a time; computed in double.
#define BLOCK_EACH(name, value) \
  static void NAME(name)(HEAD) { \
    REAL *d = (REAL *)at[code->d]; \
    const REAL *pa = (const REAL *)at[code->a]; \
    const REAL *pb = (const REAL *)at[code->b]; \
    const int64_t sa = step[code->a] != 0, sb = step[code->b] != 0; \
    for (int64_t i = 0; i < count * PER_VECTOR; i++) { \
      const double x = (double)pa[i * sa], y = (double)pb[i * sb]; \
      (void)y; \
      d[i] = (REAL)(value); \
    } \
  }

#define ROOT(x) __builtin_elementwise_sqrt(x)

BLOCK2(block_add, a + b)
BLOCK2(block_subtract, a - b)
BLOCK2(block_multiply, a * b)
BLOCK2(block_divide, a / b)
BLOCK_EACH(block_power, dk_f_power(x, y))
BLOCK_EACH(block_modulo, dk_f_modulo(x, y))
BLOCK2(block_minimum, CHOOSE((a < b) | (a != a), a, b))
BLOCK2(block_maximum, CHOOSE((a > b) | (a != a), a, b))
BLOCK2(block_less, TRUTH(a < b))
BLOCK2(block_less_or_equal, TRUTH(a <= b))
BLOCK2(block_greater, TRUTH(a > b))
BLOCK2(block_greater_or_equal, TRUTH(a >= b))
BLOCK2(block_equal, TRUTH(a == b))
BLOCK2(block_not_equal, TRUTH(a != b))
BLOCK2(block_and, TRUTH((a != 0) & (b != 0)))
BLOCK2(block_or, TRUTH((a != 0) | (b != 0)))
BLOCK3(block_select, CHOOSE(a != 0, b, c))
BLOCK1(block_negate, -a)
BLOCK1(block_not, TRUTH(a == 0))
BLOCK1(block_absolute, __builtin_elementwise_abs(a))
BLOCK1(block_sign, CHOOSE(a > 0, ALL((REAL)1), CHOOSE(a < 0, ALL((REAL)-1), a)))
BLOCK1(block_square, a * a)
BLOCK1(block_square_root, ROOT(a))
BLOCK1(block_reciprocal, 1 / a)
BLOCK_EACH(block_exp, exp(x))
BLOCK_EACH(block_log, log(x))
BLOCK_EACH(block_log1p, log1p(x))
BLOCK_EACH(block_expm1, expm1(x))
BLOCK_EACH(block_sin, sin(x))
BLOCK_EACH(block_cos, cos(x))
BLOCK_EACH(block_tan, tan(x))
BLOCK_EACH(block_tanh, tanh(x))
BLOCK_EACH(block_erf, erf(x))
BLOCK1(block_floor, __builtin_elementwise_floor(a))
BLOCK1(block_ceil, __builtin_elementwise_ceil(a))
BLOCK1(block_round, __builtin_elementwise_roundeven(a))
BLOCK_EACH(block_sigmoid, dk_f_sigmoid(x))
BLOCK_EACH(block_softplus, dk_f_softplus(x))
BLOCK_EACH(block_round_to_float, (float)x)
BLOCK1(block_relu, CHOOSE((a > 0) | (a != a), a, ALL((REAL)0)))
BLOCK1(block_move, a)
BLOCK3(block_multiply_add, a * b + c)
BLOCK3(block_multiply_subtract, a * b - c)
BLOCK3(block_subtract_multiply, c - a * b)
BLOCK4(block_multiply_add_multiply, a * b + c * e)
BLOCK3(block_multiply_multiply, (a * b) * c)
BLOCK4(block_multiply_add_square, a * b + c * (e * e))
BLOCK2(block_root_add, ROOT(a) + b)
BLOCK4(block_ratio_root, (a * b) / (ROOT(c) + e))
BLOCK5(block_step_ratio_root, f - (a * b) / (ROOT(c) + e))
BLOCK7(block_step_ratios_root, f - (a * (b / g)) / (ROOT(c / h) + e))

static const dk_block_kernel NAME(block_kernels)[dk_scalar_count] = {
#define ENTRY(name) [dk_##name] = NAME(block_##name)
  ENTRY(add), ENTRY(subtract), ENTRY(multiply), ENTRY(divide), ENTRY(power), ENTRY(modulo),
  ENTRY(minimum), ENTRY(maximum), ENTRY(less), ENTRY(less_or_equal), ENTRY(greater),
  ENTRY(greater_or_equal), ENTRY(equal), ENTRY(not_equal), ENTRY(and), ENTRY(or), ENTRY(select),
  ENTRY(negate), ENTRY(not), ENTRY(absolute), ENTRY(sign), ENTRY(square), ENTRY(square_root),
  ENTRY(reciprocal), ENTRY(exp), ENTRY(log), ENTRY(log1p), ENTRY(expm1), ENTRY(sin), ENTRY(cos),
  ENTRY(tan), ENTRY(tanh), ENTRY(erf), ENTRY(floor), ENTRY(ceil), ENTRY(round), ENTRY(sigmoid),
  ENTRY(softplus), ENTRY(round_to_float), ENTRY(relu), ENTRY(move), ENTRY(multiply_add),
  ENTRY(multiply_subtract), ENTRY(subtract_multiply), ENTRY(multiply_add_multiply),
  ENTRY(multiply_multiply), ENTRY(multiply_add_square), ENTRY(root_add), ENTRY(ratio_root),
  ENTRY(step_ratio_root), ENTRY(step_ratios_root),
#undef ENTRY
};

// MARK: - Folds, in the canonical order (see Reduction+Order.swift)

#define SUM(x, y) ((x) + (y))
#define PRODUCT(x, y) ((x) * (y))

/// Four functions for each way of folding: a row of up to 128, a long row, and the same for a
/// vector's width of columns side by side. `weights`, if there are any, multiply the terms.
#define FOLD(kind, ONE, MANY, WIDE) \
  static REAL NAME(kind##_short)(const REAL *x, const REAL *weights, int64_t count) { \
    REAL total; \
    int64_t i; \
    if (count < 8) { \
      total = weights ? x[0] * weights[0] : x[0]; \
      i = 1; \
    } else { \
      LANES l = *(const LANES *)x; \
      if (weights) l *= *(const LANES *)weights; \
      for (i = 8; i + 8 <= count; i += 8) { \
        LANES y = *(const LANES *)(x + i); \
        if (weights) y *= *(const LANES *)(weights + i); \
        l = MANY(l, y); \
      } \
      const REAL p = ONE(ONE(l[0], l[1]), ONE(l[2], l[3])); \
      const REAL q = ONE(ONE(l[4], l[5]), ONE(l[6], l[7])); \
      total = ONE(p, q); \
    } \
    for (; i < count; i++) { \
      const REAL y = weights ? x[i] * weights[i] : x[i]; \
      total = ONE(total, y); \
    } \
    return total; \
  } \
  static REAL NAME(kind##_row)(const REAL *x, const REAL *weights, int64_t count) { \
    if (count <= 128) return NAME(kind##_short)(x, weights, count); \
    int64_t run = 128; \
    while (run * 128 < count) run *= 128; \
    REAL parts[128]; \
    int64_t n = 0; \
    for (int64_t i = 0; i < count; i += run) { \
      const int64_t size = count - i < run ? count - i : run; \
      parts[n++] = NAME(kind##_row)(x + i, weights ? weights + i : 0, size); \
    } \
    return NAME(kind##_short)(parts, 0, n); \
  } \
  static void NAME(kind##_column)( \
      const REAL *x, const REAL *weights, int64_t count, int64_t stride, int64_t width, \
      REAL *result); \
  /* The i-th term of a column, or the fold of its i-th run. */ \
  static inline void NAME(kind##_term)( \
      const REAL *x, const REAL *weights, int64_t count, int64_t stride, int64_t width, \
      int64_t run, int64_t i, VECTOR *y) { \
    const REAL *from = x + i * run * stride; \
    if (run > 1) { \
      const int64_t size = count - i * run < run ? count - i * run : run; \
      NAME(kind##_column)( \
          from, weights ? weights + i * run : 0, size, stride, width, (REAL *)y); \
      return; \
    } \
    if (width == PER_VECTOR) { \
      *y = *(const LOOSE *)from; \
    } else { \
      *y = (VECTOR){0}; \
      for (int64_t j = 0; j < width; j++) (*y)[j] = from[j]; \
    } \
    if (weights) *y *= ALL(weights[i]); \
  } \
  static void NAME(kind##_column)( \
      const REAL *x, const REAL *weights, int64_t count, int64_t stride, int64_t width, \
      REAL *result) { \
    int64_t run = 1; \
    while (run * 128 < count) run *= 128; \
    const int64_t n = (count + run - 1) / run; \
    VECTOR total, y; \
    int64_t i; \
    if (n < 8) { \
      NAME(kind##_term)(x, weights, count, stride, width, run, 0, &total); \
      i = 1; \
    } else { \
      VECTOR part[8]; \
      for (i = 0; i < 8; i++) \
        NAME(kind##_term)(x, weights, count, stride, width, run, i, &part[i]); \
      for (; i + 8 <= n; i += 8) \
        for (int64_t j = 0; j < 8; j++) { \
          NAME(kind##_term)(x, weights, count, stride, width, run, i + j, &y); \
          part[j] = WIDE(part[j], y); \
        } \
      const VECTOR p = WIDE(WIDE(part[0], part[1]), WIDE(part[2], part[3])); \
      const VECTOR q = WIDE(WIDE(part[4], part[5]), WIDE(part[6], part[7])); \
      total = WIDE(p, q); \
    } \
    for (; i < n; i++) { \
      NAME(kind##_term)(x, weights, count, stride, width, run, i, &y); \
      total = WIDE(total, y); \
    } \
    *(VECTOR *)result = total; \
  }

static inline REAL NAME(larger)(REAL a, REAL b) { return a > b || a != a ? a : b; }
static inline REAL NAME(smaller)(REAL a, REAL b) { return a < b || a != a ? a : b; }
#define PICK(type, mask_type, condition, a, b) \
  ({ type p_ = (a), q_ = (b); mask_type m_ = (condition); \
     (type)((m_ & (mask_type)p_) | (~m_ & (mask_type)q_)); })
#define LARGER_LANES(a, b) PICK(LANES, LANES_MASK, (p_ > q_) | (p_ != p_), a, b)
#define SMALLER_LANES(a, b) PICK(LANES, LANES_MASK, (p_ < q_) | (p_ != p_), a, b)
#define LARGER_WIDE(a, b) PICK(VECTOR, MASK, (p_ > q_) | (p_ != p_), a, b)
#define SMALLER_WIDE(a, b) PICK(VECTOR, MASK, (p_ < q_) | (p_ != p_), a, b)

FOLD(sum, SUM, SUM, SUM)
FOLD(product, PRODUCT, PRODUCT, PRODUCT)
FOLD(max, NAME(larger), LARGER_LANES, LARGER_WIDE)
FOLD(min, NAME(smaller), SMALLER_LANES, SMALLER_WIDE)

static REAL NAME(fold_row)(int fold, const REAL *x, int64_t count) {
  switch (fold) {
    case dk_fold_sum: return NAME(sum_row)(x, 0, count);
    case dk_fold_max: return NAME(max_row)(x, 0, count);
    case dk_fold_min: return NAME(min_row)(x, 0, count);
    default: return NAME(product_row)(x, 0, count);
  }
}

static void NAME(fold_column)(
    int fold, const REAL *x, const REAL *weights, int64_t count, int64_t stride, int64_t width,
    REAL *result) {
  switch (fold) {
    case dk_fold_sum: NAME(sum_column)(x, weights, count, stride, width, result); break;
    case dk_fold_max: NAME(max_column)(x, weights, count, stride, width, result); break;
    case dk_fold_min: NAME(min_column)(x, weights, count, stride, width, result); break;
    default: NAME(product_column)(x, weights, count, stride, width, result); break;
  }
}

/// Folds each run of 128 from `from` to `to` into its own part.
static void NAME(fold_runs)(
    int fold, const void *values, int64_t from, int64_t to, void *parts) {
  const REAL *x = values;
  REAL *part = (REAL *)parts + from / 128;
  for (; from < to; from += 128, x += 128)
    *part++ = NAME(fold_row)(fold, x, to - from < 128 ? to - from : 128);
}

static double NAME(fold_parts)(int fold, const void *parts, int64_t count) {
  return (double)NAME(fold_row)(fold, parts, count);
}

/// result[o, i] = the fold of x[o, k, i] · weights[k] over k, for `inner` columns `stride` apart.
static void NAME(fold_axis)(
    int fold, const void *values, const void *weights, void *result, int64_t outer, int64_t count,
    int64_t inner, int64_t stride) {
  const REAL *x = values;
  REAL *d = result;
  for (int64_t o = 0; o < outer; o++, x += count * stride, d += inner) {
    for (int64_t i = 0; i < inner; i += PER_VECTOR) {
      const int64_t width = inner - i < PER_VECTOR ? inner - i : PER_VECTOR;
      VECTOR y;
      NAME(fold_column)(fold, x + i, weights, count, stride, width, (REAL *)&y);
      for (int64_t j = 0; j < width; j++) d[i + j] = y[j];
    }
  }
}

/// result[r] = the fold of x[r, k] · weights[k] over k, for rows `stride` apart.
static void NAME(fold_rows)(
    int fold, const void *values, const void *weights, void *result, int64_t rows, int64_t count,
    int64_t stride) {
  const REAL *x = values;
  REAL *d = result;
  if (weights)
    for (int64_t r = 0; r < rows; r++) d[r] = NAME(sum_row)(x + r * stride, weights, count);
  else
    for (int64_t r = 0; r < rows; r++) d[r] = NAME(fold_row)(fold, x + r * stride, count);
}

// MARK: - Moving

/// `count` elements from position `from` of a strided walk over x.
static void NAME(gather)(
    void *result, const void *values, const struct dk_walk *walk, int64_t from, int64_t count) {
  const REAL *x = (const REAL *)values + walk->base;
  REAL *d = result;
  int64_t place[dk_maximum_rank];
  int64_t rest = from, offset = 0;
  const int64_t last = walk->rank - 1;
  for (int64_t i = last; i >= 0; i--) {
    place[i] = rest % walk->sizes[i];
    rest /= walk->sizes[i];
    offset += place[i] * walk->strides[i];
  }
  const int64_t stride = walk->strides[last];
  while (count > 0) {
    int64_t run = walk->sizes[last] - place[last];
    if (run > count) run = count;
    const REAL *p = x + offset;
    // Short runs are written as whole vectors where there is room; what is too much of them is
    // written again by the next.
    if (stride == 1) {
      if (run <= PER_VECTOR && count >= PER_VECTOR) {
        *(LOOSE *)d = *(const LOOSE *)p;
      } else if (run <= 2 * PER_VECTOR && count >= 2 * PER_VECTOR) {
        *(LOOSE *)d = *(const LOOSE *)p;
        *(LOOSE *)(d + PER_VECTOR) = *(const LOOSE *)(p + PER_VECTOR);
      } else {
        for (int64_t i = 0; i < run; i++) d[i] = p[i];
      }
    } else if (stride == 0) {
      const REAL value = *p;
      if (run <= 2 * PER_VECTOR && count >= 2 * PER_VECTOR) {
        *(LOOSE *)d = ALL(value);
        *(LOOSE *)(d + PER_VECTOR) = ALL(value);
      } else {
        for (int64_t i = 0; i < run; i++) d[i] = value;
      }
    } else {
      for (int64_t i = 0; i < run; i++) d[i] = p[i * stride];
    }
    d += run;
    count -= run;
    offset += (walk->sizes[last] - place[last]) * stride - walk->sizes[last] * stride;
    place[last] = 0;
    for (int64_t i = last - 1; i >= 0; i--) {
      offset += walk->strides[i];
      if (++place[i] < walk->sizes[i]) break;
      offset -= walk->sizes[i] * walk->strides[i];
      place[i] = 0;
    }
  }
}

static void NAME(copy_runs)(
    void *result, void *const *buffers, const struct dk_run *runs, int64_t count) {
  REAL *d = result;
  for (int64_t r = 0; r < count; r++) {
    REAL *to = d + runs[r].to;
    if (runs[r].buffer < 0) {
      for (int64_t i = 0; i < runs[r].count; i++) to[i] = 0;
    } else {
      const REAL *from = (const REAL *)buffers[runs[r].buffer] + runs[r].from;
      for (int64_t i = 0; i < runs[r].count; i++) to[i] = from[i];
    }
  }
}

static int NAME(all_finite)(const void *values, int64_t count) {
  // x - x is 0 for a finite x, and NaN otherwise.
  const REAL *x = values;
  VECTOR bad = {0};
  int64_t i = 0;
  for (; i + PER_VECTOR <= count; i += PER_VECTOR) {
    const VECTOR y = *(const LOOSE *)(x + i);
    bad += y - y;
  }
  REAL rest = 0;
  for (; i < count; i++) rest += x[i] - x[i];
  for (int64_t j = 0; j < PER_VECTOR; j++) rest += bad[j];
  return rest == 0;
}

static void NAME(round_values)(void *values, int64_t count) {
  REAL *x = values;
  for (int64_t i = 0; i < count; i++) x[i] = (REAL)(float)x[i];
}
