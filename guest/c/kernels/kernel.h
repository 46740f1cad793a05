/* What compute kernels share. Each is a guest function `fn name(rounds: u32) -> u32`: it does the same
 * work `rounds` times and answers with a digest of what it computed, which must not depend on how the
 * module was rewritten. */
#ifndef CLOCHE_KERNEL_H
#define CLOCHE_KERNEL_H

#include "plugin.h"

#define KERNEL(name)                                                        \
  static uint32_t kernel_##name(uint32_t rounds);                           \
  PLUGIN_EXPORT(name, arguments, result) {                                  \
    plugin_write_u32(result, kernel_##name(plugin_read_u32(arguments)));    \
  }                                                                         \
  static uint32_t kernel_##name(uint32_t rounds)

/* The next of a row of numbers that look random; the first is to be given, and not 0. */
static inline uint32_t next_random(uint32_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

static inline uint32_t digest_f64(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (uint32_t)(bits ^ bits >> 32);
}

#endif
