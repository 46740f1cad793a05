// A command of many small ones, for tests of runCommand: `tool <name> [argument]…`.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// Standard input to standard output.
static int cat(void) {
  char buffer[4096];
  ssize_t length;
  while ((length = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
    if (write(STDOUT_FILENO, buffer, (size_t)length) != length) return 1;
  }
  return length < 0 ? errno : 0;
}

// Asks for a name and greets it, line by line, until the input ends.
static int greet(void) {
  char name[256];
  for (;;) {
    printf("name? ");
    fflush(stdout);
    if (fgets(name, sizeof name, stdin) == NULL) break;
    name[strcspn(name, "\n")] = 0;
    printf("hello %s\n", name);
  }
  printf("bye\n");
  return 0;
}

// A file's contents, or the error, to standard output.
static int show(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return 1;
  }
  for (int character; (character = getc(file)) != EOF;) putchar(character);
  return fclose(file);
}

static int save(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  if (file == NULL) return errno;
  fputs(text, file);
  return fclose(file);
}

// The time before and after a sleep of a second, and some randomness.
static int world(void) {
  struct timespec before, after, second = {1, 0};
  unsigned random;
  clock_gettime(CLOCK_REALTIME, &before);
  nanosleep(&second, NULL);
  clock_gettime(CLOCK_REALTIME, &after);
  getentropy(&random, sizeof random);
  printf("%lld.%09ld %lld.%09ld %08x\n", (long long)before.tv_sec, before.tv_nsec,
         (long long)after.tv_sec, after.tv_nsec, random);
  return 0;
}

static int flood(long bytes) {
  for (; bytes > 0; bytes--) putchar('x');
  return 0;
}

int main(int count, char **arguments) {
  const char *name = count > 1 ? arguments[1] : "";
  const char *first = count > 2 ? arguments[2] : "";
  const char *second = count > 3 ? arguments[3] : "";
  if (strcmp(name, "cat") == 0) return cat();
  if (strcmp(name, "greet") == 0) return greet();
  if (strcmp(name, "show") == 0) return show(first);
  if (strcmp(name, "save") == 0) return save(first, second);
  if (strcmp(name, "env") == 0) return puts(getenv(first) ? getenv(first) : "(not set)") < 0;
  if (strcmp(name, "exit") == 0) exit(atoi(first));
  if (strcmp(name, "world") == 0) return world();
  if (strcmp(name, "flood") == 0) return flood(atol(first));
  if (strcmp(name, "sleep") == 0) return sleep((unsigned)atoi(first));
  if (strcmp(name, "abort") == 0) abort();
  if (strcmp(name, "spin") == 0) for (volatile int turns = 0;; turns++) {}
  fprintf(stderr, "no such command: %s\n", name);
  return 64;
}
