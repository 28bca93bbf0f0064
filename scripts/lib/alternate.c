// alternate RUNS WARM-UPS COMMAND... [-- COMMAND...]...
//
// Runs commands in turn and prints the medians of their wall-clock times in microseconds. "{}" in an
// argument becomes the run's number, which starts at 1 and counts warm-ups too. Their output is
// dropped; a command that fails ends everything. Used by scripts/bench: a shell's own fork would cost
// as much as what is measured here.
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
  if (waitpid(child, &status, 0) < 0 || status != 0) {
    fprintf(stderr, "alternate: run %d failed:", run);
    for (int i = 0; i < count; i++) fprintf(stderr, " %s", arguments[i]);
    fprintf(stderr, "\n");
    exit(2);
  }
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
  if (argc < 4) fail("a command is needed");
  int runs = atoi(argv[1]), warm_ups = atoi(argv[2]);
  if (runs < 1 || warm_ups < 0) fail("RUNS must be at least 1");

  // Where each command begins, and behind the last the end.
  int *first = calloc(argc, sizeof *first), commands = 0;
  first[commands++] = 3;
  for (int i = 3; i < argc; i++)
    if (strcmp(argv[i], "--") == 0) first[commands++] = i + 1;
  first[commands] = argc + 1;
  double **times = calloc(commands, sizeof *times);
  for (int command = 0; command < commands; command++) {
    if (first[command + 1] - first[command] < 2) fail("a command is empty");
    times[command] = calloc(runs, sizeof **times);
  }

  for (int run = -warm_ups; run < runs; run++)
    for (int command = 0; command < commands; command++) {
      int words = first[command + 1] - 1 - first[command];
      double time = microseconds(argv + first[command], words, run + warm_ups + 1);
      if (run >= 0) times[command][run] = time;
    }
  for (int command = 0; command < commands; command++)
    printf("%s%.0f", command ? " " : "", median(times[command], runs));
  printf("\n");
  return 0;
}
