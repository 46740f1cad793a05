#include <stdint.h>

/* Traps unless there is some length. */
__attribute__((noinline)) void fall(const volatile char *row, uint32_t length) {
  if (length == 0) {
    __builtin_trap();
  }
  (void)row[length];
}
