// The definition of each scalar function, by opcode.

#include "kernels.h"
#include "scalar.h"

double dk_apply(int opcode, double a, double b, double c) {
  switch (opcode) {
    case dk_add: return a + b;
    case dk_subtract: return a - b;
    case dk_multiply: return a * b;
    case dk_divide: return a / b;
    case dk_power: return dk_f_power(a, b);
    case dk_modulo: return dk_f_modulo(a, b);
    case dk_minimum: return dk_f_minimum(a, b);
    case dk_maximum: return dk_f_maximum(a, b);
    case dk_less: return a < b;
    case dk_less_or_equal: return a <= b;
    case dk_greater: return a > b;
    case dk_greater_or_equal: return a >= b;
    case dk_equal: return a == b;
    case dk_not_equal: return a != b;
    case dk_and: return a != 0 && b != 0;
    case dk_or: return a != 0 || b != 0;
    case dk_select: return a != 0 ? b : c;
    case dk_negate: return -a;
    case dk_not: return a == 0;
    case dk_absolute: return fabs(a);
    case dk_sign: return dk_f_sign(a);
    case dk_square: return a * a;
    case dk_square_root: return sqrt(a);
    case dk_reciprocal: return 1 / a;
    case dk_exp: return exp(a);
    case dk_log: return log(a);
    case dk_log1p: return log1p(a);
    case dk_expm1: return expm1(a);
    case dk_sin: return sin(a);
    case dk_cos: return cos(a);
    case dk_tan: return tan(a);
    case dk_tanh: return tanh(a);
    case dk_erf: return erf(a);
    case dk_floor: return floor(a);
    case dk_ceil: return ceil(a);
    case dk_round: return rint(a);
    case dk_sigmoid: return dk_f_sigmoid(a);
    case dk_softplus: return dk_f_softplus(a);
    case dk_round_to_float: return (double)(float)a;
    case dk_relu: return dk_f_relu(a);
    default: return NAN;
  }
}

#define FUNCTION(name, value) \
  static double call_##name(double a, double b) { (void)b; return (value); }
FUNCTION(power, dk_f_power(a, b))
FUNCTION(modulo, dk_f_modulo(a, b))
FUNCTION(exp, exp(a))
FUNCTION(log, log(a))
FUNCTION(log1p, log1p(a))
FUNCTION(expm1, expm1(a))
FUNCTION(sin, sin(a))
FUNCTION(cos, cos(a))
FUNCTION(tan, tan(a))
FUNCTION(tanh, tanh(a))
FUNCTION(erf, erf(a))
FUNCTION(sigmoid, dk_f_sigmoid(a))
FUNCTION(softplus, dk_f_softplus(a))

dk_function dk_scalar_function(int opcode) {
  switch (opcode) {
    case dk_power: return call_power;
    case dk_modulo: return call_modulo;
    case dk_exp: return call_exp;
    case dk_log: return call_log;
    case dk_log1p: return call_log1p;
    case dk_expm1: return call_expm1;
    case dk_sin: return call_sin;
    case dk_cos: return call_cos;
    case dk_tan: return call_tan;
    case dk_tanh: return call_tanh;
    case dk_erf: return call_erf;
    case dk_sigmoid: return call_sigmoid;
    case dk_softplus: return call_softplus;
    default: return 0;
  }
}
