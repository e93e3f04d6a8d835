// Sharing a loop out among threads.

#ifndef DESCENT_THREADS_H
#define DESCENT_THREADS_H

#include <stdint.h>

typedef void (*dk_loop)(void *context, int thread, int64_t from, int64_t to);

enum { dk_maximum_threads = 8 };

/// Calls `loop` on the calling thread and up to `threads` - 1 others, each with its own part of
/// 0 ..< count; parts begin at multiples of `grain`. Returns when all is done.
void dk_share_out(dk_loop loop, void *context, int threads, int64_t count, int64_t grain);

#endif
