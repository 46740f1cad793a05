/* A plugin that means ill. Each function is an attack, and the host survives all of them. */

#include "plugin.h"

#include <stdio.h>

PLUGIN_SCHEMA("/// Never returns.\n"
              "fn loop_forever();")
PLUGIN_EXPORT(loop_forever, arguments, result) {
  (void)arguments;
  (void)result;
  volatile bool is_endless = true;
  while (is_endless) {
  }
}

PLUGIN_SCHEMA("/// Takes memory until there is no more, and returns how many bytes it got.\n"
              "fn take_memory() -> u64;")
PLUGIN_EXPORT(take_memory, arguments, result) {
  (void)arguments;
  enum { PAGE_BYTES = 65536, STEP_PAGES = 16 };
  uint64_t taken = 0;
  for (;;) {
    size_t page = __builtin_wasm_memory_grow(0, STEP_PAGES);
    if (page == SIZE_MAX) break;
    /* Memory that nobody writes may cost nothing. */
    for (size_t step = 0; step < STEP_PAGES; step += 1) *(volatile char *)((page + step) * PAGE_BYTES) = 1;
    taken += (uint64_t)STEP_PAGES * PAGE_BYTES;
  }
  plugin_write_u64(result, taken);
}

/* A call within its own argument: no loop can replace the recursion. */
static uint64_t descend(uint64_t depth) {
  return depth == UINT64_MAX ? depth : descend(descend(depth + 1) ^ depth);
}

PLUGIN_SCHEMA("/// Calls itself without an end.\n"
              "fn overflow_stack() -> u64;")
PLUGIN_EXPORT(overflow_stack, arguments, result) {
  (void)arguments;
  plugin_write_u64(result, descend(0));
}

PLUGIN_SCHEMA("/// Returns a buffer that is not in its memory, to read what lies behind it.\n"
              "fn forge_buffer() -> bytes;")
__attribute__((export_name("__forge_buffer"))) uint64_t forge_buffer(uint64_t arguments);
uint64_t forge_buffer(uint64_t arguments) {
  (void)arguments;
  const uint64_t address = 0xfffffff0, length = 0x1000;
  return address << 32 | length;
}

PLUGIN_SCHEMA("/// Returns text that claims to be 4 GB long.\n"
              "fn forge_length() -> string;")
PLUGIN_EXPORT(forge_length, arguments, result) {
  (void)arguments;
  plugin_write_u64(result, 0xffffffff);
}

PLUGIN_SCHEMA("/// Prints without an end.\n"
              "fn flood_output();")
PLUGIN_EXPORT(flood_output, arguments, result) {
  (void)arguments;
  (void)result;
  for (uint64_t line = 1;; line += 1) printf("line %llu of a flood\n", (unsigned long long)line);
}
