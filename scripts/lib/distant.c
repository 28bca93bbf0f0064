// distant MILLISECONDS COMMAND...
//
// Runs a command as if the server were far away: everything takes MILLISECONDS more, each way. Prints
// how many round trips there were, those of connecting included, and the wall-clock time in
// milliseconds. The server is the one that PGHOST (a folder) and PGPORT name; the command is given
// another PGHOST, PGPORT and DATABASE_URL. Its output is dropped. Used by scripts/bench.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// What was read and may not be passed on yet.
typedef struct Chunk {
  struct Chunk *next;
  double due;
  size_t size;
  char bytes[65536];
} Chunk;

// One direction of a connection; whoever closes is heard of as late as what they say.
typedef struct {
  int from, to, is_open;
  Chunk *first, *last;
} Stream;

static Stream streams[64];  // in pairs: client to server, server to client
static int stream_count, round_trips, client_spoke_last;
static double delay;

static void fail(const char *what) {
  perror(what);
  exit(2);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static int connect_to_server(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const char *folder = getenv("PGHOST"), *port = getenv("PGPORT");
  snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.%s", folder ? folder : "/tmp",
           port ? port : "5432");
  int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(server, (struct sockaddr *)&address, sizeof address) < 0) fail(address.sun_path);
  return server;
}

static void accept_client(int listener) {
  int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC), on = 1, server = connect_to_server();
  if (client < 0 || stream_count + 2 > 64) fail("accept");
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  streams[stream_count++] = (Stream){client, server, 1, NULL, NULL};
  streams[stream_count++] = (Stream){server, client, 1, NULL, NULL};
}

static void read_from(Stream *stream, int is_client) {
  Chunk *chunk = malloc(sizeof *chunk);
  if (!chunk) fail("memory");
  ssize_t size = read(stream->from, chunk->bytes, sizeof chunk->bytes);
  chunk->next = NULL;
  chunk->due = now() + delay;
  chunk->size = size > 0 ? size : 0;
  if (size <= 0) stream->is_open = 0;
  // An answer after a question, however many pieces they come in.
  if (size > 0 && !is_client && client_spoke_last) round_trips++;
  if (size > 0) client_spoke_last = is_client;
  if (stream->last) stream->last->next = chunk; else stream->first = chunk;
  stream->last = chunk;
}

static void pass_on(Stream *stream) {
  for (Chunk *chunk; (chunk = stream->first) && chunk->due <= now();) {
    if (chunk->size == 0) shutdown(stream->to, SHUT_WR);
    for (size_t sent = 0; sent < chunk->size;) {
      ssize_t count = send(stream->to, chunk->bytes + sent, chunk->size - sent, MSG_NOSIGNAL);
      if (count <= 0) break;
      sent += count;
    }
    stream->first = chunk->next;
    if (!stream->first) stream->last = NULL;
    free(chunk);
  }
}

static void set_environment(int port) {
  const char *database = getenv("PGDATABASE"), *user = getenv("PGUSER");
  char number[16], url[512];
  snprintf(number, sizeof number, "%d", port);
  snprintf(url, sizeof url, "postgresql://%s@127.0.0.1:%d/%s", user, port, database);
  setenv("PGHOST", "127.0.0.1", 1);
  setenv("PGPORT", number, 1);
  setenv("DATABASE_URL", url, 1);
}

int main(int argc, char **argv) {
  if (argc < 3) return fprintf(stderr, "usage: distant MILLISECONDS COMMAND...\n"), 2;
  delay = atof(argv[1]);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), status;
  if (bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 8) < 0
      || getsockname(listener, (struct sockaddr *)&address, &length) < 0)
    fail("listen");

  double start = now();
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, 0);
    dup2(nothing, 1);
    set_environment(ntohs(address.sin_port));
    execvp(argv[2], argv + 2);
    fail(argv[2]);
  }
  while (waitpid(child, &status, WNOHANG) == 0) {
    struct pollfd wanted[65] = {{listener, POLLIN, 0}};
    double due = now() + 5;  // the child's end is looked for as often
    for (int i = 0; i < stream_count; i++) {
      wanted[i + 1] = (struct pollfd){streams[i].is_open ? streams[i].from : -1, POLLIN, 0};
      if (streams[i].first && streams[i].first->due < due) due = streams[i].first->due;
    }
    double patience = due - now();
    struct timespec timeout = {0, patience > 0 ? (long)(patience * 1e6) : 0};
    int count = stream_count;
    if (ppoll(wanted, count + 1, &timeout, NULL) < 0) fail("poll");
    for (int i = 0; i < count; i++) {
      if (wanted[i + 1].revents) read_from(streams + i, i % 2 == 0);
      pass_on(streams + i);
    }
    if (wanted[0].revents) accept_client(listener);
  }
  double end = now();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fprintf(stderr, "distant: '%s' failed\n", argv[2]), 2;
  printf("%d %.1f\n", round_trips, end - start);
  return 0;
}
