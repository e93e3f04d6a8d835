// A few threads that help with long loops. They are started when first needed, kept for good, look
// for the next loop for a moment and then sleep. There is one team in the process; a loop that finds
// it busy runs on its own thread alone, with the same result.

#include "threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "program.h"

#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define PAUSE() __asm__ volatile("yield")
#else
#define PAUSE() ((void)0)
#endif

/// How often a helper looks for the next loop before it sleeps: some tens of microseconds, so that
/// loops in quick succession need no waking and an idle prompt costs nothing.
enum { looks = 4000 };

static struct {
  pthread_mutex_t busy, lock;
  pthread_cond_t wake;
  int started;
  /// The number of the latest loop; 0 in `open` when there is none to help with.
  _Atomic uint64_t turn, open;
  _Atomic int sleeping, active;
  /// The first element that nobody has taken yet.
  _Atomic int64_t next;
  dk_loop loop;
  void *context;
  int threads;
  int64_t count, share;
} team = {.busy = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER,
          .wake = PTHREAD_COND_INITIALIZER};

int dk_processor_count(void) {
  const long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : (int)count;
}

static void work(int thread) {
  for (;;) {
    const int64_t from = atomic_fetch_add_explicit(&team.next, team.share, memory_order_relaxed);
    if (from >= team.count) return;
    const int64_t to = team.count - from < team.share ? team.count : from + team.share;
    team.loop(team.context, thread, from, to);
  }
}

static void *help(void *argument) {
  const int thread = (int)(intptr_t)argument;
  uint64_t seen = 0;
  for (;;) {
    int i = 0;
    while (atomic_load_explicit(&team.turn, memory_order_acquire) == seen) {
      PAUSE();
      if (++i < looks) continue;
      pthread_mutex_lock(&team.lock);
      atomic_fetch_add(&team.sleeping, 1);
      while (atomic_load(&team.turn) == seen) pthread_cond_wait(&team.wake, &team.lock);
      atomic_fetch_sub(&team.sleeping, 1);
      pthread_mutex_unlock(&team.lock);
    }
    seen = atomic_load(&team.turn);
    // Who comes too late finds the loop closed and leaves its data alone; who is in time is waited
    // for.
    atomic_fetch_add(&team.active, 1);
    if (atomic_load(&team.open) == seen && thread < team.threads) work(thread);
    atomic_fetch_sub_explicit(&team.active, 1, memory_order_release);
  }
  return NULL;
}

/// Starts helpers as far as possible; called with the team held.
static void start(int helpers) {
  while (team.started < helpers) {
    pthread_t thread;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    const int failed =
        pthread_create(&thread, &attributes, help, (void *)(intptr_t)(team.started + 1));
    pthread_attr_destroy(&attributes);
    if (failed) return;
    team.started++;
  }
}

void dk_share_out(dk_loop loop, void *context, int threads, int64_t count, int64_t grain) {
  if (threads > dk_maximum_threads) threads = dk_maximum_threads;
  if (threads < 2 || pthread_mutex_trylock(&team.busy) != 0) {
    loop(context, 0, 0, count);
    return;
  }
  start(threads - 1);
  team.loop = loop;
  team.context = context;
  team.threads = threads;
  team.count = count;
  // Several shares a thread, so that one that is held up costs little.
  const int64_t share = (count / (threads * 4) + grain - 1) / grain * grain;
  team.share = share < grain ? grain : share;
  atomic_store_explicit(&team.next, 0, memory_order_relaxed);
  const uint64_t turn = atomic_load_explicit(&team.turn, memory_order_relaxed) + 1;
  atomic_store(&team.open, turn);
  atomic_store(&team.turn, turn);
  if (atomic_load(&team.sleeping) > 0) {
    pthread_mutex_lock(&team.lock);
    pthread_cond_broadcast(&team.wake);
    pthread_mutex_unlock(&team.lock);
  }
  work(0);
  atomic_store(&team.open, 0);
  for (int i = 0; atomic_load(&team.active) > 0; i++) {
    if (i < looks) PAUSE();
    else sched_yield();
  }
  pthread_mutex_unlock(&team.busy);
}
