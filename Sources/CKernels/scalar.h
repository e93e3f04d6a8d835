// The scalar functions, one definition each, shared by every loop that applies them: a program
// gives the same bits whether an element was computed alone or in a vector. Never included from
// outside this target.

#ifndef DESCENT_SCALAR_H
#define DESCENT_SCALAR_H

#include <math.h>

static inline double dk_f_modulo(double a, double b) {
  // The sign of the divisor, as in mathematics and NumPy, not of the dividend as in C.
  double r = fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

// Unlike C's fmin, a NaN on either side wins: a loss must not hide one.
static inline double dk_f_minimum(double a, double b) { return a < b || a != a ? a : b; }
static inline double dk_f_maximum(double a, double b) { return a > b || a != a ? a : b; }

// The powers that gradients are full of cost one operation, and are then exactly that operation.
static inline double dk_f_power(double a, double b) {
  return b == 2 ? a * a : b == 1 ? a : pow(a, b);
}

static inline double dk_f_sign(double a) { return a > 0 ? 1 : a < 0 ? -1 : a; }

static inline double dk_f_relu(double a) { return a > 0 || a != a ? a : 0; }

static inline double dk_f_sigmoid(double a) {
  // e^-|a| cannot overflow; 1/(1+e) and e/(1+e) are the two halves.
  double e = exp(-fabs(a));
  return (a >= 0 ? 1 : e) / (1 + e);
}

static inline double dk_f_softplus(double a) {
  return (a > 0 ? a : a != a ? a : 0) + log1p(exp(-fabs(a)));
}

#endif
