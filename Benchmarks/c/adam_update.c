// The Adam update of given gradients, 10^6 parameters, float64 and float32, one thread and two.

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#define ADAM(REAL, NAME, SQRT)                                                                 \
  __attribute__((noinline)) static void NAME(                                                  \
      REAL *restrict w, REAL *restrict m, REAL *restrict v, const REAL *restrict g, long n,    \
      REAL c1, REAL c2) {                                                                      \
    const REAL lr = (REAL)0.001, b1 = (REAL)0.9, b2 = (REAL)0.999, eps = (REAL)1e-8;           \
    for (long i = 0; i < n; i++) {                                                             \
      m[i] = b1 * m[i] + (1 - b1) * g[i];                                                      \
      v[i] = b2 * v[i] + (1 - b2) * (g[i] * g[i]);                                             \
      w[i] = w[i] - lr * (m[i] / c1) / (SQRT(v[i] / c2) + eps);                                \
    }                                                                                          \
  }
ADAM(double, adam64, sqrt)
ADAM(float, adam32, sqrtf)

struct work {
  int wide;
  void *w, *m, *v, *g;
  long from, to;
  double c1, c2;
};

static void part(struct work *k) {
  long n = k->to - k->from, o = k->from;
  if (k->wide)
    adam64((double *)k->w + o, (double *)k->m + o, (double *)k->v + o, (double *)k->g + o, n,
           k->c1, k->c2);
  else
    adam32((float *)k->w + o, (float *)k->m + o, (float *)k->v + o, (float *)k->g + o, n,
           (float)k->c1, (float)k->c2);
}

// The second thread spins between steps, the fastest way there is.
static volatile long ticket, done;
static struct work second;
static void *helper(void *unused) {
  (void)unused;
  for (long seen = 0;;) {
    while (__atomic_load_n(&ticket, __ATOMIC_ACQUIRE) == seen) {}
    seen = ticket;
    if (seen < 0) return NULL;
    part(&second);
    __atomic_store_n(&done, seen, __ATOMIC_RELEASE);
  }
}

int main(void) {
  const long n = 1000000;
  for (int wide = 1; wide >= 0; wide--) {
    size_t size = wide ? 8 : 4;
    void *a[4];
    for (int i = 0; i < 4; i++) {
      a[i] = aligned_alloc(64, ((size_t)n * size + 63) / 64 * 64);
      for (long j = 0; j < n; j++) {
        double value = i == 2 ? 1e-3 : 0.01 * (double)(j % 101 - 50);
        if (wide) ((double *)a[i])[j] = value;
        else ((float *)a[i])[j] = (float)value;
      }
    }
    for (int threads = 1; threads <= 2; threads++) {
      pthread_t thread;
      long turn = 0;
      ticket = done = 0;
      if (threads == 2) pthread_create(&thread, NULL, helper, NULL);
      double best = 1e9, began = seconds();
      for (long t = 1; seconds() - began < 1.5; t++) {
        double start = seconds();
        double c1 = 1 - pow(0.9, (double)t), c2 = 1 - pow(0.999, (double)t);
        long half = threads == 2 ? n / 2 / 64 * 64 : n;
        struct work first = {wide, a[0], a[1], a[2], a[3], 0, half, c1, c2};
        if (threads == 2) {
          second = (struct work){wide, a[0], a[1], a[2], a[3], half, n, c1, c2};
          __atomic_store_n(&ticket, ++turn, __ATOMIC_RELEASE);
        }
        part(&first);
        if (threads == 2)
          while (__atomic_load_n(&done, __ATOMIC_ACQUIRE) != turn) {}
        double spent = seconds() - start;
        if (spent < best) best = spent;
      }
      if (threads == 2) {
        __atomic_store_n(&ticket, -1, __ATOMIC_RELEASE);
        pthread_join(thread, NULL);
      }
      printf("adam_%s_%d %.6g %.9g\n", wide ? "f64" : "f32", threads, best / (double)n * 1e9,
             wide ? ((double *)a[0])[7] : ((float *)a[0])[7]);
    }
    for (int i = 0; i < 4; i++) free(a[i]);
  }
  return 0;
}
