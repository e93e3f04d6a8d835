// Adam on Rosenbrock's function from (-1.2, 1), as one writes it by hand. Two variants: the powers
// of the betas kept as running products, and taken by pow at each step as in the formula.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct state { double x, y, m0, m1, v0, v1, p1, p2; long t; };

__attribute__((noinline)) static void run(struct state *s, long steps, int by_pow) {
  const double lr = 0.001, b1 = 0.9, b2 = 0.999, eps = 1e-8;
  struct state q = *s;
  for (long i = 0; i < steps; i++) {
    q.t++;
    double r = q.y - q.x * q.x;
    double g0 = -2 * (1 - q.x) - 400 * q.x * r;
    double g1 = 200 * r;
    q.m0 = b1 * q.m0 + (1 - b1) * g0;
    q.m1 = b1 * q.m1 + (1 - b1) * g1;
    q.v0 = b2 * q.v0 + (1 - b2) * g0 * g0;
    q.v1 = b2 * q.v1 + (1 - b2) * g1 * g1;
    double c1, c2;
    if (by_pow) {
      c1 = 1 - pow(b1, (double)q.t);
      c2 = 1 - pow(b2, (double)q.t);
    } else {
      q.p1 *= b1;
      q.p2 *= b2;
      c1 = 1 - q.p1;
      c2 = 1 - q.p2;
    }
    q.x -= lr * (q.m0 / c1) / (sqrt(q.v0 / c2) + eps);
    q.y -= lr * (q.m1 / c1) / (sqrt(q.v1 / c2) + eps);
  }
  *s = q;
}

int main(void) {
  const long window = 200000;
  const char *names[2] = {"rosenbrock_adam", "rosenbrock_adam_pow"};
  for (int by_pow = 0; by_pow < 2; by_pow++) {
    double best = 1e9, total = seconds();
    struct state s = {0};
    while (seconds() - total < 1.0) {
      s = (struct state){.x = -1.2, .y = 1, .p1 = 1, .p2 = 1};
      double start = seconds();
      run(&s, window, by_pow);
      double spent = seconds() - start;
      if (spent < best) best = spent;
    }
    printf("%s %.6g %.17g\n", names[by_pow], best / window * 1e9, s.x);
  }
  return 0;
}
