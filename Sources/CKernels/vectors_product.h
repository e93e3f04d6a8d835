// Products of matrices, for one precision and one instruction set (see `vectors.h`).
//
// Each element of a product of two matrices adds its terms one after the other, a·b rounded before
// it is added, whatever the blocks and tiles are: so every instance gives the same bits.

/// A panel of the right matrix is as wide as a tile, and as deep as fits the first-level cache
/// beside the tile's rows of the left one. Rows are taken so many at a time that their part of the
/// left matrix stays in the second-level cache while the panels pass by.
enum {
  NAME(panel) = WIDTH * 64 / sizeof(REAL),
  NAME(depth_block) = 256,
  NAME(row_block) = 2048 / sizeof(REAL)
};

/// ROWS × `vectors` of the product in registers. B's rows are `b_step` apart; A's element (i, k) is
/// at i·a_row + k·a_column. Terms are added in the order of k.
#define TILE(name, vectors) \
  static void NAME(name)( \
      int64_t depth, const REAL *a, int64_t a_row, int64_t a_column, const REAL *b, \
      int64_t b_step, REAL *c, int64_t c_step, int64_t rows, int continues) { \
    VECTOR sum[ROWS][vectors]; \
    const REAL *line[ROWS]; \
    for (int i = 0; i < ROWS; i++) line[i] = a + (i < rows ? i : 0) * a_row; \
    int64_t k = 0; \
    if (continues) { \
      for (int i = 0; i < ROWS; i++) \
        for (int j = 0; j < vectors; j++) \
          sum[i][j] = *(const LOOSE *)(c + (i < rows ? i : 0) * c_step + j * PER_VECTOR); \
    } else { \
      for (int i = 0; i < ROWS; i++) \
        for (int j = 0; j < vectors; j++) \
          sum[i][j] = line[i][0] * *(const LOOSE *)(b + j * PER_VECTOR); \
      k = 1; \
    } \
    for (; k < depth; k++) { \
      VECTOR right[vectors]; \
      for (int j = 0; j < vectors; j++) \
        right[j] = *(const LOOSE *)(b + k * b_step + j * PER_VECTOR); \
      for (int i = 0; i < ROWS; i++) { \
        const VECTOR left = ALL(line[i][k * a_column]); \
        for (int j = 0; j < vectors; j++) sum[i][j] = sum[i][j] + left * right[j]; \
      } \
    } \
    for (int i = 0; i < ROWS; i++) \
      if (i < rows) \
        for (int j = 0; j < vectors; j++) *(LOOSE *)(c + i * c_step + j * PER_VECTOR) = sum[i][j]; \
  }

TILE(tile, WIDTH)
#if WIDTH > 1
TILE(narrow_tile, 1)
#endif

// MARK: - Packing

#if REAL_BITS == 64
#define EXCHANGE_1(x, y) \
  EXCHANGE(x, y, (0, 8, 2, 10, 4, 12, 6, 14), (1, 9, 3, 11, 5, 13, 7, 15))
#define EXCHANGE_2(x, y) \
  EXCHANGE(x, y, (0, 1, 8, 9, 4, 5, 12, 13), (2, 3, 10, 11, 6, 7, 14, 15))
#define EXCHANGE_4(x, y) \
  EXCHANGE(x, y, (0, 1, 2, 3, 8, 9, 10, 11), (4, 5, 6, 7, 12, 13, 14, 15))
