// Checks, told as lines: "ok <sentence>" or "not ok <sentence>: <found>, expected <wanted>". The last
// line counts them, and the exit code is the number of those that failed.

#pragma once
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "wasi.h"

static int checks, failures;

static void report(bool passed, const char *sentence) {
  checks++;
  if (!passed) failures++;
  printf("%s %s", passed ? "ok" : "not ok", sentence);
}

// A number is the wanted one.
static inline void is(const char *sentence, int64_t found, int64_t wanted) {
  report(found == wanted, sentence);
  if (found != wanted) printf(": %lld, expected %lld", (long long)found, (long long)wanted);
  puts("");
}

// A condition holds.
static inline void holds(const char *sentence, bool found) { is(sentence, found, true); }

// A call answers with the wanted error number.
static inline void gives(const char *sentence, int found, int wanted) {
  report(found == wanted, sentence);
  if (found != wanted) printf(": %s (%d), expected %s (%d)", strerror(found), found, strerror(wanted), wanted);
  puts("");
}

// A call succeeds.
static inline void works(const char *sentence, int found) { gives(sentence, found, 0); }

// So many bytes are the wanted ones.
static inline void is_text(const char *sentence, const void *found, uint32_t length, const char *wanted) {
  bool same = length == strlen(wanted) && memcmp(found, wanted, length) == 0;
  report(same, sentence);
  if (!same) printf(": \"%.*s\", expected \"%s\"", (int)length, (const char *)found, wanted);
  puts("");
}

static inline int finish(void) {
  printf("%d checks, %d failed\n", checks, failures);
  return failures;
}
