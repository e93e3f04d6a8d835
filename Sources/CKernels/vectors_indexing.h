// Elements chosen by index arrays, and windows of images: moves that depend on values or overlap,
// and the sums that are their gradients. For one precision and one instruction set (see
// `vectors.h`).

/// An index as a position from 0; -1 when it is out of range or not whole. Negative ones count from
/// the end.
static inline int64_t NAME(position)(REAL index, int64_t size) {
  if (!(index >= (REAL)-size && index < (REAL)size)) return -1;
  const int64_t whole = (int64_t)index;
  if ((REAL)whole != index) return -1;
  return whole < 0 ? whole + size : whole;
}

static void NAME(take)(const struct dk_take *s, void *const *buffers) {
  const REAL *x = buffers[s->x];
  REAL *d = buffers[s->result];
  const int64_t n = s->trailing;
  int64_t span = 1;
  for (int i = 0; i < s->index_count; i++) span *= s->sizes[i];
  if (s->adds)
    for (int64_t i = 0; i < s->leading * span * n; i++) d[i] = 0;
  for (int64_t block = 0; block < s->leading; block++) {
    for (int64_t i = 0; i < s->count; i++) {
      const int64_t number = s->along ? block * s->count + i : i;
      int64_t offset = 0;
      for (int k = 0; k < s->index_count && offset >= 0; k++) {
        const REAL *index = buffers[s->indices[k]];
        const int64_t place = NAME(position)(index[number], s->sizes[k]);
        offset = place < 0 ? -1 : offset * s->sizes[k] + place;
      }
      const int64_t inside = (block * span + offset) * n, here = (block * s->count + i) * n;
      if (s->adds) {
        if (offset >= 0)
          for (int64_t j = 0; j < n; j++) d[inside + j] += x[here + j];
      } else if (offset >= 0) {
        for (int64_t j = 0; j < n; j++) d[here + j] = x[inside + j];
      } else {
        for (int64_t j = 0; j < n; j++) d[here + j] = (REAL)NAN;
      }
    }
  }
}

/// One row of a window: `columns` elements of which those from `skipped` up to `end` are inside. A
/// short one is written as a whole vector; what is too much is written again by the next.
static inline void NAME(window_row)(
    REAL *d, const REAL *in, int64_t columns, int64_t skipped, int64_t end) {
  if (columns <= PER_VECTOR) {
    if (skipped > 0 || end <= skipped) *(LOOSE *)d = (VECTOR){0};
    if (end <= skipped) return;
    *(LOOSE *)(d + skipped) = *(const LOOSE *)(in + skipped);
    for (int64_t k = end; k < columns; k++) d[k] = 0;
    return;
  }
  for (int64_t k = 0; k < skipped; k++) d[k] = 0;
  for (int64_t k = skipped; k < end; k++) d[k] = in[k];
  for (int64_t k = end; k < columns; k++) d[k] = 0;
}

/// The part of a window's row that is inside of the image, added to it.
static inline void NAME(add_window_row)(
    REAL *sums, const REAL *x, int64_t skipped, int64_t end) {
  switch (end - skipped) {
    case 3: sums[skipped + 2] += x[skipped + 2];  // fallthrough
    case 2: sums[skipped + 1] += x[skipped + 1];  // fallthrough
    case 1: sums[skipped] += x[skipped]; break;
    default:
      for (int64_t k = skipped; k < end; k++) sums[k] += x[k];
  }
}

/// Each window of each image as a row; or windows added back where they were taken.
static void NAME(windows)(const struct dk_windows *s, void *const *buffers) {
  const REAL *x = buffers[s->x];
  REAL *d = buffers[s->result];
  const int64_t image = s->channels * s->height * s->width;
  if (s->adds)
    for (int64_t i = 0; i < s->images * image; i++) d[i] = 0;
  for (int64_t n = 0; n < s->images; n++) {
    const REAL *in = s->adds ? NULL : x + n * image;
    REAL *sums = s->adds ? d + n * image : NULL;
    for (int64_t i = 0; i < s->down; i++) {
      for (int64_t j = 0; j < s->across; j++) {
        const int64_t left = j * s->column_step - s->column_padding;
        int64_t skipped = left < 0 ? -left : 0;
        if (skipped > s->columns) skipped = s->columns;
        int64_t end = s->width - left;
        if (end > s->columns) end = s->columns;
        if (end < skipped) end = skipped;
        for (int64_t channel = 0; channel < s->channels; channel++) {
          for (int64_t row = 0; row < s->rows; row++) {
            const int64_t y = i * s->row_step + row - s->row_padding;
            const int is_inside = y >= 0 && y < s->height;
            const int64_t place = (channel * s->height + y) * s->width + left;
            if (s->adds) {
              if (is_inside) NAME(add_window_row)(sums + place, x, skipped, end);
              x += s->columns;
            } else {
              NAME(window_row)(d, in + place, s->columns, skipped, is_inside ? end : skipped);
              d += s->columns;
            }
          }
        }
      }
    }
  }
}
