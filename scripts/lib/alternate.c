// alternate RUNS WARM-UPS COMMAND... -- COMMAND...
//
// Runs two commands in turn and prints the medians of their wall-clock times in microseconds. "{}"
// in an argument becomes the run's number, which starts at 1 and counts warm-ups too. Their output
// is dropped; a command that fails ends everything. Used by scripts/bench: a shell's own fork would
// cost as much as what is measured here.
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static void fail(const char *what) {
  fprintf(stderr, "alternate: %s\n", what);
  exit(2);
}

static char *numbered(const char *argument, int run) {
  const char *place = strstr(argument, "{}");
  char *result;
  if (!place) return strdup(argument);
  if (asprintf(&result, "%.*s%d%s", (int)(place - argument), argument, run, place + 2) < 0)
    fail("out of memory");
  return result;
}

static double microseconds(char **command, int count, int run) {
  char **arguments = calloc(count + 1, sizeof *arguments);
  for (int i = 0; i < count; i++) arguments[i] = numbered(command[i], run);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);

  struct timespec start, end;
  pid_t child;
  int status;
  clock_gettime(CLOCK_MONOTONIC, &start);
  if (posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ) != 0)
    fail(arguments[0]);
  if (waitpid(child, &status, 0) < 0 || status != 0) fail("a command failed");
  clock_gettime(CLOCK_MONOTONIC, &end);

  posix_spawn_file_actions_destroy(&actions);
  for (int i = 0; i < count; i++) free(arguments[i]);
  free(arguments);
  return (end.tv_sec - start.tv_sec) * 1e6 + (end.tv_nsec - start.tv_nsec) / 1e3;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *times, int count) {
  qsort(times, count, sizeof *times, ascending);
  return count % 2 ? times[count / 2] : (times[count / 2 - 1] + times[count / 2]) / 2;
}

int main(int argc, char **argv) {
  int second = 0;
  for (int i = 3; i < argc && !second; i++)
    if (strcmp(argv[i], "--") == 0) second = i + 1;
  if (!second || second == argc || second == 4) fail("two commands are needed");

  int runs = atoi(argv[1]), warm_ups = atoi(argv[2]);
  if (runs < 1 || warm_ups < 0) fail("RUNS must be at least 1");
  double *a = calloc(runs, sizeof *a), *b = calloc(runs, sizeof *b);
  for (int run = -warm_ups; run < runs; run++) {
    int number = run + warm_ups + 1;
    double time_a = microseconds(argv + 3, second - 1 - 3, number);
    double time_b = microseconds(argv + second, argc - second, number);
    if (run < 0) continue;
    a[run] = time_a;
    b[run] = time_b;
  }
  printf("%.0f %.0f\n", median(a, runs), median(b, runs));
  return 0;
}