#else
#define EXCHANGE_1(x, y) \
  EXCHANGE( \
      x, y, (0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30), \
      (1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#define EXCHANGE_2(x, y) \
  EXCHANGE( \
      x, y, (0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29), \
      (2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
#define EXCHANGE_4(x, y) \
  EXCHANGE( \
      x, y, (0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27), \
      (4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
#define EXCHANGE_8(x, y) \
  EXCHANGE( \
      x, y, (0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), \
      (8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#endif
#define SHUFFLE(...) __builtin_shufflevector(__VA_ARGS__)
#define UNWRAP(...) __VA_ARGS__
#define EXCHANGE(x, y, low, high) { \
    const VECTOR u = x, v = y; \
    x = SHUFFLE(u, v, UNWRAP low); \
    y = SHUFFLE(u, v, UNWRAP high); \
  }

/// A square of vectors turned: to[p·to_step + q] = from[p + q·from_step], where rows q from `width`
/// on are zeros.
static void NAME(turn_square)(
    const REAL *from, int64_t from_step, int64_t width, REAL *to, int64_t to_step) {
  VECTOR x[PER_VECTOR];
  for (int q = 0; q < PER_VECTOR; q++)
    x[q] = q < width ? *(const LOOSE *)(from + q * from_step) : (VECTOR){0};
#define STAGE(distance) \
  _Pragma("clang loop unroll(full)") \
  for (int q = 0; q < PER_VECTOR; q++) \
    if (!(q & distance)) EXCHANGE_##distance(x[q], x[q | distance])
  STAGE(1)
  STAGE(2)
  STAGE(4)
#if REAL_BITS == 32
  STAGE(8)
#endif
#undef STAGE
  for (int p = 0; p < PER_VECTOR; p++) *(LOOSE *)(to + p * to_step) = x[p];
}

/// packed[p·panel + q] = b[p·row + q·column], and zeros from `width` up to `panel`.
static void NAME(pack)(
    const REAL *b, int64_t row, int64_t column, int64_t depth, int64_t width, int64_t panel,
    REAL *packed) {
  if (column == 1 && width == panel) {
    for (int64_t p = 0; p < depth; p++)
      for (int64_t q = 0; q < panel; q += PER_VECTOR)
        *(VECTOR *)(packed + p * panel + q) = *(const LOOSE *)(b + p * row + q);
    return;
  }
  int64_t p = 0;
  if (row == 1 && column != 1) {
    for (; p + PER_VECTOR <= depth; p += PER_VECTOR)
      for (int64_t q = 0; q < panel; q += PER_VECTOR)
        NAME(turn_square)(
            b + p + q * column, column, width - q, packed + p * panel + q, panel);
  }
  for (; p < depth; p++) {
    for (int64_t q = 0; q < width; q++) packed[p * panel + q] = b[p * row + q * column];
    for (int64_t q = width; q < panel; q++) packed[p * panel + q] = 0;
  }
}

// MARK: - Products

/// Rows `from` up to `to` of one product of two matrices, both with at least 2 columns or rows.
static void NAME(multiply)(
    const struct dk_product *s, const REAL *a, const REAL *b, REAL *c, int64_t from, int64_t to) {
  REAL packed[NAME(panel) * NAME(depth_block)] __attribute__((aligned(64)));
  REAL spare[ROWS * NAME(panel)] __attribute__((aligned(64)));
  for (int64_t k = 0; k < s->inner; k += NAME(depth_block)) {
    const int64_t depth = s->inner - k < NAME(depth_block) ? s->inner - k : NAME(depth_block);
    for (int64_t first = from; first < to; first += NAME(row_block)) {
      const int64_t end = to - first < NAME(row_block) ? to : first + NAME(row_block);
      for (int64_t j = 0; j < s->columns; j += NAME(panel)) {
        const int64_t width =
            s->columns - j < NAME(panel) ? s->columns - j : NAME(panel);
        const int is_narrow = width <= PER_VECTOR;
        const int64_t panel = is_narrow ? PER_VECTOR : NAME(panel);
        const REAL *right = b + k * s->b_row + j * s->b_column;
        int64_t right_step = s->b_row;
        if (width < panel || s->b_column != 1 || end - first > 8 * ROWS) {
          // A panel of B in the order in which it is read.
          NAME(pack)(right, s->b_row, s->b_column, depth, width, panel, packed);
          right = packed;
          right_step = panel;
        }
        for (int64_t i = first; i < end; i += ROWS) {
          const int64_t rows = end - i < ROWS ? end - i : ROWS;
          const REAL *left = a + i * s->a_row + k * s->a_column;
          REAL *out = c + i * s->columns + j;
          REAL *whole = width == panel ? out : spare;
          const int64_t step = width == panel ? s->columns : panel;
          if (width < panel && k > 0)
            for (int64_t p = 0; p < rows; p++)
              for (int64_t q = 0; q < width; q++) spare[p * panel + q] = out[p * s->columns + q];
#if WIDTH > 1
          if (is_narrow)
            NAME(narrow_tile)(
                depth, left, s->a_row, s->a_column, right, right_step, whole, step, rows, k > 0);
          else
#endif
            NAME(tile)(
                depth, left, s->a_row, s->a_column, right, right_step, whole, step, rows, k > 0);
          if (width < panel)
            for (int64_t p = 0; p < rows; p++)
              for (int64_t q = 0; q < width; q++) out[p * s->columns + q] = spare[p * panel + q];
        }
      }
    }
  }
}

/// All of a product, or its rows `from` up to `to`.
static void NAME(matrix_product)(
    const struct dk_product *s, void *const *buffers, int64_t from, int64_t to) {
  for (int64_t n = 0; n < s->batches; n++) {
    const REAL *a = (const REAL *)buffers[s->a] + s->places[2 * n];
    const REAL *b = (const REAL *)buffers[s->b] + s->places[2 * n + 1];
    REAL *c = (REAL *)buffers[s->c] + n * s->rows * s->columns;
    if (s->columns == 1) {
      if (s->a_row == 1)
        NAME(fold_axis)(dk_fold_sum, a + from, b, c + from, 1, s->inner, to - from, s->a_column);
      else
        NAME(fold_rows)(dk_fold_sum, a + from * s->a_row, b, c + from, to - from, s->inner, s->a_row);
    } else if (s->rows == 1) {
      if (s->b_column == 1)
        NAME(fold_axis)(dk_fold_sum, b, a, c, 1, s->inner, s->columns, s->b_row);
      else
        NAME(fold_rows)(dk_fold_sum, b, a, c, s->columns, s->inner, s->b_column);
    } else {
      NAME(multiply)(s, a, b, c, from, to);
    }
    if (s->rounds) NAME(round_values)(c + from * s->columns, (to - from) * s->columns);
  }
}

#undef TILE
#undef EXCHANGE
#undef EXCHANGE_1
#undef EXCHANGE_2
#undef EXCHANGE_4
#if REAL_BITS == 32
#undef EXCHANGE_8
#endif
#undef SHUFFLE
#undef UNWRAP
