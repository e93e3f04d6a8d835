// How long a command takes from being started to having ended, and the memory it used at most: the
// best of 200 runs, or of as many as RUNS says. Its output is thrown away.

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: start_up name command arguments…\n");
    return 2;
  }
  double best = 1e9;
  long memory = 0;
  int status = 0;
  const char *runs = getenv("RUNS");
  const int most = runs ? atoi(runs) : 200;
  for (int i = 0; i < most; i++) {
    double start = seconds();
    pid_t child = vfork();
    if (child == 0) {
      int nowhere = open("/dev/null", O_RDWR);
      dup2(nowhere, 0);
      dup2(nowhere, 1);
      execvp(arguments[2], arguments + 2);
      _exit(127);
    }
    struct rusage usage;
    wait4(child, &status, 0, &usage);
    double spent = seconds() - start;
    if (spent < best) best = spent;
    if (i == 0 || usage.ru_maxrss < memory) memory = usage.ru_maxrss;
  }
  printf("%s %.6g %ld\n", arguments[1], best * 1e9, memory);
  return status != 0;
}
