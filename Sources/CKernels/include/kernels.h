// The numeric kernels of Descent: plain C, no allocation, no state but the pool of threads.

#ifndef DESCENT_KERNELS_H
#define DESCENT_KERNELS_H

#include <stddef.h>
#include <stdint.h>

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

/// The same as a function of two operands, for machine code to call; NULL for what has no function
/// of its own.
typedef double (*dk_function)(double a, double b);
dk_function dk_scalar_function(int opcode);

/// Makes this thread treat float numbers below the normal range as 0; gives the mode to go back to.
uint64_t dk_flush_denormals(void);
void dk_restore_denormals(uint64_t mode);

// MARK: - Code on registers

/// What else the interpreter of scalar code can do; numbered after the opcodes.
enum dk_extra {
  dk_move = dk_opcode_count,
  /// d = element b of buffer a; the buffer holds doubles or floats.
  dk_load64, dk_load32,
  /// Notes that a is NaN or infinite; that a is not 0.
  dk_guard, dk_stop,
  /// Ends an iteration: begins the next one, or returns when a note was made or none is left.
  dk_next,
  // Several operations in one, each still rounded by itself.
  dk_multiply_add,       // a·b + c
  dk_multiply_subtract,  // a·b - c
  dk_subtract_multiply,  // c - a·b
  dk_multiply_add_multiply,  // a·b + c·e
  dk_multiply_multiply,      // (a·b)·c
  dk_multiply_add_square,    // a·b + c·(e·e)
  dk_root_add,               // √a + b
  dk_ratio_root,             // (a·b) / (√c + e)
  dk_step_ratio_root,        // f - (a·b) / (√c + e)
  dk_step_ratios_root,       // f - (a·(b/g)) / (√(c/h) + e); on blocks only
  dk_scalar_count
};

/// One instruction: where it is carried out, then the registers it works on.
struct dk_code {
  const void *handler;
  uint32_t d, a, b, c, e, f;
};

enum dk_note { dk_note_not_finite = 1, dk_note_stop = 2, dk_note_interrupted = 4 };

struct dk_machine {
  double *registers;
  /// The buffers of the program; steps name them by number, since carries exchange them.
  void **buffers;
  /// Iterations still to do; counted down by `dk_next`.
  int64_t remaining;
  /// What guards and stops noted in the present iteration.
  uint32_t notes;
};

/// The handler of an operation; `rounds` asks for the one that rounds its result to float32.
const void *dk_scalar_handler(int operation, int rounds);

/// Carries out code until `dk_next` ends it.
void dk_scalar_run(const struct dk_code *code, struct dk_machine *machine);

#endif
