// usage COMMAND...
//
// Runs a command and prints its wall-clock time in seconds and its peak memory in MiB. Its output is
// dropped; a command that fails is an error. Used by scripts/bench.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

int main(int argc, char **argv) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);

  struct timespec start, end;
  struct rusage used;
  pid_t child;
  int status;
  clock_gettime(CLOCK_MONOTONIC, &start);
  if (argc < 2 || posix_spawnp(&child, argv[1], &actions, NULL, argv + 1, environ) != 0) {
    fprintf(stderr, "usage: cannot run '%s'\n", argc < 2 ? "" : argv[1]);
    return 2;
  }
  if (wait4(child, &status, 0, &used) < 0) return 2;
  clock_gettime(CLOCK_MONOTONIC, &end);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fprintf(stderr, "usage: '%s' failed\n", argv[1]);
    return 2;
  }
  // ru_maxrss is in KiB (getrusage(2)).
  printf("%.4f %ld\n", (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9,
         used.ru_maxrss / 1024);
  return 0;
}
