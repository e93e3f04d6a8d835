// The interpreter of scalar code: straight-line programs on an array of doubles, threaded by
// computed jumps. It checks nothing; the compiler that wrote the code has.

#include "kernels.h"
#include "scalar.h"

static const void *const *dk_handlers(const struct dk_code *code, struct dk_machine *machine) {
#define OPERATIONS(X) \
  X(dk_add, x + y) \
  X(dk_subtract, x - y) \
  X(dk_multiply, x * y) \
  X(dk_divide, x / y) \
  X(dk_power, dk_f_power(x, y)) \
  X(dk_modulo, dk_f_modulo(x, y)) \
  X(dk_minimum, dk_f_minimum(x, y)) \
  X(dk_maximum, dk_f_maximum(x, y)) \
  X(dk_less, x < y) \
  X(dk_less_or_equal, x <= y) \
  X(dk_greater, x > y) \
  X(dk_greater_or_equal, x >= y) \
  X(dk_equal, x == y) \
  X(dk_not_equal, x != y) \
  X(dk_and, x != 0 && y != 0) \
  X(dk_or, x != 0 || y != 0) \
  X(dk_select, x != 0 ? y : r[ip->c]) \
  X(dk_negate, -x) \
  X(dk_not, x == 0) \
  X(dk_absolute, fabs(x)) \
  X(dk_sign, dk_f_sign(x)) \
  X(dk_square, x * x) \
  X(dk_square_root, sqrt(x)) \
  X(dk_reciprocal, 1 / x) \
  X(dk_exp, exp(x)) \
  X(dk_log, log(x)) \
  X(dk_log1p, log1p(x)) \
  X(dk_expm1, expm1(x)) \
  X(dk_sin, sin(x)) \
  X(dk_cos, cos(x)) \
  X(dk_tan, tan(x)) \
  X(dk_tanh, tanh(x)) \
  X(dk_erf, erf(x)) \
  X(dk_floor, floor(x)) \
  X(dk_ceil, ceil(x)) \
  X(dk_round, rint(x)) \
  X(dk_sigmoid, dk_f_sigmoid(x)) \
  X(dk_softplus, dk_f_softplus(x)) \
  X(dk_round_to_float, (float)x) \
  X(dk_relu, dk_f_relu(x)) \
  X(dk_move, x)

#define LABEL(name, value) [name] = &&do_##name, [dk_scalar_count + name] = &&do_##name##_rounded,
#define PLAIN(name) [name] = &&do_##name
  static const void *const handlers[2 * dk_scalar_count] = {
    OPERATIONS(LABEL)
    PLAIN(dk_load64), PLAIN(dk_load32),
    PLAIN(dk_guard), PLAIN(dk_stop), PLAIN(dk_next),
    PLAIN(dk_multiply_add), PLAIN(dk_multiply_subtract), PLAIN(dk_subtract_multiply),
    PLAIN(dk_multiply_add_multiply), PLAIN(dk_multiply_multiply), PLAIN(dk_multiply_add_square),
    PLAIN(dk_root_add), PLAIN(dk_ratio_root), PLAIN(dk_step_ratio_root),
  };
  if (!code) return handlers;

  const struct dk_code *ip = code;
  double *const r = machine->registers;
#define JUMP goto *(void *)ip->handler
#define NEXT do { ip++; JUMP; } while (0)
  JUMP;

#define CARRY_OUT(name, value) \
  do_##name: { double x = r[ip->a], y = r[ip->b]; (void)y; r[ip->d] = (value); NEXT; } \
  do_##name##_rounded: { \
    double x = r[ip->a], y = r[ip->b]; (void)y; r[ip->d] = (double)(float)(value); NEXT; }
  OPERATIONS(CARRY_OUT)

  do_dk_load64: r[ip->d] = ((const double *)machine->buffers[ip->a])[ip->b]; NEXT;
  do_dk_load32: r[ip->d] = (double)((const float *)machine->buffers[ip->a])[ip->b]; NEXT;
  do_dk_guard: if (!isfinite(r[ip->a])) machine->notes |= dk_note_not_finite; NEXT;
  do_dk_stop: if (r[ip->a] != 0) machine->notes |= dk_note_stop; NEXT;
  do_dk_next:
    if (--machine->remaining > 0 && !machine->notes) {
      ip = code;
      JUMP;
    }
    return NULL;
  do_dk_multiply_add: r[ip->d] = r[ip->a] * r[ip->b] + r[ip->c]; NEXT;
  do_dk_multiply_subtract: r[ip->d] = r[ip->a] * r[ip->b] - r[ip->c]; NEXT;
  do_dk_subtract_multiply: r[ip->d] = r[ip->c] - r[ip->a] * r[ip->b]; NEXT;
  do_dk_multiply_add_multiply:
    r[ip->d] = r[ip->a] * r[ip->b] + r[ip->c] * r[ip->e];
    NEXT;
  do_dk_multiply_multiply: r[ip->d] = (r[ip->a] * r[ip->b]) * r[ip->c]; NEXT;
  do_dk_multiply_add_square: {
    double x = r[ip->e];
    r[ip->d] = r[ip->a] * r[ip->b] + r[ip->c] * (x * x);
    NEXT;
  }
  do_dk_root_add: r[ip->d] = sqrt(r[ip->a]) + r[ip->b]; NEXT;
  do_dk_ratio_root:
    r[ip->d] = (r[ip->a] * r[ip->b]) / (sqrt(r[ip->c]) + r[ip->e]);
    NEXT;
  do_dk_step_ratio_root:
    r[ip->d] = r[ip->f] - (r[ip->a] * r[ip->b]) / (sqrt(r[ip->c]) + r[ip->e]);
    NEXT;
}

const void *dk_scalar_handler(int operation, int rounds) {
  const void *const *handlers = dk_handlers(NULL, NULL);
  const void *rounding = rounds ? handlers[dk_scalar_count + operation] : NULL;
  return rounding ? rounding : handlers[operation];
}

void dk_scalar_run(const struct dk_code *code, struct dk_machine *machine) {
  dk_handlers(code, machine);
}
