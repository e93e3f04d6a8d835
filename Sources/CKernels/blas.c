// Finds the library and hands products over to it.

#include "blas.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { row_major = 101, no_transpose = 111, transpose = 112 };

typedef void (*dk_dgemm)(
    int order, int a_turned, int b_turned, int m, int n, int k, double alpha, const double *a,
    int lda, const double *b, int ldb, double beta, double *c, int ldc);
typedef void (*dk_sgemm)(
    int order, int a_turned, int b_turned, int m, int n, int k, float alpha, const float *a,
    int lda, const float *b, int ldb, float beta, float *c, int ldc);

static struct {
  pthread_once_t once;
  dk_dgemm dgemm;
  dk_sgemm sgemm;
} library = {.once = PTHREAD_ONCE_INIT};

static const char *const names[] = {
#if defined(__APPLE__)
  "/System/Library/Frameworks/Accelerate.framework/Accelerate",
  "libopenblas.dylib",
  "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
#else
  "libopenblas.so.0",
  "libopenblas.so",
#endif
};

/// Sets a variable that the library reads while it is loaded, unless the person has.
static int set(const char *name, const char *value) {
  return getenv(name) == NULL && setenv(name, value, 1) == 0;
}

static void load(void) {
  // Of threads there are ours. Old versions know too few processors and take their slowest loops
  // for a newer one.
  const int threads = set("OPENBLAS_NUM_THREADS", "1");
  const int type = dk_instruction_level() == 2 && set("OPENBLAS_CORETYPE", "SkylakeX");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    void *handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!handle) continue;
    const dk_dgemm dgemm = (dk_dgemm)dlsym(handle, "cblas_dgemm");
    const dk_sgemm sgemm = (dk_sgemm)dlsym(handle, "cblas_sgemm");
    if (!dgemm || !sgemm) {
      dlclose(handle);
      continue;
    }
    void (*use_threads)(int) = (void (*)(int))dlsym(handle, "openblas_set_num_threads");
    if (use_threads) use_threads(1);
    library.dgemm = dgemm;
    library.sgemm = sgemm;
    break;
  }
  if (threads) unsetenv("OPENBLAS_NUM_THREADS");
  if (type) unsetenv("OPENBLAS_CORETYPE");
}

int dk_load_blas(void) {
  pthread_once(&library.once, load);
  return library.dgemm != NULL;
}

int dk_blas_gains(void) {
#if defined(__x86_64__)
  // There multiplications and additions have units of their own, so that rounding each product
  // costs nothing and the loops here are as fast as the library's.
  return !(dk_instruction_level() == 2 && __builtin_cpu_is("amd"));
#else
  return 1;
#endif
}

void dk_blas_product(
    const struct dk_product *s, void *const *buffers, int element_size, int64_t from, int64_t to) {
  const int a_turned = s->a_column == 1 ? no_transpose : transpose;
  const int b_turned = s->b_column == 1 ? no_transpose : transpose;
  const int lda = (int)(s->a_column == 1 ? s->a_row : s->a_column);
  const int ldb = (int)(s->b_column == 1 ? s->b_row : s->b_column);
  const int m = (int)(to - from), n = (int)s->columns, k = (int)s->inner;
  for (int64_t i = 0; i < s->batches; i++) {
    const int64_t a = s->places[2 * i] + from * s->a_row, b = s->places[2 * i + 1];
    const int64_t c = (i * s->rows + from) * s->columns;
    if (element_size == 8)
      library.dgemm(
          row_major, a_turned, b_turned, m, n, k, 1, (const double *)buffers[s->a] + a, lda,
          (const double *)buffers[s->b] + b, ldb, 0, (double *)buffers[s->c] + c, n);
    else
      library.sgemm(
          row_major, a_turned, b_turned, m, n, k, 1, (const float *)buffers[s->a] + a, lda,
          (const float *)buffers[s->b] + b, ldb, 0, (float *)buffers[s->c] + c, n);
  }
}
