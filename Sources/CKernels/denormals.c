// The processor's flush-to-zero mode, for float32 programs only: arithmetic on denormal numbers is
// many times slower, and no training result depends on them.

#include "kernels.h"

#if defined(__x86_64__)
#include <xmmintrin.h>

uint64_t dk_flush_denormals(void) {
  unsigned mode = _mm_getcsr();
  _mm_setcsr(mode | 0x8040);  // flush results, and read denormals as 0
  return mode;
}

void dk_restore_denormals(uint64_t mode) { _mm_setcsr((unsigned)mode); }

#elif defined(__aarch64__)

uint64_t dk_flush_denormals(void) {
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1u << 24)));
  return mode;
}

void dk_restore_denormals(uint64_t mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }

#else

uint64_t dk_flush_denormals(void) { return 0; }
void dk_restore_denormals(uint64_t mode) { (void)mode; }

#endif
