// The numeric kernels of Descent: plain C, no state, no allocation.

#ifndef DESCENT_KERNELS_H
#define DESCENT_KERNELS_H

/// The scalar functions, in the order of Swift's `Opcode`.
enum dk_opcode {
  dk_add, dk_subtract, dk_multiply, dk_divide, dk_power, dk_modulo, dk_minimum, dk_maximum,
  dk_less, dk_less_or_equal, dk_greater, dk_greater_or_equal, dk_equal, dk_not_equal, dk_and, dk_or,
  dk_select,
  dk_negate, dk_not, dk_absolute, dk_sign, dk_square, dk_square_root, dk_reciprocal,
  dk_exp, dk_log, dk_log1p, dk_expm1, dk_sin, dk_cos, dk_tan, dk_tanh, dk_erf,
  dk_floor, dk_ceil, dk_round,
  dk_sigmoid, dk_softplus,
  dk_round_to_float,
  dk_relu,
  dk_opcode_count
};

/// One scalar function applied once; unused operands are ignored. This is the definition that every
/// faster loop must agree with, bit for bit.
double dk_apply(int opcode, double a, double b, double c);

#endif
